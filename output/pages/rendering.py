"""Pages as files: templates filled in, in each language, and the files that all pages share.

Here belongs what templates are given beside their context: the language, relative links, and how
figures are written. What a page says belongs in the module of its kind.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from output.pages import wording
from output.pages.page import ASSETS, FOOTER, MENU, Language, Page, link
from output.pages.sentences import DISPOSITIONS, GRADES, STATUSES
from output.pages.view import View

INDEX: Final = "index.html"
"""The file that a web server shows for a folder."""

STATIC: Final = "static"


def render(root: Path, view: View, pages: Sequence[Page]) -> None:
    """Write every page in every language below ``root``, and the files that they share."""
    present = {page.path for page in pages}
    menu = [(title, section) for section, title in MENU.items() if section in present]
    for language in Language:
        for page in pages:
            folder = root / language.root / page.path
            folder.mkdir(parents=True, exist_ok=True)
            given = {**_words(page, language, present), **page.context, "page": page, "view": view, "menu": menu}
            text = _environment().get_template(page.template).render(given)
            (folder / INDEX).write_text(text, encoding="utf-8", newline="\n")
    write_assets(root / ASSETS)


def write_assets(folder: Path) -> None:
    """Write style, font and icon."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _assets():
        (folder / name).write_bytes(content)


def _assets() -> Iterator[tuple[str, bytes]]:
    """The files that all pages share, by name."""
    for file in sorted(resources.files("output.pages").joinpath(STATIC).iterdir(), key=lambda each: each.name):
        yield file.name, file.read_bytes()


@cache
def _environment() -> Environment:
    """Templates that escape everything and stop at a name that is not there."""
    return Environment(
        loader=PackageLoader("output.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _words(page: Page, language: Language, present: set[str]) -> dict[str, Any]:
    """What every template may use, for a page in a language."""
    here = language.root + page.path

    def to(path: str) -> str:
        """A page of the same language, from here."""
        return link(here, language.root + path)

    def file(path: str) -> str:
        """A file of the site, which is the same in all languages, from here."""
        return link(here, path)

    def say(swedish: str, english: str) -> str:
        """One of two texts."""
        return swedish if language is Language.SWEDISH else english

    def swedish(text: str) -> str | Markup:
        """A text that is only in Swedish, marked as such on a page that is not."""
        return text if language is Language.SWEDISH else Markup('<span lang="sv">{}</span>').format(text)

    return {
        "language": language,
        "twin": link(here, language.other.root + page.path),
        "to": to,
        "file": file,
        "say": say,
        "swedish": swedish,
        "has_page": present.__contains__,
        "of": language.of,
        "number": partial(_number, language),
        "quantity": lambda value, decimals, unit: wording.quantity(value, decimals, unit, language),
        "bound": lambda operator, value, decimals, unit: wording.bound(operator, value, decimals, unit, language),
        "size": lambda count: wording.size(count, language),
        "day": lambda iso: wording.day(str(iso), language),
        "capital": wording.capital,
        "json_ld": _json_ld,
        "footer": [(title, path) for title, path in FOOTER if path.partition("#")[0] in present],
        "statuses": STATUSES,
        "grades": GRADES,
        "dispositions": DISPOSITIONS,
    }


def _number(language: Language, value: float | None, decimals: int = 0) -> str:
    """A figure; whole numbers where nothing else is said."""
    return wording.number(value, decimals, language)


def _json_ld(data: Any) -> Markup:
    """Data inside a script element: nothing in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 - escaped
