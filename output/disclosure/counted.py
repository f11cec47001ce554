"""A table that counts persons as cells: what each is, what is known of it, and what was said of it before.

Here belong the cells of one table, those among them that nobody publishes but that follow from what is
(a stated change tells the year before, whether or not that year has a row), and the table with cells left
blank. How cells hang together stands in ``output.disclosure.relations``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from contracts import Column, Contract
from contracts.related import Change, OfWhich, ShareOf
from contracts.vocabulary import Reason
from output.disclosure.mentions import Place, places_of
from output.disclosure.protection import Bounds, Cell, Sum
from output.disclosure.relations import ROW, changes, of_which, recognised, sums_of

Tables = Mapping[str, pl.DataFrame]


def telling(declared: Contract) -> list[str]:
    """The columns in which a table tells of numbers of persons, with its key; none where it tells of none."""
    counts = [column.name for column in declared.open_columns if column.counts_persons]
    found = {*counts, *(f"{name}_status" for name in counts)}
    for one in declared.related:
        if isinstance(one, Change) and one.of in counts:
            found.add(one.column)
        elif isinstance(one, ShareOf):
            found |= {one.column, one.status, one.change}
    return [name for name in declared.polars_schema if name in {*declared.key, *found}] if found else []


@dataclass
class Counting:
    """A table that counts persons, its rows in the published order.

    After them come rows that are not published: of the year before a stated change, where there is none.
    ``values`` are the cells that have a value, ``implied`` those among them that no row shows.
    """

    declared: Contract
    frame: pl.DataFrame
    columns: tuple[Column, ...] = field(init=False)
    derived: frozenset[str] = field(init=False)
    rows: int = field(init=False)
    values: dict[Cell, int] = field(default_factory=dict, init=False)
    implied: set[Cell] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Find the cells that have a value."""
        self.columns = tuple(column for column in self.declared.open_columns if column.counts_persons)
        self.derived = frozenset(change.column for change in self._changes())
        self.rows = self.frame.height
        if not self.columns:
            return
        self.frame = self.frame.sort(self.declared.sort, nulls_last=True)
        for change in self._changes():
            self.frame = pl.concat([self.frame, self._years_before(change)], how="diagonal")
        self.frame = self.frame.with_row_index(ROW)
        for name in (*self.names, *self.derived):
            given = self.frame.select(ROW, pl.col(name).cast(pl.Int64)).drop_nulls()
            self.values |= {Cell(self.declared.name, row, name): value for row, value in given.iter_rows()}
        self._imply()

    @property
    def names(self) -> list[str]:
        """The columns that count persons."""
        return [column.name for column in self.columns]

    def small(self, earlier: Sequence[Tables]) -> Iterator[Cell]:
        """The cells that are below the threshold, and those that a release left blank."""
        for cell, value in self.values.items():
            if cell.column not in self.derived and value < self.declared.threshold:
                yield cell
        for _, column, status in self._statuses():
            for before in self._before(earlier, status):
                was = before.filter(pl.col(f"{status}_before") == Reason.SMALL)[ROW]
                yield from (cell for row in was if (cell := Cell(self.declared.name, row, column)) in self.values)

    def published_before(self, earlier: Sequence[Tables]) -> Iterator[Cell]:
        """The cells whose value is what a release has said before."""
        for name in (*self.names, *self.derived):
            for before in self._before(earlier, name):
                for row, said in before.select(ROW, f"{name}_before").drop_nulls().iter_rows():
                    if self.values.get(cell := Cell(self.declared.name, row, name)) == said:
                        yield cell

    def bounds(self) -> Iterator[tuple[Cell, Bounds]]:
        """What is known of each cell once it is blank: whether it is small. A change may be anything."""
        least = max(self.declared.threshold, 2)
        for cell, value in self.values.items():
            if cell.column not in self.derived:
                yield cell, Bounds(0, least - 1) if value < self.declared.threshold else Bounds(least)

    def sums(self) -> Iterator[Sum]:
        """The sums that are declared within the table."""
        return sums_of(self.declared, self.frame, self.names)

    def recognised(self) -> Iterator[Sum]:
        """The sums that its figures make."""
        return recognised(self.declared, self.frame, self.names, self.values)

    def place(self, cell: Cell) -> Place:
        """A figure as other tables name it."""
        return next(places_of(self.frame[cell.row], self.declared, cell.column.partition("/")[0]))

    def without(self, hidden: Collection[Cell]) -> pl.DataFrame:
        """The table's own columns with these cells blank, and the reason where a column has one."""
        frame = self.frame.head(self.rows)
        rows = {
            column: [cell.row for cell in hidden if (cell.table, cell.column) == (self.declared.name, column)]
            for column in {cell.column for cell in hidden}
        }
        blank = {column: pl.col(ROW).is_in(at) for column, at in rows.items() if at}
        statuses = {column: status for _, column, status in self._statuses()}
        reason = pl.lit(str(Reason.SMALL))
        return frame.with_columns(
            *(pl.when(~where).then(column).alias(column) for column, where in blank.items()),
            *(
                pl.when(where).then(reason).otherwise(statuses[column]).alias(statuses[column])
                for column, where in blank.items()
                if column in statuses
            ),
        ).drop(ROW)

    def _statuses(self) -> Iterator[tuple[Column, str, str]]:
        """The columns that count persons with the column that says why one is blank."""
        for column in self.columns:
            if f"{column.name}_status" in self.frame.columns:
                yield column, column.name, f"{column.name}_status"

    def _before(self, earlier: Sequence[Tables], column: str) -> Iterator[pl.DataFrame]:
        """The rows with what releases said in a column of the same row, as ``<column>_before``."""
        key = list(self.declared.key)
        for tables in earlier:
            before = tables.get(self.declared.name)
            if before is not None and {*key, column} <= set(before.columns):
                said = before.select(*key, pl.col(column).alias(f"{column}_before"))
                yield self.frame.join(said, on=key, how="inner", nulls_equal=True)

    def _changes(self) -> Iterator[Change]:
        """The changes of what counts persons."""
        for one in self.declared.related:
            if isinstance(one, Change) and one.of in self.names:
                yield one

    def _years_before(self, change: Change) -> pl.DataFrame:
        """A row for the year before each that states a change."""
        key = list(self.declared.key)
        stated = self.frame.filter(pl.col(change.column).is_not_null()).select(key)
        before = stated.with_columns(pl.col(change.over) - 1)
        return before.join(self.frame, on=key, how="anti", nulls_equal=True).unique(maintain_order=True)

    def _imply(self) -> None:
        """Find the values that nobody tells and that follow: of a year from a change, and what is left of a whole."""
        found = [changes(self.declared, self.frame, one) for one in self._changes()]
        for one in self.declared.related:
            if isinstance(one, OfWhich):
                found += [of_which(self.declared, self.frame, one, name) for name in self.names]
        sums, before = list(chain.from_iterable(found)), -1
        while len(self.values) != before:
            before = len(self.values)
            for each in sums:
                told = {cell: sign * self.values[cell] for cell, sign in each.items() if cell in self.values}
                for cell in each.keys() - told.keys() if len(told) == len(each) - 1 else ():
                    value = -each[cell] * sum(told.values())
                    if value >= 0 and cell.column not in self.derived:
                        self.values[cell] = value
                        self.implied.add(cell)
