"""Interim reports, forecasts and what goals continue, in the plan: what is read, and what is refused."""

from pathlib import Path

import pytest

from contracts.vocabulary import Grade
from sources.plan import load_plan
from sources.plan.expressions import Cell
from tests.sources.plans import PLAN, changed, plan, refused, written

INTERIM = """
[[interim]]
id = "2023-delar2"

[[interim.figure]]
id = "intakter"
what = "Intäkter"
then = "resultatrakning['intakter'].budget_tkr"
final = "resultatrakning['intakter'].utfall_tkr"

[[target_area]]"""
FORECAST = """
[[goal.forecast]]
report = "2023-delar2"
grade = "Delvis uppfyllt"

[[goal.indicator]]"""
READ = (("\n[[target_area]]", INTERIM), ("\n[[goal.indicator]]", FORECAST))


def test_interim_reports_are_read(tmp_path: Path) -> None:
    small = plan(
        tmp_path, *READ, ('name = "Fossilfria fordon"', 'name = "Fossilfria fordon"\ncontinues = ["bilar", "bussar"]')
    )
    (interim,), (goal,) = small.register.interim, small.register.goal
    assert (interim.id, interim.forecasts, interim.source) == ("2023-delar2", True, None)
    then, final = interim.figure[0].cells
    assert isinstance(then, Cell)
    assert isinstance(final, Cell)
    assert (then.column, final.column) == ("budget_tkr", "utfall_tkr")
    assert [(made.report, made.grade) for made in goal.forecast] == [("2023-delar2", Grade.PARTLY)]
    assert goal.continues == ("bilar", "bussar")
    assert (small.register.goal[0].indicator[0].continues, goal.ends) == ((), None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param('id = "2023-delar2"', 'id = "2022-delar2"', "no interim report of 2023-helar", id="another year"),
        pytest.param('id = "2023-delar2"', 'id = "2023-helar"', "interim '2023-helar' > id", id="the year itself"),
        pytest.param('report = "2023-delar2"', 'report = "2023-delar1"', "declared are 2023-delar2", id="not declared"),
        pytest.param(
            'id = "2023-delar2"', 'id = "2023-delar2"\nforecasts = false', "declared are none", id="does not forecast"
        ),
        pytest.param('grade = "Delvis uppfyllt"', 'grade = "Kanske"', "grade: is 'Kanske'", id="no grade"),
        pytest.param(
            "then = \"resultatrakning['intakter'].budget_tkr\"", 'then = "1 + 1"', "'1 + 1' is computed", id="computed"
        ),
        pytest.param(
            "['intakter'].utfall_tkr", "['intakter'].resultat", "resultatrakning", id="a column that is not there"
        ),
    ],
)
def test_what_does_not_hold_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = PLAN
    for change in (*READ, (old, new)):
        text = changed(text, *change)
    assert told in str(refused(written(tmp_path, text)))


def test_a_forecast_is_made_once(tmp_path: Path) -> None:
    text = changed(
        changed(PLAN, *READ[0]), "\n[[goal.indicator]]", FORECAST.replace("\n[[goal.indicator]]", "") + FORECAST
    )
    assert "stands twice" in str(refused(written(tmp_path, text)))


def test_the_shipped_plan_knows_what_the_report_says_of_its_interim_reports() -> None:
    register = load_plan(Path(__file__).parents[2] / "sources" / "huddinge" / "2023").register
    assert {interim.id: (interim.forecasts, len(interim.figure)) for interim in register.interim} == {
        "2023-delar1": (False, 1),
        "2023-delar2": (True, 10),
    }
    assert not any(goal.forecast for goal in register.goal)
