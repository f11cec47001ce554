"""The municipality's own files: the shapes that are read, and what a refusal says."""

import hashlib
import io
import math
import os
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from contracts import contract
from sources import package
from sources.errors import ExtractError
from sources.extracts import Extract, ExtractFile, read_extract, resolve
from tests.sources.extract_table import HEADINGS, SMALL

HEADER = ";".join(HEADINGS) + "\n"
SHEET = "xl/worksheets/sheet1.xml"


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


def number(folder: Path, text: str, decimal: str = ",", heading: str = "andel") -> float | int | None:
    row = f'a;;"{text}";;\n' if heading == "andel" else f'a;"{text}";;;\n'
    value: float | int | None = read(folder, HEADER + row, decimal=decimal).frame[heading][0]
    return value


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


def in_sheet(old: bytes, new: bytes) -> bytes:
    def change(part: str, content: bytes) -> bytes:
        assert part != SHEET or old in content
        return content.replace(old, new, 1) if part == SHEET else content

    return repacked(change)


# What is read


def test_columns_are_found_by_heading_and_typed_as_declared(tmp_path: Path) -> None:
    text = "Datum;Klart;Belopp  helår ;Namn;Andel (%)\n2023-12-31;Ja;-1 200; Skola ;7,5 %\n;nej;;Vård;\n"
    extract = read(tmp_path, text)
    expected = pl.DataFrame(
        {
            "namn": ["Skola", "Vård"],
            "belopp_tkr": [-1200, None],
            "andel": [7.5, None],
            "klart": [True, False],
            "datum": [date(2023, 12, 31), None],
        }
    )
    assert extract.frame.equals(expected)
    assert extract.frame.schema == SMALL.polars_schema
    assert extract.rows.dtype == pl.Int64
    assert extract.rows.to_list() == [2, 3]
    assert extract.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_table_of_the_project_is_read(tmp_path: Path) -> None:
    text = (
        "Driftsredovisning;;;;;\n\n"
        "Verksamhet;Budget helår;Utfall helår;Avvikelse helår;Avvikelse (%);Perioden föregående år\n"
        "Skola;-1 000;−1 100;-100;-10 %;(900)\nSumma;-1 000;-1 100;-100;-10 %;–\n"
    )
    path = tmp_path / "driftsredovisning.csv"
    path.write_text(text, encoding="utf-8")
    declared = contract("driftsredovisning").extract
    extract = read_extract(ExtractFile("driftsredovisning", path), declared)
    assert extract.frame.schema == declared.polars_schema
    assert extract.frame.rows() == [
        ("Skola", -1000, -1100, -100, -10.0, -900),
        ("Summa", -1000, -1100, -100, -10.0, None),
    ]
    assert extract.rows.to_list() == [4, 5]


ROW = "Örebro;1;2{d}5;1;2023-01-02\n"


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        pytest.param((HEADER + ROW.format(d=",")).encode(), {}, id="utf-8"),
        pytest.param((HEADER + ROW.format(d=",")).encode("utf-8-sig"), {}, id="utf-8 with a mark"),
        pytest.param((HEADER + ROW.format(d=",")).encode("cp1252"), {"encoding": "windows-1252"}, id="windows-1252"),
        pytest.param((HEADER + ROW.format(d=",")).replace("\n", "\r\n").encode(), {}, id="windows line ends"),
        pytest.param((HEADER + ROW.format(d=",")).replace("\n", "\r").encode(), {}, id="old mac line ends"),
        pytest.param((HEADER + ROW.format(d=",")).rstrip().encode(), {}, id="no last line end"),
        pytest.param((HEADER + ROW.format(d=".")).encode(), {"decimal": "."}, id="decimal point"),
        pytest.param(
            (HEADER + ROW.format(d=".")).replace(";", ",").encode(), {"separator": ",", "decimal": "."}, id="comma"
        ),
        pytest.param((HEADER + ROW.format(d=",")).replace(";", "\t").encode(), {"separator": "\t"}, id="tab"),
        pytest.param((HEADER + ROW.format(d=",").replace("\n", ";\n")).encode(), {}, id="an empty field at the end"),
        pytest.param((HEADER + ROW.format(d=",")).replace("\n", ";;;\n").encode(), {}, id="padded rows"),
        pytest.param((HEADER.replace(" ", "\u00a0") + ROW.format(d=",")).encode(), {}, id="no-break headings"),
        pytest.param((HEADER.replace(" helår", '\nhelår"').replace("Bel", '"Bel') + ROW.format(d=",")).encode(), {},
                     id="a heading on two lines"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_file_gives_the_same_frame(tmp_path: Path, data: bytes, declared: dict[str, Any]) -> None:
    assert read(tmp_path, data, **declared).frame.rows() == [("Örebro", 1, 2.5, True, date(2023, 1, 2))]


def test_rows_keep_the_number_of_their_first_line(tmp_path: Path) -> None:
    text = f'Titel\n\n{HEADER}\n"två\nrader";1;;;\n;;;;\n  \nSumma;1;;;\n'
    extract = read(tmp_path, text)
    assert extract.frame["namn"].to_list() == ["två\nrader", "Summa"]
    assert extract.rows.to_list() == [5, 9]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0.0), ("1", 1.0), ("007", 7.0), ("1234", 1234.0), ("12,50", 12.5), ("+3", 3.0),
        ("1 234", 1234.0), ("1 234 567,25", 1234567.25), ("1\u00a0234", 1234.0), ("1\u2009234", 1234.0),
        ("1\u202f234", 1234.0), ("1'234'567", 1234567.0), ("1\u2019234", 1234.0), ("  5  ", 5.0), ("\u00a05", 5.0),
        ("-5", -5.0), ("- 5", -5.0), ("−5", -5.0), ("–5,5", -5.5), ("(1 234)", -1234.0), ("(5,5 %)", -5.5),
        ("7 %", 7.0), ("-7\u00a0%", -7.0), ("7%", 7.0), ("999999999999999", 999999999999999.0),
        ("", None), ("-", None), ("–", None), ("−", None), (" - ", None),
    ],
)  # fmt: skip
def test_a_number_is_read(tmp_path: Path, text: str, expected: float | None) -> None:
    assert number(tmp_path, text) == expected


