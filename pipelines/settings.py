"""Settings: what the environment and the command line decide, in one typed place.

Here belongs every ``ETAPPMAL_*`` variable, its default and its meaning. The plan of a municipality
is no setting: it is data, and stands in its folder.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

import sources
from sources.plan.folders import own_folder

PACKAGE: Final = Path(sources.__file__).parent
CHECKOUT: Final = PACKAGE.parent
ROOT: Final = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
"""Where the defaults lie: the checkout, or the working folder of an installed package."""

NIGHT: Final = "15 2 * * *"
"""02:15, done well before dataportal.se harvests at about 04:00."""

CRON: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""What minutes, hours, days, months and weekdays may be."""

SourceMode = Literal["snapshot", "live"]
CatalogueFormat = Literal["media-type", "file-type"]
ExecutorName = Literal["in-process", "celery"]
CHOICES: Final = (SourceMode, CatalogueFormat, ExecutorName)
"""Settings that are one of a few words."""


PUBLISHED: Final = ("base_url", "publisher", "contact", "license", "catalogue_format", "publisher_uri")
"""The settings that stand in what is published."""

LAKE: Final = "ducklake:postgres:"
DRIVEN: Final = "postgresql+psycopg2://"

URL_PASSWORD: Final = re.compile(r"(?<=://)([^/@\s:]*):[^@\s]*@")
WORD_PASSWORD: Final = re.compile(r"""(password\s*=\s*)('[^']*'|"[^"]*"|[^\s"'&]+)""", re.IGNORECASE)


class SettingsError(ValueError):
    """A setting that cannot be used: which one, what it holds, and what it may hold."""


def unwritable_home(home: Path, error: OSError) -> SettingsError:
    """The error for a home that cannot be written."""
    return SettingsError(
        f"ETAPPMAL_HOME is {str(home)!r}, which cannot be written ({error.strerror}): name a folder that you may write."
    )


