"""Taking in observations: what is asked of Kolada and SCB, whether it is complete, and what is held back.

Here belongs the decision between reading everything and asking for changes. How an answer is read
belongs in ``sources``, how history is written in ``pipelines.storage.warehouse``.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import polars as pl

from contracts import contract
from pipelines.runs.run import Run, record
from pipelines.storage.warehouse import Reading
from sources.errors import AnswerError, LostAnswerError
from sources.kolada import MOST_IDS, Fault, Observations, asked_of, findings, requests
from sources.plan.areas import AreaPart, AreaSeries
from sources.plan.parts import SeriesPart
from sources.plan.register import Series
from sources.selecting import is_expression

MARGIN: Final = dt.timedelta(days=1)
"""Changes are asked for from the day before the last reading: a source's day is not ours."""

HELD_BACK: Final = "held back"
"""What a reading was about that left something out: the next one is about what the last whole one was."""

FIELDS: Final = ("kalla_id", "kommun_id", "ar", "kon")

OneSeries = TypeVar("OneSeries", Series, AreaSeries)

ReadPart: TypeAlias = Callable[[Run, OneSeries, int], pl.DataFrame]
"""Reads one part of a series, by its number."""


def described_units(run: Run) -> pl.DataFrame:
    """Kolada's municipalities and regions.

    Raises AnswerError where it lists not all of those that the plan uses.
    """
    listed = run.kolada.municipalities()
    missing = sorted(set(run.plan.register.units) - set(listed["id"]))
    if missing:
        raise AnswerError(
            f"the list lacks {', '.join(missing)}.",
            where="kolada GET /municipality",
            remedy="Refresh again later; if there is no such municipality any more, take it out of county_members.",
        )
    return listed


def described_kpis(run: Run) -> pl.DataFrame:
    """The plan's KPIs, and which are held back because Kolada no longer describes them as the plan does.

    Raises AnswerError where it knows none of several.
    """
    plan = run.plan.register.kolada
    titles = {kpi.id: kpi.title for kpi in plan.kpi}
    retired = {kpi.id for kpi in plan.kpi if kpi.retired}
    listed = run.kolada.kpis(titles) if titles else pl.DataFrame(schema=CALENDAR)
    found = findings(listed, titles, retired) if titles else []
    if len(titles) > 1 and all(finding.fault is Fault.UNKNOWN for finding in found) and len(found) == len(titles):
        raise AnswerError(
            "knows none of the plan's KPIs.", where=f"kolada GET /kpi/{','.join(titles)}", remedy="Refresh again later."
        )
    held = {finding.kpi: f"{finding.message} {REMEDIES[finding.fault].format(kpi=finding.kpi)}" for finding in found}
    now = {finding.kpi: finding.title for finding in found}
    run.summary.held_back += [held[kpi] for kpi in sorted(held)]
    described = pl.DataFrame(
        {
            "kpi_id": list(titles),
            "kpi": list(titles.values()),
            "kpi_nu": [now.get(kpi, accepted) for kpi, accepted in titles.items()],
            "halls_inne": [held.get(kpi) for kpi in titles],
        },
        schema_overrides={"kpi_nu": pl.String, "halls_inne": pl.String},
    )
    calendar = listed.select(kpi_id="id", publiceras="publication_date", publiceras_ar="publ_period")
    dated = described.join(calendar, on="kpi_id", how="left", maintain_order="left")
    return dated.with_columns(pl.lit(value).alias(name) for name, value in run.partition.items()).select(
        list(contract("kolada_nyckeltal", "core").polars_schema)
    )


CALENDAR: Final = {"id": pl.String, "publication_date": pl.Date, "publ_period": pl.Int64}
"""What is read of Kolada's calendar, where there is nothing to ask it about."""


