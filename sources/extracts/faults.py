"""Faults found in a municipality's own file, and the one error that tells of them.

Here belong where a fault stands, what it is and how many are told at once. Finding faults is the
work of the readers: ``delimited``, ``workbook``, ``heading`` and ``cells``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.personal_data import WITHHELD, found_in
from sources.errors import ExtractError

SHOWN: Final = 10
"""How many faults of a file are told at once."""

LONGEST: Final = 60
"""How many characters of a value are shown."""


@dataclass(frozen=True)
class Fault:
    """One fault: what is wrong, what to do, and the row and the heading of the column if it has them."""

    what: str
    remedy: str
    row: int | None = None
    column: str | None = None

    @property
    def place(self) -> str:
        """Row and column, as a person looks for them."""
        parts = [
            *([f"row {self.row}"] if self.row is not None else []),
            *([f"column {shown(self.column)}"] if self.column is not None else []),
        ]
        return ", ".join(parts)


def shown(value: str) -> str:
    """A value as it can be shown: quoted, shortened, with what is not printable escaped; never personal data."""
    if found_in(value):
        return WITHHELD
    cut = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    return "'" + "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut) + "'"


def letters(place: int) -> str:
    """The letters of a column, as spreadsheets name them; ``place`` counts from 0."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def listed(values: Sequence[str]) -> str:
    """Values in a row, the first ten of them."""
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(shown(value) for value in values[:SHOWN]) + more


def refusal(name: str, faults: Sequence[Fault], total: int | None = None) -> ExtractError:
    """The error that tells of the faults in the file ``name``; ``total`` counts those that are not at hand too."""
    total = len(faults) if total is None else total
    first = faults[:SHOWN]
    remedy = " ".join(dict.fromkeys(fault.remedy for fault in first))
    if total == 1:
        where = f"{name}, {first[0].place}" if first[0].place else name
        return ExtractError(f"{first[0].what}.", where=where, remedy=remedy)
    told = "; ".join(f"{fault.place}: {fault.what}" if fault.place else fault.what for fault in first)
    more = f"; and {total - len(first)} more" if total > len(first) else ""
    return ExtractError(f"{total} faults: {told}{more}.", where=name, remedy=remedy)
