"""Twin figures: the same figure in two tables is held together, year by year."""

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.twin_figures import TWINS, twins
from tests.transforms.rows import REPORT


def tables(outcome: int | None, before: int | None) -> dict[str, pl.DataFrame]:
    """An activity with its outcomes in the table of activities; by year they are -10 and -12."""
    activities, years = contract("driftsredovisning").polars_schema, contract("driftsredovisning_ar").polars_schema
    rows = [
        {"verksamhet_id": "politisk", "verksamhet": "Politisk verksamhet", "ar": year, "utfall_tkr": amount}
        for year, amount in ((2021, -8), (2022, -10), (2023, -12))
    ]
    activity = {"verksamhet_id": "politisk", "utfall_tkr": outcome, "fg_ar_tkr": before}
    return {
        "driftsredovisning": pl.DataFrame([{name: activity.get(name) for name in activities}], activities),
        "driftsredovisning_ar": pl.DataFrame([{name: row.get(name) for name in years} for row in rows], years),
    }


@pytest.mark.parametrize(
    ("outcome", "before", "expected"),
    [
        pytest.param(-12, -10, {"2023": "stammer", "2022": "stammer"}, id="the same"),
        pytest.param(-13, -12, {"2023": "inom_avrundning", "2022": "stammer_inte"}, id="rounded, and another"),
        pytest.param(12, None, {"2023": "stammer_inte"}, id="another sign, and a blank"),
    ],
)
def test_the_same_figure_in_two_tables(outcome: int, before: int | None, expected: dict[str, str]) -> None:
    found = twins(tables(outcome, before), 2023)
    assert {row["rad"].partition("/")[2]: row["utslag"] for row in found.iter_rows(named=True)} == expected
    assert check(REPORT.table("siffergranskning", found), contract("siffergranskning")).breaches == ()


def test_both_places_are_told() -> None:
    row = twins(tables(-13, None), 2023).row(0, named=True)
    assert row["kontroll_id"] == "driftsredovisning_ar_politisk_2023_utfall_tkr_driftsredovisning"
    assert row["forklaring"].replace("\N{NO-BREAK SPACE}", " ") == (
        "Politisk verksamhet 2023, utfall: angivet i Driftsredovisning per verksamhet och år är −12 tkr och i "
        "Driftsredovisning per verksamhet −13 tkr; skillnaden ryms inom avrundningen."
    )


def test_a_table_that_is_not_there_gives_nothing() -> None:
    assert twins({}, 2023).is_empty()


def test_every_twin_is_declared() -> None:
    for twin in TWINS:
        assert {twin.identity, twin.stated, "ar"} <= set(contract(twin.table).polars_schema)
        assert {twin.identity, twin.held_against} <= set(contract(twin.other).polars_schema)
