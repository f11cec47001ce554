"""Tables and publications that several tests of the output share, small enough to read.

Nothing here runs polars when it is imported: a process that is killed on purpose is forked from
one that has imported this.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from contracts import contract
from output.publication.generation import publish
from output.publication.manifest import About
from output.publication.planning import Occasion, Publication
from output.publication.releases import Retention
from output.tables import Frame

ABOUT = About(
    base_url="https://data.example.se",
    publisher="Exempelkommunen",
    contact="oppnadata@example.se",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
    note="Ett exempel som bygger på en offentlig rapport.",
)

FEW = Retention(releases=2, days=365)
"""So few releases that what a publication does is soon the same each time."""

OCCASION = Occasion(day=dt.date(2026, 11, 25), home="ett hem")

FILE_EVENTS = ("os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink")
"""What Python tells of before it changes which files there are."""


def income(*outcomes: int) -> pl.DataFrame:
    """An income statement with one row for each outcome."""
    declared = contract("resultatrakning")
    rows = [
        {
            "kommun_id": "0126",
            "rapport": "2023-helar",
            "rad_id": f"rad_{number}",
            "rad": f"Rad {number}",
            "radtyp": "post",
            "budget_tkr": 100,
            "utfall_tkr": outcome,
            "avvikelse_tkr": outcome - 100,
            "kalla": "Rapporten",
            "kalla_rad": number,
        }
        for number, outcome in enumerate(outcomes, start=1)
    ]
    return framed(rows, declared.polars_schema)


def organisations(*names: str) -> pl.DataFrame:
    """Control samples of one organisation for each name."""
    declared = contract("stickprov")
    rows = [
        {
            "kommun_id": "0126",
            "rapport": "2023-helar",
            "organisation_id": f"organisation_{number}",
            "organisation": name,
            "radtyp": "post",
            "antal_stickprov": 16,
            "antal_fel": 6,
            "andel_fel_procent": 37.5,
            "andel_fel_delar2_procent": 17.0,
            "kalla": "Rapporten",
        }
        for number, name in enumerate(names, start=1)
    ]
    return framed(rows, declared.polars_schema)


def framed(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of a schema; what a row does not say is missing."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def published(public: Path, *outcomes: int) -> Publication:
    """Publish an income statement of these outcomes."""
    return publish({"resultatrakning": income(*outcomes)}, public, ABOUT, OCCASION)


def publish_until_step(public: Path, fatal: int, *outcomes: int) -> None:
    """Publish, and be killed when the step of number ``fatal`` is done."""
    seen = 0

    def step(_: str) -> None:
        """Count the steps."""
        nonlocal seen
        if seen == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    publish(_short_and_long(*outcomes), public, ABOUT, replace(OCCASION, retention=FEW), step=step)


def publish_until_file_event(public: Path, fatal: int, *outcomes: int) -> None:
    """Publish, and be killed just before the change of files of number ``fatal``."""
    seen = 0

    def hook(event: str, _: tuple[Any, ...]) -> None:
        """Count the changes."""
        nonlocal seen
        if event in FILE_EVENTS:
            if seen == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(hook)
    publish(_short_and_long(*outcomes), public, ABOUT, replace(OCCASION, retention=FEW))


def _short_and_long(*outcomes: int) -> dict[str, Frame]:
    """An income statement, and a table that comes as one that is too long for the memory does."""
    return {"resultatrakning": income(*outcomes), "stickprov": organisations(*map(str, outcomes)).lazy()}
