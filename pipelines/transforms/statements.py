"""Statements: tables whose rows are known by a label and form a tree of totals.

Here belong the place of each row in its tree, the rows that are missing and the totals that do
not add up. How a tree adds up belongs in ``contracts.trees``, what is computed from the amounts in ``money``;
what is said of a stated figure in ``figure_control``. To refuse an extract is up to the caller, who
knows its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import contract, trees
from pipelines.transforms.report import Report
from pipelines.transforms.totals import ADDED, totals


@dataclass(frozen=True)
class Statement:
    """How a statement is read: its label and the identifier that it gives.

    ``within`` names columns that divide the statement, each part with totals of its own.
    """

    label: str
    identity: str
    within: tuple[str, ...] = ()


STATEMENTS: Final[Mapping[str, Statement]] = MappingProxyType(
    {
        "resultatrakning": Statement("rad", "rad_id"),
        "driftsredovisning": Statement("verksamhet", "verksamhet_id"),
        "driftsredovisning_ar": Statement("verksamhet", "verksamhet_id", within=("ar",)),
        "sarskilda_satsningar": Statement("satsning", "satsning_id"),
        "digitaliseringspott": Statement("pott", "pott_id", within=("ar",)),
        "extern_finansiering": Statement("finansiar", "finansiering_id"),
        "investeringar": Statement("investering", "investering_id"),
        "investeringsoverforing": Statement("investering", "investering_id"),
        "investeringsprojekt": Statement("fas", "fas_id"),
        "exploateringsprojekt": Statement("fas", "fas_id"),
        "exploateringsutfall": Statement("fas", "fas_id"),
    }
)
"""Every statement, by the table that it feeds."""


def placed(name: str, extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The extract of statement ``name`` with each row's identifier, parent, kind and line of the source.

    A label that is not declared gets no identifier, so that the contract refuses the row.
    """
    statement = STATEMENTS[name]
    lines = report.lines[name].select(
        pl.col("label").alias(statement.label),
        pl.col("id").alias(statement.identity),
        pl.col("parent").alias("over_id"),
        pl.col("kind").alias("radtyp"),
        pl.col("source_line").alias("kalla_rad"),
    )
    return extract.join(lines, on=statement.label, how="left", maintain_order="left")


def missing(name: str, extract: pl.DataFrame, report: Report) -> tuple[str, ...]:
    """The labels that are declared for statement ``name`` and not found, each with its part if it has parts."""
    statement = STATEMENTS[name]
    wanted = report.lines[name].select(pl.col("label").alias(statement.label))
    if statement.within and extract.height:
        wanted = wanted.join(extract.select(statement.within).unique(maintain_order=True), how="cross")
    key = [*(statement.within if extract.height else ()), statement.label]
    absent = wanted.join(extract, on=key, how="anti", maintain_order="left")
    return tuple(absent.select(pl.concat_str(statement.label, *key[:-1], separator=" "))[statement.label])


def wrong_totals(name: str, extract: pl.DataFrame, lines: pl.Series, report: Report) -> tuple[str, ...]:
    """The totals that differ from their parts by more than rounding allows.

    ``lines`` holds the row in the file of each row of the extract. Each total is told with its row,
    its column and both figures.
    """
    statement, headings = STATEMENTS[name], _headings(name)
    rows = placed(name, extract, report).with_columns(lines.alias("fil_rad"))
    wrong: list[str] = []
    for amount in ADDED.get(name, ()):
        found = trees.wrong(totals(name, rows, amount))
        told = pl.format(
            "row {}, column '{}': {} is {}, its parts make {}",
            "fil_rad",
            pl.lit(headings[amount]),
            pl.concat_str(statement.label, *statement.within, separator=" "),
            _plain("pastatt"),
            _plain("beraknat"),
        )
        wrong.extend(found.select(told.alias("told"))["told"])
    return tuple(wrong)


def _plain(amount: str) -> pl.Expr:
    """An amount as the file writes it: a space between thousands, and a decimal comma where there are decimals."""
    value = pl.col(amount).cast(pl.Float64).round(3)
    whole = value.abs().floor().cast(pl.Int64, strict=False).cast(pl.String)
    # Groups of three are counted from the right.
    grouped = whole.str.reverse().str.replace_all(r"(\d{3})", "$1 ").str.reverse().str.strip_chars_start()
    rest = (value.abs() % 1).round(3).cast(pl.String).str.strip_prefix("0").str.replace(".", ",", literal=True)
    decimals = pl.when(value == value.round(0)).then(pl.lit("")).otherwise(rest)
    return pl.concat_str(pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit("")), grouped, decimals)


def _headings(name: str) -> dict[str, str]:
    """What each column of table ``name`` is called in the extract."""
    return {column.name: column.heading for column in contract(name).columns if column.heading is not None}
