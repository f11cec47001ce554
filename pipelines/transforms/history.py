"""What was known when: observations as of a moment, and what sources have revised since.

Here belong questions to the history of observations. How history is written belongs in
``pipelines.storage.warehouse``; what an outcome means belongs in ``pipelines.transforms.milestones``.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from contracts.vocabulary import MilestoneStatus, Revision
from pipelines.transforms.milestones import status
from pipelines.transforms.outcomes import CELL, source_outcomes
from pipelines.transforms.report import Report
from sources.plan.register import Register

VALUE: Final = ("kalla_id", *CELL)
"""What identifies a value of a source."""


@dataclass(frozen=True)
class Known:
    """The observations of both services, and the measures of groups of areas, with their history."""

    kolada: pl.DataFrame
    scb: pl.DataFrame
    areas: pl.DataFrame

    def at(self, moment: dt.datetime) -> "Known":
        """What was known at a moment."""
        return Known(as_of(self.kolada, moment), as_of(self.scb, moment), as_of(self.areas, moment))


def as_of(observations: pl.DataFrame, moment: dt.datetime) -> pl.DataFrame:
    """The observations that were known at a moment (UTC), as they were known: none of them closed."""
    known = (pl.col("kand_fran") <= moment) & (pl.col("kand_till").is_null() | (pl.col("kand_till") > moment))
    return observations.filter(known).with_columns(kand_till=pl.lit(None, pl.Datetime("us")))


def versions(observations: pl.DataFrame) -> pl.DataFrame:
    """Each change of a value after its year was first known: before, after, kind and time.

    A year that a source publishes for the first time is news, not a revision; a value that comes
    later for a year that was known for someone else is added. A blank and no row say the same.
    """
    told = observations.filter(pl.col("varde").is_not_null())
    first = told.group_by("kalla_id", "ar").agg(forst=pl.col("kand_fran").min())
    begun = told.select(*VALUE, kand_fran="kand_fran", efter="varde")
    ended = told.filter(pl.col("kand_till").is_not_null()).select(*VALUE, kand_fran="kand_till", fore="varde")
    changes = begun.join(ended, on=[*VALUE, "kand_fran"], how="full", coalesce=True).join(first, on=["kalla_id", "ar"])
    return (
        changes.filter(pl.col("kand_fran") > pl.col("forst"))
        .filter(pl.col("fore").ne_missing(pl.col("efter")))
        .with_columns(
            typ=pl.when(pl.col("fore").is_null())
            .then(pl.lit(str(Revision.ADDED)))
            .when(pl.col("efter").is_null())
            .then(pl.lit(str(Revision.REMOVED)))
            .otherwise(pl.lit(str(Revision.CHANGED)))
        )
        .drop("forst")
        .sort("kand_fran", *VALUE)
    )


def revideringar(register: Register, indicators: pl.DataFrame, known: Known, report: Report) -> pl.DataFrame:
    """Every revision of a value that the plan uses, with the statuses it stands between.

    ``indicators`` is ``core.indikatorregister``. The statuses are those that the source's value
    would give the first indicator that uses it, for the report's municipality and year, before and after.
    """
    used = _used(register)
    parts = []
    told = (("Kolada", "kolada", known.kolada), ("SCB", "scb", known.scb), ("SCB", "areas", known.areas))
    for name, prefix, observations in told:
        users = used.filter(pl.col("reference").str.starts_with(f"{prefix}:"))
        kept = observations.filter(pl.col("kommun_id").is_in(register.units))
        found = versions(kept).with_columns(reference=pl.format(f"{prefix}:{{}}", "kalla_id"), kalla=pl.lit(name))
        parts.append(found.join(users, on="reference", maintain_order="left"))
    changes = pl.concat(parts)
    statuses = _statuses(register, indicators, known, report, changes["kand_fran"].unique().sort())
    own = (pl.col("kommun_id") == report.kommun_id) & (pl.col("kon") == "T")
    joined = changes.join(
        statuses, left_on=["forsta", "kand_fran", "ar"], right_on=["indikator_id", "kand_fran", "utfall_ar"], how="left"
    ).with_columns(
        status_fore=pl.when(own).then("status_fore"),
        status_efter=pl.when(own).then("status_efter"),
    )
    return report.table("revideringar", joined)


def _used(register: Register) -> pl.DataFrame:
    """The outside values that the plan uses, with the indicators that use each and the first of them."""
    users: dict[str, list[str]] = {}
    for _, indicator in register.indicators:
        for reference in indicator.source.references:
            users.setdefault(reference, []).append(indicator.id)
    return pl.DataFrame(
        [(reference, ";".join(ids), ids[0]) for reference, ids in users.items()],
        schema={"reference": pl.String, "indikatorer": pl.String, "forsta": pl.String},
        orient="row",
    )


def _statuses(
    register: Register,
    indicators: pl.DataFrame,
    known: Known,
    report: Report,
    moments: Iterable[dt.datetime],
) -> pl.DataFrame:
    """The status that the sources gave each indicator just before each moment, and at it."""
    frames = [pl.DataFrame(schema=_STATUS)]
    for moment in moments:
        sides: Mapping[str, dt.datetime] = {
            "status_fore": moment - dt.timedelta(microseconds=1),
            "status_efter": moment,
        }
        frame = indicators.select("indikator_id", "utfall_ar", kand_fran=pl.lit(moment, pl.Datetime("us")))
        for side, at in sides.items():
            told = source_statuses(register, indicators, known.at(at), report)
            frame = frame.join(
                told.select("indikator_id", pl.col("status").alias(side)), on="indikator_id", how="left"
            ).with_columns(pl.col(side).fill_null(str(MilestoneStatus.NOT_ASSESSABLE)))
        frames.append(frame.select(pl.col(name).cast(dtype) for name, dtype in _STATUS.items()))
    return pl.concat(frames)


_STATUS: Final = pl.Schema(
    {
        "indikator_id": pl.String(),
        "utfall_ar": pl.Int64(),
        "kand_fran": pl.Datetime("us"),
        "status_fore": pl.String(),
        "status_efter": pl.String(),
    }
)


def source_statuses(register: Register, indicators: pl.DataFrame, known: Known, report: Report) -> pl.DataFrame:
    """What the sources give each indicator for its year: ``indikator_id``, ``utfall`` and ``status``."""
    outcomes = source_outcomes(register, known.kolada, known.scb, known.areas).filter(
        (pl.col("kommun_id") == report.kommun_id) & (pl.col("kon") == "T") & pl.col("utfall").is_not_null()
    )
    own = indicators.join(
        outcomes.select("indikator_id", "utfall", utfall_ar="ar"),
        on=["indikator_id", "utfall_ar"],
        maintain_order="left",
    )
    return own.select("indikator_id", "utfall", status=status("utfall", "etappmal_operator", "etappmal_varde"))
