"""Dagster's own home: one instance for the command, the UI and the schedule.

Here belongs ``dagster.yaml`` and the environment that Dagster's processes get.
"""

import os
import signal
import socket
import sys
from dataclasses import fields
from typing import Final, NoReturn

from pipelines.settings import Settings, SettingsError, unwritable_home, variable

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


def prepare(settings: Settings) -> None:
    """Make the instance's home, and put it and the settings in the environment of this process.

    Raises SettingsError where the home cannot be written.
    """
    try:
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        configuration = settings.dagster_home / "dagster.yaml"
        if not configuration.exists() or configuration.read_text(encoding="utf-8") != CONFIGURATION:
            configuration.write_text(CONFIGURATION, encoding="utf-8")
    except OSError as error:
        raise unwritable_home(settings.home, error) from error
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    for each in fields(settings):
        os.environ[variable(each.name)] = str(getattr(settings, each.name))


def require_free(host: str, port: int) -> None:
    """Raise SettingsError where no server can listen on the port, before anything is started."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise SettingsError(
            f"port {port} of {host} cannot be listened on ({error.strerror}): name another with --port."
        ) from error


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
