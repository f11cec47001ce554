"""Deploy, worker, backup and restore: how it is run on a server for years."""

import os
from pathlib import Path

import click

from pipelines.commands.flags import PORT, fail, read_settings, settings_flags, wait_option
from pipelines.runs.exits import Exit


@click.command()
@settings_flags
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--user", default="etappmal", show_default=True, help="The system user that the services run as.")
@click.option(
    "--port", type=PORT, default=3000, show_default=True, help="Port of the Dagster UI, on this machine only."
)
@click.option("--listen", default="80", show_default=True, help="Port, or address and port, that nginx listens on.")
def deploy(*, folder: Path, user: str, port: int, listen: str, **given: str | None) -> None:
    """Write what runs a deployment with these settings: systemd units, environment file, dagster.yaml, nginx."""
    settings = read_settings(given)
    from pipelines.operations.deploying import deploy as run_deploy

    for path in run_deploy(settings, folder, user=user, port=port, listen=listen):
        click.echo(path)


@click.command()
@settings_flags
@click.option("--name", default=f"etappmal-{os.getpid()}", help="Its name among the workers of this machine.")
@click.option("--steps", type=click.IntRange(1), default=1, show_default=True, help="Steps that it does at a time.")
def worker(*, name: str, steps: int, **given: str | None) -> None:
    """Be a worker that does the steps of runs, where the executor is celery."""
    settings = read_settings(given)
    from pipelines.runs.instance import become_a_worker

    become_a_worker(settings, name, steps)


@click.command()
@settings_flags
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(1), default=14, show_default=True, help="Backups that are kept there.")
@wait_option
def backup(*, folder: Path, keep: int, wait: int, **given: str | None) -> None:
    """Back up warehouse, archive, run manifests and what is published, as one file in a folder."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from pipelines.storage.backup import BackupError
    from pipelines.storage.backup import backup as run_backup

    try:
        click.echo(run_backup(settings, folder, keep=keep, wait=wait))
    except (BackupError, PublicationError) as error:
        fail(Exit.REFUSED, str(error))


@click.command()
@settings_flags
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@wait_option
def restore(*, file: Path, wait: int, **given: str | None) -> None:
    """Put back what a backup holds; what was there before is put aside."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from pipelines.storage.backup import BackupError
    from pipelines.storage.backup import restore as run_restore

    try:
        aside = run_restore(settings, file, wait=wait)
    except (BackupError, PublicationError) as error:
        fail(Exit.REFUSED, str(error))
    click.echo(f"{settings.data_home} is as it was backed up." + (f" What was there lies in {aside}." if aside else ""))
