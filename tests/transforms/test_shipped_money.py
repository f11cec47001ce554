"""The shipped example's money: every extract is whole and adds up."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms import money
from pipelines.transforms.report import Report
from pipelines.transforms.statements import STATEMENTS, missing, wrong_totals
from sources.extracts import read_extract
from sources.plan import load_plan
from tests.transforms.declared import SCHEMA
from tests.transforms.rows import REPORT

FOLDER = Path(__file__).parents[2] / "sources" / "huddinge" / "2023"
TABLES = (*STATEMENTS, "budgetram")


@pytest.fixture(scope="module")
def extracts() -> dict[str, pl.DataFrame]:
    files = load_plan(FOLDER).extracts
    return {table: read_extract(files[table], contract(table).extract).frame for table in TABLES}


@pytest.fixture(scope="module")
def report() -> Report:
    lines = {
        name: pl.DataFrame(
            [(row.id, row.label, row.parent, row.kind, row.source_line) for row in rows], SCHEMA, orient="row"
        )
        for name, rows in load_plan(FOLDER).lines.items()
    }
    return replace(REPORT, lines=lines)


@pytest.mark.parametrize("table", TABLES)
def test_extracts_and_tables_keep_their_contracts(
    table: str, extracts: dict[str, pl.DataFrame], report: Report
) -> None:
    plan = load_plan(FOLDER)
    assignments = read_extract(plan.extracts["uppdrag"], contract("uppdrag").extract).frame
    known = {name: lines["label"].to_list() for name, lines in report.lines.items()} | {
        "namndmal_id": [goal.id for goal in plan.register.goal],
        "uppdrag_id": assignments["uppdrag_id"].to_list(),
    }
    assert check(extracts[table], contract(table).extract, known).breaches == ()
    published = getattr(money, table)(extracts[table], report)
    assert check(published, contract(table), known).breaches == ()
    assert published.height == extracts[table].height


@pytest.mark.parametrize("table", STATEMENTS)
def test_statements_are_whole_and_add_up(table: str, extracts: dict[str, pl.DataFrame], report: Report) -> None:
    assert missing(table, extracts[table], report) == ()
    assert wrong_totals(table, extracts[table], pl.int_range(extracts[table].height, eager=True), report) == ()
