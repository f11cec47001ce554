"""Holding a frame to its contract: good rows, bad rows, and the rule that each bad row broke.

Here belongs what happens to rows. What a rule is and what it does to a row is declared with the
table; who is told of it is the caller's business.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from pandera.errors import SchemaErrors

from contracts import steadiness, trees
from contracts.declare import SUM, Contract
from contracts.vocabulary import Severity

SAMPLES: Final = 5
"""How many bad rows are shown for each rule."""

BROKEN: Final = "brutna_regler"
"""The column that bad rows get: a list of the rules that each of them broke."""

INDEX: Final = "_index"


class ContractError(Exception):
    """A frame that is not the declared table at all: a column is missing, unknown or of another type."""


@dataclass(frozen=True)
class Breach:
    """One rule that rows broke: how many, and which (row numbers in the checked frame, from 0).

    A rule about the table as a whole has no rows; its value says what was found.
    """

    rule: str
    severity: Severity
    count: int
    rows: tuple[int, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What ``contract`` says of a frame. ``good`` and ``bad`` together are the frame, row for row.

    ``positions`` says where in the frame each bad row stands, from 0.
    """

    contract: Contract
    good: pl.DataFrame
    bad: pl.DataFrame
    positions: pl.Series
    breaches: tuple[Breach, ...]

    @property
    def blocked(self) -> bool:
        """Whether a rule was broken that stops the table."""
        return any(breach.severity is Severity.BLOCK for breach in self.breaches)


def check(
    frame: pl.DataFrame,
    contract: Contract,
    known: Mapping[str, Collection[str]] | None = None,
    last: pl.DataFrame | None = None,
) -> Checked:
    """Hold a collected frame to its contract.

    ``known`` gives, for each name that a column *references*, the values that exist; without it
    references are not looked at, which is for tables that were checked with it before. ``last``
    holds the same rows of the table's last release, where there is one. Rows that break a rule
    which only warns stay good; the breach is told all the same.

    Raises ContractError where the frame is not the table: no row can then be told good from bad.
    """
    require_table(frame, contract)
    cases = pl.concat([_broken_cases(frame, contract), *_wrong_totals(frame, contract)])
    if known is not None:
        cases = pl.concat([cases, _broken_references(frame, contract, known)])
    whole = tuple(
        Breach(rule, contract.severity(rule), 0, (), (told,))
        for rule, told in ([] if last is None else steadiness.changes(contract, frame, last))
    )
    if cases.is_empty():
        none = frame.clear().with_columns(pl.lit(None, pl.List(pl.String)).alias(BROKEN))
        return Checked(contract, frame, none, pl.Series([], dtype=pl.Int64), whole)
    breaches = tuple(
        Breach(
            rule=rule,
            severity=contract.severity(rule),
            count=rows.height,
            rows=tuple(rows[INDEX][:SAMPLES]),
            values=tuple(str(value) for value in rows["value"][:SAMPLES]),
        )
        for (rule,), rows in cases.sort("rule", INDEX).group_by("rule", maintain_order=True)
    )
    removing = [breach.rule for breach in breaches if breach.severity is not Severity.WARN]
    broken = (
        cases.filter(pl.col("rule").is_in(removing)).group_by(INDEX).agg(pl.col("rule").unique().sort().alias(BROKEN))
    )
    numbered = frame.with_row_index(INDEX).cast({INDEX: pl.Int64})
    good = numbered.join(broken, on=INDEX, how="anti", maintain_order="left").drop(INDEX)
    bad = numbered.join(broken, on=INDEX, how="inner", maintain_order="left")
    if good.height + bad.height != frame.height:
        message = f"{contract.table}: {good.height} good and {bad.height} bad rows of {frame.height}"
        raise AssertionError(message)
    return Checked(contract, good, bad.drop(INDEX), bad[INDEX], (*breaches, *whole))


def require_table(frame: pl.DataFrame, contract: Contract) -> None:
    """Refuse a frame whose columns or types are not the declared ones."""
    declared = contract.polars_schema
    missing = [name for name in declared if name not in frame.schema]
    unknown = [name for name in frame.schema if name not in declared]
    wrong = [
        f"{name} is {frame.schema[name]}, declared {dtype}"
        for name, dtype in declared.items()
        if name in frame.schema and frame.schema[name] != dtype
    ]
    faults = [
        *([f"missing: {', '.join(missing)}"] if missing else []),
        *([f"not declared: {', '.join(unknown)}"] if unknown else []),
        *wrong,
    ]
    if faults:
        message = f"{contract.table} is not as declared: {'; '.join(faults)}"
        raise ContractError(message)


def _broken_cases(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """One row for each row of the frame and rule it broke, from pandera."""
    try:
        contract.schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases: pl.DataFrame = error.failure_cases
    else:
        return _cases([], [], [])
    whole = cases.filter(pl.col("index").is_null())
    if whole.height:
        # Columns and types were compared before, so this is a rule that could not be evaluated.
        message = f"{contract.table}: {whole['check'][0]} could not be evaluated: {whole['failure_case'][0]}"
        raise ContractError(message)
    named = (
        pl.when(pl.col("check") == "not_nullable")
        .then(pl.concat_str(pl.col("column"), pl.lit(":ej_tom")))
        .otherwise(pl.col("check"))
    )
    return cases.select(
        pl.col("index").cast(pl.Int64).alias(INDEX),
        named.alias("rule"),
        pl.col("failure_case").cast(pl.String).alias("value"),
    )


def _wrong_totals(frame: pl.DataFrame, contract: Contract) -> Iterator[pl.DataFrame]:
    """The totals that their parts do not make."""
    numbered = frame.with_row_index(INDEX)
    for amount in contract.adds_up:
        found = trees.wrong(trees.totals(contract, numbered, amount))
        told = found.select(pl.format("{}, its parts make {}", "pastatt", "beraknat").alias("told"))["told"]
        yield _cases(found[INDEX].to_list(), [f"{amount}:{SUM}"] * found.height, told.to_list())


def _broken_references(frame: pl.DataFrame, contract: Contract, known: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """Values that point at something that does not exist."""
    found = [_cases([], [], [])]
    for column in contract.columns:
        if column.references is None:
            continue
        values = pl.Series(sorted(known[column.references]), dtype=pl.String)
        strange = frame.with_row_index(INDEX).filter(
            pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(values.implode())
        )
        rule = f"{column.name}:okand_referens"
        found.append(_cases(strange[INDEX].to_list(), [rule] * strange.height, strange[column.name].to_list()))
    return pl.concat(found)


def _cases(rows: Sequence[int], rules: Sequence[str], values: Sequence[Any]) -> pl.DataFrame:
    """A frame of broken cases."""
    return pl.DataFrame(
        {INDEX: rows, "rule": rules, "value": values},
        schema={INDEX: pl.Int64, "rule": pl.String, "value": pl.String},
    )
