"""About the site: how status is worked out, who publishes, on what terms; and the accessibility statement.

Here belongs what is said of the site itself. The grades and their meaning come from the vocabularies.
"""

from typing import Final

from contracts.vocabulary import Grade, MilestoneStatus, Text
from output.pages.datasets import licence_name
from output.pages.page import Page, Section
from output.pages.sentences import GRADES, STATUSES
from output.pages.view import View
from output.pages.wording import capital

PATH: Final = "om/"
ACCESSIBILITY: Final = "tillganglighet/"


def pages(view: View) -> list[Page]:
    """The page about the site, and the accessibility statement."""
    return [_about(view), _accessibility()]


def _about(view: View) -> Page:
    """How it is worked out, by whom it is published, and on what terms."""
    rules = {row["regelversion"] for row in view.rows("malbedomning")}
    context = {
        "grades_explained": [(Text(capital(GRADES[each].sv), capital(GRADES[each].en)), each.text) for each in Grade],
        "statuses_explained": [(str(each), STATUSES[each], each.text) for each in MilestoneStatus],
        "rules": sorted(rules),
        "sources": sorted({str(row["kalla"]) for row in view.rows("indikatorutfall")}),
        "licence_name": licence_name(view.site.about.licence),
    }
    title = Text("Så fungerar sidan", "How this site works")
    lead = Text(
        "Vad som är rapportens, vad som är källornas och vad som är vår uträkning.",
        "What is the report's, what is the sources', and what is our own working.",
    )
    return Page(PATH, "about.html", Section.OTHER, title, lead, context)


def _accessibility() -> Page:
    """The accessibility statement."""
    title = Text("Tillgänglighet", "Accessibility")
    lead = Text(
        "Sidorna ska kunna läsas av alla. Så har vi gjort, och så hör du av dig om något brister.",
        "These pages are to be read by everyone. This is what we have done, and how to tell us of a fault.",
    )
    return Page(ACCESSIBILITY, "accessibility.html", Section.OTHER, title, lead)
