"""The public folder: a link that one rename switches between whole generations beside it.

Here belongs what keeps a reader from ever seeing half a publication: building apart, making
durable, switching, sweeping. What a generation holds does not.

``public`` is a link to ``public.generations/<name>``, on the same file system. Names that begin
with a dot are unfinished and nobody's.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from output.errors import BusyFolderError, PublicationError

BUILD: Final = ".build"
LINK: Final = ".link"
DRAFTS: Final = ".drafts"


class PublicFolder:
    """The link, and the generations that it may point at."""

    def __init__(self, public: Path) -> None:
        """Name the places; nothing is read or written yet."""
        self.public = public
        self.generations = public.parent / f"{public.name}.generations"

    def current(self) -> Path | None:
        """The generation that the link points at, whether or not it is there.

        Raises PublicationError where ``public`` is something else than this project's link.
        """
        if self.public.is_symlink():
            target = self.public.parent / self.public.readlink()
            if target.parent.resolve() == self.generations.resolve():
                return target
            raise PublicationError(
                f"the public folder is a link to {target}, which is none of its generations.",
                where=str(self.public),
                remedy="Remove the link, or publish to another folder (ETAPPMAL_PUBLIC).",
            )
        if self.public.is_dir() and not any(self.public.iterdir()):
            return None
        if self.public.exists():
            raise PublicationError(
                "there is something here already that this project did not publish.",
                where=str(self.public),
                remedy="Move it away, or publish to another folder (ETAPPMAL_PUBLIC).",
            )
        return None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one that writes. The lock goes with the process, however that ends."""
        self.generations.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.generations, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyFolderError(
                    "another publication is writing here.", where=str(self.public), remedy="Wait until it is done."
                ) from None
            yield
        finally:
            os.close(handle)

    @contextmanager
    def drafts(self) -> Iterator[Path]:
        """Where files may be made that come into a build: a folder that is not there, neither before nor afterwards."""
        drafts = self.generations / DRAFTS
        shutil.rmtree(drafts, ignore_errors=True)
        try:
            yield drafts
        finally:
            shutil.rmtree(drafts, ignore_errors=True)

    def begin(self) -> Path:
        """An empty folder to build in, with what a killed publication left behind swept away."""
        current = self.current()
        others = [path for path in self.newest_first() if path != current]
        self.sweep(current, *others[:1])
        build = self.generations / BUILD
        build.mkdir()
        return build

    def name(self, build: Path, wanted: str) -> Path:
        """Give a finished and durable build its name, or the next free one.

        A name may be taken by the same content published before, which may be damaged; a reader
        may still be in it, so that it is never written over.
        """
        number, generation = 1, self.generations / wanted
        while generation.exists():
            number += 1
            generation = self.generations / f"{wanted}.{number}"
        build.rename(generation)
        _sync(self.generations)
        return generation

    def switch(self, generation: Path) -> None:
        """Show readers another generation, by one rename."""
        link = self.generations / LINK
        link.symlink_to(Path(self.generations.name) / generation.name)
        if self.public.is_dir() and not self.public.is_symlink():
            self.public.rmdir()
        link.replace(self.public)
        _sync(self.public.parent)

    def sweep(self, *keep: Path | None) -> None:
        """Remove unfinished builds and all generations but those to keep."""
        (self.generations / LINK).unlink(missing_ok=True)
        if (self.generations / BUILD).exists():
            shutil.rmtree(self.generations / BUILD)
        for path in self._finished():
            if path not in keep:
                shutil.rmtree(path)

    def newest_first(self) -> list[Path]:
        """The generations that are there: the current one first, then the one that was made last."""
        current = self.current()
        others = [path for path in self._finished() if path != current]
        others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [*([current] if current and current.exists() else []), *others]

    def _finished(self) -> list[Path]:
        """The generations that have a name."""
        if not self.generations.exists():
            return []
        return [path for path in self.generations.iterdir() if path.is_dir() and not path.name.startswith(".")]


def make_durable(folder: Path) -> None:
    """Have every file and folder below on disk, and not just on its way there."""
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Have one file or folder on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
