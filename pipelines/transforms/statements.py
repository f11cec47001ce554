"""Statements: tables whose rows are known by a label and form a tree of totals.

Here belong the place of each row in its tree, the rows that are missing and the totals that do
not add up. What is computed from the amounts belongs in ``money``; what is said of a stated figure
in ``figure_control``. To refuse an extract is up to the caller, who knows its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import Column, contract
from contracts.vocabulary import RowKind
from pipelines.transforms.report import Report

NEGLIGIBLE: Final = 1e-9
"""Far below any printed decimal: what binary fractions leave when decimal ones are added."""


@dataclass(frozen=True)
class Statement:
    """How a statement is read: its label, the identifier that it gives, and the amounts that add up.

    ``within`` names columns that divide the statement, each part with totals of its own.
    """

    label: str
    identity: str
    added: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


STATEMENTS: Final[Mapping[str, Statement]] = MappingProxyType(
    {
        "resultatrakning": Statement("rad", "rad_id", added=("budget_tkr", "utfall_tkr", "avvikelse_tkr", "fg_ar_tkr")),
        "driftsredovisning": Statement(
            "verksamhet", "verksamhet_id", added=("budget_tkr", "utfall_tkr", "avvikelse_tkr", "fg_ar_tkr")
        ),
        "driftsredovisning_ar": Statement("verksamhet", "verksamhet_id", added=("utfall_tkr",), within=("ar",)),
        "sarskilda_satsningar": Statement("satsning", "satsning_id", added=("budget_tkr", "utfall_tkr")),
        "digitaliseringspott": Statement("pott", "pott_id", within=("ar",)),
        "extern_finansiering": Statement(
            "finansiar", "finansiering_id", added=("bidrag_tkr", "kostnad_tkr", "netto_tkr", "i_budget_tkr")
        ),
        "investeringar": Statement(
            "investering", "investering_id", added=("budget_tkr", "utfall_tkr", "avvikelse_tkr")
        ),
        "investeringsoverforing": Statement("investering", "investering_id", added=("belopp_mnkr",)),
        "investeringsprojekt": Statement("fas", "fas_id", added=("budget_tkr", "utfall_tkr", "avvikelse_tkr")),
        "exploateringsprojekt": Statement(
            "fas", "fas_id", added=("utgift_tkr", "inkomst_tkr", "netto_tkr", "budget_tkr", "avvikelse_tkr")
        ),
        "exploateringsutfall": Statement("fas", "fas_id", added=("prognos_tkr", "utfall_tkr", "avvikelse_tkr")),
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


def totals(name: str, extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Every stated total of statement ``name`` beside the sum of its nearest parts.

    One row for each total and amount: the columns of the extract's key and of its place, and
    ``kolumn``, ``pastatt``, ``beraknat`` and ``tolerans`` (half a unit of the last printed decimal
    for the total and for each part). Memos are no parts.
    """
    statement = STATEMENTS[name]
    rows = placed(name, extract, report)
    place = [statement.identity, statement.label, "over_id", "radtyp", "kalla_rad", *statement.within]
    amounts = rows.unpivot(list(statement.added), index=place, variable_name="kolumn", value_name="pastatt").cast(
        {"pastatt": pl.Float64}
    )
    declared = [column for column in contract(name).columns if column.name in statement.added]
    halves = pl.DataFrame(
        {"kolumn": [column.name for column in declared], "half": [half_unit(column) for column in declared]},
        schema={"kolumn": pl.String, "half": pl.Float64},
    )
    parts = (
        amounts.filter(pl.col("over_id").is_not_null() & (pl.col("radtyp") != RowKind.MEMO))
        .drop_nulls("pastatt")
        .join(halves, on="kolumn")
        .group_by(pl.col("over_id").alias(statement.identity), *statement.within, "kolumn")
        .agg(pl.col("pastatt").sum().alias("beraknat"), (pl.col("half").first() * (pl.len() + 1)).alias("tolerans"))
    )
    return amounts.drop_nulls("pastatt").join(
        parts, on=[statement.identity, *statement.within, "kolumn"], how="inner", maintain_order="left"
    )


def wrong_totals(name: str, extract: pl.DataFrame, report: Report) -> tuple[str, ...]:
    """The totals that differ from their parts by more than rounding allows, each told with both figures."""
    label = STATEMENTS[name].label
    found = totals(name, extract, report).filter(
        (pl.col("pastatt") - pl.col("beraknat")).abs() > pl.col("tolerans") + NEGLIGIBLE
    )
    told = pl.format(
        "{}: {} is {}, its parts make {}",
        pl.concat_str(label, *STATEMENTS[name].within, separator=" "),
        pl.col("kolumn").replace_strict(_headings(name), return_dtype=pl.String),
        pl.col("pastatt").round(3),
        pl.col("beraknat").round(3),
    )
    return tuple(found.select(told.alias("told"))["told"])


def half_unit(column: Column) -> float:
    """Half a unit of a figure's last decimal; nothing for counts, which are exact."""
    return 0.0 if column.unit == "antal" else 0.5 * 10.0 ** -(column.decimals or 0)


def _headings(name: str) -> dict[str, str]:
    """What each column of table ``name`` is called in the extract."""
    return {column.name: column.heading for column in contract(name).columns if column.heading is not None}
