"""Holding a frame to its contract: which rows are good, which are bad, and why."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from contracts import BROKEN, ContractError, check, require_table
from contracts.vocabulary import Severity
from tests.contracts.small import SMALL, rows

KNOWN = {"kanda": ["a", "b"]}

ROW = st.fixed_dictionaries(
    {
        "rad_id": st.sampled_from(["a", "b", "c", "Å", "", None]),
        "farg": st.sampled_from(["rod", "bla", "gul", "", None]),
        "belopp": st.sampled_from([10, 0, -1, 2**62, None]),
        "andel": st.sampled_from([2.5, 100.0, 100.1, -3.0, float("inf"), None]),
        "klart": st.sampled_from([True, False, None]),
    }
)


@settings(max_examples=50, deadline=None)
@given(st.lists(ROW, max_size=12), st.booleans())
def test_good_and_bad_rows_together_are_the_frame_row_for_row(found: list[dict[str, Any]], with_known: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    frame = rows(*found).with_columns(nummer=pl.int_range(pl.len()))
    numbers = frame["nummer"]
    checked = check(frame.drop("nummer"), SMALL, KNOWN if with_known else None)
    broken = {row for breach in checked.breaches if breach.severity is not Severity.WARN for row in breach.rows}
    together = pl.concat([checked.good, checked.bad.drop(BROKEN)])
    assert checked.good.height + checked.bad.height == len(found)
    assert_frame_equal(checked.bad.drop(BROKEN), frame.drop("nummer")[checked.positions.to_list()])
    assert_frame_equal(together, frame.drop("nummer"), check_row_order=False)
    assert broken <= set(numbers)
    assert check(checked.good, SMALL, KNOWN if with_known else None).bad.is_empty()
    assert checked.bad[BROKEN].list.len().min() != 0


@pytest.mark.parametrize(
    ("change", "rule", "severity", "value"),
    [
        pytest.param({"rad_id": "A1"}, "rad_id:str_matches", Severity.BLOCK, "A1", id="a pattern"),
        pytest.param({"rad_id": None}, "rad_id:ej_tom", Severity.BLOCK, "None", id="a blank that may not be"),
        pytest.param({"rad_id": "c"}, "rad_id:okand_referens", Severity.BLOCK, "c", id="an unknown reference"),
        pytest.param({"farg": "gul"}, "farg:isin", Severity.QUARANTINE, "gul", id="a word outside its list"),
        pytest.param({"andel": 100.5}, "andel:hel", Severity.QUARANTINE, "", id="a rule about the row"),
        pytest.param({"belopp": -1}, "belopp:greater_than_or_equal_to", Severity.WARN, "-1", id="a bound that warns"),
        pytest.param({"belopp": None}, "belopp_mot_andel", Severity.WARN, "", id="a blank within a rule is broken"),
        pytest.param({"belopp": 1}, "belopp_mot_andel", Severity.WARN, "", id="a rule about two columns"),
    ],
)
def test_a_broken_rule_is_told_with_its_row_value_and_severity(
    change: dict[str, Any], rule: str, severity: Severity, value: str
) -> None:
    checked = check(rows({"rad_id": "b"}, change), SMALL, KNOWN)
    (breach,) = (breach for breach in checked.breaches if breach.rule == rule)
    assert (breach.severity, breach.count, breach.rows) == (severity, 1, (1,))
    assert value in breach.values[0]
    if severity is Severity.WARN:
        assert (checked.good.height, checked.bad.height) == (2, 0)
    else:
        assert checked.good["rad_id"].to_list() == ["b"]
        assert rule in checked.bad[BROKEN][0].to_list()
    assert checked.blocked is (severity is Severity.BLOCK)


def test_blanks_that_may_be_are_good() -> None:
    blank = {"farg": None, "klart": None, "dag": None, "tid": None}
    checked = check(rows(blank), SMALL, KNOWN)
    assert (checked.breaches, checked.good.height, checked.blocked) == ((), 1, False)
    assert checked.bad.schema == {**SMALL.polars_schema, BROKEN: pl.List(pl.String)}


def test_the_same_key_twice_breaks_both_rows() -> None:
    checked = check(rows({}, {"rad_id": "b"}, {"belopp": 11}), SMALL)
    assert [(breach.rule, breach.rows) for breach in checked.breaches] == [("nyckel:unik", (0, 2))]
    assert checked.blocked
    assert checked.good["rad_id"].to_list() == ["b"]


def test_a_row_names_every_rule_it_broke() -> None:
    checked = check(rows({"rad_id": "c", "farg": "gul", "andel": 101.0, "belopp": -5}), SMALL, KNOWN)
    assert checked.bad[BROKEN].to_list() == [["andel:hel", "farg:isin", "rad_id:okand_referens"]]
    assert sorted(breach.rule for breach in checked.breaches) == [
        "andel:hel",
        "belopp:greater_than_or_equal_to",
        "belopp_mot_andel",
        "farg:isin",
        "rad_id:okand_referens",
    ]


def test_all_bad_rows_are_counted_and_the_first_are_shown() -> None:
    (breach,) = check(rows(*({"rad_id": letter, "farg": "gul"} for letter in "abcdefgh")), SMALL).breaches
    assert (breach.count, breach.rows, breach.values) == (8, (0, 1, 2, 3, 4), ("gul",) * 5)


def test_references_are_looked_at_only_where_what_is_known_is_given() -> None:
    assert check(rows({"rad_id": "c"}), SMALL).breaches == ()
    assert check(rows({"rad_id": "c"}), SMALL, {"kanda": []}).bad.height == 1


def test_good_rows_keep_their_order() -> None:
    frame = rows(*({"rad_id": letter, "farg": "gul" if letter == "c" else "rod"} for letter in "dbcae"))
    assert check(frame, SMALL).good["rad_id"].to_list() == ["d", "b", "a", "e"]


def test_an_empty_frame_is_good() -> None:
    checked = check(rows(), SMALL, KNOWN)
    assert (checked.good.height, checked.bad.height, checked.breaches) == (0, 0, ())


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        pytest.param(rows({}).drop("belopp", "dag"), "missing: belopp, dag", id="columns missing"),
        pytest.param(rows({}).with_columns(ny=1), "not declared: ny", id="a column that is not declared"),
        pytest.param(
            rows({}).cast({"belopp": pl.Float64}), "belopp is Float64, declared Int64", id="a column of another type"
        ),
        pytest.param(rows({}).cast({"tid": pl.Datetime("ms")}), "tid is Datetime", id="time in another unit"),
        pytest.param(pl.DataFrame(), "missing: rad_id, farg", id="no table at all"),
    ],
)
def test_a_frame_that_is_not_the_table_is_refused_whole(frame: pl.DataFrame, told: str) -> None:
    with pytest.raises(ContractError) as caught:
        require_table(frame, SMALL)
    assert str(caught.value).startswith("open.prov is not as declared: ")
    assert told in str(caught.value)
    with pytest.raises(ContractError):
        check(frame, SMALL)
