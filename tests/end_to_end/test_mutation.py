"""Mistakes in the shipped extracts: what share of them a contract or the control of figures catches.

A mistake is caught where the file is refused, or the verdict on some figure becomes another. One that
is not caught must at least show in what is published, so that the difference tells of it.
"""

import random
from collections import Counter
from typing import Final

import pytest

from contracts import contract
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.mutation import Change, Ended, World, changes

MONEY_WITH_TOTALS: Final = (
    "resultatrakning",
    "driftsredovisning",
    "driftsredovisning_ar",
    "extern_finansiering",
    "investeringar",
    "investeringsoverforing",
    "investeringsprojekt",
    "exploateringsprojekt",
    "exploateringsutfall",
)
SHARE: Final = 0.95
SEED: Final = 20231231
A_FEW: Final = 4
MANY: Final = 250


@pytest.fixture(scope="module")
def world(example: Refreshed) -> World:
    return World(example.place.latest)


def mistakes(world: World, table: str, most: int) -> list[Change]:
    """Mistakes in a file: all that there are, or so many of them."""
    dice = random.Random(SEED)  # noqa: S311 - the same mistakes every time
    schema = contract(table).extract.polars_schema
    every = changes(world.texts[table], schema, world.plan.extracts[table].decimal, dice)
    return every if len(every) <= most else dice.sample(every, most)


def tell(before: Ended, after: Ended) -> str:
    """What became of a mistake: refused, told by the control, visible in the difference, or unseen."""
    if after.refused is not None:
        return "refused"
    if after.verdicts != before.verdicts:
        return "told"
    same = all(after.published[name].equals(frame) for name, frame in before.published.items())
    return "unseen" if same and after.control.equals(before.control) else "visible"


def counted(world: World, table: str, most: int) -> Counter[str]:
    """How many mistakes in a file became what; none goes unseen."""
    before = world.run(table, world.texts[table])
    assert before.refused is None
    found: Counter[str] = Counter()
    for change in mistakes(world, table, most):
        became = tell(before, world.run(table, change.texts))
        assert became != "unseen", f"{table}: {change.kind}, {change.place}"
        found[became] += 1
    return found


def caught(found: Counter[str]) -> float:
    """The share of mistakes that are refused or told."""
    return (found["refused"] + found["told"]) / found.total()


def test_tables_of_money_with_totals_are_those_declared(world: World) -> None:
    groups = {"money", "investments"}
    declared = {name for name in world.texts if contract(name).adds_up and contract(name).group in groups}
    assert declared == set(MONEY_WITH_TOTALS)


def test_a_mistake_in_any_extract_is_caught_or_seen(world: World) -> None:
    for table in world.texts:
        found = counted(world, table, A_FEW)
        assert table not in MONEY_WITH_TOTALS or found["visible"] <= 1, table


@pytest.mark.slow
def test_the_share_of_mistakes_that_is_caught(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    shares: dict[str, float] = {}
    lines = []
    for table in world.texts:
        found = counted(world, table, 10_000 if table in MONEY_WITH_TOTALS else MANY)
        shares[table] = caught(found)
        row = (table, found.total(), found["refused"], found["told"], found["visible"])
        lines.append(f"{{:26}} {shares[table]:8.1%} {{:9}} {{:9}} {{:9}} {{:9}}".format(*row))
    with capsys.disabled():
        print(f"\n{'table':26} {'caught':>8} {'mistakes':>9} {'refused':>9} {'told':>9} {'visible':>9}")
        print("\n".join(lines))
    assert {table for table in MONEY_WITH_TOTALS if shares[table] < SHARE} == set()
