"""Figures in running text: how each kind of printed figure is kept, and what the shipped example links to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import check, contract
from contracts.vocabulary import Qualifier
from pipelines.transforms.text import textuppgifter
from sources.extracts import ExtractFile, read_extract
from tests.transforms.rows import assert_columns, published

EXAMPLE: Final = Path(__file__).parents[2] / "sources" / "huddinge" / "2023" / "extracts" / "textuppgifter.csv"

PLAIN: Final[Mapping[str, Any]] = {
    "uppgift_id": "underskott",
    "avsnitt": "Sammanfattning",
    "uppgift": "Nämndens underskott",
    "varde": -22.0,
    "varde_till": None,
    "varde_text": None,
    "decimaler": 0,
    "enhet": "mnkr",
    "kvalificering": None,
    "kopplad_till": "resultatrakning:arets_resultat:avvikelse_tkr",
    "kalla_rad": 38,
}


@pytest.fixture(scope="module")
def example() -> pl.DataFrame:
    return read_extract(ExtractFile("textuppgifter", EXAMPLE), contract("textuppgifter").extract).frame


def publish(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """The rows as published, each given as what differs from a plain figure."""
    whole = [{**PLAIN, **row} for row in rows]
    return published(textuppgifter, "textuppgifter", {name: [row[name] for row in whole] for name in PLAIN})


def test_figures_get_their_report_and_stand_in_the_order_of_its_lines() -> None:
    result = publish({"uppgift_id": "b", "kalla_rad": 40}, {"uppgift_id": "c"}, {"uppgift_id": "a"})
    assert_columns(
        result,
        {
            "kommun_id": ["0126"] * 3,
            "rapport": ["2023-helar"] * 3,
            "kalla": ["verksamhetsberättelsen"] * 3,
            "uppgift_id": ["a", "c", "b"],
            "varde": [-22.0] * 3,
            "kalla_rad": [38, 38, 40],
        },
    )


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"kvalificering": "drygt"}, id="qualified"),
        pytest.param({"varde": 1200.0, "varde_text": "<1200", "kvalificering": "under"}, id="with a sign"),
        pytest.param({"varde": 0.1, "varde_till": 0.4, "decimaler": 1, "kvalificering": "mellan"}, id="interval"),
        pytest.param({"varde": 3.0, "varde_text": "tre"}, id="in words"),
        pytest.param({"varde": None, "decimaler": None, "varde_text": "5,2,4", "enhet": "referens"}, id="reference"),
        pytest.param({"kopplad_till": None}, id="without a link"),
        pytest.param(
            {"kopplad_till": "sjukfranvaro:forvaltning/kvinnor/2023:varde_procent"}, id="key of several parts"
        ),
        pytest.param({"kopplad_till": "sarskilda_satsningar:markundersokningar"}, id="link to a row"),
    ],
)
def test_each_kind_of_figure_is_kept_as_printed(row: Mapping[str, Any]) -> None:
    assert_columns(publish(row), {name: [value] for name, value in row.items()})


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        pytest.param({"varde": None}, "varde:varde_eller_text", id="neither value nor text"),
        pytest.param({"varde_till": 30.0}, "varde_till:intervall", id="upper value without an interval"),
        pytest.param({"kvalificering": "mellan"}, "varde_till:intervall", id="interval without an upper value"),
        pytest.param({"kvalificering": "mellan", "varde_till": -23.0}, "varde_till:intervall", id="interval backwards"),
        pytest.param({"kvalificering": "omkring"}, "kvalificering:isin", id="unknown qualifier"),
        pytest.param({"kopplad_till": "resultatrakning"}, "kopplad_till:str_matches", id="link to a whole table"),
    ],
)
def test_a_figure_that_breaks_a_rule_is_refused_by_name(row: Mapping[str, Any], rule: str) -> None:
    broken = publish({}).with_columns(
        pl.lit(value, dtype=contract("textuppgifter").polars_schema[name]).alias(name) for name, value in row.items()
    )
    assert [breach.rule for breach in check(broken, contract("textuppgifter")).breaches] == [rule]


def test_the_example_keeps_its_contract_with_every_figure_once(example: pl.DataFrame) -> None:
    result = published(textuppgifter, "textuppgifter", example.to_dict(as_series=False))
    assert result.height == 202
    assert result["uppgift_id"].is_unique().all()
    assert set(result["kvalificering"].drop_nulls()) == {str(word) for word in Qualifier}


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("ks_justerat_underskott_sammanfattning", (-3.2, None, "mnkr", None)),
        ("definition_areal_mindre_gronyta_text", (0.1, 0.4, "ha", "mellan")),
        ("sjukfranvaro_ks_langsta", (2.0, None, "procent", None)),
        ("grantorp_markforsaljning", (None, None, "namn", None)),
        ("exploateringsfastigheter_atgardskostnad", (2.2, None, "mnkr", "cirka")),
    ],
)
def test_figures_of_the_example(example: pl.DataFrame, figure: str, expected: tuple[Any, ...]) -> None:
    row = example.filter(pl.col("uppgift_id") == figure)
    assert row.select("varde", "varde_till", "enhet", "kvalificering").row(0) == expected


def test_the_links_of_the_example_name_a_declared_column_and_a_whole_key(example: pl.DataFrame) -> None:
    for link in example["kopplad_till"].drop_nulls():
        table, row, *column = link.split(":")
        declared = contract(table)
        own = [part for part in declared.key if part not in {"kommun_id", "rapport"}]
        assert len(row.split("/")) == len(own), link
        assert set(column) <= set(declared.polars_schema), link


def test_the_same_figure_in_several_places_is_linked_to_the_same_cell(example: pl.DataFrame) -> None:
    repeated = (
        example.filter(pl.col("uppgift").is_duplicated()).group_by("uppgift").agg(pl.col("kopplad_till").n_unique())
    )
    assert repeated.height > 0
    assert repeated["kopplad_till"].max() == 1
