"""What every server of the public folder answers: types, caching, who may use it, and what is said of a fault.

Here belongs what is said about a file on the way out, once: ``output.serve`` says it over HTTP itself, and a
deployment's configuration of a static server says the same.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from output.publication.releases import TOMBSTONE
from output.site import LATEST, RELEASES

PLAIN: Final = "text/plain; charset=utf-8"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".geojson": "application/geo+json",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".parquet": "application/vnd.apache.parquet",
    ".rdf": "application/rdf+xml",
    ".svg": "image/svg+xml",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": PLAIN,
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""The type of each kind of file, whatever the machine takes it for. A file without an ending is plain text."""

METHODS: Final = ("GET", "HEAD")
ASKED_WITH: Final = ("Range", "If-Range", "If-None-Match")
"""What a page elsewhere may ask with."""

EXPOSED: Final = ("Accept-Ranges", "Content-Length", "Content-Range", "ETag", "Last-Modified")
"""What a page elsewhere may read of an answer."""

ALWAYS: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer says, also one that reports a fault."""

SHORT: Final = "public, max-age=300, must-revalidate"
"""Five minutes: dataportal.se and readers see a new publication the same night."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""A release never changes. Who has a withdrawn one in a cache keeps it there."""

UNCHANGING: Final = rf"^/{RELEASES}/[^/]+/(?!{re.escape(TOMBSTONE)}$)[^/]+(?<!\.html)$"
"""Addresses of the files of a release; what stands in place of a withdrawn one may change."""

RELEASE: Final = rf"^/{RELEASES}/([^/]+)/"
"""An address below a release, which it names."""

INSTEAD: Final[Mapping[str, str]] = {f"/{LATEST}": "/", f"/{RELEASES}": "/utgavor/"}
"""Folders of files alone, and the page that who asks for them is shown."""

RELEASE_FOLDER: Final = rf"^/{RELEASES}/[^/]+$"
"""A release's own folder, which has a page only where it has been withdrawn."""

FAULTS: Final[Mapping[int, str]] = {
    HTTPStatus.NOT_FOUND: "Sidan eller filen finns inte. Börja på startsidan (/) för att se vad som är publicerat.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Här går det bara att läsa (GET och HEAD).",
    HTTPStatus.GONE: "Utgåvan är återkallad och dess filer är borttagna. Skälet står på utgåvans sida (/utgavor/).",
}
"""What is said of a fault, in Swedish."""


def caching(address: str) -> str:
    """How long a file may be kept, by its address from the root of the site."""
    return FOR_EVER if re.search(UNCHANGING, address) else SHORT
