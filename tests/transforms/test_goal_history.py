"""Goals from report to report: registers of years in, what became of each goal beside them."""

from typing import Any

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.goal_history import malhistorik
from sources.errors import PlanError
from tests.transforms.goal_rows import GOAL, INDICATOR, frame


def goals(**years: list[dict[str, Any]]) -> pl.DataFrame:
    """The goals of each report, by its year; what is not said of one is that of ``GOAL``."""
    rows = [{"rapport": f"{year[1:]}-helar", **goal} for year, of_year in years.items() for goal in of_year]
    return frame("malregister", "core", GOAL, *rows)


def goal(name: str, title: str = "", **more: Any) -> dict[str, Any]:
    """A goal, which is called as its id if nothing else is said."""
    return {"namndmal_id": name, "namndmal": title or name, **more}


def indicators(**years: dict[str, Any]) -> pl.DataFrame:
    """One indicator of each report, by its year."""
    rows = [{"rapport": f"{year[1:]}-helar", **of_year} for year, of_year in years.items()]
    return frame("indikatorregister", "core", INDICATOR, *rows)


NO_GOALS = goals().clear()
NO_INDICATORS = indicators().clear()


def followed(history: pl.DataFrame) -> dict[tuple[str, str], tuple[str, str | None, str | None, str | None]]:
    """By year and id: how it came and of what, how it goes on and as what."""
    declared = contract("malhistorik")
    assert check(history, declared).breaches == ()
    told = ("uppkomst", "foregangare", "fortsattning", "efterfoljare")
    return {
        (row["rapport"][:4], row["id"]): (row[told[0]], row[told[1]], row[told[2]], row[told[3]])
        for row in history.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            [goal("a")],
            [goal("a")],
            {
                ("2022", "a"): ("forsta", None, "fortsatter", "a"),
                ("2023", "a"): ("oforandrad", "a", None, None),
            },
            id="one that stands",
        ),
        pytest.param(
            [goal("a")],
            [goal("a", "Ett annat namn")],
            {("2022", "a"): ("forsta", None, "omdops", "a"), ("2023", "a"): ("omdopt", "a", None, None)},
            id="another name under the same id",
        ),
        pytest.param(
            [goal("a")],
            [goal("b", fortsatter="a")],
            {("2022", "a"): ("forsta", None, "omdops", "b"), ("2023", "b"): ("omdopt", "a", None, None)},
            id="another id",
        ),
        pytest.param(
            [goal("a")],
            [goal("b", fortsatter="a"), goal("c", fortsatter="a")],
            {
                ("2022", "a"): ("forsta", None, "delas", "b;c"),
                ("2023", "b"): ("delad", "a", None, None),
                ("2023", "c"): ("delad", "a", None, None),
            },
            id="split into two new ones",
        ),
        pytest.param(
            [goal("a")],
            [goal("a"), goal("c", fortsatter="a")],
            {
                ("2022", "a"): ("forsta", None, "delas", "a;c"),
                ("2023", "a"): ("delad", "a", None, None),
                ("2023", "c"): ("delad", "a", None, None),
            },
            id="split, one part under the old id",
        ),
        pytest.param(
            [goal("a"), goal("b")],
            [goal("c", fortsatter="a;b")],
            {
                ("2022", "a"): ("forsta", None, "slas_ihop", "c"),
                ("2022", "b"): ("forsta", None, "slas_ihop", "c"),
                ("2023", "c"): ("sammanslagen", "a;b", None, None),
            },
            id="merged",
        ),
        pytest.param(
            [goal("a"), goal("b")],
            [goal("a"), goal("c")],
            {
                ("2022", "a"): ("forsta", None, "fortsatter", "a"),
                ("2022", "b"): ("forsta", None, "upphor", None),
                ("2023", "a"): ("oforandrad", "a", None, None),
                ("2023", "c"): ("ny", None, None, None),
            },
            id="one ends, another is new",
        ),
    ],
)
def test_what_becomes_of_a_goal(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    expected: dict[tuple[str, str], tuple[str, str | None, str | None, str | None]],
) -> None:
    assert followed(malhistorik(goals(y2022=before, y2023=after), NO_INDICATORS)) == expected


def test_a_year_without_a_report_is_passed_over() -> None:
    history = malhistorik(goals(y2020=[goal("a")], y2023=[goal("a")]), NO_INDICATORS)
    assert history.select("rapport", "foregaende_rapport", "nasta_rapport").rows() == [
        ("2020-helar", None, "2023-helar"),
        ("2023-helar", "2020-helar", None),
    ]


def test_interim_reports_follow_interim_reports() -> None:
    rows = [{"rapport": report, **goal("a")} for report in ("2022-delar2", "2022-helar", "2023-delar2")]
    history = malhistorik(frame("malregister", "core", GOAL, *rows), NO_INDICATORS)
    assert history.select("rapport", "nasta_rapport").rows() == [
        ("2022-delar2", "2023-delar2"),
        ("2022-helar", None),
        ("2023-delar2", None),
    ]


def test_why_a_goal_ends_is_told_where_it_does() -> None:
    why = {"upphor": "Fullmäktige har ersatt målet."}
    ended = malhistorik(goals(y2022=[goal("a", **why), goal("b", **why)], y2023=[goal("b")]), NO_INDICATORS)
    assert ended.select("rapport", "id", "upphor_motivering").rows() == [
        ("2022-helar", "a", "Fullmäktige har ersatt målet."),
        ("2022-helar", "b", None),
        ("2023-helar", "b", None),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, "oforandrad", id="nothing"),
        pytest.param({"etappmal_ar": 2024}, "oforandrad", id="only the year that it is about"),
        pytest.param({"etappmal_varde": 55.0}, "nytt_etappmal", id="a higher milestone"),
        pytest.param({"etappmal_operator": ">"}, "nytt_etappmal", id="a stricter milestone"),
        pytest.param({"etappmal_varde": None, "etappmal_operator": None}, "nytt_etappmal", id="no milestone any more"),
        pytest.param({"malvarde": 90.0}, "nytt_etappmal", id="a target"),
        pytest.param({"indikator": "Otrygghet", "etappmal_varde": 55.0}, "omdopt", id="a name and a milestone"),
    ],
)
def test_milestones_keep_their_history(change: dict[str, Any], expected: str) -> None:
    history = malhistorik(NO_GOALS, indicators(y2022={}, y2023=change))
    assert history["uppkomst"].to_list() == ["forsta", expected]
    assert history["etappmal_varde"].to_list() == [50.0, change.get("etappmal_varde", 50.0)]


def test_what_stands_in_no_report_cannot_be_continued() -> None:
    with pytest.raises(PlanError, match=r"2023-helar, goal 'b': continues 'x', which is no goal of 2022-helar"):
        malhistorik(goals(y2022=[goal("a")], y2023=[goal("b", fortsatter="x")]), NO_INDICATORS)


def test_what_is_continued_need_not_be_known_where_there_is_no_report_before() -> None:
    history = malhistorik(goals(y2023=[goal("b", fortsatter="x")]), NO_INDICATORS)
    assert followed(history) == {("2023", "b"): ("forsta", None, None, None)}
