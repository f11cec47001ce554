"""A file in the drop folder is refreshed with, and takes its place or is moved aside."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.place import SHIPPED, Place, rewrite

pytestmark = pytest.mark.slow
NAME = "resultatrakning.csv"


def dropped(place: Place, old: str, new: str) -> Path:
    """A changed income statement, left in the drop folder long ago."""
    path = place.home / "drop" / NAME
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((SHIPPED / "extracts" / NAME).read_bytes())
    rewrite(path, old, new)
    os.utime(path, (0, 0))
    return path


def test_a_file_that_holds_is_published_and_takes_its_place(refreshed: Place) -> None:
    plan = refreshed.edit_plan()
    path = dropped(refreshed, "Personal;", "Personal ;")
    new = path.read_bytes()
    assert refreshed.run("refresh").status == 0
    assert (plan / "extracts" / NAME).read_bytes() == new
    assert not path.exists()


def test_a_file_that_is_refused_is_moved_aside_and_nothing_is_lost(refreshed: Place) -> None:
    plan = refreshed.edit_plan()
    before, seen = (plan / "extracts" / NAME).read_bytes(), refreshed.seen()
    path = dropped(refreshed, "Personal;", "Pesronal;")
    ended = refreshed.run("refresh")
    assert ended.status == 1
    assert "'Pesronal'" in ended.err
    assert not path.exists()
    (error,) = path.parent.glob("refused/*.error.txt")
    assert "'Pesronal'" in error.read_text(encoding="utf-8")
    assert (plan / "extracts" / NAME).read_bytes() == before
    assert refreshed.seen() == seen
    assert refreshed.run("refresh").status == 0


def test_a_dry_run_leaves_it_where_it_is(refreshed: Place) -> None:
    refreshed.edit_plan()
    path = dropped(refreshed, "Personal;", "Personal ;")
    assert refreshed.run("refresh", "--dry-run").status == 0
    assert path.exists()
