"""Declared lines of a statement, for tests of the tables whose rows are known by a label.

Here belongs what tests of statements share. The lines themselves stand in the tests.
"""

from dataclasses import replace
from typing import Final, TypeAlias

import polars as pl

from pipelines.transforms.report import Report
from tests.transforms.rows import REPORT, Transform

Line: TypeAlias = tuple[str, str, str | None, str, int]
"""id, label, parent, kind and line of the source."""

SCHEMA: Final = pl.Schema(
    {
        "id": pl.String(),
        "label": pl.String(),
        "parent": pl.String(),
        "kind": pl.String(),
        "source_line": pl.Int64(),
    }
)


def report(name: str, *lines: Line) -> Report:
    """A report that declares the lines of one statement."""
    return replace(REPORT, lines={name: pl.DataFrame(lines, schema=SCHEMA, orient="row")})


def declaring(transform: Transform, name: str, *lines: Line) -> Transform:
    """The transform, run with the lines of one statement declared."""
    return lambda extract, _: transform(extract, report(name, *lines))
