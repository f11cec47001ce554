"""Rules across rows and against the last release: sums of a tree, a year left out, rows, blanks and sizes."""

from dataclasses import replace
from typing import Any, Final

import polars as pl
import pytest

from contracts import Contract, check, contract
from contracts.declare import Steady, column
from contracts.declare import Table as Declared
from contracts.vocabulary import RowKind, Severity, Text
from tests.contracts.small import SMALL, rows


class Gren(Declared):
    """A row of a small tree."""

    rad_id: str = column("Id", "Id", "Id.", "Id.")
    over_id: str = column("Över", "Parent", "Över.", "Parent.", nullable=True)
    radtyp: str = column("Typ", "Kind", "Typ.", "Kind.", values=RowKind)
    belopp_tkr: int = column("Belopp", "Amount", "Belopp.", "Amount.", unit="tkr", nullable=True)


TREE: Final[Contract] = replace(
    SMALL,
    name="gren",
    title=Text("Träd", "Tree"),
    sort=("rad_id",),
    rules=(),
    adds_up=("belopp_tkr",),
    extract_key=(),
    build=Gren.to_schema,
)


def tree(*found: tuple[str, str | None, str, int | None]) -> pl.DataFrame:
    """Rows of the small tree."""
    return pl.DataFrame(list(found), schema=TREE.polars_schema, orient="row")


@pytest.mark.parametrize(
    ("total", "told"),
    [
        pytest.param(30, (), id="a total that its parts make"),
        pytest.param(31, (), id="within what rounding three figures explains"),
        pytest.param(32, ("32.0, its parts make 30.0",), id="beyond it"),
    ],
)
def test_a_total_is_held_against_its_parts(total: int, told: tuple[str, ...]) -> None:
    frame = tree(
        ("a", "t", "post", 10), ("b", "t", "post", 20), ("m", "t", "upplysning", 99), ("t", None, "summa", total)
    )
    checked = check(frame, TREE)
    assert [(breach.rule, breach.rows) for breach in checked.breaches] == [("belopp_tkr:summa", (3,))] * len(told)
    assert tuple(value for breach in checked.breaches for value in breach.values) == told
    assert (checked.good.height, checked.blocked) == (4, False), "what is printed is published, and told"


def series(*years: int) -> pl.DataFrame:
    """A row of staff turnover for each year."""
    declared = contract("personalomsattning")
    row = {"kommun_id": "0126", "rapport": "2023-helar", "organisation_id": "a", "organisation": "A", "kalla": "K"}
    found = [{**row, "ar": year, "varde_procent": 1.0} for year in years]
    return pl.DataFrame(found, schema=declared.polars_schema)


@pytest.mark.parametrize(
    ("years", "after"),
    [
        pytest.param((2021, 2022, 2023), (), id="every year"),
        pytest.param((2023, 2022), (), id="in any order"),
        pytest.param((2020, 2022, 2023), (1,), id="a year is left out"),
    ],
)
def test_a_series_leaves_out_no_year(years: tuple[int, ...], after: tuple[int, ...]) -> None:
    checked = check(series(*years), contract("personalomsattning"))
    assert [(breach.rule, breach.severity, breach.rows) for breach in checked.breaches] == [
        ("ar:lucka", Severity.WARN, (row,)) for row in after
    ]


STEADY: Final = replace(SMALL, steady=Steady(rows=2.0, blanks=0.5, size=3.0))
LETTERS: Final = "abcdef"


def many(count: int, **change: Any) -> pl.DataFrame:
    """So many good rows, each with the change."""
    return rows(*({"rad_id": letter, **change} for letter in LETTERS[:count]))


@pytest.mark.parametrize(
    ("now", "before", "rule", "told"),
    [
        pytest.param(many(2), many(4), None, "", id="half as many rows"),
        pytest.param(many(1), many(3), "tabell:antal_rader", "1 rows, 3 in the last release", id="a third of the rows"),
        pytest.param(many(5), many(2), "tabell:antal_rader", "5 rows, 2 in", id="more than twice the rows"),
        pytest.param(many(2, dag=None), many(2), "dag:tackning", "100% blank, 0% in", id="a column goes blank"),
        pytest.param(many(2), many(2, dag=None), None, "", id="a column is filled"),
        pytest.param(many(2, belopp=31), many(2), "belopp:storlek", "31 on average, 10 in", id="more than three times"),
        pytest.param(many(2, belopp=30), many(2), None, "", id="three times"),
        pytest.param(many(2, belopp=10000), many(2), "belopp:storlek", "10000 on", id="kronor for thousands"),
        pytest.param(many(2, andel=90.0), many(2), None, "", id="a stated share may swing"),
        pytest.param(many(2), many(2).drop("belopp"), None, "", id="a column that is new"),
        pytest.param(many(2), many(0), None, "", id="nothing was published"),
        pytest.param(many(0), many(1), "tabell:antal_rader", "0 rows, 1 in", id="every row is lost"),
    ],
)
def test_a_table_is_held_against_its_last_release(
    now: pl.DataFrame, before: pl.DataFrame, rule: str | None, told: str
) -> None:
    breaches = [breach for breach in check(now, STEADY, last=before).breaches if not breach.count]
    assert [(breach.rule, breach.rows) for breach in breaches] == ([] if rule is None else [(rule, ())])
    assert all(told in breach.values[0] for breach in breaches)
    assert check(now, STEADY).breaches == check(now, SMALL).breaches, "nothing is compared where nothing is given"


def test_what_a_change_against_the_last_release_does_is_declared_with_the_tolerances() -> None:
    strict = replace(STEADY, steady=Steady(severity=Severity.BLOCK))
    checked = check(many(1), strict, last=many(3))
    assert (checked.blocked, checked.good.height, checked.bad.height) == (True, 1, 0)
