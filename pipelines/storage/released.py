"""The last release: what was public when a run began, which its tables are held against.

Here belongs finding it, now and for a run that is made again. What is told of a table that has lost or gained
too much stands in ``contracts.steadiness``.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from contracts import Contract
from output.formats.parquet import scan_published
from output.publication.folder import PublicFolder
from output.publication.manifest import read_manifest
from output.publication.releases import read_index
from output.site import LATEST, RELEASES, ReleaseState


@dataclass(frozen=True)
class Released:
    """A release, by the folder that holds its files and by what it says."""

    folder: Path
    content_sha256: str

    def rows(self, declared: Contract, rapport: str) -> pl.DataFrame | None:
        """What it says of a report in a table; else of the last earlier report of the same kind.

        None for a table that is not held against its last release, and where the release has no such table.
        """
        rows = self.table(declared.name) if declared.steady is not None else None
        if rows is None or not declared.partition:
            return rows
        alike = rows.filter(pl.col("rapport").str.ends_with(rapport.partition("-")[2]), pl.col("rapport") <= rapport)
        return alike.filter(pl.col("rapport") == pl.col("rapport").max())

    def table(self, name: str) -> pl.DataFrame | None:
        """What it says in a table, of all reports; None where it has no such table."""
        path = self.folder / f"{name}.parquet"
        return scan_published(path).collect() if path.exists() else None


def standing(public: Path) -> Released | None:
    """What readers see now."""
    current = PublicFolder(public).current()
    manifest = read_manifest(current / LATEST) if current else None
    return Released(current / LATEST, manifest.content_sha256) if current and manifest else None


def kept(public: Path, content_sha256: str | None) -> Released | None:
    """The release that says this, if it is still kept."""
    current = PublicFolder(public).current()
    index = read_index(current) if current else None
    if current is None or index is None:
        return None
    found = (
        entry
        for entry in index.releases
        if entry.content_sha256 == content_sha256 and entry.state is ReleaseState.PUBLISHED
    )
    return next((Released(current / RELEASES / entry.id, entry.content_sha256) for entry in found), None)
