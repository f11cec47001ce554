"""The public folder as ``etappmal serve`` shows it, in a process of its own.

Here belongs starting and stopping it. What is asked of it stands in the tests.
"""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.place import ETAPPMAL


@contextmanager
def served(public: Path) -> Iterator[int]:
    """Run ``etappmal serve`` on a free port, and say which."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    words = [str(ETAPPMAL), "serve", "--port", str(port), "--public", str(public)]
    process = subprocess.Popen(words, cwd=public.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int) -> None:
    """Wait until somebody listens, for as long as a loaded machine may take."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
