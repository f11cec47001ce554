"""Figures and statuses in running Swedish."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Operator, Reason
from pipelines.transforms.sentences import BOUNDS, REASONS, explanation, number, quantity
from tests.transforms.goal_rows import register

THIN, HARD, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        pytest.param(0, 0, "0", id="zero"),
        pytest.param(12, 0, "12", id="whole"),
        pytest.param(12, 1, "12,0", id="a decimal that is zero"),
        pytest.param(1234.5, 1, f"1{THIN}234,5", id="thousands and a decimal comma"),
        pytest.param(1_234_567, 0, f"1{THIN}234{THIN}567", id="millions"),
        pytest.param(-38.25, 2, f"{MINUS}38,25", id="a true minus"),
        pytest.param(-0.04, 1, "0,0", id="a rounded zero has no sign"),
        pytest.param(-0.0, 0, "0", id="a negative zero has no sign"),
        pytest.param(999.96, 1, f"1{THIN}000,0", id="rounding into the thousands"),
    ],
)
def test_a_figure_as_swedish_prose_writes_it(value: float, decimals: int, expected: str) -> None:
    assert number(value, decimals) == expected


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_written_figure_can_be_read_back(value: int, decimals: int) -> None:
    figure = value / 10**decimals
    written = number(figure, decimals).replace(THIN, "").replace(MINUS, "-").replace(",", ".")
    assert float(written) == pytest.approx(figure)


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "expected"),
    [
        pytest.param(52.0, 0, "procent", f"52{HARD}%", id="percent"),
        pytest.param(-1.5, 1, "mnkr", f"{MINUS}1,5{HARD}miljoner kronor", id="millions of kronor"),
        pytest.param(73.5, 1, "index", "73,5", id="an index has no unit"),
        pytest.param(1.04, 2, "kvot", "1,04", id="a ratio has no unit"),
        pytest.param(334.0, 0, "antal", "334", id="a count has no unit"),
        pytest.param(12.0, 0, "dagar", f"12{HARD}dagar", id="any other unit stands after"),
        pytest.param(52.5, 0, "procent", f"52,5{HARD}%", id="a decimal more than the report prints"),
        pytest.param(52.1234, 0, "procent", f"52,12{HARD}%", id="at most two more than the report prints"),
        pytest.param(80.0, 1, "procent", f"80,0{HARD}%", id="never fewer than the report prints"),
    ],
)
def test_a_figure_with_its_unit(value: float, decimals: int, unit: str, expected: str) -> None:
    assert quantity(value, decimals, unit) == expected


def sentence(**changes: Any) -> str:
    """The explanation of one indicator, with plain spaces."""
    status: dict[str, Any] = {"utfall": 52.0, "etappmal_status": "uppnatt", "orsak": None}
    status |= {name: changes.pop(name) for name in list(changes) if name in status}
    frame = register({"kalla": "B", **changes})
    (text,) = explanation(frame.with_columns(_status(name, value) for name, value in status.items()))
    assert isinstance(text, str)
    return text.replace(HARD, " ").replace(THIN, " ")


def _status(name: str, value: Any) -> Any:
    """One column of a status, typed as it is published."""
    return pl.lit(value, pl.Float64 if name == "utfall" else pl.String).alias(name)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {},
            "Utfallet för 2023 var 52 %. Etappmålet för 2023 är minst 50 %. Etappmålet är uppnått. Källa: B, rad 100.",
            id="reached",
        ),
        pytest.param(
            {"etappmal_status": "ej_uppnatt", "etappmal_operator": "<=", "kalla_rad": None},
            "Utfallet för 2023 var 52 %. Etappmålet för 2023 är högst 50 %. Etappmålet är inte uppnått. Källa: B.",
            id="not reached, without a line",
        ),
        pytest.param(
            {"etappmal_status": "gransfall", "etappmal_operator": ">", "utfall": 50.0},
            "Utfallet för 2023 var 50 %. Etappmålet för 2023 är mer än 50 %. Utfallet är lika med etappmålet, som "
            "skulle överträffas: ett gränsfall. Källa: B, rad 100.",
            id="a tie with a bound to exceed",
        ),
        pytest.param(
            {"etappmal_status": "gransfall", "etappmal_operator": "<", "utfall": 50.0},
            "Utfallet för 2023 var 50 %. Etappmålet för 2023 är mindre än 50 %. Utfallet är lika med etappmålet, som "
            "skulle underskridas: ett gränsfall. Källa: B, rad 100.",
            id="a tie with a bound to undercut",
        ),
        pytest.param(
            {"antagen_operator": True, "enhet": "mnkr", "etappmal_varde": 0.0, "decimaler": 1, "utfall": -1234.5},
            "Utfallet för 2023 var −1 234,5 miljoner kronor. Etappmålet för 2023 är minst 0,0 miljoner kronor (hur det "
            "ska jämföras anges inte i rapporten utan antas). Etappmålet är uppnått. Källa: B, rad 100.",
            id="an assumed operator is said",
        ),
        pytest.param(
            {"utfall": None, "utfall_ar": 2022, "etappmal_status": "kan_ej_bedomas", "orsak": "sekretess"},
            "Utfallet för 2022 saknas. Etappmålet för 2023 är minst 50 %. Etappmålet kan inte bedömas eftersom "
            "utfallet omfattas av sekretess. Källa: B, rad 100.",
            id="a missing outcome",
        ),
        pytest.param(
            {
                "etappmal_varde": None,
                "etappmal_operator": None,
                "etappmal_status": "kan_ej_bedomas",
                "orsak": "mal_saknas",
            },
            "Utfallet för 2023 var 52 %. Etappmålet kan inte bedömas eftersom det inte finns något etappmål. "
            "Källa: B, rad 100.",
            id="no milestone",
        ),
    ],
)
def test_a_status_is_said_in_plain_sentences(changes: dict[str, Any], expected: str) -> None:
    assert sentence(**changes) == expected


def test_every_operator_and_every_reason_has_its_words() -> None:
    assert set(BOUNDS) == set(Operator)
    assert set(REASONS) == set(Reason)


def test_no_indicators_give_no_sentences() -> None:
    assert explanation(register()).to_list() == []
