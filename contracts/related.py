"""How figures of a table are related to each other and to those of other tables.

Here belong the relations from which a reader could work out a count that isn't published: each is one
subtraction. The totals of a tree (``adds_up``, ``over_id``) are declared with their table.
"""

from dataclasses import dataclass
from typing import Final

PERSONS: Final = "personer"
"""The unit of a figure that counts persons. Figures of any other unit, ``antal`` too, count other things."""


@dataclass(frozen=True)
class Change:
    """``column`` is the value of ``of`` minus that of the row a step before in ``over``, all else alike."""

    column: str
    of: str
    over: str = "ar"


@dataclass(frozen=True)
class Whole:
    """In columns that count persons, the row with ``total`` in ``over`` is the sum of the others, all else alike."""

    over: str
    total: str


@dataclass(frozen=True)
class Nested:
    """In columns that count persons, rows that are alike in all but ``over`` may be parts of each other.

    Nothing says which: where figures add up exactly to another, they are taken to be its parts.
    """

    over: str


@dataclass(frozen=True)
class OfWhich:
    """In columns that count persons, a row whose ``over`` begins with one of these words is part of those that do not.

    All else is alike. What is left of the whole is a count of persons too, whether or not it has a row.
    """

    over: str
    begins: tuple[str, ...] = ("varav", "därav")


@dataclass(frozen=True)
class ShareOf:
    """``column`` is a share of the persons that ``of`` of table ``table`` counts, on rows alike in what both keys have.

    Of a row whose count is left blank the share is too, for which ``status`` has the reason, with its ``change``
    and that of the row a step later in ``over``. ``part`` names the column, and in it the word for all, where a
    row may be about some of the persons alone: such a row goes with the parts of the count (``OfWhich``) too.
    """

    column: str
    table: str
    of: str
    status: str
    change: str
    over: str = "ar"
    part: tuple[str, str] | None = None


@dataclass(frozen=True)
class Persons:
    """``columns`` count persons on the rows whose ``unit`` is that of persons, and on no others.

    ``units_of`` is the table that says the unit, by what both keys have, where it is not the table itself. Where
    one is too small all of them are left blank, with ``derived`` that are worked out of them, and ``reason`` says
    why, as a status or in prose; without one the whole row is left out. ``only`` is a column and the value in it
    of the rows that this is about, where it is not about all.
    """

    columns: tuple[str, ...]
    unit: str = "enhet"
    units_of: str | None = None
    derived: tuple[str, ...] = ()
    reason: str | None = None
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class Repeats:
    """``column`` repeats ``of`` of table ``table``, on the row that is alike in what both have of its key."""

    column: str
    table: str
    of: str


@dataclass(frozen=True)
class Mentions:
    """A row tells in words or figures of a figure elsewhere: the columns that hold its table, row and column.

    Where ``row`` and ``column`` are None all three stand in ``table``, with a colon between them.
    ``expression`` is a column that says in a formula what the row's figure is worked out of. ``unplaced`` rows say
    only which table, and may be about any report.
    """

    table: str
    row: str | None = None
    column: str | None = None
    expression: str | None = None
    unplaced: bool = False


Related = Change | Whole | Nested | OfWhich | ShareOf | Persons | Repeats | Mentions
