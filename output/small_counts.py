"""Small counts of persons: left blank before anything is published, with whatever would reveal them.

Here belongs the way from tables to cells and back: which cells are below their table's threshold, how the
cells hang together, what was published before, and the rows that tell of a figure in another table.
Which cells must be blank with which is worked out in ``output.protection``.

What an earlier release left blank stays blank for as long as the row is there: a value that is shown later
would reveal what it hid. Only columns that are declared to count persons are looked at.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import polars as pl

from contracts import Column, Contract, contract
from contracts.related import Change, Repeats, Whole
from contracts.trees import STAMPS, identity_of
from contracts.vocabulary import Reason, RowKind
from output.errors import PublicationError
from output.mentions import Place, places_of, without_mentions
from output.protection import Bounds, Cell, Figures, Sum, UnprotectedError

Tables = Mapping[str, pl.DataFrame]
ROW: Final = "_row"


def withheld(tables: Tables, earlier: Sequence[Tables] = (), layer: str = "open") -> dict[str, pl.DataFrame]:
    """The tables with small counts of persons, and what would reveal them, left blank and marked so.

    ``earlier`` are the tables of releases that readers have or have had. Rows that tell of a figure that is
    left blank are left out. Raises PublicationError where a small count can be worked out whatever is
    left blank, since what it follows from has been published.
    """
    counting = {name: _Counting(contract(name, layer), frame) for name, frame in tables.items()}
    counting = {name: each for name, each in counting.items() if each.columns}
    blank = {cell for each in counting.values() for cell in each.small(earlier)}
    if not blank:
        return dict(tables)
    values = {cell: value for each in counting.values() for cell, value in each.values.items()}
    all_sums = (each.sums() for each in counting.values())
    figures = Figures(
        values=values,
        sums=[one for one in (*chain.from_iterable(all_sums), *_repeats(counting)) if _holds(one, values)],
        bounds={cell: bounds for each in counting.values() for cell, bounds in each.bounds()},
        public={cell for each in counting.values() for cell in each.published_before(earlier)},
        derived={cell for each in counting.values() for cell in each.values if cell.column in each.derived},
    )
    try:
        hidden = figures.protected(blank)
    except UnprotectedError as error:
        raise _cannot_be_hidden(counting[error.cell.table], error.cell) from None
    done = {**tables, **{name: each.without(hidden) for name, each in counting.items()}}
    places = [counting[cell.table].place(cell) for cell in sorted(hidden)]
    return without_mentions(done, places, layer)


@dataclass
class _Counting:
    """A table that counts persons, its rows in the published order."""

    declared: Contract
    frame: pl.DataFrame
    columns: tuple[Column, ...] = field(init=False)
    derived: frozenset[str] = field(init=False)
    values: dict[Cell, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Find the cells that have a value."""
        self.columns = tuple(column for column in self.declared.open_columns if column.counts_persons)
        names = {column.name for column in self.columns}
        changes = [one for one in self.declared.related if isinstance(one, Change) and one.of in names]
        self.derived = frozenset(change.column for change in changes)
        if not names:
            return
        self.frame = self.frame.sort(self.declared.sort, nulls_last=True).with_row_index(ROW)
        for name in (*names, *self.derived):
            given = self.frame.select(ROW, pl.col(name).cast(pl.Int64)).drop_nulls()
            self.values |= {Cell(self.declared.name, row, name): value for row, value in given.iter_rows()}

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
        for name in (*(column.name for column in self.columns), *self.derived):
            for before in self._before(earlier, name):
                same = before.filter(pl.col(name) == pl.col(f"{name}_before"))[ROW]
                yield from (Cell(self.declared.name, row, name) for row in same)

    def bounds(self) -> Iterator[tuple[Cell, Bounds]]:
        """What is known of each cell once it is blank: whether it is small. A change may be anything."""
        least = max(self.declared.threshold, 2)
        for cell, value in self.values.items():
            if cell.column not in self.derived:
                yield cell, Bounds(0, least - 1) if value < self.declared.threshold else Bounds(least)

    def sums(self) -> Iterator[Sum]:
        """The sums within the table: trees, wholes and changes."""
        names = [column.name for column in self.columns]
        for name in names:
            if name in self.declared.adds_up:
                yield from self._tree(name)
        for one in self.declared.related:
            if isinstance(one, Whole):
                for name in names:
                    yield from self._whole(one, name)
            elif isinstance(one, Change) and one.of in names:
                yield from self._changes(one)

    def place(self, cell: Cell) -> Place:
        """A figure as other tables name it."""
        return next(places_of(self.frame[cell.row], self.declared, cell.column))

    def without(self, hidden: Collection[Cell]) -> pl.DataFrame:
        """The table's own columns with these cells blank, and the reason where a column has one."""
        frame = self.frame
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

    def _sum(self, name: str, total: int, parts: Sequence[int]) -> Sum:
        """A total and its parts."""
        parted = {Cell(self.declared.name, part, name): -1 for part in parts}
        return {Cell(self.declared.name, total, name): 1, **parted}

    def _tree(self, name: str) -> Iterator[Sum]:
        """Each row with those that are part of it."""
        identity, *within = identity_of(self.declared)
        within += sorted(STAMPS & set(self.frame.columns))
        parts = (
            self.frame.filter(pl.col("over_id").is_not_null() & (pl.col("radtyp") != RowKind.MEMO))
            .group_by(pl.col("over_id").alias(identity), *within, maintain_order=True)
            .agg(pl.col(ROW).alias("parts"))
        )
        joined = self.frame.join(parts, on=[identity, *within], how="inner", maintain_order="left")
        for total, rows in joined.select(ROW, "parts").iter_rows():
            yield self._sum(name, total, rows)

    def _whole(self, whole: Whole, name: str) -> Iterator[Sum]:
        """Each total with the rows that it is the sum of."""
        alike = [part for part in self.declared.key if part != whole.over]
        is_total = pl.col(whole.over) == whole.total
        groups = self.frame.group_by(alike, maintain_order=True).agg(
            pl.col(ROW).filter(is_total).alias("totals"), pl.col(ROW).filter(~is_total).alias("parts")
        )
        for totals, parts in groups.select("totals", "parts").iter_rows():
            for total in totals:
                yield self._sum(name, total, parts)

    def _changes(self, change: Change) -> Iterator[Sum]:
        """Each change with the two values between which it is."""
        before = self.frame.with_columns(pl.col(change.over) + 1).rename({ROW: "before"})
        pairs = self.frame.join(before, on=list(self.declared.key), how="inner", maintain_order="left")
        for now, then in pairs.select(ROW, "before").iter_rows():
            yield {
                Cell(self.declared.name, now, change.of): 1,
                Cell(self.declared.name, then, change.of): -1,
                Cell(self.declared.name, now, change.column): -1,
            }


