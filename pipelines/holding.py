"""What an extract is held to beside its contract: the names that its plan declares, and its statement's rows.

Here belongs what both a run and a check of a plan ask of a file. Neither the warehouse nor Dagster is
needed for it; the words of a broken contract stand in ``refused_extract``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from contracts import Contract
from pipelines.refused_extract import place_of
from pipelines.transforms import statements
from pipelines.transforms.report import Report
from sources.errors import ExtractError
from sources.extracts import Extract
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
