"""Finding the row of headings in an extract, and which column stands where.

Here belongs what is said of headings: missing, unknown, doubled, or written with another
separator. The cells below them do not.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.plain_text import INVISIBLE
from sources.errors import ExtractError
from sources.extracts.faults import Fault, listed, refusal
from sources.extracts.grid import Grid, Row

UNSEEN: Final = re.compile(INVISIBLE)
SEARCHED: Final = 30
"""How many rows may hold the headings: titles stand above them."""


@dataclass(frozen=True)
class Heading:
    """The row of headings: its number, the place of each heading, the places without a heading.

    A row below has at least ``least`` fields (empty headings at the end may be left out) and at
    most ``width``.
    """

    row: int
    places: Mapping[str, int]
    unnamed: tuple[int, ...]
    least: int
    width: int

    @property
    def names(self) -> Mapping[int, str]:
        """The heading at each place."""
        return {place: heading for heading, place in self.places.items()}


def tidy(text: str) -> str:
    """A heading as it is compared: trimmed, with one space for any run of white space, and nothing that is not seen."""
    return " ".join(UNSEEN.sub("", text).split())


def find(name: str, top: Sequence[Row], declared: Sequence[str], grid: Grid) -> Heading:
    """The first row that holds all declared headings, and no other.

    Raises ExtractError saying which headings are missing, unknown or doubled.
    """
    wanted = {tidy(heading): heading for heading in declared}
    rows = [(number, [tidy(cell) for cell in cells]) for number, cells in _filled(top, grid)]
    found = next(((number, cells) for number, cells in rows if wanted.keys() <= set(cells)), None)
    if found is None:
        raise _not_found(name, rows, list(wanted), grid)
    number, cells = found
    faults = [
        Fault(f"the heading stands {count} times", "Keep one of the columns.", number, heading)
        for heading, count in Counter(cells).items()
        if count > 1 and heading
    ]
    unknown = [heading for heading in dict.fromkeys(cells) if heading and heading not in wanted]
    faults += [
        Fault(
            "the column is not declared", f"Remove it: the table has the columns {listed(declared)}.", number, heading
        )
        for heading in unknown
    ]
    if faults:
        raise refusal(name, faults)
    return Heading(
        row=number,
        places={wanted[heading]: place for place, heading in enumerate(cells) if heading},
        unnamed=tuple(place for place, heading in enumerate(cells) if not heading),
        least=max(place for place, heading in enumerate(cells) if heading) + 1,
        width=len(cells),
    )


def _filled(top: Sequence[Row], grid: Grid) -> list[tuple[int, list[str]]]:
    """The rows with merged cells repeated downwards, so that a heading over two rows is in both."""
    cells = dict(top)
    return [
        (number, [cells[grid.merged.get((number, place), number)][place] for place in range(len(row))])
        for number, row in top
    ]


def _not_found(name: str, rows: Sequence[tuple[int, list[str]]], wanted: Sequence[str], grid: Grid) -> ExtractError:
    """The refusal of a file where no row holds all headings: by the row that holds most of them."""
    advice = grid.advice(wanted)
    if advice is not None:
        return refusal(name, [Fault(*advice)])
    number, cells = max(rows, key=lambda row: len(set(wanted) & set(row[1])), default=(0, []))
    missing = [heading for heading in wanted if heading not in cells]
    if len(missing) == len(wanted):
        what = f"none of the first {SEARCHED} rows holds the headings {listed(wanted)}"
        first = next((f" The first row that is not blank holds {listed(row)}." for _, row in rows if any(row)), "")
        return refusal(name, [Fault(what, f"Write the headings above the columns.{first}")])
    found = [heading for heading in cells if heading]
    remedy = f"The row holds the headings {listed(found)}. Export the table with all declared columns."
    faults = [Fault("the column is missing", remedy, number, heading) for heading in missing]
    return refusal(name, faults)
