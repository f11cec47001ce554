"""A worker: the application of celery that takes the steps of a run from Redis, named by ``etappmal worker``.

Here belongs what becomes of a step whose worker is lost. What a step does is Dagster's to know, and who hands steps
out stands in ``pipelines.runs.executor``.

Redis hands out again, after a while, what nobody has said to be done: its worker may have been lost, or be at work
still. A step at work is known by a lock on a file below the home, which the operating system frees when a process
ends, however it ends. So a step that comes again waits while it is locked, and is done when its worker is lost.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import dagster as dg
from celery.exceptions import Ignore
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_task
from filelock import FileLock, Timeout

from pipelines.runs.executor import celery_arguments
from pipelines.runs.failures import sentence_of
from pipelines.settings import Settings

LOOK_AGAIN: Final = 10
"""Seconds until a step that is at work elsewhere is asked about again."""


class StepError(RuntimeError):
    """A step that could not be begun: why, in words."""


def _once(task: Any, do: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Do a step unless it is done, and not while another worker is at it."""
    claim = Settings.read().home / "claims" / f"{task.request.id}.lock"
    claim.parent.mkdir(parents=True, exist_ok=True)
    with suppress(Timeout), FileLock(claim).acquire(timeout=0):
        try:
            if task.AsyncResult(task.request.id).successful():
                raise Ignore
            return do(*given, **named)
        except dg.DagsterError as error:
            # Celery hands over the outermost error alone.
            raise StepError(sentence_of(error)) from error
        finally:
            claim.unlink()
    raise task.retry(countdown=LOOK_AGAIN, max_retries=None)


app: Final = make_app(celery_arguments(Settings.read()))
execute_plan: Final = create_task(app, acks_late=True, reject_on_worker_lost=True)
execute_plan.run = partial(_once, execute_plan, execute_plan.run)
