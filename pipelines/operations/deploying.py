"""A deployment: the files by which a server runs the UI, the daemon, the watch and the backup, and shows the pages.

Here belongs what is filled into the templates of ``pipelines/operations/deployment``. Nothing is started or
installed: the files say what they are for, and whoever has the server's rights puts them there.
"""

import sys
from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from pipelines.operations import static_server
from pipelines.runs.instance import configuration
from pipelines.runs.summary import replace_text
from pipelines.settings import Settings, SettingsError, variable

UNITS: Final = (
    "etappmal-webserver.service",
    "etappmal-daemon.service",
    "etappmal-watch.service",
    "etappmal-watch.timer",
    "etappmal-backup.service",
    "etappmal-backup.timer",
)
WORKER: Final = "etappmal-worker@.service"
"""A unit of which as many are started as there are to be workers, where there are any."""

ENVIRONMENT: Final = "etappmal.env"
WORKSPACE: Final = "workspace.yaml"
SECRET: Final = 0o600


def deploy(settings: Settings, folder: Path, *, user: str, port: int, listen: str) -> list[Path]:
    """Write the files of a deployment into a folder; which they are.

    Raises SettingsError where a value cannot stand in a unit or an environment file.
    """
    folder = folder.absolute()
    environment = _environment(settings)
    filled = {
        "user": _plain("--user", user),
        "port": str(port),
        "bin": _word(Path(sys.executable).parent),
        "environment": _plain("folder", str(folder / ENVIRONMENT)).replace("%", "%%"),
        "workspace": _word(folder / WORKSPACE),
        "work": _plain("folder", str(folder)).replace("%", "%%"),
        "backups": _word(folder / "backups"),
        "writable": " ".join(_word(path) for path in _writable(settings, folder)),
    }
    units = (*UNITS, WORKER) if settings.executor == "celery" else UNITS
    texts = {f"systemd/{name}": _filled(name, filled) for name in units}
    texts[f"nginx/{static_server.NAME}"] = _filled(static_server.NAME, static_server.values(settings, listen))
    texts |= {WORKSPACE: _filled(WORKSPACE, {}), "dagster.yaml": configuration(settings), ENVIRONMENT: environment}
    try:
        for path in (folder / "backups", *_writable(settings, folder)):
            path.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            replace_text(folder / name, text)
        # It may hold the password of a mail server, or the address of a webhook.
        (folder / ENVIRONMENT).chmod(SECRET)
        replace_text(settings.dagster_home / "dagster.yaml", configuration(settings))
    except OSError as error:
        raise SettingsError(f"{error.filename or folder} cannot be written ({error.strerror}).") from error
    return [folder / name for name in texts]


def _environment(settings: Settings) -> str:
    """All settings, and Dagster's own, as systemd and shells read an environment file."""
    values = {variable(each.name): str(getattr(settings, each.name)) for each in fields(settings)}
    values |= {"DAGSTER_HOME": str(settings.dagster_home), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    lines = [f"{name}={_quoted(name, value)}" for name, value in values.items() if value]
    return "# Written by etappmal deploy: the settings of all services.\n" + "\n".join(lines) + "\n"


def _writable(settings: Settings, folder: Path) -> tuple[Path, ...]:
    """The folders that a refresh writes in: the home, beside the public link, the plan's extracts, the backups."""
    return settings.home, settings.public.parent, settings.plan / "extracts", folder / "backups"


def _filled(name: str, values: Mapping[str, str]) -> str:
    """A template with its values."""
    template = files("pipelines.operations").joinpath("deployment", name)
    return Template(template.read_text(encoding="utf-8")).substitute(values)


def _plain(what: str, text: str) -> str:
    """A text that stays on its line."""
    if not text or any(ord(sign) < ord(" ") for sign in text):
        raise SettingsError(f"{what} is {text!r}: write it on one line, without control characters.")
    return text


def _word(path: Path) -> str:
    """A path as one word of a unit: quoted, with systemd's own signs doubled."""
    text = _plain("a path", str(path)).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if " " in text or '"' in text else text


def _quoted(name: str, text: str) -> str:
    """A value of an environment file, between double quotes."""
    for sign in '\\"$`':
        text = text.replace(sign, f"\\{sign}")
    return f'"{_plain(name, text)}"'
