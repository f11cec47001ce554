"""Sums of areas against the whole: exact where the source is free of noise, within what noise allows elsewhere."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import check, contract
from pipelines.transforms.area_sums import omradessummor
from tests.transforms.area_rows import KNOWN_AREAS, areas, told
from tests.transforms.rows import REPORT

NOISE = 3
NEW = "_RegSO2025"


def summed(*cells: tuple[str, str, int, float | None]) -> pl.DataFrame:
    """What is said of the sums of these cells."""
    found = omradessummor(told(*cells), KNOWN_AREAS, areas(), REPORT)
    assert check(found, contract("omradessummor")).breaches == ()
    return found.select("cell", "angivet", "summa", "antal_delar", "differens", "tillaten_differens", "utslag")


def dwellings(whole: float, *parts: float) -> pl.DataFrame:
    """The verdict on dwellings, which are free of noise."""
    codes = (f"0126R00{number}" for number in (1, 2))
    return summed(
        ("hem:hyrda", "0126", 2022, whole),
        *(("hem:hyrda", code, 2022, part) for code, part in zip(codes, parts, strict=True)),
    )


def test_areas_add_up_to_the_municipality_where_the_source_is_free_of_noise() -> None:
    assert dwellings(300, 100, 200).rows() == [("hem:hyrda", 300.0, 300.0, 2, 0.0, 0.0, "stammer")]
    assert dwellings(300, 100, 201).rows() == [("hem:hyrda", 300.0, 301.0, 2, 1.0, 0.0, "utanfor_brus")]


def people(whole: float, *parts: float, year: int = 2025) -> list[tuple[float, float, str]]:
    """Difference, what is allowed, and the verdict on people, who are told with noise of 3 from 2025."""
    suffix = NEW if year > 2023 else ""
    found = summed(
        ("folk:alla", "0126", year, whole),
        *(("folk:alla", f"0126R00{number}{suffix}", year, part) for number, part in enumerate(parts, start=1)),
    )
    return found.select("differens", "tillaten_differens", "utslag").rows()


def test_noise_of_the_parts_and_of_the_whole_is_allowed_for_and_more_is_told() -> None:
    assert people(1000, 500, 500) == [(0.0, 9.0, "stammer")]
    assert people(1000, 504, 505) == [(9.0, 9.0, "inom_brus")]
    assert people(1000, 495, 496) == [(-9.0, 9.0, "inom_brus")]
    assert people(1000, 505, 505) == [(10.0, 9.0, "utanfor_brus")]
    assert people(1000, 500, 501, year=2023) == [(1.0, 0.0, "utanfor_brus")]


def test_the_parts_of_a_regso_are_those_of_its_year() -> None:
    new = [("hem:hyrda", f"0126C{code}_DeSO2025", 2024, 10.0) for code in ("1011", "1012", "1020")]
    found = summed(("hem:hyrda", f"0126R001{NEW}", 2024, 30.0), *new)
    assert found.rows() == [("hem:hyrda", 30.0, 30.0, 3, 0.0, 0.0, "stammer")]


def test_nothing_is_said_without_every_part_or_without_the_whole_or_of_medians() -> None:
    assert summed(("hem:hyrda", "0126", 2022, 300.0), ("hem:hyrda", "0126R001", 2022, 100.0)).is_empty()
    assert summed(("hem:hyrda", "0126R001", 2022, 100.0), ("hem:hyrda", "0126R002", 2022, 100.0)).is_empty()
    medians = (("inkomst:median", code, 2022, 300.0) for code in ("0126", "0126R001", "0126R002"))
    assert summed(*medians).is_empty()


@settings(max_examples=40, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(-NOISE, NOISE)), min_size=2, max_size=2), st.data())
def test_whatever_the_noise_does_to_true_counts_it_is_within_what_is_allowed(
    parts: list[tuple[int, int]], data: st.DataObject
) -> None:
    off = data.draw(st.integers(-NOISE, NOISE))
    whole = sum(count for count, _ in parts) + off
    ((_, _, verdict),) = people(float(whole), *(float(count + noise) for count, noise in parts))
    assert verdict in {"stammer", "inom_brus"}
