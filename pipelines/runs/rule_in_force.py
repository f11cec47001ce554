"""Which version of the rule a run computes grades by: what it is told, what the plan says, what was in force.

Here belongs the choice. What the versions say stands in ``pipelines.transforms.rules``.

A report is decided under the rule that is in force then, and keeps it: a run of it in a later year uses that version
unless the plan or whoever begins the run says another.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.runs.manifests import in_force
from pipelines.transforms.rules import latest, rule_of
from sources.plan import Plan

LATEST: Final = "latest"


def under_rule(plan: Plan, runs: Path, told: str | None) -> tuple[Plan, str | None]:
    """The plan with the version that its grades are computed by, and the version that the report was decided under.

    ``told`` is a version, ``latest``, or None where nobody says. Raises PlanError where there is no such version.
    """
    register = plan.register
    decided = register.report.decision is not None
    kept = in_force(runs, register.municipality.id, register.report.id) if decided else None
    asked = latest() if told == LATEST else told
    version = rule_of(asked or register.rule.version or kept or latest()).version
    rule = register.rule.model_copy(update={"version": version})
    used = replace(plan, register=register.model_copy(update={"rule": rule}))
    return used, (kept or version) if decided else None
