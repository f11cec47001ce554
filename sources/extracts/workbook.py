"""XLSX workbooks: from a sheet to rows of texts, numbered as the sheet numbers them.

Here belongs what a sheet says: its cells and their marks. A cell that holds a number gives the
text that the plan's declaration would have it written as, so that ``cells`` reads both kinds of
file. Whether the package can be opened safely is decided in ``package``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from contracts.plain_text import unescaped
from sources.extracts.grid import Grid, Row
from sources.extracts.heading import SEARCHED
from sources.extracts.marks import Marks, marks
from sources.extracts.package import damaged, opened


def grid(name: str, data: bytes, sheet: str | None, decimal: str) -> Grid:
    """The rows of a sheet; where the plan names none, of the only one.

    Raises ExtractError, at once or while the rows are read.
    """
    package = opened(name, data, sheet)
    found = marks(name, package.xml, package.styles)
    try:
        cells = CalamineWorkbook.from_filelike(BytesIO(package.data)).get_sheet_by_name(package.sheet)
        first = cells.start[1] if cells.start else 0
        merged = _merged(cells)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(name, error) from error
    return Grid(
        _rows(name, cells, found, decimal, first),
        faults={(row, column - 1): fault for (row, column), fault in found.faults.items()},
        merged=merged,
    )


def _merged(cells: CalamineSheet) -> Mapping[tuple[int, int], int]:
    """The merged cells that go on downwards, where headings are searched: each with the row that it repeats."""
    return {
        (row + 1, left): top + 1
        for (top, left), (bottom, _) in cells.merged_cell_ranges or ()
        for row in range(top + 1, min(bottom + 1, SEARCHED))
    }


def _rows(name: str, cells: CalamineSheet, found: Marks, decimal: str, first: int) -> Iterator[Row]:
    """The sheet's rows as texts. The library begins with row 1, but at the first column that is used."""
    left = [""] * first
    try:
        for number, row in enumerate(cells.iter_rows(), start=1):
            texts = (
                _text(value, decimal, percent=(number, column) in found.percent)
                for column, value in enumerate(row, first + 1)
            )
            yield number, [*left, *texts]
    except (CalamineError, ValueError, OverflowError) as error:
        raise damaged(name, error) from error


def _text(value: object, decimal: str, *, percent: bool) -> str:
    """A cell's value as the plan's declaration would have it written."""
    match value:
        case str():
            return unescaped(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            # A workbook shows 15 digits; what a float holds beyond them is noise.
            number = Decimal(f"{value:.15g}")
            text = format(number.scaleb(2) if percent else number, "f").replace(".", decimal)
            return f"{text} %" if percent else text
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ")
        case _:
            return str(value)
