"""What the text in a cell means: numbers as Swedish economy systems write them, words for yes and no, dates.

Here belongs the one grammar of cells, for CSV and for texts in workbooks. A text that can be read
in two ways is refused, never guessed at.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from contracts import Column
from contracts.plain_text import INVISIBLE, MISLEADING
from sources.extracts.faults import SHOWN, Fault, refusal, shown
from sources.extracts.grid import MAX_CELL

MINUS: Final = "\\-\u2212\u2013"
"""The hyphen, the minus sign and the en dash, as they stand in a class of characters."""

THOUSANDS: Final = " \u00a0\u2009\u202f'\u2019"
"""Space, no-break space, thin space, narrow no-break space and two apostrophes."""

LARGEST: Final = 1e15
"""Amounts from here on are not amounts, and a float no longer holds each whole number."""

LONGEST_NUMBER: Final = 400

YES: Final = ("ja", "sant", "true", "1")
NO: Final = ("nej", "falskt", "false", "0")
CONTROL: Final = rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|{MISLEADING}"
DATE: Final = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class Reading:
    """How texts of one column become values: the value, where that fails, and why it does for one text."""

    value: pl.Expr
    faulty: pl.Expr
    explain: Callable[[str], tuple[str, str]]


def typed(name: str, texts: pl.DataFrame, columns: Sequence[Column], decimal: str, *, row: str) -> pl.DataFrame:
    """The columns in their declared types. ``row`` is the column of ``texts`` with the row numbers.

    Signs without width are left out, so that a text is what it looks like.

    Raises ExtractError with the first faults and how many there are.
    """
    trimmed = texts.with_columns(
        pl.col(column.name).str.replace_all(INVISIBLE, "").str.strip_chars().replace("", None) for column in columns
    )
    readings = {column: _reading(column, decimal) for column in columns}
    faults: list[tuple[int, int, Fault]] = []
    total = 0
    for place, (column, reading) in enumerate(readings.items()):
        bad = trimmed.filter(reading.faulty.fill_null(value=False)).select(row, column.name)
        total += bad.height
        for number, text in bad.head(SHOWN).iter_rows():
            what, remedy = reading.explain(text)
            faults.append((number, place, Fault(what, remedy, number, column.heading)))
    if total:
        raise refusal(name, [fault for _, _, fault in sorted(faults, key=lambda fault: fault[:2])], total)
    return trimmed.select(reading.value.alias(column.name) for column, reading in readings.items())


def _reading(column: Column, decimal: str) -> Reading:
    """The reading of a column by its declared type. What no cell may hold is refused for all types alike."""
    reading = _READINGS[column.dtype](column, decimal)
    text = pl.col(column.name)
    wild = (text.str.len_chars() > MAX_CELL) | text.str.contains(CONTROL)

    def explain(cell: str) -> tuple[str, str]:
        """Why a text is refused."""
        if len(cell) > MAX_CELL:
            what = f"the cell has more than {MAX_CELL:,} characters".replace(",", " ")
            return what, "Look for a quotation mark that is not closed, or shorten the text."
        if re.search(CONTROL, cell):
            return f"{shown(cell)} holds a control character", "Remove the character that cannot be seen."
        return reading.explain(cell)

    return Reading(reading.value, wild | reading.faulty, explain)


def _text(column: Column, _decimal: str) -> Reading:
    """A text: any."""
    return Reading(pl.col(column.name), pl.lit(False), lambda cell: (shown(cell), ""))


def _boolean(column: Column, _decimal: str) -> Reading:
    """Yes or no."""
    word = pl.col(column.name).str.to_lowercase()
    value = pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)
    remedy = "Write Ja or Nej."
    return Reading(value, ~word.is_in([*YES, *NO]), lambda cell: (f"{shown(cell)} is neither yes nor no", remedy))


def _date(column: Column, _decimal: str) -> Reading:
    """A date as year, month and day."""
    text = pl.col(column.name)
    value = text.str.to_date("%Y-%m-%d", strict=False)
    remedy = "Write the date as 2023-12-31."
    faulty = ~text.str.contains(DATE) | value.is_null()
    return Reading(value, text.is_not_null() & faulty, lambda cell: (f"{shown(cell)} is not a date", remedy))


def _grammar(decimal: str) -> str:
    """The pattern of a number: well formed groups of thousands, with one separator throughout."""
    groups = "|".join(f"[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+" for separator in THOUSANDS)
    body = rf"(?:{groups}|[0-9]+)(?:{re.escape(decimal)}[0-9]+)?"
    percent = rf"(?:[{THOUSANDS}]?%)?"
    return rf"^(?:[+{MINUS}][{THOUSANDS}]?{body}{percent}|{body}{percent}|\({body}{percent}\))$"


def _number(column: Column, decimal: str) -> Reading:
    """A number; a whole one in a column of whole numbers. A lone minus is a missing number."""
    text = pl.col(column.name)
    given = text.is_not_null() & ~text.str.contains(f"^[{MINUS}]$")
    well_formed = text.str.contains(_grammar(decimal)) & (text.str.len_chars() <= LONGEST_NUMBER)
    plain = text.str.replace_all(f"[^0-9{re.escape(decimal)}]", "").str.replace(decimal, ".", literal=True)
    negative = text.str.contains(f"^[({MINUS}]")
    whole = column.dtype is pl.Int64
    dtype = pl.Int64 if whole else pl.Float64
    digits = plain.str.replace(r"\.0+$", "") if whole else plain
    size = digits.cast(dtype, strict=False)
    # Adding nothing makes minus zero zero.
    value = pl.when(given & well_formed).then(pl.when(negative).then(-size).otherwise(size) + pl.lit(0, dtype))
    right = well_formed & (plain.cast(pl.Float64, strict=False) < LARGEST) & size.is_not_null()
    if not _in_percent(column):
        right &= ~text.str.contains("%")
    return Reading(value, given & ~right, lambda cell: _why_no_number(cell, column, decimal))


def _in_percent(column: Column) -> bool:
    """Whether a percent sign may stand in a column: where its unit is percent, or rows have units of their own."""
    return column.unit is None or column.unit.startswith("procent")


def _why_no_number(cell: str, column: Column, decimal: str) -> tuple[str, str]:
    """Why a text is not a number of this column, and what to do."""
    other = "." if decimal == "," else ","
    said = shown(cell)
    if re.fullmatch(_grammar(decimal), cell):
        if "%" in cell and not _in_percent(column):
            return f"{said} is a percentage, the column is in {column.unit}", "Check that the columns are not mixed up."
        if column.dtype is pl.Int64 and re.search(rf"{re.escape(decimal)}[0-9]*[1-9]", cell):
            return f"{said} has decimals, the column holds whole numbers", "Round the number in the file."
        return f"{said} is too large or too long", "Check the number and its unit."
    if other in cell and re.fullmatch(_grammar(other), cell):
        what = f"{said} holds {shown(other)}, and the plan says that decimals are written with {shown(decimal)}"
        return what, f"Write the number with {shown(decimal)}, or change decimal in the plan."
    if re.fullmatch(rf"[+()%0-9.,{MINUS}{THOUSANDS}]+", cell):
        what = f"{said} is not a well formed number"
        return what, f"Write it as 1 234 or 1234{decimal}5, with groups of three digits and the minus sign first."
    return f"{said} is not a number", "Write a number, or leave the cell blank where there is none."


_READINGS: Final[Mapping[Any, Callable[[Column, str], Reading]]] = {
    pl.String: _text,
    pl.Int64: _number,
    pl.Float64: _number,
    pl.Boolean: _boolean,
    pl.Date: _date,
}