@pytest.mark.parametrize("text", ["-0", "(0)", "−0,0"])
def test_minus_zero_is_zero(tmp_path: Path, text: str) -> None:
    value = number(tmp_path, text)
    assert value is not None
    assert math.copysign(1, value) == 1


@pytest.mark.parametrize(("text", "expected"), [("1 234,00", 1234), ("-3,0", -3), ("(12)", -12), ("–", None)])
def test_a_whole_number_may_be_written_with_zero_decimals(tmp_path: Path, text: str, expected: int | None) -> None:
    assert number(tmp_path, text, heading="belopp_tkr") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ja;NEJ;ja", [True, False, True]),
        ("Sant;falskt;SANT", [True, False, True]),
        ("true;False", [True, False]),
        ("1;0;", [True, False, None]),
    ],
)
def test_yes_and_no(tmp_path: Path, text: str, expected: list[bool | None]) -> None:
    rows = "".join(f"a;;;{word};\n" for word in text.split(";"))
    assert read(tmp_path, HEADER + rows).frame["klart"].to_list() == expected


# Workbooks


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

GOOD = "a;1;2,5;Ja;2023-01-02\n"


@pytest.mark.parametrize(
    ("data", "declared", "parts"),
    [
        pytest.param("", {}, ["is empty"], id="empty"),
        pytest.param(" \n\n", {}, ["is empty"], id="blank"),
        pytest.param(HEADER, {}, ["holds no row below the headings in row 1"], id="header only"),
        pytest.param(HEADER + ";;;;\n\n", {}, ["holds no row"], id="blank rows only"),
        pytest.param("x;y\n1;2\n", {}, ["none of the first 30 rows", "'Namn'", "holds 'x', 'y'"], id="no header"),
        pytest.param("\n" * 40 + HEADER + GOOD, {}, ["none of the first 30 rows"], id="header far down"),
        pytest.param(
            HEADER.replace("Klart;", "") + "a;1;2;2023-01-02\n", {},
            ["row 1, column 'Klart'", "is missing", "'Namn', 'Belopp helår'"], id="missing column",
        ),
        pytest.param(
            "Konto;" + HEADER + "9;" + GOOD, {}, ["row 1, column 'Konto'", "not declared", "or remove it"],
            id="unknown column",
        ),
        pytest.param("Namn;" + HEADER + "b;" + GOOD, {}, ["column 'Namn'", "stands 2 times"], id="doubled column"),
        pytest.param(";" + HEADER + "x;" + GOOD, {}, ["row 2", "'x' stands in column A", "no heading"], id="no heading"),
        pytest.param(
            HEADER + "a;12x;;;\n", {}, ["row 2, column 'Belopp helår'", "'12x' is not a number"], id="letter in amount"
        ),
        pytest.param(HEADER + "a;1,5;;;\n", {}, ["'1,5' has decimals", "whole numbers"], id="decimals"),
        pytest.param(HEADER + "a;5 %;;;\n", {}, ["'5 %' is a percentage", "in tkr"], id="percent in an amount"),
        pytest.param(
            HEADER + "a;;1.5;;\n", {}, ["'1.5' holds '.'", "written with ','", "change decimal"], id="decimal point"
        ),
        pytest.param(HEADER + "a;;1 234,5;;\n", {"decimal": "."}, ["'1 234,5' holds ','"], id="decimal comma"),
        pytest.param(HEADER + "a;;1.234.567;;\n", {}, ["'1.234.567' is not a well formed number"], id="points between"),
        pytest.param(HEADER + "a;1000000000000000;;;\n", {}, ["too large"], id="too large"),
        pytest.param(HEADER + "a;9" + "0" * 30 + ";;;\n", {}, ["too large"], id="much too large"),
        pytest.param(HEADER + "a;;" + "1" * 500 + ";;\n", {}, ["too large", "1…'"], id="endless number"),
        pytest.param(HEADER + "a;;;kanske;\n", {}, ["column 'Klart'", "neither yes nor no"], id="maybe"),
        pytest.param(HEADER + "a;;;;2023-02-30\n", {}, ["column 'Datum'", "not a date", "2023-12-31"], id="no such day"),
        pytest.param(HEADER + "a;;;;1/2/2023\n", {}, ["'1/2/2023' is not a date"], id="date in another order"),
        pytest.param(
            (HEADER + "ö;1;;;\n").encode("cp1252"), {},
            ["row 1", "byte 16 of the row", "0xE5", "looks like windows-1252", 'encoding = "windows-1252"'],
            id="windows-1252 as utf-8",
        ),
        pytest.param(
            (HEADER + "ö;1;;;\n").encode(), {"encoding": "windows-1252"},
            ["row 1", "is UTF-8, the plan says windows-1252", 'encoding = "utf-8"'], id="utf-8 as windows-1252",
        ),
        pytest.param(
            ("\ufeff" + HEADER).encode(), {"encoding": "windows-1252"}, ["is UTF-8"], id="mark as windows-1252"
        ),
        pytest.param((HEADER + GOOD).encode("utf-16"), {}, ["is UTF-16, the plan says utf-8"], id="utf-16"),
        pytest.param((HEADER + GOOD).encode("utf-16-be"), {}, ["is UTF-16"], id="utf-16 without a mark"),
        pytest.param(b"\x81" + GOOD.encode(), {"encoding": "windows-1252"}, ["0x81 is not windows-1252"], id="0x81"),
        pytest.param(
            HEADER + GOOD + "s\ufffd;1;;;\n", {}, ["row 3", "a letter that was lost"], id="lost letter"
        ),
        pytest.param(
            HEADER + GOOD, {"separator": ","}, ['uses the separator ";"', 'the plan says ","', 'separator = ";"'],
            id="wrong separator",
        ),
        pytest.param(
            (HEADER + GOOD).replace(";", "\t"), {}, ['uses the separator "tab"'], id="tab as semicolon"
        ),
        pytest.param(HEADER + GOOD + "b;1\n", {}, ["row 3", "has 2 fields, the headings 5"], id="too few fields"),
        pytest.param(HEADER + "a;1;2;3;4;5\n", {}, ["row 2", "has 6 fields"], id="too many fields"),
        pytest.param(HEADER + "a;1;;;;;\n", {}, ["row 2", "has 7 fields"], id="two empty fields at the end"),
        pytest.param(HEADER + GOOD + '"b;1;2;;\nc;1;;;\n', {}, ["row 3", "never closed"], id="unbalanced quote"),
        pytest.param(
            HEADER + '"b;' + "1;2;;\n" * 40_000, {}, ["row 2", "never closed"], id="unbalanced quote in a long file"
        ),
        pytest.param(HEADER + '"b"x;1;;;\n', {}, ["row 2", "after the closing quotation mark"], id="text after quote"),
        pytest.param(HEADER + "a\0;1;;;\n", {}, ["row 2", "null character", "byte 2"], id="null"),
        pytest.param(
            HEADER + "a\x1b[2J;1;;;\n", {}, ["row 2, column 'Namn'", r"'a\x1b[2J'", "control"], id="control character"
        ),
        pytest.param(HEADER + "a" * 10_001 + ";1;;;\n", {}, ["row 2, column 'Namn'", "10 000"], id="huge cell"),
        pytest.param(HEADER + "a" * 1_100_000 + ";1;;;\n", {}, ["a line of more than 1 000 000"], id="huge line"),
        pytest.param(HEADER + GOOD, {"sheet": "Blad1"}, ["not a workbook", "'Blad1'"], id="sheet of a csv"),
        pytest.param(PLAIN, {}, ["is an Excel workbook", ".xlsx"], id="workbook named csv"),
    ],
)  # fmt: skip
def test_a_file_is_refused(tmp_path: Path, data: bytes | str, declared: dict[str, Any], parts: list[str]) -> None:
    message = refused(tmp_path, data, **declared)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    "text",
    [
        "1 23", "12 34", "1234 567", "1 2345", "1  234", "1 234\u00a0567", "0 123", "1'23", "1\t234",
        "1e5", "1E5", "nan", "NaN", "inf", "-inf", "∞", "0x10", "1_000", "١٢٣", "１２", "½",
        "--5", "+-5", "5-", "(5", "5)", "(-5)", "((5))", "()", "%", "5 %%", "% 5", ",5", "5,", "1,2,3", "1,234,567",
        "5 kr", "—", "..", "#REF!", "1 234 ,5", "5\n6", "1;2",
    ],
)  # fmt: skip
def test_a_number_is_never_guessed(tmp_path: Path, text: str) -> None:
    message = refused(tmp_path, f'{HEADER}a;;"{text}";;\n')
    assert "row 2, column 'Andel (%)'" in message
    assert "number" in message


