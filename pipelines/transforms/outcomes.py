"""Outcomes of indicators, year by year: what the report states and what the sources state.

Here belongs the way from observations and extracts to outcomes, and formulas over them. What an
outcome means for a milestone belongs in ``pipelines.transforms.milestones``.
"""

from typing import Final

import polars as pl

from contracts.vocabulary import Maturity, Reason, Sex
from pipelines.transforms.report import Report
from sources.plan.areas import COUNTED
from sources.plan.formula import parse
from sources.plan.register import Indicator, Register, Source

CELL: Final = ("kommun_id", "ar", "kon")
"""What a value is about."""

SERVICES: Final = {"kolada": "Kolada", "scb": "SCB", "areas": "SCB"}
"""Who tells, by the beginning of a reference."""

OWN_PROCESSING: Final = "egen bearbetning"
"""Goes after the source of a figure that is worked out of the source's."""

OUTCOME: Final = pl.Schema(
    {
        "indikator_id": pl.String(),
        "kommun_id": pl.String(),
        "ar": pl.Int64(),
        "kon": pl.String(),
        "utfall": pl.Float64(),
        "kalla": pl.String(),
        "kalla_id": pl.String(),
        "mognad": pl.String(),
        "kand_fran": pl.Datetime("us"),
        "kand_till": pl.Datetime("us"),
    }
)


