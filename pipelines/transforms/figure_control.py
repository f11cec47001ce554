"""The control of figures: every stated total, variance and percentage held against the computed one.

Here belong the checks that hold for each table, declared once in ``CHECKS``, and the verdict on a
stated figure. How a tree of totals adds up belongs in ``statements``, the formulas in ``money``;
a stated figure that is held against another source belongs elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

import polars as pl

from contracts import Column, contract
from contracts.vocabulary import FigureCheck, Verdict
from pipelines.transforms.money import YEAR_BEFORE, change_percent, frames_before, variance_percent
from pipelines.transforms.report import Report
from pipelines.transforms.sentences import quantity
from pipelines.transforms.statements import NEGLIGIBLE, STATEMENTS, half_unit, placed, totals

Formula = Callable[[pl.Expr, pl.Expr], pl.Expr]

SCHEMA: Final = pl.Schema(
    {
        "kontroll_id": pl.String(),
        "kategori": pl.String(),
        "tabell": pl.String(),
        "rad": pl.String(),
        "kolumn": pl.String(),
        "pastatt": pl.Float64(),
        "beraknat": pl.Float64(),
        "differens": pl.Float64(),
        "tolerans": pl.Float64(),
        "utslag": pl.String(),
        "forklaring": pl.String(),
        "kalla_rad": pl.Int64(),
    }
)
"""A control's row, before the report stamps it. ``differens`` is the stated figure minus the computed one."""

DECIMALS: Final = 6
"""More than any report prints; what lies beyond is left by binary fractions."""

ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Verdict.AGREES: "de stämmer överens",
        Verdict.WITHIN_ROUNDING: "skillnaden ryms inom avrundningen",
        Verdict.DISAGREES: "skillnaden är större än avrundningen förklarar",
    }
)
"""How an explanation ends, by its verdict."""


@dataclass(frozen=True)
class Difference:
    """A stated figure that is the sum of some columns minus the sum of others."""

    stated: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    category: FigureCheck = FigureCheck.VARIANCE


@dataclass(frozen=True)
class Percentage:
    """A stated percentage, printed with ``decimals``, that ``formula`` gives of an outcome and a base."""

    stated: str
    formula: Formula
    outcome: str
    base: pl.Expr
    decimals: int = 0


@dataclass(frozen=True)
class Checks:
    """What is controlled in a table, beside the totals of its tree."""

    differences: tuple[Difference, ...] = ()
    percentages: tuple[Percentage, ...] = ()


VARIANCE: Final = Difference("avvikelse_tkr", plus=("utfall_tkr",), minus=("budget_tkr",))

CHECKS: Final[Mapping[str, Checks]] = MappingProxyType(
    {
        "resultatrakning": Checks((VARIANCE,)),
        "driftsredovisning": Checks(
            (VARIANCE,),
            (Percentage("avvikelse_procent", variance_percent, "utfall_tkr", pl.col("budget_tkr")),),
        ),
        "driftsredovisning_ar": Checks(
            percentages=(Percentage("forandring_procent", change_percent, "utfall_tkr", YEAR_BEFORE),)
        ),
        "digitaliseringspott": Checks(
            (
                Difference(
                    "antal_beviljade",
                    plus=("antal_klara", "antal_pagaende", "antal_planerade", "antal_avbrutna"),
                    category=FigureCheck.TOTAL,
                ),
            )
        ),
        "extern_finansiering": Checks(
            (Difference("netto_tkr", plus=("bidrag_tkr",), minus=("kostnad_tkr",), category=FigureCheck.TOTAL),)
        ),
        "investeringar": Checks((VARIANCE,)),
        "investeringsoverforing": Checks(),
        "investeringsprojekt": Checks((VARIANCE,)),
        "exploateringsprojekt": Checks(
            (
                Difference("netto_tkr", plus=("utgift_tkr", "inkomst_tkr"), category=FigureCheck.TOTAL),
                Difference("avvikelse_tkr", plus=("netto_tkr",), minus=("budget_tkr",)),
            )
        ),
        "exploateringsutfall": Checks((Difference("avvikelse_tkr", plus=("utfall_tkr",), minus=("prognos_tkr",)),)),
        "sarskilda_satsningar": Checks(),
    }
)
"""The checks that hold for each statement. ``budgetram`` is no tree: see ``frames``."""


def control(extracts: Mapping[str, pl.DataFrame], report: Report) -> pl.DataFrame:
    """Every check of every given extract, as rows of ``siffergranskning`` without their stamps."""
    rows = [checked(name, extract, report) for name, extract in extracts.items() if name in CHECKS]
    if "budgetram" in extracts:
        rows.append(frames(extracts["budgetram"]))
    return pl.concat([SCHEMA.to_frame(), *rows])


