"""The start page: how is it going, at a glance, for all goals.

Here belongs what the first page says. Each goal has a page of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from contracts.vocabulary import Grade, MilestoneStatus, Text
from output.pages import sentences
from output.pages.datasets import counted
from output.pages.downloads import offered
from output.pages.glances import glances
from output.pages.lines import Goal, common_years, goals
from output.pages.page import Page, Section
from output.pages.view import View
from output.pages.wording import capital
from output.site import Release, ReleaseState

NOTHING: Final = Text("Inget är publicerat just nu", "Nothing is published at the moment")
HIGH: Final = frozenset({Grade.VERY_HIGH, Grade.HIGH})


@dataclass(frozen=True)
class Area:
    """A target area with its goals. A name such as ``Hållbart – ekologiskt`` has a heading and a line below it."""

    heading: str
    below: str
    goals: Sequence[Goal]


def pages(view: View) -> list[Page]:
    """The start page."""
    every = view.once(goals)
    count = sentences.tally([line.row["etappmal_status"] for goal in every for line in goal.lines])
    overall = next(iter(view.rows("samlad_bedomning")), None)
    decision = None if overall is None else overall["beslutad_maluppfyllelse"]
    computed = [goal.row["beraknad_maluppfyllelse"] for goal in every]
    assessable = sum(grade != Grade.NOT_ASSESSABLE for grade in computed)
    taken_back = withdrawn_last(view)
    title = sentences.headline(count) if every else NOTHING if taken_back else Text("Öppna data", "Open data")
    context = {
        "areas": areas(every),
        "marks": _marks(count),
        "remainder": sentences.remainder(count),
        "decided": sentences.decided_overall(decision, view.committee),
        "computed": sentences.computed_overall(sum(grade in HIGH for grade in computed), assessable),
        "glances": glances(view),
        **common_years(view.rows("indikatorer")),
        "offered": offered(view),
        "counted": counted(len(view.site.tables)),
        "withdrawn": ReleaseState.WITHDRAWN,
        "taken_back": taken_back,
    }
    lead = Text(
        f"Vad {view.committee.sv} lovade för {view.period.sv} och hur det gick.",
        f"What {view.committee.en} promised for {view.period.en} and how it went.",
    )
    return [Page("", "start.html", Section.GOALS, title, lead, context)]


def withdrawn_last(view: View) -> Release | None:
    """The newest release where all of them have been withdrawn, so that there is nothing to show."""
    return next(iter(view.site.releases), None) if view.site.newest is None else None


def areas(every: Sequence[Goal]) -> list[Area]:
    """Goals by target area, in the report's order."""
    found = []
    for name, together in groupby(every, key=lambda goal: str(goal.row["malomrade"])):
        heading, _, below = name.partition(" – ")
        found.append(Area(heading, capital(below), list(together)))
    return found


def _marks(count: sentences.Tally) -> list[tuple[str, Text, int]]:
    """Each status that occurs, with its word and count."""
    counts = {
        MilestoneStatus.REACHED: count.reached,
        MilestoneStatus.TIE: count.ties,
        MilestoneStatus.NOT_REACHED: count.missed,
        MilestoneStatus.NOT_ASSESSABLE: count.unknown,
    }
    return [(str(status), sentences.STATUSES[status], number) for status, number in counts.items() if number]
