"""The municipality's own files: a CSV or XLSX extract as economy systems write it, read into a typed frame.

Here belong the way from a declared file to its frame and the rows' numbers in the file. How bytes
become rows is in ``delimited`` and ``workbook``, which row holds the headings in ``heading``, what
a cell's text means in ``cells``. Whether the figures are right is the contract's to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import polars as pl

from contracts import Contract
from sources.errors import ExtractError
from sources.extracts import cells, delimited, heading, sums, workbook
from sources.extracts.faults import SHOWN, Fault, letters, refusal, shown
from sources.extracts.grid import MAX_ROWS, Grid, Row
from sources.extracts.package import COMPOUND, ZIP
from sources.files import UnfitFileError, read_regular

MAX_BYTES: Final = 50_000_000
CHUNK: Final = 50_000
"""How many rows are held as lists before they become columns."""

WORKBOOKS: Final = (".xlsx", ".xlsm")
ROW: Final = "_row"


@dataclass(frozen=True)
class ExtractFile:
    """A file as the plan declares it. ``name`` is what the plan calls it, for errors.

    ``sums`` gives what columns add up to, by heading, as the sender of the file states it.
    """

    table: str
    path: Path
    encoding: str = "utf-8"
    separator: str = ";"
    decimal: str = ","
    sheet: str | None = None
    ledger: bool = False
    owner: str = ""
    name: str = ""
    sums: Mapping[str, float] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        """The file's name in errors: as declared, else its last folder and its name."""
        return self.name or "/".join(self.path.parts[-2:])


@dataclass(frozen=True)
class Extract:
    """A file that was read: typed rows, for each its number in the file (from 1) or the sheet, and the very bytes.

    ``corrected`` says that the rows are no longer as they stand in the file.
    """

    file: ExtractFile
    frame: pl.DataFrame
    rows: pl.Series
    data: bytes
    corrected: bool = False


def resolve(folder: Path, name: str) -> Path:
    """The path of a file that a plan names, which must lie in the plan's folder.

    Raises ExtractError for a name that leads out of the folder, by ``..`` or by a link.
    """
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\0" in name:
        raise _outside(name)
    home = folder.resolve()
    try:
        path = (home / name).resolve()
    except (OSError, RuntimeError):
        raise _outside(name) from None
    if path == home or not path.is_relative_to(home):
        raise _outside(name)
    return path


def _outside(name: str) -> ExtractError:
    """The refusal of a path that leads out of the plan's folder."""
    return ExtractError(
        "is not a file in the plan's own folder.",
        where=shown(name),
        remedy="Put the file in the plan's folder and write its path from there, as in 'extracts/table.csv'.",
    )


def read_extract(file: ExtractFile, contract: Contract) -> Extract:
    """Read a file into the columns of ``contract``, an extract's contract.

    Raises ExtractError naming the file, the row and the column, with what to do.
    """
    data = _read(file)
    grid = _grid(file, data)
    texts = _texts(file.label, grid, contract)
    frame = cells.typed(file.label, texts, contract.columns, file.decimal, row=ROW)
    sums.require(file.label, frame, contract.columns, file.sums)
    return Extract(file=file, frame=frame, rows=texts[ROW], data=data)


def _read(file: ExtractFile) -> bytes:
    """The file's bytes, no more than the limit."""
    try:
        data = read_regular(file.path, MAX_BYTES)
    except FileNotFoundError:
        remedy = f"Put the file there, or take the extract {shown(file.table)} out of the plan."
        raise refusal(file.label, [Fault("there is no such file", remedy)]) from None
    except UnfitFileError as error:
        remedy = "Name a file in the plan, not a folder or device, with only the rows and columns of the table."
        raise refusal(file.label, [Fault(str(error), remedy)]) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refusal(file.label, [Fault(f"cannot be read ({reason})", "See to the access to the file.")]) from error
    if not data.strip():
        raise refusal(file.label, [Fault("is empty", "Export the table again.")])
    return data


def _grid(file: ExtractFile, data: bytes) -> Grid:
    """The rows of the file, by what kind of file it is."""
    suffix = file.path.suffix.lower()
    if suffix in WORKBOOKS:
        return workbook.grid(file.label, data, file.sheet, file.decimal)
    if data.startswith((ZIP, COMPOUND)):
        what = "is an Excel workbook, though its name does not say so"
        raise refusal(file.label, [Fault(what, "Save it as .xlsx, or as CSV, and name that file in the plan.")])
    if file.sheet is not None:
        what = f"is not a workbook, and the plan names the sheet {shown(file.sheet)}"
        raise refusal(file.label, [Fault(what, "Take the sheet out of the plan, or name an .xlsx file.")])
    return delimited.grid(file.label, data, file.encoding, file.separator)


def _texts(name: str, grid: Grid, contract: Contract) -> pl.DataFrame:
    """The declared columns as texts, in the contract's order, with the number of each row in ``ROW``."""
    headings = [column.heading or column.name for column in contract.columns]
    rows = iter(grid.rows)
    top = list(islice(rows, heading.SEARCHED))
    found = heading.find(name, top, headings, grid)
    body = chain((row for row in top if row[0] > found.row), rows)
    faults = [
        Fault(what, remedy, row, found.names[column])
        for (row, column), (what, remedy) in sorted(grid.faults.items())
        if row > found.row and column in found.names
    ]
    if faults:
        raise refusal(name, faults)
    places = {column.name: found.places[at] for column, at in zip(contract.columns, headings, strict=True)}
    schema = {ROW: pl.Int64, **dict.fromkeys(places, pl.String)}
    chunks = [
        pl.DataFrame(
            {
                ROW: [number for number, _ in part],
                **{column: [row[place] for _, row in part] for column, place in places.items()},
            },
            schema,
        )
        for part in _parts(_whole(name, body, found))
    ]
    if not chunks:
        what = f"holds no row below the headings in row {found.row}"
        raise refusal(name, [Fault(what, "Export the table again, with its rows.")])
    return pl.concat(chunks)


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The rows in parts, so that few of them are lists at the same time."""
    while part := list(islice(rows, CHUNK)):
        yield part


def _whole(name: str, rows: Iterator[Row], found: heading.Heading) -> Iterator[Row]:
    """The rows that are not blank. Raises at the end if there were any of the wrong width."""
    faults: list[Fault] = []
    total = 0
    for number, row in rows:
        if number > MAX_ROWS:
            what = f"has more than {MAX_ROWS:,} rows".replace(",", " ")
            raise refusal(name, [Fault(what, "Export only the rows of the table.")])
        if not any(cell and not cell.isspace() for cell in row):
            continue
        fault = _misfit(number, row, found)
        if fault is None:
            yield number, row
            continue
        total += 1
        if len(faults) < SHOWN:
            faults.append(fault)
    if faults:
        raise refusal(name, faults, total)


def _misfit(number: int, row: Sequence[str], found: heading.Heading) -> Fault | None:
    """The fault of a row that has another number of fields than the headings. One empty field at the end is let be."""
    fits = found.least <= len(row) <= found.width or (len(row) == found.width + 1 and not row[-1].strip())
    if not fits:
        what = f"the row has {len(row)} fields, the headings {found.width}"
        remedy = "Quote a cell that holds the separator, and give each row as many fields as there are headings."
        return Fault(what, remedy, number)
    for place in found.unnamed:
        if place < len(row) and row[place].strip():
            what = f"{shown(row[place])} stands in column {letters(place)}, which has no heading"
            return Fault(what, "Give the column a heading that is declared, or remove it.", number)
    return None
