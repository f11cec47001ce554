"""Statistics: what Kolada and SCB say, the outcomes that follow, how they compare and what was revised."""

from collections.abc import Mapping
from typing import Any, Final

import dagster as dg
import polars as pl

from contracts import Contract, contract
from contracts.vocabulary import Freshness
from pipelines.assets.areas import GROUPED, group_outcomes
from pipelines.assets.plots import bars
from pipelines.assets.table_asset import Verdict, table_asset, write_all, write_partition
from pipelines.assets.upstream import KOLADA, PLAN, SCB, extract_key
from pipelines.intake.calendars import measures
from pipelines.intake.observing import described_kpis, described_units, read_kolada, read_scb, remember
from pipelines.runs.run import Run
from pipelines.transforms import comparisons, freshness, history, outcomes

API = frozenset({"api", "json"})
SHOWN: Final = ("kalla", "kalla_id", "titel", "senaste_ar", "vantat_ar", "vantad_dag", "orsak")
"""What the UI shows of a measure that is late."""


def _remember(run: Run, declared: Contract, frame: pl.DataFrame) -> Mapping[str, Any]:
    """Add what is new to what was known."""
    return remember(run, declared.name, run.readings[declared.name], frame)


@table_asset("kommuner", layer="core", deps=[KOLADA], kinds=API, write=write_all)
def kommuner(run: Run) -> pl.DataFrame:
    """The municipalities and regions."""
    return described_units(run).select(kommun_id="id", kommun="title", typ="type")


@table_asset("kolada_nyckeltal", layer="core", deps=[KOLADA, PLAN], kinds=API)
def kolada_nyckeltal(run: Run) -> pl.DataFrame:
    """The plan's KPIs, and which of them are held back."""
    return described_kpis(run)


@table_asset("kolada_varden", layer="core", deps=[KOLADA, "kommuner", "kolada_nyckeltal"], kinds=API, write=_remember)
def kolada_varden(run: Run) -> pl.DataFrame:
    """The values of the plan's KPIs for the county's municipalities and the country."""
    accepted = run.core("kolada_nyckeltal").filter(pl.col("halls_inne").is_null())["kpi_id"].to_list()
    run.readings["kolada_varden"] = read_kolada(run, accepted)
    return run.readings["kolada_varden"].rows


@table_asset("scb_varden", layer="core", deps=[SCB, PLAN], kinds=API, write=_remember)
def scb_varden(run: Run) -> pl.DataFrame:
    """The plan's series of SCB."""
    run.readings["scb_varden"] = read_scb(run)
    return run.readings["scb_varden"].rows


@table_asset(
    "indikatorutfall",
    deps=[
        extract_key("indikatorutfall"),
        "indikatorregister",
        "rapporter",
        "kolada_varden",
        "scb_varden",
        *GROUPED,
    ],
)
def indikatorutfall(run: Run) -> pl.DataFrame:
    """What the report states and what the sources state, side by side."""
    stated = run.extract("indikatorutfall")
    if stated is None:
        stated = pl.DataFrame(schema=contract("indikatorutfall").extract.polars_schema)
    decided = run.core("rapporter")["beslutsdatum"][0]
    known_from = decided if decided is not None else run.received.get("indikatorutfall")
    sourced = _sourced(run)
    apart = outcomes.set_aside(run.plan.register, _apart(run), sourced, pl.lit(run.now))
    told = pl.concat([sourced, apart], how="diagonal")
    return outcomes.indikatorutfall(stated, pl.lit(known_from), told, run.report)


def _apart(run: Run) -> pl.DataFrame:
    """What the observations in quarantine are about, by reference."""
    tables = {"kolada": "kolada_varden", "scb": "scb_varden"}
    return pl.concat(
        run.warehouse.set_aside(contract(table, "core")).with_columns(
            reference=pl.format("{}:{}", pl.lit(service), "kalla_id")
        )
        for service, table in tables.items()
    )


def _sourced(run: Run) -> pl.DataFrame:
    """The outcomes that the sources give."""
    return outcomes.source_outcomes(
        run.plan.register,
        run.observations("kolada_varden"),
        run.observations("scb_varden"),
        group_outcomes(run, run.observations("omradesceller")),
    )


@table_asset("jamforelser", deps=["kolada_varden", "scb_varden", "indikatorregister", "kommuner", *GROUPED])
def jamforelser(run: Run) -> pl.DataFrame:
    """Outcomes and ranks in the county."""
    return comparisons.jamforelser(
        _sourced(run), run.core("indikatorregister"), run.core("kommuner"), run.plan.register, run.report
    )


@table_asset("jamforelsetal_kolada", deps=["kolada_varden", "kolada_nyckeltal"], write=write_all)
def jamforelsetal_kolada(run: Run) -> pl.DataFrame:
    """The values of Kolada that the plans use: each KPI as the newest plan that is at hand has it."""
    plans = [run.leading] if run.leads else [run.leading, run.plan]
    return comparisons.of_all_plans(
        [comparisons.jamforelsetal_kolada(run.observations("kolada_varden", plan), plan.register) for plan in plans],
        run.open("jamforelsetal_kolada"),
        run.warehouse.read(contract("kolada_nyckeltal", "core")),
        [plan.register for plan in plans],
    )


@table_asset("revideringar", deps=["kolada_varden", "scb_varden", "indikatorregister", *GROUPED])
def revideringar(run: Run) -> pl.DataFrame:
    """What the sources have revised since they first published it."""
    return history.revideringar(
        run.plan.register,
        run.core("indikatorregister"),
        # What a source has revised is between it and its readers: a correction of ours is no revision.
        history.Known(
            run.told("kolada_varden"), run.told("scb_varden"), group_outcomes(run, run.told("omradesceller"))
        ),
        run.report,
    )


def _late(name: str, state: Freshness, severity: dg.AssetCheckSeverity) -> Verdict:
    """The check that no measure is in a state."""
    told = f"{state.text.sv}\n\n{state.text.en}"
    return Verdict(name, told, severity, lambda rows: rows.filter(tillstand=str(state)).select(SHOWN))


LATE: Final = (
    _late("i_tid_hos_kallan", Freshness.LATE_AT_SOURCE, dg.AssetCheckSeverity.WARN),
    _late("i_tid_hos_oss", Freshness.LATE_HERE, dg.AssetCheckSeverity.ERROR),
)
"""Late at the source, and late by us: two checks, so that the UI tells them apart. What is not due breaks neither."""


def _write_states(run: Run, declared: Contract, frame: pl.DataFrame) -> Mapping[str, Any]:
    """Write the table, and show how many measures are in each state."""
    found = dict(frame.group_by("tillstand").len().iter_rows())
    counts = {str(state): int(found.get(str(state), 0)) for state in Freshness}
    return {**write_partition(run, declared, frame), **counts, "tillstånd": dg.MetadataValue.md(bars(counts))}


@table_asset(
    "farskhet",
    layer="drift",
    deps=["kolada_varden", "scb_varden", "kolada_nyckeltal"],
    write=_write_states,
    verdicts=LATE,
)
def farskhet(run: Run) -> pl.DataFrame:
    """Whether what the sources should have published by now is in."""
    return freshness.farskhet(measures(run), run.now.date(), run.report)
