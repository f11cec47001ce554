"""Load and accept: what is taken in from Kolada and SCB beyond a plan, and what a plan accepts of it."""

import gc
import json
import re
from typing import TYPE_CHECKING, Final

import click

from pipelines.commands.flags import fail, read_settings, settings_flags, wait_option
from pipelines.runs.exits import Exit
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.loads.load_telling import Loaded

INCOMPLETE: Final = "The load is not complete. Run it again: it goes on where it was."


@click.group("load")
def load() -> None:
    """Take in more than a plan asks for."""


@load.command("kolada")
@settings_flags
@click.option("--all", "everything", is_flag=True, help="Every KPI for every municipality and region.")
@click.option("--full", is_flag=True, help="Read everything again, not only what has changed.")
@click.option("--every-days", default=30.0, show_default=True, help="Read everything again when so many have passed.")
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def load_kolada(
    *, everything: bool, full: bool, every_days: float, wait: int, as_json: bool, **given: str | None
) -> None:
    """Load the whole country from Kolada into the warehouse; go on where a load was broken off."""
    settings = read_settings(given)
    if not everything:
        fail(Exit.USAGE, "what is to be loaded? Write etappmal load kolada --all.")
    from pipelines.loads.loading import load as run_load
    from pipelines.loads.ticker import Ticker
    from sources.errors import SourceError

    # A load is long, and what each request leaves behind would pile up.
    gc.enable()
    try:
        if settings.executor == "celery":
            done = _spread(settings, full=full, every_days=every_days, wait=wait)
        else:
            done = run_load(settings, full=full, every_days=every_days, wait=wait, tell=Ticker())
    except SourceError as error:
        fail(Exit.REFUSED, str(error), INCOMPLETE)
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


def _spread(settings: Settings, *, full: bool, every_days: float, wait: int) -> "Loaded":
    """Load with all workers; a load that does not come to its end ends the command."""
    from pipelines.loads.spreading import SpreadError, spread

    try:
        return spread(settings, full=full, every_days=every_days, wait=wait)
    except SpreadError as error:
        fail(error.status, *error.messages, INCOMPLETE)


@load.command("scb")
@settings_flags
@click.option("--table", required=True, help="The table's id, such as TAB6574.")
@click.option("--regions", default="*", show_default=True, help="Codes or expressions, commas between: 0126*,01,00.")
@click.option("--years", default="*", show_default=True, help="Codes or expressions, commas between: top(5).")
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def load_scb(*, table: str, regions: str, years: str, wait: int, as_json: bool, **given: str | None) -> None:
    """Load a table of SCB by region into the warehouse, such as the country by RegSO and DeSO."""
    settings = read_settings(given)
    from pipelines.loads.loading_tables import load_table
    from sources.errors import SourceError

    if re.fullmatch(r"TAB\d+", table) is None:
        fail(Exit.USAGE, f"{table!r} is no table. Write its id, such as TAB6574.")
    chosen = {"regions": tuple(regions.split(",")), "years": tuple(years.split(","))}
    gc.enable()
    try:
        done = load_table(settings, table, **chosen, wait=wait, tell=_tell_cells)
    except SourceError as error:
        fail(Exit.REFUSED, str(error), INCOMPLETE)
    told = done.as_dict()
    click.echo(
        json.dumps(told, ensure_ascii=False, indent=1)
        if as_json
        else f"{done.table}: {done.requests} requests, {done.cells} cells, {done.values} values ({done.new} new, "
        f"{done.changed} changed) in {done.seconds:.1f} s"
    )


@load.command("areas")
@settings_flags
@click.option("--municipality", required=True, help="Its code, such as 1280.")
@click.option("--name", required=True, help="Its name.")
@click.option("--county", required=True, help="The name of its county.")
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False), help="The plan folder.")
@wait_option
def load_areas(*, municipality: str, name: str, county: str, folder: str, wait: int, **given: str | None) -> None:
    """Fetch the areas of a municipality from SCB into a plan folder, and print what its plan.toml is to say."""
    settings = read_settings(given)
    from pathlib import Path

    from pipelines.plans.beginning_areas import area_section, fetch_areas

    if re.fullmatch(r"\d{4}", municipality) is None:
        fail(Exit.USAGE, f"{municipality!r} is no municipality. Write its four-digit code, such as 1280.")
    place = fetch_areas(settings, municipality, name, county, Path(folder), wait=wait)
    click.echo(area_section(municipality))
    click.echo(f"{place} is written. Add the lines above to plan.toml.", err=True)


def _tell_cells(done: int, of: int) -> None:
    """Say how far a load has come."""
    click.echo(f"{done} of {of} cells", err=True)


@click.command()
@settings_flags
@click.argument("kpi")
def accept(*, kpi: str, **given: str | None) -> None:
    """Accept a KPI as Kolada describes it now: its title, or that it is retired or empty, into plan.toml."""
    settings = read_settings(given)
    from pipelines.plans.accepting import AcceptError
    from pipelines.plans.accepting import accept as run_accept

    try:
        click.echo(run_accept(settings, kpi))
    except AcceptError as error:
        fail(Exit.USAGE, str(error))
