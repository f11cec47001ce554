"""Sites of a few rows, for the tests of the pages.

Here belongs a plain row of each table that pages read; what a test changes in it stands in the test.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from contracts import contract
from contracts.vocabulary import Text
from output.pages import write_pages
from output.publication.manifest import FileEntry
from output.site import Release, ReleaseState, Site
from output.tables import published
from tests.output.publishing import ABOUT, framed

Rows = Sequence[Mapping[str, Any]]

STAMPS: Final[dict[str, Any]] = {
    "kommun_id": "0126",
    "rapport": "2023-helar",
    "kalla": "Rapporten",
    "kalla_rad": 100,
}
GOAL: Final[dict[str, Any]] = {
    **STAMPS,
    "namndmal_id": "trygghet",
    "malomrade": "En trygg kommun – social hållbarhet",
    "kf_mal": "Tryggt för alla",
    "namndmal": "Öka tryggheten",
    "antal_indikatorer": 1,
    "antal_bedombara": 1,
    "antal_uppnadda": 0,
    "antal_gransfall": 0,
    "beraknad_maluppfyllelse": "Ej uppfyllt",
    "beslutad_maluppfyllelse": "Delvis uppfyllt",
    "stammer": False,
    "steg": 1,
    "motivering": "Arbetet pågår.",
    "motivering_av": "sammanfattning",
    "regelversion": "1",
    "avstamning": "Beslutet ligger 1 steg över det beräknade.",
}
OVERALL: Final[dict[str, Any]] = {
    **STAMPS,
    "beraknad_maluppfyllelse": "Ej uppfyllt",
    "beslutad_maluppfyllelse": "Delvis uppfyllt",
    "regelversion": "1",
}
INDICATOR: Final[dict[str, Any]] = {
    **STAMPS,
    "indikator_id": "oro",
    "indikator": "Oro för brottslighet",
    "namndmal_id": "trygghet",
    "enhet": "procent",
    "riktning": "lagre_ar_battre",
    "utfall_ar": 2023,
    "utfall": 52.0,
    "etappmal_ar": 2023,
    "etappmal_operator": "<=",
    "etappmal_varde": 38.0,
    "malvarde_ar": 2030,
    "malvarde_operator": "<=",
    "malvarde": 35.0,
    "etappmal_status": "ej_uppnatt",
    "rapporterad_status": "ej_angivet",
    "rapporterad_av_malet": "ej_angivet",
    "orsak_kalla": "ej_tillampligt",
    "forklaring": "Utfallet var 52 %.",
    "avstamning": "Rapporten säger inget om just den indikatorn.",
}
OUTCOME: Final[dict[str, Any]] = {
    **STAMPS,
    "indikator_id": "oro",
    "ar": 2023,
    "kon": "T",
    "utfall": 52.0,
    "kalla_id": "indikatorutfall",
    "mognad": "slutlig",
    "kand_fran": dt.datetime(2023, 12, 31),  # noqa: DTZ001 - the warehouse keeps UTC without a zone
}
TABLES: Final[dict[str, Rows]] = {
    "malbedomning": [GOAL],
    "samlad_bedomning": [OVERALL],
    "indikatorer": [INDICATOR],
    "indikatorutfall": [OUTCOME, {**OUTCOME, "ar": 2022, "utfall": 46.0}],
}
RELEASE: Final = Release(
    id="2024-03-28",
    date=dt.date(2024, 3, 28),
    state=ReleaseState.PUBLISHED,
    summary=Text("Ett utfall har kommit.", "An outcome has come."),
)


def small_site(tables: Mapping[str, Rows] = TABLES, **more: Any) -> Site:
    """A site of these tables, each with a CSV file of its own."""
    return Site(
        about=more.pop("about", ABOUT),
        tables={
            name: published(framed([dict(row) for row in rows], contract(name).polars_schema), contract(name))
            for name, rows in tables.items()
        },
        files={
            name: [FileEntry(path=f"{name}.csv", dataset=name, rows=len(rows), bytes=1200, sha256="0" * 64)]
            for name, rows in tables.items()
        },
        releases=more.pop("releases", [RELEASE]),
        **more,
    )


class Reader(HTMLParser):
    """What a page holds: its elements with their attributes, its text, the elements left open."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element. Cells and paragraphs stand apart, also where no space is written between them."""
        self.elements.append((tag, dict(attrs)))
        if tag in {"td", "th", "li", "p", "dt", "dd", "h1", "h2", "h3"}:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """The page's text, with single spaces."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def pages_of(root: Path) -> dict[str, Reader]:
    """Every page below a folder, by its address."""
    return {
        path.relative_to(root).as_posix().removesuffix("index.html"): Reader(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.html"))
    }


def inner_links(address: str, page: Reader) -> Iterator[str]:
    """Where a page leads within the site, from its root."""
    here = f"http://site/{address}"
    for tag, attribute in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
        for attributes in page.all(tag):
            there = attributes.get(attribute)
            if there is not None and urlsplit(there).scheme not in {"http", "https", "mailto"}:
                yield urljoin(here, there).removeprefix("http://site/")


def written(root: Path, site: Site) -> dict[str, Reader]:
    """The pages of a site, by their address."""
    write_pages(root, site)
    return pages_of(root)
