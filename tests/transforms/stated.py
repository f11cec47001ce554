"""Tables as stated, for tests of the control of figures.

Here belongs the way from a few values of an extract to the rows that are controlled.
"""

import polars as pl

from contracts import contract
from pipelines.assets.follow_up import transforms
from pipelines.transforms.figure_control import as_stated, checked
from pipelines.transforms.report import Report
from tests.transforms.rows import REPORT, Values


def stated(table: str, values: Values, report: Report = REPORT) -> pl.DataFrame:
    """The rows of ``table`` as its extract states them; columns that are not given are blank."""
    schema = contract(table).extract.polars_schema
    given = pl.DataFrame(values, schema_overrides={name: schema[name] for name in values})
    extract = pl.concat([schema.to_frame(), given], how="diagonal")
    return as_stated(table, transforms()[table](extract, report), extract)


def verdicts(table: str, values: Values, report: Report = REPORT) -> dict[str, str]:
    """The verdict of each check of a table, by the check's identifier without the table."""
    found = checked(table, stated(table, values, report))
    return {row["kontroll_id"].removeprefix(f"{table}_"): row["utslag"] for row in found.iter_rows(named=True)}
