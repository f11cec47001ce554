"""Who does the steps of a run: this process, or the workers of celery, as the settings say when the run begins.

Here belongs the choice, and what the process that begins a run does for it as a whole where others do its steps: it
holds the lock, begins the run, and writes how it ended. How the others know of the run stands in
``pipelines.sharing``, what a worker does in ``pipelines.worker``.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Final

import dagster as dg
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor

from pipelines.places import without_passwords
from pipelines.resources import conducted
from pipelines.settings import Settings, SettingsError, variable

LOST_AFTER: Final = 30
"""Seconds after which Redis hands out again what no worker has said to be done."""

ANSWER: Final = 3.0
"""Seconds that workers have to say that they are there."""


def celery_arguments(settings: Settings) -> dict[str, Any]:
    """What celery is told, by workers and by those who hand out steps alike."""
    return {
        "broker": settings.broker,
        "backend": settings.broker,
        "config_source": {
            "broker_connection_retry_on_startup": True,
            "broker_transport_options": {"visibility_timeout": LOST_AFTER},
            "task_default_priority": 5,
            "task_default_queue": "dagster",
            "worker_prefetch_multiplier": 1,
            "worker_hijack_root_logger": False,
        },
    }


@dg.executor(name="etappmal")
def chosen_executor(_context: dg.InitExecutorContext) -> dg.Executor:
    """The executor that the settings name."""
    settings = Settings.read()
    if settings.executor == "celery":
        return _Conducted(settings, _celery(settings))
    return InProcessExecutor(retries=RetryMode.ENABLED)


def require_workers(settings: Settings) -> None:
    """Refuse to begin a run that nobody would work at.

    Raises SettingsError where the broker cannot be reached, no worker answers, or the warehouse is a file.
    """
    if not settings.warehouse:
        raise SettingsError(
            f"{variable('executor')} is celery, and the warehouse is a file that one process at a time can open: name "
            f"a lake in {variable('warehouse')}."
        )
    from celery import Celery
    from kombu.exceptions import OperationalError

    where = without_passwords(settings.broker)
    try:
        answers = Celery(**celery_arguments(settings)).control.ping(timeout=ANSWER)
    except OperationalError as error:
        raise SettingsError(
            f"{variable('broker')} is {where!r}, which cannot be reached ({without_passwords(str(error))}). See that "
            "Redis answers there."
        ) from None
    if not answers:
        raise SettingsError(f"no worker answers at {where}. Start one on each machine: etappmal worker.")


def _celery(settings: Settings) -> Any:
    """The executor of celery. Raises SettingsError where the extra is not installed."""
    if find_spec("dagster_celery") is None:
        raise SettingsError(
            f"{variable('executor')} is celery, which is not installed here: pip install 'etappmal[scale]'."
        )
    from dagster_celery.executor import CeleryExecutor

    return CeleryExecutor(retries=RetryMode.ENABLED, **celery_arguments(settings))


class _Conducted(dg.Executor):
    """Celery's executor, within what is done for the run as a whole."""

    def __init__(self, settings: Settings, celery: Any) -> None:
        """Conduct what this executor of celery hands out."""
        self._settings = settings
        self._celery = celery

    @property
    def retries(self) -> Any:
        """How often a step is done again."""
        return self._celery.retries

    def app_args(self) -> Any:
        """What celery's loop makes its application of."""
        return self._celery.app_args()

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[Any]:
        """Begin the run, let its steps be done, and end it."""
        require_workers(self._settings)
        with conducted(self._settings, plan_context.dagster_run, plan_context.instance):
            yield from self._celery.execute(plan_context, execution_plan)
