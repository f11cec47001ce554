"""Working out expressions over published tables: the figure that comes of one, and the same in words.

Here belongs the way from a tree of ``sources.plan.expressions`` to a quantity, and the Swedish that
tells what was put together. What is held against the result belongs in ``claims``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from contracts import Column, contract
from contracts.trees import identity_of
from contracts.vocabulary import Origin
from pipelines.transforms.quantities import (
    MONEY,
    NothingToComputeError,
    Quantity,
    growth,
    minus,
    over,
    percent,
    plus,
    times,
)
from pipelines.transforms.sentences import number, quantity
from pipelines.transforms.totals import column
from sources.plan.expressions import Cell, Count, Gathered, Negative, Node, Number, Operation, Rows, Size

ARITHMETIC: Final[Mapping[str, Callable[[Quantity, Quantity], Quantity]]] = MappingProxyType(
    {"+": plus, "-": minus, "*": times, "/": over, "percent": percent, "growth": growth}
)
TOLD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "+": "{} plus {}",
        "-": "{} minus {}",
        "*": "{} gånger {}",
        "/": "{} delat med {}",
        "percent": "{} som andel av {}",
        "growth": "förändringen till {} från {}",
        "sum": "summan av {}",
        "mean": "medelvärdet av {}",
        "min": "det minsta av {}",
        "max": "det största av {}",
    }
)
SEPARATELY: Final = "({})"
NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "budgetram": ("handelse",),
        "textuppgifter": ("uppgift",),
        "indikatorer": ("indikator",),
        "indikatorutfall": ("indikator", "ar"),
        "jamforelser": ("jamforelse", "ar"),
        "kontrollresultat": ("process", "matt"),
    }
)
"""What the rows of a table are called, where it is not what the extract knows them by."""

UNIT: Final = "enhet"
PRINTED: Final = "decimaler"
SHOWN: Final = 6
"""More decimals than any report prints."""


@dataclass(frozen=True)
class Result:
    """What an expression comes to, and how that is told. ``plain`` is false for what needs parentheses in a text."""

    quantity: Quantity
    text: str
    plain: bool = True

    def within(self) -> str:
        """The text as a part of another."""
        return self.text if self.plain else SEPARATELY.format(self.text)


@dataclass(frozen=True)
class Tables:
    """The tables that expressions are worked out of, by name."""

    frames: Mapping[str, pl.DataFrame]

    def evaluate(self, node: Node) -> Result:
        """What an expression comes to.

        Raises NothingToComputeError where a row or figure is not there, UnitError where figures of
        two kinds are put together.
        """
        match node:
            case Number(value=value):
                return Result(Quantity(value, value, value), _number(value))
            case Count(rows=rows):
                found = float(self.rows(rows).height)
                return Result(Quantity(found, found, found, "antal"), f"antalet rader i {_table(rows)} ({found:.0f})")
            case Cell():
                return self._told(node)
            case Gathered(function=function, cell=cell):
                return self._gathered(function, cell)
            case Size() | Negative():
                return self._turned(node)
            case Operation(sign=sign, left=left, right=right):
                one, other = self.evaluate(left), self.evaluate(right)
                told = TOLD[sign].format(one.within(), other.within())
                return Result(ARITHMETIC[sign](one.quantity, other.quantity), told, plain=False)

    def rows(self, wanted: Rows) -> pl.DataFrame:
        """The rows of a table that have the values."""
        frame = self.frames[wanted.table]
        return frame.filter(*(pl.col(name) == value for name, value in wanted.where)) if wanted.where else frame

    def row(self, wanted: Rows) -> dict[str, Any]:
        """The one row that has the values. Raises NothingToComputeError where there is none, or more than one."""
        found = self.rows(wanted)
        if found.height != 1:
            many = "finns inte" if found.is_empty() else "är flera"
            raise NothingToComputeError(f"raden i {_table(wanted)} {many}")
        return found.row(0, named=True)

    def printed_row(self, node: Node) -> dict[str, Any] | None:
        """The row of a figure that the report prints, where an expression is that figure and no more; else None.

        Raises NothingToComputeError where there is no such row, or more than one.
        """
        cell = node.operand if isinstance(node, Size) else node
        if isinstance(cell, Cell) and column(cell.rows.table, cell.column).source is Origin.EXTRACT:
            return self.row(cell.rows)
        return None

    def _turned(self, node: Size | Negative) -> Result:
        """A figure without its sign, or with the other one."""
        inner = self.evaluate(node.operand)
        if isinstance(node, Size):
            return Result(inner.quantity.size(), inner.text, inner.plain)
        return Result(inner.quantity.opposite(), f"minus {inner.within()}", plain=False)

    def _told(self, cell: Cell) -> Result:
        """The figure of a cell, with its place."""
        row = self.row(cell.rows)
        figure = printed(cell, row)
        written = quantity(round(figure.value, SHOWN), decimals(cell, row), figure.unit or "")
        declared = column(cell.rows.table, cell.column)
        title = contract(cell.rows.table).title.sv
        return Result(figure, f"{title}: {named(cell.rows.table, row)}, {in_lower(declared.title.sv)} {written}")

    def _gathered(self, function: str, cell: Cell) -> Result:
        """The sum, mean, least or largest of a column. A sum or a mean of which a part is not known is none."""
        rows = list(self.rows(cell.rows).iter_rows(named=True))
        known = [row for row in rows if row[cell.column] is not None]
        if not known or (len(known) < len(rows) and function in ("sum", "mean")):
            raise NothingToComputeError(f"en del av summan saknas i {_table(cell.rows)}")
        parts = [printed(cell, row) for row in known]
        title = in_lower(column(cell.rows.table, cell.column).title.sv)
        if function in ("sum", "mean"):
            whole = parts[0]
            for part in parts[1:]:
                whole = plus(whole, part)
            count = float(len(parts))
            found = whole if function == "sum" else over(whole, Quantity(count, count, count))
        else:
            pick = min if function == "min" else max
            unit = parts[0].unit
            ends = [[getattr(part.to(unit), end) for part in parts] for end in ("value", "low", "high")]
            found = Quantity(pick(ends[0]), pick(ends[1]), pick(ends[2]), unit)
        written = quantity(round(found.value, SHOWN), decimals(cell, known[0]), found.unit or "")
        return Result(found, f"{TOLD[function].format(title)} i {_table(cell.rows)} ({written})")


def printed(cell: Cell, row: Mapping[str, Any]) -> Quantity:
    """The figure of a row with the interval that it stands for. Raises NothingToComputeError where it is blank."""
    value = row[cell.column]
    if value is None:
        raise NothingToComputeError(f"siffran saknas i {_table(cell.rows)}")
    return Quantity.printed(float(value), half(cell, row), unit(cell, row))


def unit(cell: Cell, row: Mapping[str, Any]) -> str | None:
    """The unit of a figure: that of its column, else that of its row."""
    own = column(cell.rows.table, cell.column).unit
    return own if own is not None else row.get(UNIT)


def decimals(cell: Cell, row: Mapping[str, Any]) -> int:
    """How many decimals a figure is printed with: as its column or its row declares, else as many as it has."""
    declared = column(cell.rows.table, cell.column)
    if declared.dtype is pl.Int64:
        return 0
    if row.get(PRINTED) is not None:
        return min(int(row[PRINTED]), SHOWN)
    if declared.unit is not None and declared.decimals is not None:
        return declared.decimals
    value = row[cell.column]
    return next((places for places in range(SHOWN) if round(value, places) == value), SHOWN)


def half(cell: Cell, row: Mapping[str, Any]) -> float:
    """Half a unit of the last decimal of a figure; nothing for what is counted."""
    declared = column(cell.rows.table, cell.column)
    if declared.dtype is pl.Int64 and declared.unit not in MONEY:
        return 0.0
    return 0.5 * 10.0 ** -decimals(cell, row)


def named(table: str, row: Mapping[str, Any]) -> str:
    """A row in plain words: its name or the key of its extract, a word of a vocabulary as people say it."""
    declared = {column.name: column for column in contract(table).columns}
    parts = NAMES.get(table) or contract(table).extract_key or identity_of(contract(table))
    return " ".join(_in_words(declared.get(part), row[part]) for part in parts)


def in_lower(title: str) -> str:
    """A title within a sentence."""
    return title[:1].lower() + title[1:]


def _in_words(declared: Column | None, value: object) -> str:
    """A value as people say it. A word that is written for people needs no other."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if declared is None or declared.values is None:
        return str(value)
    word = next((word for word in declared.values if word == value), None)
    if str(value)[:1].isupper():
        return in_lower(str(value))
    return in_lower(word.text.sv).rstrip(".") if word is not None else str(value)


def _table(rows: Rows) -> str:
    """The rows' table with what finds them."""
    title = contract(rows.table).title.sv
    found = [(column(rows.table, name), value) for name, value in rows.where]
    where = ", ".join(f"{in_lower(declared.title.sv)} {_in_words(declared, value)}" for declared, value in found)
    return f"{title} ({where})" if where else title


def _number(value: float) -> str:
    """A plain number with the decimals that it has."""
    return number(value, next((places for places in range(SHOWN) if round(value, places) == value), SHOWN))
