"""The goal register as frames: what the plan says, in the shape of the core tables.

Here belongs the way from a plan to rows. Whether the plan holds is settled when it is read.
"""

import polars as pl

from contracts import contract
from pipelines.transforms.report import Report
from pipelines.transforms.rules import latest, rule_of
from sources.plan import Plan
from sources.plan.register import Goal, Indicator, Register

SEPARATOR = ";"
"""Between ids in one cell."""


def report_of(plan: Plan) -> Report:
    """The report of a plan, with the statement lines as frames."""
    register = plan.register
    return Report(
        kommun_id=register.municipality.id,
        rapport=register.report.id,
        year=register.report.year,
        kalla=register.report.source,
        lines={
            name: pl.DataFrame(
                [row.model_dump(mode="json") for row in rows],
                schema={
                    "id": pl.String,
                    "label": pl.String,
                    "kind": pl.String,
                    "parent": pl.String,
                    "source_line": pl.Int64,
                },
            )
            for name, rows in plan.lines.items()
        },
    )


def rapporter(register: Register, report: Report) -> pl.DataFrame:
    """The report itself, with its overall decision and the rule it is computed by."""
    decision = register.report.decision
    row = {
        "ar": register.report.year,
        "namnd": register.report.committee,
        "beslutad_maluppfyllelse": decision and str(decision.grade),
        "beslutsdatum": decision and decision.date,
        "motivering": decision and decision.reason,
        "regelversion": rule_of(register.rule.version or latest()).name,
        "gransfall_uppnatt": register.rule.tie_is_reached,
        "kalla_rad": decision and decision.source_line,
    }
    return _rows("rapporter", [row], report)


def malregister(register: Register, report: Report) -> pl.DataFrame:
    """The committee goals with their place and their decision."""
    areas = {area.id: area.name for area in register.target_area}
    council_goals = {goal.id: goal for goal in register.council_goal}
    rows: list[dict[str, object]] = []
    for goal in register.goal:
        decision, council_goal = goal.decision, council_goals[goal.council_goal]
        rows.append(
            {
                "namndmal_id": goal.id,
                "malomrade": areas[council_goal.target_area],
                "kf_mal": council_goal.name,
                "namndmal": goal.name,
                "beslutad_maluppfyllelse": decision and str(decision.grade),
                "beslutsdatum": decision and decision.date,
                "motivering": decision and decision.reason,
                "fortsatter": SEPARATOR.join(goal.continues) or None,
                "upphor": goal.ends,
                "kalla_rad": (decision and decision.source_line) or goal.source_line,
            }
        )
    return _rows("malregister", rows, report)


def indikatorregister(register: Register, report: Report) -> pl.DataFrame:
    """The indicators with their bounds and sources."""
    rows = [_indicator(goal, indicator, report.year) for goal, indicator in register.indicators]
    return _rows("indikatorregister", rows, report)


def _indicator(goal: Goal, indicator: Indicator, year: int) -> dict[str, object]:
    """One indicator as a row."""
    milestone, target, source = indicator.milestone, indicator.target, indicator.source
    return {
        "indikator_id": indicator.id,
        "indikator": indicator.name,
        "namndmal_id": goal.id,
        "enhet": indicator.unit,
        "decimaler": indicator.decimals,
        "riktning": str(indicator.direction),
        "utfall_ar": year - indicator.lag,
        "etappmal_ar": milestone and milestone.year,
        "etappmal_operator": milestone and milestone.effective and str(milestone.effective),
        "etappmal_varde": milestone and milestone.value,
        "antagen_operator": bool(milestone and milestone.assumed_operator),
        "malvarde_ar": target and target.year,
        "malvarde_operator": target and target.operator and str(target.operator),
        "malvarde": target and target.value,
        "rapporterad_status": str(indicator.reported.status),
        "rapporterad_av_malet": str(indicator.reported.by_goal),
        "kalla_id": source.id,
        "jamfors": bool(source.references) and source.compare,
        "fortsatter": SEPARATOR.join(indicator.continues) or None,
        "upphor": indicator.ends,
        "kalla_rad": indicator.source_line,
    }


def _rows(name: str, rows: list[dict[str, object]], report: Report) -> pl.DataFrame:
    """Rows as the core table ``name``, typed by its contract."""
    schema = contract(name, "core").polars_schema
    frame = pl.DataFrame(rows, schema={column: schema[column] for column in rows[0]})
    return report.table(name, frame, layer="core")
