"""Statuses that flip from one release to the next, each with its cause beside it."""

from typing import Any, Final

import polars as pl
import pytest

from contracts import contract
from output.differences.difference import Cause
from output.differences.flips import flips
from tests.output.publishing import framed

Row = dict[str, Any]

REPORT: Final[Row] = {"kommun_id": "0126", "rapport": "2023-helar"}
INDICATOR: Final[Row] = {
    **REPORT,
    "indikator_id": "oro",
    "indikator": "Oro för brottslighet",
    "namndmal_id": "trygghet",
    "etappmal_ar": 2023,
    "etappmal_operator": "<=",
    "etappmal_varde": 50.0,
    "utfall": 52.0,
    "etappmal_status": "ej_uppnatt",
}
MISSING: Final[Row] = {"utfall": None, "etappmal_status": "kan_ej_bedomas", "orsak": "ej_publicerat"}
GOAL: Final[Row] = {
    **REPORT,
    "namndmal_id": "trygghet",
    "namndmal": "Öka tryggheten",
    "antal_indikatorer": 2,
    "beraknad_maluppfyllelse": "Ej uppfyllt",
    "regelversion": "1",
}
UNDECIDED: Final[Row] = {"beslutad_maluppfyllelse": None}
DECIDED: Final[Row] = {"beslutad_maluppfyllelse": "Delvis uppfyllt"}
REACHED: Final[Row] = {"etappmal_status": "uppnatt"}
STRICTER: Final[Row] = {"regelversion": "2"}
PARTLY: Final[Row] = {"beraknad_maluppfyllelse": "Delvis uppfyllt"}


def side(indicators: list[Row], goals: list[Row], overall: Row) -> dict[str, pl.DataFrame]:
    """The three tables of status of a release."""
    rows = {"indikatorer": indicators, "malbedomning": goals, "samlad_bedomning": [{**REPORT, **overall}]}
    return {name: framed(found, contract(name).polars_schema) for name, found in rows.items()}


