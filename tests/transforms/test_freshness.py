"""Freshness: late at the source, late by us, and not due are three things."""

import datetime as dt
from dataclasses import replace

import pytest

from pipelines.transforms.freshness import Measure, farskhet, judged, next_of_table
from tests.transforms.rows import REPORT

TODAY = dt.date(2026, 11, 25)
READ = dt.datetime.fromisoformat("2026-11-25T02:15")
MEASURE = Measure(
    source="Kolada",
    id="N02201",
    title="Sysselsatta",
    dataset="jamforelsetal_kolada",
    needed=2030,
    latest=2024,
    year=2025,
    due=dt.date(2026, 11, 28),
    read=READ,
)


@pytest.mark.parametrize(
    ("measure", "state", "expected"),
    [
        pytest.param(MEASURE, "inte_vantad", (2025, dt.date(2026, 11, 28)), id="not due yet"),
        pytest.param(
            replace(MEASURE, due=TODAY), "sen_hos_kallan", (2025, TODAY), id="due today, asked today, and not there"
        ),
        pytest.param(
            replace(MEASURE, due=dt.date(2026, 11, 20), read=dt.datetime.fromisoformat("2026-11-19T02:15")),
            "sen_hos_oss",
            (2025, dt.date(2026, 11, 20)),
            id="due, and not asked since",
        ),
        pytest.param(
            replace(MEASURE, due=dt.date(2026, 11, 20), latest=2025),
            "aktuell",
            (2025, dt.date(2026, 11, 20)),
            id="due and there",
        ),
        pytest.param(
            replace(MEASURE, latest=2025), "aktuell", (2025, dt.date(2026, 11, 28)), id="there before its day"
        ),
        pytest.param(
            replace(MEASURE, behind="N02201 is called something else."),
            "sen_hos_oss",
            (2025, dt.date(2026, 11, 28)),
            id="held back",
        ),
        pytest.param(replace(MEASURE, year=None, due=None), "inte_vantad", (None, None), id="no calendar"),
        pytest.param(
            replace(MEASURE, needed=2023, latest=2023),
            "aktuell",
            (2023, dt.date(2024, 11, 28)),
            id="the plan takes in no more",
        ),
        pytest.param(
            replace(MEASURE, needed=2023, latest=2022),
            "sen_hos_kallan",
            (2023, dt.date(2024, 11, 28)),
            id="a year of long ago has not come",
        ),
        pytest.param(
            replace(MEASURE, due=dt.date(2024, 2, 29), year=2024, needed=2023, latest=None),
            "sen_hos_kallan",
            (2023, dt.date(2023, 2, 28)),
            id="a leap day",
        ),
        pytest.param(replace(MEASURE, due=TODAY, read=None), "sen_hos_oss", (2025, TODAY), id="never read"),
    ],
)
def test_the_state(measure: Measure, state: str, expected: tuple[int | None, dt.date | None]) -> None:
    row = judged(measure, TODAY)
    assert row["tillstand"] == state
    assert (row["vantat_ar"], row["vantad_dag"]) == expected
    assert (row["orsak"] is not None) == state.startswith("sen_")


def test_a_table_of_scb_is_late_a_year_and_a_month_after_its_last_publication() -> None:
    assert next_of_table(dt.date(2025, 2, 21), 2024) == (2025, dt.date(2026, 3, 24))
    assert next_of_table(dt.date(2025, 2, 21), None) == (None, dt.date(2026, 3, 24))


def test_the_table_holds_every_measure() -> None:
    frame = farskhet([MEASURE, replace(MEASURE, id="N00090")], TODAY, REPORT)
    assert frame["kalla_id"].to_list() == ["N00090", "N02201"]
    assert frame["kommun_id"].unique().to_list() == [REPORT.kommun_id]


def test_without_measures_the_table_is_empty() -> None:
    assert farskhet([], TODAY, REPORT).is_empty()
