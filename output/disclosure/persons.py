"""Figures that count persons by the unit of their row: left blank where there are few, or left out with their row.

Here belong tables whose figures are of many kinds, so that the row and not the column says what is counted.
Such figures are looked at one by one: nothing is known of what they are parts of. A figure that stands only in
words cannot be seen to be small.
"""

from collections.abc import Iterator
from functools import reduce

import polars as pl

from contracts import Contract, contract
from contracts.declare import Column
from contracts.related import PERSONS, Persons
from contracts.vocabulary import Reason
from output.disclosure.counted import Tables
from output.disclosure.mentions import Place, places_of


def without_few(tables: Tables, layer: str) -> tuple[dict[str, pl.DataFrame], list[Place]]:
    """The tables without small counts of persons by the unit of their row; which those were."""
    done, places = dict(tables), list[Place]()
    for name, frame in tables.items():
        declared = contract(name, layer)
        for one in declared.related:
            if isinstance(one, Persons):
                marked = frame.with_columns(_few=_few(declared, frame, one, tables, layer))
                places += _told(declared, one, marked.filter("_few"))
                done[name] = _without(declared, one, marked)
    return done, places


def _few(declared: Contract, frame: pl.DataFrame, one: Persons, tables: Tables, layer: str) -> pl.Series:
    """Whether a row counts too few persons."""
    unit = frame.select(pl.col(one.unit)) if one.units_of is None else _units(frame, one, tables, layer)
    is_persons = unit.to_series().str.strip_chars().str.to_lowercase() == PERSONS
    small = reduce(
        pl.Expr.or_, (pl.col(column).is_between(0, declared.threshold, closed="left") for column in one.columns)
    )
    about = pl.lit(value=True) if one.only is None else pl.col(one.only[0]) == one.only[1]
    return (frame.select((small.fill_null(value=False) & about).alias("few"))["few"] & is_persons).fill_null(
        value=False
    )


def _units(frame: pl.DataFrame, one: Persons, tables: Tables, layer: str) -> pl.DataFrame:
    """The unit of each row, as another table says it."""
    if one.units_of is None or one.units_of not in tables:
        return frame.select(pl.lit(None, pl.String).alias(one.unit))
    key = [part for part in contract(one.units_of, layer).key if part in frame.columns]
    said = tables[one.units_of].select(*key, one.unit)
    return frame.select(key).join(said, on=key, how="left", maintain_order="left").select(one.unit)


def _told(declared: Contract, one: Persons, few: pl.DataFrame) -> Iterator[Place]:
    """The figures that are not told any more: a row that is left out is told of nowhere."""
    for column in (*one.columns, *one.derived) if one.reason else ("",):
        yield from places_of(few, declared, column)


def _without(declared: Contract, one: Persons, marked: pl.DataFrame) -> pl.DataFrame:
    """A table with its marked rows blank, or without them."""
    if one.reason is None:
        return marked.filter(~pl.col("_few")).drop("_few")
    gone = [pl.when(~pl.col("_few")).then(column).alias(column) for column in (*one.columns, *one.derived)]
    why = pl.lit(_reason(declared.column(one.reason)))
    return marked.with_columns(*gone, pl.when("_few").then(why).otherwise(one.reason).alias(one.reason)).drop("_few")


def _reason(column: Column) -> str:
    """Why a figure is blank: the word of a status, or a sentence where the column holds prose."""
    return Reason.SMALL.text.sv if column.values is None else str(Reason.SMALL)