def checked(name: str, extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The totals, differences and percentages of one statement."""
    checks, rows = CHECKS[name], placed(name, extract, report)
    return pl.concat(
        [
            sums(name, extract, report),
            *(_difference(name, rows, check) for check in checks.differences),
            *(_percentage(name, rows, check) for check in checks.percentages),
        ]
    )


def sums(name: str, extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Every stated total of a statement against the sum of its nearest parts, at every level."""
    found = totals(name, extract, report)
    judged = [
        _judged(_named(name, rows), _column(name, str(column)), FigureCheck.TOTAL, "_summa", name)
        for (column,), rows in found.group_by("kolumn", maintain_order=True)
    ]
    return pl.concat([SCHEMA.to_frame(), *judged])


def frames(extract: pl.DataFrame) -> pl.DataFrame:
    """Each stated budget frame against the frame stated before it and the amounts since.

    A frame that follows directly on a stated one has nothing to be held against: the report then
    leaves out the steps between.
    """
    column = _column("budgetram", "ram_mnkr")
    checked = frames_before(extract).filter(pl.col("ram_mnkr").is_not_null() & (pl.col("antal_fore") > 0))
    named = checked.with_columns(
        pl.col("steg").cast(pl.String).alias("rad"),
        pl.col("handelse").alias("namn"),
        pl.col("ram_mnkr").alias("pastatt"),
        (pl.col("ram_fore") + pl.col("belopp_mnkr").fill_null(0.0)).alias("beraknat"),
        (half_unit(column) * (pl.col("antal_fore") + 2)).alias("tolerans"),
    )
    return _judged(named, column, FigureCheck.TOTAL, "", "budgetram")


def _difference(name: str, rows: pl.DataFrame, check: Difference) -> pl.DataFrame:
    """A stated figure against the columns that it is made of; rows that lack one of them are not judged."""
    column = _column(name, check.stated)
    terms = [*(pl.col(term) for term in check.plus), *(-pl.col(term) for term in check.minus)]
    checked = rows.with_columns(
        pl.col(check.stated).cast(pl.Float64).alias("pastatt"),
        pl.sum_horizontal(terms, ignore_nulls=False).cast(pl.Float64).alias("beraknat"),
        pl.lit(half_unit(column) * (len(terms) + 1)).alias("tolerans"),
    )
    return _judged(_named(name, checked), column, check.category, "", name)


def _percentage(name: str, rows: pl.DataFrame, check: Percentage) -> pl.DataFrame:
    """A stated percentage against the computed one, and against all that rounding allows.

    The amounts are rounded too, so that the true percentage lies between the values that the
    formula gives at the ends of their intervals: it is monotone in each as long as the base keeps
    its sign. The tolerance is the way to the end on the stated figure's side, and half a unit of
    its own last decimal.
    """
    half = half_unit(_column(name, check.outcome))
    outcome, base = pl.col(check.outcome).cast(pl.Float64), check.base.cast(pl.Float64)
    corners = [check.formula(outcome + left, base + right) for left in (-half, half) for right in (-half, half)]
    own = 0.5 * 10.0**-check.decimals
    stated, computed = pl.col(check.stated), check.formula(outcome, base)
    reach = (
        pl.when(stated >= computed)
        .then(pl.max_horizontal(corners) - computed)
        .otherwise(computed - pl.min_horizontal(corners))
    )
    checked = rows.with_columns(
        stated.alias("pastatt"), computed.alias("beraknat"), (reach + own).alias("tolerans")
    ).filter(base.abs() > half)
    # What is published has a decimal more than what is printed, and it is the printed figure that is judged.
    column = replace(_column(name, check.stated), decimals=check.decimals)
    return _judged(_named(name, checked), column, FigureCheck.PERCENT, "", name, agrees=own)


def _judged(
    checked: pl.DataFrame, column: Column, category: FigureCheck, ending: str, name: str, *, agrees: float = 0.0
) -> pl.DataFrame:
    """The rows of a check of ``column`` with verdict and explanation.

    ``checked`` holds ``rad``, ``namn``, ``pastatt``, ``beraknat``, ``tolerans`` and ``kalla_rad``;
    a row that lacks a stated or a computed figure is not judged. A stated figure agrees when it is
    at most ``agrees`` from the computed one.
    """
    figures = ("pastatt", "beraknat", "differens", "tolerans")
    gap = pl.col("differens").abs()
    verdict = (
        pl.when(gap <= agrees + NEGLIGIBLE)
        .then(pl.lit(Verdict.AGREES.value))
        .when(gap <= pl.col("tolerans") + NEGLIGIBLE)
        .then(pl.lit(Verdict.WITHIN_ROUNDING.value))
        .otherwise(pl.lit(Verdict.DISAGREES.value))
    )
    written = partial(quantity, decimals=column.decimals or 0, unit=column.unit or "")
    told = pl.format(
        "{}, {}: angivet är {} och uträknat {}; {}.",
        "namn",
        pl.lit(column.title.sv[0].lower() + column.title.sv[1:]),
        pl.col("pastatt").map_elements(written, return_dtype=pl.String),
        pl.col("beraknat").map_elements(written, return_dtype=pl.String),
        pl.col("utslag").replace_strict(ENDINGS, return_dtype=pl.String),
    )
    return (
        checked.drop_nulls(["pastatt", "beraknat"])
        .with_columns(
            pl.lit(category.value).alias("kategori"),
            pl.lit(name).alias("tabell"),
            pl.lit(column.name).alias("kolumn"),
            (pl.col("pastatt") - pl.col("beraknat")).alias("differens"),
        )
        .with_columns(
            pl.format(
                f"{name}_{{}}_{column.name}{ending}", pl.col("rad").str.replace_all("/", "_", literal=True)
            ).alias("kontroll_id"),
            verdict.alias("utslag"),
            pl.col(figures).round(DECIMALS),
        )
        .with_columns(told.alias("forklaring"))
        .select(SCHEMA.names())
        .cast(SCHEMA)
    )


def _named(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their key in one word, ``rad``, and their name in plain words, ``namn``."""
    statement = STATEMENTS[name]
    return rows.with_columns(
        pl.concat_str(statement.identity, *statement.within, separator="/").alias("rad"),
        pl.concat_str(statement.label, *statement.within, separator=" ").alias("namn"),
    )


def _column(name: str, column: str) -> Column:
    """The declaration of a column of table ``name``."""
    return next(declared for declared in contract(name).columns if declared.name == column)
