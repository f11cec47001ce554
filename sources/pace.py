"""How often a service is asked: a polite pace that all requests to it share.

Here belongs the waiting. What is sent, and what is sent again, stands in ``http``.
"""

import fcntl
from pathlib import Path
from threading import Event, Lock
from time import monotonic, time
from typing import Final

LONGEST: Final = 600.0
"""Seconds ahead that a turn may have been taken: what lies further off was written by a clock that was wrong."""


class Pace:
    """One request each interval, whichever thread sends it, and a pause when the service asks for one."""

    def __init__(self, rate: float) -> None:
        """Let so many through a second."""
        self._lock = Lock()
        self._interval = 1 / rate
        self._last = float("-inf")
        self._paused_until = 0.0

    @property
    def paused_until(self) -> float:
        """The time, as ``monotonic`` counts it, to which the service has asked for a pause."""
        return self._paused_until

    def set(self, rate: float) -> None:
        """Change the rate: the next turn is counted from the last one by the new rate."""
        with self._lock:
            self._interval = 1 / rate

    def wait(self, stop: Event) -> None:
        """Wait for a turn, or until all is stopped."""
        with self._lock:
            turn = self._turn()
        stop.wait(max(0.0, turn - monotonic()))

    def _turn(self) -> float:
        """The time of the next turn, which is then taken. The lock is held."""
        self._last = max(self._last + self._interval, self._paused_until, monotonic())
        return self._last

    def pause(self, seconds: float) -> None:
        """Let nobody through for a while: the service has said that it is too much."""
        with self._lock:
            self._paused_until = max(self._paused_until, monotonic() + seconds)


class SharedPace(Pace):
    """A pace that processes share, on this machine and on others, through a file that holds the last turn."""

    def __init__(self, rate: float, file: Path) -> None:
        """Let so many through a second, of all that share the file."""
        super().__init__(rate)
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)

    def _turn(self) -> float:
        """The time of the next turn of all, which is then taken; a pause is this process's own."""
        with self._file.open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            here = time()
            last = float(file.read() or 0) - here
            free = last + self._interval if last < LONGEST else 0.0
            wait = max(free, self._paused_until - monotonic(), 0.0)
            file.truncate(0)
            file.write(repr(here + wait))
        return monotonic() + wait
