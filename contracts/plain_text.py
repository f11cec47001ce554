"""Texts as they are searched: one sign for every dash, space, digit and dot, and nothing that is not seen.

Here belongs what makes two texts the same to a reader and different to a pattern. What is searched for
is the business of who asks; a text is published as it was written.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final
from urllib.parse import unquote

import polars as pl

STRANGE: Final = r"[^ -~\u{c0}-\u{ff}]"
"""What is neither a sign of ASCII that is seen nor a letter of Western Europe."""

UNSEEN: Final = r"[\p{Cf}\p{Mn}\p{Me}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{3164}\u{ffa0}]"
"""What is not seen, or only as part of the sign before it: soft hyphens, spaces without width, marks, fillers."""

INVISIBLE: Final = r"[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]"
"""Signs without width: a text says the same without them."""

MISLEADING: Final = r"[\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
"""Signs that turn the order of what is read, or steer a terminal: no text needs them."""

SAME: Final[Mapping[str, str]] = {
    "-": r"[\p{Pd}\u{2212}\u{2043}\u{02d7}\u{2796}\u{23af}\u{2500}]",
    " ": r"[\s\p{Z}\u{2800}]",
    ".": r"[\u{3002}\u{b7}\u{2022}\u{2027}\u{2219}\u{22c5}]",
    "/": r"[\u{2044}\u{2215}\u{29f8}]",
    "+": r"\u{2795}",
    "_": r"[\u{203f}\u{2054}]",
}
"""Signs that look like one of ASCII, and that Unicode does not take for it."""

LAST_DIGIT: Final = 0x1FFFF
"""No sign for a digit stands after this one in Unicode."""

OOXML: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATES: Final = range(0xD800, 0xE000)


def unescaped(text: str) -> str:
    """A text with what a workbook writes as ``_x00AD_`` as the sign itself."""
    return OOXML.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    """The sign that an escape stands for; half a sign is let be."""
    number = int(found[1], 16)
    return found[0] if number in SURROGATES else chr(number)


ESCAPES: Final[Mapping[str, Callable[[str], str]]] = {
    r"_x[0-9A-Fa-f]{4}_": unescaped,
    r"&(?:#|[A-Za-z])": html.unescape,
    r"%[0-9A-Fa-f]{2}": unquote,
}
"""Ways of writing a sign by its number: of workbooks, HTML and addresses."""


def plain(texts: pl.Series) -> pl.Series:
    """The texts as they are searched, in the same order. A text of nothing strange is as it was."""
    for pattern, decoded in ESCAPES.items():
        escaped = texts.str.contains(pattern).fill_null(value=False)
        if escaped.any():
            clear = pl.Series([decoded(text) for text in texts.filter(escaped)], dtype=pl.String)
            texts = texts.scatter(escaped.arg_true(), clear)
    strange = texts.str.contains(STRANGE).fill_null(value=False)
    return texts.scatter(strange.arg_true(), _normalised(texts.filter(strange))) if strange.any() else texts


def _normalised(texts: pl.Series) -> pl.Series:
    """Texts in the compatible form of Unicode, without what is not seen."""
    texts = texts.str.normalize("NFKC").str.replace_all(UNSEEN, "")
    for sign, others in SAME.items():
        texts = texts.str.replace_all(others, sign)
    foreign = texts.str.contains(r"[^\x00-\u{24f}]").fill_null(value=False)
    if not foreign.any():
        return texts
    digits = texts.filter(foreign).to_frame("text").select(pl.col("text").str.replace_many(_digits()))
    return texts.scatter(foreign.arg_true(), digits["text"])


@cache
def _digits() -> dict[str, str]:
    """Each sign for a digit in any script, with its digit."""
    found = {chr(number): unicodedata.digit(chr(number), None) for number in range(0x250, LAST_DIGIT)}
    return {sign: str(digit) for sign, digit in found.items() if digit is not None}
