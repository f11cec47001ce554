"""The drop folder: extracts that the municipality's systems leave there for the next run.

Here belongs which files are whole, which table each feeds, and where it goes afterwards: a file that
was published with takes its place in the plan folder, one that was refused is moved aside with its
error beside it. What is in a file is for ``sources.extracts`` and the contracts to say.

A file that is still written to must not be read. It is whole once it has been left alone for a
minute; names that programs give to unfinished files are passed over for as long as they bear them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from time import time
from typing import Final

from pipelines.runs.summary import replace_bytes, replace_text
from sources.extracts.faults import shown
from sources.plan import Plan

LEFT_ALONE: Final = 60.0
"""Seconds without a change after which a file is whole."""

UNFINISHED: Final = (".part", ".tmp", ".filepart", ".crdownload", ".partial")
REFUSED: Final = "refused"


@dataclass(frozen=True)
class Contents:
    """What lies in the drop folder: whole files by the table they feed, files still written to, and strangers."""

    whole: Mapping[str, Path] = field(default_factory=dict)
    waiting: tuple[Path, ...] = ()
    strange: tuple[Path, ...] = ()


def contents(folder: Path, plan: Plan) -> Contents:
    """What lies there now. A file feeds the table whose extract has its name in the plan."""
    tables = {PurePosixPath(extract.file).name: extract.table for extract in plan.register.extract}
    whole: dict[str, Path] = {}
    waiting, strange = [], []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith((".", "~$")) or path.suffix in UNFINISHED or path.is_symlink() or not path.is_file():
            continue
        if time() - path.stat().st_mtime < LEFT_ALONE:
            waiting.append(path)
        elif path.name in tables:
            whole[tables[path.name]] = path
        else:
            strange.append(path)
    return Contents(whole, tuple(waiting), tuple(strange))


def unknown(path: Path, plan: Plan) -> str:
    """Why a stranger is refused."""
    names = ", ".join(sorted(PurePosixPath(extract.file).name for extract in plan.register.extract))
    return (
        f"{shown(path.name)}: no extract of the plan has this name. Name the file as the plan does: {names or 'none'}."
    )


def accept(path: Path, place: Path, data: bytes) -> None:
    """Put the bytes that were published with in their place, and take the file away unless it has changed since."""
    replace_bytes(place, data)
    if path.exists() and path.read_bytes() == data:
        path.unlink()


def refuse(path: Path, why: str) -> Path:
    """Move a file aside, with its error beside it; where it lies now."""
    aside = path.parent / REFUSED
    aside.mkdir(exist_ok=True)
    moved = aside / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{path.name}"
    path.rename(moved)
    replace_text(aside / f"{moved.name}.error.txt", f"{why}\n")
    return moved
