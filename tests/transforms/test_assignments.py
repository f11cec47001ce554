"""The assignments: a few rows in, the expected rows beside them, and the totals of the shipped example."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.assignments import uppdrag
from sources.extracts import ExtractFile, read_extract
from tests.transforms.rows import assert_columns, published

EXAMPLE: Final = Path(__file__).parents[2] / "sources" / "huddinge" / "2023" / "extracts" / "uppdrag.csv"

ROWS: Final[Mapping[str, list[Any]]] = {
    "uppdrag_id": ["lokalbank", "odling", "aterbruk"],
    "namndmal_id": ["sund_ekonomi", "biologisk_mangfald", "cirkular_ekonomi"],
    "uppdrag": ["Lokalbank", "Utredning om odling", "Återbruk"],
    "fran_kf": [False, False, True],
    "status": ["ej_klart", "klart", "ej_klart"],
    "fortsattning": ["utgar", "klart", "overfors"],
    "kalla_rad": [420, 324, 356],
}


def test_assignments_get_their_report_and_stand_in_the_order_of_its_lines() -> None:
    assert_columns(
        published(uppdrag, "uppdrag", ROWS),
        {
            "kommun_id": ["0126"] * 3,
            "rapport": ["2023-helar"] * 3,
            "uppdrag_id": ["odling", "aterbruk", "lokalbank"],
            "fran_kf": [False, True, False],
            "status": ["klart", "ej_klart", "ej_klart"],
            "fortsattning": ["klart", "overfors", "utgar"],
        },
    )


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        pytest.param("fortsattning", "overfors", "fortsattning:foljer_status", id="done, yet carried over"),
        pytest.param("status", "ej_klart", "fortsattning:foljer_status", id="not done, yet closed"),
        pytest.param("status", "Klart", "status:isin", id="a word that is not in the vocabulary"),
        pytest.param("uppdrag_id", "Odling", "uppdrag_id:str_matches", id="an id that is no slug"),
    ],
)
def test_an_assignment_that_breaks_a_rule_is_refused_by_name(column: str, value: str, rule: str) -> None:
    done = published(uppdrag, "uppdrag", {name: values[1:2] for name, values in ROWS.items()})
    breaches = check(done.with_columns(pl.lit(value).alias(column)), contract("uppdrag")).breaches
    assert rule in [breach.rule for breach in breaches]


def test_an_assignment_of_an_unknown_goal_is_refused() -> None:
    checked = check(published(uppdrag, "uppdrag", ROWS), contract("uppdrag"), {"namndmal_id": ["sund_ekonomi"]})
    assert checked.good["uppdrag_id"].to_list() == ["lokalbank"]


def test_the_example_has_the_totals_that_its_report_states() -> None:
    extract = read_extract(ExtractFile("uppdrag", EXAMPLE, separator="\t"), contract("uppdrag").extract).frame
    result = published(uppdrag, "uppdrag", extract.to_dict(as_series=False))
    assert dict(result["fortsattning"].value_counts().iter_rows()) == {"klart": 18, "overfors": 5, "utgar": 1}
    assert result.filter(pl.col("fortsattning") == "utgar")["uppdrag_id"].to_list() == ["lokalbank_internhyra"]
    assert result["fran_kf"].sum() == 7
    assert all(len(title.split()) <= 12 for title in result["uppdrag"])
