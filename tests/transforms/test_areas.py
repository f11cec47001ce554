"""The areas themselves: which codes hold when, what became of them, and which belong to a group."""

import datetime as dt

import polars as pl
import pytest
from pydantic import ValidationError

from contracts import check, contract
from pipelines.transforms.area_cells import cells
from pipelines.transforms.area_groups import group_outcomes
from pipelines.transforms.areas import omraden, splits
from tests.transforms.area_rows import CHANGED, GROUPS, KNOWN_AREAS, LIST, SPLIT, areas, log, told
from tests.transforms.goal_rows import KNOWN, LATER
from tests.transforms.rows import REPORT, assert_columns


def followed(*rows: tuple[str, str, str, dt.date]) -> dict[tuple[str, str], str]:
    """Whether each area can be followed, given a log, by code and division."""
    found = omraden(LIST, log(*rows), REPORT)
    assert check(found, contract("omraden")).breaches == ()
    return {(code, edition): sure for code, edition, sure in found.select("omrade_id", "indelning", "jamforbar").rows()}


def test_an_area_in_both_divisions_and_not_in_the_log_can_be_followed() -> None:
    found = followed()
    assert found["0126C1020", "2018"] == found["0126C1020", "2025"] == "ja"
    assert found["0126R001", "2020"] == "ja"
    # A municipality is no part of a division.
    assert found["0126", "alla"] is None


def test_without_a_log_nobody_knows_whether_an_area_is_the_same() -> None:
    found = omraden(LIST, log(), REPORT, logged=False)
    assert set(found.filter(pl.col("omrade_id") == "0126C1020")["jamforbar"]) == {"oklart"}


def test_an_area_that_was_divided_can_be_followed_and_its_parts_only_as_it() -> None:
    found = followed(*SPLIT)
    assert (found["0126C1010", "2018"], found["0126C1011", "2025"], found["0126C1012", "2025"]) == ("ja", "nej", "nej")
    assert found["0126R001", "2025"] == "ja"
    assert splits(log(*SPLIT)).rows() == [("0126C1010", "0126C1011"), ("0126C1010", "0126C1012")]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(("0126C1020", "0126C1012", "Ger del till nybildad", CHANGED), id="a part got ground from another"),
        pytest.param(("0126C1010", "0126C1020", "Ger del till befintlig", CHANGED), id="it gave ground to an old one"),
    ],
)
def test_a_split_with_more_in_it_is_none(more: tuple[str, str, str, dt.date]) -> None:
    assert splits(log(*SPLIT, more)).is_empty()
    assert followed(*SPLIT, more)["0126C1010", "2018"] == "nej"


def test_ground_that_moves_between_regso_makes_both_unclear_unless_the_log_names_them() -> None:
    moved = ("0126C1020", "0126C1030", "Ger del till befintlig", CHANGED)
    found = followed(moved)
    assert (found["0126R001", "2025"], found["0126R002", "2025"]) == ("oklart", "oklart")
    named = followed(moved, ("0126R001", "0126R002", "Ger del till befintlig", CHANGED))
    assert (named["0126R001", "2025"], named["0126R002", "2025"]) == ("nej", "nej")


def test_codes_hold_for_their_years() -> None:
    rows = KNOWN_AREAS.filter(pl.col("omrade_id").is_in(["0126R001", "0126"]))
    assert_columns(
        rows,
        {"indelning": ["alla", "2020", "2025"], "galler_fran": [None, None, 2024], "galler_till": [None, 2023, None]},
    )


def test_a_group_is_its_members_other_groups_or_all_the_rest_in_each_division() -> None:
    assert check(GROUPS, contract("omradesgrupper")).breaches == ()
    now = GROUPS.filter(pl.col("indelning") == "2025")
    assert now.group_by("grupp_id").agg(pl.col("omrade_id").sort()).sort("grupp_id").rows() == [
        ("allt", ["0126R001", "0126R002"]),
        ("norr", ["0126R001"]),
        ("resten", ["0126R002"]),
    ]


def test_a_cell_outside_the_years_of_its_code_is_missing_whatever_it_holds() -> None:
    found = cells(
        told(
            ("folk:alla", "0126R001", 2022, 500.0),
            ("folk:alla", "0126R001_RegSO2025", 2022, 0.0),
            ("folk:alla", "0126R001", 2024, 0.0),
            ("folk:alla", "0126R001_RegSO2025", 2024, 510.0),
        ),
        KNOWN_AREAS,
        areas(),
    )
    assert found.sort("ar").select("ar", "indelning", "cell").rows() == [(2022, "2020", 500.0), (2024, "2025", 510.0)]


