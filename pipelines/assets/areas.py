"""Areas: which there are and which belong together, what SCB says of each, and what follows of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import polars as pl

from contracts import Contract, contract
from pipelines.assets.table_asset import table_asset, write_all
from pipelines.assets.upstream import PLAN, SCB, SCB_WFS, extract_key
from pipelines.intake.observing import read_areas, remember
from pipelines.runs.run import Run
from pipelines.transforms import (
    area_borders,
    area_differences,
    area_groups,
    area_series,
    area_sums,
    area_tables,
    areas,
    dispersion,
)
from sources.boundaries import borders
from sources.plan.areas import Areas

GROUPED: Final = ("omradesceller", "omraden", "omradesgrupper")
"""What the measures of groups of areas are worked out of."""

table_by_area = partial(table_asset, of_newest=True, write=write_all)
"""A table that belongs to no report: it is made wholly of the newest one's plan."""


def _remember(run: Run, declared: Contract, frame: pl.DataFrame) -> Mapping[str, Any]:
    """Add what is new to what was known."""
    return remember(run, declared.name, run.readings[declared.name], frame)


def _handed_in(run: Run, name: str) -> pl.DataFrame:
    """The extract of a table; empty where the plan has none."""
    extract = run.extract(name)
    return pl.DataFrame(schema=contract(name).extract.polars_schema) if extract is None else extract


@table_asset("omradesceller", layer="core", deps=[SCB, PLAN], kinds=frozenset({"api", "json"}), write=_remember)
def omradesceller(run: Run) -> pl.DataFrame:
    """What SCB says by area."""
    run.readings["omradesceller"] = read_areas(run)
    return run.readings["omradesceller"].rows


@table_by_area("omradesforandringar", deps=[extract_key("omradesforandringar")])
def omradesforandringar(run: Run) -> pl.DataFrame:
    """SCB's log of changes."""
    return areas.omradesforandringar(_handed_in(run, "omradesforandringar"), run.report)


@table_by_area("omradesgranser", deps=[SCB_WFS, PLAN], kinds=frozenset({"api", "json"}))
def omradesgranser(run: Run) -> pl.DataFrame:
    """The borders of the areas, where the plan asks for them."""
    said = run.plan.register.areas
    if said is None or said.borders is None:
        return pl.DataFrame(schema=contract("omradesgranser").polars_schema)
    told = borders(run.transport, run.report.kommun_id, said.borders)
    return area_borders.omradesgranser(told, run.report)


@table_by_area("omraden", deps=[extract_key("omraden"), "omradesforandringar", "omradesgranser"])
def omraden(run: Run) -> pl.DataFrame:
    """The areas of each division."""
    sizes = area_borders.sizes_of(run.open("omradesgranser"))
    logged = "omradesforandringar" in run.plan.extracts
    log = run.open("omradesforandringar")
    return areas.omraden(_handed_in(run, "omraden"), log, run.report, sizes, logged=logged)


@table_by_area("omradesgrupper", deps=[PLAN, "omraden"])
def omradesgrupper(run: Run) -> pl.DataFrame:
    """The members of the plan's groups."""
    return areas.omradesgrupper(run.plan.register.areas, run.open("omraden"), run.report)


def _of_areas(run: Run, name: str, build: Callable[[Areas], pl.DataFrame]) -> pl.DataFrame:
    """A table that the plan's areas give; empty where the plan has none."""
    said = run.plan.register.areas
    return pl.DataFrame(schema=contract(name).polars_schema) if said is None else build(said)


@table_by_area("omradesmatt", deps=[PLAN])
def omradesmatt(run: Run) -> pl.DataFrame:
    """The measures by area."""
    return _of_areas(run, "omradesmatt", lambda said: area_tables.omradesmatt(said, run.report))


@table_by_area("omradesvarden", deps=[PLAN, "omradesceller", "omraden"])
def omradesvarden(run: Run) -> pl.DataFrame:
    """The measures of each area."""
    cells, known = run.observations("omradesceller"), run.open("omraden")
    return _of_areas(run, "omradesvarden", lambda said: area_tables.omradesvarden(cells, known, said, run.report))


@table_by_area("omradesgruppvarden", deps=[PLAN, *GROUPED])
def omradesgruppvarden(run: Run) -> pl.DataFrame:
    """The measures of each group of areas."""
    cells, known, groups = run.observations("omradesceller"), run.open("omraden"), run.open("omradesgrupper")
    return _of_areas(
        run,
        "omradesgruppvarden",
        lambda said: area_tables.omradesgruppvarden(cells, known, groups, said, run.report),
    )


@table_by_area("omradesserier", deps=[PLAN, "omradesceller", "omraden", "omradesforandringar"])
def omradesserier(run: Run) -> pl.DataFrame:
    """The measures of each area over the change of division."""
    cells, known, log = run.observations("omradesceller"), run.open("omraden"), run.open("omradesforandringar")
    return _of_areas(run, "omradesserier", lambda said: area_series.omradesserier(cells, known, log, said, run.report))


@table_by_area("omradessummor", deps=[PLAN, "omradesceller", "omraden"])
def omradessummor(run: Run) -> pl.DataFrame:
    """The sums of areas against what SCB tells of the whole."""
    cells, known = run.observations("omradesceller"), run.open("omraden")
    return _of_areas(run, "omradessummor", lambda said: area_sums.omradessummor(cells, known, said, run.report))


@table_by_area("omradestyper", deps=[PLAN, "omradesceller", "omraden"])
def omradestyper(run: Run) -> pl.DataFrame:
    """The type of each area."""
    cells, known = run.observations("omradesceller"), run.open("omraden")
    return _of_areas(run, "omradestyper", lambda said: area_tables.omradestyper(cells, known, said, run.report))


@table_by_area("omradesskillnader", deps=["omradesvarden", "omradesserier", "omradesmatt", "omraden"])
def omradesskillnader(run: Run) -> pl.DataFrame:
    """Each area against the others."""
    return area_differences.omradesskillnader(
        run.open("omradesvarden"), run.open("omradesserier"), run.open("omradesmatt"), run.open("omraden"), run.report
    )


@table_by_area("spridningsmatt", deps=["omradesvarden", "omradesmatt"])
def spridningsmatt(run: Run) -> pl.DataFrame:
    """How far areas differ."""
    return dispersion.spridningsmatt(run.open("omradesvarden"), run.open("omradesmatt"), run.report)


def group_outcomes(run: Run, cells: pl.DataFrame) -> pl.DataFrame:
    """The measures of groups of areas out of these cells, as observations with their history."""
    said = run.plan.register.areas
    if run.leads:
        return area_groups.group_outcomes(cells, run.open("omraden"), run.open("omradesgrupper"), said)
    known = _own_areas(run) if said is not None else pl.DataFrame(schema=contract("omraden").polars_schema)
    return area_groups.group_outcomes(cells, known, areas.omradesgrupper(said, known, run.report), said)


def _own_areas(run: Run) -> pl.DataFrame:
    """The areas as the plan of an older report has them: those in the warehouse are the newest's."""
    log = areas.omradesforandringar(_handed_in(run, "omradesforandringar"), run.report)
    return areas.omraden(_handed_in(run, "omraden"), log, run.report, logged="omradesforandringar" in run.plan.extracts)