def test_faults_are_told_together_with_their_number(tmp_path: Path) -> None:
    message = refused(tmp_path, HEADER + "".join(f"a;x{at};;kanske;\n" for at in range(20)))
    assert "40 faults" in message
    assert "row 2, column 'Belopp helår': 'x0'" in message
    assert message.count("row ") == 10
    assert "and 30 more" in message
    assert message.index("row 2, column 'Klart'") < message.index("row 3, column 'Belopp")


def test_too_many_rows_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.extracts.MAX_ROWS", 3)
    assert "more than 3 rows" in refused(tmp_path, HEADER + GOOD * 3)
    monkeypatch.setattr("sources.extracts.MAX_BYTES", 50)
    assert "is larger than" in refused(tmp_path, HEADER + GOOD * 3)


def test_a_long_file_is_read_whole(tmp_path: Path) -> None:
    extract = read(tmp_path, HEADER + "".join(f"r{at};{at};0,5;Ja;\n" for at in range(120_000)))
    assert extract.frame["belopp_tkr"].sum() == sum(range(120_000))
    assert extract.rows.to_list() == list(range(2, 120_002))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"^extracts/matt.csv: there is no such file\. .*take the extract 'matt'"):
        read_extract(ExtractFile("matt", tmp_path / "extracts" / "matt.csv"), SMALL)
    with pytest.raises(ExtractError, match="is not a file"):
        read_extract(ExtractFile("matt", tmp_path), SMALL)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(ExtractError, match="is not a file"):
        read_extract(ExtractFile("matt", pipe), SMALL)


