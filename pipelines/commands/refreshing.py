"""Refresh and status: the main job, and how it last went."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from pipelines.commands.flags import fail, read_settings, settings_flags, wait_option
from pipelines.runs import summary
from pipelines.runs.exits import Exit

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@click.command()
@settings_flags
@click.option("--dry-run", is_flag=True, help="Show what would change and publish nothing.")
@click.option("--report", default=None, metavar="2019-helar", help="The report of a plan folder beside the plan's own.")
@click.option("--all", "every", is_flag=True, help="The reports of all plan folders beside the plan, in one run.")
@click.option("--rule", default=None, metavar="latest", help="Version of the rule, or latest; else the one in force.")
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--debug", is_flag=True, help="Show Dagster's own log, and tracebacks.")
def refresh(
    *,
    dry_run: bool,
    report: str | None,
    every: bool,
    rule: str | None,
    wait: int,
    as_json: bool,
    debug: bool,
    **given: str | None,
) -> None:
    """Run the whole pipeline: plan, extracts and statistics to goal status and open data."""
    settings = read_settings(given)
    if report and every:
        fail(Exit.USAGE, "--report names one report and --all means every one: give one of them.")
    from output.errors import PublicationError
    from pipelines.runs.refresh import refresh as run_refresh
    from pipelines.runs.terminal import show
    from sources.plan.folders import report_folders

    beside = list(report_folders(settings.plan)) if every else []
    asked = (report, report) if report else (beside[0], beside[-1]) if beside else None
    try:
        done = run_refresh(settings, wait=wait, dry_run=dry_run, debug=debug, reports=asked, rule=rule)
    except PublicationError as error:
        fail(Exit.USAGE, str(error))
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
    if done.last.get("waiting"):
        click.echo(f"etappmal: this would not be published yet: {done.last['waiting']}", err=True)
    for one in held_back:
        click.echo(f"etappmal: held back: {one}", err=True)
    raise SystemExit(int(done.status))


@click.command()
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
        from pipelines.runs.terminal import show

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
