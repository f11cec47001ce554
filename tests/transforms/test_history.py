"""What was known when: versions of values, revisions with their statuses, and the history as DuckDB keeps it."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from contracts import contract
from pipelines.storage.warehouse import Reading, Warehouse
from pipelines.transforms.history import Known, as_of, revideringar, versions
from pipelines.transforms.register import indikatorregister, report_of
from tests.sources.plans import plan

DAYS: Final = [dt.datetime(2026, 1, day) for day in range(1, 9)]  # noqa: DTZ001 - the warehouse keeps UTC
VALUES: Final = contract("kolada_varden", "core")
KEY: Final = ("kalla_id", "kommun_id", "ar", "kon")


def observed(*rows: tuple[str, int, float | None, int, int | None], kpi: str = "N00001") -> pl.DataFrame:
    """Observations: unit, year, value, and the days from and to which it was known."""
    return pl.DataFrame(
        [
            {
                "kalla_id": kpi,
                "kommun_id": unit,
                "ar": year,
                "kon": "T",
                "varde": value,
                "kand_fran": DAYS[since],
                "kand_till": None if until is None else DAYS[until],
            }
            for unit, year, value, since, until in rows
        ],
        schema=VALUES.polars_schema,
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("0126", 2022, 1.0, 0, None), ("0127", 2022, 1.0, 0, None)], [], id="first known"),
        pytest.param(
            [("0126", 2022, 1.0, 0, 1), ("0126", 2022, 2.0, 1, None)], [(1, 1.0, 2.0, "andrad")], id="changed"
        ),
        pytest.param([("0126", 2022, 1.0, 0, 1)], [(1, 1.0, None, "borttagen")], id="removed"),
        pytest.param(
            [("0127", 2022, 1.0, 0, None), ("0126", 2022, 3.0, 1, None)],
            [(1, None, 3.0, "tillagd")],
            id="added to a year that was known for another",
        ),
        pytest.param([("0126", 2022, 1.0, 0, None), ("0126", 2023, 1.0, 1, None)], [], id="a new year is news"),
        pytest.param([("0126", 2022, None, 0, 1), ("0126", 2022, 3.0, 1, None)], [], id="the first value of a year"),
        pytest.param(
            [("0127", 2022, 1.0, 0, None), ("0126", 2022, None, 0, 1), ("0126", 2022, 3.0, 1, None)],
            [(1, None, 3.0, "tillagd")],
            id="a blank that is filled",
        ),
        pytest.param(
            [("0126", 2022, 3.0, 0, 1), ("0126", 2022, None, 1, None)], [(1, 3.0, None, "borttagen")], id="made blank"
        ),
        pytest.param(
            [("0126", 2022, None, 0, 1), ("0127", 2022, 1.0, 0, None)], [], id="a blank that is removed says the same"
        ),
        pytest.param(
            [("0126", 2022, 1.0, 0, 1), ("0126", 2022, 2.0, 1, 2), ("0126", 2022, 1.0, 2, None)],
            [(1, 1.0, 2.0, "andrad"), (2, 2.0, 1.0, "andrad")],
            id="back again",
        ),
        pytest.param(
            [("0126", 2022, 1.0, 0, 1), ("0126", 2022, 1.0, 2, None)],
            [(1, 1.0, None, "borttagen"), (2, None, 1.0, "tillagd")],
            id="removed and back",
        ),
        pytest.param([("0126", 2022, 1.0, 0, 1), ("0126", 2022, 1.0, 1, None)], [], id="only the mark changed"),
    ],
)
def test_versions(
    rows: list[tuple[str, int, float | None, int, int | None]],
    expected: list[tuple[int, float | None, float | None, str]],
) -> None:
    found = versions(observed(*rows)).select("kand_fran", "fore", "efter", "typ").rows()
    assert found == [(DAYS[day], *rest) for day, *rest in expected]


def revised(folder: Path, kolada: pl.DataFrame, scb: pl.DataFrame) -> list[tuple[Any, ...]]:
    """The published revisions of the small plan."""
    small = plan(folder)
    report = report_of(small)
    register = indikatorregister(small.register, report)
    found = revideringar(small.register, register, Known(kolada, scb, scb.clear()), report)
    return found.select(
        "kalla", "kalla_id", "kommun_id", "fore", "efter", "indikatorer", "status_fore", "status_efter"
    ).rows()


def test_a_revision_says_which_status_flipped_by_it(tmp_path: Path) -> None:
    kolada = observed(
        ("0126", 2023, 79.0, 0, 1),
        ("0126", 2023, 81.0, 1, None),
        ("0127", 2023, 50.0, 0, 1),
        ("0127", 2023, 51.0, 1, None),
        ("0126", 2022, 60.0, 0, 2),
        ("0126", 2022, 61.0, 2, None),
    )
    assert revised(tmp_path, kolada, observed()) == [
        ("Kolada", "N00001", "0126", 79.0, 81.0, "andel", "ej_uppnatt", "uppnatt"),
        ("Kolada", "N00001", "0127", 50.0, 51.0, "andel", None, None),
        ("Kolada", "N00001", "0126", 60.0, 61.0, "andel", None, None),
    ]


def test_a_formula_flips_by_any_of_its_inputs(tmp_path: Path) -> None:
    bound = 'milestone = { year = 2023, operator = "<", value = 0.45 }'
    small = plan(tmp_path, ('unit = "kvot" }\n', f'unit = "kvot" }}\n{bound}\n'))
    report = report_of(small)
    cars = observed(("0126", 2022, 40.0, 0, 2), ("0126", 2022, 60.0, 2, None), kpi="N00002")
    people = observed(("0126", 2022, 100.0, 0, 1), ("0126", 2022, 80.0, 1, 3), kpi="folkmangd")
    register = indikatorregister(small.register, report)
    found = revideringar(small.register, register, Known(cars, people, people.clear()), report)
    assert found.select("kalla", "fore", "efter", "status_fore", "status_efter").rows() == [
        ("SCB", 100.0, 80.0, "uppnatt", "ej_uppnatt"),
        ("Kolada", 40.0, 60.0, "ej_uppnatt", "ej_uppnatt"),
        ("SCB", 80.0, None, "ej_uppnatt", "kan_ej_bedomas"),
    ]


CELLS: Final = [(kpi, year) for kpi in ("a", "b") for year in (2021, 2022)]
Says = dict[tuple[str, int], float | None]
NIGHT: Final = st.tuples(
    st.dictionaries(st.sampled_from(CELLS), st.sampled_from([1.0, 2.0, None, "gone"]), max_size=3),
    st.booleans(),
    st.randoms(use_true_random=False),
)


def told(cells: Sequence[tuple[tuple[str, int], float | None]], moment: dt.datetime) -> pl.DataFrame:
    """Observations of one municipality as a reading tells them."""
    return pl.DataFrame(
        [
            {"kalla_id": kpi, "kommun_id": "0126", "ar": year, "kon": "T", "varde": value, "kand_fran": moment}
            for (kpi, year), value in cells
        ],
        schema=VALUES.polars_schema,
    )


def current(frame: pl.DataFrame) -> Says:
    """What observations say that were known at a moment."""
    return {(row["kalla_id"], row["ar"]): row["varde"] for row in frame.iter_rows(named=True)}


@settings(max_examples=25, deadline=None)
@given(st.lists(NIGHT, min_size=1, max_size=5))
def test_any_interleaving_of_revisions_and_refreshes_gives_the_history_of_a_simple_model(
    tmp_path_factory: pytest.TempPathFactory, nights: list[tuple[dict[tuple[str, int], Any], bool, Any]]
) -> None:
    place = tmp_path_factory.mktemp("law") / "warehouse.duckdb"
    warehouse = Warehouse(place)
    source: Says = {("a", 2021): 1.0}
    left: list[Says] = []
    for moment, (revisions, full, order) in zip(DAYS, nights, strict=False):
        source = {cell: value for cell, value in {**source, **revisions}.items() if value != "gone"}
        gone = [(cell, None) for cell, value in revisions.items() if value == "gone"]
        complete = full or not left
        says = list(source.items()) if complete else [(cell, source[cell]) for cell in revisions if cell in source]
        order.shuffle(says)
        order.shuffle(gone)
        rows = told(says, moment)
        removed = told([] if complete else gone, moment).select(*KEY, "kand_fran")
        before = left[-1] if left else {}
        counts = warehouse.remember(VALUES, rows, Reading(rows, removed, ("a", "b"), complete, "allt"))
        # A whole reading that holds nothing at all is no reading.
        kept = before if complete and not source else source
        assert counts["nya"] == len(kept.keys() - before.keys())
        assert counts["ändrade"] == sum(before[cell] != kept[cell] for cell in kept.keys() & before.keys())
        assert counts["borttagna"] == len(before.keys() - kept.keys())
        left.append(kept)
        source = dict(kept)
    history = warehouse.read(VALUES)
    warehouse.close()
    with duckdb.connect(str(place)) as connection:
        for moment, kept in zip(DAYS, left, strict=False):
            known = as_of(history, moment)
            assert current(known) == kept
            macro = connection.sql("FROM core.kolada_varden_as_of($1)", params=[moment]).pl()
            assert_frame_equal(macro, known, check_row_order=False, check_column_order=False)
    assert current(history.filter(pl.col("kand_till").is_null())) == left[-1]
    assert as_of(history, DAYS[0] - dt.timedelta(microseconds=1)).is_empty()
    ordered = history.sort(*KEY, "kand_fran").with_columns(later=pl.col("kand_fran").shift(-1).over(KEY))
    assert ordered.filter(pl.col("kand_till") > pl.col("later")).is_empty()
    assert ordered.filter(pl.col("kand_till") <= pl.col("kand_fran")).is_empty()
