"""What a dataset is about: the words that a search should meet, and the years that its figures are of.

Here belongs what catalogue and pages say of it alike.
"""

from collections.abc import Mapping
from typing import Final

from contracts import Contract
from contracts.vocabulary import Text
from output.tables import Published

KEYWORDS: Final = (Text("mål och resultat", "goals and results"), Text("uppföljning", "follow-up"))
KEYWORDS_OF: Final[Mapping[str, tuple[Text, ...]]] = {
    "areas": (Text("bostadsområde", "residential area"), Text("levnadsvillkor", "living conditions")),
    "assignments": (Text("uppdrag", "assignment"),),
    "figure_control": (Text("siffergranskning", "control of figures"), Text("datakvalitet", "data quality")),
    "internal_control": (Text("internkontroll", "internal control"), Text("upphandling", "procurement")),
    "money": (Text("budget", "budget"), Text("ekonomi", "economy"), Text("investering", "investment")),
    "people": (Text("personal", "staff"), Text("sjukfrånvaro", "sick leave")),
    "statistics": (Text("indikator", "indicator"), Text("nyckeltal", "key figure")),
    "status": (Text("indikator", "indicator"), Text("måluppfyllelse", "goal fulfilment")),
}


def keywords(declared: Contract) -> tuple[Text, ...]:
    """Words for the datasets of a group."""
    return (*KEYWORDS, *KEYWORDS_OF.get(declared.group, ()))


def years(table: Published) -> tuple[int, int] | None:
    """The first and the last year that rows, or their reports, are about; none where neither is said."""
    found = table.words("ar") or [int(report[:4]) for report in table.words("rapport")]
    return (min(found), max(found)) if found else None
