"""Backup and restore: warehouse, archive, run manifests and what is published, as one file.

Here belongs what is in a backup, and the way back. Dagster's own home is left out: its history of
runs is for looking at, and everything that is published can be made without it.

A backup is a tar file under zstd, written beside its name and renamed when it is whole, so that a
file that bears the name is one. Restoring checks every file against the hash that was noted when it
was packed, and puts what was there before aside.
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Final

import zstandard

from output.publication.folder import PublicFolder
from pipelines.runs.locking import writing
from pipelines.settings import Settings

WHO: Final = "etappmal backup"
ENDING: Final = ".tar.zst"
HASHES: Final = "sha256.json"
LEFT_OUT: Final = ("dagster",)
"""What of a home is no part of a backup."""


class BackupError(Exception):
    """A backup that cannot be written or read: which, and what to do."""


def backup(settings: Settings, folder: Path, *, keep: int, wait: float) -> Path:
    """Write a backup into a folder, and remove all but the latest ``keep``; where it lies.

    Raises LockHeldError where a writer holds the lock for longer than ``wait`` seconds, and
    BackupError where there is nothing to back up or the folder cannot be written.
    """
    require_file(settings)
    if not settings.data_home.is_dir():
        raise BackupError(f"there is nothing in {settings.data_home} yet. Run etappmal refresh.")
    named = folder / f"etappmal-{settings.source}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}{ENDING}"
    unfinished = named.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with writing(settings.home, WHO, wait), unfinished.open("wb") as file:
            _pack(settings, file)
        unfinished.replace(named)
        for old in sorted(folder.glob(f"etappmal-{settings.source}-*{ENDING}"))[:-keep]:
            old.unlink()
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise BackupError(f"{error.filename or folder} cannot be written ({error.strerror}).") from error
    return named


def restore(settings: Settings, file: Path, *, wait: float) -> Path | None:
    """Put back what a backup holds; where what was there before lies now, if there was anything.

    The public folder shows again what it showed. Raises BackupError where the file is damaged, and
    nothing has then been changed.
    """
    require_file(settings)
    home = settings.data_home
    home.parent.mkdir(parents=True, exist_ok=True)
    with (
        writing(settings.home, "etappmal restore", wait),
        TemporaryDirectory(dir=home.parent, prefix=".restore-") as at,
    ):
        unpacked = Path(at)
        _unpack(file, unpacked)
        if (unpacked / "public").is_dir():
            _show(PublicFolder(settings.public), unpacked / "public")
        aside = home.with_name(f"{home.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}") if home.exists() else None
        if aside is not None:
            home.rename(aside)
        (unpacked / "home").rename(home)
        if aside is not None and (aside / LEFT_OUT[0]).exists():
            (aside / LEFT_OUT[0]).rename(home / LEFT_OUT[0])
    return aside


def require_file(settings: Settings) -> None:
    """Refuse a lake: its catalogue lies in PostgreSQL, and one without the other is no backup."""
    if settings.warehouse:
        raise BackupError(
            f"the warehouse is a lake: stop the runs, and back up its catalogue by pg_dump together with "
            f"{settings.data_home}. Without the catalogue, a refresh builds it up again from the archive."
        )


def _pack(settings: Settings, file: IO[bytes]) -> None:
    """Write everything that is kept, and the hash of each file."""
    hashes: dict[str, str] = {}
    with (
        zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, path in _kept(settings):
            tar.add(path, name, recursive=False)
            if path.is_file() and not path.is_symlink():
                hashes[name] = _sha256(path)
        listed = json.dumps(hashes, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(HASHES)
        entry.size = len(listed)
        tar.addfile(entry, BytesIO(listed))


def _kept(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Everything that is kept, by its name in the backup."""
    for path in sorted(settings.data_home.rglob("*")):
        inside = path.relative_to(settings.data_home)
        if inside.parts[0] not in LEFT_OUT:
            yield f"home/{inside.as_posix()}", path
    current = PublicFolder(settings.public).current()
    if current is not None:
        for path in sorted(current.rglob("*")):
            yield f"public/{path.relative_to(current).as_posix()}", path


def _unpack(file: Path, to: Path) -> None:
    """Unpack a backup and hold each file to its hash."""
    try:
        with _opened(file) as tar:
            for entry in tar:
                _lay(tar, entry, to)
        hashes = json.loads((to / HASHES).read_text(encoding="utf-8"))
    except (OSError, ValueError, tarfile.TarError, zstandard.ZstdError) as error:
        raise BackupError(f"{file} cannot be read ({type(error).__name__}: {error}). Use another backup.") from error
    damaged = [name for name, sha256 in hashes.items() if not (to / name).is_file() or _sha256(to / name) != sha256]
    if damaged or not (to / "home").is_dir():
        raise BackupError(f"{file} is damaged ({', '.join(damaged[:3]) or 'it holds no home'}). Use another backup.")


def _lay(tar: tarfile.TarFile, entry: tarfile.TarInfo, to: Path) -> None:
    """Put a folder, a file or another name of a file in its place; nothing else belongs in a backup."""
    path = _inside(to, entry.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if entry.isdir():
        path.mkdir(exist_ok=True)
    elif entry.islnk():
        path.hardlink_to(_inside(to, entry.linkname))
    elif entry.isfile() and (content := tar.extractfile(entry)) is not None:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        # A reader's program asks whether a file is newer than the one it has.
        os.utime(path, (entry.mtime, entry.mtime))
    else:
        raise tarfile.TarError(f"{entry.name} is neither a file nor a folder")


def _inside(folder: Path, name: str) -> Path:
    """The place of a name, which must not lead out of the folder."""
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or not parts:
        raise tarfile.TarError(f"{name!r} leads out of the backup")
    return folder.joinpath(*parts)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    """A backup, open for reading."""
    with (
        file.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed) as plain,
        tarfile.open(fileobj=plain, mode="r|") as tar,
    ):
        yield tar


def _show(public: PublicFolder, unpacked: Path) -> None:
    """Show readers what the backup holds as a generation of its own."""
    with public.writing():
        build = public.begin()
        shutil.copytree(unpacked, build, symlinks=True, dirs_exist_ok=True)
        public.switch(public.name(build, "restored"))


def _sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
