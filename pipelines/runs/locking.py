"""The one lock that keeps two writers apart, whoever they are: the UI, the schedule or the command.

Here belongs the lock and the word of who holds it. It is held by the process, so that a run inside
a command that already holds it goes on. Where the steps of a run are at work in other processes, the one that
began it holds the lock for all; who takes it next waits for those that a killed one has left at work.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from filelock import FileLock, Timeout

from pipelines.settings import unwritable_home

STEPS: Final = "steps.lock"
AT_WORK: Final = "at-work"
"""Where a run whose steps are done by others has its folder: without it, a step does not begin."""

EACH: Final = 0.2
"""Seconds between two looks at whether steps are at work."""


class LockHeldError(Exception):
    """Another refresh holds the lock, and waiting was declined or timed out."""


@contextmanager
def writing(home: Path, who: str, wait: float) -> Iterator[None]:
    """Hold the lock of ``home``, waiting at most ``wait`` seconds for another writer.

    The operating system frees the lock when its process ends, however it ends.
    Raises LockHeldError naming the holder, and SettingsError where the home cannot be written.
    """
    holder = home / "lock.json"
    lock = FileLock(home / "lock", thread_local=False, is_singleton=True)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout:
        raise LockHeldError(
            f"{home}: {_describe(holder)} is writing. Wait for it to end, or run again with a longer --wait."
        ) from None
    except OSError as error:
        raise unwritable_home(home, error) from error
    try:
        if lock.lock_counter == 1:
            started = datetime.now(UTC).isoformat(timespec="seconds")
            # It only says who holds the lock: a disk without room is for the run to tell.
            with suppress(OSError):
                holder.write_text(json.dumps({"who": who, "process": os.getpid(), "since": started}), encoding="utf-8")
            _end_steps(home, wait)
        yield
    finally:
        lock.release()


@contextmanager
def at_step(home: Path) -> Iterator[None]:
    """Be a step at work, of a run for which another process holds the lock."""
    with (home / STEPS).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _end_steps(home: Path, wait: float) -> None:
    """Let no step of a run that is over begin any more, and wait for those at work. Raises LockHeldError."""
    path, until = home / STEPS, monotonic() + wait
    if not path.exists():
        return
    shutil.rmtree(home / AT_WORK, ignore_errors=True)
    with path.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() >= until:
                    raise LockHeldError(
                        f"{home}: a step of a run that was killed is still at work. Wait for its worker, or stop it."
                    ) from None
                sleep(EACH)
            else:
                return


def _describe(holder: Path) -> str:
    """Who holds the lock, as far as it has said so."""
    try:
        held = json.loads(holder.read_text(encoding="utf-8"))
        return f"{held['who']} (process {held['process']}, since {held['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another refresh"
