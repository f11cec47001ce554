"""The public folder over a real socket, as the server of the project shows it.

Here belongs starting and stopping it. What is asked of it stands in the tests.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from output.serve import application


@contextmanager
def serving(public: Path) -> Iterator[str]:
    """Show a public folder on a free port, and say at which address."""
    server = uvicorn.Server(uvicorn.Config(application(public), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
