"""The status of an indicator: operators, ties, whose figure decides, agreement, trend and distance."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import check, contract
from contracts.vocabulary import MilestoneStatus, Operator
from pipelines.transforms.milestones import indikatorer, status
from tests.transforms.goal_rows import LATER, outcomes, register, source
from tests.transforms.rows import REPORT

FIGURES = st.floats(-1e6, 1e6).map(lambda figure: round(figure, 3))
OPPOSITE = {Operator.AT_LEAST: Operator.LESS_THAN, Operator.AT_MOST: Operator.MORE_THAN}


def told(outcome: float | None, operator: str | None, bound: float | None) -> str:
    """The status of one outcome."""
    row = pl.DataFrame(
        {"utfall": [outcome], "operator": [operator], "varde": [bound]},
        schema={"utfall": pl.Float64, "operator": pl.String, "varde": pl.Float64},
    )
    found: str = row.select(x=status("utfall", "operator", "varde"))["x"][0]
    return found


def one(
    indicator: dict[str, Any], *stated: dict[str, Any], decided: bool = True, tie_is_reached: bool = False
) -> dict[str, Any]:
    """The published row of one indicator with its outcomes."""
    result = indikatorer(register(indicator), outcomes(*stated), REPORT, decided=decided, tie_is_reached=tie_is_reached)
    assert check(result, contract("indikatorer")).breaches == ()
    return result.row(0, named=True)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        pytest.param(">=", "ej_uppnatt", "uppnatt", "uppnatt", id="at least"),
        pytest.param(">", "ej_uppnatt", "gransfall", "uppnatt", id="more than"),
        pytest.param("<=", "uppnatt", "uppnatt", "ej_uppnatt", id="at most"),
        pytest.param("<", "uppnatt", "gransfall", "ej_uppnatt", id="less than"),
        pytest.param("=", "ej_uppnatt", "uppnatt", "ej_uppnatt", id="exactly"),
    ],
)
def test_an_outcome_below_at_and_above_its_bound(operator: str, below: str, equal: str, above: str) -> None:
    assert [told(value, operator, 38.5) for value in (38.4, 38.5, 38.6)] == [below, equal, above]
    assert [told(value, operator, 0) for value in (-0.1, 0, 0.1)] == [below, equal, above]


@pytest.mark.parametrize(
    ("outcome", "operator", "bound"),
    [
        pytest.param(None, ">=", 1.0, id="no outcome"),
        pytest.param(1.0, None, 1.0, id="no operator"),
        pytest.param(1.0, ">=", None, id="no bound"),
        pytest.param(None, None, None, id="nothing"),
        pytest.param(None, ">", None, id="a strict operator alone"),
    ],
)
def test_without_outcome_operator_or_bound_nothing_is_assessed(
    outcome: float | None, operator: str | None, bound: float | None
) -> None:
    assert told(outcome, operator, bound) == "kan_ej_bedomas"


def test_equal_means_equal_as_figures_are_written() -> None:
    assert told(0.1 + 0.2, ">", 0.3) == "gransfall"
    assert told(0.1 + 0.2, "<=", 0.3) == "uppnatt"


@given(FIGURES, FIGURES, st.sampled_from(list(OPPOSITE)))
def test_a_bound_is_reached_or_its_opposite_is(outcome: float, bound: float, operator: Operator) -> None:
    held, opposite = told(outcome, operator, bound), told(outcome, OPPOSITE[operator], bound)
    assert (held == MilestoneStatus.REACHED) != (opposite == MilestoneStatus.REACHED)
    assert (opposite == MilestoneStatus.TIE) == (outcome == bound)


@pytest.mark.parametrize(
    ("indicator", "stated", "expected"),
    [
        pytest.param({}, {}, ("uppnatt", None), id="an outcome"),
        pytest.param({"antagen_operator": True}, {}, ("uppnatt", None), id="an assumed operator counts"),
        pytest.param(
            {"etappmal_operator": None, "etappmal_varde": None, "etappmal_ar": None},
            {},
            ("kan_ej_bedomas", "mal_saknas"),
            id="no milestone",
        ),
        pytest.param({}, {"ar": 2022}, ("kan_ej_bedomas", "ej_publicerat"), id="no outcome for the year"),
        pytest.param({}, {"utfall": None, "utfall_status": "sekretess"}, ("kan_ej_bedomas", "sekretess"), id="secrecy"),
        pytest.param({}, {"kon": "K"}, ("kan_ej_bedomas", "ej_publicerat"), id="an outcome of women alone"),
        pytest.param({}, {"kand_till": LATER}, ("kan_ej_bedomas", "ej_publicerat"), id="an outcome no longer held"),
        pytest.param(
            {}, {"indikator_id": "annan"}, ("kan_ej_bedomas", "ej_publicerat"), id="an outcome of another indicator"
        ),
        pytest.param({"utfall_ar": 2022}, {"ar": 2022}, ("uppnatt", None), id="a lag of a year"),
        pytest.param(
            {"utfall_ar": 2022}, {"ar": 2023}, ("kan_ej_bedomas", "ej_publicerat"), id="a later year is never borrowed"
        ),
    ],
)
def test_a_status_and_its_reason(
    indicator: dict[str, Any], stated: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    row = one(indicator, stated)
    assert (row["etappmal_status"], row["orsak"]) == expected


@pytest.mark.parametrize(
    ("decided", "stated", "sourced", "expected"),
    [
        pytest.param(
            True, [{"utfall": 49.0}], [source(52.5)], (49.0, "ej_uppnatt", 52.5, "uppnatt", None), id="decided, both"
        ),
        pytest.param(
            False, [{"utfall": 49.0}], [source(52.5)], (52.5, "uppnatt", 52.5, "uppnatt", None), id="undecided, both"
        ),
        pytest.param(
            True, [], [source(52.5)], (None, "kan_ej_bedomas", 52.5, "uppnatt", None), id="decided, the source alone"
        ),
        pytest.param(
            False,
            [{"utfall": 49.0}],
            [],
            (None, "kan_ej_bedomas", None, None, "ej_publicerat"),
            id="undecided, the report alone",
        ),
        pytest.param(
            True,
            [{"utfall": 49.0}],
            [source(None, utfall_status="bortfall")],
            (49.0, "ej_uppnatt", None, None, "bortfall"),
            id="decided, the source has lost its value",
        ),
        pytest.param(
            True,
            [{"utfall": 49.0}],
            [source(51.0, kand_till=LATER), source(52.5, kand_fran=LATER)],
            (49.0, "ej_uppnatt", 52.5, "uppnatt", None),
            id="decided, the source has revised",
        ),
    ],
)
def test_whose_figure_decides(
    *, decided: bool, stated: list[dict[str, Any]], sourced: list[dict[str, Any]], expected: tuple[Any, ...]
) -> None:
    row = one({}, *stated, *sourced, decided=decided)
    names = ("utfall", "etappmal_status", "utfall_kalla", "status_kalla", "orsak_kalla")
    assert tuple(row[name] for name in names) == expected


def test_an_indicator_without_a_source_is_read_from_the_report_even_before_the_decision() -> None:
    row = one({"kalla_id": None}, {"utfall": 49.0}, decided=False)
    assert (row["utfall"], row["etappmal_status"]) == (49.0, "ej_uppnatt")
    assert (row["utfall_kalla"], row["status_kalla"], row["orsak_kalla"]) == (None, None, "ej_tillampligt")


@pytest.mark.parametrize(
    ("outcome", "reported", "tie_is_reached", "agrees"),
    [
        pytest.param(51.0, "uppnatt", False, True, id="both reached"),
        pytest.param(49.0, "ej_uppnatt", False, True, id="both not reached"),
        pytest.param(51.0, "ej_uppnatt", False, False, id="computed reached, reported not"),
        pytest.param(49.0, "uppnatt", False, False, id="computed not, reported reached"),
        pytest.param(51.0, "ej_angivet", False, None, id="the report says nothing"),
        pytest.param(None, "uppnatt", False, None, id="nothing to compute"),
        pytest.param(50.0, "uppnatt", False, False, id="a tie that the report calls reached"),
        pytest.param(50.0, "ej_uppnatt", False, True, id="a tie that the report calls not reached"),
        pytest.param(50.0, "uppnatt", True, True, id="a tie reported reached, where a tie is reached"),
        pytest.param(50.0, "ej_uppnatt", True, False, id="a tie reported not, where a tie is reached"),
    ],
)
def test_whether_computed_and_reported_agree(
    *, outcome: float | None, reported: str, tie_is_reached: bool, agrees: bool | None
) -> None:
    reason = {"utfall_status": "bortfall"} if outcome is None else {}
    indicator = {"etappmal_operator": ">", "rapporterad_status": reported, "rapporterad_av_malet": "uppnatt"}
    row = one(indicator, {"utfall": outcome, **reason}, tie_is_reached=tie_is_reached)
    assert row["stammer"] is agrees
    assert row["rapporterad_av_malet"] == "uppnatt"


@pytest.mark.parametrize(
    ("direction", "before", "now", "trend", "distance"),
    [
        pytest.param("hogre_ar_battre", 50.0, 52.0, "battre", 2.0, id="up, and higher is better"),
        pytest.param("hogre_ar_battre", 50.0, 48.0, "samre", -2.0, id="down, and higher is better"),
        pytest.param("lagre_ar_battre", 50.0, 52.0, "samre", -2.0, id="up, and lower is better"),
        pytest.param("lagre_ar_battre", 50.0, 48.0, "battre", 2.0, id="down, and lower is better"),
        pytest.param("lagre_ar_battre", 52.0, 52.0, "oforandrad", -2.0, id="the same"),
        pytest.param("hogre_ar_battre", 0.3, 0.1 + 0.2, "oforandrad", -49.7, id="the same as figures are written"),
        pytest.param("hogre_ar_battre", None, 52.0, None, 2.0, id="no year before"),
        pytest.param("hogre_ar_battre", 50.0, None, None, None, id="no outcome"),
    ],
)
def test_trend_and_distance_are_read_in_the_direction(
    direction: str, before: float | None, now: float | None, trend: str | None, distance: float | None
) -> None:
    rows = [{"ar": year, "utfall": value} for year, value in ((2022, before), (2023, now)) if value is not None]
    row = one({"riktning": direction}, *rows)
    assert row["trend"] == trend
    assert row["avstand"] == (None if distance is None else pytest.approx(distance))


@pytest.mark.parametrize(
    ("decided", "sourced", "expected"),
    [
        pytest.param(True, [source(52.5)], (REPORT.kalla, 100), id="a decided report's own figure"),
        pytest.param(False, [source(52.5)], ("Kolada", None), id="the source's figure"),
        pytest.param(False, [], ("N00001", None), id="a source that says nothing is named by its id"),
    ],
)
def test_a_figure_names_its_source(
    *, decided: bool, sourced: list[dict[str, Any]], expected: tuple[str, int | None]
) -> None:
    row = one({}, {"utfall": 49.0}, *sourced, decided=decided)
    assert (row["kalla"], row["kalla_rad"]) == expected
    assert f"Källa: {expected[0]}" in row["forklaring"]


def test_the_trend_follows_one_source() -> None:
    row = one({}, {"utfall": 52.0}, source(50.0, ar=2022), source(49.0))
    assert row["trend"] is None
    row = one({}, {"utfall": 52.0}, source(50.0, ar=2022), source(49.0), decided=False)
    assert row["trend"] == "samre"


def test_each_indicator_of_the_register_is_one_row_and_says_what_it_is() -> None:
    indicators = register(
        {"indikator_id": "b", "kalla_rad": 2}, {"indikator_id": "a", "kalla_rad": 1}, {"indikator_id": "c"}
    )
    result = indikatorer(indicators, outcomes({"indikator_id": "b"}, source(1.0)), REPORT, decided=True)
    assert result["indikator_id"].to_list() == ["a", "b", "c"]
    milestone = "Etappmålet för 2023 är minst 50 %."
    unknown = f"Utfallet för 2023 saknas. {milestone} Etappmålet kan inte bedömas eftersom utfallet inte är publicerat."
    reached = f"Utfallet för 2023 var 52 %. {milestone} Etappmålet är uppnått."
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in result["forklaring"]] == [
        f"{unknown} Källa: verksamhetsberättelsen, rad 1.",
        f"{reached} Källa: verksamhetsberättelsen, rad 2.",
        f"{unknown} Källa: verksamhetsberättelsen, rad 100.",
    ]
