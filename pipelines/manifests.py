"""Run manifests: a run is the list of its inputs by hash, so that it can be told, and made again.

Here belongs the folder ``runs/``, one file for each run, readable at any time without the
warehouse. The bytes behind the hashes lie in the archive.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.settings import SourceMode
from pipelines.summary import State, replace_text

Kind = Literal["plan", "extract", "answer"]


class UnknownRunError(LookupError):
    """A run that is not among those of the home, or whose manifest cannot be read."""


@dataclass(frozen=True)
class Input:
    """An input of a run: what it is, the request by which the archive knows it, and its bytes by hash."""

    kind: Kind
    request: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A run: when it was, of what report, from which inputs, and what came of it."""

    run_id: str
    started: str
    source: SourceMode
    kommun_id: str
    rapport: str
    state: State
    ended: str
    content_sha256: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Input, ...] = field(default=())

    def pinned(self, kind: Kind) -> Mapping[str, str]:
        """The hash of each input of a kind, by its request."""
        return {each.request: each.sha256 for each in self.inputs if each.kind == kind}


def write(folder: Path, manifest: Manifest) -> None:
    """Keep the manifest of a run."""
    replace_text(folder / f"{_name(manifest)}.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1))


def manifests(folder: Path) -> Iterator[Manifest]:
    """All runs, the oldest first. Raises UnknownRunError where a manifest cannot be read."""
    for path in sorted(folder.glob("*.json")):
        try:
            manifest = _read(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnknownRunError(f"{path} cannot be read. Restore it from a backup, or move it away.") from error
        yield manifest


def find(folder: Path, run_id: str) -> Manifest:
    """The run whose id is, or begins with, ``run_id``.

    Raises UnknownRunError where there is none, or more than one.
    """
    found = [manifest for manifest in manifests(folder) if manifest.run_id.startswith(run_id)]
    if len(found) != 1:
        raise UnknownRunError(
            f"{len(found) or 'no'} runs begin with {run_id!r}. etappmal runs lists those that there are."
        )
    return found[0]


def listed(folder: Path) -> list[dict[str, Any]]:
    """All runs, the newest first: id, start, source, report, state, and the content they ended with."""
    return [
        {
            "run_id": run.run_id,
            "started": run.started,
            "source": run.source,
            "rapport": run.rapport,
            "state": run.state,
            "release": (run.content_sha256 or "")[:16],
        }
        for run in reversed(list(manifests(folder)))
    ]


def _read(data: Mapping[str, Any]) -> Manifest:
    """A manifest from its file."""
    return Manifest(**{**data, "inputs": tuple(Input(**each) for each in data["inputs"])})


def _name(manifest: Manifest) -> str:
    """A file name that sorts by time."""
    started = datetime.fromisoformat(manifest.started).strftime("%Y%m%dT%H%M%S.%f")
    return f"{started}_{manifest.run_id}"
