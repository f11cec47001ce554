"""Taking in observations: what is asked of Kolada and SCB, whether it is complete, and what is held back.

Here belongs the decision between reading everything and asking for changes. How an answer is read
belongs in ``sources``, how history is written in ``pipelines.warehouse``.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any, Final

import polars as pl

from contracts import contract
from pipelines.run import Run
from pipelines.warehouse import Reading
from sources.errors import AnswerError
from sources.kolada import Fault, findings
from sources.plan.register import Series, SeriesPart

MARGIN: Final = dt.timedelta(days=1)
"""Changes are asked for from the day before the last reading: a source's day is not ours."""

FIELDS: Final = ("kalla_id", "kommun_id", "ar", "kon")


def described_kpis(run: Run) -> pl.DataFrame:
    """The plan's KPIs, and which are held back because Kolada no longer describes them as the plan does."""
    plan = run.plan.register.kolada
    titles = {kpi.id: kpi.title for kpi in plan.kpi}
    retired = {kpi.id for kpi in plan.kpi if kpi.retired}
    found = findings(run.kolada.kpis(titles), titles, retired) if titles else []
    held = {finding.kpi: f"{finding.message} {REMEDIES[finding.fault].format(kpi=finding.kpi)}" for finding in found}
    now = {finding.kpi: finding.title for finding in found}
    run.summary.held_back += [held[kpi] for kpi in sorted(held)]
    return pl.DataFrame(
        {
            "kpi_id": list(titles),
            "kpi": list(titles.values()),
            "kpi_nu": [now.get(kpi, accepted) for kpi, accepted in titles.items()],
            "halls_inne": [held.get(kpi) for kpi in titles],
        },
        schema=contract("kolada_nyckeltal", "core").polars_schema,
    )


REMEDIES: Final = {
    Fault.UNKNOWN: "Name another KPI in plan.toml, or remove it.",
    Fault.RETIRED: "If it still serves, accept it: etappmal accept {kpi}.",
    Fault.RENAMED: "If it still measures the same, accept the new title: etappmal accept {kpi}.",
}
"""What to do about a KPI that is no longer what the plan says."""


def read_kolada(run: Run, accepted: Sequence[str]) -> Reading:
    """The values of the accepted KPIs for the county's municipalities and the country.

    Live, everything is read the first time, when the scope has changed and at the plan's interval;
    else only what has changed since the last reading. A KPI whose values have all gone is held
    back: it keeps what it had.
    """
    plan = run.plan.register
    units = [*plan.municipality.county_members, plan.kolada.country]
    first, last = plan.kolada.years
    scope = _fingerprint([sorted(accepted), sorted(units), first, last])
    since = _changes_since(run, "kolada", scope, plan.kolada.full_every_days)
    if accepted:
        told = run.kolada.observations(accepted, units, range(first, last + 1), from_date=since).frame
    else:
        told = _nothing_told()
    empty = _emptied(run, told, accepted, complete=since is None)
    told = told.filter(~pl.col("kalla_id").is_in(sorted(empty)))
    return Reading(
        rows=_known(told.filter(~pl.col("borttagen")), "kolada_varden"),
        removed=_removed(told),
        asked=tuple(kpi for kpi in accepted if kpi not in empty),
        complete=since is None,
        scope=scope,
    )


def _changes_since(run: Run, source: str, scope: str, every_days: int) -> dt.date | None:
    """The day from which changes are asked for; None where everything is to be read."""
    if run.settings.source == "snapshot":
        return None
    last = run.warehouse.last_reading(source, scope)
    full = run.warehouse.last_reading(source, scope, complete=True)
    if last is None or full is None or run.now - full >= dt.timedelta(days=every_days):
        return None
    return (last - MARGIN).date()


def _emptied(run: Run, told: pl.DataFrame, accepted: Sequence[str], *, complete: bool) -> set[str]:
    """KPIs that would be left without any value for the municipality, though the plan expects some."""
    plan = run.plan.register
    own = pl.col("kommun_id") == plan.municipality.id
    valued = told.filter(own & ~pl.col("borttagen") & pl.col("varde").is_not_null())
    left = set(valued["kalla_id"])
    if not complete:
        known = run.observations("kolada_varden").filter(
            own & pl.col("kand_till").is_null() & pl.col("varde").is_not_null()
        )
        left |= set(known.join(told, on=FIELDS, how="anti")["kalla_id"])
    empty = {kpi.id for kpi in plan.kolada.kpi if kpi.id in accepted and kpi.values_expected} - left
    run.summary.held_back += [
        f"{kpi} has no value for {plan.municipality.name} in any year. If none is expected, write "
        "values_expected = false beside it in plan.toml."
        for kpi in sorted(empty)
    ]
    return empty


