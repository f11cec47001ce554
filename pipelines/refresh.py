"""A refresh from the command: the job of the definitions, run in this process on the shared instance.

Here belongs running the job and telling how it ended. Words for the terminal belong in ``pipelines.cli``.
"""

import uuid
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg

from output.folder import PublicFolder
from pipelines import summary
from pipelines.definitions import JOB, defs
from pipelines.exits import Exit
from pipelines.instance import prepare
from pipelines.locking import writing
from pipelines.replay import rebuild
from pipelines.resources import WHO
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import WarehouseError
from sources.errors import PlanError
from sources.plan import load_plan

NAME = "etappmal refresh"

SENTENCES: Final = (WarehouseError.__name__, PlanError.__name__, SettingsError.__name__)
"""Errors of our own whose message is a sentence for the reader: it needs no class before it."""


@dataclass(frozen=True)
class Refreshed:
    """How a refresh ended. ``faults`` are errors of our own, which no input explains."""

    status: Exit
    last: dict[str, Any]
    faults: tuple[str, ...]


def refresh(settings: Settings, *, wait: float, dry_run: bool, debug: bool) -> Refreshed:
    """Run the whole job.

    Raises PlanError where the plan does not hold, SettingsError and PublicationError where the home or
    the public folder cannot be used, and LockHeldError where another writer holds the
    lock for longer than ``wait`` seconds; nothing has then been done.
    """
    load_plan(settings.plan)
    prepare(settings)
    require_apart(settings)
    run_id = str(uuid.uuid4())
    with writing(settings.home, NAME, wait), dg.DagsterInstance.get() as instance:
        rebuild(settings)
        result = defs.resolve_job_def(JOB).execute_in_process(
            instance=instance,
            run_id=run_id,
            run_config={
                "loggers": {"console": {"config": {}}} if debug else {"progress": {}},
                "ops": {"publication": {"config": {"dry_run": dry_run}}},
            },
            tags={WHO: NAME},
            raise_on_error=False,
        )
    found = summary.read(settings.summary) or {}
    last = found.get("last") or {}
    if last.get("run_id") != run_id:
        last = {}
    faults = tuple(_faults(result))
    return Refreshed(_status(result, last, faults), last, faults)


def require_apart(settings: Settings) -> None:
    """Refuse a public folder that cannot be one, before anything is computed.

    Raises PublicationError where it is something else, and SettingsError where it and the home hold
    one another: what is published must be nothing but what is published.
    """
    PublicFolder(settings.public).current()
    home, public = settings.home.resolve(), settings.public.parent.resolve() / settings.public.name
    if home.is_relative_to(public) or public.is_relative_to(home):
        raise SettingsError(f"ETAPPMAL_PUBLIC ({public}) and ETAPPMAL_HOME ({home}) hold one another: keep them apart.")


def _status(result: dg.ExecuteInProcessResult, last: dict[str, Any], faults: tuple[str, ...]) -> Exit:
    """The exit status that a result means."""
    failures = [
        event.job_failure_data.error for event in result.all_events if event.is_failure and not event.is_step_failure
    ]
    if any(_origin(error) in (PlanError.__name__, SettingsError.__name__) for error in failures):
        return Exit.USAGE
    if faults:
        return Exit.FAULT
    if not result.success:
        return Exit.REFUSED
    return Exit.HELD_BACK if last.get("held_back") else Exit.OK


def _faults(result: dg.ExecuteInProcessResult) -> list[str]:
    """Failures that are not refusals of an input: each with its asset and its message."""
    events = result.all_events
    faults = [
        f"{event.step_key}: {_cause(event.step_failure_data.error)}"
        for event in events
        if event.is_step_failure and event.step_failure_data.user_failure_data is None
    ]
    if not result.success and not faults and not any(event.is_step_failure for event in events):
        # The run failed before its first step: the workspace could not be opened.
        faults = [_cause(event.job_failure_data.error) for event in events if event.is_failure]
    return faults


def _root(error: Any) -> Any:
    """The outermost error that is not one of Dagster's around it."""
    while error is not None and error.cause is not None and error.cls_name.startswith("Dagster"):
        error = error.cause
    return error


def _origin(error: Any) -> str | None:
    """The class of what went wrong."""
    root = _root(error)
    return None if root is None else root.cls_name


def _cause(error: Any) -> str:
    """What went wrong, in words."""
    root = _root(error)
    if root is None:
        return "failed"
    message = str(root.message).strip()
    return message.partition(": ")[2] if root.cls_name in SENTENCES else message
