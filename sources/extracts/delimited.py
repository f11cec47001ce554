"""CSV files: from bytes to rows of texts, with encoding, separator and quotes as the plan declares them.

Here belongs everything that is peculiar to CSV. Nothing is guessed: where a file is written in
another way than declared, the refusal says in which.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from sources.errors import ExtractError
from sources.extracts.faults import Fault, refusal
from sources.extracts.grid import MAX_CELL, Grid, Row
from sources.extracts.heading import SEARCHED, tidy

SEPARATORS: Final = {";": '";"', ",": '","', "\t": '"tab"'}
"""The separators with their names in the plan."""

CODECS: Final = {"utf-8": "utf-8", "windows-1252": "cp1252"}
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_ASCII: Final = re.compile(rb"[^\x00-\x7f]")
LONGEST_LINE: Final = 1_000_000
MOST_FIELDS: Final = 1_000
SAVE_AS: Final = 'Save the file as UTF-8, or write encoding = "{}" in the plan.'


def grid(name: str, data: bytes, encoding: str, separator: str) -> Grid:
    """The rows of a CSV file, numbered by the line each begins on.

    Raises ExtractError, at once or while the rows are read.
    """
    text = _text(name, data, encoding)
    if max(map(len, io.StringIO(text, newline="")), default=0) > LONGEST_LINE:
        what = f"has a line of more than {LONGEST_LINE:,} characters".replace(",", " ")
        raise refusal(name, [Fault(what, "Export the table with one row on each line.")])
    return Grid(_rows(name, text, separator), advice=lambda headings: _other_separator(text, separator, headings))


def _text(name: str, data: bytes, encoding: str) -> str:
    """The file's text. What cannot be the declared encoding is refused with the one it looks like."""
    marked = data.startswith(codecs.BOM_UTF8)
    if data.startswith(UTF_16) or _every_other_is_zero(data):
        what = f"is UTF-16, the plan says {encoding}"
        raise refusal(name, [Fault(what, "Save the file as UTF-8 (in Excel: CSV UTF-8).")])
    if b"\0" in data:
        raise refusal(name, [_at(data, data.index(b"\0"), "holds a null character", "Export the table again.")])
    if encoding == "windows-1252" and (marked or (not data.isascii() and _decodes(data, "utf-8"))):
        what = "is UTF-8, the plan says windows-1252"
        strange = NOT_ASCII.search(data)
        raise refusal(
            name, [_at(data, strange.start() if strange else 0, what, 'Write encoding = "utf-8" in the plan.')]
        )
    try:
        text = data.decode(CODECS[encoding])
    except UnicodeDecodeError as error:
        raise _undecodable(name, data, error.start, encoding) from None
    text = text.removeprefix("\ufeff")
    if "\ufffd" in text:
        place = data.index("\ufffd".encode())
        what = "holds the sign for a letter that was lost when the file was converted"
        raise refusal(name, [_at(data, place, what, "Export the table again, as UTF-8 from the start.")])
    return text


def _every_other_is_zero(data: bytes) -> bool:
    """Whether the file begins as UTF-16 without a mark does: each other byte is null."""
    start = data[:64]
    return len(start) > 1 and any(not any(start[at::2]) and all(start[1 - at :: 2]) for at in (0, 1))


def _decodes(data: bytes, codec: str) -> bool:
    """Whether the bytes are text in a codec."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(name: str, data: bytes, place: int, encoding: str) -> ExtractError:
    """The refusal of a byte that is no letter in the declared encoding."""
    likely = "windows-1252" if encoding == "utf-8" and _decodes(data, "cp1252") else ""
    what = f"the byte 0x{data[place]:02X} is not {encoding}" + (f"; the file looks like {likely}" if likely else "")
    remedy = SAVE_AS.format(likely) if likely else "Save the file as UTF-8 (in Excel: CSV UTF-8)."
    return refusal(name, [_at(data, place, what, remedy)])


def _at(data: bytes, place: int, what: str, remedy: str) -> Fault:
    """A fault at a byte, told by its row and its place in the row."""
    before = data[:place]
    row = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    return Fault(f"{what} (byte {place - start + 1} of the row)", remedy, row)


def _rows(name: str, text: str, separator: str) -> Iterator[Row]:
    """The rows as the csv module splits them, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for row in reader:
            if len(row) > MOST_FIELDS:
                what = f"the row has {len(row)} fields, more than a table has columns"
                raise refusal(name, [Fault(what, "Export only the columns of the table.", before + 1)])
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise refusal(name, [_torn(error, before + 1)]) from None


def _torn(error: csv.Error, row: int) -> Fault:
    """What the csv module could not read, in plain words."""
    if "expected after" in str(error):
        remedy = 'Write a quotation mark inside a quoted cell twice ("").'
        return Fault("something stands after the closing quotation mark of a cell", remedy, row)
    if "limit" in str(error):
        what = f"a cell has more than {MAX_CELL:,} characters".replace(",", " ")
        return Fault(f"{what}, as where a quotation mark is never closed", "Close the quotation mark.", row)
    return Fault("a quotation mark is opened and never closed", "Close the quotation mark, or write it twice.", row)


def _other_separator(text: str, separator: str, headings: Sequence[str]) -> tuple[str, str] | None:
    """The separator that the file does use, if all headings are found with it."""
    for other, label in SEPARATORS.items():
        if other == separator or len(headings) == 1:
            continue
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=other)
        try:
            fits = any(set(headings) <= {tidy(cell) for cell in row} for row in islice(reader, SEARCHED))
        except csv.Error:
            continue
        if fits:
            what = f"the file uses the separator {label}, the plan says {SEPARATORS[separator]}"
            return what, f"Write separator = {label} in the plan."
    return None
