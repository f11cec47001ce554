"""The ``etappmal`` command: words, flags and exit status.

Here belongs what a person types and reads. What a command does stands in the module of its name;
it is imported only when it is asked for, so that ``--help`` and ``status`` answer at once.
"""

import gc
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from pipelines import summary
from pipelines.exits import Exit
from pipelines.settings import Settings, SettingsError, variable

PORT: Final = click.IntRange(1, 65535)
SECONDS: Final = click.IntRange(0)
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

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
    """The settings of the environment and of the flags; a setting that cannot be used ends the command."""
    environment = {**os.environ, **{variable(name): value for name, value in given.items() if value is not None}}
    try:
        return Settings.read(environment)
    except SettingsError as error:
        fail(Exit.USAGE, str(error))


def fail(status: int, *messages: str) -> NoReturn:
    """Say on standard error what is wrong, a paragraph each, and end with this status."""
    for message in dict.fromkeys(messages):
        click.echo(f"etappmal: {message}", err=True)
    raise SystemExit(int(status))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Municipal goals and milestones as a living, checkable data product."""


@main.command()
@settings_flags
@click.option("--dry-run", is_flag=True, help="Show what would change and publish nothing.")
@click.option(
    "--wait", type=SECONDS, default=600, show_default=True, help="Seconds to wait for another refresh; 0 declines."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--debug", is_flag=True, help="Show Dagster's own log, and tracebacks.")
def refresh(*, dry_run: bool, wait: int, as_json: bool, debug: bool, **given: str | None) -> None:
    """Run the whole pipeline: plan, extracts and statistics to goal status and open data."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from pipelines.locking import LockHeldError
    from pipelines.refresh import refresh as run_refresh
    from pipelines.terminal import show
    from sources.errors import PlanError, SourceError

    try:
        done = run_refresh(settings, wait=wait, dry_run=dry_run, debug=debug)
    except (PlanError, SettingsError, PublicationError) as error:
        fail(Exit.USAGE, str(error))
    except SourceError as error:
        fail(Exit.REFUSED, str(error))
    except LockHeldError as error:
        fail(Exit.LOCKED, str(error))
    errors = [*done.last.get("errors", []), *done.faults]
    held_back = done.last.get("held_back", [])
    if as_json:
        click.echo(json.dumps(done.last, ensure_ascii=False, indent=1))
    elif done.last.get("state") not in (None, summary.FAILED):
        show(done.last)
    if done.status not in (Exit.OK, Exit.HELD_BACK):
        hint = "" if debug else " Run again with --debug for the whole log."
        fail(
            int(done.status),
            *(errors or ["the refresh failed."]),
            f"Nothing was published; {settings.public} is as it was." + (hint if done.faults else ""),
        )
    for one in held_back:
        click.echo(f"etappmal: held back: {one}", err=True)
    raise SystemExit(int(done.status))


@main.command()
@settings_flags
@click.option("--max-age", default=None, metavar="26h", help="Fail when no refresh has succeeded for so long.")
@click.option("--json", "as_json", is_flag=True, help="Print the summaries as JSON.")
def status(*, max_age: str | None, as_json: bool, **given: str | None) -> None:
    """Print the table of the last run; needs neither the warehouse nor its lock."""
    settings = read_settings(given)
    found = summary.read(settings.summary)
    if found is None:
        fail(Exit.REFUSED, f"there has been no refresh in {settings.data_home}. Run etappmal refresh.")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        from pipelines.terminal import show

        show(found["last"])
    if max_age is not None:
        _require_recent(found["last_success"], max_age)


def _require_recent(success: dict[str, Any] | None, max_age: str) -> None:
    """End with an error where the last success is older than allowed."""
    match = re.fullmatch(r"(\d+)([smhd])", max_age)
    if match is None:
        fail(Exit.USAGE, f"--max-age is {max_age!r}: write a number and s, m, h or d, say 26h.")
    try:
        allowed = timedelta(**{UNITS[match[2]]: int(match[1])})
    except OverflowError:
        fail(Exit.USAGE, f"--max-age is {max_age!r}: that is longer than time is counted.")
    if success is None:
        fail(Exit.REFUSED, "no refresh has ever succeeded.")
    age = datetime.now(UTC) - datetime.fromisoformat(success["ended"])
    if age > allowed:
        fail(Exit.REFUSED, f"the last refresh that succeeded ended {success['ended']}, more than {max_age} ago.")