# Workbooks that are refused


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
        pytest.param(repacked(lambda part, _: b"x" if part == "a" else None) + b"PK\x03\x04", ["not an .xlsx"], id="empty zip"),
        pytest.param(
            repacked(lambda part, content: content if "workbook" not in part else None),
            ["not an Excel workbook", "xl/workbook.xml is missing"], id="no workbook",
        ),
        pytest.param(repacked(lambda part, content: None if part == SHEET else content), ["holds no cells"], id="no sheet"),
        pytest.param(bomb(), ["packed more tightly"], id="bomb"),
        pytest.param(lying_size("xl/workbook.xml", 5), ["is damaged"], id="lying size"),
        pytest.param(lying_size("xl/workbook.xml", 0x7FFFFFFF), ["larger than 200 MB"], id="declared too large"),
        pytest.param(many_parts(), ["2001 parts"], id="many parts"),
        pytest.param(in_sheet(b"<worksheet", BILLION + b"<worksheet"), ["document type or entities"], id="entities"),
        pytest.param(
            repacked(lambda part, content: content.decode().encode("utf-16") if part == SHEET else content),
            ["is not UTF-8"], id="utf-16 part",
        ),
        pytest.param(in_sheet(b'r="B2"', b'r="XFD1048576"'), ["row 1048576 and column 16384", "XFD1048576"], id="far cell"),
        pytest.param(in_sheet(b'r="B2"', b""), ["do not say where they stand"], id="cell without place"),
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


# Where files may lie


def test_a_file_in_the_plan_folder_is_resolved(tmp_path: Path) -> None:
    assert resolve(tmp_path, "extracts/matt.csv") == tmp_path.resolve() / "extracts" / "matt.csv"


@pytest.mark.parametrize("name", ["", ".", "..", "../matt.csv", "extracts/../../x", "extracts/../x", "/etc/passwd",
                                  "C:/x.csv", "C:\\x.csv", "a\0b", "ut/x.csv", "ring/x.csv"])  # fmt: skip
def test_a_path_out_of_the_plan_folder_is_refused(tmp_path: Path, name: str) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "ut").symlink_to(tmp_path)
    (plan / "ring").symlink_to(plan / "ring")
    with pytest.raises(ExtractError, match="is not a file in the plan's own folder") as caught:
        resolve(plan, name)
    assert str(caught.value).isprintable()
