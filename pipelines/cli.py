"""The ``etappmal`` command: its parts put together, and how it ends.

What each command says stands in ``pipelines.commands``.
"""

import gc
import os
import sys
from typing import Final, NoReturn

import click

from pipelines.commands import approving, declaring, operating, past, planning, refreshing, serving, sourcing
from pipelines.commands.flags import status_of
from pipelines.runs.exits import Exit

COMMANDS: Final = (
    refreshing.refresh,
    refreshing.status,
    serving.dev,
    serving.serve,
    serving.verify,
    serving.withdraw,
    past.runs,
    past.replay,
    past.as_of,
    past.archive,
    operating.deploy,
    operating.worker,
    operating.backup,
    operating.restore,
    sourcing.accept,
    approving.approve,
    sourcing.load,
    declaring.contracts,
    planning.plan,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Municipal goals and milestones as a living, checkable data product."""


for _command in COMMANDS:
    main.add_command(_command)


def run() -> NoReturn:
    """Run the command and leave at once.

    Collecting garbage and taking the interpreter down cost a third of a refresh, and the process
    has nothing left to clean: files are closed and durable by then.
    """
    gc.disable()
    try:
        main(standalone_mode=True)
        code: int | str | None = Exit.OK
    except SystemExit as end:
        code = end.code
    except Exception as error:
        code, told = status_of(error), str(error)
        if code is None:
            if "--debug" in sys.argv:
                raise
            code, told = Exit.FAULT, f"a fault of our own: {type(error).__name__}: {error}. Run with --debug."
        click.echo(f"etappmal: {told}", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else Exit.OK if code is None else Exit.REFUSED)
