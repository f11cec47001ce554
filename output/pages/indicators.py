"""A page for each indicator: its series, milestone and target, its rank, and what its source says today.

Here belongs what is said of one indicator. How a chart is drawn stands in ``output.pages.charts``.
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.vocabulary import Direction, Reason, Revision, Text
from output.pages import charts, sentences
from output.pages.downloads import of_dataset
from output.pages.goals import address as goal_address
from output.pages.lines import Line, lines, outcomes_of
from output.pages.page import Language, Page, Section
from output.pages.ranking import Ranking, rankings
from output.pages.view import Row, View
from output.pages.wording import both, bound, decimals_beside, decimals_of, measure, quantity

NO_SOURCE: Final = {
    **sentences.REASONS,
    Reason.NOT_PUBLISHED: Text("källan har inget värde för året", "the source has no value for the year"),
}
"""Why a report's figure has no value of a source beside it, as the end of a sentence."""

SEXES: Final = {"K": Text("Kvinnor", "Women"), "M": Text("Män", "Men")}


def pages(view: View) -> list[Page]:
    """The page of each indicator."""
    goals = {row["namndmal_id"]: row["namndmal"] for row in view.rows("malbedomning")}
    outcomes = view.by("indikatorutfall", "indikator_id")
    ranked = view.once(rankings)
    return [
        _page(view, line, outcomes.get(name, []), ranked.get(name, []), goals.get(line.row["namndmal_id"]))
        for name, line in view.once(lines).items()
    ]


def address(indicator_id: str) -> str:
    """Where the page of an indicator stands."""
    return f"indikator/{indicator_id}/"


def _page(view: View, line: Line, outcomes: Sequence[Row], ranked: Sequence[Ranking], goal: str | None) -> Page:
    """The page of an indicator."""
    row = line.row
    stated = outcomes_of(outcomes, row["kalla"])
    source = _source(row, outcomes)
    main = outcomes_of(outcomes, source) if source else []
    shown = [*main, *((year, value) for year, value in stated if not main or year > main[-1][0])]
    title = sentences.series_title(shown, decimals_of(value for _, value in shown), row["enhet"])
    trail: tuple[tuple[Text, str], ...] = ((Text("Mål", "Goals"), ""),)
    context: dict[str, Any] = {
        "line": line,
        "verdict": sentences.verdict(row, line.decimals),
        "development": sentences.development(row, line.year_before, line.decimals),
        "series_title": title,
        "measure": measure(row["enhet"]),
        "years": (shown[0][0], shown[-1][0]) if shown else None,
        "source": source,
        "source_id": next((each["kalla_id"] for each in outcomes if each["kalla"] == source), None),
        "received": max((each["kand_fran"] for each in outcomes if each["kalla"] == source), default=None),
        "chart": _chart(line, stated, main, ranked, title) if shown else None,
        "source_decimals": decimals_beside(row["utfall_kalla"], row["etappmal_varde"]),
        "directions": {str(word): word for word in Direction},
        "revision_kinds": {str(word): word for word in Revision},
        "others": ranked[-1].others if ranked else 0,
        "table": _table(outcomes, row["kalla"], source),
        "rank": ranked[-1] if ranked else None,
        "rank_chart": ranked[-1].chart if ranked else None,
        "why_no_source": NO_SOURCE.get(row["orsak_kalla"]),
        "checks": _checks(view, row["indikator_id"]),
        "revisions": [each for each in view.rows("revideringar") if _uses(each, row["indikator_id"])],
        "downloads": of_dataset(view, "indikatorutfall"),
    }
    if goal is not None:
        trail = (*trail, (Text(goal, goal), goal_address(row["namndmal_id"])))
    return Page(
        path=address(row["indikator_id"]),
        template="indicator.html",
        section=Section.GOALS,
        title=Text(row["indikator"], row["indikator"]),
        lead=context["verdict"],
        context=context,
        trail=trail,
    )


