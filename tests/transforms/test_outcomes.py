"""Outcomes year by year: those of the sources, those worked out by a formula, those that the report states."""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.outcomes import indikatorutfall, set_aside, source_outcomes
from sources.plan.register import Register
from tests.sources.plans import plan
from tests.transforms.goal_rows import KNOWN, LATER, OBSERVATION, frame
from tests.transforms.rows import REPORT, assert_columns


@pytest.fixture
def small(tmp_path: Path) -> Register:
    """The register of the small plan: one indicator of a KPI, one of a formula over a KPI and a series."""
    return plan(tmp_path).register


def kolada(*changes: dict[str, Any]) -> pl.DataFrame:
    """Observations of Kolada."""
    return frame("kolada_varden", "core", OBSERVATION, *changes)


def scb(*changes: dict[str, Any]) -> pl.DataFrame:
    """Observations of SCB."""
    return frame("scb_varden", "core", {**OBSERVATION, "kalla_id": "folkmangd", "varde": 1000.0}, *changes)


def test_a_direct_source_keeps_its_history_for_every_municipality_and_sex(small: Register) -> None:
    found = source_outcomes(
        small,
        kolada(
            {"varde": 50.0, "kand_till": LATER},
            {"varde": 52.5, "kand_fran": LATER},
            {"kommun_id": "0127", "varde": None},
            {"kon": "K", "varde": 60.0},
        ),
        scb(),
    )
    assert_columns(
        found,
        {
            "indikator_id": ["andel"] * 4,
            "kommun_id": ["0126", "0126", "0127", "0126"],
            "kon": ["T", "T", "T", "K"],
            "utfall": [50.0, 52.5, None, 60.0],
            "kalla": ["Kolada"] * 4,
            "kalla_id": ["N00001"] * 4,
            "mognad": ["slutlig", "reviderad", "slutlig", "slutlig"],
            "kand_fran": [KNOWN, LATER, KNOWN, KNOWN],
            "kand_till": [LATER, None, None, None],
        },
    )


def test_a_formula_is_worked_out_where_all_its_inputs_are_known(small: Register) -> None:
    found = source_outcomes(
        small,
        kolada(
            {"kalla_id": "N00002", "varde": 500.0, "kand_fran": LATER},
            {"kalla_id": "N00002", "varde": 400.0, "kand_till": LATER},
            {"kalla_id": "N00002", "varde": 300.0, "ar": 2022},
            {"kalla_id": "N00002", "varde": 200.0, "ar": 2021},
            {"kalla_id": "N00002", "varde": None, "ar": 2020},
            {"kalla_id": "N00002", "varde": 100.0, "kommun_id": "0127"},
            {"kalla_id": "N00002", "varde": 90.0, "kon": "K"},
        ),
        scb({}, {"ar": 2021, "varde": 0.0}, {"ar": 2020}),
    )
    assert_columns(
        found.sort("ar"),
        {
            "indikator_id": ["per_invanare"] * 3,
            "kommun_id": ["0126"] * 3,
            "ar": [2020, 2021, 2023],
            "utfall": [None, None, 0.5],
            "kalla": ["Kolada och SCB, egen bearbetning"] * 3,
            "kalla_id": ["fordon / folk"] * 3,
            "mognad": ["slutlig"] * 3,
            "kand_fran": [KNOWN, KNOWN, LATER],
            "kand_till": [None, None, None],
        },
    )


@pytest.mark.parametrize("name", ["ar", "kon", "kommun_id", "utfall", "kand_fran", "varde", "reference"])
def test_an_input_may_have_any_name(tmp_path: Path, name: str) -> None:
    named = plan(
        tmp_path, ("fordon / folk", f"{name} / folk"), ('fordon = "kolada:N00002"', f'{name} = "kolada:N00002"')
    ).register
    found = source_outcomes(named, kolada({"kalla_id": "N00002", "varde": 500.0}), scb({}))
    assert found.select("kommun_id", "ar", "kon", "utfall").rows() == [("0126", 2023, "T", 0.5)]


