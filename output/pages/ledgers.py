"""A published table as a table on a page: names to the left, figures to the right, the report's line last.

Here belongs what all such tables share. Titles, units, decimals and words come from the contract, so
that a page and a file never say different things of a column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from contracts import Column
from contracts.trees import identity_of
from contracts.vocabulary import Reason, RowKind, Text, Verdict
from output.pages.view import Row, View
from output.pages.wording import MISSING, both, measure, number

NUMBERS: Final = (pl.Int64, pl.Float64)
YES_NO: Final = {True: Text("ja", "yes"), False: Text("nej", "no")}
MISSING_FOR: Final[Mapping[str, Text]] = {
    Reason.NOT_PUBLISHED: Text("ej publicerat", "not published"),
    Reason.SECRET: Text("sekretess", "secret"),
    Reason.DROPOUT: Text("saknas", "missing"),
    Reason.NOT_APPLICABLE: Text("ej tillämpligt", "not applicable"),
    Reason.BROKEN_METHOD: Text("metodbrott", "new method"),
    Reason.QUARANTINED: Text("i karantän", "in quarantine"),
}
"""What stands in the place of a figure that is missing."""

LINE: Final = Text("Rad i rapporten", "Line of the report")


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    title: Text
    figure: bool


@dataclass(frozen=True)
class Cell:
    """A cell. ``swedish`` marks a text that is only in Swedish, ``doubtful`` a figure that does not add up."""

    text: Text
    figure: bool
    swedish: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class LedgerRow:
    """A row: its kind, its name, its cells."""

    kind: str
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Ledger:
    """A table for a page, with the dataset that it is made of."""

    dataset: str
    title: Text
    below: Text
    name: Text
    heads: Sequence[Head]
    rows: Sequence[LedgerRow]

    @property
    def doubtful(self) -> bool:
        """Whether some figure in it does not add up."""
        return any(cell.doubtful for row in self.rows for cell in row.cells)


def ledger(view: View, dataset: str, name: str, *shown: str, rows: Sequence[Row] | None = None) -> Ledger | None:
    """A table of the newest report with these columns; nothing where it has no rows.

    ``name`` is the column that names a row. ``rows`` is a choice of the rows.
    """
    chosen = view.rows(dataset) if rows is None else rows
    if not chosen:
        return None
    published = view.site.tables[dataset]
    columns = {column.name: column for column in published.columns}
    picked = [columns[each] for each in shown]
    identity, doubted = identity_of(published.contract), view.once(_doubted)

    def cell(row: Row, column: Column) -> Cell:
        """A cell, marked where the control of figures says that it does not add up."""
        place = (dataset, "/".join(str(row[part]) for part in identity), column.name)
        return replace(_cell(row, column), doubtful=place in doubted)

    return Ledger(
        dataset=dataset,
        title=published.contract.title,
        below=published.contract.description,
        name=columns[name].title,
        heads=[*(_head(column) for column in picked), Head(LINE, figure=True)],
        rows=[
            LedgerRow(
                kind=str(row.get("radtyp") or RowKind.ITEM),
                name=str(row[name]),
                cells=[*(cell(row, column) for column in picked), _line(row)],
            )
            for row in chosen
        ],
    )


def _doubted(view: View) -> set[tuple[str, str, str]]:
    """The places of figures that do not add up in the report: table, row and column of each."""
    checks = view.rows("siffergranskning")
    return {(row["tabell"], row["rad"], row["kolumn"]) for row in checks if row["utslag"] == Verdict.DISAGREES}


def _head(column: Column) -> Head:
    """A column's head, with its unit where it has one that says something."""
    unit = column.unit
    if unit is None or unit in {"år", "antal", "rad", "ordning"}:
        return Head(column.title, figure=column.dtype in NUMBERS)
    said = measure(unit)
    title = Text(_with_unit(column.title.sv, said.sv), _with_unit(column.title.en, said.en))
    return Head(title, figure=column.dtype in NUMBERS)


def _with_unit(title: str, unit: str) -> str:
    """A title with its unit after it, unless it says the unit itself."""
    return title if unit.lower() in title.lower() else f"{title} ({_lower(unit)})"


def _lower(text: str) -> str:
    """A measure inside a bracket; an abbreviation stays as it is."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _cell(row: Row, column: Column) -> Cell:
    """A value as it is shown, or why there is none."""
    value, figure = row[column.name], column.dtype in NUMBERS
    if value is None:
        return Cell(_missing(row, column), figure)
    if column.values is not None:
        return Cell(_short(next(word.text for word in column.values if word == value)), figure=False)
    if isinstance(value, bool):
        return Cell(YES_NO[value], figure=False)
    if column.unit == "år":
        return Cell(Text(str(value), str(value)), figure=True)
    if figure:
        return Cell(both(lambda language: number(value, _decimals(value, column), language)), figure=True)
    return Cell(Text(str(value), str(value)), figure=False, swedish=True)


def _decimals(value: float, column: Column) -> int:
    """A column with one decimal keeps it; one that may hold any unit shows what the value needs."""
    most = column.decimals or 0
    if most <= 1 and column.unit:
        return most
    return next((places for places in range(3) if round(value, places) == value), 2)


def _missing(row: Row, column: Column) -> Text:
    """Why a figure is missing, in a word, or a dash."""
    base = column.name.removesuffix("_procent").removesuffix("_pe")
    reason = row.get(f"{base}_status") or row.get("orsak")
    return MISSING_FOR.get(str(reason), Text(MISSING, MISSING))


def _short(sentence: Text) -> Text:
    """A word's sentence as a cell has it, without its full stop."""
    return Text(sentence.sv.removesuffix("."), sentence.en.removesuffix("."))


def _line(row: Row) -> Cell:
    """The line of the report."""
    line: Any = row.get("kalla_rad")
    shown = "" if line is None else str(line)
    return Cell(Text(shown, shown), figure=True)