def _holds(one: Sum, values: Mapping[Cell, int]) -> bool:
    """Whether all cells of a sum have a value and it holds: nothing can be worked out from one that does not."""
    return len(one) > 1 and values.keys() >= one.keys() and not sum(sign * values[cell] for cell, sign in one.items())


def _repeats(counting: Mapping[str, _Counting]) -> Iterator[Sum]:
    """Figures that stand in two tables."""
    for name, each in counting.items():
        for one in each.declared.related:
            other = counting.get(one.table) if isinstance(one, Repeats) else None
            if not isinstance(one, Repeats) or other is None:
                continue
            key = [part for part in other.declared.key if part in each.frame.columns]
            pairs = each.frame.select(*key, ROW).join(other.frame.select(*key, other=ROW), on=key, nulls_equal=True)
            for row, there in pairs.select(ROW, "other").iter_rows():
                yield {Cell(name, row, one.column): 1, Cell(one.table, there, one.of): -1}


def _cannot_be_hidden(counting: _Counting, cell: Cell) -> PublicationError:
    """The refusal to publish while a small count follows from what was published before."""
    return PublicationError(
        f"fewer than {counting.declared.threshold} persons can be worked out from what has been published before, "
        "whatever is left blank now.",
        where=str(counting.place(cell)),
        remedy="Withdraw the earlier release, or leave the row out of the extract.",
    )
