"""A table of texts as it stands in a file: what the CSV reader and the workbook reader both give.

Here belong its shape and its limits. What the texts mean does not.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

MAX_ROWS: Final = 1_000_000
MAX_CELL: Final = 10_000

Row: TypeAlias = tuple[int, Sequence[str]]
"""The number of a row in its file (from 1), and its cells."""


def _nothing(_headings: Sequence[str]) -> None:
    """No advice."""


@dataclass(frozen=True)
class Grid:
    """The rows of a file, with blank ones where they stand.

    ``faults`` holds cells that have no value that can be used: at (row, place from 0) what is
    wrong and what to do. ``merged`` holds cells that go on downwards: at (row, place) the row of
    the cell that is repeated. ``advice`` says why headings may not be found: what is wrong and what to do.
    """

    rows: Iterator[Row]
    faults: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict)
    advice: Callable[[Sequence[str]], tuple[str, str] | None] = _nothing
