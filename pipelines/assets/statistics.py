"""Statistics: what Kolada and SCB say, the outcomes that follow, and how they compare."""

import polars as pl

from contracts import Contract, contract
from pipelines.assets.upstream import KOLADA, PLAN, SCB, extract_key
from pipelines.run import Run
from pipelines.table_asset import table_asset
from pipelines.transforms import comparisons, outcomes
from sources.kolada import Fault, findings
from sources.plan.register import Series

API = frozenset({"api", "json"})


def _write_all(run: Run, declared: Contract, frame: pl.DataFrame) -> None:
    """Write a table that belongs to no report."""
    run.warehouse.replace(declared, frame, {})


@table_asset("kommuner", layer="core", deps=[KOLADA], kinds=API, write=_write_all)
def kommuner(run: Run) -> pl.DataFrame:
    """The municipalities and regions."""
    return run.kolada.municipalities().select(kommun_id="id", kommun="title", typ="type")


@table_asset("kolada_nyckeltal", layer="core", deps=[KOLADA, PLAN], kinds=API, write=_write_all)
def kolada_nyckeltal(run: Run) -> pl.DataFrame:
    """The plan's KPIs, and which of them are held back because Kolada no longer describes them as the plan does."""
    plan = run.plan.register.kolada
    titles = {kpi.id: kpi.title for kpi in plan.kpi}
    retired = {kpi.id for kpi in plan.kpi if kpi.retired}
    found = findings(run.kolada.kpis(titles), titles, retired) if titles else []
    held = {finding.kpi: f"{finding.message} {_remedy(finding.fault)}" for finding in found}
    run.summary.held_back += [held[kpi] for kpi in sorted(held)]
    return pl.DataFrame(
        {"kpi_id": list(titles), "kpi": list(titles.values()), "halls_inne": [held.get(kpi) for kpi in titles]},
        schema=contract("kolada_nyckeltal", "core").polars_schema,
    )


def _remedy(fault: Fault) -> str:
    """What to do about a KPI that is no longer what the plan says."""
    return {
        Fault.UNKNOWN: "Name another KPI in plan.toml, or remove it.",
        Fault.RETIRED: "If it still serves, write retired = true beside it in plan.toml.",
        Fault.RENAMED: "If it still measures the same, write the new title in plan.toml.",
    }[fault]


def _remember_kolada(run: Run, declared: Contract, frame: pl.DataFrame) -> None:
    """Add what is new to what was known; a KPI that is held back keeps what it had."""
    run.warehouse.remember(declared, frame, frame["kalla_id"].unique().to_list())


@table_asset("kolada_varden", layer="core", deps=[KOLADA, "kolada_nyckeltal"], kinds=API, write=_remember_kolada)
def kolada_varden(run: Run) -> pl.DataFrame:
    """The values of the plan's KPIs for the county's municipalities and the country."""
    plan = run.plan.register
    accepted = run.core("kolada_nyckeltal").filter(pl.col("halls_inne").is_null())["kpi_id"].to_list()
    if not accepted:
        return pl.DataFrame(schema=contract("kolada_varden", "core").polars_schema)
    first, last = plan.kolada.years
    units = [*plan.municipality.county_members, plan.kolada.country]
    observed = run.kolada.observations(accepted, units, range(first, last + 1)).frame
    own = observed.filter((pl.col("kommun_id") == plan.municipality.id) & pl.col("varde").is_not_null())
    empty = {kpi.id for kpi in plan.kolada.kpi if kpi.id in accepted and kpi.values_expected} - set(own["kalla_id"])
    run.summary.held_back += [
        f"{kpi} has no value for {plan.municipality.name} in any year. If none is expected, write "
        "values_expected = false beside it in plan.toml."
        for kpi in sorted(empty)
    ]
    return _known(observed.filter(~pl.col("borttagen") & ~pl.col("kalla_id").is_in(list(empty))), "kolada_varden")


def _known(observed: pl.DataFrame, name: str) -> pl.DataFrame:
    """Observations as the warehouse keeps them: known from when their bytes were first received."""
    return observed.with_columns(
        kand_fran=pl.col("hamtad").cast(pl.Datetime("us")), kand_till=pl.lit(None, pl.Datetime("us"))
    ).select(pl.col(name).cast(dtype) for name, dtype in contract(name, "core").polars_schema.items())


def _remember_scb(run: Run, declared: Contract, frame: pl.DataFrame) -> None:
    """Add what is new to what was known of the plan's series."""
    run.warehouse.remember(declared, frame, [series.id for series in run.plan.register.scb.series])


@table_asset("scb_varden", layer="core", deps=[SCB, PLAN], kinds=API, write=_remember_scb)
def scb_varden(run: Run) -> pl.DataFrame:
    """The plan's series of SCB."""
    frames = [_series(run, series) for series in run.plan.register.scb.series]
    return pl.concat([pl.DataFrame(schema=contract("scb_varden", "core").polars_schema), *frames])


def _series(run: Run, series: Series) -> pl.DataFrame:
    """One series as observations about all sexes."""
    cells = run.scb.observations(series.table, series.selection, totals=series.totals)
    return _known(
        cells.with_columns(
            kalla_id=pl.lit(series.id),
            kommun_id=pl.col(series.region),
            ar=pl.col(series.time).cast(pl.Int64),
            kon=pl.lit("T"),
            varde=pl.col("value"),
            antal=pl.lit(None, pl.Int64),
        ),
        "scb_varden",
    )


@table_asset(
    "indikatorutfall",
    deps=[extract_key("indikatorutfall"), "indikatorregister", "rapporter", "kolada_varden", "scb_varden"],
)
def indikatorutfall(run: Run) -> pl.DataFrame:
    """What the report states and what the sources state, side by side."""
    stated = run.extract("indikatorutfall")
    if stated is None:
        stated = pl.DataFrame(schema=contract("indikatorutfall").extract.polars_schema)
    decided = run.core("rapporter")["beslutsdatum"][0]
    known_from = decided if decided is not None else run.received.get("indikatorutfall")
    return outcomes.indikatorutfall(stated, pl.lit(known_from), _sourced(run), run.report)


def _sourced(run: Run) -> pl.DataFrame:
    """The outcomes that the sources give."""
    return outcomes.source_outcomes(run.plan.register, run.core("kolada_varden"), run.core("scb_varden"))


@table_asset("jamforelser", deps=["kolada_varden", "scb_varden", "indikatorregister", "kommuner"])
def jamforelser(run: Run) -> pl.DataFrame:
    """Outcomes and ranks in the county."""
    return comparisons.jamforelser(
        _sourced(run), run.core("indikatorregister"), run.core("kommuner"), run.plan.register, run.report
    )


@table_asset("jamforelsetal_kolada", deps=["kolada_varden"], write=_write_all)
def jamforelsetal_kolada(run: Run) -> pl.DataFrame:
    """The values of Kolada that the plan uses."""
    return comparisons.jamforelsetal_kolada(run.core("kolada_varden"), run.plan.register)
