"""A release taken back: its files go, and that it was there stays, with the reason.

Here belongs the withdrawal. What stands afterwards is a whole generation like any other; the one before
is removed at once, since it holds the files.
"""

import datetime as dt
from pathlib import Path

import polars as pl

from contracts import contract
from contracts.personal_data import found_in
from contracts.versions import with_aliases
from output.errors import PublicationError, ReasonError
from output.formats.parquet import scan_published
from output.publication.building import files_by_dataset, fill_root
from output.publication.folder import PublicFolder, make_durable
from output.publication.generation import NAME_LENGTH, require_whole
from output.publication.manifest import (
    MANIFEST,
    About,
    Manifest,
    content_of,
    file_sha256,
    read_manifest,
    read_sums,
    write_manifest,
    write_sums,
)
from output.publication.releases import (
    DIFFERENCE,
    Index,
    ReleaseEntry,
    as_release,
    carry,
    link_files,
    read_difference,
    write_index,
)
from output.publication.standing import Standing, standing
from output.site import DRIFT, LATEST, RELEASES, Dates, ReleaseState, Site
from output.software import software_sha256
from output.tables import Published


def withdraw(public: Path, release: str, why: str, day: dt.date) -> None:
    """Take a release back; ``latest/`` then holds the newest that stands, or nothing where none does.

    Raises PublicationError where there is no such release, the reason cannot be shown, or another release
    is damaged; readers then see what they saw before.
    """
    folder = PublicFolder(public)
    with folder.writing():
        now = standing(folder)
        entry = _standing(now.index, release)
        now.require_carried(remade=entry)
        changed = {"state": ReleaseState.WITHDRAWN, "why": _reason(why, now), "withdrawn": day}
        releases = tuple(each.model_copy(update=changed if each == entry else {}) for each in now.index.releases)
        index = now.index.model_copy(update={"releases": releases, "software_sha256": software_sha256()})
        build = folder.begin()
        manifest = _fill_data(build, index, now, release)
        newest = index.newest
        site = Site(
            about=About(**{name: getattr(manifest, name) for name in About.__dataclass_fields__}),
            tables=_tables(build / LATEST, manifest),
            files=files_by_dataset(manifest.files),
            releases=[as_release(each) for each in releases],
            difference=read_difference(build, newest.id) if newest else None,
            operational=_operational(build / DRIFT),
            dates={name: Dates(dates.issued, dates.modified) for name, dates in index.datasets.items()},
        )
        fill_root(build, site, now.generation, lambda _: None)
        make_durable(build)
        require_whole(build)
        generation = folder.name(build, manifest.content_sha256[:NAME_LENGTH])
        folder.switch(generation)
        folder.sweep(generation)


def _standing(index: Index, release: str) -> ReleaseEntry:
    """The release of this name. Raises PublicationError where there is none that stands."""
    entry = index.find(release)
    if entry is None or entry.state is ReleaseState.WITHDRAWN:
        known = ", ".join(each.id for each in index.releases if each.state is ReleaseState.PUBLISHED)
        raise PublicationError(
            f"it was withdrawn already, on {entry.withdrawn}." if entry else "there is no such release.",
            where=f"{RELEASES}/{release}",
            remedy=f"Releases that stand: {known or 'none'}.",
        )
    return entry


def _reason(why: str, now: Standing) -> str:
    """The reason as it is shown, on one line. Raises ReasonError where it must not be shown."""
    reason = " ".join(why.split())
    contact = [now.manifest.contact] if now.manifest else []
    found = found_in(reason, contact)
    broken = [f"U+{ord(sign):04X}" for sign in reason if not sign.isprintable()]
    if found or broken or not reason:
        raise ReasonError(
            f"it holds {', '.join([*found, *broken])}." if reason else "it is empty.",
            where="the reason",
            remedy="Say in a sentence, in Swedish, what was wrong with the release: it is shown to everybody.",
        )
    return reason


def _fill_data(build: Path, index: Index, now: Standing, withdrawn: str) -> Manifest:
    """Have the data of what stands in a new generation; what its ``latest/`` says of itself."""
    newest = index.newest
    source = now.releases / newest.id if newest else None
    said = read_manifest(source or now.releases / withdrawn) or now.manifest
    if said is None:
        raise PublicationError("no manifest can be read.", where=str(now.releases), remedy="Restore it from a backup.")
    about = About(**{name: getattr(said, name) for name in About.__dataclass_fields__})
    empty = {} if source else {"datasets": (), "files": (), "content_sha256": content_of(about, ())}
    manifest = said.model_copy(update={"release": None, **empty})
    _fill_latest(build / LATEST, source, manifest)
    carry(now.releases, build / RELEASES, index.releases)
    write_index(build, index)
    drift = now.whole(DRIFT)
    if drift:
        link_files(drift, build / DRIFT)
    return manifest


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
        rows = scan_published(folder / f"{entry.dataset}.parquet")
        if rows.collect_schema().names() == [column.name for column in columns]:
            found[entry.dataset] = Published(declared, columns, rows, entry.rows)
    return found


def _operational(folder: Path) -> dict[str, pl.DataFrame]:
    """The operational tables that are shown beside the releases."""
    manifest = read_manifest(folder)
    entries = manifest.datasets if manifest else ()
    return {entry.dataset: scan_published(folder / f"{entry.dataset}.parquet").collect() for entry in entries}
