"""A generation as files: data, releases, operational tables, pages, and the checksums of all.

Here belongs what is written and what is linked. A file that says what it said before is the same
file as before, with its time, so that readers' caches hold.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from output.catalogue import write_catalogue
from output.errors import PublicationError
from output.feed import write_feed, write_sitemap
from output.formats import WHOLE_WRITERS, writers
from output.pages import write_pages
from output.publication.manifest import (
    MANIFEST,
    SUMS,
    About,
    FileEntry,
    Manifest,
    content_of,
    file_sha256,
    write_manifest,
    write_sums,
)
from output.publication.planning import Plan, Wanted, dataset_entry
from output.publication.releases import (
    Index,
    as_release,
    carry,
    link_files,
    read_difference,
    read_index,
    write_index,
    write_release,
)
from output.publication.wholeness import listed_files, present_files
from output.site import DRIFT, LATEST, RELEASES, WHOLE, Dates, Site
from output.tables import Published

Step = Callable[[str], None]


def build_generation(build: Path, what: Wanted, plan: Plan, step: Step) -> None:
    """Write a whole generation into an empty folder, and link what is as it was."""
    files = _fill_latest(build / LATEST, what, plan, step)
    _fill_drift(build / DRIFT, what, plan, step)
    index = _fill_releases(build, plan, step)
    newest = index.newest
    site = Site(
        about=what.about,
        tables=what.tables,
        files=files_by_dataset(files),
        releases=[as_release(entry) for entry in index.releases],
        difference=read_difference(build, newest.id) if newest else None,
        operational={name: table.frame for name, table in what.operational.items()},
        dates={name: Dates(dates.issued, dates.modified) for name, dates in index.datasets.items()},
    )
    fill_root(build, site, plan.standing.generation, step)


def fill_root(build: Path, site: Site, current: Path | None, step: Step) -> None:
    """Write what leads to the data: pages, catalogue, feed, and the checksums of what lies in no folder of data."""
    write_pages(build, site)
    step("pages")
    write_sitemap(build, site.about.base_url)
    write_feed(build, site)
    write_catalogue(build, site)
    step("catalogue")
    index = read_index(build)
    own = sorted(present_files(build) - listed_files(build, index))
    if current:
        for path in own:
            _keep(current / path, build / path)
    write_sums(build, {path: file_sha256(build / path) for path in own})
    if current:
        _keep(current / SUMS, build / SUMS)
    step("root sums")


def files_by_dataset(files: Sequence[FileEntry]) -> dict[str, list[FileEntry]]:
    """The files of a folder by dataset; those of none stand under ``WHOLE``."""
    found: dict[str, list[FileEntry]] = {}
    for file in files:
        found.setdefault(file.dataset or WHOLE, []).append(file)
    return found


def _fill_latest(folder: Path, what: Wanted, plan: Plan, step: Step) -> Sequence[FileEntry]:
    """Write ``latest/``, or link it where it says the same and is whole; its files."""
    now, manifest = plan.standing, plan.standing.manifest
    whole = now.whole(LATEST)
    if whole and manifest and manifest.content_sha256 == what.manifest.content_sha256:
        link_files(whole, folder)
        step(LATEST)
        return manifest.files
    at_hand = {**what.drafts, **_reusable(whole, manifest, what.manifest)}
    return _fill(folder, what.tables, what.manifest, at_hand, step)


def _reusable(whole: Path | None, before: Manifest | None, after: Manifest) -> Mapping[str, Path]:
    """Files of datasets that come out as they were, by name."""
    if whole is None or before is None:
        return {}
    if any(getattr(before, name) != getattr(after, name) for name in ("layout", *About.__dataclass_fields__)):
        return {}
    hashes = {entry.dataset: entry.content_sha256 for entry in before.datasets}
    same = {entry.dataset for entry in after.datasets if hashes.get(entry.dataset) == entry.content_sha256}
    return {entry.path: whole / entry.path for entry in before.files if entry.dataset in same}


def _fill(
    folder: Path, tables: Mapping[str, Published], manifest: Manifest, at_hand: Mapping[str, Path], step: Step
) -> Sequence[FileEntry]:
    """Write all files of a folder that are not at hand, the manifest with sizes and hashes, and the checksums."""
    folder.mkdir()
    about = About(**{name: getattr(manifest, name) for name in About.__dataclass_fields__})
    files: list[FileEntry] = []
    for name, table in tables.items():
        for ending, write in writers(name, about).items():
            path = folder / f"{name}{ending}"
            if path.name in at_hand:
                os.link(at_hand[path.name], path)
            else:
                write(table, path)
            files.append(_file_entry(path, name, table.height))
            step(path.name)
    for write_whole in WHOLE_WRITERS:
        for path in write_whole(folder, tables, files, about):
            files.append(_file_entry(path, None, None))
            step(path.name)
    write_manifest(folder, manifest.model_copy(update={"files": tuple(files)}))
    step(MANIFEST)
    sums = {entry.path: entry.sha256 for entry in files}
    write_sums(folder, {**sums, MANIFEST: file_sha256(folder / MANIFEST)})
    step("sums")
    return files


def _file_entry(path: Path, dataset: str | None, rows: int | None) -> FileEntry:
    """What the manifest says of a file."""
    return FileEntry(path=path.name, dataset=dataset, rows=rows, bytes=path.stat().st_size, sha256=file_sha256(path))


def _fill_releases(build: Path, plan: Plan, step: Step) -> Index:
    """Link the releases that stay, make the new one of what ``latest/`` holds, and write the list."""
    made, index = plan.made, plan.index
    kept = [entry for entry in index.releases if entry != made]
    if plan.standing.history:
        carry(plan.standing.history / RELEASES, build / RELEASES, kept)
    step("carried")
    if made and plan.difference:
        sums = write_release(build / LATEST, build / RELEASES / made.id, plan.difference)
        if made.sums_sha256 not in ("", sums):
            raise PublicationError(
                "the damaged release cannot be made again as it was.",
                where=f"{RELEASES}/{made.id}",
                remedy=f"Restore its files from a backup, or take it back: etappmal withdraw {made.id} --why …",
            )
        whole = made.model_copy(update={"sums_sha256": sums})
        index = index.model_copy(update={"releases": (whole, *kept)})
        step("release")
    write_index(build, index)
    step("index")
    return index


def _fill_drift(folder: Path, what: Wanted, plan: Plan, step: Step) -> None:
    """Write the operational tables, or link them where they say the same."""
    if not what.operational:
        return
    whole = plan.standing.whole(DRIFT)
    if whole and not plan.renewed:
        link_files(whole, folder)
    else:
        datasets = tuple(dataset_entry(table) for table in what.operational.values())
        content = content_of(what.about, datasets)
        manifest = what.manifest.model_copy(update={"datasets": datasets, "content_sha256": content})
        _fill(folder, what.operational, manifest, {}, step)
    step(DRIFT)


def _keep(before: Path, after: Path) -> None:
    """Have the file of the generation before where it holds the same bytes."""
    if before.is_file() and not before.is_symlink() and before.read_bytes() == after.read_bytes():
        after.unlink()
        os.link(before, after)
