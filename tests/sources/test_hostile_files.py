"""Hostile files: each is refused in a sentence, or read as what it is, in little time and within a memory limit."""

import io
import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.errors import ExtractError
from sources.extracts import Extract, ExtractFile, read_extract
from tests.end_to_end.place import ROOT
from tests.sources.extract_table import HEADINGS, SMALL
from tests.sources.hostile import CSVS, HARMLESS, SHEET, WORKBOOKS, in_sheet

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(QUICK, max_examples=3_000)
MEMORY: Final = 3_000_000_000
"""Bytes of address space that reading one file may take, polars' own threads included."""

CPU: Final = 60
"""Seconds of computing after which reading one file is taken to hang."""

FILES: Final = {
    **{f"csv: {name}": (make, ".csv") for name, make in CSVS.items()},
    **{f"xlsx: {name}": (make, ".xlsx") for name, make in WORKBOOKS.items()},
}


def outcome(path: Path, **how: Any) -> Extract | ExtractError:
    """What reading a file gives."""
    try:
        return read_extract(ExtractFile(table="matt", path=path, **how), SMALL)
    except ExtractError as error:
        return error


def told(path: Path, **how: Any) -> str | None:
    """How a file is refused; None where it is read as the table is declared."""
    found = outcome(path, **how)
    if isinstance(found, ExtractError):
        assert str(found).isprintable()
        assert len(str(found)) < 5_000
        assert found.remedy
        return str(found)
    assert found.frame.schema == SMALL.polars_schema
    return None


def read_within_limits(path: Path) -> None:
    """Read a file in this process, which is not allowed more than its share; print how that went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    print(json.dumps({"told": told(path)}))


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_neither_hangs_nor_fills_the_memory(name: str, tmp_path: Path) -> None:
    make, suffix = FILES[name]
    path = tmp_path / f"matt{suffix}"
    path.write_bytes(make())
    words = [sys.executable, "-m", "tests.sources.test_hostile_files", str(path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert (found["told"] is None) <= (name.partition(": ")[2] in HARMLESS), found


@pytest.mark.parametrize("name", ["an entity that is a file", "entities that multiply", "a cell beyond any corner"])
def test_a_workbook_that_would_have_more_read_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "matt.xlsx"
    path.write_bytes(WORKBOOKS[name]())
    assert told(path) is not None


encodings = st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-32", "utf-7", "cp437", "cp500"])
declared = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "windows-1252"]),
        "separator": st.sampled_from([";", ",", "\t"]),
        "decimal": st.sampled_from([",", "."]),
    }
)
signs = st.characters(codec="utf-8")
huge = st.builds(lambda text, times: text * times, st.text(signs, min_size=1, max_size=3), st.integers(1, 20_000))
cells = st.one_of(st.text(signs, max_size=20), huge, st.sampled_from(['"', '""', "\r", "\n", "\0", "\x1a", "=1+1"]))


def written(rows: list[list[str]], separator: str, end: str, codec: str) -> bytes:
    """A file of these rows, in whatever letters a codec has for them."""
    return end.join(separator.join(row) for row in [list(HEADINGS), *rows]).encode(codec, errors="replace")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files lie that are made up."""
    return tmp_path_factory.mktemp("hostile")


texts = st.builds(
    written,
    st.lists(st.lists(cells, min_size=1, max_size=8), max_size=3),
    st.sampled_from([";", ",", "\t", "|", "::", "\u001f", " "]),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\x0b"]),
    encodings,
)
xml = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"<c",
                b' r="',
                b'B2"',
                b'XFD1048576"',
                b' t="s"',
                b' t="inlineStr"',
                b">",
                b"/>",
                b"<v>",
                b"</v>",
                b"</c>",
            ]
        ),
        st.sampled_from(
            [b"<row>", b"</row>", b"<is><t>", b"</t></is>", b"<f>", b"</f>", b"&#x110000;", b"&lt;", b"]]>"]
        ),
        st.sampled_from([b"<![CDATA[", b"<!--", b"<?x", b"<!ENTITY", b"1e999", b"NaN", b"-0", b"\xff", b"\0"]),
        st.binary(max_size=6),
    ),
    max_size=25,
).map(b"".join)


def is_text_that_holds(folder: Path, data: bytes, how: dict[str, str]) -> None:
    """Any text is read as declared, or refused."""
    path = folder / "matt.csv"
    path.write_bytes(data)
    told(path, **how)


def is_workbook_that_holds(folder: Path, junk: bytes) -> None:
    """Any cells within a sheet are read, or refused."""
    path = folder / "matt.xlsx"
    path.write_bytes(in_sheet(b"</sheetData>", b'<row r="3">' + junk + b"</row></sheetData>"))
    told(path)


def is_package_that_holds(folder: Path, data: bytes, place: float, junk: bytes) -> None:
    """A workbook with other bytes somewhere in its zip is read, or refused."""
    at = int(place * len(data))
    path = folder / "matt.xlsx"
    path.write_bytes(data[:at] + junk + data[at + len(junk) :])
    told(path)


PLAIN: Final = in_sheet(b"<sheetData>", b"<sheetData>")


@QUICK
@given(data=texts, how=declared)
def test_any_encoding_and_separator(folder: Path, data: bytes, how: dict[str, str]) -> None:
    is_text_that_holds(folder, data, how)


@QUICK
@given(junk=xml)
def test_any_cells_in_a_sheet(folder: Path, junk: bytes) -> None:
    is_workbook_that_holds(folder, junk)


@QUICK
@given(place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=8))
def test_any_damage_to_a_zip(folder: Path, place: float, junk: bytes) -> None:
    is_package_that_holds(folder, PLAIN, place, junk)


@pytest.mark.slow
@MANY
@given(data=texts, how=declared)
def test_any_encoding_and_separator_at_length(folder: Path, data: bytes, how: dict[str, str]) -> None:
    is_text_that_holds(folder, data, how)


@pytest.mark.slow
@MANY
@given(junk=xml)
def test_any_cells_in_a_sheet_at_length(folder: Path, junk: bytes) -> None:
    is_workbook_that_holds(folder, junk)


@pytest.mark.slow
@MANY
@given(place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=8))
def test_any_damage_to_a_zip_at_length(folder: Path, place: float, junk: bytes) -> None:
    is_package_that_holds(folder, PLAIN, place, junk)


def test_the_shipped_shape_is_a_zip_with_a_sheet() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as package:
        assert SHEET in package.namelist()


if __name__ == "__main__":
    read_within_limits(Path(sys.argv[1]))
