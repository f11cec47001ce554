"""How figures are written for people in the two languages."""

import pytest

from output.pages import wording
from output.pages.page import Language

SWEDISH, ENGLISH = Language.SWEDISH, Language.ENGLISH


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        pytest.param(1234567, 0, "1\u202f234\u202f567", "1,234,567", id="thousands"),
        pytest.param(-22.023, 1, "−22,0", "−22.0", id="a true minus"),
        pytest.param(-0.04, 1, "0,0", "0.0", id="a rounded zero has no sign"),
        pytest.param(0.5, 2, "0,50", "0.50", id="as many decimals as are asked for"),
        pytest.param(None, 1, "–", "–", id="missing"),
    ],
)
def test_a_figure(value: float | None, decimals: int, swedish: str, english: str) -> None:
    assert wording.number(value, decimals, SWEDISH) == swedish
    assert wording.number(value, decimals, ENGLISH) == english


@pytest.mark.parametrize(
    ("value", "unit", "swedish", "english"),
    [
        (7.8, "procent", "7,8\u00a0%", "7.8\u00a0%"),
        (-80.0, "mnkr", "−80,0\u00a0mnkr", "−80.0\u00a0MSEK"),
        (72.0, "index", "72,0", "72.0"),
        (3.0, "dagar", "3,0\u00a0dagar", "3.0\u00a0dagar"),
    ],
)
def test_a_figure_with_its_unit(value: float, unit: str, swedish: str, english: str) -> None:
    assert wording.quantity(value, 1, unit, SWEDISH) == swedish
    assert wording.quantity(value, 1, unit, ENGLISH) == english


@pytest.mark.parametrize(
    ("operator", "swedish", "english"),
    [
        (">=", "minst 5", "at least 5"),
        (">", "mer än 5", "more than 5"),
        ("<=", "högst 5", "at most 5"),
        ("<", "mindre än 5", "less than 5"),
        (None, "5", "5"),
    ],
)
def test_what_a_milestone_asks_for(operator: str | None, swedish: str, english: str) -> None:
    assert wording.bound(operator, 5.0, 0, "antal", SWEDISH) == swedish
    assert wording.bound(operator, 5.0, 0, "antal", ENGLISH) == english


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        pytest.param([52.0, 38.0], 0, id="whole"),
        pytest.param([69.6, 73.5, 76.0], 1, id="one for all when one needs it"),
        pytest.param([72.381799, None], 2, id="two at most"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_figures_that_are_compared_have_the_same_decimals(values: list[float | None], decimals: int) -> None:
    assert wording.decimals_of(values) == decimals


@pytest.mark.parametrize(
    ("count", "swedish"), [(1, "ett"), (13, "tretton"), (20, "tjugo"), (21, "21"), (1200, "1\u202f200")]
)
def test_a_count_in_running_text(count: int, swedish: str) -> None:
    assert wording.count_word(count, SWEDISH) == swedish


@pytest.mark.parametrize(
    ("size", "written"), [(844, "844 byte"), (9_400, "9 kB"), (2_000_000, "2 MB"), (3_200_000_000, "3,2 GB")]
)
def test_a_size(size: int, written: str) -> None:
    assert wording.size(size, SWEDISH) == written.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("report", "swedish", "english"),
    [
        ("2023-helar", "helåret 2023", "the full year 2023"),
        ("2024-delar1", "januari–april 2024", "January–April 2024"),
        ("2024-delar2", "januari–augusti 2024", "January–August 2024"),
    ],
)
def test_the_period_of_a_report(report: str, swedish: str, english: str) -> None:
    assert wording.period(report) == (swedish, english)


@pytest.mark.parametrize(
    ("value", "bound", "places"),
    [
        pytest.param(15.002534, 15.0, 3, id="just past the bound"),
        pytest.param(15.0, 15.0, 0, id="on the bound"),
        pytest.param(14.8, 15.0, 1, id="well below"),
        pytest.param(14.8, None, 1, id="no bound"),
        pytest.param(None, 15.0, 0, id="no figure"),
    ],
)
def test_a_figure_is_shown_with_the_decimals_that_tell_its_side_of_a_bound(
    value: float | None, bound: float | None, places: int
) -> None:
    assert wording.decimals_beside(value, bound) == places
