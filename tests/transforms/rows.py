"""Rows of an extract, run through a transform and compared with the rows that are expected.

Here belongs what tests of the municipality's own tables share. The rows themselves stand in the tests.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import polars as pl
from polars.testing import assert_frame_equal

from contracts import check, contract
from contracts.vocabulary import Severity
from pipelines.transforms.report import Report

REPORT: Final = Report(kommun_id="0126", rapport="2023-helar", year=2023, kalla="verksamhetsberättelsen")

Transform: TypeAlias = Callable[[pl.DataFrame, Report], pl.DataFrame]
Values: TypeAlias = Mapping[str, Sequence[Any]]


def published(transform: Transform, table: str, rows: Values) -> pl.DataFrame:
    """Run the transform on rows of the extract of ``table``; rows in and out keep their contracts."""
    declared = contract(table)
    handed_in = pl.DataFrame(rows, schema_overrides=declared.extract.polars_schema)
    handed_in = handed_in.select(declared.extract.polars_schema.names())
    assert check(handed_in, declared.extract).breaches == ()
    result = transform(handed_in, REPORT)
    broken = [breach for breach in check(result, declared).breaches if breach.severity is not Severity.WARN]
    assert broken == [], "a few rows need not be a whole statement or series: that is told, and no fault"
    return result


def assert_columns(result: pl.DataFrame, expected: Values) -> None:
    """Compare the expected columns with the result's, row by row."""
    found = result.select(expected.keys())
    assert_frame_equal(found, pl.DataFrame(expected, schema=found.schema))
