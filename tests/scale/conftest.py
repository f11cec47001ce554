"""The servers, started once; without them, or without the extra, the tier is skipped and says why."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.end_to_end.place import Place
from tests.scale.machines import Servers, missing, servers


@pytest.fixture(scope="session")
def cluster() -> Iterator[Servers]:
    """PostgreSQL and Redis."""
    if find_spec("dagster_celery") is None:
        pytest.skip("the extra scale is not installed: it has an environment of its own")
    lacks = missing()
    if lacks is not None:
        pytest.skip(lacks)
    with servers() as found:
        yield found


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hashes of what one process publishes, with the warehouse in a file."""
    folder = tmp_path_factory.mktemp("embedded")
    ended = Place(folder).run("refresh")
    assert ended.status == 0, ended.err
    return (Place(folder).latest / "SHA256SUMS").read_text(encoding="utf-8")
