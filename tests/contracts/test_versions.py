"""Versions of published tables: what a change of a schema asks for, and old names in what is published."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import Contract, contracts
from contracts.declare import Table as Declared
from contracts.declare import column
from contracts.versions import faults, read_released, record_of, write_released
from contracts.vocabulary import Disclosure
from output.formats.delimited import write_csv
from output.tables import describe, published
from pipelines.storage.warehouse import Warehouse
from tests.contracts.small import SMALL


def _amount(**more: Any) -> Any:
    return column("Belopp", "Amount", "Belopp.", "Amount.", **{"unit": "tkr", "nullable": True, **more})


def _id() -> Any:
    return column("Id", "Id", "Id.", "Id.")


class Released(Declared):
    """The table as it was released."""

    rad_id: str = _id()
    belopp_tkr: int = _amount()
    andel: int = _amount(nullable=False)


class Renamed(Declared):
    """Its amount has got another name; the old one is kept."""

    rad_id: str = _id()
    utfall_tkr: int = _amount(aliases=("belopp_tkr",))
    andel: int = _amount(nullable=False)


class Moved(Declared):
    """Its amount has got another name and another unit under the old one."""

    rad_id: str = _id()
    utfall_mnkr: int = _amount(unit="mnkr", aliases=("belopp_tkr",))
    andel: int = _amount(nullable=False)


class Shorter(Declared):
    """It has lost a column."""

    rad_id: str = _id()
    andel: int = _amount(nullable=False)


class Closed(Declared):
    """A column is no longer open."""

    rad_id: str = _id()
    belopp_tkr: int = _amount(disclosure=Disclosure.INTERNAL)
    andel: int = _amount(nullable=False)


class OtherUnit(Declared):
    """A column has another unit under the same name."""

    rad_id: str = _id()
    belopp_tkr: int = _amount(unit="kronor")
    andel: int = _amount(nullable=False)


class OtherType(Declared):
    """A column has another type."""

    rad_id: str = _id()
    belopp_tkr: float = _amount(decimals=1)
    andel: int = _amount(nullable=False)


class Wider(Declared):
    """It has a column more."""

    rad_id: str = _id()
    belopp_tkr: int = _amount()
    andel: int = _amount(nullable=False)
    ny: str = _id()


class Blanker(Declared):
    """A column that was always there may be blank."""

    rad_id: str = _id()
    belopp_tkr: int = _amount()
    andel: int = _amount()


class Renewed(Declared):
    """The old name is gone, a major version after it was told of."""

    rad_id: str = _id()
    utfall_tkr: int = _amount()
    andel: int = _amount(nullable=False)


def declared(model: type[Declared], version: str = "1.0.0", **more: Any) -> Contract:
    """The made-up table in one of its forms."""
    return replace(SMALL, sort=("rad_id",), rules=(), extract_key=(), version=version, build=model.to_schema, **more)


BEFORE: Final = record_of([declared(Released)])
RENAMED: Final = record_of([declared(Renamed, "2.0.0")])


@pytest.mark.parametrize(
    ("now", "released", "told"),
    [
        pytest.param(declared(Released), BEFORE, [], id="nothing changed"),
        pytest.param(declared(Released, "1.0.1"), BEFORE, [], id="a version more than needed"),
        pytest.param(declared(Released, "0.9.0"), BEFORE, ["versions do not go back. Raise"], id="a version back"),
        pytest.param(declared(Shorter, "2.0.0"), BEFORE, ["belopp_tkr is gone. Keep it"], id="a column removed"),
        pytest.param(declared(Closed, "2.0.0"), BEFORE, ["belopp_tkr is gone. Keep it"], id="a column closed"),
        pytest.param(
            declared(Renamed, "1.1.0"),
            BEFORE,
            ["belopp_tkr is only an old name of utfall_tkr; utfall_tkr is new. Raise its version from 1.1.0 to 2.0.0"],
            id="a column renamed without a major version",
        ),
        pytest.param(declared(Renamed, "2.0.0"), BEFORE, [], id="a column renamed with a major version and an alias"),
        pytest.param(
            declared(Renewed, "2.0.0"), BEFORE, ["belopp_tkr is gone. Keep it"], id="a column renamed without an alias"
        ),
        pytest.param(
            declared(Moved, "2.0.0"), BEFORE, ["would hold another type or unit"], id="an old name with another unit"
        ),
        pytest.param(
            declared(OtherUnit, "1.9.0"),
            BEFORE,
            ["belopp_tkr has the unit kronor, released is tkr. Raise its"],
            id="a unit",
        ),
        pytest.param(declared(OtherUnit, "2.0.0"), BEFORE, [], id="a unit with a major version"),
        pytest.param(declared(OtherType), BEFORE, ["has the type DOUBLE, released is BIGINT"], id="a type"),
        pytest.param(
            declared(Wider), BEFORE, ["ny is new. Raise its version from 1.0.0 to 1.1.0"], id="a column added"
        ),
        pytest.param(declared(Wider, "1.1.0"), BEFORE, [], id="a column added with a minor version"),
        pytest.param(declared(Blanker), BEFORE, ["andel may now be blank. Raise"], id="blanks allowed"),
        pytest.param(declared(Released, key=("rad_id", "andel")), BEFORE, ["the key is another"], id="a key"),
        pytest.param(
            declared(Renewed, "2.1.0"),
            RENAMED,
            ["belopp_tkr is gone. Raise its version from 2.1.0 to 3.0.0"],
            id="an alias taken away too early",
        ),
        pytest.param(declared(Renewed, "3.0.0"), RENAMED, [], id="an alias taken away with the next major version"),
    ],
)
def test_what_a_change_of_a_released_schema_asks_for(
    now: Contract, released: Mapping[str, Any], told: list[str]
) -> None:
    found = faults([now], released)
    assert len(found) == len(told)
    assert all(part in fault and fault.startswith("prov: ") for part, fault in zip(told, found, strict=True))


def test_a_table_that_was_released_stays_and_a_new_one_is_free() -> None:
    (fault,) = faults([], BEFORE)
    assert fault.startswith("prov is no longer declared")
    assert faults([declared(Released)], {}) == []


def test_the_declared_schemas_keep_what_was_released_last() -> None:
    assert faults(contracts("open"), read_released()) == []


def test_what_is_kept_of_a_release_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "released.json"
    assert read_released(path) == {}
    write_released(RENAMED, path)
    assert read_released(path) == RENAMED


def test_a_renamed_column_is_published_under_its_old_name_too(tmp_path: Path) -> None:
    contract = declared(Renamed, "2.0.0")
    table = published(pl.DataFrame([{"rad_id": "a", "utfall_tkr": 7, "andel": 1}]), contract)
    write_csv(table, tmp_path / "prov.csv")
    assert (tmp_path / "prov.csv").read_text(encoding="utf-8").splitlines() == [
        "rad_id,utfall_tkr,belopp_tkr,andel",
        "a,7,7,1",
    ]
    told = {each["name"]: each["description"]["sv"] for each in describe(table)["columns"]}
    assert told["belopp_tkr"].startswith("Tidigare namn på utfall_tkr.")


def test_a_renamed_column_keeps_its_rows_in_the_warehouse(tmp_path: Path) -> None:
    before, after = declared(Released), declared(Renamed, "2.0.0")
    row = {"rad_id": "a", "belopp_tkr": 7, "andel": 1}
    path = tmp_path / "warehouse.duckdb"
    warehouse = Warehouse(path)
    warehouse.replace(before, pl.DataFrame([row], schema=before.polars_schema), {})
    warehouse.close()
    warehouse = Warehouse(path)
    warehouse.replace(replace(after, partition=("rad_id",)), after_rows(after), {"rad_id": "b"})
    assert warehouse.read(after).rows(named=True) == [
        {"rad_id": "a", "utfall_tkr": 7, "andel": 1},
        {"rad_id": "b", "utfall_tkr": 8, "andel": 2},
    ]
    warehouse.close()


def after_rows(contract: Contract) -> pl.DataFrame:
    """A row of the table as it is now."""
    return pl.DataFrame([{"rad_id": "b", "utfall_tkr": 8, "andel": 2}], schema=contract.polars_schema)
