"""A published table: what its files hold, to the sign."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from contracts import Contract, contract
from contracts.declare import Table, column, table
from contracts.vocabulary import Disclosure, Operator, Text
from output.errors import PublicationError
from output.formats.delimited import content_sha256, write_csv
from output.formats.parquet import scan_published, write_parquet
from output.tables import published
from tests.output.publishing import ABOUT, framed


def _said(name: str) -> tuple[str, str, str, str]:
    return name, name, f"{name} på svenska.", f"{name} in English."


@table(
    "prov",
    Text("Prov", "Sample"),
    Text("En rad av varje sort.", "One row of each kind."),
    group="prov",
    key=("nummer",),
    layer="test",
)
class Prov(Table):
    """One column of each type."""

    nummer: int = column(*_said("nummer"))
    text: str = column(*_said("text"), nullable=True)
    operator: str = column(*_said("operator"), nullable=True, values=Operator)
    andel: float = column(*_said("andel"), unit="procent", decimals=1, nullable=True)
    varde: float = column(*_said("varde"), decimals=6, nullable=True)
    sant: bool = column(*_said("sant"), nullable=True)
    dag: dt.date = column(*_said("dag"), nullable=True)
    tid: dt.datetime = column(*_said("tid"), nullable=True)
    hemlig: str = column(*_said("hemlig"), nullable=True, disclosure=Disclosure.INTERNAL)


PROV = contract("prov", "test")
OPEN = [name for name in PROV.polars_schema if name != "hemlig"]


def _prov(*rows: dict[str, Any]) -> pl.DataFrame:
    return framed([{"nummer": number, **row} for number, row in enumerate(rows, start=1)], PROV.polars_schema)


def _csv(frame: pl.DataFrame, path: Path, declared: Contract = PROV) -> str:
    write_csv(published(frame, declared), path)
    return path.read_bytes().decode("utf-8")


def test_csv_is_rfc_4180_with_values_as_published(tmp_path: Path) -> None:
    row = {
        "text": 'Vård, "omsorg"',
        "operator": "=",
        "andel": 0.1 + 0.2,
        "varde": 1e-6,
        "sant": True,
        "dag": dt.date(2023, 12, 31),
        "tid": dt.datetime.fromisoformat("2026-03-23T04:05:06"),
        "hemlig": "syns aldrig",
    }
    assert _csv(_prov(row, {"sant": False}), tmp_path / "prov.csv") == (
        "nummer,text,operator,andel,varde,sant,dag,tid\r\n"
        '1,"Vård, ""omsorg""",=,0.3,0.000001,true,2023-12-31,2026-03-23T04:05:06Z\r\n'
        "2,,,,,false,,\r\n"
    )


@pytest.mark.parametrize(
    ("figure", "andel", "varde"),
    [
        pytest.param(21.0, "21.0", "21.0", id="whole"),
        pytest.param(2.25, "2.3", "2.25", id="half is rounded away from zero"),
        pytest.param(-2.25, "-2.3", "-2.25", id="negative half is rounded away from zero"),
        pytest.param(-0.04, "0.0", "-0.04", id="no minus before zero"),
        pytest.param(0.000012, "0.0", "0.000012", id="no exponent"),
        pytest.param(123456789.987654, "123456790.0", "123456789.987654", id="large"),
    ],
)
def test_figures_are_written_as_they_are(tmp_path: Path, figure: float, andel: str, varde: str) -> None:
    text = _csv(_prov({"andel": figure, "varde": figure}), tmp_path / "prov.csv")
    assert text.splitlines()[1] == f"1,,,{andel},{varde},,,"


@pytest.mark.parametrize("text", ["-3", "+4,5 %", "- 0,4", "a-b = c", "<5", ">=", "1 = 1", "två\nrader"])
def test_harmless_text_is_published(tmp_path: Path, text: str) -> None:
    _csv(_prov({"text": text}), tmp_path / "prov.csv")
    assert pl.read_csv(tmp_path / "prov.csv", schema_overrides={"text": pl.String})["text"].to_list() == [text]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('=HYPERLINK("http://example.se")', id="formula"),
        *(
            pytest.param(text, id=f"formula {text!a}")
            for text in ("\u200b=1", "\ufeff=1", "\u200f=1", "\ufe621", "\ufe661", "\u207a1", "ett;\u2060@a")
        ),
        *(pytest.param(f"ett{sign}två", id=f"{sign!a}") for sign in "\u202e\u2066\u2069\u2028\x85"),
        pytest.param("=", id="an operator outside an operator column"),
        pytest.param("@SUM(1)", id="at"),
        pytest.param("-1+cmd|' /C calc'!A0", id="minus"),
        pytest.param("+a", id="plus"),
        pytest.param("  =1", id="after blanks"),
        pytest.param("\uff1d1", id="wide sign"),
        pytest.param("Skola;=1+1", id="after the semicolon where a Swedish Excel splits"),
        pytest.param("Skola\n=1+1", id="on a new line"),
        pytest.param("\t=1", id="tab"),
        pytest.param("a\rb", id="carriage return"),
        pytest.param("", id="empty"),
    ],
)
def test_text_that_harms_a_reader_is_refused(text: str) -> None:
    with pytest.raises(PublicationError, match=r"prov\.csv, row 3, column text"):
        published(_prov({"text": "Skola"}, {"text": text}), PROV)


