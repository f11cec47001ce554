"""Approve: what is to be published, shown and approved by somebody before it is."""

import json
from typing import TYPE_CHECKING

import click

from pipelines.commands.flags import fail, read_settings, settings_flags
from pipelines.runs.exits import Exit

if TYPE_CHECKING:
    from pipelines.plans.approving import Pending


@click.command()
@settings_flags
@click.option("--as", "by", default=None, metavar="NAME", help="Approve what is shown, as this person or function.")
@click.option("--in-plan", is_flag=True, help="Keep the approval in the plan (approval.toml), not with the home.")
@click.option("--json", "as_json", is_flag=True, help="Print what waits as JSON.")
def approve(*, by: str | None, in_plan: bool, as_json: bool, **given: str | None) -> None:
    """Show which datasets, columns and levels of disclosure wait for an approval; with --as, approve them."""
    settings = read_settings(given)
    if by is not None and not (by.strip() and by.isprintable()):
        fail(Exit.USAGE, "--as holds nothing, or a sign that is not seen. Write the name of who approves.")
    from contracts.terms import fingerprint_of_all
    from output.errors import PublicationError
    from pipelines.plans import approving
    from sources.plan import load_plan

    try:
        plan = load_plan(settings.plan)
        tables = approving.to_publish(plan)
        waiting = approving.pending(settings, plan, tables)
        sha256 = fingerprint_of_all(plan.register.municipality.id, tables)
        if as_json:
            found = {each.dataset: {"columns": dict(each.now), "changes": list(each.changes)} for each in waiting}
            click.echo(json.dumps({"sha256": sha256, "waiting": found}, ensure_ascii=False, indent=1))
        else:
            _show(waiting)
            click.echo(f"{len(waiting)} of {len(tables)} datasets wait for an approval. Hash of all: {sha256}")
        if by is not None and (waiting or in_plan):
            where = approving.approve(settings, by, in_plan=in_plan)
            click.echo(f"Approved by {by}: {where}", err=as_json)
    except PublicationError as error:
        fail(Exit.USAGE, str(error))


def _show(waiting: "list[Pending]") -> None:
    """Print each dataset that waits: all of its columns where it is new, else what has changed."""
    for each in waiting:
        click.echo(f"{each.dataset}: {'new' if each.before is None else 'changed'}")
        lines = each.changes if each.before is not None else (f"{name}: {said}" for name, said in each.now.items())
        for line in lines:
            click.echo(f"  {line}")
