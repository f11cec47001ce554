"""Laws of the extract reader: any bytes give a frame as declared or a refusal, and numbers come back as written."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sources.errors import ExtractError
from sources.extracts import Extract, ExtractFile, read_extract
from tests.sources.extract_table import HEADINGS, SMALL

QUICK = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
SHEET = "xl/worksheets/sheet1.xml"
THOUSANDS = ["", " ", "\u00a0", "\u2009", "\u202f", "'", "\u2019"]

declarations = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "windows-1252"]),
        "separator": st.sampled_from([";", ",", "\t"]),
        "decimal": st.sampled_from([",", "."]),
    }
)
numbers = st.text("0123456789 ,.-\u2212\u2013%()'\u00a0\u202fe", max_size=12)
cells = st.one_of(
    numbers, st.text(max_size=12), st.sampled_from(["", "Ja", "Nej", "2023-12-31", '"', "\n", "a;b", "#REF!", "NaN"])
)
tables = st.lists(st.lists(cells, min_size=4, max_size=6), max_size=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "matt"


def outcome(path: Path, data: bytes, **declared: Any) -> Extract | ExtractError:
    path.write_bytes(data)
    try:
        return read_extract(ExtractFile(table="matt", path=path, **declared), SMALL)
    except ExtractError as error:
        return error


def holds(found: Extract | ExtractError) -> None:
    """The law: an extract as declared with a row number for each row, or a refusal that can be printed."""
    if isinstance(found, ExtractError):
        assert str(found).isprintable()
        assert found.remedy
    else:
        assert found.frame.schema == SMALL.polars_schema
        assert found.frame.height == len(found.rows) > 0
        assert found.rows.is_sorted()
        assert found.rows.n_unique() == len(found.rows)


@QUICK
@given(data=st.binary(max_size=400), declared=declarations)
def test_any_bytes(file: Path, data: bytes, declared: dict[str, Any]) -> None:
    holds(outcome(file.with_suffix(".csv"), data, **declared))
    holds(outcome(file.with_suffix(".xlsx"), data, **declared))


@QUICK
@given(
    rows=tables,
    written=st.sampled_from([";", ",", "\t"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    declared=declarations,
)
def test_any_cells(
    *, file: Path, rows: list[list[str]], written: str, codec: str, end: str, declared: dict[str, Any]
) -> None:
    text = end.join(written.join(row) for row in [list(HEADINGS), *rows])
    holds(outcome(file.with_suffix(".csv"), text.encode(codec, errors="replace"), **declared))


def workbook() -> dict[str, bytes]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(HEADINGS))
    sheet.append(["Skola", 1200, 0.075, True, date(2023, 12, 31)])
    sheet["C2"].number_format = "0.0%"
    sheet.merge_cells("A2:A3")
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as package:
        return {part: package.read(part) for part in package.namelist()}


PARTS = workbook()


@QUICK
@given(
    part=st.sampled_from([SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]),
    place=st.floats(0, 1),
    length=st.integers(0, 12),
    junk=st.one_of(
        st.binary(max_size=12),
        st.text("<>/\"'= &;:rstcvf0123456789.-e", max_size=14).map(str.encode),
        st.sampled_from([b'r="XFD9"', b"<c", b"<v>1e999</v>", b"&#0;", b"&x;", b"t='e'", b"4294967296", b"<f/>"]),
    ),
)
def test_any_damage_to_a_workbook(file: Path, part: str, place: float, length: int, junk: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in PARTS.items():
            at = int(place * len(content))
            package.writestr(name, content[:at] + junk + content[at + length :] if name == part else content)
    holds(outcome(file.with_suffix(".xlsx"), target.getvalue()))


def written(value: Decimal, thousands: str, decimal: str, minus: str, suffix: str) -> str:
    digits = f"{abs(value):,f}".replace(".", "D").replace(",", thousands).replace("D", decimal)
    sign = value < 0
    if minus == "()":
        return f"({digits}{suffix})" if sign else digits + suffix
    return (minus if sign else "") + digits + suffix


amounts = st.decimals(min_value=-999_999_999, max_value=999_999_999, places=2)


@QUICK
@given(
    values=st.lists(amounts, min_size=1, max_size=30),
    thousands=st.sampled_from(THOUSANDS),
    decimal=st.sampled_from([",", "."]),
    minus=st.sampled_from(["-", "\u2212", "\u2013", "- ", "()"]),
    suffix=st.sampled_from(["", " %", "%", "\u00a0%"]),
)
def test_numbers_come_back_as_they_were_written(
    *, file: Path, values: list[Decimal], thousands: str, decimal: str, minus: str, suffix: str
) -> None:
    path = file.with_suffix(".csv")
    lines = [
        f"a;{written(value.to_integral_value(), thousands, decimal, minus, '')};"
        f"{written(value, thousands, decimal, minus, suffix)};;"
        for value in values
    ]
    path.write_text("\n".join([";".join(HEADINGS), *lines]), encoding="utf-8")
    frame = read_extract(ExtractFile(table="matt", path=path, decimal=decimal), SMALL).frame
    assert frame["andel"].to_list() == [float(value) for value in values]
    assert frame["belopp_tkr"].to_list() == [int(value.to_integral_value()) for value in values]


@QUICK
@given(text=numbers)
def test_a_text_is_the_number_it_shows_or_is_refused(file: Path, text: str) -> None:
    found = outcome(file.with_suffix(".csv"), f'{";".join(HEADINGS)}\na;;"{text}";;\n'.encode())
    if isinstance(found, ExtractError):
        return
    value = found.frame["andel"][0]
    digits = "".join(letter for letter in text if letter.isdigit() or letter == ",").replace(",", ".")
    if value is None:
        assert text.strip() in {"", "-", "\u2212", "\u2013"}
    else:
        negative = any(sign in text for sign in "-\u2212\u2013(")
        assert value == (-float(digits) if negative else float(digits))
