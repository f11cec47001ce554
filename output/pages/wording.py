"""How figures, units, years and counts are written for people, in Swedish and in English.

Here belongs the form of a figure. Which sentence is true of which data stands in
``output.pages.sentences`` and the modules of the pages.

A true minus, a narrow no-break space between thousands in Swedish and a comma in English, and a
no-break space before the unit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from contracts.vocabulary import Operator, Text
from output.pages.page import Language

MINUS: Final = "\N{MINUS SIGN}"
NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MISSING: Final = "\N{EN DASH}"

MOST_DECIMALS: Final = 2
"""A source's figure with more decimals is rounded for the eye; the files hold them all."""

SIDE_DECIMALS: Final = 6
"""As many as a share by area is published with: enough to tell its side of any printed bound."""

KILOBYTE: Final = 1000

UNITS: Final[Mapping[str, Text]] = {
    "procent": Text(f"{NO_BREAK}%", f"{NO_BREAK}%"),
    "procentenheter": Text(f"{NO_BREAK}procentenheter", f"{NO_BREAK}percentage points"),
    "mnkr": Text(f"{NO_BREAK}mnkr", f"{NO_BREAK}MSEK"),
    "tkr": Text(f"{NO_BREAK}tkr", f"{NO_BREAK}kSEK"),
    "kronor": Text(f"{NO_BREAK}kr", f"{NO_BREAK}SEK"),
    "personer": Text(f"{NO_BREAK}personer", f"{NO_BREAK}people"),
    "index": Text("", ""),
    "kvot": Text("", ""),
    "antal": Text("", ""),
}
"""What stands after a figure. A unit that is not named here stands as it is."""

OPERATORS: Final[Mapping[str, Text]] = {str(word): word.text for word in Operator}

MEASURES: Final[Mapping[str, Text]] = {
    "procent": Text("Procent", "Percent"),
    "mnkr": Text("Miljoner kronor", "SEK million"),
    "index": Text("Index", "Index"),
    "kvot": Text("Kvot", "Ratio"),
    "antal": Text("Antal", "Number"),
}
"""What a chart or table says of its unit."""

COUNTS: Final = [
    "noll",
    "ett",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
    "tretton",
    "fjorton",
    "femton",
    "sexton",
    "sjutton",
    "arton",
    "nitton",
    "tjugo",
]
ENGLISH_COUNTS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]

PERIODS: Final[Mapping[str, Text]] = {
    "helar": Text("helåret {}", "the full year {}"),
    "delar1": Text("januari–april {}", "January–April {}"),
    "delar2": Text("januari–augusti {}", "January–August {}"),
}

MONTHS: Final = (
    Text("januari", "January"),
    Text("februari", "February"),
    Text("mars", "March"),
    Text("april", "April"),
    Text("maj", "May"),
    Text("juni", "June"),
    Text("juli", "July"),
    Text("augusti", "August"),
    Text("september", "September"),
    Text("oktober", "October"),
    Text("november", "November"),
    Text("december", "December"),
)


def both(write: Callable[[Language], str]) -> Text:
    """A text made the same way in each language."""
    return Text(write(Language.SWEDISH), write(Language.ENGLISH))


def number(value: float | None, decimals: int, language: Language) -> str:
    """A figure with its decimals; a dash where it is missing.

    >>> number(-1234.5, 1, Language.ENGLISH) == "−1,234.5"
    True
    """
    if value is None:
        return MISSING
    written = f"{abs(value):,.{decimals}f}"
    if language is Language.SWEDISH:
        written = written.replace(",", NARROW).replace(".", ",")
    # A rounded zero has no sign.
    return f"{MINUS}{written}" if value < 0 and any(digit in "123456789" for digit in written) else written


def quantity(value: float | None, decimals: int, unit: str, language: Language) -> str:
    """A figure with its unit."""
    if value is None:
        return MISSING
    return number(value, decimals, language) + unit_sign(unit, language)


def unit_sign(unit: str, language: Language) -> str:
    """What stands after a figure of this unit."""
    known = UNITS.get(unit)
    return f"{NO_BREAK}{unit}" if known is None else language.of(known)


def measure(unit: str) -> Text:
    """What is measured, for a caption."""
    return MEASURES.get(unit, Text(unit[:1].upper() + unit[1:], unit[:1].upper() + unit[1:]))


def decimals_of(values: Iterable[float | None], most: int = MOST_DECIMALS) -> int:
    """The decimals that show all these figures, so that they can be compared.

    >>> decimals_of([0.82, 0.85, 1.0, None])
    2
    """
    shown = (next((places for places in range(most) if round(value, places) == value), most) for value in known(values))
    return max(shown, default=0)


def decimals_beside(value: float | None, bound: float | None) -> int:
    """The decimals that show a figure, and on which side of a bound it lies.

    >>> decimals_beside(15.002534, 15.0), decimals_beside(15.0, 15.0), decimals_beside(14.8, 15.0)
    (3, 0, 1)
    """
    places = decimals_of([value])
    if value is None or bound is None or value == bound:
        return places
    return next((each for each in range(places, SIDE_DECIMALS) if round(value, each) != bound), SIDE_DECIMALS)


def known(values: Iterable[float | None]) -> list[float]:
    """The figures that there are."""
    return [value for value in values if value is not None]


def bound(operator: str | None, value: float | None, decimals: int, unit: str, language: Language) -> str:
    """What a milestone or a target asks for."""
    if value is None:
        return MISSING
    amount = quantity(value, decimals, unit, language)
    if operator is None:
        return amount
    return f"{language.of(OPERATORS[operator])} {amount}"


def count_word(count: int, language: Language) -> str:
    """A count as running text writes it: in letters up to twenty. Swedish counts neuters: ``ett``."""
    words = COUNTS if language is Language.SWEDISH else ENGLISH_COUNTS
    return words[count] if count < len(words) else number(count, 0, language)


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def enumerated(parts: Sequence[str], language: Language) -> str:
    """Parts of a sentence after one another.

    >>> enumerated(["a", "b", "c"], Language.ENGLISH)
    'a, b and c'
    """
    if len(parts) <= 1:
        return "".join(parts)
    word = "och" if language is Language.SWEDISH else "and"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def period(rapport: str) -> Text:
    """The time that a report is about."""
    year, _, kind = rapport.partition("-")
    form = PERIODS.get(kind, Text("{}", "{}"))
    return Text(form.sv.format(year), form.en.format(year))


def size(count: int, language: Language) -> str:
    """A size in bytes.

    >>> size(214_400, Language.ENGLISH) == "214 kB"
    True
    """
    amount = float(count)
    for unit in ("byte", "kB", "MB"):
        if amount < KILOBYTE:
            return f"{number(amount, 0, language)}{NO_BREAK}{unit}"
        amount /= KILOBYTE
    return f"{number(amount, 1, language)}{NO_BREAK}GB"


def day(iso: str, language: Language) -> str:
    """A day in words, from its ISO form (what stands after the day is left out).

    >>> day("2024-03-01T00:00:00Z", Language.ENGLISH) == "1 March 2024"
    True
    """
    year, month, date = iso[:10].split("-")
    return f"{int(date)}{NO_BREAK}{language.of(MONTHS[int(month) - 1])} {year}"
