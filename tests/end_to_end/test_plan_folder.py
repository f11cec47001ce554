"""The command ``etappmal plan``: a folder that holds, and every fault of one that does not."""

import shutil

from tests.end_to_end.place import SHIPPED, Place, rewrite
from tests.end_to_end.test_exit_status import paragraphs


def test_the_shipped_plan_holds_and_nothing_is_written(place: Place) -> None:
    ended = place.run("plan", "check", str(SHIPPED))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Huddinge 2023-helar: 9 goals, ")
    assert "10 KPIs" in ended.out
    assert "; recorded answers" in ended.out
    assert list(place.folder.iterdir()) == []


def test_every_fault_of_the_files_is_told_at_once(place: Place) -> None:
    plan = place.edit_plan()
    rewrite(plan / "plan.toml", '\ndirection = "lagre_ar_battre"', '\ndirecton = "lagre_ar_battre"')
    rewrite(plan / "claims.toml", "[[claim]]", "[[claim")
    rewrite(plan / "lines.toml", "kind = ", "kjnd = ")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 2
    register, lines, claims = paragraphs(ended.err)
    assert register.startswith("plan.toml: goal 'trygghet_delaktighet' > indicator 'oro_brottslighet'")
    assert "did you mean 'direction'?" in register
    assert lines.startswith("lines.toml: ")
    assert claims.startswith("claims.toml: is not TOML")


def test_every_refused_extract_and_lost_answer_is_told_at_once(place: Place) -> None:
    plan = place.edit_plan()
    extracts = plan / "extracts"
    rewrite(extracts / "resultatrakning.csv", "71 966", "71x966")
    rewrite(extracts / "uppdrag.csv", "\tNej\tklart", "\tNej\tsnart")
    (extracts / "stickprov.csv").unlink()
    next((plan / "archive" / "objects").glob("*/*.zst")).write_bytes(b"")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 1
    told = paragraphs(ended.err)
    assert any(each.startswith("extracts/resultatrakning.csv, row 2, column 'Utfall helår'") for each in told)
    assert any(each.startswith("extracts/uppdrag.csv") and "is not one of" in each for each in told)
    assert any(each.startswith("extracts/stickprov.csv: there is no such file.") for each in told)
    assert any("the archived answer" in each for each in told)
    assert "Traceback" not in ended.err


def test_a_plan_without_recorded_answers_holds_and_says_what_to_set(place: Place) -> None:
    plan = place.edit_plan()
    shutil.rmtree(plan / "archive")
    ended = place.run("plan", "check", str(plan))
    assert (ended.status, ended.err) == (0, "")
    assert "set ETAPPMAL_SOURCE=live" in ended.out


def test_a_folder_that_is_no_plan_is_wrong_use(place: Place) -> None:
    ended = place.run("plan", "check", str(place.folder))
    assert ended.status == 2
    assert "plan.toml: there is no such file." in ended.err
