"""Going back in time by the command: runs, replay, as-of, archive verify, and accepting what a source says now."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.end_to_end.conftest import closed_network
from tests.end_to_end.place import Ended, Place
from tests.end_to_end.report_tables import published
from tests.end_to_end.services import kolada, scb
from tests.end_to_end.test_exit_status import live, paragraphs

pytestmark = pytest.mark.slow

LIVE = {"ETAPPMAL_SOURCE": "live"}
TODAY, BEFORE = date.today().isoformat(), "2024-01-01"  # noqa: DTZ011 - the command takes a day as people have it
REVISED = "N00590"


@dataclass
class Told:
    """A place after three live refreshes: as it was, with a revised value, and with the first value again."""

    place: Place
    ended: list[Ended] = field(default_factory=list)
    sums: list[bytes] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    again: Ended | None = None


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Live refreshes, whose servers are stopped when they are done. Not to be changed: copy the place."""
    found = Told(Place(tmp_path_factory.mktemp("told")))
    plan = found.place.edit_plan() / "plan.toml"
    with kolada() as one, scb() as other:
        cell = (pl.col("kpi") == REVISED) & (pl.col("municipality") == "0126") & (pl.col("gender") == "T")
        # The recording ends with 2022: the report's own year is added to it.
        newest = one.values.filter(cell & (pl.col("period") == 2022))
        own_year = newest.with_columns(period=pl.lit(2023, pl.Int64), value=pl.lit(85.0))
        first = pl.concat([one.values, own_year])
        revised = first.with_columns(
            value=pl.when(cell & (pl.col("period") == 2023)).then(12.5).otherwise("value"), changed=pl.lit("2999-01-01")
        )
        for values in (
            first.with_columns(changed=pl.lit("2020-01-01")),
            revised,
            first.with_columns(changed=pl.lit("2999-01-01")),
        ):
            one.values = values
            found.ended.append(found.place.run("refresh", settings=live((one, other))))
            found.sums.append((found.place.latest / "SHA256SUMS").read_bytes())
            (found.place.folder / f"revideringar_{len(found.sums)}.csv").write_bytes(
                (found.place.latest / "revideringar.csv").read_bytes()
            )
        one.kpis = [{**kpi, "title": f"{kpi['title']}, ny"} if kpi["id"] == REVISED else kpi for kpi in one.kpis]
        found.ended.append(found.place.run("refresh", settings=live((one, other))))
        before = plan.read_bytes()
        found.ended.append(found.place.run("accept", REVISED, settings=LIVE))
        (found.place.folder / "plan_before.toml").write_bytes(before)
        found.again = found.place.run("refresh", settings=live((one, other)))
    found.ids = [line.split()[0] for line in found.place.run("runs", settings=LIVE).out.splitlines()][::-1]
    return found


def test_a_revision_is_published_with_the_status_that_flipped(told: Told) -> None:
    assert [ended.status for ended in told.ended[:3]] == [0, 0, 0], [ended.err for ended in told.ended[:3]]
    rows = [
        pl.read_csv(told.place.folder / f"revideringar_{number}.csv", infer_schema=False)
        .select("kalla_id", "kommun_id", "ar", "typ", "efter", "status_fore", "status_efter")
        .rows()
        for number in (1, 2, 3)
    ]
    assert rows[0] == []
    (revision,) = rows[1]
    assert revision == (REVISED, "0126", "2023", "andrad", "12.5", "uppnatt", "ej_uppnatt")
    assert rows[2][0] == revision
    assert rows[2][1][-2:] == ("ej_uppnatt", "uppnatt")


def test_a_title_is_accepted_and_nothing_else_is_changed(told: Told) -> None:
    held, accepted = told.ended[3:]
    assert held.status == 5
    assert f"etappmal accept {REVISED}" in held.err
    assert accepted.status == 0, accepted.err
    assert told.again is not None
    assert told.again.status == 0, told.again.err
    before = (told.place.folder / "plan_before.toml").read_text(encoding="utf-8").splitlines()
    after = (told.place.plan / "plan.toml").read_text(encoding="utf-8").splitlines()
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 1
    assert differing[0][1].endswith(', ny"')


