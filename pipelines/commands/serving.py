"""Dev, serve and verify: the UI, the public folder over HTTP, and whether it is whole."""

import click

from pipelines.commands.flags import PORT, fail, read_settings, settings_flags
from pipelines.runs.exits import Exit


@click.command()
@settings_flags
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=3000, show_default=True, help="Port to listen on.")
def dev(*, host: str, port: int, **given: str | None) -> None:
    """Start the Dagster UI and its daemon on the same definitions, instance and data."""
    settings = read_settings(given)
    from pipelines.runs.instance import become_the_ui

    become_the_ui(settings, host, port)


@click.command()
@settings_flags
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
def serve(*, host: str, port: int, **given: str | None) -> None:
    """Show the public folder over HTTP, with range requests."""
    settings = read_settings(given)
    from output.errors import PublicationError
    from output.publication.folder import PublicFolder
    from output.serve import serve as run_server
    from pipelines.runs.instance import require_free

    try:
        if PublicFolder(settings.public).current() is None:
            fail(Exit.REFUSED, f"{settings.public} holds no publication. Run etappmal refresh first.")
        require_free(host, port)
    except PublicationError as error:
        fail(Exit.USAGE, str(error))
    run_server(settings.public, host, port)


@click.command()
@settings_flags
def verify(**given: str | None) -> None:
    """Read every published file again and hold it to its checksum."""
    settings = read_settings(given)
    from output.publication.generation import verify as run_verify

    faults = run_verify(settings.public)
    if faults:
        fail(Exit.REFUSED, *faults)
    click.echo(f"{settings.public}: every file is as published.")


@click.command()
@settings_flags
@click.argument("release")
@click.option("--why", required=True, help="The reason, in Swedish: it stays in place of the files.")
def withdraw(*, release: str, why: str, **given: str | None) -> None:
    """Take a release back: its files go, a note with the reason stays."""
    settings = read_settings(given)
    from datetime import UTC, datetime

    from output.disclosure.gate import said_before
    from output.errors import BusyFolderError, PublicationError, ReasonError
    from output.publication.folder import PublicFolder
    from output.publication.withdrawing import withdraw as run_withdraw
    from pipelines.runs.occasions import SWEDISH_TIME
    from pipelines.storage.remembering import remember

    now = datetime.now(UTC)
    try:
        # Its files go, and readers may hold copies of them.
        remember(settings, said_before(PublicFolder(settings.public).current()), now)
        run_withdraw(settings.public, release, why, now.astimezone(SWEDISH_TIME).date())
    except BusyFolderError as error:
        fail(Exit.LOCKED, str(error))
    except ReasonError as error:
        fail(Exit.USAGE, str(error))
    except PublicationError as error:
        fail(Exit.REFUSED, str(error))
    click.echo(f"{settings.public}/releases/{release} is withdrawn.")
