"""What was ever published of counts of persons: kept with the home, since the public folder forgets.

Here belong the files in ``said/``, one for each state of a table that counts persons. A release that is withdrawn
or no longer kept is gone from the public folder, and readers may hold copies of it: what it left blank stays
blank, and what it said is as good as said. Each file is named after when it was known, so that a run that
is made again knows what the first one did.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import polars as pl

from contracts import contract
from output.disclosure.counted import Tables, telling
from pipelines.runs.summary import replace_bytes
from pipelines.settings import Settings

FOLDER: Final = "said"
TIME: Final = "%Y%m%dT%H%M%S.%f"


def remember(settings: Settings, said: Sequence[Tables], at: datetime) -> None:
    """Keep what releases say of counts of persons, as known at a time (UTC); what is known already stays as it is."""
    folder = settings.data_home / FOLDER
    for tables in said:
        for name, frame in tables.items():
            key = contract(name).key
            if not set(key) <= set(frame.columns):
                continue
            data = io.BytesIO()
            kept = [column for column in telling(contract(name)) if column in frame.columns]
            frame.select(kept).sort(key).write_parquet(data)
            content = hashlib.sha256(data.getvalue()).hexdigest()
            if not any(folder.glob(f"*_{content}.parquet")):
                replace_bytes(folder / f"{at.strftime(TIME)}_{name}_{content}.parquet", data.getvalue())


def remembered(settings: Settings, until: datetime | None = None) -> list[Tables]:
    """What was known to have been published by a time (UTC), or ever.

    Raises OSError or ComputeError where a file cannot be read: what it left blank would be shown.
    """
    last = until.strftime(TIME) if until else None
    found: list[Tables] = []
    for path in sorted((settings.data_home / FOLDER).glob("*.parquet")):
        time, _, rest = path.name.partition("_")
        if last is None or time <= last:
            found.append({rest.rpartition("_")[0]: pl.read_parquet(path)})
    return found
