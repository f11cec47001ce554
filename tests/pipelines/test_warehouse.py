"""The warehouse: partitions, transactions, observations that are remembered, and files that are damaged."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from contracts import BROKEN, Contract, check, contract
from contracts.declare import Table, column
from pipelines.storage.warehouse import Reading, Warehouse, WarehouseError

FIRST, SECOND, THIRD = (dt.datetime(2024, month, 1) for month in (1, 2, 3))  # noqa: DTZ001 - the warehouse keeps UTC
VALUES: Final = contract("kolada_varden", "core")
GOALS: Final = contract("malregister", "core")
KEY: Final = ("kalla_id", "kommun_id", "ar", "kon")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    opened = Warehouse(tmp_path / "home" / "warehouse.duckdb")
    yield opened
    opened.close()


def goals(report: str, *ids: str, municipality: str = "0126") -> pl.DataFrame:
    """Goals of a report."""
    row = {"malomrade": "a", "kf_mal": "b", "namndmal": "c", "kalla": "d"}
    return pl.DataFrame(
        [{"kommun_id": municipality, "rapport": report, "namndmal_id": each, **row} for each in ids],
        schema=GOALS.polars_schema,
    )


def of(report: str, municipality: str = "0126") -> dict[str, str]:
    """The partition of a report."""
    return {"kommun_id": municipality, "rapport": report}


def values(moment: dt.datetime, **cells: float | None) -> pl.DataFrame:
    """Observations known at a moment, by their KPI."""
    row = {"kommun_id": "0126", "ar": 2023, "kon": "T", "kand_fran": moment}
    return pl.DataFrame(
        [{**row, "kalla_id": kpi, "varde": value} for kpi, value in cells.items()], schema=VALUES.polars_schema
    )


def reading(rows: pl.DataFrame, *asked: str, complete: bool = True, removed: pl.DataFrame | None = None) -> Reading:
    """A reading of Kolada."""
    gone = rows.clear() if removed is None else removed
    return Reading(
        rows=rows, removed=gone.select(*KEY, "kand_fran"), asked=asked or ("a", "b"), complete=complete, scope="allt"
    )


def known(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """What is remembered: KPI, value, from, to."""
    found = warehouse.read(VALUES)
    assert check(found, VALUES).breaches == ()
    return found.select("kalla_id", "varde", "kand_fran", "kand_till").rows()


def test_a_table_is_read_as_it_was_written_in_its_published_order(warehouse: Warehouse) -> None:
    written = goals("2023-helar", "b", "c", "a")
    warehouse.replace(GOALS, written, of("2023-helar"))
    assert_frame_equal(warehouse.read(GOALS), written.sort("namndmal_id"))
    assert warehouse.read(GOALS).schema == GOALS.polars_schema


def test_a_table_that_was_never_written_is_empty(warehouse: Warehouse) -> None:
    assert_frame_equal(warehouse.read(GOALS, of("2023-helar")), pl.DataFrame(schema=GOALS.polars_schema))


def test_only_the_partition_is_replaced(warehouse: Warehouse) -> None:
    for written, partition in (
        (goals("2023-helar", "a", "b"), of("2023-helar")),
        (goals("2022-helar", "a"), of("2022-helar")),
        (goals("2023-helar", "x", municipality="0127"), of("2023-helar", "0127")),
        (goals("2023-helar", "c"), of("2023-helar")),
    ):
        warehouse.replace(GOALS, written, partition)
    assert warehouse.read(GOALS).select("kommun_id", "rapport", "namndmal_id").rows() == [
        ("0126", "2022-helar", "a"),
        ("0126", "2023-helar", "c"),
        ("0127", "2023-helar", "x"),
    ]
    assert warehouse.read(GOALS, of("2022-helar"))["namndmal_id"].to_list() == ["a"]
    warehouse.replace(GOALS, goals("2023-helar"), of("2023-helar"))
    assert warehouse.read(GOALS, of("2023-helar")).is_empty()


def test_what_fails_leaves_what_was_there(warehouse: Warehouse) -> None:
    warehouse.replace(GOALS, goals("2023-helar", "a"), of("2023-helar"))
    broken = goals("2023-helar", "b", "c").with_columns(namndmal=pl.lit(None, pl.String))
    with pytest.raises(duckdb.ConstraintException):
        warehouse.replace(GOALS, broken, of("2023-helar"))
    assert warehouse.read(GOALS)["namndmal_id"].to_list() == ["a"]
    warehouse.replace(GOALS, goals("2023-helar", "d"), of("2023-helar"))
    assert warehouse.read(GOALS)["namndmal_id"].to_list() == ["d"]


def test_a_first_write_that_fails_can_be_made_again(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.ConstraintException):
        warehouse.replace(GOALS, goals("2023-helar", "b").with_columns(kalla=pl.lit(None, pl.String)), of("2023-helar"))
    warehouse.replace(GOALS, goals("2023-helar", "b"), of("2023-helar"))
    assert warehouse.read(GOALS).height == 1


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    place = tmp_path / "it's here" / "åäö.duckdb"
    for names in (["a"], ["b", "c"]):
        opened = Warehouse(place)
        assert opened.read(GOALS).height == len(names) - 1
        opened.replace(GOALS, goals("2023-helar", *names), of("2023-helar"))
        opened.close()
    opened = Warehouse(place)
    assert opened.read(GOALS)["namndmal_id"].to_list() == ["b", "c"]
    opened.close()


@pytest.mark.parametrize(
    ("second", "expected", "told"),
    [
        pytest.param(
            values(SECOND, a=1.0, b=None),
            [("a", 1.0, FIRST, None), ("b", None, FIRST, None)],
            (0, 0, 0),
            id="the same again writes nothing",
        ),
        pytest.param(
            values(SECOND, a=2.0, b=None),
            [("a", 1.0, FIRST, SECOND), ("a", 2.0, SECOND, None), ("b", None, FIRST, None)],
            (0, 1, 0),
            id="a changed value",
        ),
        pytest.param(
            values(SECOND, a=1.0, b=5.0),
            [("a", 1.0, FIRST, None), ("b", None, FIRST, SECOND), ("b", 5.0, SECOND, None)],
            (0, 1, 0),
            id="a blank that is filled",
        ),
        pytest.param(
            values(SECOND, a=None, b=None),
            [("a", 1.0, FIRST, SECOND), ("a", None, SECOND, None), ("b", None, FIRST, None)],
            (0, 1, 0),
            id="a value that becomes blank",
        ),
        pytest.param(
            values(SECOND, a=1.0),
            [("a", 1.0, FIRST, None), ("b", None, FIRST, SECOND)],
            (0, 0, 1),
            id="a removed value",
        ),
        pytest.param(
            values(SECOND, a=1.0, b=None, c=3.0),
            [("a", 1.0, FIRST, None), ("b", None, FIRST, None), ("c", 3.0, SECOND, None)],
            (1, 0, 0),
            id="a new value",
        ),
        pytest.param(
            values(SECOND), [("a", 1.0, FIRST, None), ("b", None, FIRST, None)], (0, 0, 0), id="nothing at all"
        ),
    ],
)
def test_what_a_second_reading_changes(
    warehouse: Warehouse, second: pl.DataFrame, expected: list[tuple[Any, ...]], told: tuple[int, int, int]
) -> None:
    first = values(FIRST, a=1.0, b=None)
    assert warehouse.remember(VALUES, first, reading(first)) == {"nya": 2, "ändrade": 0, "borttagna": 0}
    counts = warehouse.remember(VALUES, second, reading(second))
    assert (counts["nya"], counts["ändrade"], counts["borttagna"]) == told
    assert known(warehouse) == expected


def test_a_value_that_reappears_is_known_anew(warehouse: Warehouse) -> None:
    for moment, cells in ((FIRST, {"a": 1.0, "b": 2.0}), (SECOND, {"b": 2.0}), (THIRD, {"a": 1.0, "b": 2.0})):
        rows = values(moment, **cells)
        warehouse.remember(VALUES, rows, reading(rows))
    assert known(warehouse) == [("a", 1.0, FIRST, SECOND), ("a", 1.0, THIRD, None), ("b", 2.0, FIRST, None)]


def test_a_value_that_changes_back_with_older_bytes_is_known_after_the_one_it_replaces(warehouse: Warehouse) -> None:
    for moment, value in ((FIRST, 1.0), (SECOND, 2.0), (FIRST, 1.0)):
        rows = values(moment, a=value)
        warehouse.remember(VALUES, rows, reading(rows))
    after = SECOND + dt.timedelta(microseconds=1)
    assert known(warehouse) == [("a", 1.0, FIRST, SECOND), ("a", 2.0, SECOND, after), ("a", 1.0, after, None)]


def test_a_value_that_reappears_with_older_bytes_has_a_key_of_its_own(warehouse: Warehouse) -> None:
    for moment, cells in ((FIRST, {"a": 1.0, "b": 2.0}), (SECOND, {"b": 2.0}), (FIRST, {"a": 1.0, "b": 2.0})):
        rows = values(moment, **cells)
        warehouse.remember(VALUES, rows, reading(rows))
    first, second = (row for row in known(warehouse) if row[0] == "a")
    assert first == ("a", 1.0, FIRST, SECOND)
    assert second[2] >= SECOND
    assert second[3] is None


def test_only_sources_that_were_asked_for_lose_values(warehouse: Warehouse) -> None:
    first = values(FIRST, a=1.0, b=2.0)
    warehouse.remember(VALUES, first, reading(first))
    second = values(SECOND, c=3.0)
    warehouse.remember(VALUES, second, reading(second, "b", "c"))
    assert known(warehouse) == [("a", 1.0, FIRST, None), ("b", 2.0, FIRST, SECOND), ("c", 3.0, SECOND, None)]


def test_a_reading_of_changes_alone_removes_only_what_it_says(warehouse: Warehouse) -> None:
    first = values(FIRST, a=1.0, b=2.0, c=3.0)
    warehouse.remember(VALUES, first, reading(first))
    second = values(SECOND, b=2.5)
    gone = reading(second, "a", "b", "c", complete=False, removed=values(SECOND, a=None))
    assert warehouse.remember(VALUES, second, gone) == {"nya": 0, "ändrade": 1, "borttagna": 1}
    assert known(warehouse) == [
        ("a", 1.0, FIRST, SECOND),
        ("b", 2.0, FIRST, SECOND),
        ("b", 2.5, SECOND, None),
        ("c", 3.0, FIRST, None),
    ]


def test_a_value_in_quarantine_is_not_gone(warehouse: Warehouse) -> None:
    first = values(FIRST, a=1.0, b=2.0)
    warehouse.remember(VALUES, first, reading(first))
    second = values(SECOND, a=-999.0, b=2.0)
    counts = warehouse.remember(VALUES, second.filter(pl.col("kalla_id") == "b"), reading(second))
    assert counts == {"nya": 0, "ändrade": 0, "borttagna": 0}
    assert known(warehouse) == [("a", 1.0, FIRST, None), ("b", 2.0, FIRST, None)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from([1.0, 2.0, None]), min_size=1), max_size=3))
def test_the_last_reading_is_what_holds_and_the_same_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, readings: list[dict[str, float | None]]
) -> None:
    opened = Warehouse(tmp_path_factory.mktemp("law") / "warehouse.duckdb")
    for day, cells in enumerate(readings):
        rows = values(FIRST + dt.timedelta(days=day), **cells)
        opened.remember(VALUES, rows, reading(rows, "a", "b", "c"))
        once = known(opened)
        again = values(FIRST + dt.timedelta(days=day, hours=1), **cells)
        assert set(opened.remember(VALUES, again, reading(again, "a", "b", "c")).values()) == {0}
        assert known(opened) == once
        assert {kpi: value for kpi, value, _, until in once if until is None} == cells
        assert all(until is None or since < until for _, _, since, until in once)
    opened.close()


class Before(Table):
    """A table as it was."""

    rad: str = column("Rad", "Row", "Raden.", "The row.", heading="Rad")


class After(Before):
    """The table with a column more."""

    ny: int = column("Ny", "New", "Ny.", "New.", nullable=True, heading="Ny")


class Other(Table):
    """The table with a column of another type."""

    rad: int = column("Rad", "Row", "Raden.", "The row.", heading="Rad")


def made_of(model: type[Table]) -> Contract:
    """A contract that is not registered."""
    return replace(
        GOALS, name="liten", key=("rad",), sort=("rad",), partition=(), extract_key=("rad",), build=model.to_schema
    )


def reopened(place: Path, *writes: tuple[Contract, pl.DataFrame], extract: bool = False) -> pl.DataFrame:
    """What is read after each write was made by a warehouse of its own."""
    found = pl.DataFrame()
    for declared, rows in writes:
        opened = Warehouse(place)
        try:
            if extract:
                opened.replace_extract(declared.extract, rows.with_row_index("fil_rad", 2), of("2023-helar"))
                found = opened.read_extract(declared.extract, of("2023-helar"))
            else:
                opened.replace(declared, rows, {})
                found = opened.read(declared)
        finally:
            opened.close()
    return found


@pytest.mark.parametrize("extract", [False, True])
def test_a_column_that_was_added_to_the_contract_is_added_to_the_table(tmp_path: Path, *, extract: bool) -> None:
    before = (made_of(Before), pl.DataFrame({"rad": ["a"]}))
    after = (made_of(After), pl.DataFrame({"rad": ["a", "b"], "ny": [1, None]}))
    found = reopened(tmp_path / "w.duckdb", before, after, extract=extract)
    assert found.select("rad", "ny").rows() == [("a", 1), ("b", None)]


@pytest.mark.parametrize("extract", [False, True])
@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param(Before, Other, "rad", id="another type"),
        pytest.param(After, Before, "ny", id="a column that is gone"),
    ],
)
def test_a_table_that_is_no_longer_as_declared_is_refused_with_the_way_back(
    tmp_path: Path, first: type[Table], second: type[Table], told: str, *, extract: bool
) -> None:
    old, new = made_of(first), made_of(second)
    writes = [(each, pl.DataFrame(schema=each.polars_schema)) for each in (old, new)]
    with pytest.raises(WarehouseError) as caught:
        reopened(tmp_path / "w.duckdb", *writes, extract=extract)
    assert f"liten: {told} in the warehouse is no longer as declared" in str(caught.value)
    assert "etappmal refresh" in str(caught.value)


def test_an_extract_is_kept_with_the_rows_of_its_file(warehouse: Warehouse) -> None:
    extract = contract("uppdrag").extract
    assert warehouse.read_extract(extract, of("2023-helar")).is_empty()
    row = {"uppdrag_id": "a", "uppdrag": "A", "namndmal_id": "m", "fran_kf": True, "status": "klart"}
    handed_in = pl.DataFrame(
        [{**row, "fil_rad": 3}, {**row, "fil_rad": 2}], schema={"fil_rad": pl.Int64, **extract.polars_schema}
    )
    warehouse.replace_extract(extract, handed_in, of("2023-helar"))
    warehouse.replace_extract(extract, handed_in.head(1), of("2022-helar"))
    assert_frame_equal(warehouse.read_extract(extract, of("2023-helar")), handed_in.sort("fil_rad"))
    warehouse.replace_extract(extract, handed_in.clear(), of("2023-helar"))
    assert warehouse.read_extract(extract, of("2023-helar")).is_empty()
    assert warehouse.read_extract(extract, of("2022-helar")).height == 1


def test_a_table_tells_what_its_columns_hold(tmp_path: Path) -> None:
    place, described = tmp_path / "warehouse.duckdb", contract("stickprov")
    opened = Warehouse(place)
    opened.replace(described, pl.DataFrame(schema=described.polars_schema), of("2023-helar"))
    opened.close()
    with duckdb.connect(str(place), read_only=True) as connection:
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'stickprov'"
        )
        told = dict(comments.fetchall())
    assert told["antal_fel"] == "Antal med fel. Stickprov som visade fel, som källan anger det. Enhet: antal."
    assert all(told[column.name] for column in described.columns)


def test_rows_in_quarantine_are_those_of_the_last_run(warehouse: Warehouse) -> None:
    bad = goals("2023-helar", "a", "b").with_columns(pl.lit(["x"]).alias(BROKEN))
    warehouse.quarantine("1", GOALS, "planen", bad)
    assert warehouse.quarantined().rows() == [("core.malregister", 2)]
    warehouse.quarantine("2", GOALS, "planen", bad.head(1).with_columns(fil_rad=pl.lit(7)))
    assert warehouse.quarantined().rows() == [("core.malregister", 1)]
    warehouse.quarantine("3", GOALS, "planen", bad.clear())
    assert warehouse.quarantined().is_empty()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"not a database", id="another file"),
        pytest.param(lambda whole: whole[:4096], id="cut off"),
        pytest.param(lambda whole: b"\0" * 4096 + whole[4096:], id="overwritten"),
    ],
)
def test_a_damaged_file_is_told_with_the_way_back(tmp_path: Path, damage: Any) -> None:
    place = tmp_path / "warehouse.duckdb"
    opened = Warehouse(place)
    opened.replace(GOALS, goals("2023-helar", "a"), of("2023-helar"))
    opened.close()
    place.write_bytes(damage(place.read_bytes()))
    with pytest.raises(WarehouseError) as caught:
        Warehouse(place)
    assert str(caught.value).startswith(f"{place} cannot be opened: ")
    assert "Move the file away and run etappmal refresh" in str(caught.value)
    place.unlink()
    Warehouse(place).close()
