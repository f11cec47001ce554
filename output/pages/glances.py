"""What the start page says of each other part of the report in a figure and a sentence.

Here belongs the short version. The pages that it leads to have modules of their own.
"""

from dataclasses import dataclass

from contracts.vocabulary import Done, Text, Verdict
from output.pages import wording
from output.pages.page import Language, Section
from output.pages.view import View
from output.pages.wording import both, number


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
    found = (_money(view), _assignments(view), _figures(view))
    return [glance for glance in found if glance is not None]


def _money(view: View) -> Glance | None:
    """The result against the budget."""
    total = next((row for row in view.rows("driftsredovisning") if row["radtyp"] == "summa"), None)
    if total is None or total["avvikelse_tkr"] is None:
        return None
    variance = total["avvikelse_tkr"] / 1000

    def sentence(language: Language) -> str:
        """What the figure is about."""
        spent, budget = (number(abs(total[name]) / 1000, 1, language) for name in ("utfall_tkr", "budget_tkr"))
        if language is Language.SWEDISH:
            return f"mot budget. Verksamheten kostade {spent} mnkr netto, budgeten var {budget}."
        return f"against budget. The net cost was SEK {spent} million, the budget {budget}."

    return Glance(
        title=Text("Ekonomi", "Money"),
        figure=both(lambda language: wording.quantity(variance, 1, "mnkr", language)),
        sentence=both(sentence),
        path=Section.MONEY,
        more=Text("Var det avvek", "Where it went"),
    )


def _assignments(view: View) -> Glance | None:
    """How many assignments were finished."""
    every = view.rows("uppdrag")
    if not every:
        return None
    done = sum(row["status"] == Done.DONE for row in every)
    left = len(every) - done

    def sentence(language: Language) -> str:
        """What became of the others."""
        if language is Language.SWEDISH:
            return "Alla uppdrag blev klara." if not left else f"{left} fortsätter eller har utgått."
        return "All assignments were finished." if not left else f"{left} go on or have been dropped."

    return Glance(
        title=Text("Uppdrag", "Assignments"),
        figure=Text(f"{done} av {len(every)} klara", f"{done} of {len(every)} done"),
        sentence=both(sentence),
        path=Section.ASSIGNMENTS,
        more=Text("Alla uppdrag", "All assignments"),
    )


def _figures(view: View) -> Glance | None:
    """How many stated figures do not add up."""
    every = view.rows("siffergranskning")
    if not every:
        return None
    wrong = sum(row["utslag"] in {Verdict.DISAGREES, Verdict.DIFFERS_FROM_SOURCE} for row in every)
    figure = Text(f"{wrong} av {len(every)} avviker", f"{wrong} of {len(every)} differ")
    if not wrong:
        figure = Text(f"Alla {len(every)} stämmer", f"All {len(every)} agree")
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
