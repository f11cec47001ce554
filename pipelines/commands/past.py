"""Runs, replay, as-of and archive: what was done and known before."""

import json
from datetime import datetime
from pathlib import Path

import click

from pipelines.commands.flags import fail, read_settings, settings_flags, wait_option
from pipelines.runs.exits import Exit


@click.command()
@settings_flags
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
def runs(*, as_json: bool, **given: str | None) -> None:
    """List the runs, the newest first: id, start, source, report, state, release."""
    settings = read_settings(given)
    from pipelines.runs.manifests import UnknownRunError, listed

    try:
        found = listed(settings.runs, settings.loads)
    except UnknownRunError as error:
        fail(Exit.REFUSED, str(error.args[0]))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for run in found:
        click.echo("  ".join(str(value) for value in run.values()))


@click.command()
@settings_flags
@click.argument("run_id", metavar="RUN")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="A folder that becomes a public folder.")
def replay(*, run_id: str, to: Path, **given: str | None) -> None:
    """Make a run again from the archive alone, with no network, into a folder of its own."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from output.publication.folder import PublicFolder
    from pipelines.runs.manifests import UnknownRunError
    from pipelines.runs.replay import replay as run_again

    try:
        if PublicFolder(to.absolute()).current() is not None:
            fail(Exit.USAGE, f"{to} holds a publication: name a new folder, so that nothing published is replaced.")
        manifest, faults = run_again(settings, run_id, to)
    except (UnknownRunError, PublicationError) as error:
        fail(Exit.USAGE, str(error.args[0]))
    if faults:
        fail(Exit.REFUSED, *faults)
    click.echo(f"{manifest.run_id} of {manifest.started}: {to}/latest")


@click.command("as-of")
@settings_flags
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def as_of(*, day: datetime, wait: int, as_json: bool, **given: str | None) -> None:
    """Print what was known of each indicator by the end of a day, Swedish time, and its statuses."""
    settings = read_settings(given)
    from pipelines.runs.manifests import UnknownRunError
    from pipelines.runs.replay import known_on
    from pipelines.runs.terminal import show_frame

    try:
        frame, run_id = known_on(settings, day.date(), wait)
    except OverflowError:
        fail(Exit.USAGE, f"{day:%Y-%m-%d} is beyond the calendar.")
    except UnknownRunError as error:
        fail(Exit.REFUSED, str(error.args[0]))
    if as_json:
        click.echo(json.dumps({"run": run_id, "indicators": frame.to_dicts()}, ensure_ascii=False, indent=1))
        return
    click.echo(f"As known by the end of {day:%Y-%m-%d}, with the plan of run {run_id}")
    show_frame(frame)


@click.group()
def archive() -> None:
    """The archive of everything that was received."""


@archive.command("verify")
@settings_flags
def archive_verify(**given: str | None) -> None:
    """Hash every archived answer again, and name what is damaged."""
    settings = read_settings(given)
    from sources.archive import Archive

    folders = [settings.archive, *([settings.plan / "archive"] if settings.source == "snapshot" else [])]
    damaged = [(folder, damage) for folder in folders for damage in Archive(folder, read_only=True).verify()]
    if damaged:
        fail(Exit.REFUSED, *(f"{folder}: {one.request}: {one.what} ({one.sha256})" for folder, one in damaged))
    click.echo(f"{', '.join(str(folder) for folder in folders)}: every answer is as it came.")
