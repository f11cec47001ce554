"""What a cell of Excel can hold: a text that is longer stands as a note of where to find it.

Here belongs the limit, for both forms that Excel opens. Excel cuts a longer text in a workbook, and
breaks one in a CSV file into several rows, without a word in either case.
"""

from typing import Final

import polars as pl

LONGEST: Final = 32_767
"""Signs that a cell may have."""

NOTE: Final = "För lång för en cell i Excel ({} tecken): hela texten står i CSV och Parquet."


def held(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the texts that no cell holds replaced by the note."""
    length = pl.col(pl.String).str.len_chars()
    return frame.with_columns(pl.when(length > LONGEST).then(pl.format(NOTE, length)).otherwise(pl.col(pl.String)))
