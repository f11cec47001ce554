"""Plan: the folder of a municipality, begun and checked before it is run."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.flags import fail, read_settings, settings_flags
from pipelines.runs.exits import Exit

if TYPE_CHECKING:
    from pipelines.plans.describing import Language

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("plan")
def plan() -> None:
    """The plan folder of a municipality."""


@plan.command("check")
@settings_flags
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--debug", is_flag=True, help="Show the traceback of a fault of our own.")
def check(*, folder: Path, debug: bool, **given: str | None) -> None:  # noqa: ARG001 - read where the command ends
    """Hold a plan folder to all that a refresh asks of it, and tell every fault at once; nothing is written."""
    settings = read_settings(given)
    from datetime import UTC, datetime

    from pipelines.plans.checking_plan import RECORDED, check_plan

    found = check_plan(settings, folder, datetime.now(UTC).date())
    if found.faults:
        fail(Exit.USAGE if found.wrong_use else Exit.REFUSED, *(str(fault) for fault in found.faults))
    if found.answers == RECORDED:
        from pipelines.runs.trial import tried

        trial = tried(settings, folder)
        if trial.refused:
            fail(Exit.REFUSED, *trial.refused)
        if trial.held_back:
            fail(Exit.HELD_BACK, *(f"would be held back: {one}" for one in trial.held_back))
    click.echo(found.told)


@plan.command("new")
@settings_flags
@click.option("--municipality", required=True, metavar="ID", help="The municipality's four digits, such as 0180.")
@click.option("--year", required=True, type=int, help="The year that the report is about.")
@click.option("--to", "folder", type=FOLDER, default=None, help="The new folder; plan-ID-YEAR if nothing is said.")
@click.option("--kpi", "kpis", multiple=True, metavar="ID", help="A KPI of Kolada to begin with; may be repeated.")
@click.option("--areas/--no-areas", default=True, show_default=True, help="Whether SCB is asked for its areas.")
def new(
    *, municipality: str, year: int, folder: Path | None, kpis: tuple[str, ...], areas: bool, **given: str | None
) -> None:
    """Write a first plan folder, with indicators of Kolada, empty extracts and the municipality's areas."""
    settings = read_settings(given)
    from pipelines.plans.beginning_plan import begin_plan

    place = folder or Path(f"plan-{municipality}-{year}")
    try:
        begun = begin_plan(settings, place, municipality, year, kpis=kpis, areas=areas)
    except OSError as error:
        fail(Exit.USAGE, f"{place} cannot be written ({error.strerror}): name a folder of your own with --to.")
    click.echo(
        f"{begun.folder}: {begun.name} {year}, {begun.kpis} KPIs, {begun.templates} empty extracts in mallar. "
        f"Change what says Byt ut in plan.toml, then: ETAPPMAL_SOURCE=live etappmal refresh --plan {begun.folder}"
    )


@plan.command("table")
@settings_flags
@click.argument("table", metavar="TABLE")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Of the labels.")
@click.option("--json", "as_json", is_flag=True, help="Print all codes as JSON.")
def table(*, table: str, language: "Language", as_json: bool, **given: str | None) -> None:
    """Print the variables of a table of SCB with their codes and labels, to write a series of a plan by."""
    settings = read_settings(given)
    import json
    import re

    from pipelines.plans.describing import described, lines

    if re.fullmatch(r"TAB\d+", table) is None:
        fail(Exit.USAGE, f"{table!r} is no table. Write its id, such as TAB6574.")
    told = described(settings, table, language)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else "\n".join(lines(told)))