@main.command()
@settings_flags
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=3000, show_default=True, help="Port to listen on.")
def dev(*, host: str, port: int, **given: str | None) -> None:
    """Start the Dagster UI and its daemon on the same definitions, instance and data."""
    settings = read_settings(given)
    from pipelines.instance import become_the_ui

    try:
        become_the_ui(settings, host, port)
    except SettingsError as error:
        fail(Exit.USAGE, str(error))


@main.command()
@settings_flags
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
def serve(*, host: str, port: int, **given: str | None) -> None:
    """Show the public folder over HTTP, with range requests."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from output.folder import PublicFolder
    from output.serve import serve as run_server
    from pipelines.instance import require_free

    try:
        if PublicFolder(settings.public).current() is None:
            fail(Exit.REFUSED, f"{settings.public} holds no publication. Run etappmal refresh first.")
        require_free(host, port)
    except (PublicationError, SettingsError) as error:
        fail(Exit.USAGE, str(error))
    run_server(settings.public, host, port)


@main.command()
@settings_flags
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
def runs(*, as_json: bool, **given: str | None) -> None:
    """List the runs, the newest first: id, start, source, report, state, release."""
    settings = read_settings(given)
    from pipelines.manifests import UnknownRunError, listed

    try:
        found = listed(settings.runs)
    except UnknownRunError as error:
        fail(Exit.REFUSED, str(error.args[0]))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for run in found:
        click.echo("  ".join(str(value) for value in run.values()))


@main.command()
@settings_flags
@click.argument("run_id", metavar="RUN")
@click.option("--to", required=True, type=click.Path(path_type=Path), help="A folder that becomes a public folder.")
def replay(*, run_id: str, to: Path, **given: str | None) -> None:
    """Make a run again from the archive alone, with no network, into a folder of its own."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from output.folder import PublicFolder
    from pipelines.manifests import UnknownRunError
    from pipelines.replay import replay as run_again
    from sources.errors import SourceError

    try:
        if PublicFolder(to.absolute()).current() is not None:
            fail(Exit.USAGE, f"{to} holds a publication: name a new folder, so that nothing published is replaced.")
        manifest, faults = run_again(settings, run_id, to)
    except (UnknownRunError, PublicationError) as error:
        fail(Exit.USAGE, str(error.args[0]))
    except SourceError as error:
        fail(Exit.REFUSED, str(error))
    if faults:
        fail(Exit.REFUSED, *faults)
    click.echo(f"{manifest.run_id} of {manifest.started}: {to}/latest")


@main.command("as-of")
@settings_flags
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def as_of(*, day: datetime, wait: int, as_json: bool, **given: str | None) -> None:
    """Print what was known of each indicator by the end of a day, Swedish time, and its statuses."""
    settings = read_settings(given)
    from pipelines.locking import LockHeldError
    from pipelines.manifests import UnknownRunError
    from pipelines.replay import known_on
    from pipelines.terminal import show_frame
    from sources.errors import SourceError

    try:
        frame, run_id = known_on(settings, day.date(), wait)
    except OverflowError:
        fail(Exit.USAGE, f"{day:%Y-%m-%d} is beyond the calendar.")
    except LockHeldError as error:
        fail(Exit.LOCKED, str(error))
    except UnknownRunError as error:
        fail(Exit.REFUSED, str(error.args[0]))
    except SourceError as error:
        fail(Exit.REFUSED, str(error))
    if as_json:
        click.echo(json.dumps({"run": run_id, "indicators": frame.to_dicts()}, ensure_ascii=False, indent=1))
        return
    click.echo(f"As known by the end of {day:%Y-%m-%d}, with the plan of run {run_id}")
    show_frame(frame)


@main.group("load")
def load_group() -> None:
    """Take in more than a plan asks for."""


