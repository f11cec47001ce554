"""Releases: one folder for each time the content changed, never changed afterwards.

Here belongs the list of releases, their names, and how they go from one generation to the next: as
hard links, so that a release costs what is new in it. What a release differs from stands in
``output.differences.comparing``; when one is made is decided in ``output.publication.generation``.

A release is named after the Swedish day on which its run took its inputs; the second on a day has
``.2`` after it. A run that is made again has the day of the first.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.vocabulary import Text
from output.differences.difference import Difference
from output.errors import PublicationError
from output.publication.manifest import (
    MANIFEST,
    SUMS,
    DatasetEntry,
    file_sha256,
    read_manifest,
    read_sums,
    write_manifest,
    write_sums,
)
from output.site import RELEASES, Release, ReleaseState

INDEX: Final = "index.json"
DIFFERENCE: Final = "difference.json"
TOMBSTONE: Final = "withdrawn.json"


class ReleaseEntry(BaseModel):
    """A release in the list. ``sums_sha256`` is the hash of its ``SHA256SUMS``, and so of all that it holds.

    ``home`` tells one history from another: a difference is made within one alone.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    date: dt.date
    state: ReleaseState
    home: str
    content_sha256: str
    sums_sha256: str
    against: str | None
    summary: dict[str, str]
    why: str | None = None
    withdrawn: dt.date | None = None


class DatasetDates(BaseModel):
    """When a dataset was first released, and when its content last changed; ``content_sha256`` is that content."""

    model_config = ConfigDict(frozen=True)

    issued: dt.date
    modified: dt.date
    content_sha256: str


class Index(BaseModel):
    """All releases, the newest first, what wrote the pages beside them, and the dates of each dataset."""

    model_config = ConfigDict(frozen=True)

    software_sha256: str
    releases: tuple[ReleaseEntry, ...] = ()
    datasets: dict[str, DatasetDates] = {}

    @property
    def newest(self) -> ReleaseEntry | None:
        """The newest release that stands: what ``latest/`` holds."""
        return next((entry for entry in self.releases if entry.state is ReleaseState.PUBLISHED), None)

    def last_of(self, home: str) -> ReleaseEntry | None:
        """The newest release of a home that stands."""
        standing = (entry for entry in self.releases if entry.state is ReleaseState.PUBLISHED)
        return next((entry for entry in standing if entry.home == home), None)

    def dated(self, datasets: Iterable[DatasetEntry], day: dt.date) -> dict[str, DatasetDates]:
        """The dates of datasets that are released on a day."""
        dates = dict(self.datasets)
        for entry in datasets:
            before = dates.get(entry.dataset)
            if before is None or before.content_sha256 != entry.content_sha256:
                issued = before.issued if before else day
                dates[entry.dataset] = DatasetDates(issued=issued, modified=day, content_sha256=entry.content_sha256)
        return dates

    def find(self, release: str) -> ReleaseEntry | None:
        """A release by its name."""
        return next((entry for entry in self.releases if entry.id == release), None)


@dataclass(frozen=True)
class Retention:
    """How many releases are kept, the new one counted, and for how many days. Each tombstone is kept."""

    releases: int = 100
    days: int = 3650

    def kept(self, index: Index, day: dt.date) -> tuple[ReleaseEntry, ...]:
        """The releases of the list that stay when a new one is made on a day."""
        kept, standing = [], 1
        for entry in index.releases:
            if entry.state is ReleaseState.PUBLISHED:
                standing += 1
                if standing > self.releases or (day - entry.date).days > self.days:
                    continue
            kept.append(entry)
        return tuple(kept)


def read_index(generation: Path) -> Index | None:
    """The list of a generation, or nothing where there is none that can be read."""
    try:
        return Index.model_validate_json((generation / RELEASES / INDEX).read_bytes())
    except (OSError, ValidationError):
        return None


def write_index(generation: Path, index: Index) -> None:
    """Write the list of releases, and in place of each withdrawn one that it was there and why it is not."""
    folder = generation / RELEASES
    folder.mkdir(exist_ok=True)
    (folder / INDEX).write_text(index.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    for entry in index.releases:
        if entry.state is ReleaseState.WITHDRAWN:
            _write_tombstone(folder / entry.id, entry)


def next_id(index: Index, day: dt.date) -> str:
    """The name after the last of a day. One that is no longer kept had its name for good: caches may hold it."""
    first = day.isoformat()
    taken = (entry.id.removeprefix(first) for entry in index.releases if entry.date == day)
    number = max((int(rest.removeprefix(".") or 1) for rest in taken), default=0) + 1
    return first if number == 1 else f"{first}.{number}"


def link_files(source: Path, target: Path) -> None:
    """Have every file that ``SHA256SUMS`` of a folder lists in another folder too, as the same file."""
    target.mkdir(parents=True, exist_ok=True)
    for path in (*read_sums(source), SUMS):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        os.link(source / path, target / path)


def carry(source: Path, target: Path, entries: Iterable[ReleaseEntry]) -> None:
    """Take the files of releases over from another generation. Both folders are those of all releases."""
    for entry in entries:
        if entry.state is ReleaseState.PUBLISHED:
            link_files(source / entry.id, target / entry.id)


def write_release(latest: Path, folder: Path, difference: Difference) -> str:
    """Make a release of what ``latest`` holds; the hash of its ``SHA256SUMS``."""
    folder.mkdir(parents=True)
    sums = {path: sha256 for path, sha256 in read_sums(latest).items() if path != MANIFEST}
    for path in sums:
        os.link(latest / path, folder / path)
    manifest = read_manifest(latest)
    if manifest is None:
        message = f"{latest} holds no manifest"
        raise LookupError(message)
    write_manifest(folder, manifest.model_copy(update={"release": folder.name}))
    (folder / DIFFERENCE).write_text(difference.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
    write_sums(folder, {**sums, **{name: file_sha256(folder / name) for name in (MANIFEST, DIFFERENCE)}})
    return file_sha256(folder / SUMS)


def _write_tombstone(folder: Path, entry: ReleaseEntry) -> None:
    """Leave in place of a withdrawn release that it was there, and why it is not."""
    folder.mkdir(exist_ok=True)
    said = entry.model_dump(mode="json", include={"id", "date", "state", "withdrawn", "why", "content_sha256"})
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    (folder / TOMBSTONE).write_text(text, encoding="utf-8", newline="\n")


def read_difference(generation: Path, release: str) -> Difference:
    """What a release says that changed. Raises PublicationError where it cannot be read."""
    path = generation / RELEASES / release / DIFFERENCE
    try:
        return Difference.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise PublicationError(
            "the difference of the release cannot be read.",
            where=f"{RELEASES}/{release}/{DIFFERENCE}",
            remedy="Run etappmal verify, and withdraw the release if it is damaged.",
        ) from error


def as_release(entry: ReleaseEntry) -> Release:
    """A release as readers see it."""
    return Release(
        id=entry.id,
        date=entry.date,
        state=entry.state,
        summary=Text(entry.summary["sv"], entry.summary["en"]),
        why=entry.why,
        withdrawn=entry.withdrawn,
    )
