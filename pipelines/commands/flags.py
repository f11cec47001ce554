"""What commands share: flags for the settings, the wait for the lock, and how a command fails.

Here belongs nothing that only one command uses.
"""

import os
from collections.abc import Callable
from dataclasses import fields
from typing import Final, NoReturn

import click

from pipelines.runs.exits import Exit
from pipelines.settings import Settings, SettingsError, variable

PORT: Final = click.IntRange(1, 65535)
SECONDS: Final = click.IntRange(0)

Command = Callable[..., None]


def settings_flags(command: Command) -> Command:
    """Give a command one flag for each setting; a flag goes before the environment."""
    for each in reversed(fields(Settings)):
        flag = f"--{each.name.replace('_', '-')}"
        text = f"{each.metadata['meaning']} [{variable(each.name)}]"
        command = click.option(flag, each.name, default=None, metavar="VALUE", help=text)(command)
    return command


def wait_option(command: Command) -> Command:
    """How long to wait for the lock."""
    text = "Seconds to wait for another writer; 0 declines."
    return click.option("--wait", type=SECONDS, default=600, show_default=True, help=text)(command)


def read_settings(given: dict[str, str | None]) -> Settings:
    """The settings of the environment and of the flags; raises SettingsError for one that cannot be used."""
    environment = {**os.environ, **{variable(name): value for name, value in given.items() if value is not None}}
    return Settings.read(environment)


def fail(status: int, *messages: str) -> NoReturn:
    """Say on standard error what is wrong, a paragraph each, and end with this status."""
    for message in dict.fromkeys(messages):
        click.echo(f"etappmal: {message}", err=True)
    raise SystemExit(int(status))


def status_of(error: Exception) -> Exit | None:
    """The status of an error that says itself what is wrong and what to do; None of a fault of our own."""
    # Loaded here alone: nearly all commands end without.
    from pipelines.runs.locking import LockHeldError
    from pipelines.storage.warehouse import WarehouseError
    from sources.errors import PlanError, SourceError

    statuses = {
        SettingsError: Exit.USAGE,
        PlanError: Exit.USAGE,
        SourceError: Exit.REFUSED,
        LockHeldError: Exit.LOCKED,
        WarehouseError: Exit.FAULT,
    }
    return next((status for kind, status in statuses.items() if isinstance(error, kind)), None)