def read_scb(run: Run) -> Reading:
    """The plan's series of SCB. Live, a series whose tables say that nothing was updated is not read again."""
    series = run.plan.register.scb.series
    told = [(each, _series(run, each)) for each in series]
    frames = [frame for _, frame in told if frame is not None]
    rows = pl.concat([pl.DataFrame(schema=contract("scb_varden", "core").polars_schema), *frames])
    return Reading(
        rows=rows,
        removed=_removed(_nothing_told()),
        asked=tuple(each.id for each, frame in told if frame is not None),
        complete=True,
        scope=_fingerprint([each.model_dump(mode="json") for each in series]),
    )


def _series(run: Run, series: Series) -> pl.DataFrame | None:
    """One series as observations about all sexes; None where its tables are as they were at the last reading."""
    if run.settings.source == "live":
        updated = [str(run.scb.metadata(part.table).updated) for part in series.part]
        scope = _fingerprint([series.model_dump(mode="json"), updated])
        if run.warehouse.last_reading(f"scb:{series.id}", scope) is not None:
            return None
        run.read_at_end.append((f"scb:{series.id}", scope))
    return pl.concat(_part(run, series.id, part) for part in series.part)


def _part(run: Run, series: str, part: SeriesPart) -> pl.DataFrame:
    """What one table holds of a series."""
    cells = run.scb.observations(part.table, part.selection, totals=part.totals)
    return _known(
        cells.with_columns(
            kalla_id=pl.lit(series),
            kommun_id=pl.col(part.region),
            ar=pl.col(part.time).cast(pl.Int64),
            kon=pl.lit("T"),
            varde=pl.col("value"),
            antal=pl.lit(None, pl.Int64),
        ),
        "scb_varden",
    )


def remember(run: Run, name: str, reading: Reading, good: pl.DataFrame) -> dict[str, Any]:
    """Write a reading into its table; how many values are new, changed and gone."""
    counts = run.warehouse.remember(contract(name, "core"), good, reading)
    run.warehouse.note_reading(name.partition("_")[0], reading.scope, run.now, complete=reading.complete)
    for source, scope in run.read_at_end:
        run.warehouse.note_reading(source, scope, run.now, complete=True)
    run.read_at_end.clear()
    return counts


def observe(run: Run) -> None:
    """Take in all observations of a run outside Dagster: what a run that is made again did before it failed.

    What a source did not answer then, it does not answer now, and the other one is taken in all the same.
    """
    with suppress(AnswerError):
        kpis = described_kpis(run)
        accepted = kpis.filter(pl.col("halls_inne").is_null())["kpi_id"].to_list()
        _take_in(run, "kolada_varden", read_kolada(run, accepted))
    with suppress(AnswerError):
        _take_in(run, "scb_varden", read_scb(run))


def _take_in(run: Run, name: str, reading: Reading) -> None:
    """Hold a reading to its contract and remember what is good."""
    checked = run.check(reading.rows, contract(name, "core"))
    if not checked.blocked:
        remember(run, name, reading, checked.good)


def _known(observed: pl.DataFrame, name: str) -> pl.DataFrame:
    """Observations as the warehouse keeps them: known from when their bytes became the current answer."""
    return observed.with_columns(
        kand_fran=pl.col("hamtad").cast(pl.Datetime("us")), kand_till=pl.lit(None, pl.Datetime("us"))
    ).select(pl.col(column).cast(dtype) for column, dtype in contract(name, "core").polars_schema.items())


def _removed(told: pl.DataFrame) -> pl.DataFrame:
    """The keys of the values that a source says it has removed."""
    return told.filter("borttagen").select(*FIELDS, kand_fran=pl.col("hamtad").cast(pl.Datetime("us")))


def _nothing_told() -> pl.DataFrame:
    """What a source tells that is not asked."""
    schema = contract("kolada_varden", "core").polars_schema
    return pl.DataFrame(schema={**schema, "borttagen": pl.Boolean, "hamtad": pl.Datetime("us")})


def _fingerprint(about: Collection[Any]) -> str:
    """What a reading was about, in short."""
    return hashlib.sha256(json.dumps(about, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
