"""The table at the end of a run, as a terminal shows it.

Here belongs layout. What is in a summary is decided in ``pipelines.runs.summary``.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.vocabulary import MilestoneStatus
from output.differences.difference import Cause

LABELS: Final = {
    MilestoneStatus.REACHED: "reached",
    MilestoneStatus.TIE: "tie",
    MilestoneStatus.NOT_REACHED: "not reached",
    MilestoneStatus.NOT_ASSESSABLE: "not assessable",
}


WIDTH: Final = 132
"""Columns where the output is no terminal, so that a log keeps a goal on one line."""


CAUSES: Final = {str(cause): cause.text.en for cause in Cause}

SAMPLED: Final = 3
"""Cells of a row that are shown of a change."""

CELL: Final = 40


def _console() -> Console:
    """Standard output. Nothing in a goal's name or a path is read as layout."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH)


def show(last: dict[str, Any], console: Console | None = None) -> None:
    """Print the summary of a run, on standard output unless told otherwise."""
    console = console or _console()
    if last["goals"]:
        console.print(_goals(last))
        counts = ", ".join(f"{last['indicators'].get(str(word), 0)} {label}" for word, label in LABELS.items())
        console.print(f"Indicators: {counts}")
    if last["datasets"]:
        console.print(_datasets(last["datasets"]))
    if (difference := last.get("difference")) and difference["against"]:
        for line in _difference(difference):
            console.print(line, soft_wrap=True)
    quarantined = sum(table["antal"] for table in last["quarantine"])
    tables = ", ".join(f"{table['table_name']} {table['antal']}" for table in last["quarantine"])
    console.print(f"Rows in quarantine: {quarantined}" + (f" ({tables})" if tables else ""))
    ended = f" {last['ended']}" if last["ended"] else ""
    console.print(f"{last['report'] or 'Run'} {last['state']}{ended}: {last['public']}/latest", soft_wrap=True)
    for error in last["errors"]:
        console.print(f"Refused: {error}", soft_wrap=True)


def show_frame(frame: pl.DataFrame) -> None:
    """Print a frame, a blank for what is missing."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    _console().print(table)


def _goals(last: dict[str, Any]) -> Table:
    """Goals with computed and decided grade."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Goal", "Computed", "Decided", "Agree"):
        table.add_column(heading)
    for goal in last["goals"]:
        table.add_row(Text(goal["namndmal"]), *_grades(goal))
    table.add_section()
    table.add_row("The report as a whole", *_grades(last["overall"]))
    return table


def _grades(row: dict[str, Any]) -> tuple[str, str, str]:
    """The two grades, and whether they agree."""
    agree = {True: "yes", False: "no", None: ""}[row["stammer"]]
    return row["beraknad_maluppfyllelse"], row["beslutad_maluppfyllelse"] or "", agree


def _datasets(datasets: list[dict[str, Any]]) -> Table:
    """Datasets with their rows, in two columns side by side."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Dataset", "Rows", "", "Dataset", "Rows", ""):
        table.add_column(heading, justify="right" if heading == "Rows" else "left")
    half = (len(datasets) + 1) // 2
    cells = [(one["dataset"], str(one["rows"]), one["change"]) for one in datasets]
    for left, right in zip(cells[:half], [*cells[half:], ("", "", "")], strict=False):
        table.add_row(*left, *right)
    return table


def _difference(difference: dict[str, Any]) -> Iterator[str]:
    """What changed since the last release, a line each: statuses that flipped first."""
    yield f"Changes since release {difference['against']}:"
    for flip in difference["flips"]:
        causes = " ".join(CAUSES[cause] for cause in flip["causes"])
        yield f"  {flip['label']}: {flip['before'] or 'none'} → {flip['after'] or 'none'} ({flip['column']}). {causes}"
    for name in difference["about"]:
        yield f"  {name} is told otherwise"
    for table in difference["tables"]:
        yield f"  {table['dataset']}: {_counts(table)}"
        for kind in ("revised", "new", "lost"):
            yield from (f"    {kind} {_sample(sample)}" for sample in table[f"{kind}_samples"])


def _counts(table: dict[str, Any]) -> str:
    """How much of a dataset changed."""
    rows = [f"{table[f'{kind}_rows']} {kind}" for kind in ("new", "lost", "revised") if table[f"{kind}_rows"]]
    columns = [
        f"{kind} {', '.join(found)}" for kind in ("added", "removed", "changed") if (found := table[f"columns_{kind}"])
    ]
    told = [*([f"{', '.join(rows)} rows"] if rows else []), *(f"columns {each}" for each in columns)]
    return "; ".join(told) or table["kind"]


def _sample(sample: dict[str, Any]) -> str:
    """A row that changed: its key, and what is other than before."""
    key = " ".join(str(value) for value in sample["key"].values())
    cells = sample["before"] if not sample["after"] else sample["after"]
    revised = sample["before"] and sample["after"]
    told = [
        f"{name} {_cell(sample['before'][name])} → {_cell(value)}" if revised else f"{name} {_cell(value)}"
        for name, value in list(cells.items())[:SAMPLED]
    ]
    return f"{key}: {', '.join(told)}"


def _cell(value: Any) -> str:
    """A value, or that there is none; a long text is cut off."""
    text = "blank" if value is None else str(value)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
