"""Outcomes beside those of other municipalities, and their rank in the county.

Here belongs ranking. Which indicators may be compared is declared in the plan.
"""

from collections.abc import Sequence

import polars as pl

from contracts.vocabulary import Comparator, Direction, Reason
from pipelines.transforms.report import Report
from sources.plan.register import Register


def jamforelser(
    outcomes: pl.DataFrame, indicators: pl.DataFrame, municipalities: pl.DataFrame, register: Register, report: Report
) -> pl.DataFrame:
    """Each comparable indicator for the county's municipalities and the country, with ranks in the county.

    ``outcomes`` is what ``source_outcomes`` gives; ``indicators`` is ``core.indikatorregister``.
    Rank 1 is best in the indicator's direction, and equal values share the better rank.
    """
    country = register.kolada.country
    direction = indicators.filter("jamfors").select("indikator_id", "riktning")
    frame = (
        outcomes.filter(
            pl.col("kand_till").is_null() & (pl.col("kon") == "T") & pl.col("kommun_id").is_in(register.units)
        )
        .join(direction, on="indikator_id", maintain_order="left")
        .rename({"kommun_id": "jamforelse_id"})
        .join(municipalities.select(jamforelse_id="kommun_id", jamforelse="kommun"), on="jamforelse_id")
        .with_columns(
            typ=pl.when(pl.col("jamforelse_id") == country)
            .then(pl.lit(str(Comparator.COUNTRY)))
            .otherwise(pl.lit(str(Comparator.MUNICIPALITY)))
        )
    )
    ranked = pl.col("typ") == Comparator.MUNICIPALITY
    # The best gets the highest number, so that one descending rank serves both directions.
    merit = pl.col("utfall") * pl.when(pl.col("riktning") == Direction.HIGHER).then(1.0).otherwise(-1.0)
    merit = pl.when(ranked).then(merit)
    of = merit.count().over("indikator_id", "ar").cast(pl.Int64)
    frame = frame.with_columns(
        utfall_status=pl.when(pl.col("utfall").is_null()).then(pl.lit(str(Reason.DROPOUT))),
        # One alone is not ranked.
        rang=pl.when(of > 1).then(merit.rank("min", descending=True).over("indikator_id", "ar").cast(pl.Int64)),
        rang_av=pl.when(ranked & pl.col("utfall").is_not_null() & (of > 1)).then(of),
    )
    return report.table("jamforelser", frame)


def of_all_plans(
    told: Sequence[pl.DataFrame], before: pl.DataFrame, plans: pl.DataFrame, registers: Sequence[Register]
) -> pl.DataFrame:
    """The values that the plans at hand use, beside those that the plans of the home's other reports use.

    ``told`` is what ``jamforelsetal_kolada`` gives of each of the ``registers`` now, the newest first: a KPI of several
    is as the first of them has it. ``before`` is what the table held, ``plans`` is ``core.kolada_nyckeltal`` of all
    reports. A KPI has the title that the newest report's plan has accepted.
    """
    titles = plans.sort("rapport").group_by("kpi_id", maintain_order=True).agg(pl.col("kpi").last())
    taken: set[str] = set()
    found = []
    for values, register in zip(told, registers, strict=True):
        found.append(values.filter(~pl.col("kpi_id").is_in(sorted(taken))))
        taken |= {kpi.id for kpi in register.kolada.kpi}
    others = before.filter(pl.col("kpi_id").is_in(titles["kpi_id"].implode()) & ~pl.col("kpi_id").is_in(sorted(taken)))
    named = pl.concat([*found, others]).drop("kpi").join(titles, on="kpi_id")
    return named.select(before.columns).sort("kpi_id", "kommun_id", "ar", "kon")


def jamforelsetal_kolada(observations: pl.DataFrame, register: Register) -> pl.DataFrame:
    """The values of Kolada that the plan uses and that hold now, with the titles that the plan has accepted."""
    titles = {kpi.id: kpi.title for kpi in register.kolada.kpi}
    return (
        # What was remembered of a KPI that the plan no longer names stays in the warehouse.
        observations.filter(pl.col("kand_till").is_null() & pl.col("kalla_id").is_in(list(titles)))
        .select(
            kpi_id="kalla_id",
            kpi=pl.col("kalla_id").replace_strict(titles, return_dtype=pl.String),
            kommun_id="kommun_id",
            ar="ar",
            kon="kon",
            varde="varde",
            status=pl.when(pl.col("varde").is_null()).then(pl.lit(str(Reason.DROPOUT))),
            kalla=pl.lit("Kolada"),
            hamtad="kand_fran",
        )
        .sort("kpi_id", "kommun_id", "ar", "kon")
    )