def test_a_count_that_is_worked_out_of_rates_is_whole(tmp_path: Path) -> None:
    counted = plan(
        tmp_path,
        ('"scb:folkmangd" }, unit = "kvot" }', '"scb:folkmangd" }, unit = "antal" }'),
        ('unit = "kvot"\ndecimals = 2', 'unit = "antal"\ndecimals = 0'),
    ).register
    found = source_outcomes(counted, kolada({"kalla_id": "N00002", "varde": 290.500008}), scb({"varde": 1.0}))
    assert found["utfall"].to_list() == [291.0]


def test_a_definition_that_has_ended_says_nothing_of_later_years(tmp_path: Path) -> None:
    ended = plan(tmp_path, ('title = "Fossilfria fordon, andel (%)"', 'title = "Fossilfria"\nvalid_to = 2022')).register
    found = source_outcomes(ended, kolada({"ar": 2021}, {"ar": 2022}, {"ar": 2023}), scb())
    assert found["ar"].to_list() == [2021, 2022]


def test_a_kpi_that_the_plan_no_longer_names_is_left_out(small: Register) -> None:
    assert source_outcomes(small, kolada({"kalla_id": "N09999"}), scb()).is_empty()


def test_stated_outcomes_stand_beside_those_of_the_sources(small: Register) -> None:
    extract = pl.DataFrame(
        {
            "indikator_id": ["andel", "andel"],
            "ar": [2022, 2023],
            "utfall": [None, 52.0],
            "utfall_status": ["sekretess", None],
            "kalla_rad": [7, 8],
        },
        schema=contract("indikatorutfall").extract.polars_schema,
    )
    sourced = source_outcomes(small, kolada({}, {"ar": 2022, "varde": None}, {"kommun_id": "0127"}), scb())
    found = indikatorutfall(extract, pl.lit(dt.date(2023, 12, 31)), sourced, REPORT)
    assert_columns(
        found,
        {
            "kommun_id": ["0126"] * 4,
            "ar": [2022, 2022, 2023, 2023],
            "kon": ["T"] * 4,
            "utfall": [None, None, 52.5, 52.0],
            "utfall_status": ["bortfall", "sekretess", None, None],
            "kalla": ["Kolada", REPORT.kalla, "Kolada", REPORT.kalla],
            "kalla_id": ["N00001", "indikatorutfall", "N00001", "indikatorutfall"],
            "kalla_rad": [None, 7, None, 8],
            "kand_fran": [KNOWN] * 4,
        },
    )
    assert check(found, contract("indikatorutfall")).breaches == ()


def test_without_outcomes_there_are_no_rows(small: Register) -> None:
    extract = pl.DataFrame(schema=contract("indikatorutfall").extract.polars_schema)
    found = indikatorutfall(extract, pl.lit(KNOWN), source_outcomes(small, kolada(), scb()), REPORT)
    assert (found.height, found.schema) == (0, contract("indikatorutfall").polars_schema)


def test_a_value_in_quarantine_is_blank_with_that_reason_where_no_other_is_known(small: Register) -> None:
    apart = pl.DataFrame(
        [
            ("kolada:N00001", "0126", 2023, "T"),
            ("kolada:N00001", "0126", 2023, "K"),
            ("kolada:N00001", "0126", 2023, "X"),
            ("kolada:N00001", "0126", None, "T"),
            ("kolada:N00001", "0127", 2023, "T"),
            ("kolada:N00002", "0126", 2023, "T"),
            ("kolada:N09999", "0126", 2023, "T"),
        ],
        schema={"reference": pl.String, "kommun_id": pl.String, "ar": pl.Int64, "kon": pl.String},
        orient="row",
    )
    sourced = source_outcomes(small, kolada({"kon": "K", "varde": 60.0}), scb())
    found = set_aside(small, apart, sourced, pl.lit(LATER))
    told = pl.concat([sourced, found], how="diagonal")
    stated = pl.DataFrame(schema=contract("indikatorutfall").extract.polars_schema)
    rows = indikatorutfall(stated, pl.lit(None), told, REPORT)
    assert check(rows, contract("indikatorutfall")).breaches == ()
    assert sorted(rows.select("kon", "utfall", "utfall_status", "kalla_id", "kand_fran").rows()) == [
        ("K", 60.0, None, "N00001", KNOWN),
        ("T", None, "i_karantan", "N00001", LATER),
    ]
