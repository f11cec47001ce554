"""Grades of goals and of a report: every step of the scale, ties, and decided beside computed."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import check, contract
from pipelines.transforms.grades import SCALE, malbedomning, samlad_bedomning
from pipelines.transforms.rules import by_halves
from tests.transforms.goal_rows import GOAL, STAMPS, frame
from tests.transforms.rows import REPORT

VERY_HIGH, HIGH, PARTLY = "I mycket hög grad uppfyllt", "I hög grad uppfyllt", "Delvis uppfyllt"
NOT, NOT_ASSESSABLE = "Ej uppfyllt", "Kan ej bedömas"
STATUS = {"u": "uppnatt", "e": "ej_uppnatt", "g": "gransfall", "k": "kan_ej_bedomas"}
RULE = "andel-uppnadda-etappmal-1"


def indicators(goals: Mapping[str, str]) -> pl.DataFrame:
    """Indicators with the statuses of each goal, one letter for each."""
    rows = [(goal, STATUS[letter]) for goal, letters in goals.items() for letter in letters]
    return pl.DataFrame(rows, schema={"namndmal_id": pl.String, "etappmal_status": pl.String}, orient="row")


def assessed(
    decisions: Mapping[str, str | None], goals: Mapping[str, str], *, tie_is_reached: bool = False
) -> pl.DataFrame:
    """The goals with their grades."""
    changes: list[dict[str, Any]] = [
        {"namndmal_id": goal, "beslutad_maluppfyllelse": decisions.get(goal)} for goal in goals
    ]
    result = malbedomning(
        frame("malregister", "core", GOAL, *changes),
        indicators(goals),
        REPORT,
        rule=RULE,
        tie_is_reached=tie_is_reached,
    )
    assert check(result, contract("malbedomning")).breaches == ()
    return result


def overall(goals: Mapping[str, str], decision: str | None = None) -> dict[str, Any]:
    """The report as a whole."""
    report = {**STAMPS, "ar": 2023, "namnd": "KS", "regelversion": RULE, "gransfall_uppnatt": False}
    result = samlad_bedomning(
        frame("rapporter", "core", report, {"beslutad_maluppfyllelse": decision}), assessed({}, goals), REPORT
    )
    assert check(result, contract("samlad_bedomning")).breaches == ()
    return result.row(0, named=True)


@pytest.mark.parametrize(
    ("statuses", "expected", "counts"),
    [
        pytest.param("uuu", VERY_HIGH, (3, 3, 3, 0), id="all"),
        pytest.param("u", VERY_HIGH, (1, 1, 1, 0), id="the only one"),
        pytest.param("uue", HIGH, (3, 3, 2, 0), id="more than half"),
        pytest.param("ue", HIGH, (2, 2, 1, 0), id="half"),
        pytest.param("uee", PARTLY, (3, 3, 1, 0), id="fewer than half"),
        pytest.param("ee", NOT, (2, 2, 0, 0), id="none"),
        pytest.param("kk", NOT_ASSESSABLE, (2, 0, 0, 0), id="nothing assessable"),
        pytest.param("", NOT_ASSESSABLE, (0, 0, 0, 0), id="no indicator"),
        pytest.param("ukk", VERY_HIGH, (3, 1, 1, 0), id="all that can be assessed"),
        pytest.param("uek", HIGH, (3, 2, 1, 0), id="half of those that can be assessed"),
        pytest.param("ek", NOT, (2, 1, 0, 0), id="none of those that can be assessed"),
        pytest.param("g", NOT, (1, 1, 0, 1), id="a tie is assessable and not reached"),
        pytest.param("ug", HIGH, (2, 2, 1, 1), id="one of two, the other a tie"),
    ],
)
def test_the_grade_of_a_goal(statuses: str, expected: str, counts: tuple[int, ...]) -> None:
    row = assessed({}, {"mal": statuses}).row(0, named=True)
    assert row["beraknad_maluppfyllelse"] == expected
    names = ("antal_indikatorer", "antal_bedombara", "antal_uppnadda", "antal_gransfall")
    assert tuple(row[name] for name in names) == counts
    assert row["regelversion"] == RULE


@pytest.mark.parametrize(
    ("statuses", "expected", "reached"),
    [
        pytest.param("g", VERY_HIGH, 1, id="a tie alone"),
        pytest.param("ge", HIGH, 1, id="a tie and one not reached"),
        pytest.param("ugk", VERY_HIGH, 2, id="a tie beside one reached"),
    ],
)
def test_a_tie_counts_as_reached_where_the_rule_says_so(statuses: str, expected: str, reached: int) -> None:
    row = assessed({}, {"mal": statuses}, tie_is_reached=True).row(0, named=True)
    assert (row["beraknad_maluppfyllelse"], row["antal_uppnadda"]) == (expected, reached)
    assert row["antal_gransfall"] == 1


@pytest.mark.parametrize(
    ("statuses", "decided", "steps", "agrees"),
    [
        pytest.param("ee", NOT, 0, True, id="the same"),
        pytest.param("ee", PARTLY, 1, False, id="a step up"),
        pytest.param("ee", VERY_HIGH, 3, False, id="three steps up"),
        pytest.param("uu", NOT, -3, False, id="three steps down"),
        pytest.param("uu", HIGH, -1, False, id="a step down"),
        pytest.param("ee", None, None, None, id="nothing decided"),
        pytest.param("k", PARTLY, None, False, id="decided, though nothing can be assessed"),
        pytest.param("k", NOT_ASSESSABLE, None, True, id="neither can be assessed"),
    ],
)
def test_a_decided_grade_stands_beside_the_computed_one(
    *, statuses: str, decided: str | None, steps: int | None, agrees: bool | None
) -> None:
    row = assessed({"mal": decided}, {"mal": statuses}).row(0, named=True)
    assert row["beslutad_maluppfyllelse"] == decided
    assert (row["steg"], row["stammer"]) == (steps, agrees)


def test_a_reason_is_marked_as_our_own_summary() -> None:
    goals = frame("malregister", "core", GOAL, {"namndmal_id": "a", "motivering": "Kort."}, {"namndmal_id": "b"})
    result = malbedomning(goals, indicators({"a": "u", "b": "u"}), REPORT, rule=RULE, tie_is_reached=False)
    assert result["motivering_av"].to_list() == ["sammanfattning", None]


@given(st.integers(0, 40), st.integers(0, 40))
def test_more_reached_never_lowers_a_grade(reached: int, others: int) -> None:
    grades = pl.select(
        before=by_halves(pl.lit(reached), pl.lit(reached + others + 1)),
        after=by_halves(pl.lit(reached + 1), pl.lit(reached + others + 1)),
    ).row(0)
    assert SCALE[grades[0]] <= SCALE[grades[1]]


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        pytest.param({"a": "uu", "b": "u"}, VERY_HIGH, id="all of both"),
        pytest.param({"a": "ue", "b": "u"}, HIGH, id="all goals, two indicators of three"),
        pytest.param({"a": "u", "b": "eee"}, PARTLY, id="half the goals, one indicator of four"),
        pytest.param({"a": "uuuu", "b": "e", "c": "e"}, PARTLY, id="one goal of three, four indicators of six"),
        pytest.param({"a": "e", "b": "ee"}, NOT, id="none of either"),
        pytest.param({"a": "uee", "b": "uee"}, PARTLY, id="no goal, yet some indicators"),
        pytest.param({"a": "k", "b": "kk"}, NOT_ASSESSABLE, id="nothing assessable"),
        pytest.param({"a": "k", "b": "uu"}, VERY_HIGH, id="what cannot be assessed does not count"),
        pytest.param({"a": "u", "b": "g"}, HIGH, id="a tie is not reached"),
    ],
)
def test_the_lower_of_two_shares_decides_the_whole(goals: dict[str, str], expected: str) -> None:
    assert overall(goals)["beraknad_maluppfyllelse"] == expected


def test_the_report_is_counted() -> None:
    row = overall({"a": "uu", "b": "ue", "c": "uee", "d": "e", "e": "k", "f": "gk"}, PARTLY)
    assert [row[f"antal_beraknad_{name}"] for name in ("i_mycket_hog_grad", "i_hog_grad", "delvis", "ej")] == [
        1,
        1,
        1,
        2,
    ]
    assert row["antal_beraknad_kan_ej_bedomas"] == 1
    assert row["antal_namndmal"] == 6
    assert (row["antal_indikatorer"], row["antal_bedombara"]) == (11, 9)
    assert (row["antal_uppnadda"], row["antal_gransfall"]) == (4, 1)
    assert row["tackning_procent"] == pytest.approx(900 / 11)
    assert (row["beraknad_maluppfyllelse"], row["beslutad_maluppfyllelse"], row["stammer"]) == (PARTLY, PARTLY, True)


def test_decided_grades_are_counted_and_a_report_without_indicators_has_no_coverage() -> None:
    report = {**STAMPS, "ar": 2023, "namnd": "KS", "regelversion": RULE, "gransfall_uppnatt": False}
    goals = assessed({"a": PARTLY, "b": PARTLY, "c": NOT}, dict.fromkeys("abcd", ""))
    row = samlad_bedomning(frame("rapporter", "core", report, {}), goals, REPORT).row(0, named=True)
    assert (row["antal_beslutad_delvis"], row["antal_beslutad_ej"], row["antal_beslutad_i_hog_grad"]) == (2, 1, 0)
    assert (row["beraknad_maluppfyllelse"], row["tackning_procent"], row["stammer"]) == (NOT_ASSESSABLE, None, None)
