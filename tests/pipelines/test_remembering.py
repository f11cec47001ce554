"""What was ever published of counts of persons, as a home keeps it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from output.disclosure.small_counts import withheld
from pipelines.settings import Settings
from pipelines.storage.remembering import FOLDER, remember, remembered
from tests.output.counting import head_count

FIRST, SECOND = datetime(2026, 11, 25, 4), datetime(2026, 11, 26, 4)  # noqa: DTZ001 - as the warehouse keeps time


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """The settings of an empty home."""
    return replace(Settings.read({}), home=tmp_path / "home", public=tmp_path / "public")


def said(number: int) -> dict[str, pl.DataFrame]:
    """What a release says of an organisation."""
    return withheld(head_count(("K", "Antal anställda", 2023, number, None)))


def test_what_was_known_by_a_time_is_told_apart_from_what_came_after(home: Settings) -> None:
    remember(home, [said(3)], FIRST)
    remember(home, [said(8)], SECOND)
    numbers = [tables["antal_anstallda"]["varde"].to_list() for tables in remembered(home)]
    assert numbers == [[None], [8]]
    assert len(remembered(home, FIRST)) == 1


def test_the_same_again_is_kept_once_from_when_it_was_first_known(home: Settings) -> None:
    for time in (FIRST, SECOND):
        remember(home, [said(3)], time)
    assert len(list((home.data_home / FOLDER).iterdir())) == 1
    assert len(remembered(home, FIRST)) == 1


def test_only_what_tells_of_numbers_of_persons_is_kept(home: Settings) -> None:
    remember(home, [said(3)], FIRST)
    ((frame,),) = (tables.values() for tables in remembered(home))
    assert frame.columns == [
        *("kommun_id", "rapport", "organisation_id", "matt", "ar"),
        *("varde", "varde_status", "forandring"),
    ]


def test_a_home_that_has_published_nothing_remembers_nothing(home: Settings) -> None:
    assert remembered(home) == []


def test_what_is_remembered_stays_blank(home: Settings) -> None:
    remember(home, [said(3)], FIRST)
    found = withheld(head_count(("K", "Antal anställda", 2023, 8, None)), gone=remembered(home))
    assert found["antal_anstallda"]["varde"].to_list() == [None]
