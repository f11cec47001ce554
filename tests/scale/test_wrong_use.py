"""Addresses that lead nowhere: one paragraph with what to do, no password, nothing published."""

from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.place import Place
from tests.scale.machines import PASSWORD, Servers, free_port

pytestmark = pytest.mark.scale

WRONG: Final = {
    "nobody listens for the lake": ("ETAPPMAL_WAREHOUSE", "port={postgres} ", "port={free} ", "Connection refused"),
    "no such database": ("ETAPPMAL_WAREHOUSE", "dbname=sjo_", "dbname=ingen_", "does not exist"),
    "another password for the lake": (
        "ETAPPMAL_WAREHOUSE",
        "password=",
        "password=x",
        "password authentication failed",
    ),
    "nobody listens for the storage": ("ETAPPMAL_STORAGE", ":{postgres}/", ":{free}/", "Connection refused"),
    "nobody listens for the broker": ("ETAPPMAL_BROKER", ":{redis}/", ":{free}/", "Connection refused"),
    "no worker": ("ETAPPMAL_BROKER", "/4", "/5", "Start one on each machine: etappmal worker."),
    "a file for several processes": ("ETAPPMAL_WAREHOUSE", "", "", "name a lake in ETAPPMAL_WAREHOUSE"),
    "no such executor": ("ETAPPMAL_EXECUTOR", "celery", "dask", "write in-process or celery"),
}


@pytest.fixture(scope="module")
def settings(cluster: Servers) -> dict[str, str]:
    """Settings that would do."""
    return cluster.settings("wrong", 4)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place in which nothing is ever published."""
    return Place(tmp_path_factory.mktemp("wrong"))


@pytest.mark.parametrize("case", WRONG)
def test_an_address_that_leads_nowhere_is_wrong_use(
    case: str, cluster: Servers, settings: dict[str, str], place: Place
) -> None:
    name, right, wrong, told = WRONG[case]
    ports = {"postgres": cluster.postgres_port, "redis": cluster.redis_port, "free": free_port()}
    changed = settings[name].replace(right.format(**ports), wrong.format(**ports)) if right else ""
    assert changed != settings[name]
    ended = place.run("refresh", settings={**settings, name: changed})
    assert (ended.status, ended.out) == (2, "")
    first, *rest = ended.err.strip().splitlines()
    assert first.startswith("etappmal: ")
    assert told in first
    assert len(rest) <= 1
    assert PASSWORD not in ended.err
    assert not place.public.exists()


def test_the_lake_of_another_home_is_refused(settings: dict[str, str], place: Place, tmp_path: Path) -> None:
    assert "Start one" in place.run("refresh", settings=settings).err
    ended = Place(tmp_path).run("refresh", settings=settings)
    assert ended.status == 2
    assert "that the database is one of its own for this home" in ended.err
    assert PASSWORD not in ended.err