REMEDIES: Final = {
    Fault.UNKNOWN: "Name another KPI in plan.toml, or remove it.",
    Fault.RETIRED: "If it still serves, accept it: etappmal accept {kpi}.",
    Fault.RENAMED: "If it still measures the same, accept the new title: etappmal accept {kpi}.",
}
"""What to do about a KPI that is no longer what the plan says."""


def read_kolada(run: Run, accepted: Sequence[str]) -> Reading:
    """The values of the accepted KPIs for the county's municipalities and the country.

    Live, everything is read the first time, when the scope has changed and at the plan's interval;
    else only what has changed since the last reading in the latest of the plan's years. A KPI whose values
    have all gone is held back: it keeps what it had.

    Raises AnswerError where an answer holds nothing of what was known, or all KPIs are empty at once: that is no
    change at the source.
    """
    plan = run.plan.register
    units = plan.units
    first, last = plan.kolada.years
    years = tuple(range(first, last + 1))
    scope = _fingerprint([sorted(accepted), sorted(units), first, last])
    since = _changes_since(run, "kolada", scope, plan.kolada.full_every_days)
    # What changes is nearly always recent: one request takes so many years, the older are read with everything.
    asked_years = years if since is None else years[-MOST_IDS:]
    asked = requests(accepted, units, asked_years, from_date=since) if accepted else []
    answers = list(run.kolada.blocks(asked))
    told = pl.concat([_nothing_told(), *(answer.frame for answer in answers)], how="diagonal")
    told = _known(told, _moment(run, "kolada", told))
    empty = _emptied(run, told, accepted, complete=since is None)
    if since is None:
        _refuse_silence(run, answers, set(accepted) - empty)
    told = told.filter(~pl.col("kalla_id").is_in(sorted(empty)))
    return Reading(
        rows=_as_kept(told.filter(~pl.col("borttagen")), "kolada_varden"),
        removed=told.filter("borttagen").select(*FIELDS, "kand_fran"),
        asked=tuple(kpi for kpi in accepted if kpi not in empty),
        complete=since is None,
        scope=scope,
        units=units,
        years=years,
        # What was held back must be told again the next night: it is still what the source says.
        settled=not empty,
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
        known = run.told("kolada_varden").filter(own & pl.col("kand_till").is_null() & pl.col("varde").is_not_null())
        left |= set(known.join(told, on=FIELDS, how="anti")["kalla_id"])
    expected = {kpi.id for kpi in plan.kolada.kpi if kpi.id in accepted and kpi.values_expected}
    empty = expected - left
    if empty == expected and len(expected) > 1:
        raise AnswerError(
            f"no KPI of the plan has any value for {plan.municipality.name}.",
            where="kolada GET /data",
            remedy="Nothing of these answers is used; refresh again later.",
        )
    run.summary.held_back += [
        f"{kpi} has no value for {plan.municipality.name} in any year any more. If none is expected, accept it: "
        f"etappmal accept {kpi}."
        for kpi in sorted(empty)
    ]
    run.summary.emptied += sorted(empty)
    return empty


def _refuse_silence(run: Run, answers: Sequence[Observations], kpis: Collection[str]) -> None:
    """Refuse an answer without any record where values of these KPIs were known: to say nothing is not to remove."""
    silent = [request for answer in answers for request in answer.empty]
    if not silent:
        return
    expected = {kpi.id for kpi in run.plan.register.kolada.kpi if kpi.values_expected} & set(kpis)
    known = run.told("kolada_varden").filter(
        pl.col("kand_till").is_null() & pl.col("varde").is_not_null() & pl.col("kalla_id").is_in(sorted(expected))
    )
    for request in silent:
        asked = asked_of(request.path)
        lost = known.filter(
            pl.col(name).is_in(asked[field])
            for field, name in (("kpi", "kalla_id"), ("municipality", "kommun_id"), ("period", "ar"))
        )
        if not lost.is_empty():
            raise AnswerError(
                f"the answer is empty, and there were values, of {lost['kalla_id'][0]} and others.",
                where=request.name,
                remedy="Nothing of this answer is used; refresh again later.",
            )


def read_scb(run: Run) -> Reading:
    """The plan's series of SCB. Live, a series whose tables say that nothing was updated is not read again."""
    return _read_series(run, "scb_varden", run.plan.register.scb.series, _part)


def read_areas(run: Run) -> Reading:
    """The plan's series of SCB by area, read as the others; each cell of a table is a series of its own."""
    areas = run.plan.register.areas
    return _read_series(run, "omradesceller", areas.series if areas else (), _area_part)


def _read_series(run: Run, name: str, series: Sequence[OneSeries], read: ReadPart[OneSeries]) -> Reading:
    """Series of SCB as rows of table ``name``."""
    tables = {each.id: _tables(run, each) for each in series}
    due = [each for each in series if _is_due(run, each, tables[each.id])]
    told: dict[str, pl.DataFrame] = {
        each.id: pl.concat(read(run, each, number) for number in range(len(each.part))) for each in due
    }
    cells = pl.concat([_nothing_told(), *told.values()], how="diagonal")
    rows = _as_kept(_known(cells, _moment(run, name.partition("_")[0], cells)), name)
    times = [code for each in series for part in each.part for code in part.selection.get(part.time, ())]
    return Reading(
        rows=rows,
        removed=rows.clear().select(*FIELDS, "kand_fran"),
        asked=tuple(cell for each in due for cell in _cells(each)),
        complete=True,
        scope=_fingerprint([each.model_dump(mode="json") for each in series]),
        units=tuple(rows["kommun_id"].unique()),
        # A year that the plan names and is not told would be an error; one behind an expression may be gone.
        years=None if any(map(is_expression, times)) else tuple(rows["ar"].unique()),
        tables={noted_as(each): tables[each.id] for each in due if _is_of(told[each.id], tables[each.id])},
    )


def _cells(series: Series | AreaSeries) -> Sequence[str]:
    """The ids under which the values of a series are kept."""
    return series.cells if isinstance(series, AreaSeries) else (series.id,)


def noted_as(series: Series | AreaSeries) -> str:
    """The name under which it is noted what a series was read as: that of this very series."""
    return f"scb:{series.id}:{_fingerprint([series.model_dump(mode='json')])}"


def _tables(run: Run, series: Series | AreaSeries) -> str:
    """When the tables of a series were updated, as they say themselves; empty where one does not."""
    if run.settings.source == "snapshot":
        return ""
    updated = [run.scb.metadata(part.table).updated for part in series.part]
    return " ".join(each.isoformat() for each in updated if each) if all(updated) else ""


def _is_due(run: Run, series: Series | AreaSeries, tables: str) -> bool:
    """Whether the tables of a series are not, or not surely, as they were at the last reading."""
    return not tables or run.warehouse.last_scope(noted_as(series)) != tables


def _is_of(cells: pl.DataFrame, tables: str) -> bool:
    """Whether cells are of the update that the metadata spoke of: a service may still give those of the last."""
    updated = cells.select("part", "updated").unique().sort("part")["updated"]
    return bool(tables) and " ".join(each.isoformat() if each else "" for each in updated) == tables


def _part(run: Run, series: Series, number: int) -> pl.DataFrame:
    """What one table holds of a series."""
    return _told(run, series.part[number]).with_columns(kalla_id=pl.lit(series.id), part=pl.lit(number))


def _area_part(run: Run, series: AreaSeries, number: int) -> pl.DataFrame:
    """What one table holds of a series by area; a blank cell without a mark says nothing, and is no value."""
    part: AreaPart = series.part[number]
    names = {code: f"{series.id}:{cell}" for cell, code in part.cells.items()}
    named = _told(run, part).with_columns(
        kalla_id=pl.col(part.by).replace_strict(names, return_dtype=pl.String), part=pl.lit(number)
    )
    return named.drop(part.by).filter(pl.col("varde").is_not_null() | pl.col("status").is_not_null())


def _told(run: Run, part: SeriesPart) -> pl.DataFrame:
    """The cells of one table, with the region and the year that each is about."""
    cells = run.scb.observations(part.table, part.asked, totals=part.totals)
    by = [part.by] if isinstance(part, AreaPart) else []
    return cells.select(
        "status",
        "hamtad",
        "updated",
        *by,
        kommun_id=pl.col(part.region),
        ar=pl.col(part.time).cast(pl.Int64),
        kon=pl.lit("T"),
        varde=pl.col("value"),
    )


def remember(run: Run, name: str, reading: Reading, good: pl.DataFrame) -> dict[str, Any]:
    """Write a reading into its table; how many values are new, changed and gone.

    A run of the past that was killed before it came to that does not come to it when it is made again.
    """
    if name not in run.remembers:
        return {}
    record(run)
    source = name.partition("_")[0]
    scope = reading.scope if reading.settled else HELD_BACK
    with run.warehouse.together():
        counts = run.warehouse.remember(contract(name, "core"), good, reading)
        run.warehouse.note_reading(source, scope, run.now, complete=reading.complete and reading.settled)
        for series, tables in reading.tables.items():
            run.warehouse.note_reading(series, tables, run.now, complete=True)
        run.warehouse.note_remembered(run.id, name, run.now)
    run.remembered.append(name)
    return counts


def observe(run: Run) -> None:
    """Take in all observations of a run outside Dagster: what a run that is made again did before it failed.

    What a source did not answer then, it does not answer now, and the other one is taken in all the same.
    Raises LostAnswerError where the archive no longer holds what it did answer.
    """
    for take_in in (_observe_kolada, _observe_scb, _observe_areas):
        try:
            take_in(run)
        except LostAnswerError:
            raise
        except AnswerError:
            continue


def _observe_kolada(run: Run) -> None:
    """Take in what Kolada told."""
    kpis = described_kpis(run)
    accepted = kpis.filter(pl.col("halls_inne").is_null())["kpi_id"].to_list()
    _take_in(run, "kolada_varden", read_kolada(run, accepted))


def _observe_scb(run: Run) -> None:
    """Take in what SCB told."""
    _take_in(run, "scb_varden", read_scb(run))


def _observe_areas(run: Run) -> None:
    """Take in what SCB told by area."""
    _take_in(run, "omradesceller", read_areas(run))


def _take_in(run: Run, name: str, reading: Reading) -> None:
    """Hold a reading to its contract and remember what is good."""
    checked = run.check(reading.rows, contract(name, "core"))
    if not checked.blocked:
        remember(run, name, reading, checked.good)


def _moment(run: Run, source: str, told: pl.DataFrame) -> dt.datetime:
    """When a reading became known, all of it at once: when the last of its answers came.

    Where all of them are of old, what they say that differs from what was known since is known from now.
    """
    came = told["hamtad"].max()
    if isinstance(came, dt.datetime) and (came >= run.now or run.warehouse.last_reading(source) is None):
        return came
    return run.now


def _known(told: pl.DataFrame, moment: dt.datetime) -> pl.DataFrame:
    """What was told, known from a moment."""
    return told.with_columns(kand_fran=pl.lit(moment, pl.Datetime("us")), kand_till=pl.lit(None, pl.Datetime("us")))


def _as_kept(told: pl.DataFrame, name: str) -> pl.DataFrame:
    """What was told, in the shape of its table."""
    return told.select(pl.col(column).cast(dtype) for column, dtype in contract(name, "core").polars_schema.items())


def _nothing_told() -> pl.DataFrame:
    """What a source tells that is not asked."""
    schema = contract("kolada_varden", "core").polars_schema
    return pl.DataFrame(schema={**schema, "borttagen": pl.Boolean, "hamtad": pl.Datetime("us")})


def _fingerprint(about: Collection[Any]) -> str:
    """What a reading was about, in short."""
    return hashlib.sha256(json.dumps(about, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