def test_a_sign_stands_in_an_operator_column_only_if_declared() -> None:
    with pytest.raises(PublicationError, match="column operator"):
        published(_prov({"operator": "=1"}), PROV)


@pytest.mark.parametrize("figure", [float("inf"), float("nan"), 1e12])
def test_a_figure_that_cannot_be_exact_is_refused(figure: float) -> None:
    with pytest.raises(PublicationError, match=r"row 2, column varde"):
        published(_prov({"varde": figure}), PROV)


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(PublicationError, match="column nummer"):
        published(pl.concat([_prov({}), _prov({})]), PROV)


def test_parquet_holds_declared_types_and_descriptions(tmp_path: Path) -> None:
    path = tmp_path / "prov.parquet"
    write_parquet(published(_prov({"andel": 0.1 + 0.2}), PROV), path, ABOUT)
    assert pl.read_parquet_schema(path) == {
        name: pl.Datetime("us", "UTC") if name == "tid" else PROV.polars_schema[name] for name in OPEN
    }
    assert scan_published(path).collect_schema() == {name: PROV.polars_schema[name] for name in OPEN}
    metadata = pl.read_parquet_metadata(path)
    assert json.loads(metadata["title"]) == {"sv": "Prov", "en": "Sample"}
    assert metadata["version"] == "1.0.0"
    assert (metadata["publisher"], metadata["license"]) == (ABOUT.publisher, ABOUT.licence)
    assert metadata["source"] == ABOUT.base_url
    assert metadata["schema_url"] == f"{ABOUT.base_url}/latest/prov.csv-metadata.json"
    described = {entry["name"]: entry for entry in json.loads(metadata["columns"])}
    assert list(described) == OPEN
    assert described["andel"]["description"] == {"sv": "andel på svenska.", "en": "andel in English."}
    assert described["andel"]["unit"] == "procent"
    assert pl.read_parquet(path)["andel"].to_list() == [0.3]


LETTERS = st.characters(exclude_categories=("C", "Zl", "Zp"))
SAFE_TEXT = st.one_of(st.none(), st.text(LETTERS, max_size=8).map(lambda tail: f"Ö{tail}".replace(";", ",")))
FIGURES = st.none() | st.floats(min_value=-1e9, max_value=1e9)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": SAFE_TEXT,
            "operator": st.sampled_from([None, *map(str, Operator)]),
            "andel": FIGURES,
            "varde": FIGURES,
            "sant": st.none() | st.booleans(),
            "dag": st.none() | st.dates(min_value=dt.date(1000, 1, 1)),
            "tid": st.none() | st.datetimes(min_value=dt.datetime.fromisoformat("1000-01-01")),
        }
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_csv_read_back_equals_parquet(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("prov")
    made = published(_prov(*rows), PROV)
    write_csv(made, folder / "prov.csv")
    write_parquet(made, folder / "prov.parquet", ABOUT)
    types = {name: pl.String if name == "tid" else PROV.polars_schema[name] for name in OPEN}
    read = pl.read_csv(folder / "prov.csv", schema=types).with_columns(
        pl.col("tid").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", time_unit="us")
    )
    assert_frame_equal(read, pl.read_parquet(folder / "prov.parquet"), check_exact=True)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_what_is_published_does_not_depend_on_the_order_of_rows_or_on_closed_columns(
    rows: list[dict[str, Any]],
) -> None:
    frame = _prov(*rows)
    turned = frame.reverse().with_columns(hemlig=pl.lit("annat"))
    assert content_sha256(published(turned, PROV)) == content_sha256(published(frame, PROV))
    assert "hemlig" not in published(frame, PROV).frame.columns


def test_a_changed_value_changes_the_hash_and_noise_does_not() -> None:
    hashes = [content_sha256(published(_prov({"andel": value}), PROV)) for value in (0.3, 0.1 + 0.2, 0.4, None)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3
