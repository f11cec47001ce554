"""The public folder as a static server shows it: what is filled into the configuration of nginx.

Here belongs how ``output.answers`` is said in that configuration, so that it answers as ``etappmal serve``
does, but for the tag of a file: nginx makes it of the file's time and size.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from output import answers
from output.publication.releases import TOMBSTONE
from output.site import RELEASES
from pipelines.settings import Settings, SettingsError

NAME: Final = "etappmal.conf"

LISTEN: Final = re.compile(r"(?:(?:[\w.-]+|\[[0-9a-fA-F:]+\]):)?[0-9]{1,5}", re.ASCII)
HOST: Final = re.compile(r"[\w.-]+", re.ASCII)
UNSAYABLE: Final = re.compile(r'["\\$\x00-\x1f]')
"""Signs that nginx gives a meaning of their own within quotation marks."""


def values(settings: Settings, listen: str) -> Mapping[str, str]:
    """What the configuration says, by the names of its template.

    Raises SettingsError where a value cannot stand in it.
    """
    host, root = urlsplit(settings.base_url).hostname or "", str(settings.public)
    if not LISTEN.fullmatch(listen):
        raise SettingsError(f"--listen is {listen!r}: write a port, or an address and a port (127.0.0.1:8080).")
    if not HOST.fullmatch(host):
        raise SettingsError(f"ETAPPMAL_BASE_URL is {settings.base_url}: it names no host that nginx can answer for.")
    if UNSAYABLE.search(root):
        raise SettingsError(f'ETAPPMAL_PUBLIC is {root!r}: nginx takes no ", \\, $ or control character in a path.')
    return {
        "listen": listen,
        "host": host,
        "root": root,
        "methods": ", ".join(answers.METHODS),
        "asked_with": ", ".join(answers.ASKED_WITH),
        "unchanging": answers.UNCHANGING.removeprefix("^"),
        "release": answers.RELEASE,
        "releases": RELEASES,
        "all_releases": answers.INSTEAD[f"/{RELEASES}"],
        "tombstone": TOMBSTONE,
        "for_ever": answers.FOR_EVER,
        "short": answers.SHORT,
        "plain": answers.PLAIN,
        "types": _types(),
        "always": "\n".join(f'    add_header {name} "{said}" always;' for name, said in answers.ALWAYS.items()),
        "instead": "\n".join(_instead(folder, page) for folder, page in answers.INSTEAD.items()),
        "missing": answers.FAULTS[HTTPStatus.NOT_FOUND],
        "gone": answers.FAULTS[HTTPStatus.GONE],
        "reading_only": answers.FAULTS[HTTPStatus.METHOD_NOT_ALLOWED],
    }


def _types() -> str:
    """Each type with the endings of its files."""
    kinds = sorted((kind, ending.removeprefix(".")) for ending, kind in answers.MEDIA_TYPES.items())
    return "\n".join(
        f'        "{kind}" {" ".join(ending for _, ending in endings)};'
        for kind, endings in groupby(kinds, key=lambda each: each[0])
    )


def _instead(folder: str, page: str) -> str:
    """The way from a folder of files alone to a page, with its slash or without."""
    return f'    location ~ "^{folder}/?$" {{\n        return 303 {page};\n    }}\n'
