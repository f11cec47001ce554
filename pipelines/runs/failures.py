"""What a Dagster run that failed has to say: refusals of an input, and faults of our own.

Here belongs the way from Dagster's events to sentences. What a failure means for the exit status is
decided where the run was begun.
"""

from typing import Any, Final, TypeAlias

import dagster as dg

from pipelines.settings import SettingsError
from pipelines.storage.warehouse import WarehouseError
from sources.errors import PlanError

Result: TypeAlias = dg.ExecuteInProcessResult | dg.JobExecutionResult
"""How a run ended, in this process or conducted by it."""


class LostStepError(RuntimeError):
    """Steps that their workers could not begin: which, and why."""


WRONG_USE: Final = (PlanError.__name__, SettingsError.__name__)
"""Errors that say that the run could not be begun as it was asked for."""

SENTENCES: Final = (WarehouseError.__name__, LostStepError.__name__, *WRONG_USE)
"""Errors of our own whose message is a sentence for the reader: it needs no class before it."""


def is_wrong_use(result: Result) -> bool:
    """Whether a run ended since its plan or its settings do not hold."""
    ended = [event for event in result.all_events if event.is_failure and not event.is_step_failure]
    roots = [_root(event.job_failure_data.error) for event in ended]
    return any(root is not None and root.cls_name in WRONG_USE for root in roots)


def refusals_of(result: Result) -> list[str]:
    """What the assets of a run refused, each once."""
    refused = [event.step_failure_data.user_failure_data for event in result.all_events if event.is_step_failure]
    return list(dict.fromkeys(each.description for each in refused if each is not None and each.description))


def faults_of(result: Result) -> list[str]:
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


def sentence_of(error: BaseException) -> str:
    """What an error says, beneath those that Dagster puts around it."""
    while type(error).__name__.startswith("Dagster") and error.__cause__ is not None:
        error = error.__cause__
    return str(error)


def _root(error: Any) -> Any:
    """The outermost error that is not one of Dagster's around it."""
    while error is not None and error.cause is not None and error.cls_name.startswith("Dagster"):
        error = error.cause
    return error


def _cause(error: Any) -> str:
    """What went wrong, in words."""
    root = _root(error)
    if root is None:
        return "failed"
    message = str(root.message).strip()
    return message.partition(": ")[2] if root.cls_name in SENTENCES else message
