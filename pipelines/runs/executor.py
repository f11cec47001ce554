"""Who does the steps of a run: this process, or the workers of celery, as the settings say when the run begins.

Here belongs the choice, and what the process that begins a run does for it as a whole where others do its steps: it
holds the lock, begins the run, and writes how it ended. How the others know of the run stands in
``pipelines.runs.sharing``, what a worker does in ``pipelines.runs.worker``.
"""

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any, Final

import dagster as dg
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor

from pipelines.assets.country import COUNTRY, LOAD
from pipelines.loads.loading_shared import conducted_load
from pipelines.runs.failures import LostStepError
from pipelines.runs.resources import conducted
from pipelines.runs.run import WAIT
from pipelines.settings import Settings, SettingsError, variable, without_passwords

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
    here = settings.executor == "in-process"
    return _Conducted(settings, InProcessExecutor(retries=RetryMode.ENABLED) if here else _celery(settings))


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

    # Its loop makes the same task anew for each step.
    warnings.filterwarnings("ignore", "Task name 'execute_plan' is already registered")
    return CeleryExecutor(retries=RetryMode.ENABLED, **celery_arguments(settings))


class _Conducted(dg.Executor):
    """An executor, within what is done for the run as a whole."""

    def __init__(self, settings: Settings, inner: Any) -> None:
        """Conduct what this executor does or hands out."""
        self._settings = settings
        self._inner = inner

    @property
    def retries(self) -> Any:
        """How often a step is done again."""
        return self._inner.retries

    def app_args(self) -> Any:
        """What celery's loop makes its application of."""
        return self._inner.app_args()

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[Any]:
        """Begin the run, let its steps be done, and end it."""
        if self._settings.executor == "celery":
            require_workers(self._settings)
        with self._whole(plan_context.dagster_run, plan_context.instance):
            try:
                yield from self._inner.execute(plan_context, execution_plan)
            except dg.DagsterSubprocessError as error:
                told = (info.message.strip().partition(": ")[2] for info in error.subprocess_error_infos)
                raise LostStepError("; ".join(dict.fromkeys(told))) from None

    def _whole(self, begun: dg.DagsterRun, instance: dg.DagsterInstance) -> AbstractContextManager[None]:
        """What is done for a run as a whole, unless what it works through does it: in one process the resource."""
        if begun.job_name == LOAD:
            return conducted_load(self._settings, begun.run_id, WAIT)
        if self._settings.executor == "in-process" or begun.asset_selection == {dg.AssetKey(COUNTRY)}:
            return nullcontext()
        return conducted(self._settings, begun, instance)
