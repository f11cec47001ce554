"""A small table with a column of each type, and files of it, for the tests of the extract reader.

It is no table of the project, so it is not registered among them.
"""

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from contracts import Contract
from contracts.declare import Table, column
from contracts.vocabulary import Origin, Text
from sources.errors import ExtractError
from sources.extracts import Extract, ExtractFile, read_extract


def _headed(heading: str, unit: str | None = None) -> Any:
    """A column with a heading and nothing more."""
    return column(heading, heading, heading, heading, unit=unit, nullable=True, heading=heading)


class Matt(Table):
    """A row of the small table."""

    namn: str = _headed("Namn")
    belopp_tkr: int = _headed("Belopp helår", "tkr")
    andel: float = _headed("Andel (%)", "procent")
    klart: bool = _headed("Klart")
    datum: date = _headed("Datum")


SMALL = Contract(
    name="matt",
    layer="raw",
    title=Text("Mått", "Measures"),
    description=Text("En liten tabell.", "A small table."),
    group="prov",
    key=("namn",),
    sort=("namn",),
    partition=(),
    rules=(),
    adds_up=(),
    steady=None,
    version="1.0.0",
    threshold=5,
    source=Origin.COMPUTED,
    extract_key=("namn",),
    build=lambda: deepcopy(Matt.to_schema()),
)
HEADINGS = ("Namn", "Belopp helår", "Andel (%)", "Klart", "Datum")
HEADER = ";".join(HEADINGS) + "\n"
SHEET = "xl/worksheets/sheet1.xml"


GOOD = "a;1;2,5;Ja;2023-01-02\n"


def read(folder: Path, data: bytes | str, name: str = "matt.csv", **declared: Any) -> Extract:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_extract(ExtractFile(table="matt", path=path, name=f"extracts/{name}", **declared), SMALL)


def refused(folder: Path, data: bytes | str, name: str = "matt.csv", **declared: Any) -> str:
    with pytest.raises(ExtractError) as caught:
        read(folder, data, name, **declared)
    message = str(caught.value)
    assert message.startswith(f"extracts/{name}")
    assert message.isprintable()
    return message


def book(fill: Callable[[Worksheet], None]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Mått"
    fill(sheet)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def table(*rows: tuple[Any, ...], top: int = 1, left: int = 1) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for at, row in enumerate((HEADINGS, *rows), start=top):
            for place, value in enumerate(row, start=left):
                sheet.cell(at, place, value)

    return fill


PLAIN = book(table(("Skola", 1200, 1.5, True, date(2023, 12, 31))))


def repacked(change: Callable[[str, bytes], bytes | None], source: bytes = PLAIN) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = change(part, old.read(part))
            if content is not None:
                new.writestr(part, content)
    return target.getvalue()
