"""What a published folder holds: ``manifest.json``, ``SHA256SUMS``, and whether the files still agree.

Here belongs what is said of a folder of files. How its files come about does not.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"

LAYOUT: Final = 4
"""Raised when the same content is to be written as other files: they are then published anew."""

SUM_LINE: Final = re.compile(r"(?P<sha256>[0-9a-f]{64}) [ *](?P<path>.+)")


@dataclass(frozen=True)
class About:
    """Who publishes, on what terms, and what a reader must know of the source.

    ``note_en`` is the note in English, blank where nobody has said it. ``municipality`` and ``committee`` name who
    the newest report is about; blank where that is not known. ``publisher_uri`` and ``place_uri`` are the addresses
    that stand for the publisher and the municipality in the catalogue, blank where there are none.
    ``catalogue_format`` says how the catalogue names a file's format: by its media type, as the Swedish profile has
    it, or by the EU's list of file types.
    """

    base_url: str
    publisher: str
    contact: str
    licence: str
    note: str
    note_en: str = ""
    municipality: str = ""
    committee: str = ""
    catalogue_format: str = "media-type"
    publisher_uri: str = ""
    place_uri: str = ""


class _Part(BaseModel):
    """A part of the manifest. What a later version adds is passed over."""

    model_config = ConfigDict(frozen=True)


class DatasetEntry(_Part):
    """A dataset of the folder."""

    dataset: str
    title: dict[str, str]
    rows: int
    version: str
    content_sha256: str


class FileEntry(_Part):
    """A file of the folder. ``path`` is relative to the folder; a file of no single dataset names none."""

    path: str
    dataset: str | None
    rows: int | None
    bytes: int
    sha256: str


class Manifest(_Part):
    """All that a folder holds, and who publishes it. No time stands in it: the same content gives the same bytes.

    ``release`` names the release that the folder is; ``latest/`` says none, so that it is the same
    wherever it is made.
    """

    release: str | None = None
    layout: int = LAYOUT
    base_url: str
    publisher: str
    contact: str
    licence: str
    note: str
    note_en: str = ""
    municipality: str = ""
    committee: str = ""
    catalogue_format: str = "media-type"
    publisher_uri: str = ""
    place_uri: str = ""
    content_sha256: str
    datasets: tuple[DatasetEntry, ...]
    files: tuple[FileEntry, ...]


def content_of(about: About, datasets: tuple[DatasetEntry, ...]) -> str:
    """The hash of all that a folder says."""
    said = {"layout": LAYOUT, "about": asdict(about), "datasets": [entry.model_dump() for entry in datasets]}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The hash of a file, read from disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the folder's manifest."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest, or nothing where there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def write_sums(folder: Path, sums: Mapping[str, str]) -> None:
    """Write ``SHA256SUMS`` as ``sha256sum -c`` reads it, from hashes by path."""
    lines = [f"{sha256}  {path}\n" for path, sha256 in sorted(sums.items())]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_sums(folder: Path) -> dict[str, str]:
    """The hashes of ``SHA256SUMS`` by path; empty where it cannot be read."""
    try:
        text = (folder / SUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = (SUM_LINE.fullmatch(line) for line in text.splitlines())
    return {line["path"]: line["sha256"] for line in found if line}


class Hashes:
    """The hashes of files on disk, each file read once however many names it has."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._read: dict[tuple[int, int], str] = {}

    def of(self, path: Path) -> str:
        """The hash of a file."""
        stat = path.stat()
        identity = (stat.st_dev, stat.st_ino)
        if identity not in self._read:
            self._read[identity] = file_sha256(path)
        return self._read[identity]


def faults_of(folder: Path, label: str, hashes: Hashes) -> list[str]:
    """What is wrong with a folder of data, every file read from disk. Empty where it is whole."""
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{label}/{MANIFEST} is missing or cannot be read"]
    sums = read_sums(folder)
    listed = {entry.path: entry.sha256 for entry in manifest.files}
    disagreeing = [
        f"{label}/{path} has another checksum in {MANIFEST} than in {SUMS}"
        for path, sha256 in listed.items()
        if sums.get(path) != sha256
    ]
    return disagreeing + sum_faults(folder, f"{label}/", hashes)


def sum_faults(folder: Path, prefix: str, hashes: Hashes) -> list[str]:
    """Which files are not as ``SHA256SUMS`` of a folder says. ``prefix`` goes before each name."""
    sums = read_sums(folder)
    faults = [] if sums else [f"{prefix}{SUMS} is missing or cannot be read"]
    for path, sha256 in sums.items():
        file = folder / path
        if file.is_symlink() or not file.is_file():
            faults.append(f"{prefix}{path} is missing")
        elif hashes.of(file) != sha256:
            faults.append(f"{prefix}{path} is damaged: its checksum is not the published one")
    return faults
