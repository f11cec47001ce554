"""Each rule of each table, and of each extract, has rows that break it and no other."""

from collections.abc import Iterator
from typing import Final

import pytest

from contracts import Contract, check, contracts
from contracts.rulebook import NamedRule, rules_of
from tests.contracts.broken import KEEPING, ROW_RULES, TOGETHER, breaking


def _tables() -> Iterator[Contract]:
    """Every declared table, and the extract of each that is read from one."""
    for declared in contracts():
        yield declared
        if any(column.heading for column in declared.columns):
            yield declared.extract


TABLES: Final = list(_tables())
CASES: Final = [
    pytest.param(table, rule, id=f"{table.table}-{rule.name}") for table in TABLES for rule in rules_of(table)
]


@pytest.mark.parametrize(("table", "rule"), CASES)
def test_a_row_that_breaks_a_rule_is_told_of_that_rule_alone(table: Contract, rule: NamedRule) -> None:
    broken = breaking(table, rule)
    checked = check(broken.frame, table, broken.known, broken.last)
    told = {breach.rule: breach.severity for breach in checked.breaches}
    also = TOGETHER.get((table.name, rule.name)) if table.layer != "raw" else None
    assert told.pop(rule.name) is rule.severity
    assert set(told) == ({also} if also else set())


@pytest.mark.parametrize("table", [pytest.param(table, id=table.table) for table in TABLES])
def test_no_rule_that_is_checked_is_without_a_case(table: Contract) -> None:
    checked = {check.error for column in table.schema.columns.values() for check in column.checks}
    checked |= {check.error for check in table.schema.checks}
    checked |= {f"{name}:ej_tom" for name, column in table.schema.columns.items() if not column.nullable}
    assert checked <= {rule.name for rule in rules_of(table)}


def test_every_case_written_by_hand_is_of_a_rule_that_is_declared() -> None:
    names = {rule.name for table in TABLES for rule in table.rules}
    assert set(ROW_RULES) == names
    assert set(KEEPING) <= {table.name for table in TABLES}
    assert {name for _, name in TOGETHER} <= {rule.name for table in TABLES for rule in rules_of(table)}
