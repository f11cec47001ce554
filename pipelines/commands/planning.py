"""Plan: the folder of a municipality, checked before it is run."""

from pathlib import Path

import click

from pipelines.commands.flags import fail, read_settings, settings_flags
from pipelines.exits import Exit

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("plan")
def plan() -> None:
    """The plan folder of a municipality."""


@plan.command("check")
@settings_flags
@click.argument("folder", metavar="DIR", type=FOLDER)
def check(*, folder: Path, **given: str | None) -> None:
    """Hold a plan folder to all that a refresh asks of it, and tell every fault at once; nothing is written."""
    settings = read_settings(given)
    from datetime import UTC, datetime

    from pipelines.checking_plan import check_plan

    recorded = settings.source == "snapshot"
    found = check_plan(folder, recorded=recorded, exempt=(settings.contact,), today=datetime.now(UTC).date())
    if found.faults:
        fail(Exit.USAGE if found.plan is None else Exit.REFUSED, *(str(fault) for fault in found.faults))
    click.echo(found.told)
