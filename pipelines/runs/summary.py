"""The summary of a run: what the command prints at its end, and ``etappmal status`` afterwards.

Here belongs the summary as data, and the file it is kept in, which anyone may read at any time
without the warehouse. How it looks in a terminal belongs in ``pipelines.commands``.
"""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from pipelines.runs.clock import Clock, machine

FAILED: Final = "failed"
SUCCESSES: Final = ("published", "unchanged")
State = Literal["failed", "published", "unchanged", "dry run"]


def now(clock: Clock = machine) -> str:
    """The time, in UTC."""
    return clock().isoformat(timespec="milliseconds")


@dataclass
class Summary:
    """What a run did. A run that has not published by its end has failed."""

    run_id: str
    source: str
    public: str
    state: State = FAILED
    started: str = field(default_factory=now)
    ended: str | None = None
    report: str | None = None
    reports: list[str] = field(default_factory=list)
    content_sha256: str | None = None
    goals: list[dict[str, Any]] = field(default_factory=list)
    overall: dict[str, Any] = field(default_factory=dict)
    indicators: dict[str, int] = field(default_factory=dict)
    datasets: list[dict[str, Any]] = field(default_factory=list)
    difference: dict[str, Any] | None = None
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    waiting: str | None = None


def finish(path: Path, summary: Summary, clock: Clock = machine) -> None:
    """Write the summary in place of the last one, and keep that of the last success beside it."""
    summary.ended = now(clock)
    written = asdict(summary)
    before = read(path) or {}
    success = written if summary.state in SUCCESSES else before.get("last_success")
    replace_text(path, json.dumps({"last": written, "last_success": success}, ensure_ascii=False, indent=1))


def read(path: Path) -> dict[str, Any] | None:
    """The summaries of the last run and of the last success; None where there has been no run."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "last" in found else None


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    written = Path(name)
    # A temporary file is its owner's alone; this one anyone may read.
    written.chmod(0o644)
    written.replace(path)