def test_a_total_that_is_told_is_used_and_one_that_is_not_is_added_of_all_its_parts() -> None:
    found = cells(
        told(
            ("hem:hyrda", "0126C1010", 2022, 10.0),
            ("hem:hyrda", "0126C1020", 2022, 20.0),
            ("hem:hyrda", "0126C1030", 2022, 30.0),
            ("hem:hyrda", "0126R002", 2022, 77.0),
        ),
        KNOWN_AREAS,
        areas(),
    )
    sums = found.filter(pl.col("niva") != "deso").select("omrade_id", "cell", "celler").sort("omrade_id").rows()
    assert sums == [("0126", 107.0, 3), ("0126R001", 30.0, 2), ("0126R002", 77.0, 1)]


def test_a_total_with_a_part_missing_is_missing() -> None:
    found = cells(
        told(("hem:hyrda", "0126C1010", 2022, 10.0), ("hem:hyrda", "0126C1020", 2022, None)), KNOWN_AREAS, areas()
    )
    assert found["niva"].to_list() == ["deso"]


def test_noisy_cells_are_never_added_from_2025_on_and_medians_never() -> None:
    years = [
        (cell, f"0126{code}_DeSO2025", year, 100.0)
        for cell in ("hem:hyrda", "folk:alla", "inkomst:median")
        for code in ("C1011", "C1012", "C1020")
        for year in (2024, 2025)
    ]
    found = cells(told(*years), KNOWN_AREAS, areas()).filter(pl.col("niva") == "regso")
    assert sorted(found.select("kalla_id", "ar", "cell").rows()) == [
        ("folk:alla", 2024, 300.0),
        ("hem:hyrda", 2024, 300.0),
        ("hem:hyrda", 2025, 300.0),
    ]


DWELLINGS = (
    ("hem:hyrda", "0126R001", 2022, 60.0),
    ("hem:agda", "0126R001", 2022, 140.0),
    ("hem:hyrda", "0126R002", 2022, 30.0),
    ("hem:agda", "0126R002", 2022, 270.0),
)


def test_a_share_of_a_group_is_that_of_its_sums_and_not_the_mean_of_shares() -> None:
    found = group_outcomes(told(*DWELLINGS), KNOWN_AREAS, GROUPS, areas())
    assert found.select("kalla_id", "kommun_id", "ar", "varde").rows() == [
        ("hyrda:allt", "0126", 2022, 18.0),
        ("hyrda:norr", "0126", 2022, 30.0),
        ("hyrda:resten", "0126", 2022, 10.0),
    ]


def test_what_a_group_was_is_remembered_when_a_cell_is_revised() -> None:
    revised = pl.concat(
        [
            told(*DWELLINGS[1:]),
            told(DWELLINGS[0], kand_till=LATER),
            told(("hem:hyrda", "0126R001", 2022, 360.0), kand_fran=LATER),
        ]
    )
    found = group_outcomes(revised, KNOWN_AREAS, GROUPS, areas()).filter(pl.col("kalla_id") != "hyrda:allt")
    assert found.select("kalla_id", "varde", "kand_fran", "kand_till").rows() == [
        ("hyrda:norr", 30.0, KNOWN, LATER),
        ("hyrda:norr", 72.0, LATER, None),
        ("hyrda:resten", 10.0, KNOWN, None),
    ]


def test_a_plan_without_areas_has_no_measures_of_groups() -> None:
    assert group_outcomes(told(), KNOWN_AREAS, GROUPS, None).is_empty()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"group": [{"id": "g", "name": "G", "basis": "B."}]}, "give exactly one of members"),
        ({"group": [{"id": "g", "name": "G", "basis": "B.", "groups": ["g"]}]}, "'g' is not declared"),
        ({"measure": [{"id": "m", "name": "M", "unit": "procent", "numerator": ["hem:hyrda"]}]}, "numerator and denom"),
        ({"measure": [{"id": "m", "name": "M", "unit": "tkr", "value": "hem:nagot"}]}, "'hem:nagot' is not declared"),
    ],
)
def test_a_plan_that_does_not_hold_says_what_to_write(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        areas(**changes)
