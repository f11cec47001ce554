"""What an extract is held to beside its contract: names that its plan declares, its statement's rows, its texts.

Here belongs what both a run and a check of a plan ask of a file. Neither the warehouse nor Dagster is
needed for it; the words of a broken contract stand in ``refused_extract``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

import polars as pl

from contracts import Contract, contract
from output.tables import FORMULA, NUMBER
from pipelines.intake.refused_extract import place_of
from pipelines.transforms import statements
from pipelines.transforms.naming import slug
from pipelines.transforms.report import Report
from sources.errors import ExtractError
from sources.extracts import Extract
from sources.extracts.faults import Fault, refusal, shown
from sources.plan import Plan
from sources.plan.register import StatementLine


def known(plan: Plan, declared: Contract, assignments: Callable[[], Collection[str]]) -> Mapping[str, Collection[str]]:
    """The values that a table's columns may refer to: goals, indicators, assignments, rows of a statement."""
    register = plan.register
    values: Mapping[str, Callable[[], Collection[str]]] = {
        "namndmal_id": lambda: {goal.id for goal in register.goal},
        "indikator_id": lambda: {indicator.id for _, indicator in register.indicators},
        "uppdrag_id": assignments,
        **{name: partial(_labels, rows) for name, rows in plan.lines.items()},
    }
    return {name: values.get(name, frozenset)() for name in declared.references}


def _labels(rows: Sequence[StatementLine]) -> Collection[str]:
    """The labels of a statement's rows."""
    return {row.label for row in rows}


def require_statement(extract: Extract, report: Report) -> None:
    """Refuse a statement that lacks a declared row, and a ledger whose totals do not add up.

    Raises ExtractError naming the rows.
    """
    name = extract.file.table
    if name not in report.lines:
        return
    where = place_of(extract)
    missing = statements.missing(name, extract.frame, report)
    if missing:
        raise ExtractError(
            f"lacks {', '.join(repr(label) for label in missing)}.",
            where=where,
            remedy="Hand in the whole statement, or remove the row from lines.toml.",
        )
    if extract.file.ledger:
        wrong = statements.wrong_totals(name, extract.frame, extract.rows, report)
        if wrong:
            raise ExtractError(
                f"does not add up: {'; '.join(wrong)}.",
                where=where,
                remedy="Correct the amount, or declare the file as printed with ledger = false.",
            )


def require_texts(extract: Extract) -> None:
    """Refuse texts that a spreadsheet would run, and organisations that no identifier can be made of.

    Raises ExtractError naming rows and columns.
    """
    faults = [*_formulas(extract), *_organisations(extract)]
    if faults:
        raise refusal(place_of(extract), faults)


def _formulas(extract: Extract) -> Iterator[Fault]:
    """Texts that begin as a formula does. A closed vocabulary has its own rule."""
    remedy = "Write the text without that sign; a number with its sign may stand."
    for column in contract(extract.file.table).extract.open_columns:
        if column.dtype == pl.String and column.values is None:
            text = extract.frame[column.name]
            run = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
            for row in extract.rows.filter(run.fill_null(value=False)):
                what = "begins with =, +, - or @, so that a spreadsheet would run the text as a formula"
                yield Fault(what, remedy, row, column.heading)


def _organisations(extract: Extract) -> Iterator[Fault]:
    """Names of organisations without a letter or digit, and different names that come to the same identifier."""
    declared = contract(extract.file.table)
    if "organisation_id" not in declared.polars_schema:
        return
    heading = declared.column("organisation").heading
    named = extract.frame.select("organisation", id=slug("organisation")).with_columns(extract.rows.alias("row"))
    for name, row in named.filter(pl.col("id") == "").select("organisation", "row").iter_rows():
        what = f"{shown(name)} has no letter a-z and no digit, which identifiers are made of"
        yield Fault(what, "Write the name of the organisation with letters.", row, heading)
    once = named.filter(pl.col("id") != "").unique(["id", "organisation"], keep="first", maintain_order=True)
    for (identifier,), twins in once.group_by("id", maintain_order=True):
        names = [f"{shown(name)} (row {row})" for name, row in twins.select("organisation", "row").iter_rows()]
        if len(names) > 1:
            what = f"{' and '.join(names)} have the same identifier, {identifier}"
            remedy = "Write one organisation in one way, and two so that they differ in a letter or a digit."
            yield Fault(what, remedy, twins["row"][1], heading)
