"""A refresh from the command: the job of the definitions, run in this process on the shared instance.

Here belongs running the job and telling how it ended. Words for the terminal belong in ``pipelines.commands``.
"""

from dataclasses import dataclass
from typing import Any

import dagster as dg

from output.publication.folder import PublicFolder
from pipelines.definitions import JOB
from pipelines.intake.personal_data import require_publishable_texts
from pipelines.runs import summary
from pipelines.runs.clock import machine
from pipelines.runs.executing import execute
from pipelines.runs.exits import Exit
from pipelines.runs.failures import Result, faults_of, is_wrong_use
from pipelines.runs.instance import prepare
from pipelines.runs.liveness import bury
from pipelines.runs.locking import writing
from pipelines.runs.replay import rebuild
from pipelines.runs.reports import RULE, asked_by, tags_of, tags_of_own
from pipelines.runs.resources import WHO, tell
from pipelines.runs.rule_in_force import LATEST
from pipelines.settings import Settings, SettingsError
from pipelines.transforms.rules import rule_of
from sources.errors import PlanError
from sources.plan import load_plan
from sources.plan.register import Register

NAME = "etappmal refresh"


@dataclass(frozen=True)
class Refreshed:
    """How a refresh ended. ``faults`` are errors of our own, which no input explains."""

    status: Exit
    last: dict[str, Any]
    faults: tuple[str, ...]


def refresh(
    settings: Settings,
    *,
    wait: float,
    dry_run: bool,
    debug: bool,
    reports: tuple[str, str] | None = None,
    rule: str | None = None,
) -> Refreshed:
    """Run the whole job: for the report of the plan, or for all ``reports`` from one to another, as one run.

    ``rule`` is the version of the rule that grades are computed by, or ``latest``, if not the one in force.

    Raises PlanError where the plan does not hold, or holds personal data, SettingsError and
    PublicationError where the home or the public folder cannot be used, LockHeldError where another
    writer holds the lock for longer than ``wait`` seconds, and AnswerError where a warehouse that is gone
    cannot be built up again from the archive; nothing has then been done.
    """
    register = _plan(settings)
    asked_by(settings, tags_of(reports))
    if rule not in (None, LATEST):
        rule_of(rule)
    prepare(settings)
    require_apart(settings)
    with writing(settings.home, NAME, wait), dg.DagsterInstance.get() as instance:
        bury(settings, instance, JOB, machine())
        rebuild(settings, (register.municipality.id, register.report.id))
        own = tags_of_own(instance, settings)
        result = execute(
            settings,
            instance,
            JOB,
            {WHO: NAME, **(tags_of(reports) or own), **({RULE: rule} if rule else {})},
            {
                "loggers": {"console": {"config": {}}} if debug else {"progress": {}},
                "ops": {"publication": {"config": {"dry_run": dry_run}}},
            },
        )
    found = summary.read(settings.summary) or {}
    last = found.get("last") or {}
    if last.get("run_id") != result.run_id:
        last = {}
    faults = tuple(faults_of(result))
    return Refreshed(_status(result, last, faults), last, faults)


def _plan(settings: Settings) -> Register:
    """The plan's register; that it does not hold is told to whom the settings say."""
    try:
        plan = load_plan(settings.plan)
        require_publishable_texts(settings, plan)
    except (PlanError, SettingsError) as error:
        tell(settings, {"state": summary.FAILED, "errors": [str(error)]})
        raise
    return plan.register


def require_apart(settings: Settings) -> None:
    """Refuse a public folder that cannot be one, before anything is computed.

    Raises PublicationError where it is something else, and SettingsError where it and the home hold
    one another: what is published must be nothing but what is published.
    """
    PublicFolder(settings.public).current()
    home, public = settings.home.resolve(), settings.public.parent.resolve() / settings.public.name
    if home.is_relative_to(public) or public.is_relative_to(home):
        raise SettingsError(f"ETAPPMAL_PUBLIC ({public}) and ETAPPMAL_HOME ({home}) hold one another: keep them apart.")


def _status(result: Result, last: dict[str, Any], faults: tuple[str, ...]) -> Exit:
    """The exit status that a result means."""
    if is_wrong_use(result):
        return Exit.USAGE
    if faults:
        return Exit.FAULT
    if not result.success:
        return Exit.REFUSED
    return Exit.HELD_BACK if last.get("held_back") else Exit.OK
