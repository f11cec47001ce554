"""What is published has been approved: the first time, and whenever a column or its level is another."""

import json
from dataclasses import replace

import pytest

from pipelines.plans.approving import to_publish
from sources.plan import load_plan
from tests.end_to_end.place import SHIPPED, Place, rewrite
from tests.end_to_end.test_exit_status import paragraphs

ANTAL = 'antal_anstallda = "'


@pytest.mark.slow
def test_a_plan_that_nobody_has_approved_is_not_published_until_somebody_does(place: Place) -> None:
    (place.edit_plan() / "approval.toml").unlink()
    refused = place.run("refresh")
    assert refused.status == 1
    told, remains = paragraphs(refused.err)
    assert told.startswith("approval: what is to be published waits for an approval; never approved: antal_anstallda,")
    assert "etappmal approve --as NAME" in told
    assert remains.startswith("Nothing was published")
    assert not place.public.exists()

    dry = place.run("refresh", "--dry-run")
    assert dry.status == 0, dry.err
    assert "this would not be published yet" in dry.err

    shown = place.run("approve")
    assert "antal_anstallda: new" in shown.out
    assert "varde: BIGINT, personer, öppen, räknar personer, minst 5" in shown.out
    assert not (place.home / "approvals.json").exists()

    approved = place.run("approve", "--as", "Informationssäkerhet")
    assert approved.status == 0, approved.err
    (record,) = json.loads((place.home / "approvals.json").read_text(encoding="utf-8"))
    assert (record["by"], record["municipality"]) == ("Informationssäkerhet", "0126")
    assert record["sha256"] in approved.out
    assert place.run("refresh").status == 0
    assert (place.latest / "malbedomning.csv").exists()


@pytest.mark.slow
def test_a_column_or_level_that_was_approved_otherwise_stops_the_refresh_and_is_told(refreshed: Place) -> None:
    before = refreshed.seen()
    home = refreshed.home / "approvals.json"
    records = json.loads(home.read_text(encoding="utf-8"))
    assert records[0]["by"].endswith("(approval.toml)")
    records[0]["datasets"]["antal_anstallda"]["varde"] = "BIGINT, personer, endast aggregat"
    records[0]["hashes"]["antal_anstallda"] = "0" * 16
    home.write_text(json.dumps(records), encoding="utf-8")
    plan = refreshed.edit_plan() / "approval.toml"
    line = next(each for each in plan.read_text(encoding="utf-8").splitlines() if each.startswith(ANTAL))
    rewrite(plan, line, f'{ANTAL}{"0" * 16}"')
    refused = refreshed.run("refresh")
    assert refused.status == 1
    changed = "varde was BIGINT, personer, endast aggregat and is BIGINT, personer, öppen, räknar personer, minst 5"
    assert f"changed: antal_anstallda ({changed})." in paragraphs(refused.err)[0]
    assert refreshed.seen() == before

    assert refreshed.run("approve", "--in-plan", "--as", "Nämnden").status == 0
    assert line in plan.read_text(encoding="utf-8")
    assert json.loads(refreshed.run("approve", "--json").out)["waiting"] == {}
    assert refreshed.run("refresh").status == 0


@pytest.mark.slow
def test_the_approval_of_another_municipality_s_plan_is_none(place: Place) -> None:
    plan = place.edit_plan()
    rewrite(plan / "plan.toml", 'id = "0126"\nname = "Huddinge"', 'id = "0127"\nname = "Botkyrka"')
    waiting = json.loads(place.run("approve", "--json").out)["waiting"]
    assert "malbedomning" in waiting


@pytest.mark.slow
def test_a_run_that_is_made_again_needs_no_approval(refreshed: Place) -> None:
    (refreshed.home / "approvals.json").unlink()
    (refreshed.edit_plan() / "approval.toml").unlink()
    run_id = refreshed.run("runs").out.split()[0]
    again = refreshed.run("replay", run_id, "--to", str(refreshed.folder / "again"))
    assert again.status == 0, again.err
    sums = (refreshed.folder / "again" / "latest" / "SHA256SUMS").read_bytes()
    assert sums == (refreshed.latest / "SHA256SUMS").read_bytes()


def test_an_approval_that_cannot_be_read_is_told(place: Place) -> None:
    rewrite(place.edit_plan() / "approval.toml", 'municipality = "0126"', 'municipality = "Huddinge"')
    ended = place.run("approve")
    assert ended.status == 2
    assert "approval.toml" in paragraphs(ended.err)[0]


def test_a_plan_that_says_nothing_of_areas_waits_for_none_of_their_tables() -> None:
    begun = load_plan(SHIPPED)
    without = replace(begun, register=begun.register.model_copy(update={"areas": None}))
    names = {declared.name for declared in to_publish(without)}
    assert {declared.name for declared in to_publish(begun)} - names >= {
        "omradesvarden",
        "omradesmatt",
        "spridningsmatt",
    }
    assert not any(name.startswith("omrades") or name == "spridningsmatt" for name in names)


def test_a_name_with_signs_that_are_not_seen_approves_nothing(place: Place) -> None:
    for name in ("Anna\u202e", "\x1b[2J", " "):
        ended = place.run("approve", "--as", name)
        assert ended.status == 2
        assert "--as holds nothing, or a sign that is not seen" in ended.err
        assert ended.err.replace("\n", "").isprintable()
    assert not place.home.exists()
