"""The assignments of a report.

Here belongs how ``uppdrag`` comes from its extract. Which goals there are is the plan's to say.
"""

import polars as pl

from pipelines.transforms.report import Report


def uppdrag(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Each assignment with what became of it."""
    return report.table("uppdrag", extract)
