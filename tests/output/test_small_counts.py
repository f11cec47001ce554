"""Small counts of persons: what is left blank, with what, and what is left out."""

from collections.abc import Mapping

import polars as pl
import pytest

from output.disclosure.small_counts import withheld
from output.errors import PublicationError
from tests.output.counting import LAYER, rows, staff


def shown(tables: Mapping[str, pl.DataFrame]) -> dict[str, int | None]:
    """The count of each unit that is left."""
    return dict(tables["personal"].select("enhet_id", "antal").iter_rows())


def test_nothing_small_is_left_as_it_is() -> None:
    tables = staff(a=5, b=60)
    assert withheld(tables, layer=LAYER)["personal"].equals(tables["personal"])


def test_a_small_count_is_left_blank_with_a_reason_and_with_the_smallest_that_would_reveal_it() -> None:
    (found,) = withheld(staff(a=4, b=60, c=20), layer=LAYER).values()
    assert found.select("enhet_id", "antal", "antal_status").rows() == [
        ("a", None, "skyddad_smatal"),
        ("alla", 84, None),
        ("b", 60, None),
        ("c", None, "skyddad_smatal"),
    ]


def test_no_persons_are_few_and_counts_of_other_things_are_never_few() -> None:
    found = withheld(staff(a=0, b=60, c=20), layer=LAYER)
    assert shown(found) == {"alla": 80, "a": None, "b": 60, "c": None}
    assert found["personal"]["bilar"].drop_nulls().to_list() == [1, 1, 1]


def test_small_counts_that_can_only_be_as_they_are_are_hidden_by_a_larger_one() -> None:
    # Two that are below 5 and together make 8 are 4 each.
    assert shown(withheld(staff(a=4, b=4, c=20, d=30), layer=LAYER)) == {
        "alla": 58,
        "a": None,
        "b": None,
        "c": None,
        "d": 30,
    }


def test_a_total_is_left_blank_where_its_part_stands_alone() -> None:
    assert shown(withheld(staff(a=3), layer=LAYER)) == {"alla": None, "a": None}


def test_a_count_by_sex_is_hidden_in_both_directions() -> None:
    units = {"alla": (36, 34), "a": (3, 12), "b": (20, 12), "c": (13, 10)}
    said = [
        {
            "enhet_id": unit,
            "kon": kon,
            "radtyp": "summa" if unit == "alla" else "post",
            "over_id": None if unit == "alla" else "alla",
            "antal": antal,
        }
        for unit, (women, men) in units.items()
        for kon, antal in (("K", women), ("M", men), ("T", women + men))
    ]
    (found,) = withheld(rows("personal", *said), layer=LAYER).values()
    blank = set(found.filter(pl.col("antal").is_null()).select("enhet_id", "kon").rows())
    assert blank == {("a", "K"), ("a", "M"), ("c", "K"), ("c", "M")}


def test_the_threshold_is_the_table_s_own_and_a_change_would_reveal_the_year() -> None:
    tables = rows(
        "personal_ar",
        {"enhet_id": "a", "ar": 2021, "antal": 40},
        {"enhet_id": "a", "ar": 2022, "antal": 9, "okning": -31},
        {"enhet_id": "a", "ar": 2023, "antal": 41, "okning": 32},
    )
    (found,) = withheld(tables, layer=LAYER).values()
    assert found.select("antal", "antal_status", "okning").rows() == [
        (40, None, None),
        (None, "skyddad_smatal", None),
        (41, None, None),
    ]


def test_the_same_count_in_another_table_is_left_blank_too() -> None:
    tables = staff(a=4, b=60, c=20) | rows(
        "upprepning",
        {"enhet_id": "a", "kon": "T", "anstallda": 4},
        {"enhet_id": "b", "kon": "T", "anstallda": 60},
        {"enhet_id": "c", "kon": "T", "anstallda": 20},
    )
    found = withheld(tables, layer=LAYER)
    assert shown(found) == {"alla": 84, "a": None, "b": 60, "c": None}
    assert found["upprepning"]["anstallda"].to_list() == [None, 60, None]
    assert found["upprepning"]["anstallda_status"].to_list() == ["skyddad_smatal", None, "skyddad_smatal"]


