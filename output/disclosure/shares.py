"""Shares of persons: left blank where the persons are so few that their number is.

Here belongs which shares go with a count that is left blank. Which counts are is settled in
``output.disclosure.small_counts``. That the share of all is made of those of its parts is not looked at: it takes the
number of each part to work one out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import polars as pl

from contracts import Contract
from contracts.related import OfWhich, ShareOf
from contracts.vocabulary import Reason
from output.disclosure.counted import Counting, Tables
from output.disclosure.mentions import Place, places_of
from output.disclosure.protection import Cell
from output.disclosure.relations import ROW, is_part


def without_shares(
    declared: Contract,
    frame: pl.DataFrame,
    counting: Mapping[str, Counting],
    protected: Collection[Cell],
    earlier: Sequence[Tables],
) -> tuple[pl.DataFrame, list[Place]]:
    """A table without the shares of those whose count is protected, or that a release left blank; which those were.

    ``protected`` are the counts that nobody may know, whether or not a row shows them.
    """
    places: list[Place] = []
    for one in declared.related:
        if isinstance(one, ShareOf):
            few = [*_counted(declared, frame, one, counting, protected), *_blank_before(declared, one, earlier)]
            frame, told = _without(declared, frame, one, few)
            places += told
    return frame, places


def _counted(
    declared: Contract, frame: pl.DataFrame, one: ShareOf, counting: Mapping[str, Counting], protected: Collection[Cell]
) -> Iterator[pl.DataFrame]:
    """The keys of shares whose count is protected."""
    of = counting.get(one.table)
    if of is None:
        return
    rows = [cell.row for cell in protected if cell.table == one.table and cell.column == one.of]
    counts = of.frame.filter(pl.col(ROW).is_in(rows))
    parts = reduce(
        or_, (is_part(each) for each in of.declared.related if isinstance(each, OfWhich)), pl.lit(value=False)
    )
    alike = [part for part in of.declared.key if part in frame.columns]
    yield frame.join(counts.filter(~parts), on=alike, how="semi").select(declared.key)
    if one.part is not None:
        over, everybody = one.part
        yield frame.filter(pl.col(over) != everybody).join(counts, on=alike, how="semi").select(declared.key)


def _blank_before(declared: Contract, one: ShareOf, earlier: Sequence[Tables]) -> Iterator[pl.DataFrame]:
    """The keys of shares that a release left blank."""
    for tables in earlier:
        said = tables.get(declared.name)
        if said is not None and {*declared.key, one.status} <= set(said.columns):
            yield said.filter(pl.col(one.status) == Reason.SMALL).select(declared.key)


def _without(
    declared: Contract, frame: pl.DataFrame, one: ShareOf, few: Sequence[pl.DataFrame]
) -> tuple[pl.DataFrame, list[Place]]:
    """A table without the shares of these rows, and without what has changed in them and since."""
    key = list(declared.key)
    keys = pl.concat([frame.select(key).clear(), *few]).unique()
    later = keys.with_columns(pl.col(one.over) + 1)
    marked = frame.with_columns(
        _few=frame.select(key).join(keys.with_columns(_=True), on=key, how="left", maintain_order="left")["_"],
        _since=frame.select(key).join(later.with_columns(_=True), on=key, how="left", maintain_order="left")["_"],
    ).with_columns(pl.col("_few", "_since").fill_null(value=False))
    gone = pl.col("_few") & pl.col(one.column).is_not_null()
    stale = (pl.col("_few") | pl.col("_since")) & pl.col(one.change).is_not_null()
    places = [
        *places_of(marked.filter(gone), declared, one.column),
        *places_of(marked.filter(stale), declared, one.change),
    ]
    blank = marked.with_columns(
        pl.when(~gone).then(one.column).alias(one.column),
        pl.when(gone).then(pl.lit(str(Reason.SMALL))).otherwise(one.status).alias(one.status),
        pl.when(~stale).then(one.change).alias(one.change),
    )
    return blank.select(frame.columns), places
