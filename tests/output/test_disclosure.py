"""The gate of disclosure: a column that is not open, or a text with personal data, never reaches a reader."""

from pathlib import Path

import polars as pl
import pytest

from contracts import ContractError
from output.disclosure.gate import cleared
from output.errors import PublicationError
from output.publication.generation import publish
from tests.output.publishing import ABOUT, OCCASION, income, organisations
from tests.output.test_tables import OPEN, PROV

ROWS = pl.DataFrame([{"nummer": 1, "text": "Ett", "hemlig": "det som inte får synas"}], schema=PROV.polars_schema)
NUMBER = "811218-9876"


def test_a_column_that_is_not_open_is_refused_whatever_it_holds() -> None:
    for hemlig in ("det som inte får synas", None):
        with pytest.raises(PublicationError, match="prov: hemlig is not open") as refused:
            cleared({"prov": ROWS.with_columns(hemlig=pl.lit(hemlig))}, layer="test")
        assert "det som inte" not in str(refused.value)


def test_open_columns_alone_pass() -> None:
    (passed,) = cleared({"prov": ROWS.select(OPEN)}, layer="test").values()
    assert passed.columns == OPEN


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        pytest.param(ROWS.select(OPEN).drop("dag"), "missing: dag", id="a column is missing"),
        pytest.param(ROWS.select(OPEN).with_columns(annat=1), "not declared: annat", id="a column is unknown"),
    ],
)
def test_a_frame_that_is_not_the_table_is_refused(frame: pl.DataFrame, named: str) -> None:
    with pytest.raises(ContractError, match=named):
        cleared({"prov": frame}, layer="test")


def test_the_rules_about_open_columns_hold_without_the_others() -> None:
    opened = PROV.opened
    assert list(opened.polars_schema) == OPEN
    assert opened.key == PROV.key
    assert opened.opened is opened


def test_personal_data_stops_the_publication_and_is_not_repeated(tmp_path: Path) -> None:
    public = tmp_path / "public"
    tables = {"resultatrakning": income(100), "stickprov": organisations("Nämnden", f"Se ärendet för {NUMBER}")}
    with pytest.raises(PublicationError) as refused:
        publish(tables, public, ABOUT, OCCASION)
    told = str(refused.value)
    assert told.startswith("stickprov.csv: row 3, column organisation holds a personal identity number")
    assert NUMBER not in told
    assert not public.exists()


def test_the_publisher_s_own_mailbox_may_stand_in_a_text() -> None:
    tables = {"stickprov": organisations(f"Fråga {ABOUT.contact}")}
    assert set(cleared(tables, exempt=(ABOUT.contact,))) == {"stickprov"}
    with pytest.raises(PublicationError, match="an e-mail address"):
        cleared(tables)
