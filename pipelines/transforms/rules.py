"""The versions of the rule by which grades are computed, each as it was when it was in force.

Here belongs what may differ from one version to the next. A version that a report was decided under is never
changed: a rule that is to be another gets a version of its own beside it. Which of them a run uses is settled in
``pipelines.runs.rule_in_force``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from contracts.vocabulary import Grade
from sources.errors import PlanError

NAME: Final = "andel-uppnadda-etappmal"
"""What the rule is called in ``regelversion``; its version follows."""

HALF: Final = 0.5


@dataclass(frozen=True)
class RuleVersion:
    """A version: how many milestones were reached of how many that can be assessed, as a grade."""

    version: str
    grade: Callable[[pl.Expr, pl.Expr], pl.Expr]

    @property
    def name(self) -> str:
        """What stands in ``regelversion``."""
        return f"{NAME}-{self.version}"


def by_halves(reached: pl.Expr, assessable: pl.Expr) -> pl.Expr:
    """The grade of a share: all, at least half, more than none, none; nothing assessable has none.

    The steps are those of ``datasets.md``, "Committee goal".
    """
    share = reached / assessable
    return (
        pl.when(assessable == 0)
        .then(pl.lit(str(Grade.NOT_ASSESSABLE)))
        .when(share >= 1)
        .then(pl.lit(str(Grade.VERY_HIGH)))
        .when(share >= HALF)
        .then(pl.lit(str(Grade.HIGH)))
        .when(share > 0)
        .then(pl.lit(str(Grade.PARTLY)))
        .otherwise(pl.lit(str(Grade.NOT)))
    )


RULES: Final[dict[str, RuleVersion]] = {rule.version: rule for rule in (RuleVersion("1", by_halves),)}
"""Every version that was ever in force, the oldest first."""


def latest() -> str:
    """The version that holds for a report that nothing else is said of."""
    return list(RULES)[-1]


def rule_of(version: str) -> RuleVersion:
    """A version, by its number or by what stands in ``regelversion``.

    Raises PlanError where there is no such version.
    """
    rule = RULES.get(version.rpartition("-")[2])
    if rule is None:
        raise PlanError(
            f"there is no version {version!r} of the rule.",
            where="plan.toml, rule > version",
            remedy=f"Write one of {', '.join(RULES)}, or leave it out.",
        )
    return rule
