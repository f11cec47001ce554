"""What interim reports of the year said, beside how it ended: forecast grades and figures.

Here belongs putting the two side by side. How a final grade is computed belongs in
``pipelines.transforms.grades``.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from contracts import contract
from contracts.goal_columns import SUMMARY
from contracts.vocabulary import Reason
from pipelines.transforms.evaluation import Tables, printed, unit
from pipelines.transforms.grades import SCALE
from pipelines.transforms.quantities import NothingToComputeError
from pipelines.transforms.report import Report
from sources.plan.decisions import Interim, InterimFigure
from sources.plan.expressions import Cell
from sources.plan.register import Goal, Register

FORECAST = ("delarsrapport", "namndmal_id", "prognos_maluppfyllelse", "motivering", "kalla", "kalla_rad")


def prognoser(register: Register, goals: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Each goal in each interim report that forecasts, with the grade that it got.

    ``goals`` is the dataset ``malbedomning``. What a report that is not at hand forecast is blank, with its reason.
    """
    rows = [
        _forecast(goal, interim, report) for interim in register.interim if interim.forecasts for goal in register.goal
    ]
    schema = contract("prognoser").polars_schema
    told = pl.DataFrame(rows, schema={name: schema[name] for name in FORECAST}, orient="row")
    final = goals.select("namndmal_id", "namndmal", "beslutad_maluppfyllelse", "beraknad_maluppfyllelse")
    frame = told.join(final, on="namndmal_id", how="left", maintain_order="left")
    forecast, decided = pl.col("prognos_maluppfyllelse"), pl.col("beslutad_maluppfyllelse")
    steps = [word.replace_strict(SCALE, default=None, return_dtype=pl.Int64) for word in (decided, forecast)]
    frame = frame.with_columns(
        prognos_status=pl.when(forecast.is_null()).then(pl.lit(str(Reason.NOT_PUBLISHED))),
        stammer=forecast == decided,
        steg=steps[0] - steps[1],
        motivering_av=pl.when(pl.col("motivering").is_not_null()).then(pl.lit(SUMMARY)),
    )
    return report.table("prognoser", frame)


def _forecast(goal: Goal, interim: Interim, report: Report) -> tuple[Any, ...]:
    """A goal's forecast in an interim report, in the order of ``FORECAST``; blank where none is known."""
    made = next((each for each in goal.forecast if each.report == interim.id), None)
    if made is None:
        return interim.id, goal.id, None, None, report.kalla, None
    return interim.id, goal.id, str(made.grade), made.reason, interim.source or report.kalla, made.source_line


def delarsuppgifter(register: Register, frames: Mapping[str, pl.DataFrame], report: Report) -> pl.DataFrame:
    """Each figure of an interim report with the final one; ``frames`` are the published tables by name.

    A figure whose table nobody has handed in is left out.
    """
    tables = Tables(frames)
    schema = contract("delarsuppgifter").polars_schema
    rows = [
        _figure(interim, figure, tables, report)
        for interim in register.interim
        for figure in interim.figure
        if figure.cells[0].rows.table in frames
    ]
    frame = pl.DataFrame(rows, schema={name: schema[name] for name in rows[0]} if rows else schema)
    return report.table("delarsuppgifter", frame)


def named_tables(register: Register) -> frozenset[str]:
    """The tables that the figures of interim reports stand in."""
    figures = [figure for interim in register.interim for figure in interim.figure]
    return frozenset(cell.rows.table for figure in figures for cell in figure.cells if cell is not None)


def _figure(interim: Interim, figure: InterimFigure, tables: Tables, report: Report) -> dict[str, Any]:
    """A figure of an interim report as a row."""
    cell, last = figure.cells
    row = _row(cell, tables)
    then, final = _value(cell, tables), _value(last, tables) if last is not None else None
    return {
        "delarsrapport": interim.id,
        "uppgift_id": figure.id,
        "uppgift": figure.what,
        "enhet": (unit(cell, row) if row else None) or "antal",
        "varde_delar": then,
        "varde_delar_status": str(Reason.NOT_PUBLISHED) if then is None else None,
        "varde": final,
        "forandring": None if then is None or final is None else final - then,
        "tabell": cell.rows.table,
        "kalla": interim.source or report.kalla,
        "kalla_rad": row.get("kalla_rad"),
    }


def _row(cell: Cell, tables: Tables) -> Mapping[str, Any]:
    """The row of a cell; empty where it is not there."""
    try:
        return tables.row(cell.rows)
    except NothingToComputeError:
        return {}


def _value(cell: Cell, tables: Tables) -> float | None:
    """The figure of a cell; None where it is not there, or blank."""
    try:
        return printed(cell, tables.row(cell.rows)).value
    except NothingToComputeError:
        return None
