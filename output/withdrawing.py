"""A release taken back: its files go, and that it was there stays, with the reason.

Here belongs the withdrawal. What stands afterwards is a whole generation like any other; the one before
is removed at once, since it holds the files.
"""

import datetime as dt
from pathlib import Path

import polars as pl

from contracts import contract
from contracts.versions import with_aliases
from output.building import files_by_dataset, fill_root
from output.errors import PublicationError
from output.folder import PublicFolder, make_durable
from output.generation import NAME_LENGTH, require_whole
from output.manifest import MANIFEST, About, Manifest, file_sha256, read_manifest, read_sums, write_manifest, write_sums
from output.releases import DIFFERENCE, as_release, carry, link_files, read_difference, write_index
from output.site import DRIFT, LATEST, RELEASES, Dates, ReleaseState, Site
from output.standing import standing
from output.tables import Published


def withdraw(public: Path, release: str, why: str, day: dt.date) -> None:
    """Take a release back; ``latest/`` then holds the newest that stands.

    Raises PublicationError where there is no such release, or another one is damaged; readers then see
    what they saw before.
    """
    folder = PublicFolder(public)
    with folder.writing():
        now = standing(folder)
        entry = now.index.find(release)
        if entry is None or entry.state is ReleaseState.WITHDRAWN or not why.strip():
            known = ", ".join(each.id for each in now.index.releases if each.state is ReleaseState.PUBLISHED)
            raise PublicationError(
                "there is no such release to take back, or no reason is given.",
                where=f"{RELEASES}/{release}",
                remedy=f"Name one of {known or 'none'}, and say why.",
            )
        now.require_carried(remade=entry)
        changed = {"state": ReleaseState.WITHDRAWN, "why": why.strip(), "withdrawn": day}
        releases = tuple(each.model_copy(update=changed if each == entry else {}) for each in now.index.releases)
        index = now.index.model_copy(update={"releases": releases})
        newest = index.newest
        source = now.releases / newest.id if newest else None
        said = read_manifest(source or now.releases / release) or now.manifest
        if said is None:
            raise PublicationError("no manifest can be read.", where=str(public), remedy="Restore it from a backup.")
        manifest = said.model_copy(update={"release": None, **({} if source else {"datasets": (), "files": ()})})
        build = folder.begin()
        _fill_latest(build / LATEST, source, manifest)
        carry(now.releases, build / RELEASES, releases)
        write_index(build, index)
        drift = now.whole(DRIFT)
        if drift:
            link_files(drift, build / DRIFT)
        site = Site(
            about=About(**{name: getattr(manifest, name) for name in About.__dataclass_fields__}),
            tables=_tables(build / LATEST, manifest),
            files=files_by_dataset(manifest.files),
            releases=[as_release(each) for each in releases],
            difference=read_difference(build, newest.id) if newest else None,
            dates={name: Dates(dates.issued, dates.modified) for name, dates in index.datasets.items()},
        )
        fill_root(build, site, now.generation, lambda _: None)
        make_durable(build)
        require_whole(build)
        generation = folder.name(build, manifest.content_sha256[:NAME_LENGTH])
        folder.switch(generation)
        folder.sweep(generation)


def _fill_latest(folder: Path, source: Path | None, manifest: Manifest) -> None:
    """Have what a release holds, or nothing, as the newest."""
    folder.mkdir()
    own = (MANIFEST, DIFFERENCE)
    sums = {path: sha256 for path, sha256 in (read_sums(source) if source else {}).items() if path not in own}
    for path in sums:
        (folder / path).hardlink_to((source or folder) / path)
    write_manifest(folder, manifest)
    write_sums(folder, {**sums, MANIFEST: file_sha256(folder / MANIFEST)})


def _tables(folder: Path, manifest: Manifest) -> dict[str, Published]:
    """The tables of a folder, for the pages; one that is declared otherwise today has none."""
    found = {}
    for entry in manifest.datasets:
        declared = contract(entry.dataset)
        columns = with_aliases(declared.open_columns)
        frame = pl.read_parquet(folder / f"{entry.dataset}.parquet")
        if frame.columns == [column.name for column in columns]:
            found[entry.dataset] = Published(declared, columns, frame)
    return found
