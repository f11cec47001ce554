"""Control sums: what columns of a file add up to, as its sender states it beside the file.

Here belongs the comparison of a file that was read with the sums that the plan gives for it: the way
to find a lost or mistyped amount in a column that no total of the file is held against.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from contracts import Column
from sources.extracts.faults import Fault, refusal

EXACT: Final = 1e-6
"""Far below any printed decimal: what binary fractions leave when decimal ones are added."""


def require(name: str, frame: pl.DataFrame, columns: Sequence[Column], sums: Mapping[str, float]) -> None:
    """Refuse a file whose columns do not add up to ``sums``, which are given by heading. A blank cell is nothing.

    Raises ExtractError with each column, what it adds up to and what was stated.
    """
    found = {column.heading: float(frame[column.name].sum()) for column in columns if column.heading in sums}
    faults = [
        Fault(
            f"the cells add up to {_plain(found[heading])}, the plan says {_plain(stated)}",
            "Correct the file, or write in the plan what its sender says it adds up to.",
            column=heading,
        )
        for heading, stated in sums.items()
        if not math.isclose(found[heading], stated, rel_tol=0.0, abs_tol=EXACT)
    ]
    if faults:
        raise refusal(name, faults)


def _plain(value: float) -> str:
    """A sum as a Swedish file writes it, without the decimals that it has not."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",")
