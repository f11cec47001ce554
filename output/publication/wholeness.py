"""Whether a generation is whole: every file read from disk and held to its checksum, nothing beside them.

Here belongs what ``etappmal verify`` says, and what a build must pass before readers see it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from output.publication.links import broken_links
from output.publication.manifest import SUMS, Hashes, faults_of, file_sha256, read_manifest, read_sums, sum_faults
from output.publication.releases import DIFFERENCE, Index, read_index
from output.site import DRIFT, LATEST, RELEASES, ReleaseState

ROOT: Final = ""
"""Stands for what lies in no folder with a manifest: pages, catalogue, feed, the list of releases."""

LINKS: Final = "#"
"""Stands for what pages lead to, which no checksum tells of."""


def faults_by_folder(generation: Path) -> dict[str, list[str]]:
    """What is wrong with a generation, by folder; what is whole is not in it."""
    hashes = Hashes()
    index = read_index(generation)
    faults = {ROOT: sum_faults(generation, "", hashes)}
    faults.update({label: faults_of(generation / label, label, hashes) for label in _data_folders(generation, index)})
    if index is None:
        faults[ROOT].append(f"{RELEASES}/ has no list of releases that can be read")
    else:
        for label, found in _releases(generation, index).items():
            faults.setdefault(label, []).extend(found)
        faults[LATEST] += _latest(generation, index)
    present = present_files(generation)
    faults[ROOT] += [f"{path} was never published" for path in sorted(present - listed_files(generation, index))]
    faults[LINKS] = broken_links(generation, present)
    return {label: found for label, found in faults.items() if found}


def listed_files(generation: Path, index: Index | None) -> set[str]:
    """Every file that some ``SHA256SUMS`` of the generation lists, and those lists, relative to it."""
    folders = ["", *(f"{label}/" for label in _data_folders(generation, index))]
    return {f"{prefix}{path}" for prefix in folders for path in (*read_sums(generation / prefix), SUMS)}


def present_files(generation: Path) -> set[str]:
    """Every file that lies in a generation, relative to it. A link is a file: none is ever published."""
    return {
        file.relative_to(generation).as_posix()
        for file in generation.rglob("*")
        if file.is_symlink() or not file.is_dir()
    }


def _data_folders(generation: Path, index: Index | None) -> list[str]:
    """The folders that hold data under a manifest."""
    standing = [entry.id for entry in index.releases if entry.state is ReleaseState.PUBLISHED] if index else []
    drift = [DRIFT] if (generation / DRIFT).exists() else []
    return [LATEST, *drift, *(f"{RELEASES}/{name}" for name in standing)]


def _releases(generation: Path, index: Index) -> Mapping[str, list[str]]:
    """Releases that are not what they were when they were made."""
    faults: dict[str, list[str]] = {}
    for entry in index.releases:
        label = f"{RELEASES}/{entry.id}"
        sums = generation / label / SUMS
        if entry.state is ReleaseState.PUBLISHED:
            if not sums.exists() or file_sha256(sums) != entry.sums_sha256:
                faults[label] = [f"{label} is not as it was when it was made"]
            elif DIFFERENCE not in read_sums(sums.parent):
                faults[label] = [f"{label}/{DIFFERENCE} is missing"]
    return faults


def _latest(generation: Path, index: Index) -> list[str]:
    """Whether ``latest/`` holds what the newest release holds."""
    manifest = read_manifest(generation / LATEST)
    newest = index.newest
    if manifest is None or newest is None or manifest.content_sha256 == newest.content_sha256:
        return []
    return [f"{LATEST}/ does not hold what release {newest.id} holds"]
