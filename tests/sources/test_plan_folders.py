"""Plan folders beside each other: which report each is about, and which of them a path names."""

from pathlib import Path

import pytest

from sources.plan.folders import own_folder, report_folders


def plans(folder: Path, **reports: str) -> Path:
    """Plan folders by name, each about a report: ``2023-helar``, or ``2023-helar of 0180``."""
    for name, about in reports.items():
        report, _, whose = about.partition(" of ")
        (folder / name).mkdir(parents=True)
        text = f'[municipality]\nid = "{whose or "0126"}"\n\n[report]\nid = "{report}"\n'
        (folder / name / "plan.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_reports_beside_a_plan_stand_in_the_order_of_their_periods(tmp_path: Path) -> None:
    folder = plans(tmp_path, a="2023-helar", b="2022-helar", c="2023-delar2", d="2023-delar1")
    assert list(report_folders(folder / "b")) == ["2022-helar", "2023-delar1", "2023-delar2", "2023-helar"]
    assert report_folders(folder / "b")["2023-delar2"] == folder / "c"


def test_of_two_plans_of_a_report_the_one_that_is_asked_for_goes_before(tmp_path: Path) -> None:
    folder = plans(tmp_path, a="2023-helar", b="2023-helar", c="2022-helar")
    assert [report_folders(folder / name)["2023-helar"].name for name in ("a", "b", "c")] == ["a", "b", "b"]


def test_the_plans_of_another_municipality_are_not_beside_it(tmp_path: Path) -> None:
    folder = plans(tmp_path, a="2023-helar", b="2022-helar of 0180")
    assert list(report_folders(folder / "a")) == ["2023-helar"]


@pytest.mark.parametrize("text", ["", "[report]\nid = 1", "no toml", "[report]\n[municipality]\nid = 'x'"])
def test_a_plan_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    folder = plans(tmp_path, a="2023-helar", b="2022-helar")
    (folder / "b" / "plan.toml").write_text(text, encoding="utf-8")
    assert list(report_folders(folder / "a")) == ["2023-helar"]
    assert report_folders(folder / "b") == {}


def test_a_folder_of_plan_folders_is_that_of_the_newest_report(tmp_path: Path) -> None:
    folder = plans(tmp_path, a="2022-helar", b="2023-helar", c="2023-delar2")
    assert own_folder(folder) == folder / "b"
    assert own_folder(folder / "a") == folder / "a"
    assert own_folder(tmp_path / "nothing") == tmp_path / "nothing"
