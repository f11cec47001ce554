"""All that the pages are made of: one value, handed over whole.

Here belongs what a page may say. How it looks belongs in ``output.pages``.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import polars as pl

from contracts.vocabulary import Text
from output.differences.difference import Difference
from output.publication.manifest import About, FileEntry
from output.tables import Published

LATEST: Final = "latest"
"""The folder with the stable addresses, below the site's root."""

RELEASES: Final = "releases"
"""The folder with one folder for each release, below the site's root."""

DRIFT: Final = "drift"
"""The folder with operational tables, which change every night, below the site's root."""

WHOLE: Final = ""
"""Stands for no single dataset: the files that hold or describe all of them."""


class ReleaseState(StrEnum):
    """What has become of a release."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Release:
    """A release as readers see it.

    ``id`` names its folder (``2026-11-25``, ``2026-11-25.2``), ``date`` is the Swedish day on which its
    run took its inputs. A withdrawn release has no files; ``why`` and ``withdrawn`` say why and since when.
    ``summary`` says in a sentence what changed.
    """

    id: str
    date: dt.date
    state: ReleaseState
    summary: Text
    why: str | None = None
    withdrawn: dt.date | None = None


@dataclass(frozen=True)
class Dates:
    """The days of the releases in which a dataset first stood, and in which its content last changed."""

    issued: dt.date
    modified: dt.date


@dataclass(frozen=True)
class Site:
    """What is published, for the pages that lead to it.

    ``tables`` are the published tables by name. A table that no plan has handed in is not there, and
    none is where every release has been withdrawn. ``files`` are the files in ``latest/`` by dataset;
    those of no single dataset stand under ``WHOLE``. ``releases`` has the newest first, and
    ``difference`` is that of the newest that stands. ``operational`` are the tables in ``drift/`` by name: they
    change without a release, so that a page may show of them only what changes with the sources. ``dates`` are by
    dataset.
    """

    about: About
    tables: Mapping[str, Published]
    files: Mapping[str, Sequence[FileEntry]]
    releases: Sequence[Release] = ()
    difference: Difference | None = None
    operational: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    dates: Mapping[str, Dates] = field(default_factory=dict)

    @property
    def newest(self) -> Release | None:
        """The newest release that stands: what ``latest/`` holds."""
        return next((each for each in self.releases if each.state is ReleaseState.PUBLISHED), None)
