"""The figures in running text.

Here belongs how ``textuppgifter`` comes from its extract. Whether a figure agrees with its table
is settled by the control of figures.
"""

import polars as pl

from pipelines.transforms.report import Report


def textuppgifter(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Each figure of the running text, as printed."""
    return report.table("textuppgifter", extract)