@load_group.command("kolada")
@settings_flags
@click.option("--all", "everything", is_flag=True, help="Every KPI for every municipality and region.")
@click.option("--full", is_flag=True, help="Read everything again, not only what has changed.")
@click.option("--every-days", default=30.0, show_default=True, help="Read everything again when so many have passed.")
@click.option(
    "--wait", type=SECONDS, default=600, show_default=True, help="Seconds to wait for another writer; 0 declines."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def load_kolada(
    *, everything: bool, full: bool, every_days: float, wait: int, as_json: bool, **given: str | None
) -> None:
    """Load the whole country from Kolada into the warehouse; go on where a load was broken off."""
    settings = read_settings(given)
    if not everything:
        fail(Exit.USAGE, "what is to be loaded? Write etappmal load kolada --all.")
    from pipelines.loading import load
    from pipelines.locking import LockHeldError
    from pipelines.ticker import Ticker
    from pipelines.warehouse import WarehouseError
    from sources.errors import SourceError

    # A load is long, and what each request leaves behind would pile up.
    gc.enable()
    try:
        done = load(settings, full=full, every_days=every_days, wait=wait, tell=Ticker())
    except LockHeldError as error:
        fail(Exit.LOCKED, str(error))
    except SourceError as error:
        fail(Exit.REFUSED, str(error), "The load is not complete. Run it again: it goes on where it was.")
    except WarehouseError as error:
        fail(Exit.FAULT, str(error))
    told = done.as_dict()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(
            f"{done.requests} requests, {done.values} values ({done.new} new, {done.changed} changed, {done.removed} "
            f"removed) in {done.seconds:.1f} s: {told['requests_per_second']} requests and "
            f"{told['values_per_second']} values a second"
        )
    if done.unlisted:
        click.echo(f"etappmal: no longer in Kolada's list, kept as known: {', '.join(done.unlisted)}", err=True)
    for kpi in done.missing:
        click.echo(f"etappmal: held back: {kpi} had values and has none now; it keeps what it had.", err=True)
    raise SystemExit(int(Exit.HELD_BACK if done.missing else Exit.OK))


@main.group()
def archive() -> None:
    """The archive of everything that was received."""


@archive.command("verify")
@settings_flags
def archive_verify(**given: str | None) -> None:
    """Hash every archived answer again, and name what is damaged."""
    settings = read_settings(given)
    from sources.archive import Archive
    from sources.errors import AnswerError

    folders = [settings.archive, *([settings.plan / "archive"] if settings.source == "snapshot" else [])]
    try:
        damaged = [(folder, damage) for folder in folders for damage in Archive(folder, read_only=True).verify()]
    except AnswerError as error:
        fail(Exit.REFUSED, str(error))
    if damaged:
        fail(Exit.REFUSED, *(f"{folder}: {one.request}: {one.what} ({one.sha256})" for folder, one in damaged))
    click.echo(f"{', '.join(str(folder) for folder in folders)}: every answer is as it came.")


@main.command()
@settings_flags
@click.argument("kpi")
def accept(*, kpi: str, **given: str | None) -> None:
    """Accept a KPI as Kolada describes it now: its title, or that it is retired or empty, into plan.toml."""
    settings = read_settings(given)
    from pipelines.accepting import AcceptError
    from pipelines.accepting import accept as run_accept
    from pipelines.locking import LockHeldError

    try:
        click.echo(run_accept(settings, kpi))
    except AcceptError as error:
        fail(Exit.USAGE, str(error))
    except LockHeldError as error:
        fail(Exit.LOCKED, str(error))


@main.command()
@settings_flags
def verify(**given: str | None) -> None:
    """Read every published file again and hold it to its checksum."""
    settings = read_settings(given)
    from output.generation import verify as run_verify

    faults = run_verify(settings.public)
    if faults:
        fail(Exit.REFUSED, *faults)
    click.echo(f"{settings.public}: every file is as published.")


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
        if "--debug" in sys.argv:
            raise
        click.echo(f"etappmal: a fault of our own: {type(error).__name__}: {error}. Run with --debug.", err=True)
        code = Exit.FAULT
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else Exit.OK if code is None else Exit.REFUSED)
