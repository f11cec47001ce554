"""Internal control: samples, measures, controls, procurements and vehicles.

Here belongs what the municipality checks in its own work. The control of the report's figures is another
matter, and stands in ``output.pages.checked_figures``.
"""

from typing import Final

from contracts.vocabulary import Done, Text
from output.pages.ledgers import ledger
from output.pages.page import Page, Section
from output.pages.view import View

PATH: Final = "internkontroll/"

MEASURES: Final = ("riskatgarder", "granskningsatgarder", "systematiska_kontroller")
"""Tables of what was to be done."""

SHOWN: Final = (
    ("riskatgarder", "atgard", "process", "risk", "status"),
    ("granskningsatgarder", "atgard", "granskning", "status"),
    ("systematiska_kontroller", "kontroll", "process", "status"),
    ("stickprov", "organisation", "antal_stickprov", "antal_fel", "andel_fel_procent"),
    ("kontrollresultat", "matt", "process", "varde", "enhet", "ar"),
    ("direktupphandlingar", "organisation", "matt", "varde", "enhet", "ar"),
    ("fordonsflotta", "organisation", "fordon", "antal", "andel_fossilfri_procent"),
)
"""Each table with the column that names its rows, and those that are shown of it."""


def pages(view: View) -> list[Page]:
    """The page of internal control; none where no such table is published."""
    found = (ledger(view, table, name, *columns) for table, name, *columns in SHOWN)
    ledgers = [each for each in found if each is not None]
    if not ledgers:
        return []
    statuses = [str(row["status"]) for table in MEASURES for row in view.rows(table)]
    title = headline(statuses.count(Done.DONE), len(statuses))
    lead = Text(
        "Vad kommunen kontrollerar i sitt eget arbete, och vad kontrollerna visade.",
        "What the municipality checks in its own work, and what the checks showed.",
    )
    context = {"ledgers": ledgers}
    return [Page(PATH, "ledgers.html", Section.OTHER, title, lead, context)]


def headline(done: int, total: int) -> Text:
    """How many measures and controls were finished."""
    if total == 0:
        return Text("Intern kontroll", "Internal control")
    if total == 1:
        return Text("Åtgärden är klar", "The measure is done") if done else Text("Åtgärden är inte klar", "Not done")
    if done == total:
        return Text(f"Alla {total} åtgärder och kontroller är klara", f"All {total} measures and controls are done")
    if done == 0:
        return Text(
            f"Ingen av {total} åtgärder och kontroller är klar", f"None of {total} measures and controls is done"
        )
    return Text(
        f"{done} av {total} åtgärder och kontroller är klara", f"{done} of {total} measures and controls are done"
    )
