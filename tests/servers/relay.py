"""A relay between a reader and a server on this machine, which counts what passes.

Here belongs the wire alone: bytes that came back, and the ranges that were asked for. It knows
requests only by their header lines, and changes nothing.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

CHUNK: Final = 1 << 16
RANGE: Final = re.compile(rb"\r\nrange: bytes=([0-9-]+)\r\n", re.IGNORECASE)
REQUEST: Final = re.compile(rb"(?:^|\r\n\r\n)(GET|HEAD|OPTIONS) \S+ HTTP/1.1\r\n")


@dataclass
class Passed:
    """What has passed: the relay's address, bytes that came back, methods in order, and ranges of bytes asked for."""

    address: str
    received: int = 0
    methods: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)

    def asked(self, data: bytes) -> None:
        """Count what a reader sends."""
        self.methods += [method.decode() for method in REQUEST.findall(data)]
        self.ranges += [span.decode() for span in RANGE.findall(data)]

    def answered(self, data: bytes) -> None:
        """Count what comes back."""
        self.received += len(data)


@contextmanager
def relaying(port: int) -> Iterator[Passed]:
    """Pass connections on to a port of this machine, and count."""
    listener = socket.create_server(("127.0.0.1", 0))
    passed = Passed(f"http://127.0.0.1:{listener.getsockname()[1]}")
    threading.Thread(target=_accept, args=(listener, port, passed), daemon=True).start()
    try:
        yield passed
    finally:
        # Who waits to accept is woken; closing alone would leave it waiting.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, port: int, passed: Passed) -> None:
    """Take one connection after the other."""
    with suppress(OSError):
        while True:
            reader, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass_on, args=(reader, server, passed.asked), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, reader, passed.answered), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, count: Callable[[bytes], None]) -> None:
    """Pass one direction of a connection on until it ends."""
    with suppress(OSError):
        while data := source.recv(CHUNK):
            count(data)
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
    source.close()
