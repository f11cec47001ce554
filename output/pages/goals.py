"""A page for each committee goal: its milestones, its grade and why, its assignments and its money.

Here belongs what is said of one goal. Its indicators have pages of their own.
"""

from typing import Any, Final

import polars as pl

from contracts.history_words import Beginning, Tracked
from contracts.vocabulary import Text
from output.pages import areas, sentences
from output.pages.ledgers import Ledger, ledger
from output.pages.lines import Goal, common_years, goals
from output.pages.page import Page, Section
from output.pages.view import View

CHANGED: Final = frozenset({Beginning.RENAMED, Beginning.SPLIT, Beginning.MERGED})
"""How a goal came into its report, where it was called otherwise before."""


def pages(view: View) -> list[Page]:
    """The page of each goal."""
    return [_page(view, goal) for goal in view.once(goals)]


def address(goal_id: str) -> str:
    """Where the page of a goal stands."""
    return f"mal/{goal_id}/"


def _page(view: View, goal: Goal) -> Page:
    """The page of a goal."""
    name = goal.row["namndmal"]
    context: dict[str, Any] = {
        "goal": goal,
        **common_years([line.row for line in goal.lines]),
        "headline": sentences.headline(goal.tally),
        "grades_sentence": sentences.goal_lead(goal.row),
        "remainder": sentences.remainder(goal.tally),
        "assignments": view.by("uppdrag", "namndmal_id").get(goal.row["namndmal_id"], []),
        "forecasts": view.by("prognoser", "namndmal_id").get(goal.row["namndmal_id"], []),
        "earlier": _earlier(view, goal.row["namndmal_id"]),
        "by_area": areas.of_goal(view, goal.row["namndmal_id"]),
        "ledgers": [each for each in _money(view, goal) if each is not None],
    }
    return Page(
        path=address(goal.row["namndmal_id"]),
        template="goal.html",
        section=Section.GOALS,
        title=Text(name, name),
        lead=sentences.headline(goal.tally),
        context=context,
        trail=((Text("Mål", "Goals"), ""),),
    )


def _earlier(view: View, goal_id: str) -> list[str]:
    """What the goal was called in the report before, where it was not this."""
    followed = [row for row in view.rows("malhistorik") if row["slag"] == Tracked.GOAL and row["id"] == goal_id]
    if not followed or followed[0]["uppkomst"] not in CHANGED:
        return []
    (row,) = followed
    ids, before = str(row["foregangare"]).split(";"), view.site.tables["malhistorik"].frame
    return before.filter(
        pl.col("kommun_id") == row["kommun_id"],
        pl.col("rapport") == row["foregaende_rapport"],
        pl.col("slag") == Tracked.GOAL,
        pl.col("id").is_in(ids),
    )["namn"].to_list()


def _money(view: View, goal: Goal) -> list[Ledger | None]:
    """The special initiatives that pay for an assignment of the goal, and the grants for it."""
    of = goal.row["namndmal_id"]
    assigned = {row["uppdrag_id"] for row in view.rows("uppdrag") if row["namndmal_id"] == of}
    paid = [row for row in view.rows("sarskilda_satsningar") if row["uppdrag_id"] in assigned]
    granted = [row for row in view.rows("extern_finansiering") if row["namndmal_id"] == of]
    spent = ("budget_tkr", "utfall_tkr", "forbrukning_procent")
    return [
        ledger(view, "sarskilda_satsningar", "satsning", *spent, rows=paid),
        ledger(view, "extern_finansiering", "finansiar", "bidrag_tkr", "kostnad_tkr", "netto_tkr", rows=granted),
    ]
