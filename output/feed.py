"""``feed.atom`` and ``sitemap.xml``: what is new, for programs that ask every day.

Here belong the two files. An entry of the feed says what a release changed; a withdrawn release has an
entry of its own that says why.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from output.differences.difference import Flip
from output.publication.manifest import MANIFEST
from output.site import RELEASES, Release, ReleaseState, Site

FEED: Final = "feed.atom"
SITEMAP: Final = "sitemap.xml"

ATOM: Final = "http://www.w3.org/2005/Atom"
SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

SHOWN: Final = 10
"""How many flipped statuses an entry names."""


def write_feed(root: Path, site: Site) -> None:
    """Write the feed, the newest first."""
    base, about = site.about.base_url, site.about
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "sv"})
    _texts(feed, id=f"{base}/{FEED}", title=f"Mål och resultat, {about.publisher}: utgåvor")
    newest = max((release.withdrawn or release.date for release in site.releases), default=dt.date.min)
    _texts(feed, updated=_moment(newest))
    SubElement(feed, "link", {"rel": "self", "href": f"{base}/{FEED}"})
    SubElement(feed, "link", {"rel": "alternate", "href": f"{base}/"})
    _texts(SubElement(feed, "author"), name=about.publisher)
    for release in site.releases:
        flips = site.difference.flips if release == site.newest and site.difference else ()
        if release.state is ReleaseState.WITHDRAWN:
            _withdrawal(feed, base, release)
        else:
            _release(feed, base, release, flips)
    _write(root / FEED, feed)


def write_sitemap(root: Path, base_url: str) -> None:
    """Write the list of all pages below ``root``."""
    pages = Element("urlset", {"xmlns": SITEMAPS})
    for path in sorted(page.relative_to(root).as_posix() for page in root.rglob("*.html")):
        _texts(SubElement(pages, "url"), loc=f"{base_url}/{path.removesuffix('index.html')}")
    _write(root / SITEMAP, pages)


def _release(feed: Element, base: str, release: Release, flips: Sequence[Flip]) -> None:
    """What a release changed."""
    entry = SubElement(feed, "entry")
    _texts(
        entry,
        id=f"{base}/{RELEASES}/{release.id}/",
        title=f"Utgåva {release.id}: {release.summary.sv}",
        updated=_moment(release.date),
    )
    SubElement(entry, "link", {"rel": "alternate", "href": f"{base}/{RELEASES}/{release.id}/{MANIFEST}"})
    _texts(entry, summary="\n".join([release.summary.sv, *_told(flips)]))


def _told(flips: Sequence[Flip]) -> Iterator[str]:
    """The statuses that flipped, and why, a line each."""
    for flip in flips[:SHOWN]:
        causes = " ".join(cause.text.sv for cause in flip.causes)
        yield f"{flip.label}: {flip.before or 'saknas'} → {flip.after or 'saknas'}. {causes}"
    if len(flips) > SHOWN:
        yield f"och {len(flips) - SHOWN} till."


def _withdrawal(feed: Element, base: str, release: Release) -> None:
    """Why a release was taken back."""
    entry = SubElement(feed, "entry")
    _texts(
        entry,
        id=f"{base}/{RELEASES}/{release.id}/#aterkallad",
        title=f"Utgåva {release.id} är återkallad",
        updated=_moment(release.withdrawn or release.date),
    )
    SubElement(entry, "link", {"rel": "alternate", "href": f"{base}/{RELEASES}/{release.id}/"})
    _texts(entry, summary=release.why or "")


def _moment(day: dt.date) -> str:
    """A day as Atom has it: its beginning."""
    return f"{day.isoformat()}T00:00:00Z"


def _texts(parent: Element, **texts: str) -> None:
    """Add an element with its text for each."""
    for name, text in texts.items():
        SubElement(parent, name).text = text


def _write(path: Path, root: Element) -> None:
    """Write the tree as UTF-8."""
    indent(root, space=" ")
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
