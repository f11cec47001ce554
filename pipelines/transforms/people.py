"""The people: headcount, turnover and sick leave, with the change on the year before.

Here belongs how the tables of ``contracts.people`` come from their extracts.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from contracts.vocabulary import Reason
from pipelines.transforms.naming import slug
from pipelines.transforms.report import Report
from pipelines.transforms.years import year_before

DECIMALS: Final = 1
"""Shares are printed with one decimal, and so is the difference of two of them."""


def antal_anstallda(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The number of employees for each organisation and year."""
    frame = _with_identity(extract, value="varde")
    changed = _with_change(frame, value="varde", change="forandring", within=("organisation_id", "matt"))
    return report.table("antal_anstallda", changed)


def personalomsattning(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Staff turnover for each organisation and year."""
    frame = _with_identity(extract, value="varde_procent")
    changed = _with_change(frame, value="varde_procent", change="forandring_pe", within=("organisation_id",))
    return report.table("personalomsattning", changed)


def sjukfranvaro(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Sick leave for each organisation, group and year."""
    frame = _with_identity(extract, value="varde_procent")
    changed = _with_change(frame, value="varde_procent", change="forandring_pe", within=("organisation_id", "grupp"))
    return report.table("sjukfranvaro", changed)


def _with_identity(extract: pl.DataFrame, *, value: str) -> pl.DataFrame:
    """Add the organisation's identifier, and a reason to each blank that comes without one."""
    given = pl.col("varde_status") if "varde_status" in extract.schema else pl.lit(None, pl.String)
    blank = pl.when(pl.col(value).is_null()).then(pl.lit(str(Reason.NOT_PUBLISHED)))
    return extract.with_columns(
        slug("organisation").alias("organisation_id"), pl.coalesce(given, blank).alias("varde_status")
    )


def _with_change(frame: pl.DataFrame, *, value: str, change: str, within: Sequence[str]) -> pl.DataFrame:
    """Put the computed change on the year before in place of the stated one, where both years have a value."""
    computed = (pl.col(value) - year_before(value, *within)).round(DECIMALS)
    return frame.with_columns(pl.coalesce(computed, pl.col(change)).alias(change))
