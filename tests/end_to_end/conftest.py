"""The shipped example, refreshed once for all tests, however many processes run them."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.end_to_end.place import Ended, Place

WATCH = '''
"""Loaded by Python at its start: every use of the network is noted, and refused."""

import os
import sys

NOTES = os.environ["WATCHED_SOCKETS"]


def note(text):
    with open(NOTES, "a", encoding="utf-8") as notes:
        print(text, file=notes)


def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"):
        note(f"{event} {arguments[1:]}")
        raise PermissionError(f"the network is closed to this process: {event}")


note(f"watching {os.path.basename(sys.argv[0]) if hasattr(sys, 'argv') and sys.argv else 'python'}")
sys.addaudithook(watch)
'''


@dataclass(frozen=True)
class Refreshed:
    """A place after a refresh, how the command ended, and what it did with the network."""

    place: Place
    ended: Ended
    network: list[str]


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The shipped example after its first refresh, run with the network closed. Not to be changed: copy it.

    Each process that runs tests has a session of its own; the lock makes the first of them do it,
    and the others read what it left.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place, kept = Place(shared / "example"), shared / "example.json"
    with FileLock(shared / "example.lock"):
        if not kept.exists():
            place.folder.mkdir()
            notes = shared / "network.txt"
            ended = place.run("refresh", settings=closed_network(shared / "watch", notes))
            found = {"ended": asdict(ended), "network": notes.read_text(encoding="utf-8").splitlines()}
            kept.write_text(json.dumps(found), encoding="utf-8")
    found = json.loads(kept.read_text(encoding="utf-8"))
    ended = Ended(**found["ended"])
    assert ended.status == 0, f"the shipped example could not be refreshed:\n{ended.err}"
    return Refreshed(place, ended, found["network"])


@pytest.fixture
def refreshed(example: Refreshed, tmp_path: Path) -> Place:
    """A place of one's own in which the shipped example has been refreshed."""
    return example.place.copy_to(tmp_path / "place")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place of one's own in which nothing has been done."""
    folder = tmp_path / "place"
    folder.mkdir()
    return Place(folder)


def closed_network(folder: Path, notes: Path) -> dict[str, str]:
    """The environment in which Python notes and refuses every use of the network."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {"PYTHONPATH": python_path(folder), "WATCHED_SOCKETS": str(notes)}


def python_path(folder: Path) -> str:
    """A ``PYTHONPATH`` by which Python loads what lies in this folder first."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
