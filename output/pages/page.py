"""A page: its address, its template and what the template is given.

Here belongs what all kinds of pages share. Each kind has a module of its own beside this one, which
gives a list of pages; ``output.pages.rendering`` writes each of them in both languages.

Addresses are folders below the language's root, ended by a slash, made of the ids of what they show:
``mal/oka_trygghet/``. Swedish pages stand at the root of the site, English ones below ``en/``. Links are
relative, so that the site works wherever it is put.
"""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contracts.vocabulary import Text

ASSETS: Final = "assets/"
"""Where style, font and icon stand, from the root of the site."""


class Language(StrEnum):
    """A language that every page is written in."""

    SWEDISH = "sv"
    ENGLISH = "en"

    @property
    def root(self) -> str:
        """The folder of the language's pages, from the root of the site."""
        return "" if self is Language.SWEDISH else f"{self}/"

    @property
    def other(self) -> "Language":
        """The language of a page's twin."""
        return Language.ENGLISH if self is Language.SWEDISH else Language.SWEDISH

    def of(self, text: Text) -> str:
        """A text in this language."""
        return text.sv if self is Language.SWEDISH else text.en


class Section(StrEnum):
    """The part of the site that a page belongs to, by the address that the menu leads to."""

    GOALS = ""
    MONEY = "ekonomi/"
    PEOPLE = "personal/"
    ASSIGNMENTS = "uppdrag/"
    COMPARISONS = "jamforelser/"
    AREAS = "omraden/"
    FIGURES = "kontroll/"
    DATA = "data/"
    OTHER = "om/"


MENU: Final[Mapping[Section, Text]] = {
    Section.GOALS: Text("Mål", "Goals"),
    Section.MONEY: Text("Ekonomi", "Money"),
    Section.PEOPLE: Text("Personal", "Staff"),
    Section.ASSIGNMENTS: Text("Uppdrag", "Assignments"),
    Section.COMPARISONS: Text("Jämförelser", "Comparisons"),
    Section.AREAS: Text("Områden", "Areas"),
    Section.FIGURES: Text("Kontroll av siffror", "Checked figures"),
    Section.DATA: Text("Data", "Data"),
}
"""What the menu says, in its order. A part without a page is left out."""

FOOTER: Final[Sequence[tuple[Text, str]]] = (
    (Text("Om sidan", "About"), "om/"),
    (Text("Hur färskt det är", "How fresh it is"), "farskhet/"),
    (Text("Tillgänglighet", "Accessibility"), "tillganglighet/"),
    (Text("Licens", "Licence"), "om/#licens"),
    (Text("Utgåvor", "Releases"), "utgavor/"),
    (Text("Katalog för maskiner", "Catalogue for machines"), "data/#maskiner"),
    (Text("Kontakt", "Contact"), "om/#kontakt"),
)
"""What stands at the foot of every page. A page that is not there is left out."""


@dataclass(frozen=True)
class Page:
    """One page, in both languages.

    ``path`` is its address below the language's root. ``title`` and ``lead`` are what search engines and
    link previews show. ``trail`` leads back, as (title, path). Every sentence in ``context`` is a ``Text``.
    """

    path: str
    template: str
    section: Section
    title: Text
    lead: Text
    context: Mapping[str, Any] = field(default_factory=dict)
    trail: tuple[tuple[Text, str], ...] = ()


def link(here: str, there: str) -> str:
    """A relative address from the page at ``here`` to ``there``, both from the root of the site.

    >>> link("en/mal/trygghet/", "latest/indikatorer.csv")
    '../../../latest/indikatorer.csv'
    >>> link("mal/trygghet/", "")
    '../../'
    >>> link("", "")
    './'
    """
    path, sign, fragment = there.partition("#")
    relative = posixpath.relpath(path or ".", here or ".")
    slash = "/" if not path or path.endswith("/") else ""
    return f"{relative}{slash}{sign}{fragment}"