def test_rows_that_tell_of_a_figure_that_is_left_blank_are_left_out() -> None:
    mentions = {
        "antalet": "personal:a/T:antal",
        "enheten": "personal:a/T",
        "bilarna": "personal:a/T:bilar",
        "annan_enhet": "personal:b/T:antal",
        "fritt": None,
    }
    formulas = {
        "fyra": "personal['a', 'T'].antal - 1",
        "fem": "sum(personal.antal)",
        "sex": "sum(personal.bilar)",
        "sju": "sum(personal_ar.antal)",
    }
    tables = (
        staff(a=4, b=60, c=20)
        | rows("omnamnd", *({"uppgift_id": name, "kopplad_till": to, "varde": 4.0} for name, to in mentions.items()))
        | rows(
            "granskad",
            {"kontroll_id": "ett", "tabell": "personal", "rad": "a/T", "kolumn": "antal"},
            {"kontroll_id": "tva", "tabell": "omnamnd", "rad": "antalet", "kolumn": "varde"},
            {"kontroll_id": "tre", "tabell": "omnamnd", "rad": "annan_enhet", "kolumn": "varde"},
            *({"kontroll_id": name, "tabell": "a", "rad": "b", "uttryck": text} for name, text in formulas.items()),
        )
    )
    found = withheld(tables, layer=LAYER)
    assert set(found["omnamnd"]["uppgift_id"]) == {"bilarna", "annan_enhet", "fritt"}
    assert set(found["granskad"]["kontroll_id"]) == {"tre", "sex", "sju"}


def test_a_mention_in_another_report_stays() -> None:
    said = {"uppgift_id": "antalet", "kopplad_till": "personal:a/T:antal", "varde": 4.0}
    tables = staff(a=4, b=60, c=20) | rows("omnamnd", said, rapport="2022-helar")
    assert withheld(tables, layer=LAYER)["omnamnd"].height == 1


def test_what_a_release_has_said_hides_nothing() -> None:
    # The release before said what c is, and c is still that: only b can hide a.
    before = {"personal": staff(b=60, c=20)["personal"]}
    found = withheld(staff(a=4, b=61, c=20), [before], layer=LAYER)
    assert shown(found) == {"alla": 85, "a": None, "b": None, "c": 20}


def test_a_small_count_that_follows_from_what_was_said_before_stops_the_publication() -> None:
    before = staff(a=4, b=60, c=20)["personal"].filter(pl.col("enhet_id") != "a")
    with pytest.raises(PublicationError, match="fewer than 5 persons can be worked out") as refused:
        withheld(staff(a=4, b=60, c=20), [{"personal": before}], layer=LAYER)
    assert refused.value.where == "0126:2023-helar:personal:a/T:antal"
    assert "Withdraw the earlier release" in refused.value.remedy


def test_a_small_count_that_was_itself_said_before_is_left_blank_all_the_same() -> None:
    found = withheld(staff(a=4, b=60), [staff(a=4, b=60)], layer=LAYER)
    assert shown(found) == {"alla": 64, "a": None, "b": 60}


def test_what_a_release_left_blank_stays_blank() -> None:
    before = withheld(staff(a=4, b=60, c=20), layer=LAYER)
    # With c shown, the release before would say that a was 4.
    found = withheld(staff(a=9, b=60, c=20), [before], layer=LAYER)
    assert shown(found) == {"alla": 89, "a": None, "b": 60, "c": None}


def test_the_same_again_is_the_same_again() -> None:
    tables = staff(a=4, b=4, c=20, d=30)
    first = withheld(tables, layer=LAYER)
    again = withheld(tables, [first], layer=LAYER)
    assert again["personal"].equals(first["personal"])
