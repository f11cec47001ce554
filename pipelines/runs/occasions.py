"""The occasion of a publication: its Swedish day, and the home whose history it continues.

Here belongs what a run tells of itself to the public folder. What becomes of it is decided in
``output``.
"""

import uuid
from datetime import UTC
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from output.publication.planning import Occasion
from output.publication.releases import Retention
from pipelines.runs.run import Run
from pipelines.runs.summary import replace_text

SWEDISH_TIME: Final = ZoneInfo("Europe/Stockholm")

HOME_ID: Final = "home_id"


def occasion(run: Run) -> Occasion:
    """The day of a run is that of its own time, so that a run that is made again has the day of the first."""
    settings = run.settings
    return Occasion(
        day=run.now.replace(tzinfo=UTC).astimezone(SWEDISH_TIME).date(),
        home=home_id(settings.data_home),
        retention=Retention(releases=settings.keep_releases, days=settings.keep_days),
    )


def home_id(data_home: Path) -> str:
    """What a home is known by where it publishes: drawn once, and telling nothing of where it lies."""
    path = data_home / HOME_ID
    if not path.exists():
        replace_text(path, f"{uuid.uuid4()}\n")
    return path.read_text(encoding="utf-8").strip()
