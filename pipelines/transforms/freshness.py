"""Freshness: what should be in by today, and who is late where it is not.

Here belongs the judgement alone. What the sources' calendars say comes with Kolada's list of KPIs and
SCB's tables.

A KPI's ``publication_date`` is the day on which Kolada means to publish the year ``publ_period`` next.
The year that a plan needs may lie before: that it was due so many years earlier, on the same day, is
the only thing that the calendar says of it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from contracts import contract
from contracts.vocabulary import Freshness
from pipelines.transforms.report import Report

ROUND: Final = dt.timedelta(days=365)
GRACE: Final = dt.timedelta(days=31)
"""A yearly table may come so much later than the year before and still be in time."""


@dataclass(frozen=True)
class Measure:
    """A measure of a source: what the plan needs of it, what is known, and what its calendar says.

    ``needed`` is the last year that the plan takes in, ``latest`` the last year with a value for the
    municipality. ``due`` is the day on which ``year`` is published; ``read`` is when the source was last
    read whole. ``behind`` says why what the source has is not taken in.
    """

    source: str
    id: str
    title: str
    dataset: str
    needed: int
    latest: int | None
    year: int | None
    due: dt.date | None
    read: dt.datetime | None
    behind: str | None = None


def judged(measure: Measure, today: dt.date) -> dict[str, object]:
    """A measure with its state on a day."""
    year, due = _expected(measure)
    late = due is not None and due <= today and (measure.latest is None or year is None or measure.latest < year)
    read_since = measure.read is not None and due is not None and measure.read.date() >= due
    why: str | None = measure.behind
    if measure.behind is not None:
        state = Freshness.LATE_HERE
    elif not late:
        in_time = measure.latest is not None and year is not None and measure.latest >= year
        state = Freshness.UP_TO_DATE if in_time else Freshness.NOT_DUE
    elif read_since:
        state, why = Freshness.LATE_AT_SOURCE, f"{year} väntades {due} och finns inte i källan."
    else:
        state, why = Freshness.LATE_HERE, f"{year} väntades {due} och källan är inte läst sedan dess."
    return {
        "kalla": measure.source,
        "kalla_id": measure.id,
        "titel": measure.title,
        "datamangd": measure.dataset,
        "senaste_ar": measure.latest,
        "vantat_ar": year,
        "vantad_dag": due,
        "senast_last": measure.read,
        "tillstand": str(state),
        "orsak": why,
    }


def farskhet(measures: list[Measure], today: dt.date, report: Report) -> pl.DataFrame:
    """Each measure with its state, as the operational table."""
    stamped = ("kommun_id", "rapport")
    schema = {name: kind for name, kind in contract("farskhet", "drift").polars_schema.items() if name not in stamped}
    return report.table("farskhet", pl.DataFrame([judged(each, today) for each in measures], schema=schema), "drift")


def next_of_table(updated: dt.date, latest: int | None) -> tuple[int | None, dt.date]:
    """What a yearly table publishes next, and the day by which it is late: it tells only when it last did."""
    return (None if latest is None else latest + 1), updated + ROUND + GRACE


def _expected(measure: Measure) -> tuple[int | None, dt.date | None]:
    """The year that is waited for, of those that the plan takes in, and its day."""
    if measure.year is None or measure.due is None:
        return measure.year, measure.due
    if measure.year <= measure.needed:
        return measure.year, measure.due
    back = measure.year - measure.needed
    return measure.needed, _years_before(measure.due, back)


def _years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years before; the last of February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
