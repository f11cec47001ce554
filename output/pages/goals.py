"""A page for each committee goal: its milestones, its grade and why, its assignments and its money.

Here belongs what is said of one goal. Its indicators have pages of their own.
"""

from typing import Any

from contracts.vocabulary import Text
from output.pages import sentences
from output.pages.lines import Goal, goals
from output.pages.page import Page, Section
from output.pages.view import View


def pages(view: View) -> list[Page]:
    """The page of each goal."""
    return [_page(view, goal) for goal in goals(view)]


def address(goal_id: str) -> str:
    """Where the page of a goal stands."""
    return f"mal/{goal_id}/"


def _page(view: View, goal: Goal) -> Page:
    """The page of a goal."""
    name = goal.row["namndmal"]
    context: dict[str, Any] = {
        "goal": goal,
        "headline": sentences.headline(goal.tally),
        "grades_sentence": sentences.goal_lead(goal.row),
        "remainder": sentences.remainder(goal.tally),
        "assignments": view.by("uppdrag", "namndmal_id").get(goal.row["namndmal_id"], []),
        "grants": view.by("extern_finansiering", "namndmal_id").get(goal.row["namndmal_id"], []),
        "initiatives": _initiatives(view, goal),
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


def _initiatives(view: View, goal: Goal) -> list[Any]:
    """The special initiatives that pay for an assignment of the goal."""
    assigned = {row["uppdrag_id"] for row in view.rows("uppdrag") if row["namndmal_id"] == goal.row["namndmal_id"]}
    return [row for row in view.rows("sarskilda_satsningar") if row["uppdrag_id"] in assigned]
