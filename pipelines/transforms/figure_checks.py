"""What is controlled: for each table, what every stated figure is held against.

Here belong the kinds of checks, each with the figure it computes and what rounding allows, and
``CHECKS``, which declares them table by table. The formulas belong to the transforms that publish
the computed figures; the verdict on a stated figure belongs in ``figure_control``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final

import polars as pl

from contracts import trees
from contracts.vocabulary import FigureCheck
from pipelines.transforms.money import OUTCOME_BEFORE, change_percent, frames_before, share_percent, variance_percent
from pipelines.transforms.totals import ADDED, column, totals
from pipelines.transforms.years import year_before

Formula = Callable[[pl.Expr, pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Check(ABC):
    """A check of the figures of one column, ``stated``.

    ``decimals`` tells how many decimals are printed, where they are not those that are published.
    """

    ending: ClassVar[str] = ""
    """What the identifier of the check ends in, where a column has more than one."""

    stated: str
    category: FigureCheck = field(default=FigureCheck.TOTAL, kw_only=True)
    decimals: int | None = field(default=None, kw_only=True)

    @property
    def agrees(self) -> float:
        """How far from the computed figure the stated one still is the same."""
        return 0.0

    @abstractmethod
    def held(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of table ``name`` with ``pastatt``, ``beraknat`` and ``tolerans``.

        A row that lacks the stated figure, or something that the computed one is made of, is left
        out or has a blank.
        """


@dataclass(frozen=True)
class Total(Check):
    """A stated total that is the sum of its nearest parts."""

    ending: ClassVar[str] = "_summa"

    def held(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The totals, at every level."""
        return totals(name, rows, self.stated)


@dataclass(frozen=True)
class Difference(Check):
    """A stated figure that is the sum of some columns of its row minus the sum of others."""

    plus: tuple[str, ...]
    minus: tuple[str | pl.Expr, ...] = ()
    category: FigureCheck = field(default=FigureCheck.VARIANCE, kw_only=True)

    def held(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows; each figure is rounded to half a unit of its last decimal."""
        added = pl.sum_horizontal(*self.plus, ignore_nulls=False)
        taken = pl.sum_horizontal(pl.lit(0), *self.minus, ignore_nulls=False)
        figures = 1 + len(self.plus) + len(self.minus)
        return rows.with_columns(
            pl.col(self.stated).cast(pl.Float64).alias("pastatt"),
            (added - taken).cast(pl.Float64).alias("beraknat"),
            pl.lit(trees.half_unit(column(name, self.stated)) * figures).alias("tolerans"),
        )


@dataclass(frozen=True)
class Percentage(Check):
    """A stated percentage that ``formula`` gives of an outcome and a base.

    What is published has a decimal more than what is printed, and it is the printed figure that is
    judged.
    """

    formula: Formula
    outcome: str
    base: pl.Expr
    category: FigureCheck = field(default=FigureCheck.PERCENT, kw_only=True)
    decimals: int | None = field(default=0, kw_only=True)

    @property
    def agrees(self) -> float:
        """Half a unit of the last printed decimal: the computed percentage is not rounded."""
        return 0.5 * 10.0 ** -(self.decimals or 0)

    def held(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows, with all that rounding allows.

        The amounts are rounded too, so that the true percentage lies between the values that the
        formula gives at the ends of their intervals: it is monotone in each as long as the base
        keeps its sign. The tolerance is the way to the end on the stated figure's side, and half a
        unit of its own last decimal.
        """
        half = trees.half_unit(column(name, self.outcome))
        outcome, base = pl.col(self.outcome).cast(pl.Float64), self.base.cast(pl.Float64)
        corners = [self.formula(outcome + left, base + right) for left in (-half, half) for right in (-half, half)]
        stated, computed = pl.col(self.stated), self.formula(outcome, base)
        reach = (
            pl.when(stated >= computed)
            .then(pl.max_horizontal(corners) - computed)
            .otherwise(computed - pl.min_horizontal(corners))
        )
        return rows.with_columns(
            stated.alias("pastatt"), computed.alias("beraknat"), (reach + self.agrees).alias("tolerans")
        ).filter(base.abs() > half)


@dataclass(frozen=True)
class Frame(Check):
    """A stated budget frame that is the frame stated before it and the amounts since.

    A frame that follows directly on a stated one has nothing to be held against: the report then
    leaves out the steps between.
    """

    def held(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The frames with amounts before them, each named by what happened and not by the number of the step."""
        steps = frames_before(rows).filter(pl.col("antal_fore") > 0)
        return steps.with_columns(
            pl.col("handelse").alias("namn"),
            pl.col(self.stated).alias("pastatt"),
            (pl.col("ram_fore") + pl.col("belopp_mnkr").fill_null(0.0)).alias("beraknat"),
            (trees.half_unit(column(name, self.stated)) * (pl.col("antal_fore") + 2)).alias("tolerans"),
        )


def change(stated: str, value: str, *within: str) -> Difference:
    """The check of a stated change of ``value`` since the year before, of the same ``within``."""
    return Difference(stated, plus=(value,), minus=(year_before(value, *within),))


VARIANCE: Final = Difference("avvikelse_tkr", plus=("utfall_tkr",), minus=("budget_tkr",))

FIGURES: Final[Mapping[str, tuple[Check, ...]]] = MappingProxyType(
    {
        "resultatrakning": (VARIANCE,),
        "driftsredovisning": (
            VARIANCE,
            Percentage("avvikelse_procent", variance_percent, "utfall_tkr", pl.col("budget_tkr")),
        ),
        "driftsredovisning_ar": (Percentage("forandring_procent", change_percent, "utfall_tkr", OUTCOME_BEFORE),),
        "digitaliseringspott": (
            Difference(
                "antal_beviljade",
                plus=("antal_klara", "antal_pagaende", "antal_planerade", "antal_avbrutna"),
                category=FigureCheck.TOTAL,
            ),
        ),
        "extern_finansiering": (
            Difference("netto_tkr", plus=("bidrag_tkr",), minus=("kostnad_tkr",), category=FigureCheck.TOTAL),
        ),
        "budgetram": (Frame("ram_mnkr"),),
        "investeringar": (VARIANCE,),
        "investeringsprojekt": (VARIANCE,),
        "exploateringsprojekt": (
            Difference("netto_tkr", plus=("utgift_tkr", "inkomst_tkr"), category=FigureCheck.TOTAL),
            Difference("avvikelse_tkr", plus=("netto_tkr",), minus=("budget_tkr",)),
        ),
        "exploateringsutfall": (Difference("avvikelse_tkr", plus=("utfall_tkr",), minus=("prognos_tkr",)),),
        "stickprov": (Percentage("andel_fel_procent", share_percent, "antal_fel", pl.col("antal_stickprov")),),
        "antal_anstallda": (change("forandring", "varde", "organisation_id", "matt"),),
        "personalomsattning": (change("forandring_pe", "varde_procent", "organisation_id"),),
        "sjukfranvaro": (change("forandring_pe", "varde_procent", "organisation_id", "grupp"),),
    }
)
"""The checks of the figures in a row, by table."""

CHECKS: Final[Mapping[str, tuple[Check, ...]]] = MappingProxyType(
    {
        name: (*(Total(amount) for amount in ADDED.get(name, ())), *FIGURES.get(name, ()))
        for name in dict.fromkeys((*ADDED, *FIGURES))
    }
)
"""All that is controlled in each table: the totals of its tree, and the figures in its rows."""
