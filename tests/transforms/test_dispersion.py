"""How far areas differ: each measure against a plain computation of it, and the laws that it keeps."""

from collections.abc import Sequence
from math import isclose, sqrt
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import check, contract
from pipelines.transforms.dispersion import dissimilarity, spridningsmatt, variation
from tests.transforms.rows import REPORT, assert_columns

Counts = Sequence[tuple[int, int]]

COUNTS: Final = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12).filter(
    lambda counts: sum(a for a, _ in counts) > 0 and sum(b for _, b in counts) > 0
)
LAW: Final = settings(max_examples=60, deadline=None)  # the machine is shared: a slow example is no fault


def index(counts: Counts) -> float:
    """The dissimilarity of a group and the others, area by area."""
    frame = pl.DataFrame(counts, schema={"a": pl.Float64, "b": pl.Float64}, orient="row")
    found: float = frame.select(dissimilarity(pl.col("a"), pl.col("b"))).item()
    return found


def plainly(counts: Counts) -> float:
    """The same, without the code that it is held against."""
    group, others = sum(a for a, _ in counts), sum(b for _, b in counts)
    return sum(abs(a / group - b / others) for a, b in counts) / 2


@LAW
@given(COUNTS)
def test_dissimilarity_lies_between_0_and_1_and_is_what_it_says(counts: Counts) -> None:
    assert -1e-12 <= index(counts) <= 1 + 1e-12
    assert isclose(index(counts), plainly(counts), abs_tol=1e-9)


@LAW
@given(COUNTS, st.integers(0, 11), st.integers(2, 4))
def test_dissimilarity_is_unchanged_when_an_area_is_split_in_equal_proportions(
    counts: Counts, at: int, parts: int
) -> None:
    whole = [(a * parts, b * parts) for a, b in counts]
    place = at % len(whole)
    split = [*whole[:place], *[counts[place]] * parts, *whole[place + 1 :]]
    assert isclose(index(split), index(whole), abs_tol=1e-9)


@LAW
@given(COUNTS, st.randoms())
def test_dissimilarity_does_not_depend_on_the_order_of_areas(counts: Counts, random: Any) -> None:
    shuffled = list(counts)
    random.shuffle(shuffled)
    assert isclose(index(shuffled), index(counts), abs_tol=1e-9)


@LAW
@given(COUNTS.filter(lambda counts: len(counts) > 1))
def test_dissimilarity_falls_or_stays_when_areas_are_merged(counts: Counts) -> None:
    (a, b), (c, d), *rest = counts
    assert index([(a + c, b + d), *rest]) <= index(counts) + 1e-9


@pytest.mark.parametrize("counts", [[(0, 10), (0, 20)], [(10, 0), (20, 0)]])
def test_there_is_no_dissimilarity_from_nobody(counts: Counts) -> None:
    assert index(counts) is None


def test_variation_is_weighted_by_the_denominator() -> None:
    frame = pl.DataFrame({"p": [0.5, 0.1], "n": [100.0, 300.0]})
    # All areas together have 0.2; the squares are 0.09 and 0.01, weighted 0.03.
    assert isclose(frame.select(variation(pl.col("p"), pl.col("n"))).item(), sqrt(0.03) / 0.2)


MEASURES: Final = pl.DataFrame(
    {"matt_id": ["hyrda", "inkomst"], "matt": ["Hyrda", "Inkomst"], "enhet": ["procent", "tkr"]}
)


def values(*rows: dict[str, Any]) -> pl.DataFrame:
    """Values of RegSO in a year."""
    plain = {"kommun_id": "0126", "indelning": "2020", "niva": "regso", "matt_id": "hyrda", "ar": 2022, "kon": "T"}
    frame = pl.DataFrame([{**plain, **row} for row in rows], schema=contract("omradesvarden").polars_schema)
    return frame.with_columns(omrade_id=pl.format("0126R{}", pl.int_range(101, pl.len() + 101)))


def share(group: float, of: float, smallest: float = 100) -> dict[str, Any]:
    """A share, or counts without one where they are too few."""
    return {"taljare": group, "namnare": of, "varde": 100 * group / of if of >= smallest else None}


def test_a_share_has_every_measure_and_a_small_area_counts_by_its_counts() -> None:
    found = spridningsmatt(values(share(50, 100), share(30, 300), share(10, 20)), MEASURES, REPORT)
    assert check(found, contract("spridningsmatt")).breaches == ()
    whole = 90 / 420
    variance = (100 * (0.5 - whole) ** 2 + 300 * (0.1 - whole) ** 2 + 20 * (0.5 - whole) ** 2) / 420
    assert_columns(
        found.with_columns(pl.col("variationskoefficient", "olikhetsindex").round(9)),
        {
            "namn": ["Hyrda, spridning mellan RegSO"],
            "antal_omraden": [2],
            "lagst": [10.0],
            "hogst": [50.0],
            "spann_pe": [40.0],
            "kvot_hogst_lagst": [5.0],
            "variationskoefficient": [round(sqrt(variance) / whole, 9)],
            "olikhetsindex": [round(plainly([(50, 50), (30, 270), (10, 10)]), 9)],
            "varde_status": [None],
        },
    )


def test_a_missing_area_leaves_no_index_of_all() -> None:
    found = spridningsmatt(values(share(50, 100), {"varde_status": "saknas"}), MEASURES, REPORT)
    assert_columns(found, {"olikhetsindex": [None], "variationskoefficient": [None], "varde_status": ["ofullstandigt"]})


def test_a_value_that_is_no_share_has_a_range_alone_and_a_lowest_of_zero_has_no_ratio() -> None:
    incomes = [{"matt_id": "inkomst", "varde": value} for value in (200.0, 300.0)]
    found = spridningsmatt(values(*incomes, share(0, 100), share(50, 100)), MEASURES, REPORT)
    assert found.select("matt_id", "spann_pe", "kvot_hogst_lagst", "varde_status").rows() == [
        ("hyrda", 50.0, None, "lagst_ar_noll"),
        ("inkomst", None, 1.5, "ej_tillampligt"),
    ]
