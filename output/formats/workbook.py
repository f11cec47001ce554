"""One Excel workbook of all datasets: contents, columns, and a sheet for each table.

Here belongs the workbook. Cells have types, so that a code keeps its zeros and a figure can be summed;
texts are written as texts, and never as formulas or links. No time of writing stands in it: the same
tables give the same bytes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from output.formats.dictionary import dictionary_frame
from output.formats.excel_cells import held
from output.publication.manifest import About
from output.tables import Published
from output.terms_of_use import of_others

NAME: Final = "etappmal.xlsx"

CONTENTS: Final = "Innehåll"
COLUMNS: Final = "Kolumner"
SHEET_NAME: Final = 31
"""Signs that a sheet's name may have."""

ROWS: Final = 100_000
"""More rows than this make a workbook that is too slow to open; CSV and Parquet hold them."""

OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

CREATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed mark that stands for no time
WIDEST: Final = 60
NARROWEST: Final = 10


def write_workbook(path: Path, tables: Mapping[str, Published], about: About) -> None:
    """Write every table that is not too long into one workbook."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": "Mål och resultat", "author": about.publisher, "created": CREATED})
        head = book.add_format({"bold": True, "bottom": 1})
        formats = {
            pl.Date: book.add_format({"num_format": "yyyy-mm-dd"}),
            pl.Datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        contents, columns = book.add_worksheet(CONTENTS), book.add_worksheet(COLUMNS)
        fitting = {name: table for name, table in tables.items() if table.height <= ROWS}
        sheets = {name: book.add_worksheet(sheet) for name, sheet in _sheet_names(fitting)}
        _contents(contents, tables, sheets, about, head)
        _sheet(columns, dictionary_frame(tables), head, formats)
        for name, sheet in sheets.items():
            _sheet(sheet, held(tables[name].frame), head, formats)


def _sheet_names(tables: Mapping[str, Published]) -> Iterator[tuple[str, str]]:
    """A name for the sheet of each table: its own, cut where Excel takes no longer one."""
    taken: set[str] = set()
    for name in tables:
        sheet, number = name[:SHEET_NAME], 1
        while sheet in taken:
            number += 1
            sheet = f"{name[: SHEET_NAME - 3]}_{number}"
        taken.add(sheet)
        yield name, sheet


def _contents(
    sheet: Worksheet, tables: Mapping[str, Published], sheets: Mapping[str, Worksheet], about: About, head: Format
) -> None:
    """Write what the workbook holds, who publishes it and on what terms."""
    sheet.set_column(0, 0, NARROWEST * 3)
    sheet.set_column(1, 2, WIDEST)
    notes = ("Mål och resultat", about.note, f"Utgivare: {about.publisher}", f"Licens: {about.licence}", about.base_url)
    for row, note in enumerate(notes):
        sheet.write_string(row, 0, note, head if row == 0 else None)
    start = len(notes) + 1
    for column, title in enumerate(("Blad", "Titel", "Beskrivning", "Rader", "Villkor")):
        sheet.write_string(start, column, title, head)
    for row, (name, table) in enumerate(tables.items(), start=start + 1):
        contract, rows = table.contract, table.height
        if name in sheets:
            sheet.write_url(row, 0, f"internal:'{sheets[name].get_name()}'!A1", string=name)
        else:
            sheet.write_string(row, 0, f"{name} (för många rader för ett blad: hämta CSV eller Parquet)")
        sheet.write_string(row, 1, contract.title.sv)
        sheet.write_string(row, 2, contract.description.sv)
        sheet.write_number(row, 3, rows)
        sheet.write_string(row, 4, _terms(table, about))


def _terms(table: Published, about: About) -> str:
    """On what terms a table may be used."""
    theirs = of_others(table)
    if theirs is None:
        return about.licence
    return theirs.text.sv if theirs.whole else f"{about.licence} {theirs.text.sv}"


def _sheet(sheet: Worksheet, frame: pl.DataFrame, head: Format, formats: Mapping[Any, Format]) -> None:
    """Write a table with its header frozen, each cell as its column's type."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    for number, (name, width) in enumerate(_widths(frame).items()):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, name, head)
    writers = [_writer(sheet, kind, formats) for kind in frame.schema.values()]
    for row, values in enumerate(frame.iter_rows(), start=1):
        for column, (write, value) in enumerate(zip(writers, values, strict=True)):
            if value is not None:
                write(row, column, value)


def _widths(frame: pl.DataFrame) -> Mapping[str, int]:
    """How wide each column is to be, in signs."""
    longest = frame.select(pl.all().cast(pl.String).str.len_chars().max().fill_null(0)).row(0, named=True)
    return {name: min(max(len(name) + 3, length + 1, NARROWEST), WIDEST) for name, length in longest.items()}


def _writer(sheet: Worksheet, kind: pl.DataType, formats: Mapping[Any, Format]) -> Callable[[int, int, Any], object]:
    """What writes a cell of a type."""
    plain: Callable[[int, int, Any], object] = sheet.write_string
    if kind.is_temporal():
        shown = formats[kind.base_type()]
        return lambda row, column, value: sheet.write_datetime(row, column, value, shown)
    if kind == pl.Boolean:
        plain = sheet.write_boolean
    elif kind.is_numeric():
        plain = sheet.write_number
    return plain
