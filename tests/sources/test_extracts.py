"""The municipality's own files: the shapes that are read, and what a refusal says."""

import math
import os
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contracts import contract
from sources.errors import ExtractError
from sources.extracts import ExtractFile, read_extract, resolve
from tests.sources.extract_table import (
    GOOD,
    HEADER,
    PLAIN,
    SMALL,
    read,
    refused,
)


def number(folder: Path, text: str, decimal: str = ",", heading: str = "andel") -> float | int | None:
    row = f'a;;"{text}";;\n' if heading == "andel" else f'a;"{text}";;;\n'
    value: float | int | None = read(folder, HEADER + row, decimal=decimal).frame[heading][0]
    return value


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
    assert extract.data == text.encode()


def test_a_table_of_the_project_is_read(tmp_path: Path) -> None:
    text = (
        "Driftsredovisning;;;;;\n\n"
        "Verksamhet;Budget helår;Utfall helår;Avvikelse helår;Avvikelse (%);Perioden föregående år\n"
        "Skola;-1 000;\u22121 100;-100;-10 %;(900)\nSumma;-1 000;-1 100;-100;-10 %;\u2013\n"
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


def test_what_is_not_seen_is_not_read(tmp_path: Path) -> None:
    row = "\u200b=Öre\u00adbro\ufeff;1\u2060;2,5\u200e;J\u200da;2023-01-02\n"
    assert read(tmp_path, HEADER.replace("Namn", "Na\u200bmn") + row).frame.rows() == [
        ("=Örebro", 1, 2.5, True, date(2023, 1, 2))
    ]


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
        ("-5", -5.0), ("- 5", -5.0), ("\u22125", -5.0), ("\u20135,5", -5.5), ("(1 234)", -1234.0), ("(5,5 %)", -5.5),
        ("7 %", 7.0), ("-7\u00a0%", -7.0), ("7%", 7.0), ("999999999999999", 999999999999999.0),
        ("", None), ("-", None), ("\u2013", None), ("\u2212", None), (" - ", None),
    ],
)  # fmt: skip
def test_a_number_is_read(tmp_path: Path, text: str, expected: float | None) -> None:
    assert number(tmp_path, text) == expected


@pytest.mark.parametrize("text", ["-0", "(0)", "\u22120,0"])
def test_minus_zero_is_zero(tmp_path: Path, text: str) -> None:
    value = number(tmp_path, text)
    assert value is not None
    assert math.copysign(1, value) == 1


@pytest.mark.parametrize(("text", "expected"), [("1 234,00", 1234), ("-3,0", -3), ("(12)", -12), ("\u2013", None)])
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


# What is refused


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
            "Konto;" + HEADER + "9;" + GOOD, {}, ["row 1, column 'Konto'", "not declared", "the columns 'Namn'"],
            id="unknown column",
        ),
        pytest.param("Namn;" + HEADER + "b;" + GOOD, {}, ["column 'Namn'", "stands 2 times"], id="doubled column"),
        pytest.param(";" + HEADER + "x;" + GOOD, {}, ["row 2", "'x' stands in column A"], id="no heading"),
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
        pytest.param(HEADER + "a;;;;2023-02-30\n", {}, ["'Datum'", "not a date", "2023-12-31"], id="no such day"),
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
        pytest.param(HEADER + GOOD + ";" * 2_000, {}, ["row 3", "2001 fields", "columns"], id="endless row"),
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
        pytest.param(
            HEADER + "a\u202eb;1;;;\n", {}, ["row 2, column 'Namn'", r"'a\u202eb'", "control"], id="another order"
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
        "1e5", "1E5", "nan", "NaN", "inf", "-inf", "∞", "0x10", "1_000", "١٢٣", "\uff11\uff12", "½",
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
    monkeypatch.setattr("sources.extracts.reading.MAX_ROWS", 3)
    assert "more than 3 rows" in refused(tmp_path, HEADER + GOOD * 3)
    monkeypatch.setattr("sources.extracts.reading.MAX_BYTES", 50)
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
