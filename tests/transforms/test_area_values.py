"""Measures of areas, their differences and their series: a few cells in, the rows that follow."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import check, contract
from pipelines.transforms.area_cells import told_cells
from pipelines.transforms.area_differences import omradesskillnader
from pipelines.transforms.area_series import joined_splits, omradesserier
from pipelines.transforms.area_tables import omradesgruppvarden, omradesmatt, omradestyper, omradesvarden
from tests.transforms.area_rows import GROUPS, KNOWN_AREAS, SPLIT, WITHIN, areas, log, told
from tests.transforms.rows import REPORT

LOG = log(*SPLIT, *WITHIN)


def measured(*cells: tuple[str, str, int, float | None], **changes: Any) -> pl.DataFrame:
    """The values of areas that follow from cells."""
    found = omradesvarden(told(*cells), KNOWN_AREAS, areas(**changes), REPORT)
    assert check(found, contract("omradesvarden")).breaches == ()
    return found


def dwellings(region: str, year: int, rented: float, owned: float) -> list[tuple[str, str, int, float | None]]:
    """Both cells of an area."""
    return [("hem:hyrda", region, year, rented), ("hem:agda", region, year, owned)]


def test_a_share_with_its_counts_for_each_area_and_the_municipality_of_their_sums() -> None:
    found = measured(*dwellings("0126R001", 2022, 60, 140), *dwellings("0126R002", 2022, 30, 270))
    rows = found.filter(pl.col("niva") != "deso").select("omrade_id", "taljare", "namnare", "varde", "varde_status")
    assert rows.rows() == [
        ("0126", 90.0, 500.0, 18.0, None),
        ("0126R001", 60.0, 200.0, 30.0, None),
        ("0126R002", 30.0, 300.0, 10.0, None),
    ]


def test_no_share_on_a_small_denominator_and_an_area_without_cells_says_that_it_is_missing() -> None:
    found = measured(*dwellings("0126C1010", 2022, 40, 59), *dwellings("0126C1020", 2022, 40, 60))
    rows = found.filter(pl.col("niva") == "deso").select("omrade_id", "namnare", "varde", "varde_status").rows()
    assert rows == [
        ("0126C1010", 99.0, None, "litet_underlag"),
        ("0126C1020", 100.0, 40.0, None),
        ("0126C1030", None, None, "saknas"),
        ("0126C1040", None, None, "saknas"),
    ]


def test_a_total_that_only_noisy_cells_could_give_says_so() -> None:
    cells = [
        (f"folk:{cell}", f"0126C{code}_DeSO2025", 2025, 100.0)
        for cell in ("unga", "alla")
        for code in (1011, 1012, 1020)
    ]
    found = measured(*cells).filter(pl.col("omrade_id") == "0126R001")
    assert found.select("varde", "varde_status").rows() == [(None, "brus")]


def test_every_code_of_a_year_is_in_the_division_that_holds_then() -> None:
    found = measured(*dwellings("0126R001", 2023, 60, 140), *dwellings("0126R001_RegSO2025", 2024, 60, 140))
    kept = found.filter(pl.col("indelning") != "alla").group_by("ar").agg(pl.col("indelning").unique().sort())
    assert sorted(kept.rows()) == [(2023, ["2018", "2020"]), (2024, ["2025"])]


def test_what_a_measure_is_made_of() -> None:
    found = omradesmatt(areas(), REPORT)
    assert found.select("matt_id", "taljare", "namnare", "riktning", "minsta_namnare", "kalla_id").row(0) == (
        "hyrda",
        "hem:hyrda",
        "hem:hyrda + hem:agda",
        "neutral",
        100,
        "TAB1",
    )


def test_a_group_adds_counts_and_says_of_how_many_cells() -> None:
    cells = told(*dwellings("0126R001", 2022, 60, 140), *dwellings("0126R002", 2022, 30, 270))
    found = omradesgruppvarden(cells, KNOWN_AREAS, GROUPS, areas(), REPORT)
    assert check(found, contract("omradesgruppvarden")).breaches == ()
    assert found.select("grupp_id", "varde", "antal_celler_summerade").rows() == [
        ("allt", 18.0, 4),
        ("norr", 30.0, 2),
        ("resten", 10.0, 2),
    ]


def series(*cells: tuple[str, str, int, float | None]) -> pl.DataFrame:
    """The series of areas that follow from cells."""
    found = omradesserier(told(*cells), KNOWN_AREAS, LOG, areas(), REPORT)
    assert check(found, contract("omradesserier")).breaches == ()
    return found


def test_an_unchanged_area_is_one_series_a_divided_one_goes_on_as_the_sum_and_another_is_broken() -> None:
    found = series(
        *dwellings("0126C1010", 2023, 50, 150),
        *dwellings("0126C1011_DeSO2025", 2024, 30, 70),
        *dwellings("0126C1012_DeSO2025", 2024, 20, 100),
        *dwellings("0126C1020", 2023, 10, 90),
        *dwellings("0126C1020_DeSO2025", 2024, 20, 80),
        *dwellings("0126C1030", 2023, 10, 90),
        *dwellings("0126C1030_DeSO2025", 2024, 20, 80),
    ).filter(pl.col("niva") == "deso")
    assert found.select("serie_id", "ar", "varde", "seriebrott").rows() == [
        ("0126C1010", 2023, 25.0, "nej"),
        ("0126C1010", 2024, 100 * 50 / 220, "nej"),
        ("0126C1011", 2024, 30.0, "ja"),
        ("0126C1012", 2024, 100 * 20 / 120, "ja"),
        ("0126C1020", 2023, 10.0, "nej"),
        ("0126C1020", 2024, 20.0, "nej"),
        ("0126C1030_2018", 2023, 10.0, "ja"),
        ("0126C1030_2025", 2024, 20.0, "ja"),
    ]


def test_medians_are_never_joined() -> None:
    found = series(
        ("inkomst:median", "0126C1010", 2023, 300.0),
        ("inkomst:median", "0126C1011_DeSO2025", 2024, 310.0),
        ("inkomst:median", "0126C1012_DeSO2025", 2024, 290.0),
    )
    assert found.filter(pl.col("serie_id") == "0126C1010")["ar"].to_list() == [2023]


@settings(max_examples=30, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_joining_a_pure_split_back_gives_the_counts_of_the_parent(first: int, second: int) -> None:
    children = told(
        ("hem:hyrda", "0126C1011_DeSO2025", 2024, float(first)),
        ("hem:hyrda", "0126C1012_DeSO2025", 2024, float(second)),
    )
    cells = told_cells(children, KNOWN_AREAS, areas()).with_columns(
        serie_id=pl.col("omrade_id"), jamforbar=pl.lit("nej")
    )
    (row,) = joined_splits(cells, LOG, areas()).select("serie_id", "cell", "celler").rows()
    assert row == ("0126C1010", first + second, 2)


def compared(values: pl.DataFrame, run: pl.DataFrame, **changes: Any) -> pl.DataFrame:
    """How areas differ, given their values and their series."""
    found = omradesskillnader(values, run, omradesmatt(areas(**changes), REPORT), KNOWN_AREAS, REPORT)
    assert check(found, contract("omradesskillnader")).breaches == ()
    return found


def ranked(side: str, noise: float, *rented: float) -> list[int | None]:
    """The ranks of areas with these rented dwellings of 1000, of a measure with a good side and noisy cells."""
    said = areas().model_dump(mode="json")
    said["measure"][0]["side"] = side
    said["series"][0] |= {"noise": noise, "noise_from": 2000} if noise else {}
    codes = ("0126C1010", "0126C1020", "0126C1030", "0126C1040")
    counts = zip(codes, rented, strict=True)
    cells = [cell for code, many in counts for cell in dwellings(code, 2022, many, 1000 - many)]
    changes = {"measure": said["measure"], "series": said["series"]}
    found = compared(measured(*cells, **changes), series(), **changes)
    return found.filter(pl.col("niva") == "deso")["rang"].to_list()


def test_areas_are_ranked_by_the_good_side_and_equal_values_share_a_rank() -> None:
    assert ranked("hog_bra", 0, 100, 400, 200, 200) == [4, 1, 2, 2]
    assert ranked("lag_bra", 0, 100, 400, 200, 200) == [1, 4, 2, 2]


def test_a_measure_that_only_describes_ranks_nobody() -> None:
    assert ranked("neutral", 0, 100, 400, 200, 300) == [None] * 4


def test_values_whose_difference_noise_may_explain_share_a_rank_also_by_way_of_others() -> None:
    assert ranked("hog_bra", 3, 100, 106, 112, 400) == [2, 2, 2, 1]
    # Where noise may explain all of it, nobody is ranked.
    assert ranked("hog_bra", 3, 100, 106, 112, 118) == [None] * 4


def test_differences_are_in_percentage_points_and_over_five_years_within_a_series() -> None:
    years = [
        cell
        for year, many in ((2019, 50), (2024, 80))
        for cell in (
            *dwellings(f"0126R001{'_RegSO2025' if year > 2023 else ''}", year, many, 200 - many),
            *dwellings(f"0126R002{'_RegSO2025' if year > 2023 else ''}", year, 20, 180),
        )
    ]
    found = compared(measured(*years), series(*years)).filter((pl.col("niva") == "regso") & (pl.col("ar") == 2024))
    assert found.select("omrade_id", "kommun_varde", "avvikelse_pe", "forandring_5ar_pe", "seriebrott").rows() == [
        ("0126R001", 25.0, 15.0, 15.0, "nej"),
        ("0126R002", 25.0, -15.0, 0.0, "nej"),
    ]


def test_types_of_areas_are_those_of_the_source_in_words() -> None:
    said = areas().model_dump(mode="json")
    part = {"region": "Region", "regions": ["0126R*"], "time": "Tid", "selection": {"Tid": ["*"]}, "table": "TAB4"}
    named = {**part, "by": "C", "cells": {"index": "i", "typ": "t"}}
    said["series"].append({"id": "soc", "title": "Index", "unit": "index", "part": [named]})
    kinds = areas(series=said["series"], area_type={"index": "soc:index", "type": "soc:typ"})
    cells = told(("soc:index", "0126R001", 2022, 12.5), ("soc:typ", "0126R001", 2022, 3.0))
    found = omradestyper(cells, KNOWN_AREAS, kinds, REPORT)
    assert check(found, contract("omradestyper")).breaches == ()
    assert found.select("omrade_id", "socioekonomiskt_index", "omradestyp", "omradestyp_text").rows() == [
        ("0126R001", 12.5, 3, "Socioekonomiskt blandat område")
    ]
    assert omradestyper(cells, KNOWN_AREAS, areas(), REPORT).is_empty()