def test_runs_are_listed_one_a_line_the_newest_first(told: Told) -> None:
    lines = told.place.run("runs", settings=LIVE).out.splitlines()
    assert len(lines) == 5
    assert all(
        re.fullmatch(r"[0-9a-f-]{36}  \S+  live  2023-helar  (published|unchanged)  [0-9a-f]{16}", line)
        for line in lines
    )
    assert lines == sorted(lines, key=lambda line: line.split()[1], reverse=True)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_replay_publishes_the_same_bytes_without_a_network(told: Told, number: int, tmp_path: Path) -> None:
    notes = tmp_path / "network.txt"
    settings = {**LIVE, **closed_network(tmp_path / "watch", notes)}
    ended = told.place.run("replay", told.ids[number][:13], "--to", str(tmp_path / "again"), settings=settings)
    assert ended.status == 0, ended.err
    assert (tmp_path / "again" / "latest" / "SHA256SUMS").read_bytes() == told.sums[number]
    assert all(line.startswith("watching") for line in notes.read_text(encoding="utf-8").splitlines())


def test_a_run_that_is_not_there_is_wrong_use(told: Told, tmp_path: Path) -> None:
    ended = told.place.run("replay", "none", "--to", str(tmp_path / "again"), settings=LIVE)
    assert ended.status == 2
    assert "etappmal runs" in ended.err


def test_as_of_tells_what_was_known(told: Told) -> None:
    def source_statuses(day: str) -> dict[str, tuple[float | None, str | None]]:
        """What the sources gave each indicator by the end of a day."""
        ended = told.place.run("as-of", day, "--json", settings=LIVE)
        assert ended.status == 0, ended.err
        return {
            row["indikator_id"]: (row["utfall_kalla"], row["status_kalla"])
            for row in json.loads(ended.out)["indicators"]
        }

    (name,) = published(told.place.latest, "revideringar")["indikatorer"].unique()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert source_statuses(tomorrow)[name][1] == "uppnatt"
    assert set(source_statuses(BEFORE).values()) == {(None, None)}
    assert "lekplatser" in name or name in told.place.run("as-of", TODAY, settings=LIVE).out


def damaged(place: Place, path: str) -> Path:
    """Damage the first archived answer to a request whose path begins so; where it lies."""
    archive = place.home / "live" / "archive"
    lines = map(json.loads, (archive / "answers.jsonl").read_text(encoding="utf-8").splitlines())
    sha256 = next(line["sha256"] for line in lines if line["request"].startswith(path))
    found: Path = archive / "objects" / sha256[:2] / f"{sha256}.zst"
    found.chmod(0o644)
    found.write_bytes(b"damaged")
    return found


def test_damage_in_the_history_is_named_and_no_replay_goes_past_it(told: Told, tmp_path: Path) -> None:
    place = told.place.copy_to(tmp_path / "place")
    assert place.run("archive", "verify", settings=LIVE).status == 0
    data = damaged(place, "kolada GET /data")
    verified = place.run("archive", "verify", settings=LIVE)
    assert verified.status == 1
    assert data.stem in verified.err
    for run_id in told.ids[:2]:
        ended = place.run("replay", run_id, "--to", str(tmp_path / "again"), settings=LIVE)
        assert ended.status == 1
        assert any(data.name in said for said in paragraphs(ended.err))
        assert not (tmp_path / "again").exists()


def test_a_damaged_list_is_fetched_again_by_the_next_refresh(told: Told, tmp_path: Path) -> None:
    place = told.place.copy_to(tmp_path / "place")
    damaged(place, "kolada GET /municipality")
    with kolada() as one, scb() as other:
        one.values = one.values.with_columns(changed=pl.lit("2020-01-01"))
        one.kpis = [{**kpi, "title": f"{kpi['title']}, ny"} if kpi["id"] == REVISED else kpi for kpi in one.kpis]
        ended = place.run("refresh", settings=live((one, other)))
    assert ended.status == 0, ended.err
    assert place.run("archive", "verify", settings=LIVE).status == 0