def _source(row: Row, outcomes: Sequence[Row]) -> str | None:
    """The source that measures the same thing beside the report, where there is one."""
    return next((each["kalla"] for each in outcomes if each["kalla"] != row["kalla"]), None)


def _uses(revision: Row, indicator_id: str) -> bool:
    """Whether a revised value is used by an indicator."""
    return indicator_id in (revision["indikatorer"] or "").split(";")


def _checks(view: View, indicator_id: str) -> list[Row]:
    """The checks of the outcomes that the report states."""
    return [
        row
        for row in view.rows("siffergranskning")
        if row["tabell"] == "indikatorutfall" and str(row["rad"]).split(" ")[0].split("/")[0] == indicator_id
    ]


def _chart(
    line: Line,
    stated: Sequence[tuple[int, float]],
    main: Sequence[tuple[int, float]],
    ranked: Sequence[Ranking],
    title: Text,
) -> Text:
    """The chart of an indicator's years, in both languages."""
    row = line.row
    until = [(year, value) for year, value in stated if year <= row["utfall_ar"]]
    drawn = charts.Series(
        main=main,
        stated=until if row["utfall"] is not None else [],
        others=_others(ranked, {year for year, _ in main}),
        status=row["etappmal_status"],
        label=_label(line),
        milestone=_bound(line, "etappmal", row["etappmal_varde"], Text("etappmål", "milestone")),
        target=_bound(line, "malvarde", row["malvarde"], Text("mål", "target")),
    )
    return charts.series(drawn, title, sentences.verdict(row, line.decimals))


def _label(line: Line) -> Text:
    """What is written beside the outcome."""
    amount = both(lambda language: quantity(line.row["utfall"], line.decimals, line.row["enhet"], language))
    return Text(f"{amount.sv} år {line.row['utfall_ar']}", f"{amount.en} in {line.row['utfall_ar']}")


def _others(ranked: Sequence[Ranking], years: set[int]) -> dict[str, list[tuple[int, float]]]:
    """The lines of the county's other municipalities."""
    found: dict[str, list[tuple[int, float]]] = {}
    for each in ranked:
        for code, value in each.values.items():
            if code != each.own and each.year in years:
                found.setdefault(code, []).append((each.year, value))
    return found


def _bound(line: Line, which: str, value: float | None, word: Text) -> charts.Bound | None:
    """A milestone or a target for the chart."""
    year, operator = line.row[f"{which}_ar"], line.row[f"{which}_operator"]
    if year is None or value is None:
        return None

    def label(language: Language) -> str:
        """What is written beside it."""
        return f"{language.of(word)} {year}: {bound(operator, value, line.decimals, line.row['enhet'], language)}"

    return charts.Bound(year, value, both(label))


def _table(outcomes: Sequence[Row], stated: str, source: str | None) -> dict[str, Any]:
    """The figures of the chart: a column for the report, one for the source, for each sex, and the report's line."""
    known = [row for row in outcomes if row["kand_till"] is None and row["utfall"] is not None]
    columns: list[tuple[Text, str, str]] = [(Text("Rapporten", "The report"), stated, "T")]
    if source:
        columns.append((Text(source, source), source, "T"))
        columns += [(title, source, sex) for sex, title in SEXES.items() if any(row["kon"] == sex for row in known)]
    cells = {(row["ar"], row["kalla"], row["kon"]): row["utfall"] for row in known}
    years = sorted({row["ar"] for row in known}, reverse=True)
    lines = {row["ar"]: row["kalla_rad"] for row in known if row["kalla"] == stated}
    return {
        "columns": [title for title, _, _ in columns],
        "decimals": [
            decimals_of(value for (_, kalla, sex), value in cells.items() if (kalla, sex) == (name, of))
            for _, name, of in columns
        ],
        "rows": [(year, [cells.get((year, name, sex)) for _, name, sex in columns], lines.get(year)) for year in years],
    }
