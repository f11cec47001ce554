"""What a sheet's XML says of cells beside their values: how far they reach, errors, formulas, percent.

Here belongs the look at a sheet before the library opens it: it lays out every cell up to the
outermost one, and it gives errors and formulas that were never computed as blanks. Values are
not read here. The expressions are polars', whose time grows with the text and no faster.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

import polars as pl

from sources.extracts.faults import Fault, refusal, shown
from sources.extracts.grid import MAX_ROWS
from sources.extracts.package import ALONE, SAVE, tags

MAX_CELLS: Final = 5_000_000
PERCENT: Final = {"9": "0%", "10": "0.00%"}
"""The two percent formats that every workbook has."""

OPEN: Final = r"<(?:[^\s<>/]*:)?"
CELL: Final = (
    rf"{OPEN}c(?:[\s/][^<>]*)?>"
    rf"(?:\s*{OPEN}f(?:\s[^<>]*)?(?:/>|>[^<]*</[^<>]*>))?"
    rf"(?:\s*{OPEN}v(?:\s[^<>]*)?(?:/>|>[^<]*</[^<>]*>))?"
)
REFERENCE: Final = r'^<[^\s<>]*c\s+r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?:\s+[\w:]+="[^"<>]*")*\s*/?>'
"""The tag of a cell, written as spreadsheet programs do: another way could hide a mark from this module."""

ATTRIBUTE: Final = r'^<[^<>]*\s{}="([^"]*)"'
LITERAL: Final = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')
"""What a number format shows as it stands: texts, single letters, spaces and currencies."""

SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")
"""A comma after the last digit of a format divides the number by a thousand."""

UNSCALE: Final = "Write the number as the column's unit has it, with a format that does not divide it."

CELL_STYLES: Final = re.compile(rf"{OPEN}cellXfs[\s>]")
CELL_STYLES_END: Final = re.compile(r"</(?:[^\s<>/]*:)?cellXfs>")

Place: TypeAlias = tuple[int, int]
"""Row and column of a cell in the sheet, from 1."""


@dataclass(frozen=True)
class Marks:
    """The cells of a sheet that need a closer look: ``faults`` have no value, ``percent`` are shown as percentages."""

    faults: Mapping[Place, tuple[str, str]]
    percent: frozenset[Place]


def marks(name: str, xml: str, styles: str) -> Marks:
    """The marks of a sheet.

    Raises ExtractError where cells do not say where they stand, or reach further than a table does.
    """
    if pl.select(pl.lit(xml).str.count_matches(rf"{OPEN}c[\s/>]")).item() > MAX_CELLS:
        raise refusal(name, [Fault(f"the sheet has more than {MAX_CELLS // 1_000_000} million cells", ALONE)])
    cells = _cells(xml)
    _check_extent(name, cells)
    formula = pl.col("tag").str.contains(rf"{OPEN}f[\s/>]")
    blank = pl.col("value").is_null() | ((pl.col("value") == "") & ~pl.col("kind").eq_missing("str"))
    never_computed = ("the cell holds a formula that was never computed", SAVE)
    faults = dict.fromkeys(_places(cells.filter(formula & blank)), never_computed)
    errors = cells.filter(pl.col("kind") == "e")
    for place, value in zip(_places(errors), errors["value"].fill_null(""), strict=True):
        faults[place] = (f"the cell holds the error {shown(value)}", "Correct the formula in the workbook.")
    formats = _formats(styles)
    scaled = [style for style, shape in formats.items() if SCALED.search(shape)]
    number = pl.col("kind").fill_null("n") == "n"
    for place in _places(cells.filter(number & (pl.col("value") != "") & pl.col("style").is_in(scaled))):
        faults[place] = ("the number's format shows it in thousands, and not as it is", UNSCALE)
    shares = [style for style, shape in formats.items() if "%" in shape]
    percent = cells.filter(pl.col("style").is_in(shares))
    return Marks(faults, frozenset(_places(percent)))


def _cells(xml: str) -> pl.DataFrame:
    """Each cell of a sheet: its tag, row, column, kind, style and value as it stands in the XML."""
    tag = pl.col("tag")
    cells = (
        pl.DataFrame({"tag": [xml]})
        .select(tag.str.extract_all(CELL).explode(empty_as_null=False))
        .with_columns(
            letters=tag.str.extract(REFERENCE, 1),
            row=tag.str.extract(REFERENCE, 2).cast(pl.Int64),
            kind=tag.str.extract(ATTRIBUTE.format("t")),
            style=tag.str.extract(ATTRIBUTE.format("s")),
            value=tag.str.extract(rf"{OPEN}v(?:\s[^<>]*)?(?:/>|>([^<]*)<)"),
        )
    )
    letters = cells["letters"].drop_nulls().unique().to_list()
    columns = {name: reduce(lambda number, letter: number * 26 + ord(letter) - 64, name, 0) for name in letters}
    return cells.with_columns(column=pl.col("letters").replace_strict(columns, default=None, return_dtype=pl.Int64))


def _check_extent(name: str, cells: pl.DataFrame) -> None:
    """Refuse a sheet that cannot be laid out."""
    if cells["column"].null_count():
        raise refusal(name, [Fault("the sheet has cells that do not say where they stand as Excel writes it", SAVE)])
    doubled = cells.filter(pl.struct("row", "column").is_duplicated())
    if doubled.height:
        what = f"the sheet has the cell {doubled['letters'][0]}{doubled['row'][0]} twice"
        raise refusal(name, [Fault(what, SAVE)])
    last = cells.select(pl.col("row", "column").max().fill_null(0)).row(0)
    if last[0] > MAX_ROWS or last[0] * last[1] > MAX_CELLS:
        far = cells.sort("row", "column").row(-1, named=True)
        what = f"the sheet reaches to row {last[0]} and column {last[1]}, as in {far['letters']}{far['row']}"
        raise refusal(name, [Fault(what, "Delete the cells that do not belong to the table, and save the workbook.")])


def _places(cells: pl.DataFrame) -> list[Place]:
    """Row and column of cells."""
    return cells.select("row", "column").rows()


def _formats(styles: str) -> dict[str, str]:
    """How each cell style shows a number: its format without what is shown as it stands."""
    shapes = {
        found.get("numFmtId", ""): LITERAL.sub("", html.unescape(found.get("formatCode", "")))
        for found in tags(styles, "numFmt")
    }
    start = CELL_STYLES.search(styles)
    end = CELL_STYLES_END.search(styles, start.end()) if start else None
    used = tags(styles[start.end() : end.start()], "xf") if start and end else []
    return {str(at): (PERCENT | shapes).get(style.get("numFmtId", ""), "") for at, style in enumerate(used)}
