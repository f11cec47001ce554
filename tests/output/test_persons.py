"""Figures that count persons by the unit of their row: in running text, of indicators and of interim reports."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from contracts import contract
from output.disclosure.small_counts import withheld
from tests.output.counting import REPORT, head_count
from tests.output.publishing import framed


def text(**more: Any) -> dict[str, pl.DataFrame]:
    """A figure in running text."""
    row = {**REPORT, "uppgift_id": "nya", "avsnitt": "a", "uppgift": "b", "kalla": "Rapporten", "varde": 3.0, **more}
    return {"textuppgifter": framed([row], contract("textuppgifter").polars_schema)}


def indicator(outcome: float | None, unit: str = "personer") -> dict[str, pl.DataFrame]:
    """An indicator of the committee's own, with its outcome and the check of it."""
    own = {**REPORT, "indikator_id": "egen", "enhet": unit, "utfall": outcome, "utfall_kalla": 9.0, "avstand": -2.0}
    source = {"kalla": "Rapporten", "kalla_id": "indikatorutfall", "kand_fran": dt.datetime(2024, 3, 20)}  # noqa: DTZ001
    said = {**REPORT, "indikator_id": "egen", "ar": 2023, "kon": "T", "utfall": outcome, **source}
    checked = {
        **REPORT,
        "kontroll_id": "a",
        "tabell": "indikatorutfall",
        "rad": "egen 2023",
        "enhet": unit,
        "pastatt": outcome,
    }
    return {
        name: framed([row], contract(name).polars_schema)
        for name, row in (
            ("indikatorer", {**own, "forklaring": "Utfallet var 3 personer."}),
            ("indikatorutfall", said),
            ("siffergranskning", checked),
        )
    }


@pytest.mark.parametrize(
    ("row", "left"),
    [
        pytest.param({"enhet": "personer"}, 0, id="three persons"),
        pytest.param({"enhet": " Personer"}, 0, id="however it is written"),
        pytest.param({"enhet": "personer", "varde": 0.0}, 0, id="none"),
        pytest.param({"enhet": "personer", "varde": 5.0}, 1, id="five persons"),
        pytest.param({"enhet": "personer", "varde": 2.0, "varde_till": 8.0}, 0, id="two to eight persons"),
        pytest.param({"enhet": "personer", "varde": -3.0}, 1, id="three persons fewer"),
        pytest.param({"enhet": "antal"}, 1, id="three of something else"),
        pytest.param({"enhet": "personer", "varde": None, "varde_text": "några"}, 1, id="in words"),
    ],
)
def test_a_figure_in_text_of_few_persons_is_left_out(row: dict[str, Any], left: int) -> None:
    assert withheld(text(**row))["textuppgifter"].height == left


def test_an_outcome_of_few_persons_is_left_blank_wherever_it_stands() -> None:
    found = withheld(indicator(3.0))
    assert found["indikatorutfall"].select("utfall", "utfall_status").rows() == [(None, "skyddad_smatal")]
    (row,) = found["indikatorer"].select("utfall", "utfall_kalla", "avstand", "forklaring").rows()
    assert row[:3] == (None, None, None)
    assert "3" not in row[3]
    assert found["siffergranskning"].is_empty()


@pytest.mark.parametrize(("outcome", "unit"), [(5.0, "personer"), (3.0, "antal"), (3.0, "procent")])
def test_other_outcomes_stay(outcome: float, unit: str) -> None:
    tables = indicator(outcome, unit)
    assert all(found.equals(tables[name]) for name, found in withheld(tables).items())


def test_a_figure_of_an_interim_report_that_may_stand_in_a_protected_table_is_left_out() -> None:
    said = {**REPORT, "delarsrapport": "2023-delar2", "uppgift_id": "a", "uppgift": "b", "enhet": "antal", "varde": 3.0}
    rows = [{**said, "tabell": "antal_anstallda"}, {**said, "uppgift_id": "c", "tabell": "uppdrag"}]
    interim = {"delarsuppgifter": framed(rows, contract("delarsuppgifter").polars_schema)}
    few = head_count(("e", "Antal anställda", 2023, 3, None)) | interim
    assert withheld(few)["delarsuppgifter"]["uppgift_id"].to_list() == ["c"]
    enough = head_count(("e", "Antal anställda", 2023, 30, None)) | interim
    assert withheld(enough)["delarsuppgifter"].height == 2
