"""Whether every link inside what is published leads somewhere.

Here belongs the reading of links out of our own pages. Addresses of others are not asked: a
publication must not depend on who is up that night.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

LINK: Final = re.compile(r'\s(?:href|src)="([^"]*)"')
"""The templates write every attribute between double quotes."""

NAME: Final = re.compile(r'\sid="([^"]*)"')
INDEX: Final = "index.html"


def broken_links(generation: Path, present: AbstractSet[str]) -> list[str]:
    """Links of pages that lead to no file, or to no place in it. ``present`` are its files, by their paths in it."""

    @cache
    def names(page: str) -> frozenset[str]:
        """The places of a page that a link may lead to."""
        return frozenset(map(unescape, NAME.findall(_text(generation / page))))

    links = {page: sorted(set(_inner(page, _text(generation / page)))) for page in sorted(present) if _is_page(page)}
    return [
        f"{page} leads to {path}{f'#{place}' if place else ''}, which is not there"
        for page, path, place in _each(links)
        if path not in present or (place and _is_page(path) and place not in names(path))
    ]


def _each(links: Mapping[str, list[tuple[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """Each link with the page that it stands in."""
    return ((page, path, place) for page, found in links.items() for path, place in found)


def _inner(page: str, text: str) -> Iterator[tuple[str, str]]:
    """The files and places that a page leads to within the generation."""
    for address in LINK.findall(text):
        parts = urlsplit(unescape(address))
        if parts.scheme or parts.netloc:
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
        is_folder = parts.path.endswith("/") or path == "." or parts.path in {".", ".."}
        yield (posixpath.normpath(posixpath.join(path, INDEX)) if is_folder else path), unquote(parts.fragment)


def _is_page(path: str) -> bool:
    """Whether a file is a page."""
    return path.endswith(".html")


def _text(path: Path) -> str:
    """The text of a page; what cannot be read leads nowhere, and is told by its checksum."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
