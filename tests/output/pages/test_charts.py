"""Charts as SVG: the page's own colours and font, words in two languages, nothing of the data as markup."""

import re

import pytest

from contracts.vocabulary import MilestoneStatus, Text
from output.pages import charts
from output.pages.charts import Bound, Rank, Series

TITLE = Text("Ned från 9,5 till 7,8", "Down from 9.5 to 7.8")
DESCRIPTION = Text("Utfallet är 7,8.", "The outcome is 7.8.")
LABEL = Text("7,8 % år 2023", "7.8 % in 2023")
TARGET = Bound(2030, 6.5, Text("mål 6,5", "target 6.5"))


def drawn(label: Text = LABEL, status: str = "ej_uppnatt", target: Bound | None = TARGET) -> Text:
    """A chart of three years with milestone and target."""
    chart = Series(
        main=[(2021, 9.5), (2022, 8.5)],
        stated=[(2022, 8.6), (2023, 7.8)],
        others={"0180": [(2021, 5.0), (2022, 5.5)]},
        status=status,
        label=label,
        milestone=Bound(2023, 7.0, Text("etappmål 7", "milestone 7")),
        target=target,
    )
    return charts.series(chart, TITLE, DESCRIPTION)


def words(svg: str) -> list[str]:
    """The texts that a chart shows."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("status", MilestoneStatus)
def test_colours_are_the_tokens_of_the_page(status: str) -> None:
    svg = drawn(status=status).sv
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) <= {
        "none",
        "transparent",
        *(f"var(--{token})" for token in charts.TOKENS),
    }
    assert "style=" not in svg
    assert "font-family" not in svg


def test_a_chart_is_one_picture_with_its_title_and_description() -> None:
    svg = drawn().sv
    assert svg.count('role="img"') == len(charts.FORMS)
    assert f"<title>{TITLE.sv}</title><desc>{DESCRIPTION.sv}</desc>" in svg
    assert drawn().en.count(f'aria-label="{TITLE.en}"') == len(charts.FORMS)


def test_words_and_figures_are_those_of_the_language() -> None:
    chart = drawn()
    assert {LABEL.sv, "etappmål 7", "mål 6,5"} <= set(words(chart.sv))
    assert {LABEL.en, "milestone 7", "target 6.5"} <= set(words(chart.en))
    assert not [word for word in words(chart.sv + chart.en) if word.startswith(charts.LABEL)]


def test_figures_of_an_axis_have_a_decimal_comma_in_swedish() -> None:
    chart = charts.rank(
        Rank({"a": 0.25, "b": 0.75}, "a", {"a": Text("A", "A"), "b": Text("B", "B")}, higher_is_better=True),
        TITLE,
        DESCRIPTION,
    )
    assert "0,5" in words(chart.sv)
    assert "0.5" in words(chart.en)


def test_a_chart_may_have_one_year_and_no_target() -> None:
    chart = Series([], [(2023, 5.0)], {}, "uppnatt", LABEL, None, None)
    assert LABEL.sv in words(charts.series(chart, TITLE, DESCRIPTION).sv)
    assert "mål 6,5" not in words(drawn(target=None).sv)


def test_what_stands_in_the_data_never_becomes_markup() -> None:
    hostile = '</text><script>alert("1")</script>'
    svg = drawn(label=Text(hostile, hostile)).sv
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize(
    ("first", "last", "most", "years"),
    [
        pytest.param(2021, 2023, 8, [2021, 2022, 2023], id="every year"),
        pytest.param(2006, 2030, 8, [2010, 2015, 2020, 2025, 2030], id="every fifth"),
        pytest.param(2006, 2030, 4, [2010, 2020, 2030], id="on a phone"),
        pytest.param(2023, 2023, 8, [2023], id="one"),
    ],
)
def test_an_axis_names_as_many_years_as_there_is_room_for(first: int, last: int, most: int, years: list[int]) -> None:
    assert charts.ticks(first, last, most) == years


def test_an_axis_of_one_value_has_a_scale_and_the_milestone_its_words() -> None:
    milestone = Bound(2023, 96.6, Text("etappmål 96,6", "milestone 96.6"))
    flat = [(2021, 96.6), (2022, 96.6)]
    chart = Series([], flat, {}, "uppnatt", LABEL, milestone, Bound(2030, 96.6, TARGET.label))
    shown = words(charts.series(chart, TITLE, DESCRIPTION).en)
    assert {"95", "96", "97", "98"} <= set(shown)
    assert {LABEL.en, "milestone 96.6", "target 6.5"} <= set(shown)
