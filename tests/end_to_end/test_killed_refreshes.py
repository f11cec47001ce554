"""Refreshes that are killed at random moments: the next one repairs by itself, to the bytes of an undisturbed one.

Here belongs SIGKILL at any moment, to a refresh of the command and to the processes behind the UI. What a kill at a
chosen moment leaves out of later runs stands in ``test_kills``.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import polars as pl
import polars.selectors as cs
import pytest

from pipelines.plans.approving import approve
from pipelines.runs.manifests import manifests
from pipelines.settings import Settings
from tests.end_to_end.place import ETAPPMAL, Place
from tests.end_to_end.test_exit_status import live
from tests.end_to_end.ui import the_ui
from tests.end_to_end.year import HELD, KPIS, SELECTION, UNITS
from tests.pipelines.test_observing import FIRST, people, values
from tests.servers.kolada import KoladaServer
from tests.servers.scb import ScbServer
from tests.sources.plans import PLAN, changed, written

LIVE: Final = {"ETAPPMAL_SOURCE": "live"}
STEPS: Final = 58
"""About so many lines does a refresh print, one for each table: a kill comes after one of them, drawn by lot."""

Services = tuple[KoladaServer, ScbServer]


@pytest.fixture
def services() -> Iterator[Services]:
    """Two KPIs for three units, and the population of one."""
    config = {"maxDataCells": 1000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    units = [{"id": unit, "title": unit, "type": "K"} for unit in UNITS]
    kpis = [{"id": kpi, "title": title} for kpi, title in KPIS.items()]
    one, other = KoladaServer(kpis, units, values(*HELD)), ScbServer(config, {"TAB638": people(FIRST, 100.0, 110.0)})
    with one, other:
        yield one, other


def planned(folder: Path) -> Place:
    """A place with the small plan, approved."""
    place = Place(folder)
    place.plan.mkdir(parents=True)
    written(place.plan, changed(PLAN[: PLAN.index("[[extract]]")], *SELECTION), "")
    approve(Settings.read(place.environment), "A. Andersson", in_plan=True)
    return place


def revise(services: Services, number: int) -> None:
    """Let a value at Kolada be another, and SCB publish its table anew."""
    today = date.today().isoformat()  # noqa: DTZ011 - the day of the machine, by which changes are asked for
    row = values(("N00001", "0126", 2023, 60.0 + number)).with_columns(changed=pl.lit(today))
    cell = (pl.col("kpi") == "N00001") & (pl.col("municipality") == "0126") & (pl.col("period") == 2023)
    services[0].values = pl.concat([services[0].values.filter(~cell), row])
    updated = f"2025-01-01T00:{number // 60:02}:{number % 60:02}Z"
    services[1].tables = {"TAB638": people(updated, 100.0 + number, 110.0)}


def killed(place: Place, services: Services, after: int, then: float) -> bool:
    """Begin a refresh and kill it, so many seconds after so many tables; whether that came before its end."""
    process = subprocess.Popen(
        [str(ETAPPMAL), "refresh"],
        env={**place.environment, **live(services)},
        cwd=place.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    with process.stderr as told:
        for _, _ in zip(range(after), told, strict=False):
            pass
        time.sleep(then)
        early = process.poll() is None
        os.killpg(process.pid, signal.SIGKILL) if early else None
    process.wait()
    return early


def untimed(place: Place) -> dict[str, bytes]:
    """What is published, as CSV without the columns that tell when something was received."""
    return {
        path.name: pl.read_parquet(path).select(~cs.datetime()).write_csv().encode()
        for path in place.latest.glob("*.parquet")
    }


@pytest.mark.parametrize(
    ("rounds", "kills"),
    [
        pytest.param(1, 2, id="a sample", marks=pytest.mark.slow),
        pytest.param(50, 2, id="a hundred", marks=pytest.mark.soak),
    ],
)
def test_a_refresh_that_was_killed_is_repaired_by_the_next(
    services: Services, tmp_path: Path, rounds: int, kills: int
) -> None:
    lot = Random(13)  # noqa: S311 - the same moments in every run
    disturbed, undisturbed = planned(tmp_path / "disturbed"), planned(tmp_path / "undisturbed")
    for place in (disturbed, undisturbed):
        assert place.run("refresh", settings=live(services)).status == 0
    hit = 0
    for number in range(1, rounds + 1):
        revise(services, number)
        hit += sum(killed(disturbed, services, lot.randrange(STEPS), lot.random() / 4) for _ in range(kills))
        with ThreadPoolExecutor() as threads:
            both = threads.map(lambda place: place.run("refresh", settings=live(services)), (disturbed, undisturbed))
            for ended in both:
                assert ended.status == 0, ended.err
        assert untimed(disturbed) == untimed(undisturbed)
        assert disturbed.run("verify").status == 0
    assert hit > rounds * kills / 2
    states = [run.state for run in manifests(disturbed.home / "live" / "runs")]
    assert "begun" not in states
    assert disturbed.run("archive", "verify", settings=LIVE).status == 0
    assert list((disturbed.home / "live" / "alive").iterdir()) == []


def processes_of(leader: int) -> dict[int, str]:
    """The processes of a session, with what they were started as."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            session = int((folder / "stat").read_text().rpartition(")")[2].split()[3])
            if session == leader:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
    return found


@contextmanager
def slow_services(services: Services) -> Iterator[None]:
    """Let Kolada take its time, so that a run is surely at work."""

    def late(payload: Any) -> Any:
        """The payload, after a while."""
        time.sleep(3)
        return payload

    services[0].edit = late
    try:
        yield
    finally:
        services[0].edit = None


@pytest.mark.parametrize(
    "victims",
    [
        pytest.param(("",), id="every process at once"),
        pytest.param(("dagster._daemon", "dagster-daemon"), id="the daemon"),
        pytest.param(("dagster_webserver", "dagster-webserver"), id="the web server"),
        pytest.param(("dagster api grpc", "code-server"), id="the code servers"),
    ],
)
@pytest.mark.soak
def test_a_run_of_the_ui_whose_processes_are_killed_is_ended_and_the_next_goes_on(
    services: Services, tmp_path: Path, victims: tuple[str, ...]
) -> None:
    place = planned(tmp_path / "place")
    settings = live(services)
    assert place.run("refresh", settings=settings).status == 0
    revise(services, 1)
    with the_ui(place, settings) as ui, slow_services(services):
        run_id = ui.launch()
        until = time.monotonic() + 120
        while not list((place.home / "live" / "alive").glob(run_id)):
            assert time.monotonic() < until, "the run did not begin"
            time.sleep(0.1)
        for process, command in processes_of(ui.process.pid).items():
            if any(victim in command for victim in victims):
                os.kill(process, signal.SIGKILL)
        time.sleep(1)
    # What still lived has been ended with the UI. The next one finds that the run is dead, and begins it anew itself.
    with the_ui(place, settings) as ui:
        statuses = ui.ended(run_id)
    ended = place.run("refresh", settings=settings)
    assert ended.status == 0, ended.err
    assert statuses[run_id] in ({"FAILURE"} if victims == ("",) else {"FAILURE", "CANCELED", "SUCCESS"})
    states = {run.run_id: run.state for run in manifests(place.home / "live" / "runs")}
    assert "begun" not in states.values()
    assert untimed(place)["jamforelsetal_kolada.parquet"].count(b"61.0") >= 1
