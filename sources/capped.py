"""Connections that a deadline cuts off: a server that sends its headers drop by drop ends with the time of the request.

Here belongs the cutting alone: a read's own timeout begins anew with each drop. What is asked, and what is
asked again, stands in ``http``.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer, local
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_OF_THIS_THREAD = local()


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Let the headers of what this thread asks in the block have come by then, as ``monotonic`` counts time."""
    _OF_THIS_THREAD.deadline = deadline
    try:
        yield
    finally:
        del _OF_THIS_THREAD.deadline


class _Capped(HTTPConnection):
    """A connection whose headers have come by the deadline of its thread, or never."""

    def getresponse(self) -> Any:
        """The answer; a connection that was cut off fails as one that the server broke."""
        deadline = getattr(_OF_THIS_THREAD, "deadline", None)
        if deadline is None:
            return super().getresponse()
        timer = Timer(max(0.0, deadline - monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()
        finally:
            timer.cancel()

    def _cut(self) -> None:
        """End what is read of the connection."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class _CappedSecure(_Capped, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Capped


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _CappedSecure


class CappedAdapter(HTTPAdapter):
    """What a session asks through, so that ``until`` holds for it."""

    def init_poolmanager(self, *words: Any, **named: Any) -> None:
        """Let pools make connections that can be cut off."""
        super().init_poolmanager(*words, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