def source_outcomes(
    register: Register, kolada: pl.DataFrame, scb: pl.DataFrame, areas: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Outcomes of every mapped indicator for all municipalities at hand, as their sources give them.

    ``kolada`` and ``scb`` are observations (``core.kolada_varden``, ``core.scb_varden``), ``areas`` the
    measures of groups of areas (``area_groups.group_outcomes``). A direct source keeps its history; a
    formula is computed from the values that hold now, where all its inputs have one for the same
    municipality, year and sex; a count that it gives is whole.
    """
    accepted = pl.DataFrame(
        [(kpi.id, kpi.valid_to) for kpi in register.kolada.kpi],
        schema={"kalla_id": pl.String(), "valid_to": pl.Int64},
        orient="row",
    )
    # A KPI whose definition has ended says nothing of later years, whatever values it may hold.
    valid = kolada.join(accepted, on="kalla_id").filter(pl.col("ar") <= pl.col("valid_to").fill_null(9999))
    observed = pl.concat(
        [
            valid.drop("valid_to").with_columns(reference=pl.format("kolada:{}", "kalla_id")),
            scb.with_columns(reference=pl.format("scb:{}", "kalla_id")),
            (scb.clear() if areas is None else areas).with_columns(reference=pl.format("areas:{}", "kalla_id")),
        ]
    )
    frames = [_outcomes(indicator, observed) for _, indicator in register.indicators if indicator.source.references]
    return pl.concat([pl.DataFrame(schema=OUTCOME), *frames])


def _outcomes(indicator: Indicator, observed: pl.DataFrame) -> pl.DataFrame:
    """The outcomes of one indicator from its source."""
    source = indicator.source
    values = observed.filter(pl.col("reference").is_in(list(source.references)))
    if source.formula is None:
        frame = values.with_columns(
            utfall="varde", mognad=_maturity().over("reference", *CELL), kalla_id=pl.col("kalla_id")
        )
    else:
        frame = _formula(source.formula, source.inputs, values)
        if source.unit == COUNTED:
            # What is worked out of rates misses the whole number by their rounding.
            frame = frame.with_columns(pl.col("utfall").round(mode="half_away_from_zero"))
    return frame.with_columns(
        indikator_id=pl.lit(indicator.id),
        kalla=pl.lit(_told_by(source)),
    ).select(pl.col(name).cast(dtype) for name, dtype in OUTCOME.items())


def _told_by(source: Source) -> str:
    """Who tells the figures of a source, and that they are worked out of theirs where they are.

    Neither Kolada nor SCB wants to be named alone for what others have worked out.
    """
    services = sorted({reference.partition(":")[0] for reference in source.references})
    names = " och ".join(dict.fromkeys(SERVICES[service] for service in services))
    return names if source.formula is None and "areas" not in services else f"{names}, {OWN_PROCESSING}"


def set_aside(register: Register, apart: pl.DataFrame, sourced: pl.DataFrame, known_from: pl.Expr) -> pl.DataFrame:
    """Outcomes that a source told and that are in quarantine, blank, where no other value is known of the same.

    ``apart`` says what the observations in quarantine are about: ``reference``, ``kommun_id``, ``ar``, ``kon``.
    A formula has no value without its inputs, and nothing is told of it here.
    """
    direct = pl.DataFrame(
        [
            (indicator.id, reference, _told_by(indicator.source))
            for _, indicator in register.indicators
            if indicator.source.formula is None
            for reference in indicator.source.references
        ],
        schema={"indikator_id": pl.String, "reference": pl.String, "kalla": pl.String},
        orient="row",
    )
    return (
        apart.join(direct, on="reference")
        .filter(pl.col("ar").is_not_null() & pl.col("kon").is_in([str(sex) for sex in Sex]))
        .join(sourced, on=["indikator_id", *CELL], how="anti")
        .with_columns(
            utfall=pl.lit(None, pl.Float64),
            utfall_status=pl.lit(str(Reason.QUARANTINED)),
            kalla_id=pl.col("reference").str.split(":").list.last(),
            mognad=pl.lit(str(Maturity.PRELIMINARY)),
            kand_fran=known_from,
            kand_till=pl.lit(None, pl.Datetime("us")),
        )
        .select(*(pl.col(name).cast(dtype) for name, dtype in OUTCOME.items()), "utfall_status")
    )


def _maturity() -> pl.Expr:
    """A value that replaced another is revised."""
    first = pl.col("kand_fran").min()
    return (
        pl.when(pl.col("kand_fran") > first).then(pl.lit(str(Maturity.REVISED))).otherwise(pl.lit(str(Maturity.FINAL)))
    )


def _formula(formula: str, inputs: dict[str, str], values: pl.DataFrame) -> pl.DataFrame:
    """A formula over values that hold now, one row for each cell that has all inputs."""
    expression, names = parse(formula)
    current = values.filter(pl.col("kand_till").is_null())
    # An input may have any name, also that of a column: those of the cell are set apart.
    cell = [pl.col(part).alias(f"cell:{part}") for part in CELL]
    joined: pl.DataFrame | None = None
    for name in sorted(names):
        column = current.filter(pl.col("reference") == inputs[name]).select(
            *cell, pl.col("varde").alias(name), pl.col("kand_fran").alias(f"{name}:kand_fran")
        )
        joined = column if joined is None else joined.join(column, on=[f"cell:{part}" for part in CELL])
    if joined is None:
        return pl.DataFrame(schema=OUTCOME)
    return joined.select(
        *(pl.col(f"cell:{part}").alias(part) for part in CELL),
        utfall=expression,
        kalla_id=pl.lit(formula),
        mognad=pl.lit(str(Maturity.FINAL)),
        # The result was known once the last of its inputs was.
        kand_fran=pl.max_horizontal(f"{name}:kand_fran" for name in sorted(names)),
        kand_till=pl.lit(None, pl.Datetime("us")),
    )


def indikatorutfall(extract: pl.DataFrame, known_from: pl.Expr, sources: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Outcomes that the report states beside those of the sources, for the report's municipality.

    ``known_from`` says when the stated outcomes became known: the day of the decision of a decided
    report, else the time at which the extract was first received. An outcome of a source may come with the
    reason for its blank (``utfall_status``).
    """
    stated = extract.with_columns(
        kon=pl.lit("T"),
        kalla=pl.lit(report.kalla),
        kalla_id=pl.lit("indikatorutfall"),
        mognad=pl.lit(str(Maturity.FINAL)),
        kand_fran=known_from.cast(pl.Datetime("us")),
        kand_till=pl.lit(None, pl.Datetime("us")),
    )
    told = pl.col("utfall_status") if "utfall_status" in sources.columns else pl.lit(None, pl.String)
    observed = sources.filter(pl.col("kommun_id") == report.kommun_id).with_columns(
        utfall_status=pl.when(pl.col("utfall").is_null()).then(pl.coalesce(told, pl.lit(str(Reason.DROPOUT))))
    )
    return report.table("indikatorutfall", pl.concat([stated, observed.drop("kommun_id")], how="diagonal"))
