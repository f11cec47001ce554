"""A refresh by several workers: the same bytes as in one process, and a worker that is killed costs a repetition."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pytest

from pipelines.storage.places import Lake
from tests.scale.machines import PASSWORD, Servers, Site, site

pytestmark = pytest.mark.scale

SLOWEST: Final = 900
"""Seconds after which a refresh by workers is taken to hang, on a machine with much else to do."""

BEGINNING: Final = 4
MIDDLE: Final = 12
"""Steps that are done when one is killed: first who begins the run, then of the next run a worker."""


@contextmanager
def opened(found: Site) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake of a site."""
    lake = Lake(found.settings["ETAPPMAL_WAREHOUSE"], "etappmal_snapshot", found.place.home / "snapshot" / "lake")
    with duckdb.connect() as connection:
        lake.attach(connection)
        connection.execute("USE warehouse")
        yield connection


def counts(found: Site, *, distinct: bool = False) -> dict[str, int]:
    """How many rows each table of the lake has, or how many that differ."""
    tables = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
    with opened(found) as connection:
        names = [name for (name,) in connection.execute(tables).fetchall()]
        rows = {name: connection.table(name) for name in names}
        return {name: (each.distinct() if distinct else each).pl().height for name, each in rows.items()}


def test_two_workers_publish_the_bytes_that_one_process_does(cluster: Servers, tmp_path: Path, embedded: str) -> None:
    with site(tmp_path / "site", cluster.settings("refresh", 1), "a", "b") as here:
        begun = here.refresh()
        out, err = begun.communicate(timeout=SLOWEST)
        assert begun.returncode == 0, err
        assert (here.place.latest / "SHA256SUMS").read_text(encoding="utf-8") == embedded
        assert all(worker.did() > 0 for worker in here.workers)
        assert PASSWORD not in here.written() + out + err
        assert counts(here) == counts(here, distinct=True)


def test_who_begins_a_run_and_a_worker_are_killed_in_the_middle_and_no_data_is_lost(
    cluster: Servers, tmp_path: Path, embedded: str
) -> None:
    with site(tmp_path / "site", cluster.settings("killed", 2), "a", "b") as here:
        lost, left = here.workers
        with here.refresh() as first:
            while lost.did() + left.did() < BEGINNING:
                assert first.poll() is None, first.communicate()
                time.sleep(0.02)
            first.kill()
        begun, before = here.refresh(), lost.did() + left.did()
        while lost.did() + left.did() < before + MIDDLE or not lost.at_work():
            assert begun.poll() is None, begun.communicate()
            time.sleep(0.02)
        lost.kill()
        done = lost.did()
        out, err = begun.communicate(timeout=SLOWEST)
        assert begun.returncode == 0, err
        assert "published" in out
        assert (here.place.latest / "SHA256SUMS").read_text(encoding="utf-8") == embedded
        assert lost.did() == done
        assert counts(here) == counts(here, distinct=True)
