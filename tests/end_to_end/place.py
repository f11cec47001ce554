"""A place of its own for the command: home, public folder and plan below one folder.

Here belong running ``etappmal`` as a user does, and what a folder looked like at a moment. What
should come out stands in the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "sources" / "huddinge" / "2023"
ETAPPMAL: Final = Path(sys.executable).with_name("etappmal")
"""The command of the environment that runs the tests."""

LONGEST: Final = 300
"""Seconds after which a command is taken to hang."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Place:
    """Where a command has its home, its public folder and, where it is edited, its plan."""

    folder: Path

    @property
    def home(self) -> Path:
        """Warehouse, archive, Dagster's home."""
        return self.folder / "home"

    @property
    def public(self) -> Path:
        """The public folder: a link once something is published."""
        return self.folder / "public"

    @property
    def latest(self) -> Path:
        """What readers see."""
        return self.public / "latest"

    @property
    def plan(self) -> Path:
        """The place's own plan folder."""
        return self.folder / "plan"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command here; settings of the one who runs the tests do not reach it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ETAPPMAL_", "DAGSTER"))}
        plan = self.plan if self.plan.exists() else SHIPPED
        own = {"ETAPPMAL_HOME": self.home, "ETAPPMAL_PUBLIC": self.public, "ETAPPMAL_PLAN": plan}
        return {**inherited, **{name: str(path) for name, path in own.items()}, "COLUMNS": "200"}

    def run(self, *words: str, settings: Mapping[str, str] | None = None, before: Sequence[str] = ()) -> Ended:
        """Run ``etappmal`` with these words, settings of its own, and what goes before the command."""
        done = subprocess.run(
            [*before, str(ETAPPMAL), *words],
            env={**self.environment, **(settings or {})},
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def edit_plan(self) -> Path:
        """The place's own plan folder, a copy of the shipped one that a test may change."""
        if not self.plan.exists():
            shutil.copytree(SHIPPED, self.plan)
        return self.plan

    def copy_to(self, folder: Path) -> "Place":
        """The same place elsewhere, with times and links as they are."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Place(folder)

    def published(self) -> dict[str, bytes]:
        """Every file that readers see, by name."""
        return {path.name: path.read_bytes() for path in self.latest.iterdir()}

    def seen(self) -> dict[str, tuple[str | bytes, int]]:
        """All there is in and behind the public folder: what the link says and each file holds, and since when."""
        paths = [self.public, *sorted(self.folder.glob("public.generations/**/*"))]
        return {
            str(path.relative_to(self.folder)): (_content(path), path.lstat().st_mtime_ns)
            for path in paths
            if path.is_symlink() or path.exists()
        }


def _content(path: Path) -> str | bytes:
    """Where a link leads, or what a file holds."""
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else ""


def rewrite(path: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    """Replace the first place where a text stands in a file, and it must stand there."""
    text = path.read_bytes().decode(encoding)
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_bytes(text.replace(old, new, 1).encode(encoding))
