"""The measures and their values as published tables: every area of a year, with the reason where there is no value.

Here belongs the shape of what is told of each area and group. How a value is worked out belongs in
``area_values``, how areas differ in ``area_differences``.
"""

from typing import Final

import polars as pl

from contracts.areas import ALL
from contracts.vocabulary import AreaStatus, Level, Text
from pipelines.transforms.area_cells import TOLD_ONLY_FROM, cells
from pipelines.transforms.area_groups import group_values
from pipelines.transforms.area_values import measured
from pipelines.transforms.outcomes import OWN_PROCESSING
from pipelines.transforms.report import Report
from sources.plan.areas import COUNTED, AreaMeasure, Areas

SOURCE: Final = f"SCB, {OWN_PROCESSING}"

TYPES: Final = {
    1: "Område med stora socioekonomiska utmaningar",
    2: "Område med socioekonomiska utmaningar",
    3: "Socioekonomiskt blandat område",
    4: "Område med goda socioekonomiska förutsättningar",
    5: "Område med mycket goda socioekonomiska förutsättningar",
}

PLAIN_SHARE: Final = Text("Täljaren i procent av nämnaren", "The numerator in per cent of the denominator")
PLAIN_VALUE: Final = Text("Värdet som SCB anger det", "The value as SCB gives it")
"""What a measure says where the plan has no words of its own for it."""

LOCAL: Final = (str(Level.REGSO), str(Level.DESO), str(Level.MUNICIPALITY))
"""The levels of which every area of a year has a row, with or without a value."""


def omradesmatt(areas: Areas, report: Report) -> pl.DataFrame:
    """The measures of the plan, with what each is made of."""
    rows = [_described(measure, areas) for measure in areas.measure]
    schema = dict.fromkeys(_DESCRIBED, pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        minsta_namnare=pl.when(pl.col("namnare").is_not_null()).then(areas.smallest_denominator),
        kalla=pl.lit(SOURCE),
    )
    return report.table("omradesmatt", frame)


_DESCRIBED: Final = (
    "matt_id",
    "matt",
    "matt_engelska",
    "enhet",
    "riktning",
    "taljare",
    "namnare",
    "definition",
    "definition_engelska",
    "kalla_id",
    "namndmal_id",
    "indikator_id",
)


def _described(measure: AreaMeasure, areas: Areas) -> tuple[str | None, ...]:
    """One measure as a row."""
    plain = PLAIN_SHARE if measure.numerator else PLAIN_VALUE
    return (
        measure.id,
        measure.name,
        measure.name_en,
        measure.unit,
        str(measure.side),
        " + ".join(measure.numerator) or None,
        " + ".join(measure.denominator) or None,
        measure.says or plain.sv,
        measure.says_en or plain.en,
        tables_of(measure, areas),
        measure.goal,
        measure.indicator,
    )


def tables_of(measure: AreaMeasure, areas: Areas) -> str:
    """The tables that a measure rests on."""
    series = {cell.partition(":")[0] for cell in measure.cells}
    return ";".join(dict.fromkeys(part.table for each in areas.series if each.id in series for part in each.part))


def omradesvarden(observations: pl.DataFrame, known: pl.DataFrame, areas: Areas, report: Report) -> pl.DataFrame:
    """Each measure for each area of the division of a year, in the years that anything is told of it.

    ``observations`` is ``core.omradesceller``, ``known`` the dataset ``omraden``. An area without a
    value has a row with the reason; the county and the country only have the rows that are told.
    """
    values = measured(cells(observations, known, areas), areas)
    about = ["omrade_id", "indelning", "niva", "matt_id", "ar"]
    local = known.filter(
        pl.col("niva").is_in(LOCAL) & ((pl.col("indelning") != ALL) | (pl.col("omrade_id") == report.kommun_id))
    )
    grid = (
        values.select("matt_id", "ar")
        .unique()
        .join(local.select("omrade_id", "indelning", "niva", "galler_fran", "galler_till"), how="cross")
        .filter(pl.col("ar").is_between(pl.col("galler_fran").fill_null(0), pl.col("galler_till").fill_null(9999)))
        .select(about)
    )
    wider = values.filter(~pl.col("niva").is_in(LOCAL)).select(about)
    frame = pl.concat([grid, wider]).join(values, on=about, how="left")
    noisy = [each.id for each in areas.measure if _is_noisy(each, areas)]
    blank = (
        pl.when(pl.col("matt_id").is_in(noisy) & (pl.col("ar") >= TOLD_ONLY_FROM) & (pl.col("niva") != "deso"))
        .then(pl.lit(str(AreaStatus.NOISY)))
        .otherwise(pl.lit(str(AreaStatus.MISSING)))
    )
    reasoned = frame.with_columns(
        varde_status=pl.when(pl.col("varde").is_null()).then(pl.coalesce("varde_status", blank)), kon=pl.lit("T")
    )
    return report.table("omradesvarden", _stamped(reasoned, areas))


def _is_noisy(measure: AreaMeasure, areas: Areas) -> bool:
    """Whether a measure rests on counts with noise, which are not added once they are told with it."""
    series = {cell.partition(":")[0] for cell in measure.cells}
    return any(each.noise and each.unit == COUNTED for each in areas.series if each.id in series)


def omradesgruppvarden(
    observations: pl.DataFrame, known: pl.DataFrame, groups: pl.DataFrame, areas: Areas, report: Report
) -> pl.DataFrame:
    """The shares of the plan's groups of areas."""
    values = group_values(observations, known, groups, areas).rename({"omrade_id": "grupp_id"})
    return report.table("omradesgruppvarden", _stamped(values, areas))


def _stamped(values: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """Say where values come from and when they were received."""
    sources = {measure.id: tables_of(measure, areas) for measure in areas.measure}
    return values.with_columns(
        kalla=pl.lit(SOURCE),
        kalla_id=pl.col("matt_id").replace_strict(sources, return_dtype=pl.String),
        hamtad="kand_fran",
    )


def omradestyper(observations: pl.DataFrame, known: pl.DataFrame, areas: Areas, report: Report) -> pl.DataFrame:
    """SCB's type of each RegSO and year that it is told of, with the index; none if the plan does not ask for it."""
    kind = areas.area_type
    told = cells(observations, known, areas).filter(pl.col("niva") == str(Level.REGSO))
    about = ["omrade_id", "indelning", "ar"]
    index = told.filter(pl.col("kalla_id") == (kind.index if kind else "")).select(*about, socioekonomiskt_index="cell")
    types = told.filter(pl.col("kalla_id") == (kind.type if kind else "")).select(
        *about, omradestyp=pl.col("cell").cast(pl.Int64)
    )
    frame = types.join(index, on=about, how="left").with_columns(
        omradestyp_text=pl.col("omradestyp").replace_strict(TYPES, default="Okänd typ", return_dtype=pl.String),
        kalla=pl.lit("SCB"),
    )
    return report.table("omradestyper", frame)
