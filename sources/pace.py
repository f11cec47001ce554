"""How often a service is asked: a polite pace that all requests to it share.

Here belongs the waiting. What is sent, and what is sent again, stands in ``http``.
"""

from threading import Event, Lock
from time import monotonic


class Pace:
    """One request each interval, whichever thread sends it, and a pause when the service asks for one."""

    def __init__(self, rate: float) -> None:
        """Let so many through a second."""
        self._lock = Lock()
        self._interval = 1 / rate
        self._next = 0.0
        self._paused_until = 0.0

    @property
    def paused_until(self) -> float:
        """The time, as ``monotonic`` counts it, to which the service has asked for a pause."""
        return self._paused_until

    def set(self, rate: float) -> None:
        """Change the rate."""
        with self._lock:
            self._interval = 1 / rate

    def wait(self, stop: Event) -> None:
        """Wait for a turn, or until all is stopped."""
        with self._lock:
            turn = max(self._next, monotonic())
            self._next = turn + self._interval
        stop.wait(max(0.0, turn - monotonic()))

    def pause(self, seconds: float) -> None:
        """Let nobody through for a while: the service has said that it is too much."""
        with self._lock:
            self._paused_until = max(self._paused_until, monotonic() + seconds)
            self._next = max(self._next, self._paused_until)
