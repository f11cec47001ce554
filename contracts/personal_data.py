"""Personal data in text: identity and coordination numbers, e-mail addresses and telephone numbers.

Here belongs what no published text may hold, whatever its table. What is done about a text that does
is the business of who asks: an extract is refused, a publication stopped.

Texts are searched by pattern, column by column, as ``contracts.plain_text`` has them: however a digit or a
dash is written. What a pattern finds is only then held to what makes it a number of its kind (date and
check digit, a number plan), so that amounts, diary numbers and lines of a report are not taken for one.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from contracts.plain_text import plain

BEFORE: Final = r"(?:^|[^0-9.,]|(?:^|[^0-9])[.,])"
"""What goes before a number that is not the end of another, or its decimals."""

GAP: Final = "[-_/+. ]{1,3}"
"""What may stand between the digits of an identity number."""

PAIR: Final = "[0-9]{2}"
IDENTITY: Final = (
    rf"{BEFORE}(?P<found>(?:(?:1[89]|20)(?:{GAP})?)?{PAIR}(?:(?:{GAP})?{PAIR}|{GAP}{PAIR}{GAP}){PAIR}"
    rf"[-_/+. ]{{0,3}}{PAIR}[-_/ ]?{PAIR})(?:$|[^0-9])"
)
SPACED: Final = rf"{BEFORE}(?P<found>[0-9](?:{GAP}[0-9]){{9}}(?:(?:{GAP}[0-9]){{2}})?)(?:$|[^0-9])"
"""An identity number with something between all of its digits."""

AT: Final = r"(?:@|[(\[{<] ?(?:@|at|snabel[- ]?a) ?[)\]}>]|\bsnabel-?a\b)"
DOT: Final = r"(?:\.| ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?)"
EMAIL: Final = rf'(?i)(?P<found>(?:"[^"@]{{1,64}}"|[\w.%+-]+) {{0,3}}{AT} {{0,3}}(?:[\w-]+{DOT})+[^\W\d_][\w-]+)'
APART: Final = "(?:^|[^-0-9.,/]|(?:^|[^0-9])[-.,/])"
"""What goes before a telephone number: neither the rest of a date nor of a diary number."""

PHONE: Final = rf"{APART}(?P<found>\(?(?:(?:\+|00)[1-9]|0[1-9])[0-9()/. -]{{5,22}}[0-9])(?:$|[^0-9])"
MOBILE: Final = "7[02369][ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}"
BARE: Final = rf"{BEFORE}(?P<found>46(?:[1-9][0-9]{{8}}|[ -]?{MOBILE}))(?:$|[^0-9])"
"""A telephone number with the code of the country and no sign before it."""

DATED: Final = re.compile(r"((?:19|20)\d\d)[-/. ]+\d\d[-/. ]+\d\d[-/. ]+((?:19|20)\d\d)")
"""A date with a year after it, as where one date follows on another."""

LATER: Final = 30
"""So many years lie between two dates that belong together, at most."""

TIMED: Final = re.compile(r"\d\d[-./]\d\d[-./](?:18|19|20)\d\d|[0-2]\d\.[0-5]\d ?- ?[0-2]\d\.[0-5]\d")
"""A date with the day first, and the hours from one time to another."""

AMOUNT: Final = re.compile(r"\+[1-9]\d{0,2}(?: \d{3}){1,3}")
LONGEST_AMOUNT: Final = 10
"""So many digits has an amount with its sign, at most; a foreign telephone number most often has more."""

WITHHELD: Final = "a text that may be personal data, and is not repeated here"
"""What stands in an error in place of such a text."""

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
    """A kind of personal data: what a text with it has at least, the candidates, and whether one is of the kind."""

    what: str
    sign: str
    pattern: str
    holds: Callable[[str], bool]


def findings(frame: pl.DataFrame, columns: Collection[str], exempt: Collection[str] = ()) -> Iterator[Finding]:
    """Every text in these columns that holds personal data, column by column.

    ``exempt`` are addresses of functions, which may stand anywhere.
    """
    allowed = {address.casefold() for address in exempt}
    for name in columns:
        # Texts repeat themselves: each is read once, and which rows it stands in is asked only where one is found.
        texts = frame.select(text=pl.col(name).unique()).filter(pl.col("text").str.contains(MAYBE))
        texts = texts.with_columns(plain=plain(texts["text"]))
        likely = {sign: texts.filter(pl.col("plain").str.contains(sign)) for sign in {kind.sign for kind in _KINDS}}
        found: dict[str, set[str]] = {kind.what: set() for kind in _KINDS}
        for kind in _KINDS:
            candidates = likely[kind.sign].filter(pl.col("plain").str.contains(kind.pattern))
            found[kind.what].update(text for text, read in candidates.iter_rows() if _holds(kind, read, allowed))
        for what, those in found.items():
            rows = frame.select(pl.col(name).is_in(those).arg_true()).to_series() if those else ()
            yield from (Finding(row, name, what) for row in rows)


def found_in(text: str, exempt: Collection[str] = ()) -> list[str]:
    """The kinds of personal data that a text holds."""
    return [found.what for found in findings(pl.DataFrame({"text": [text]}), ["text"], exempt)]


def _holds(kind: _Kind, text: str, allowed: Collection[str]) -> bool:
    """Whether a text holds personal data of a kind, beside what is allowed."""
    spared = allowed if kind.what == _EMAIL else ()
    return any(kind.holds(each) for each in _candidates(kind, text) if each.casefold() not in spared)


def _candidates(kind: _Kind, text: str) -> Iterator[str]:
    """What a pattern finds in a text, also where two finds share a sign between them."""
    compiled = re.compile(kind.pattern)
    at = 0
    while match := compiled.search(text, at):
        yield match["found"]
        at = match.end("found")


def _is_identity(text: str) -> bool:
    """Whether digits are a date of birth with a serial number and the right check digit."""
    from stdnum import luhn
    from stdnum.exceptions import ValidationError
    from stdnum.se import personnummer

    dated = DATED.fullmatch(text)
    if dated and 0 <= int(dated[2]) - int(dated[1]) <= LATER:
        return False
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
    """Whether digits are a number in a number plan, or begin with one as it is written for abroad or a mobile."""
    if _is_number(text):
        return True
    if not re.match(r"\(?(?:\+|00|07)", text):
        return False
    return any(_is_number(text[: gap.start()]) for gap in re.finditer(r"[().\-/ ]+", text))


def _is_bare_phone(text: str) -> bool:
    """Whether digits are a number with the code of the country, but for its sign."""
    return _is_number(f"+{text}")


def _is_number(text: str) -> bool:
    """Whether a text is one number in a number plan: the Swedish one, or that of the country whose code it has."""
    import phonenumbers

    digits = sum(sign.isdigit() for sign in text)
    if TIMED.fullmatch(text) or (AMOUNT.fullmatch(text) and digits <= LONGEST_AMOUNT):
        return False
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, "SE")))
    except phonenumbers.NumberParseException:
        return False


MAYBE: Final = (
    r"(?i)(?:\p{N}[^\p{N}]*){7}|[^ -~\u{a1}-\u{ff}\u{2013}\u{2014}\u{2019}\u{201d}\u{2026}]"
    r"|@|at ?[)\]}>]|snabel|&[#a-z]|%[0-9a-f]{2}|_x[0-9a-f]{4}_"
)
"""What a text holds at least if it is to be read more closely: seven digits, an address, or signs that hide them."""

NUMBERED: Final = r"(?:[0-9][^0-9]{0,4}){7}"
ADDRESSED: Final = r"(?i)@|at ?[)\]}>]|snabel"
"""What a text holds at least that has a number, or an address, in it: few do."""

_IDENTITY: Final = "a personal identity number or a coordination number"
_EMAIL: Final = "an e-mail address"
_PHONE: Final = "a telephone number"
_KINDS: Final = (
    _Kind(_IDENTITY, NUMBERED, IDENTITY, _is_identity),
    _Kind(_IDENTITY, NUMBERED, SPACED, _is_identity),
    _Kind(_EMAIL, ADDRESSED, EMAIL, bool),
    _Kind(_PHONE, NUMBERED, PHONE, _is_phone),
    _Kind(_PHONE, NUMBERED, BARE, _is_bare_phone),
)
