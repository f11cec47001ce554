"""Headcount, turnover and sick leave: a few rows in, the expected rows beside them."""

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms import people
from tests.transforms.rows import assert_columns, published


def test_headcount_gets_its_change_and_the_report_it_belongs_to() -> None:
    result = published(
        people.antal_anstallda,
        "antal_anstallda",
        {
            "organisation": ["Kommunstyrelsens förvaltning"] * 2,
            "matt": ["Antal anställda"] * 2,
            "ar": [2023, 2022],
            "varde": [420, 381],
            "forandring": [39, None],
            "kalla_rad": [944, 944],
        },
    )
    assert_columns(
        result,
        {
            "kommun_id": ["0126", "0126"],
            "rapport": ["2023-helar", "2023-helar"],
            "organisation_id": ["kommunstyrelsens_forvaltning"] * 2,
            "ar": [2022, 2023],
            "varde": [381, 420],
            "forandring": [None, 39],
            "varde_status": [None, None],
        },
    )


def test_headcount_without_a_value_says_that_it_is_notpublished() -> None:
    result = published(
        people.antal_anstallda,
        "antal_anstallda",
        {
            "organisation": ["Förvaltningen"] * 2,
            "matt": ["Antal anställda"] * 2,
            "ar": [2022, 2023],
            "varde": [None, 12],
            "forandring": [None, 2],
            "kalla_rad": [None, None],
        },
    )
    assert_columns(result, {"varde_status": ["ej_publicerat", None], "forandring": [None, 2]})


def test_turnover_publishes_the_computed_change_and_keeps_words_as_words() -> None:
    result = published(
        people.personalomsattning,
        "personalomsattning",
        {
            "organisation": ["Förvaltningen", "Förvaltningen", "HR-avdelningen"],
            "ar": [2022, 2023, 2023],
            "varde_procent": [19.2, 11.9, None],
            "varde_status": [None, None, None],
            "forandring_pe": [None, -8.7, None],
            "utveckling": [None, None, "minskat_vasentligt"],
            "kalla_rad": [946, 946, 946],
        },
    )
    assert_columns(
        result,
        {
            "organisation_id": ["forvaltningen", "forvaltningen", "hr_avdelningen"],
            "forandring_pe": [None, -7.3, None],
            "varde_status": [None, None, "ej_publicerat"],
            "utveckling": [None, None, "minskat_vasentligt"],
        },
    )


@pytest.mark.parametrize(
    ("values", "stated", "expected"),
    [
        pytest.param([8.6, 7.8], [None, None], [None, -0.8], id="both years have a value"),
        pytest.param([5.7, 5.9], [None, -0.2], [None, 0.2], id="the computed change goes before the stated"),
        pytest.param([None, 8.6], [None, -0.9], [None, -0.9], id="no value the year before"),
        pytest.param([None, None], [None, 0.2], [None, 0.2], id="no value at all"),
        pytest.param([4.4, None], [0.7, -0.1], [0.7, -0.1], id="no value this year"),
    ],
)
def test_change_of_sick_leave(
    values: list[float | None], stated: list[float | None], expected: list[float | None]
) -> None:
    result = published(
        people.sjukfranvaro,
        "sjukfranvaro",
        {
            "organisation": ["Kommunen", "Kommunen"],
            "grupp": ["kvinnor", "kvinnor"],
            "ar": [2022, 2023],
            "varde_procent": values,
            "varde_status": [None, None],
            "forandring_pe": stated,
            "utveckling": [None, None],
            "kalla_rad": [438, 438],
        },
    )
    assert_columns(result, {"varde_procent": values, "forandring_pe": expected})


def test_sick_leave_is_compared_within_its_group_and_with_the_year_before_alone() -> None:
    result = published(
        people.sjukfranvaro,
        "sjukfranvaro",
        {
            "organisation": ["A", "A", "A", "B"],
            "grupp": ["totalt", "totalt", "kvinnor", "totalt"],
            "ar": [2021, 2023, 2022, 2022],
            "varde_procent": [3.0, 4.0, 5.0, 6.0],
            "varde_status": [None] * 4,
            "forandring_pe": [None] * 4,
            "utveckling": [None] * 4,
            "kalla_rad": [None] * 4,
        },
    )
    assert result["forandring_pe"].to_list() == [None] * 4


def test_a_reason_that_the_municipality_gives_is_kept() -> None:
    result = published(
        people.sjukfranvaro,
        "sjukfranvaro",
        {
            "organisation": ["A", "A"],
            "grupp": ["man", "kvinnor"],
            "ar": [2023, 2023],
            "varde_procent": [None, None],
            "varde_status": ["sekretess", None],
            "forandring_pe": [None, None],
            "utveckling": ["minskat", None],
            "kalla_rad": [None, None],
        },
    )
    assert_columns(result, {"grupp": ["kvinnor", "man"], "varde_status": ["ej_publicerat", "sekretess"]})


def test_a_value_with_a_reason_for_its_absence_breaks_the_rule() -> None:
    declared = contract("antal_anstallda")
    row = {
        "kommun_id": "0126",
        "rapport": "2023-helar",
        "organisation_id": "a",
        "organisation": "A",
        "matt": "Antal",
        "ar": 2023,
        "varde": 4,
        "varde_status": "sekretess",
        "forandring": None,
        "kalla": "rapporten",
        "kalla_rad": 1,
    }
    broken = check(pl.DataFrame([row], schema=declared.polars_schema), declared).breaches
    assert [breach.rule for breach in broken] == ["varde:varde_eller_orsak"]


def test_persons_are_counted_in_the_headcount_alone() -> None:
    tables = ("antal_anstallda", "personalomsattning", "sjukfranvaro")
    counting = [(table, column.name) for table in tables for column in contract(table).columns if column.counts_persons]
    assert counting == [("antal_anstallda", "varde")]
