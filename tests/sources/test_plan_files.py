"""Reading a plan's files: faults among the lines, and files that are missing, damaged or outside the folder."""

import os
from pathlib import Path

import pytest

from tests.sources.plans import LINES, PLAN, changed, refused, written


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            'id = "resultat"',
            'id = "intakter"',
            ["lines.toml, resultatrakning", "id 'intakter' stands twice", "Give each row its own"],
            id="an id twice",
        ),
        pytest.param('label = "Resultat"', 'label = "Intäkter"', ["label 'Intäkter' stands twice"], id="a label twice"),
        pytest.param(
            'parent = "resultat"',
            'parent = "summa"',
            [
                "lines.toml, resultatrakning, 'intakter'",
                "parent 'summa' is not a row",
                "Write one of intakter, resultat",
            ],
            id="a parent that is no row",
        ),
        pytest.param(
            'kind = "post"',
            'kind = "rad"',
            ["lines.toml", "resultatrakning 'intakter' > kind: is 'rad': write one of 'post', 'delsumma'"],
            id="an unknown kind",
        ),
        pytest.param('label = "Resultat"\n', "", ["resultatrakning 'resultat' > label: is missing"], id="no label"),
        pytest.param(
            "source_line = 7", "souce_line = 7", ["'souce_line' is not known: did you mean 'source_line'?"], id="a typo"
        ),
    ],
)
def test_a_fault_among_the_lines_is_told(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    error = refused(written(tmp_path, PLAN, changed(LINES, old, new)))
    assert error.where.startswith("lines.toml")
    assert [part for part in told if part not in str(error)] == []


def test_a_row_that_is_part_of_itself_is_refused(tmp_path: Path) -> None:
    own = changed(LINES, 'kind = "summa"', 'kind = "summa"\nparent = "intakter"')
    error = refused(written(tmp_path, PLAN, own))
    assert error.where == "lines.toml, resultatrakning"
    assert "intakter, resultat" in error.what


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(changed(PLAN, "lag = 0", "lag ="), ["is not TOML", "at line 37"], id="half a line"),
        pytest.param(PLAN + '\n[rule]\nversion = "1"\n', ["is not TOML", "line"], id="a table twice"),
        pytest.param(
            changed(PLAN, "value = 80", f"value = {'9' * 5000}"), ["is not TOML"], id="a number of 5 000 digits"
        ),
        pytest.param(PLAN + "\nx = " + "[" * 3000, ["is not TOML"], id="lists within lists"),
        pytest.param(
            PLAN.encode("latin-1"), ["line 4", "is not UTF-8", "Save the file as UTF-8"], id="another encoding"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_line(tmp_path: Path, text: str | bytes, told: list[str]) -> None:
    error = refused(written(tmp_path, text))
    assert error.where.startswith("plan.toml")
    assert [part for part in told if part not in str(error)] == []


def test_a_missing_plan_is_told_with_the_way_to_name_one(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert error.where == str(tmp_path / "plan.toml")
    assert error.what == "there is no such file."
    assert "--plan" in error.remedy


def test_a_plan_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").mkdir()
    assert "plan.toml: is not a file." in str(refused(tmp_path))


def test_an_extract_that_leaves_the_folder_by_a_link_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "plan"
    home.mkdir()
    (home / "extracts").symlink_to(tmp_path)
    assert "is not a file in the plan's own folder" in str(refused(written(home)))


def test_a_pipe_is_no_plan(tmp_path: Path) -> None:
    for name in ("plan.toml", "lines.toml", "claims.toml", "corrections.toml", "approval.toml"):
        folder = tmp_path / name
        folder.mkdir()
        written(folder)
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)
        assert str(refused(folder)).startswith(f"{folder / name}: is not a file.")
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    assert "is not a file" in str(refused(folder))


def test_a_file_that_is_too_large_is_no_plan(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with (folder / "claims.toml").open("wb") as file:
        file.truncate(20_000_000)
    assert "claims.toml: is larger than 10 MB" in str(refused(folder))


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u202e", "\u2066", "\ufeff", "\x85"])
def test_a_sign_that_is_not_seen_is_refused_with_its_key(tmp_path: Path, sign: str) -> None:
    told = str(refused(written(tmp_path, plan=PLAN.replace("Fossilfria", f"Fossil{sign}fria", 1))))
    assert told == f"plan.toml: goal 'fordon' > name holds U+{ord(sign):04X}, which is not seen. Remove the sign."


@pytest.mark.parametrize("wrong", ['"811218-9876" = 1', 'lag = "811218-9876"', "lag = 8112189876.5"])
def test_what_may_be_personal_data_is_not_repeated(tmp_path: Path, wrong: str) -> None:
    told = str(refused(written(tmp_path, plan=PLAN.replace("lag = 0", wrong))))
    assert "holds a text that may be personal data" in told
    assert "811218" not in told