def _setting(default: str, meaning: str, *, secret: bool = False) -> Any:
    """A setting with its default, as text, and its meaning; one that may hold a password is not shown."""
    return field(metadata={"default": default, "meaning": meaning}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """All settings. Each is read from ``ETAPPMAL_<NAME>`` and overridden by the flag of the same name."""

    plan: Path = _setting(str(PACKAGE / "huddinge" / "2023"), "plan folder: register, extracts, recorded answers")
    source: SourceMode = _setting("snapshot", "snapshot (recorded answers, read only) or live (the APIs)")
    home: Path = _setting(str(ROOT / ".etappmal"), "warehouse, archive and Dagster's own home")
    public: Path = _setting(str(ROOT / "output" / "public"), "the public folder")
    kolada_url: str = _setting("https://api.kolada.se/v3", "base address of Kolada")
    scb_url: str = _setting("https://statistikdatabasen.scb.se/api/v2", "base address of SCB")
    scb_wfs_url: str = _setting("https://geodata.scb.se/geoserver/stat/wfs", "address of SCB's borders of areas (WFS)")
    kolada_rate: float = _setting("5", "requests to Kolada a second")
    timeout: float = _setting("30", "seconds for a connection or a read")
    retry_seconds: float = _setting("600", "seconds for one request with all its retries")
    base_url: str = _setting("https://oppnadata.example.se", "address of the published site")
    publisher: str = _setting("Etappmål (exempel)", "publisher named in the published files")
    contact: str = _setting("oppnadata@example.se", "a function's mailbox, never a person's")
    license: str = _setting("http://creativecommons.org/publicdomain/zero/1.0/", "licence of the published data")
    catalogue_format: CatalogueFormat = _setting(
        "media-type", "how the catalogue names formats: media-type (Swedish profile) or file-type (EU's list)"
    )
    publisher_uri: str = _setting("", "address of the publisher at dataportal.se, for the catalogue; our own if blank")
    keep_releases: int = _setting("100", "how many releases are kept")
    keep_days: int = _setting("3650", "for how many days a release is kept")
    keep_run_days: int = _setting("90", "for how many days Dagster's own records of a refresh are kept")
    schedule: str = _setting(NIGHT, "when the schedule begins a refresh, as cron, Swedish time")
    alert_webhook: str = _setting("", "address that alerts are posted to; none if blank")
    alert_email: str = _setting("", "mailbox that alerts are sent to; none if blank")
    mail_server: str = _setting(
        "smtp://localhost:25", "mail server: smtp:// or smtps://, user:password@ if it asks", secret=True
    )
    warehouse: str = _setting(
        "", "attach string of a lake, ducklake:postgres:dbname=…; a DuckDB file below the home if blank", secret=True
    )

    executor: ExecutorName = _setting("in-process", "where steps run: in-process, or celery (workers)")
    broker: str = _setting("redis://localhost:6379/0", "where celery's workers are reached: redis://", secret=True)
    storage: str = _setting(
        "", "where Dagster keeps its runs: postgresql://…; SQLite files below the home if blank", secret=True
    )

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of an environment.

        Raises SettingsError naming the first variable that cannot be used.
        """
        environment = os.environ if environment is None else environment
        values = {
            each.name: _parse(each.name, each.type, environment.get(variable(each.name)) or each.metadata["default"])
            for each in fields(cls)
        }
        return cls(**values)

    def published_as(self, about: Mapping[str, str]) -> "Settings":
        """These settings, with what was told of the publisher at another time."""
        return replace(
            self,
            base_url=about["base_url"],
            publisher=about["publisher"],
            contact=about["contact"],
            license=about["license"],
            catalogue_format="file-type" if about.get("catalogue_format") == "file-type" else "media-type",
            publisher_uri=about.get("publisher_uri", ""),
        )

    def elsewhere(self, home: Path, public: Path) -> "Settings":
        """These settings in a home of its own, in one process and with the warehouse in a file there."""
        return replace(self, home=home, public=public, warehouse="", executor="in-process", storage="")

    @property
    def data_home(self) -> Path:
        """The home of this mode: snapshot and live share nothing but the public folder."""
        return self.home / self.source

    @property
    def warehouse_file(self) -> Path:
        """The DuckDB file, where the warehouse is no lake."""
        return self.data_home / "warehouse.duckdb"

    @property
    def archive(self) -> Path:
        """Every input that was ever received."""
        return self.data_home / "archive"

    @property
    def turns(self) -> Path | None:
        """Where workers take turns in asking a service; None in one process."""
        return self.data_home / "turns" if self.executor == "celery" else None

    @property
    def drop(self) -> Path:
        """Where the municipality's systems leave new extracts."""
        return self.home / "drop"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: one for the command, the UI and the schedule."""
        return self.data_home / "dagster"

    @property
    def runs(self) -> Path:
        """The manifests of all runs."""
        return self.data_home / "runs"

    @property
    def loads(self) -> Path:
        """The manifests of all loads of a whole country."""
        return self.data_home / "loads"

    @property
    def summary(self) -> Path:
        """The summary of the last run, readable without a lock."""
        return self.data_home / "last_run.json"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"ETAPPMAL_{name.upper()}"


def without_passwords(text: str) -> str:
    """A text that may name addresses, without what only their owner should know."""
    return WORD_PASSWORD.sub(r"\1***", URL_PASSWORD.sub(r"\1:***@", text))


def _parse(name: str, kind: Any, text: str) -> Any:
    """A setting's text as its type."""
    if kind is Path:
        path = _path(name, text)
        return own_folder(path) if name == "plan" else path
    if kind is float:
        return _positive(name, text)
    if kind is int:
        return _count(name, text)
    if kind in CHOICES and text not in get_args(kind):
        raise SettingsError(f"{variable(name)} is {text!r}: write {' or '.join(get_args(kind))}.")
    if name.endswith("_url") or (name in {"alert_webhook", "publisher_uri"} and text):
        return _address(name, text)
    if name == "schedule":
        return _cron(name, text)
    with_password = {"mail_server": _mail_server, "warehouse": _lake, "broker": _broker, "storage": _storage}
    return with_password[name](name, text) if name in with_password else text


def _path(name: str, text: str) -> Path:
    """A path, from the working folder."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{variable(name)} is {text!r}: {error}") from error


def _positive(name: str, text: str) -> float:
    """A number above zero."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise SettingsError(f"{variable(name)} is {text!r}: write a number above zero.")
    return number


def _count(name: str, text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or not text.isascii() or int(text) == 0:
        raise SettingsError(f"{variable(name)} is {text!r}: write a whole number above zero.")
    return int(text)


def _cron(name: str, text: str) -> str:
    """When something begins, in the five parts of cron, each as numbers, ranges and steps."""
    parts = text.split()
    whole = len(parts) == len(CRON) and all(
        re.fullmatch(r"(\*|\d{1,2}(-\d{1,2})?)(/[1-9]\d?)?", each)
        and all(low <= int(number) <= high for number in re.findall(r"\d+", each.partition("/")[0]))
        for part, (low, high) in zip(parts, CRON, strict=True)
        for each in part.split(",")
    )
    if not whole:
        raise SettingsError(f"{variable(name)} is {text!r}: write minute, hour, day, month and weekday, say {NIGHT!r}.")
    return text


def _address(name: str, text: str) -> str:
    """An http address without a slash at its end."""
    if not text.startswith(("http://", "https://")) or not urlsplit(text).hostname:
        raise SettingsError(f"{variable(name)} is {text!r}: write an address that begins with https://.")
    return text.rstrip("/")


def _mail_server(name: str, text: str) -> str:
    """The address of a mail server. It may hold a password, so that it is not repeated in the error."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"smtp", "smtps"} and parts.hostname and (parts.port or 0) >= 0
    except ValueError:
        whole = False
    if not whole:
        raise SettingsError(f"{variable(name)} is no mail server: write smtp://host:port or smtps://host:port.")
    return text


def _lake(name: str, text: str) -> str:
    """What DuckDB attaches. It may hold a password, so that it is not repeated in the error."""
    if text and (not text.startswith(LAKE) or "=" not in text):
        raise SettingsError(f"{variable(name)} is no lake: write {LAKE}dbname=… host=… user=…, or leave it blank.")
    return text


def _broker(name: str, text: str) -> str:
    """The address of Redis. It may hold a password, so that it is not repeated in the error."""
    if not text.startswith(("redis://", "rediss://")):
        raise SettingsError(f"{variable(name)} is no broker: write redis://host:port/0 or rediss://host:port/0.")
    return text


def _storage(name: str, text: str) -> str:
    """The address of a database, with the driver that Dagster's package brings. It may hold a password."""
    if text and not text.startswith(("postgresql://", DRIVEN)):
        raise SettingsError(f"{variable(name)} is no storage: write postgresql://user@host/name, or leave it blank.")
    return DRIVEN + text.removeprefix("postgresql://").removeprefix(DRIVEN) if text else text
