"""What the tests of the sources share: an archive of their own and a client without haste."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.archive import Archive
from sources.http import Live, Service

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Connect = Callable[..., Live]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive(tmp_path / "archive")


@pytest.fixture
def connect(archive: Archive) -> Iterator[Connect]:
    """Make a live client of a service at an address."""
    with ExitStack() as stack:

        def make(service: str, url: str, *, rate: float = 1000, **policy: Any) -> Live:
            """Make the client, impatient unless told otherwise."""
            own = {"timeout": 2.0, "retry_seconds": 5.0, "backoff": 0.01, "clock": lambda: NOW, "workers": 4}
            return stack.enter_context(Live({service: Service(url, rate)}, archive, **{**own, **policy}))

        yield make
