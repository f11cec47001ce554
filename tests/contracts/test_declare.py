"""What is made of a declared table: columns, the contract of its extract, DDL, the registry."""

import duckdb
import polars as pl
import pytest

from contracts import Contract, check, contract, contracts
from contracts.declare import table
from contracts.vocabulary import Origin, Severity, Text
from tests.contracts.small import GOOD, SMALL, Prov, rows


def test_columns_keep_what_was_declared() -> None:
    columns = {column.name: column for column in SMALL.columns}
    assert list(columns) == ["rad_id", "farg", "belopp", "andel", "klart", "dag", "tid"]
    assert columns["farg"].values is not None
    assert columns["belopp"].title == Text("Belopp", "Belopp")
    assert (columns["belopp"].unit, columns["belopp"].nullable) == ("tkr", True)
    assert (columns["andel"].decimals, columns["andel"].stated, columns["andel"].nullable) == (1, True, False)
    assert [column.duckdb_type for column in SMALL.columns] == [
        "VARCHAR",
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "BOOLEAN",
        "DATE",
        "TIMESTAMP",
    ]


def test_a_value_comes_from_where_its_column_says_or_else_from_where_its_table_says() -> None:
    kept = {column.name: column.source for column in contract("stickprov").columns}
    assert kept["antal_fel"] is Origin.EXTRACT
    assert kept["andel_fel_procent"] is Origin.COMPUTED, "a stated figure is recomputed"
    assert kept["kommun_id"] is Origin.PLAN
    assert {column.source for column in contract("kommuner", "core").columns} == {Origin.SERVICE}
    assert {column.source for column in SMALL.extract.columns if not column.stated} == {Origin.EXTRACT}


def test_the_polars_schema_is_the_columns_with_their_types() -> None:
    assert SMALL.polars_schema == pl.Schema(
        {
            "rad_id": pl.String(),
            "farg": pl.String(),
            "belopp": pl.Int64(),
            "andel": pl.Float64(),
            "klart": pl.Boolean(),
            "dag": pl.Date(),
            "tid": pl.Datetime("us"),
        }
    )


def test_the_extract_holds_the_headed_columns_and_a_stated_figure_may_be_blank() -> None:
    extract = SMALL.extract
    assert extract.table == "raw.prov"
    assert extract.polars_schema.names() == ["rad_id", "farg", "belopp", "andel"]
    assert {column.name for column in extract.columns if column.nullable} == {"farg", "belopp", "andel"}
    handed_in = rows({"andel": None}, {"rad_id": "b", "farg": "gul"}).select(extract.polars_schema.names())
    checked = check(handed_in, extract)
    assert [(breach.rule, breach.severity) for breach in checked.breaches] == [("farg:isin", Severity.QUARANTINE)]


def test_a_table_without_headings_is_not_read_from_an_extract() -> None:
    with pytest.raises(LookupError, match="indikatorer is not read from an extract"):
        _ = contract("indikatorer").extract


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("rad_id:str_matches", Severity.BLOCK),
        ("farg:isin", Severity.QUARANTINE),
        ("belopp:ej_tom", Severity.WARN),
        ("andel:hel", Severity.QUARANTINE),
        ("andel:ej_tom", Severity.BLOCK),
        ("nyckel:unik", Severity.BLOCK),
    ],
)
def test_a_rule_does_what_its_column_or_the_rule_itself_says(rule: str, severity: Severity) -> None:
    assert SMALL.severity(rule) is severity


def test_the_ddl_makes_the_table_in_a_real_database() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA open")
        connection.execute(SMALL.ddl)
        connection.execute(SMALL.ddl)
        connection.register("frame", rows({}))
        connection.execute("INSERT INTO open.prov BY NAME SELECT * FROM frame")
        assert connection.sql("FROM open.prov").pl().rows(named=True) == [GOOD]
        with pytest.raises(duckdb.ConstraintException, match="andel"):
            connection.execute("INSERT INTO open.prov (rad_id) VALUES ('b')")


@pytest.mark.parametrize("declared", [pytest.param(declared, id=declared.table) for declared in contracts()])
def test_every_table_can_be_made_in_a_real_database(declared: Contract) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA {declared.layer}")
        connection.execute(declared.ddl)
        made = connection.sql(f"DESCRIBE {declared.table}").fetchall()
    assert [(name, kind, null == "YES") for name, kind, null, *_ in made] == [
        (column.name, column.duckdb_type, column.nullable) for column in declared.columns
    ]


def test_a_table_is_found_by_name_and_layer() -> None:
    assert contract("rapporter", "core").table == "core.rapporter"
    assert {declared.layer for declared in contracts("core")} == {"core"}
    with pytest.raises(LookupError, match=r"no table open\.rapporter; declared are: .*indikatorer") as caught:
        contract("rapporter")
    assert caught.value.__suppress_context__


def test_a_table_is_declared_once() -> None:
    again = table("indikatorer", Text("", ""), Text("", ""), group="status", key=("rad_id",))
    with pytest.raises(ValueError, match=r"table open\.indikatorer is declared twice"):
        again(Prov)
