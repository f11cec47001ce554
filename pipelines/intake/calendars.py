"""The calendars of the sources: what a plan takes from each, how far it has come, and when more is due.

Here belongs the way from what is known and noted to a ``Measure``. Whether something is late is judged
in ``pipelines.transforms.freshness``.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from pipelines.intake.observing import noted_as
from pipelines.runs.run import Run
from pipelines.transforms.freshness import Measure, next_of_table


def measures(run: Run) -> list[Measure]:
    """What the plan takes from the services, with what is known and expected of each."""
    return [*_kolada_measures(run), *_scb_measures(run)]


def _kolada_measures(run: Run) -> Iterator[Measure]:
    """The plan's KPIs."""
    plan, latest = run.plan.register.kolada, _latest(run, "kolada_varden")
    behind = {text.split(maxsplit=1)[0]: text for text in run.summary.held_back}
    calendar = {row["kpi_id"]: row for row in run.core("kolada_nyckeltal").iter_rows(named=True)}
    for kpi in plan.kpi:
        told = calendar[kpi.id]
        yield Measure(
            source="Kolada",
            id=kpi.id,
            title=kpi.title,
            dataset="jamforelsetal_kolada",
            needed=kpi.valid_to or plan.years[1],
            latest=latest.get(kpi.id),
            # Of a measure of which nothing is expected nothing is late.
            year=told["publiceras_ar"] if kpi.values_expected else None,
            due=told["publiceras"] if kpi.values_expected else None,
            read=_read(run, "kolada"),
            behind=told["halls_inne"] or behind.get(kpi.id),
        )


def _scb_measures(run: Run) -> Iterator[Measure]:
    """The plan's series of SCB: the calendar is what its newest table says of its last publication."""
    latest = _latest(run, "scb_varden")
    for series in run.plan.register.scb.series:
        noted = (run.warehouse.last_scope(noted_as(series)) or "").split()
        due = next_of_table(dt.datetime.fromisoformat(noted[-1]).date(), latest.get(series.id)) if noted else None
        year = due[0] if due else latest.get(series.id)
        yield Measure(
            source="SCB",
            id=series.id,
            title=series.title,
            dataset="indikatorutfall",
            needed=run.plan.register.kolada.years[1],
            latest=latest.get(series.id),
            year=year,
            due=due[1] if due else None,
            read=_read(run, "scb"),
        )


def _latest(run: Run, name: str) -> dict[str, int]:
    """The last year that has a value for the municipality, by KPI or series."""
    own = (pl.col("kommun_id") == run.report.kommun_id) & pl.col("kand_till").is_null() & pl.col("varde").is_not_null()
    return dict(run.told(name).filter(own).group_by("kalla_id").agg(pl.col("ar").max()).iter_rows())


def _read(run: Run, source: str) -> dt.datetime | None:
    """When a source was last asked. A recording was asked when its youngest answer came."""
    if run.settings.source == "live":
        return run.warehouse.last_reading(source)
    came = run.told(f"{source}_varden")["kand_fran"].max()
    return came if isinstance(came, dt.datetime) else None
