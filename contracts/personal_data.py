"""Personal data in text: identity and coordination numbers, e-mail addresses and telephone numbers.

Here belongs what no published text may hold, whatever its table. What is done about a text that does
is the business of who asks: an extract is refused, a publication stopped.

Texts are searched by pattern, column by column. What a pattern finds is only then held to what makes it
a number of its kind (date and check digit, a number plan), so that amounts, diary numbers and lines of a
report are not taken for one.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

SPACE: Final = "[ \u00a0\u2009\u202f]"
DASH: Final = "[-\u2010\u2011\u2012\u2013\u2212]"
BEFORE: Final = r"(?:^|[^0-9.,]|[^0-9][.,])"
"""What goes before a number that is not the end of another, or its decimals."""

IDENTITY: Final = rf"{BEFORE}(?P<found>(?:1[89]|20)?[0-9]{{6}}{SPACE}?(?:{DASH}|\+)?{SPACE}?[0-9]{{4}})(?:$|[^0-9])"
EMAIL: Final = (
    rf"(?P<found>[\p{{L}}\p{{N}}._%+-]+{SPACE}?(?:@|\(at\)|\[at\]){SPACE}?[\p{{L}}\p{{N}}-]+(?:\.[\p{{L}}\p{{N}}-]+)+)"
)
PHONE: Final = rf"{BEFORE}(?P<found>\(?(?:(?:\+|00)46|0[1-9])(?:[0-9()/]|{SPACE}|{DASH}){{5,18}}[0-9])(?:$|[^0-9])"
UNSEEN: Final = r"\p{Cf}"
"""Characters that are not seen, such as soft hyphens and spaces without width: they hide a number from a pattern."""

COORDINATED: Final = 60
"""What a coordination number adds to the day of birth."""


@dataclass(frozen=True)
class Finding:
    """A text that holds personal data: the row of the frame (from 0), the column, and what was found."""

    row: int
    column: str
    what: str


@dataclass(frozen=True)
class _Kind:
    """A kind of personal data: the pattern that finds candidates, and whether one is what it looks like."""

    what: str
    pattern: str
    holds: Callable[[str], bool]


def findings(frame: pl.DataFrame, columns: Collection[str], exempt: Collection[str] = ()) -> Iterator[Finding]:
    """Every text in these columns that holds personal data, column by column.

    ``exempt`` are addresses of functions, which may stand anywhere.
    """
    allowed = {address.casefold() for address in exempt}
    for name in columns:
        texts = frame.select(
            pl.int_range(pl.len()).alias("row"), pl.col(name).str.replace_all(UNSEEN, "").alias("text")
        )
        for kind in _KINDS:
            candidates = texts.filter(pl.col("text").str.contains(kind.pattern))
            for row, text in candidates.iter_rows():
                if any(kind.holds(each) for each in _candidates(kind, text) if each.casefold() not in allowed):
                    yield Finding(row, name, kind.what)


def _candidates(kind: _Kind, text: str) -> Iterator[str]:
    """What a pattern finds in a text, also where two finds share a sign between them."""
    # Rust, which polars searches with, names letters and digits; to Python both are \w, with the underscore.
    compiled = re.compile(kind.pattern.replace(r"\p{L}\p{N}", r"\w"))
    at = 0
    while match := compiled.search(text, at):
        yield match["found"]
        at = match.end("found")


def _is_identity(text: str) -> bool:
    """Whether digits are a date of birth with a serial number and the right check digit."""
    from stdnum import luhn
    from stdnum.exceptions import ValidationError
    from stdnum.se import personnummer

    digits = re.sub("[^0-9]", "", text)
    if not luhn.is_valid(digits[-10:]):
        return False
    day = int(digits[-6:-4])
    born = f"{digits[:-6]}{day - COORDINATED if day > COORDINATED else day:02}{digits[-4:]}"
    try:
        personnummer.get_birth_date(born)
    except ValidationError:
        return False
    return True


def _is_phone(text: str) -> bool:
    """Whether digits are a number in the Swedish number plan."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, "SE")))
    except phonenumbers.NumberParseException:
        return False


_KINDS: Final = (
    _Kind("a personal identity number or a coordination number", IDENTITY, _is_identity),
    _Kind("an e-mail address", EMAIL, bool),
    _Kind("a telephone number", PHONE, _is_phone),
)
