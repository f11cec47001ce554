"""Printed outcomes against their sources: what rounding explains and what differs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import check, contract
from pipelines.transforms.source_control import outcomes_against_sources
from tests.transforms.goal_rows import LATER, outcomes, register, source
from tests.transforms.rows import REPORT, assert_columns


def judged(printed: float, decimals: int, sourced: float) -> str:
    """The verdict on one printed outcome."""
    rows = outcomes({"utfall": printed}, source(sourced))
    (verdict,) = outcomes_against_sources(rows, register({"decimaler": decimals}), REPORT)["utslag"]
    assert isinstance(verdict, str)
    return verdict


@pytest.mark.parametrize(
    ("printed", "decimals", "sourced", "expected"),
    [
        pytest.param(52, 0, 52.0, "stammer", id="the same"),
        pytest.param(52, 0, 52.5, "stammer", id="the upper end"),
        pytest.param(52, 0, 51.5, "stammer", id="the lower end"),
        pytest.param(52, 0, 52.51, "skiljer_sig_fran_kallan", id="above the upper end"),
        pytest.param(52, 0, 51.49, "skiljer_sig_fran_kallan", id="below the lower end"),
        pytest.param(8.6, 1, 8.5, "skiljer_sig_fran_kallan", id="a tenth apart at one decimal"),
        pytest.param(8.6, 1, 8.55, "stammer", id="the lower end at one decimal"),
        pytest.param(8.6, 1, 8.65, "stammer", id="the upper end at one decimal"),
        pytest.param(-1.5, 1, -1.55, "stammer", id="below zero"),
        pytest.param(1.04, 2, 1.0449999, "stammer", id="within two decimals"),
    ],
)
def test_a_printed_figure_stands_for_an_interval(printed: float, decimals: int, sourced: float, expected: str) -> None:
    assert judged(printed, decimals, sourced) == expected


@given(st.integers(-100_000, 100_000), st.integers(0, 4), st.integers(-20, 20))
def test_an_interval_is_half_a_unit_to_either_side(figure: int, decimals: int, tenths: int) -> None:
    unit = 10.0**-decimals
    agrees = judged(figure * unit, decimals, figure * unit + tenths * unit / 10) == "stammer"
    assert agrees is (abs(tenths) <= 5)


def test_each_printed_outcome_with_a_source_is_a_row_that_explains_itself() -> None:
    rows = outcomes(
        {"utfall": 52.0},
        source(52.5),
        {"ar": 2022, "utfall": 60.0},
        source(55.25, ar=2022),
        source(54.0, ar=2022, kand_till=LATER),
        source(53.0, ar=2022, kon="K"),
        {"ar": 2021, "utfall": 50.0},
        source(49.0, ar=2020),
    )
    found = outcomes_against_sources(rows, register({}), REPORT)
    assert_columns(
        found,
        {
            "kontroll_id": ["indikatorutfall_oro_2023_mot_kalla", "indikatorutfall_oro_2022_mot_kalla"],
            "kategori": ["utfall_mot_kalla"] * 2,
            "tabell": ["indikatorutfall"] * 2,
            "rad": ["oro 2023", "oro 2022"],
            "pastatt": [52.0, 60.0],
            "beraknat": [52.5, 55.25],
            "differens": [-0.5, 4.75],
            "tolerans": [0.5, 0.5],
            "utslag": ["stammer", "skiljer_sig_fran_kallan"],
        },
    )
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in found["forklaring"]] == [
        "Oro för brottslighet 2023: rapporten anger 52 %, Kolada 52,5 %; de stämmer överens.",
        "Oro för brottslighet 2022: rapporten anger 60 %, Kolada 55,25 %; skiljer sig från källan i dag.",
    ]
    assert check(REPORT.table("siffergranskning", found), contract("siffergranskning")).breaches == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="nothing"),
        pytest.param([{"utfall": 52.0}], id="a printed outcome alone"),
        pytest.param([source(52.0)], id="a source alone"),
        pytest.param([{"utfall": None, "utfall_status": "sekretess"}, source(52.0)], id="a secret outcome"),
        pytest.param([{}, source(None, utfall_status="bortfall")], id="a source without value"),
    ],
)
def test_what_has_no_counterpart_is_not_controlled(changes: list[dict[str, Any]]) -> None:
    assert outcomes_against_sources(outcomes(*changes), register({}), REPORT).is_empty()
