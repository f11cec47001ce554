"""Small counts of persons: left blank before anything is published, with whatever would reveal them.

Here belongs what is done with all tables together: what is left blank in each, and the rows that tell of a
figure in another table. A table as cells stands in ``output.disclosure.counted``, how cells hang together in
``output.disclosure.relations``, and which must be blank with which is worked out in ``output.disclosure.protection``.

What an earlier release left blank stays blank for as long as the row is there: a value that is shown later
would reveal what it hid. So does a year that only a stated change still tells of. Only what is declared to
count persons is looked at: a column, or a row by its unit (``output.disclosure.persons``).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from contracts import contract
from contracts.related import Repeats
from output.disclosure.counted import Counting, Tables
from output.disclosure.mentions import without_mentions
from output.disclosure.persons import without_few
from output.disclosure.protection import Cell, Figures, Sum, UnprotectedError
from output.disclosure.relations import ROW
from output.disclosure.shares import without_shares
from output.errors import PublicationError


def withheld(
    tables: Tables, earlier: Sequence[Tables] = (), layer: str = "open", gone: Sequence[Tables] = ()
) -> dict[str, pl.DataFrame]:
    """The tables with small counts of persons, and what would reveal them, left blank and marked so.

    ``earlier`` are the tables of releases that readers have, ``gone`` those that they may hold copies of. Rows
    that tell of a figure that is left blank are left out. Raises PublicationError where a small count can be
    worked out whatever is left blank, since what it follows from is published.
    """
    tables, few = without_few(tables, layer)
    counting = {name: Counting(contract(name, layer), frame) for name, frame in tables.items()}
    counting = {name: each for name, each in counting.items() if each.columns}
    blank = {cell for each in counting.values() for cell in each.small((*earlier, *gone))}
    hidden = _protected(counting, blank, earlier, gone) if blank else set()
    done = {**tables, **{name: each.without(hidden) for name, each in counting.items() if blank}}
    places = [*few, *(counting[cell.table].place(cell) for cell in sorted(hidden))]
    for name, frame in done.items():
        done[name], told = without_shares(contract(name, layer), frame, counting, hidden | blank, (*earlier, *gone))
        places += told
    return without_mentions(done, places, layer)


def _protected(
    counting: Mapping[str, Counting], blank: Collection[Cell], earlier: Sequence[Tables], gone: Sequence[Tables]
) -> set[Cell]:
    """The cells that must be blank: held against all that was ever said, or where that cannot be, what is said now."""
    values = {cell: value for each in counting.values() for cell, value in each.values.items()}
    all_sums = (each.sums() for each in counting.values())
    figures = Figures(
        values=values,
        sums=[one for one in (*chain.from_iterable(all_sums), *_repeats(counting)) if _holds(one, values)],
        guessed=[one for each in counting.values() for one in each.recognised()],
        bounds={cell: bounds for each in counting.values() for cell, bounds in each.bounds()},
        public={cell for each in counting.values() for cell in each.published_before((*earlier, *gone))},
        derived={cell for each in counting.values() for cell in each.values if cell.column in each.derived},
        implied={cell for each in counting.values() for cell in each.implied},
    )
    try:
        return figures.protected(blank)
    except UnprotectedError:
        said = {cell for each in counting.values() for cell in each.published_before(earlier)}
    try:
        return replace(figures, public=said).protected(blank, passing=True)
    except UnprotectedError as error:
        raise _cannot_be_hidden(counting[error.cell.table], error.cell) from None


def _holds(one: Sum, values: Mapping[Cell, int]) -> bool:
    """Whether all cells of a sum have a value and it holds: nothing can be worked out from one that does not."""
    return len(one) > 1 and values.keys() >= one.keys() and not sum(sign * values[cell] for cell, sign in one.items())


def _repeats(counting: Mapping[str, Counting]) -> Iterator[Sum]:
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


def _cannot_be_hidden(counting: Counting, cell: Cell) -> PublicationError:
    """The refusal to publish while a small count follows from what was published before."""
    return PublicationError(
        f"fewer than {counting.declared.threshold} persons can be worked out from what has been published before, "
        "whatever is left blank now.",
        where=str(counting.place(cell)),
        remedy="Withdraw the earlier release, or leave the row out of the extract.",
    )
