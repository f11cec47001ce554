"""The control of figures: what does not add up, where it stands in the report, and by how much.

Here belongs how checks are shown. The checks themselves are published, not made here.
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.vocabulary import FigureCheck, Text, Verdict
from output.pages.page import Page, Section
from output.pages.view import Row, View
from output.pages.wording import decimals_of

WRONG: Final = (Verdict.DISAGREES, Verdict.DIFFERS_FROM_SOURCE)

VERDICTS: Final = {
    Verdict.AGREES: Text("Stämmer", "Agrees"),
    Verdict.WITHIN_ROUNDING: Text("Inom avrundning", "Within rounding"),
    Verdict.DISAGREES: Text("Stämmer inte", "Does not agree"),
    Verdict.DIFFERS_FROM_SOURCE: Text("Skiljer sig från källan", "Differs from the source"),
    Verdict.NOT_CHECKABLE: Text("Kan inte kontrolleras", "Cannot be checked"),
}


def pages(view: View) -> list[Page]:
    """The page of the checked figures; none where nothing was checked."""
    rows = view.rows("siffergranskning")
    if not rows:
        return []
    wrong = [row for row in rows if row["utslag"] in WRONG]
    lead = Text(
        "Varje summa, andel och påstående i rapporten är omräknat mot rapportens egna tabeller och mot källan.",
        "Each total, share and claim of the report is computed again from the report's own tables and its source.",
    )
    context: dict[str, Any] = {
        "wrong": [_shown(row) for row in sorted(wrong, key=lambda row: int(row["kalla_rad"] or 0))],
        "rounded": [_shown(row) for row in rows if row["utslag"] == Verdict.WITHIN_ROUNDING],
        "verdicts": list(VERDICTS.values()),
        "categories": _categories(rows),
    }
    return [
        Page(Section.FIGURES, "checked_figures.html", Section.FIGURES, headline(len(wrong), len(rows)), lead, context)
    ]


def headline(wrong: int, total: int) -> Text:
    """How many figures do not add up."""
    if total == 1:
        return Text("Siffran går inte ihop", "The figure does not add up") if wrong else _agrees()
    if wrong == 0:
        return Text(f"Alla {total} siffror går ihop", f"All {total} figures add up")
    if wrong == total:
        return Text(f"Ingen av {total} siffror går ihop", f"None of {total} figures adds up")
    verb = "does" if wrong == 1 else "do"
    return Text(f"{wrong} av {total} siffror går inte ihop", f"{wrong} of {total} figures {verb} not add up")


def _agrees() -> Text:
    """The headline where the only figure adds up."""
    return Text("Siffran går ihop", "The figure adds up")


def _shown(row: Row) -> dict[str, Any]:
    """A check with the decimals that show its figures alike."""
    return {"row": row, "decimals": decimals_of([row["pastatt"], row["beraknat"], row["differens"]])}


def _categories(rows: Sequence[Row]) -> list[tuple[Text, list[int]]]:
    """How many checks of each kind gave each verdict."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        at = (row["kategori"], row["utslag"])
        counts[at] = counts.get(at, 0) + 1
    kinds = [kind for kind in FigureCheck if any(category == kind for category, _ in counts)]
    return [(kind.text, [counts.get((str(kind), str(verdict)), 0) for verdict in VERDICTS]) for kind in kinds]
