"""The report that rows belong to: what every transform of the municipality's own figures needs to know.

Here belongs what identifies a report and stamps its rows. What is in a report does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from contracts import contract


@dataclass(frozen=True)
class Report:
    """A report of a committee.

    ``lines`` holds, for each statement whose rows the plan declares, a frame with the columns
    ``id``, ``label``, ``parent``, ``kind`` (a ``RowKind``) and ``source_line``.
    """

    kommun_id: str
    rapport: str
    year: int
    kalla: str
    lines: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str, frame: pl.DataFrame, layer: str = "open") -> pl.DataFrame:
        """Stamp the rows with report and source, and put them in the shape and order of table ``name``."""
        declared = contract(name, layer)
        stamps = {"kommun_id": self.kommun_id, "rapport": self.rapport, "kalla": self.kalla}
        stamped = frame.with_columns(
            pl.lit(value).alias(column)
            for column, value in stamps.items()
            if column in declared.polars_schema and column not in frame.schema
        )
        return stamped.select(pl.col(name).cast(dtype) for name, dtype in declared.polars_schema.items()).sort(
            declared.sort, nulls_last=True, maintain_order=True
        )
