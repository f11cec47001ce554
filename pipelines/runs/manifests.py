"""Run manifests: a run is the list of its inputs by hash, so that it can be told, and made again.

Here belongs the folder ``runs/``, one file for each run, readable at any time without the
warehouse. The bytes behind the hashes lie in the archive.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from pipelines.runs.summary import FAILED, State, replace_text
from pipelines.settings import SourceMode

Kind = Literal["plan", "extract", "answer"]
RunState = State | Literal["begun", "broken off", "loaded"]

BEGUN: Final = "begun"
"""A run that is at work, or that was killed and that no later run has come upon yet."""

BROKEN_OFF: Final = "broken off"
REMEMBERED: Final = ("kolada_varden", "scb_varden", "omradesceller")
"""The tables of observations that a run writes into."""

UNFINISHED: Final = (FAILED, BEGUN, BROKEN_OFF)
"""Runs that published nothing that they could tell of."""


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
    """A run: when it was, of what report, from which inputs, and what came of it.

    ``against`` is the content that was public when it began, which its tables were held against.
    ``remembered`` names the tables of observations into which it wrote what the sources told it. ``did``
    says what a load did, which publishes nothing. ``rule`` is the version that grades were computed by, ``in_force``
    the one that the report was decided under.
    """

    run_id: str
    started: str
    source: SourceMode
    kommun_id: str
    rapport: str
    state: RunState
    ended: str
    content_sha256: str | None = None
    against: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[str, ...] = REMEMBERED
    inputs: tuple[Input, ...] = field(default=())
    did: str | None = None
    rule: str | None = None
    in_force: str | None = None

    def pinned(self, kind: Kind) -> Mapping[str, str]:
        """The hash of each input of a kind, by its request."""
        return {each.request: each.sha256 for each in self.inputs if each.kind == kind}


def write(folder: Path, manifest: Manifest) -> None:
    """Keep the manifest of a run."""
    replace_text(folder / f"{_name(manifest)}.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1))


def settle(folder: Path, remembered: Callable[[str], Collection[str]]) -> None:
    """See to last runs that were killed: note that they were broken off, and what they had remembered by then.

    ``remembered`` tells that of a run, as the warehouse has noted it in the transaction that wrote it. The
    lock is held, so that no run is at work; and each run sees to those before, so that they are the last: more than
    one where several reports were made at once.
    """
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            last = _at(path)
        except UnknownRunError:
            # One that cannot be read stops only what needs it.
            return
        if last.state != BEGUN:
            return
        write(folder, replace(last, state=BROKEN_OFF, remembered=tuple(sorted(remembered(last.run_id)))))


def in_force(folder: Path, kommun_id: str, rapport: str) -> str | None:
    """The version of the rule that a report was decided under, as its last run knew it; None where none did."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        with suppress(UnknownRunError):
            run = _at(path)
            if (run.kommun_id, run.rapport) == (kommun_id, rapport) and run.in_force and run.state not in UNFINISHED:
                return run.in_force
    return None


def last_end(folder: Path) -> datetime | None:
    """When the last run ended; None where there is none, or none that can be read."""
    path = max(folder.glob("*.json"), default=None)
    with suppress(UnknownRunError):
        return datetime.fromisoformat(_at(path).ended) if path is not None else None
    return None


def manifests(folder: Path) -> Iterator[Manifest]:
    """All runs, the oldest first. Raises UnknownRunError where a manifest cannot be read."""
    yield from map(_at, sorted(folder.glob("*.json")))


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


def listed(*folders: Path) -> list[dict[str, Any]]:
    """All runs, the newest first: id, start, source, report, state, and the content they ended with.

    Of a load, what was loaded stands for the report, and what it did for the content.
    """
    runs = sorted((run for folder in folders for run in manifests(folder)), key=lambda run: run.started)
    return [
        {
            "run_id": run.run_id,
            "started": run.started,
            "source": run.source,
            "rapport": run.rapport,
            "state": run.state,
            "release": run.did or (run.content_sha256 or "")[:16],
        }
        for run in reversed(runs)
    ]


def _at(path: Path) -> Manifest:
    """The manifest in a file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        inputs = tuple(Input(**each) for each in data["inputs"])
        return Manifest(**{**data, "inputs": inputs, "remembered": tuple(data.get("remembered", REMEMBERED))})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnknownRunError(f"{path} cannot be read. Restore it from a backup, or move it away.") from error


def _name(manifest: Manifest) -> str:
    """A file name that sorts by time."""
    started = datetime.fromisoformat(manifest.started).strftime("%Y%m%dT%H%M%S.%f")
    return f"{started}_{manifest.run_id}"
