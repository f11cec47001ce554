"""Dagster's own home: one instance for the command, the UI and the schedule.

Here belongs ``dagster.yaml`` and the environment that Dagster's processes get.
"""

import os
import signal
import socket
import sys
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NoReturn

from pipelines.runs.summary import replace_text
from pipelines.settings import DRIVEN, Settings, SettingsError, unwritable_home, variable, without_passwords

CONFIGURATION: Final = """\
# Written by etappmal; changes are overwritten.
telemetry: {enabled: false}
nux: {enabled: false}
concurrency:
  pools: {default_limit: 1, granularity: run}
  runs: {max_concurrent_runs: 2}
run_retries: {enabled: true, max_retries: 1}
run_monitoring: {enabled: true, start_timeout_seconds: 180}
freshness: {enabled: true}
retention:
  schedule: {purge_after_days: 90}
  sensor: {purge_after_days: {skipped: 7, failure: 30, success: -1}}
"""

STORAGE: Final = f"storage: {{postgres: {{postgres_url: {{env: {variable('storage')}}}}}}}\n"
"""Dagster's runs in PostgreSQL; the address, which may hold a password, stays in the environment."""


def configuration(settings: Settings) -> str:
    """What ``dagster.yaml`` says."""
    return CONFIGURATION + (STORAGE if settings.storage else "")


def prepare(settings: Settings) -> None:
    """Make the instance's home, and put it and the settings in the environment of this process.

    Raises SettingsError where the home cannot be written, or the storage cannot be reached.
    """
    if settings.storage:
        require_storage(settings)
    try:
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        file, text = settings.dagster_home / "dagster.yaml", configuration(settings)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            replace_text(file, text)
    except OSError as error:
        raise unwritable_home(settings.home, error) from error
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    for each in fields(settings):
        os.environ[variable(each.name)] = str(getattr(settings, each.name))


def require_storage(settings: Settings) -> None:
    """Raise SettingsError where Dagster's runs cannot be kept where the settings say."""
    where = f"{variable('storage')} is {without_passwords(settings.storage)!r}"
    try:
        driver = import_module("psycopg2")
        import_module("dagster_postgres")
    except ImportError as error:
        raise SettingsError(f"{where}, and {error.name} is not here: pip install 'etappmal[scale]'.") from error
    try:
        driver.connect(settings.storage.replace(DRIVEN, "postgresql://", 1)).close()
    except driver.Error as error:
        why = without_passwords(" ".join(str(error).split()))
        raise SettingsError(f"{where}, which cannot be reached ({why}). See that PostgreSQL answers there.") from None


def require_free(host: str, port: int) -> None:
    """Raise SettingsError where no server can listen on the port, before anything is started."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise SettingsError(
            f"port {port} of {host} cannot be listened on ({error.strerror}): name another with --port."
        ) from error


def become_a_worker(settings: Settings, name: str, steps: int) -> NoReturn:
    """Turn this process into a worker of celery, which does the steps of runs: so many at a time.

    Raises SettingsError where the settings name no workers, or the extra is not installed.
    """
    if settings.executor != "celery":
        raise SettingsError(f"{variable('executor')} is {settings.executor!r}: a worker serves celery.")
    if find_spec("dagster_celery") is None:
        raise SettingsError(
            f"{variable('executor')} is celery, which is not installed here: pip install 'etappmal[scale]'."
        )
    prepare(settings)
    command = [sys.executable, "-m", "celery", "-A", "pipelines.runs.worker", "worker", "-Q", "dagster"]
    words = ["-n", f"{name}@%h", "-c", str(steps), "--loglevel", "INFO"]
    os.execv(sys.executable, [*command, *words])  # noqa: S606 - our own interpreter, no shell


def become_the_ui(settings: Settings, host: str, port: int) -> NoReturn:
    """Turn this process into ``dagster dev`` on the same definitions, instance and settings."""
    prepare(settings)
    require_free(host, port)
    # A shell that starts a job in the background ignores SIGINT, and Dagster copies that to SIGTERM:
    # it could then only be killed, and would leave its children behind.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", host, "-p", str(port)]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell, no input but host and port
