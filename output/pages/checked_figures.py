"""The control of figures: what does not add up, where it stands in the report, and by how much.

Here belongs how checks are shown. The checks themselves are published, not made here.
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.vocabulary import FigureCheck, Text, Verdict
from output.pages.page import Page, Section
from output.pages.view import Row, View
from output.pages.wording import decimals_of

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
    wrong, total = disagreeing(rows)
    lead = Text(
        "Varje summa, andel och påstående i rapporten är omräknat mot rapportens egna tabeller och mot källan.",
        "Each total, share and claim of the report is computed again from the report's own tables and its source.",
    )
    context: dict[str, Any] = {
        "wrong": _judged(rows, Verdict.DISAGREES),
        "moved": _judged(rows, Verdict.DIFFERS_FROM_SOURCE),
        "rounded": _judged(rows, Verdict.WITHIN_ROUNDING),
        "verdicts": list(VERDICTS.values()),
        "categories": _categories(rows),
    }
    return [Page(Section.FIGURES, "checked_figures.html", Section.FIGURES, headline(wrong, total), lead, context)]


def disagreeing(rows: Sequence[Row]) -> tuple[int, int]:
    """How many figures do not agree, and how many could be checked.

    A figure that its source has since changed is no error of the report, and is not counted as one.
    """
    judged = [row["utslag"] for row in rows if row["utslag"] != Verdict.NOT_CHECKABLE]
    return judged.count(Verdict.DISAGREES), len(judged)


def headline(wrong: int, total: int) -> Text:
    """How many of the figures that could be checked do not add up."""
    if total == 0:
        return Text("Ingen siffra kunde kontrolleras", "No figure could be checked")
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


def _judged(rows: Sequence[Row], verdict: Verdict) -> list[dict[str, Any]]:
    """The checks of a verdict, in the order of the report."""
    return [_shown(row) for row in sorted(rows, key=lambda row: int(row["kalla_rad"] or 0)) if row["utslag"] == verdict]


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
