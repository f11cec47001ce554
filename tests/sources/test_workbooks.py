"""XLSX workbooks: what is read of a sheet, and what a refusal says."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from sources.errors import ExtractError
from sources.extracts import package
from tests.sources.extract_table import (
    PLAIN,
    SHEET,
    SMALL,
    book,
    read,
    refused,
    repacked,
    table,
)


def in_sheet(old: bytes, new: bytes) -> bytes:
    def change(part: str, content: bytes) -> bytes:
        assert part != SHEET or old in content
        return content.replace(old, new, 1) if part == SHEET else content

    return repacked(change)


# What is read


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("121212_x200B_-1212", "121212-1212"),
        ("a_x000D_\nb", "a\r\nb"),
        ("_xD800_", "_xD800_"),
    ],
)
def test_a_sign_that_a_workbook_writes_by_its_number_is_the_sign(tmp_path: Path, written: str, read_as: str) -> None:
    def fill(sheet: Worksheet) -> None:
        table((written, 1, 0.5, None, None))(sheet)

    assert read(tmp_path, book(fill), "matt.xlsx").frame["namn"].to_list() == [read_as]


def test_a_workbook_gives_what_it_shows(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(
            ("Skola", -1200, 0.0749, True, datetime.combine(date(2023, 12, 31), datetime.min.time())),
            (None, None, None, None, None),
            ("Vård", "1 234", "7,5 %", "Nej", "2023-01-02"),
            (1234, 99.99999999999999999, -5.5, None, None),
            top=4, left=2,
        )(sheet)  # fmt: skip
        sheet["B1"] = "Mått för året"
        sheet.merge_cells("B1:F2")
        sheet["D5"].number_format = "0.0%"

    extract = read(tmp_path, book(fill), "matt.xlsx")
    assert extract.frame.rows() == [
        ("Skola", -1200, 7.49, True, date(2023, 12, 31)),
        ("Vård", 1234, 7.5, False, date(2023, 1, 2)),
        ("1234", 100, -5.5, None, None),
    ]
    assert extract.rows.to_list() == [5, 7, 8]
    assert extract.frame.schema == SMALL.polars_schema


def test_headings_over_two_rows_are_found_where_cells_are_merged(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(("Skola", 1, 2.5, None, None), top=2)(sheet)
        sheet["A1"], sheet["A2"], sheet["B1"] = "Namn", None, "Helår"
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:E1")

    extract = read(tmp_path, book(fill), "matt.xlsx")
    assert extract.frame["namn"].to_list() == ["Skola"]
    assert extract.rows.to_list() == [3]


def test_the_declared_sheet_is_read_and_others_may_hold_anything(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(("Skola", 1, None, None, None))(sheet)
        assert sheet.parent is not None
        sheet.parent.create_sheet("Å & Ä", 0)["XFD1048576"] = "långt bort"

    data = book(fill)
    assert read(tmp_path, data, "matt.xlsx", sheet="Mått").frame["namn"].to_list() == ["Skola"]
    assert "the sheets are 'Å & Ä', 'Mått'" in refused(tmp_path, data, "matt.xlsx", sheet="Blad1")
    message = refused(tmp_path, data, "matt.xlsx")
    assert "holds the sheets 'Å & Ä', 'Mått'" in message
    assert "sheet =" in message


# What is refused


def lying_size(part: str, size: int) -> bytes:
    data = bytearray(PLAIN)
    place = data.rindex(part.encode()) - 46 + 24
    data[place : place + 4] = size.to_bytes(4, "little")
    return bytes(data)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("xl/workbook.xml", b" " * 20_000_000)
    return target.getvalue()


def many_parts() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new:
        for at in range(2_001):
            new.writestr(f"{at}.xml", "")
    return target.getvalue()


NUMBER = b'<c r="B2" t="n"><v>1200</v></c>'
BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        pytest.param(b"Namn;Belopp\n", ["is not an .xlsx file"], id="text"),
        pytest.param(PLAIN[:300], ["is damaged", "zip"], id="cut off"),
        pytest.param(package.COMPOUND + b"\0" * 600, [".xls", "save it as a new .xlsx"], id="xls"),
        pytest.param(
            package.COMPOUND + "EncryptedPackage".encode("utf-16-le"), ["encrypted with a password"], id="encrypted"
        ),
        pytest.param(repacked(lambda _, __: None), ["is not an .xlsx file"], id="empty zip"),
        pytest.param(
            repacked(lambda part, content: content if "workbook" not in part else None),
            ["not an Excel workbook", "xl/workbook.xml is missing"], id="no workbook",
        ),
        pytest.param(
            repacked(lambda part, content: None if part == SHEET else content), ["holds no cells"], id="no sheet"
        ),
        pytest.param(bomb(), ["packed more tightly"], id="bomb"),
        pytest.param(lying_size("xl/workbook.xml", 5), ["is damaged"], id="lying size"),
        pytest.param(lying_size("xl/workbook.xml", 0x7FFFFFFF), ["larger than 200 MB"], id="declared too large"),
        pytest.param(many_parts(), ["2001 parts"], id="many parts"),
        pytest.param(in_sheet(b"<worksheet", BILLION + b"<worksheet"), ["document type or entities"], id="entities"),
        pytest.param(
            repacked(lambda part, content: content.decode().encode("utf-16") if part == SHEET else content),
            ["is not UTF-8"], id="utf-16 part",
        ),
        pytest.param(
            in_sheet(b'r="B2"', b'r="XFD1048576"'), ["row 1048576 and column 16384", "XFD1048576"], id="far cell"
        ),
        pytest.param(in_sheet(b'r="B2"', b""), ["do not say where they stand"], id="cell without place"),
        pytest.param(
            in_sheet(NUMBER, b"<c r=\"B2\" t='e'><v>#REF!</v></c>"), ["where they stand"], id="hidden error"
        ),
        pytest.param(in_sheet(b'r="B2"', b'r="A2"'), ["the cell A2 twice"], id="cell twice"),
        pytest.param(in_sheet(NUMBER, b'<c r="B2"><v>12<!-- -->34</v></c>'), ["comments"], id="comment in a number"),
        pytest.param(in_sheet(NUMBER, b'<c r="B2"><v>x</v></c>'), ["'x' is not a number"], id="torn number"),
        pytest.param(in_sheet(NUMBER, b'<c r="B2"><v>nan</v></c>'), ["row 2, column 'Belopp helår'", "NaN"], id="nan"),
        pytest.param(in_sheet(NUMBER, b'<c r="B2"><v>1e300</v></c>'), ["too large"], id="endless"),
        pytest.param(in_sheet(b"</sheetData>", b""), ["cannot be read as a workbook"], id="torn xml"),
        pytest.param(
            in_sheet(NUMBER, b'<c r="B2"><f>SUM(B3:B9)</f><v></v></c>'),
            ["row 2, column 'Belopp helår'", "never computed"], id="formula without a value",
        ),
        pytest.param(
            in_sheet(NUMBER, b'<c r="B2"><f t="shared" si="0"/></c>'), ["never computed"], id="shared formula"
        ),
        pytest.param(
            in_sheet(NUMBER, b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
            ["row 2, column 'Belopp helår'", "'#DIV/0!'"], id="error",
        ),
        pytest.param(in_sheet(NUMBER, b'<c r="B2" t="b"><v>1</v></c>'), ["'true' is not a number"], id="yes as number"),
        pytest.param(
            book(table(("a", date(2023, 1, 2), None, None, None))),
            ["row 2, column 'Belopp helår'", "'2023-01-02'"], id="date as number",
        ),
        pytest.param(book(table(("a", 1.5, None, None, None))), ["'1,5' has decimals"], id="decimals"),
        pytest.param(book(table()), ["holds no row"], id="header only"),
        pytest.param(book(lambda _: None), ["none of the first 30 rows"], id="empty sheet"),
        pytest.param(book(table(("a", 1, None, None, None, "not"))), ["'not' stands in column F"], id="note beside"),
    ],
)  # fmt: skip
def test_a_workbook_is_refused(tmp_path: Path, data: bytes, parts: list[str]) -> None:
    message = refused(tmp_path, data, "matt.xlsx")
    for part in parts:
        assert part in message


def test_a_formula_with_a_value_is_read_and_an_empty_text_is_blank(tmp_path: Path) -> None:
    data = in_sheet(NUMBER, b'<c r="B2"><f>1+1</f><v>2</v></c>')
    assert read(tmp_path, data, "matt.xlsx").frame["belopp_tkr"].to_list() == [2]
    data = in_sheet(NUMBER, b'<c r="B2" t="str"><f>""</f><v></v></c>')
    assert read(tmp_path, data, "matt.xlsx").frame["belopp_tkr"].to_list() == [None]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("0%", 150.0), ("0.0 %", 150.0), ('0.0" %"', 1.5), (r"0.0\%", 1.5), ("#,##0", 1.5), ("#,##0_,", 1.5)],
)
def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path, shape: str, expected: float) -> None:
    def fill(sheet: Worksheet) -> None:
        table(("Skola", None, 1.5, None, None))(sheet)
        sheet["C2"].number_format = shape

    assert read(tmp_path, book(fill), "matt.xlsx").frame["andel"].to_list() == [expected]


@pytest.mark.parametrize("shape", ["#,##0,", "#,##0.0,,", "0,;-0,", '#,##0," tkr"'])
def test_a_number_that_is_shown_in_thousands_is_refused(tmp_path: Path, shape: str) -> None:
    def fill(sheet: Worksheet) -> None:
        table(("Skola", 1_200_000, None, None, None), ("Blank", None, None, None, None))(sheet)
        sheet["B2"].number_format = sheet["B3"].number_format = shape

    message = refused(tmp_path, book(fill), "matt.xlsx")
    assert "xlsx, row 2, column 'Belopp helår': the number's format shows it in thousands" in message


def test_a_declared_dimension_is_not_believed(tmp_path: Path) -> None:
    data = in_sheet(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"')
    assert read(tmp_path, data, "matt.xlsx").frame.height == 1


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", SHEET])
def test_xml_without_ends_takes_no_long_time(tmp_path: Path, part: str) -> None:
    junk = b"<cellXfs><sheet a" + b"<cellXfs " * 100_000 + b"a" * 500_000
    started = time.monotonic()
    with suppress(ExtractError):
        read(tmp_path, repacked(lambda name, content: junk + content if name == part else content), "matt.xlsx")
    assert time.monotonic() - started < 2
