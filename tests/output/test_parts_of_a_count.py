"""Counts that follow from others in the same table though nobody says so: parts, what is left, the year before."""

import polars as pl
import pytest

from output.disclosure.small_counts import withheld
from tests.output.counting import head_count

ADMINISTRATION = "Förvaltningen"


def of(*organisations: tuple[str, int]) -> list[tuple[str, str, int, int | None, int | None]]:
    """The employees of organisations in one year."""
    return [(name, "Antal anställda", 2023, number, None) for name, number in organisations]


def left(found: dict[str, pl.DataFrame]) -> dict[tuple[str, str, int], tuple[int | None, int | None]]:
    """The number and the change of each row."""
    rows = found["antal_anstallda"].select("organisation", "matt", "ar", "varde", "forandring").iter_rows()
    return {(name, measure, year): (number, change) for name, measure, year, number, change in rows}


def numbers(found: dict[str, pl.DataFrame]) -> dict[str, int | None]:
    """The number of each organisation, and of each measure that is part of one."""
    return {
        name if measure == "Antal anställda" else f"{name} {measure}": number
        for (name, measure, _), (number, _) in left(found).items()
    }


def test_organisations_that_add_up_to_another_are_its_parts() -> None:
    tables = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217), ("C", 3), ("D", 20)))
    assert numbers(withheld(tables)) == {ADMINISTRATION: 420, "A": None, "B": 217, "C": None, "D": 20}


def test_what_is_part_of_a_part_is_found_too() -> None:
    tables = head_count(*of((ADMINISTRATION, 100), ("A", 60), ("A1", 57), ("A2", 3), ("B", 40)))
    assert numbers(withheld(tables)) == {ADMINISTRATION: 100, "A": 60, "A1": None, "A2": None, "B": 40}


def test_of_many_organisations_all_but_two_are_taken_for_parts() -> None:
    parts = [(f"E{number}", 31 + 7 * number) for number in range(12)]
    total = sum(size for _, size in parts) + 3
    tables = head_count(*of((ADMINISTRATION, total), *parts, ("Liten", 3), ("Utanför", 1000)))
    blank = {name for name, number in numbers(withheld(tables)).items() if number is None}
    assert blank == {"Liten", "E0"}


def test_figures_that_do_not_add_up_are_left_as_they_are() -> None:
    tables = head_count(*of((ADMINISTRATION, 421), ("A", 200), ("B", 217), ("C", 3)))
    assert numbers(withheld(tables)) == {ADMINISTRATION: 421, "A": 200, "B": 217, "C": None}


def test_women_and_men_are_parts_of_the_head_count() -> None:
    whole = ("D", "Antal anställda", 2023, 20, None)
    tables = head_count(whole, ("D", "varav kvinnor", 2023, 18, None), ("D", "varav män", 2023, 2, None))
    assert numbers(withheld(tables)) == {"D": 20, "D varav kvinnor": None, "D varav män": None}


def test_what_is_left_of_a_head_count_is_a_count_of_persons_though_it_has_no_row() -> None:
    tables = head_count(*of(("D", 20), ("E", 20)), ("D", "Varav kvinnor", 2023, 18, None))
    assert numbers(withheld(tables)) == {"D": 20, "D Varav kvinnor": None, "E": 20}
    enough = head_count(*of(("D", 20)), ("D", "varav kvinnor", 2023, 12, None))
    assert numbers(withheld(enough)) == {"D": 20, "D varav kvinnor": 12}


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([], id="no row"),
        pytest.param([("E", "Antal anställda", 2022, None, None)], id="a row without a number"),
    ],
)
def test_a_stated_change_does_not_tell_a_small_year_before(
    before: list[tuple[str, str, int, int | None, int | None]],
) -> None:
    found = left(withheld(head_count(*before, ("E", "Antal anställda", 2023, 10, 7))))
    assert found["E", "Antal anställda", 2023] == (10, None)
    assert len(found) == 1 + len(before)


def test_nor_a_small_year_after() -> None:
    tables = head_count(("E", "Antal anställda", 2022, 10, None), ("E", "Antal anställda", 2023, None, -7))
    assert list(left(withheld(tables)).values()) == [(10, None), (None, None)]
    assert withheld(tables)["antal_anstallda"]["varde_status"].to_list() == [None, "ej_publicerat"]


def test_a_stated_change_of_enough_persons_stays() -> None:
    found = left(withheld(head_count(("E", "Antal anställda", 2023, 10, 2))))
    assert found == {("E", "Antal anställda", 2023): (10, 2)}


@pytest.mark.parametrize("was", [3, 8])
def test_a_change_does_not_tell_what_a_release_left_blank_when_its_row_is_gone(was: int) -> None:
    said = withheld(
        head_count(
            (ADMINISTRATION, "Antal anställda", 2022, 23, None),
            ("E", "Antal anställda", 2022, was, None),
            ("F", "Antal anställda", 2022, 20 - was, None),
            ("G", "Antal anställda", 2022, 3, None),
        )
    )
    blanked = left(said)["E", "Antal anställda", 2022] == (None, None)
    found = left(withheld(head_count(("E", "Antal anställda", 2023, was + 6, 6)), [said]))
    assert found == {("E", "Antal anställda", 2023): (was + 6, None if blanked else 6)}
    assert blanked


def test_a_count_that_only_a_guess_gives_away_stops_no_publication() -> None:
    said = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217)))
    tables = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217), ("C", 3)))
    assert numbers(withheld(tables, [said])) == {ADMINISTRATION: 420, "A": 200, "B": 217, "C": None}


def test_what_readers_may_hold_copies_of_hides_nothing_where_something_else_can() -> None:
    gone = head_count(*of(("A", 200)))
    tables = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217), ("C", 3)))
    assert numbers(withheld(tables, gone=[gone])) == {ADMINISTRATION: 420, "A": 200, "B": None, "C": None}


def test_what_is_gone_is_left_blank_all_the_same_where_nothing_else_can() -> None:
    gone = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217)))
    tables = head_count(*of((ADMINISTRATION, 420), ("A", 200), ("B", 217), ("C", 3)))
    assert numbers(withheld(tables, gone=[gone])) == {ADMINISTRATION: 420, "A": None, "B": 217, "C": None}