def told(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> list[tuple[str, str, list[str]]]:
    """What flipped: whose, the status before and after, and why."""
    return [
        (flip.label, f"{flip.before} → {flip.after}", [str(cause) for cause in flip.causes])
        for flip in flips(before.get, after.get)
    ]


@pytest.mark.parametrize(
    ("before", "after", "goal", "flipped", "causes"),
    [
        pytest.param(MISSING, {"utfall": 52.0}, {}, "kan_ej_bedomas → ej_uppnatt", ["nytt_utfall"], id="new outcome"),
        pytest.param(MISSING, {"utfall": 52.0}, DECIDED, "kan_ej_bedomas → ej_uppnatt", ["sena_data"], id="late data"),
        pytest.param(
            {}, {"utfall": 48.0, **REACHED}, {}, "ej_uppnatt → uppnatt", ["reviderad_kalla"], id="revised source"
        ),
        pytest.param(
            {}, {"utfall": 48.0, **REACHED}, DECIDED, "ej_uppnatt → uppnatt", ["reviderad_kalla"], id="revised late"
        ),
        pytest.param({}, MISSING, {}, "ej_uppnatt → kan_ej_bedomas", ["borttaget_utfall"], id="removed at the source"),
        pytest.param(
            {},
            {**MISSING, "orsak": "sekretess"},
            {},
            "ej_uppnatt → kan_ej_bedomas",
            ["borttaget_utfall"],
            id="no longer shown",
        ),
        pytest.param(
            {}, {"etappmal_varde": 55.0, **REACHED}, {}, "ej_uppnatt → uppnatt", ["andrat_etappmal"], id="another bound"
        ),
        pytest.param(
            {},
            {"etappmal_operator": ">=", **REACHED},
            {},
            "ej_uppnatt → uppnatt",
            ["andrat_etappmal"],
            id="another operator",
        ),
        pytest.param(
            {"utfall": 50.0, "etappmal_status": "gransfall"},
            {"utfall": 50.0, **REACHED},
            STRICTER,
            "gransfall → uppnatt",
            ["andrad_regel"],
            id="changed rule",
        ),
        pytest.param(
            {"utfall": 50.0, "etappmal_status": "gransfall"},
            {"utfall": 50.0, **REACHED},
            {},
            "gransfall → uppnatt",
            ["andrad_regel"],
            id="a rule that changed without a version",
        ),
        pytest.param(
            MISSING,
            {"utfall": 52.0, "etappmal_varde": 55.0, **REACHED},
            {},
            "kan_ej_bedomas → uppnatt",
            ["nytt_utfall", "andrat_etappmal"],
            id="outcome and milestone at once",
        ),
        pytest.param(
            {},
            {"utfall": 50.0, "etappmal_varde": 49.0, "etappmal_operator": "<", "etappmal_status": "gransfall"},
            STRICTER,
            "ej_uppnatt → gransfall",
            ["reviderad_kalla", "andrat_etappmal", "andrad_regel"],
            id="all at once, in the order of causes",
        ),
    ],
)
def test_why_the_status_of_an_indicator_flipped(
    before: Row, after: Row, goal: Row, flipped: str, causes: list[str]
) -> None:
    """``goal`` is what its goal says: decided in both releases, or its rule afterwards."""
    decided = {name: word for name, word in goal.items() if name in DECIDED}
    found = told(
        side([{**INDICATOR, **before}], [{**GOAL, **decided}], {}),
        side([{**INDICATOR, **after}], [{**GOAL, **goal}], {}),
    )
    assert found == [("Oro för brottslighet", flipped, causes)]


def test_the_status_by_the_source_has_a_cause_of_its_own() -> None:
    """The outcome of record stays as it was decided; the source's own figure beside it has come since."""
    before = {**INDICATOR, "utfall_kalla": None, "status_kalla": "kan_ej_bedomas"}
    after = {**INDICATOR, "utfall_kalla": 49.0, "status_kalla": "uppnatt"}
    (flip,) = flips(side([before], [{**GOAL, **DECIDED}], {}).get, side([after], [{**GOAL, **DECIDED}], {}).get)
    assert (flip.column, flip.before, flip.after) == ("status_kalla", "kan_ej_bedomas", "uppnatt")
    assert flip.causes == (Cause.LATE,)


@pytest.mark.parametrize(
    ("indicator", "goal", "flipped", "causes"),
    [
        pytest.param(
            {"utfall": 48.0, **REACHED}, PARTLY, "Ej uppfyllt → Delvis uppfyllt", ["reviderad_kalla"], id="revised"
        ),
        pytest.param(
            {"etappmal_varde": 55.0, **REACHED},
            {**PARTLY, **STRICTER},
            "Ej uppfyllt → Delvis uppfyllt",
            ["andrat_etappmal", "andrad_regel"],
            id="milestone and rule",
        ),
        pytest.param(
            {}, {**PARTLY, **STRICTER}, "Ej uppfyllt → Delvis uppfyllt", ["andrad_regel"], id="the rule alone"
        ),
        pytest.param(
            {},
            {**PARTLY, "antal_indikatorer": 3},
            "Ej uppfyllt → Delvis uppfyllt",
            ["andrat_etappmal"],
            id="an indicator more in the goal",
        ),
        pytest.param({}, DECIDED, "None → Delvis uppfyllt", ["nytt_beslut"], id="a decision"),
    ],
)
def test_why_the_grade_of_a_goal_flipped(indicator: Row, goal: Row, flipped: str, causes: list[str]) -> None:
    before = side([INDICATOR], [{**GOAL, **UNDECIDED}], {})
    after = side([{**INDICATOR, **indicator}], [{**GOAL, **UNDECIDED, **goal}], {})
    assert told(before, after)[0] == ("Öka tryggheten", flipped, causes)


def test_the_report_first_then_goals_then_indicators_with_the_causes_of_what_they_sum_up() -> None:
    other = {**INDICATOR, "indikator_id": "larm", "indikator": "Larm"}
    before = side([INDICATOR, {**other, **MISSING}], [GOAL], {"beraknad_maluppfyllelse": "Ej uppfyllt"})
    after = side(
        [{**INDICATOR, "utfall": 48.0, **REACHED}, other], [{**GOAL, **PARTLY}], {"beraknad_maluppfyllelse": "x"}
    )
    assert told(before, after) == [
        ("2023-helar", "Ej uppfyllt → x", ["nytt_utfall", "reviderad_kalla"]),
        ("Öka tryggheten", "Ej uppfyllt → Delvis uppfyllt", ["nytt_utfall", "reviderad_kalla"]),
        ("Larm", "kan_ej_bedomas → ej_uppnatt", ["nytt_utfall"]),
        ("Oro för brottslighet", "ej_uppnatt → uppnatt", ["reviderad_kalla"]),
    ]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(side([{**INDICATOR, "utfall": 51.0}], [GOAL], {}), id="a revision that flips nothing"),
        pytest.param(side([INDICATOR, {**INDICATOR, "indikator_id": "ny"}], [GOAL], {}), id="a new indicator"),
        pytest.param(side([], [GOAL], {}), id="an indicator that left the report"),
        pytest.param({}, id="no table of status"),
    ],
)
def test_what_is_no_flip(after: dict[str, pl.DataFrame]) -> None:
    assert told(side([INDICATOR], [GOAL], {}), after) == []


def test_a_column_that_the_release_before_did_not_have_tells_nothing() -> None:
    before = side([INDICATOR], [GOAL], {})
    older = {**before, "indikatorer": before["indikatorer"].drop("status_kalla", "utfall_kalla")}
    after = side([{**INDICATOR, "utfall_kalla": 49.0, "status_kalla": "uppnatt"}], [GOAL], {})
    assert told(older, after) == []
