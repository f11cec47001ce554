"""What the start page says of each other part of the report in a figure and a sentence.

Here belongs the short version. The pages that it leads to have modules of their own.
"""

from dataclasses import dataclass

from contracts.vocabulary import Disposition, Done, Text
from output.pages import assignments, checked_figures, internal_control, money, people, wording
from output.pages.page import Section
from output.pages.view import View
from output.pages.wording import both


@dataclass(frozen=True)
class Glance:
    """A part of the report: its title, its figure, a sentence, and the page that tells more."""

    title: Text
    figure: Text
    sentence: Text
    path: str
    more: Text


def glances(view: View) -> list[Glance]:
    """Each part that has something to say."""
    found = (_money(view), _people(view), _assignments(view), _control(view), _figures(view))
    return [glance for glance in found if glance is not None]


def _money(view: View) -> Glance | None:
    """The result against the budget."""
    total = money.result(view)
    if total is None or total["avvikelse_tkr"] is None:
        return None
    variance = total["avvikelse_tkr"] / money.MILLION
    return Glance(
        title=Text("Ekonomi", "Money"),
        figure=both(lambda language: wording.quantity(variance, 1, "mnkr", language)),
        sentence=Text(f"{money.headline(total['avvikelse_tkr']).sv}.", f"{money.headline(total['avvikelse_tkr']).en}."),
        path=Section.MONEY,
        more=Text("Var det avvek", "Where it went"),
    )


def _people(view: View) -> Glance | None:
    """How many are employed."""
    counted = view.rows("antal_anstallda")
    last, told = people.newest(counted), people.headline(counted)
    if last is None:
        return None
    return Glance(
        title=Text("Personal", "Staff"),
        figure=both(lambda language: wording.number(last["varde"], 0, language)),
        sentence=Text(f"{last['organisation']}: {told.sv}.", f"{last['organisation']}: {told.en}."),
        path=Section.PEOPLE,
        more=Text("Anställda och sjukfrånvaro", "Employees and sick leave"),
    )


def _assignments(view: View) -> Glance | None:
    """How many assignments were finished."""
    ends = [str(row["fortsattning"]) for row in view.rows("uppdrag")]
    if not ends:
        return None
    done = ends.count(Disposition.DONE)
    return Glance(
        title=Text("Uppdrag", "Assignments"),
        figure=Text(f"{done} av {len(ends)} klara", f"{done} of {len(ends)} done"),
        sentence=assignments.remainder(ends),
        path=Section.ASSIGNMENTS,
        more=Text("Alla uppdrag", "All assignments"),
    )


def _control(view: View) -> Glance | None:
    """How much of the internal control was finished, or how much is told of it where nothing was to be done."""
    rows = sum(len(view.rows(table)) for table, *_ in internal_control.SHOWN)
    if not rows:
        return None
    statuses = [str(row["status"]) for table in internal_control.MEASURES for row in view.rows(table)]
    done = statuses.count(Done.DONE)
    figure = Text(f"{done} av {len(statuses)} klara", f"{done} of {len(statuses)} done")
    sentence = Text("Åtgärder mot risker och kontroller.", "Measures against risks, and controls.")
    if not statuses:
        figure = Text("1 uppgift", "1 figure") if rows == 1 else Text(f"{rows} uppgifter", f"{rows} figures")
        sentence = Text("Om kommunens kontroll av sitt eget arbete.", "Of the municipality's checks of its own work.")
    return Glance(
        title=Text("Intern kontroll", "Internal control"),
        figure=figure,
        sentence=sentence,
        path=internal_control.PATH,
        more=Text("Vad kontrollerna visade", "What the checks showed"),
    )


def _figures(view: View) -> Glance | None:
    """How many stated figures do not add up."""
    wrong, total = checked_figures.disagreeing(view.rows("siffergranskning"))
    if not total:
        return None
    figure = Text(f"{wrong} av {total} stämmer inte", f"{wrong} of {total} do not agree")
    if not wrong:
        figure = Text(f"Alla {total} stämmer", f"All {total} agree")
    return Glance(
        title=Text("Kontroll av siffror", "Checked figures"),
        figure=figure,
        sentence=Text(
            "Varje summa, andel och påstående i rapporten är omräknat mot rapportens egna tabeller och mot källan.",
            "Each total, share and claim of the report is computed again from its own tables and its source.",
        ),
        path=Section.FIGURES,
        more=Text("Vad som inte går ihop", "What does not add up"),
    )
