"""Every fault that a service may have, at one request and at all: what is taken in is whole, or an error says why.

Here belongs what a refresh takes in from services out of order. How it ends for whoever started it
stands in ``tests/end_to_end/test_faults.py``.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from time import monotonic
from typing import Any, Final

import polars as pl
import pytest

from contracts import contract
from pipelines.intake.observing import described_kpis, described_units, read_kolada, read_scb, remember
from pipelines.runs.run import Run, open_run
from pipelines.settings import Settings
from pipelines.storage.warehouse import Reading
from sources.errors import AnswerError
from tests.pipelines.test_observing import SECOND, TITLES, World, people
from tests.pipelines.test_observing import world as world  # noqa: PLC0414 - a fixture
from tests.servers.loopback import Fault, Faults
from tests.sources import test_kolada_bodies as bodies
from tests.sources import test_scb as datasets

Edit = Callable[[Any], Any]
OVERCOME: Final = (
    Fault.TOO_MANY,
    Fault.TOO_MANY_DATE,
    Fault.UNAVAILABLE,
    Fault.BROKEN,
    Fault.RESET,
    Fault.TRUNCATED,
    Fault.CUT,
    Fault.HANG,
)
"""What is asked again."""

HARMLESS: Final = (Fault.DRIP, Fault.REDIRECT, Fault.GZIP, Fault.BOM)
REFUSED: Final = (Fault.HTML, Fault.GONE, Fault.NOT_FOUND, Fault.REDIRECT_LOOP, Fault.REDIRECT_AWAY, Fault.NAN)
LONGEST: Final = 30
"""Seconds after which a reading hangs, whatever the machine is busy with: ten times what it may take."""

SERVICES: Final = ("kolada", "scb")


def take_in(world: World) -> tuple[list[str], pl.DataFrame, pl.DataFrame]:
    """Take in what both services tell, as a refresh does; what was refused, and what is known then with its history."""
    told: list[str] = []
    with open_run(world.settings, f"run-{monotonic()}", "test") as run:

        def kolada(run: Run) -> Reading:
            """What Kolada tells."""
            described_units(run)
            return read_kolada(run, described_kpis(run).filter(pl.col("halls_inne").is_null())["kpi_id"].to_list())

        for name, read in (("kolada_varden", kolada), ("scb_varden", read_scb)):
            try:
                reading = read(run)
            except AnswerError as error:
                told.append(str(error))
            else:
                remember(run, name, reading, reading.rows)
        known = [run.warehouse.read(contract(name, "core")) for name in ("kolada_varden", "scb_varden")]
        told += run.summary.held_back
    return told, known[0], known[1]


@pytest.fixture
def read_once(world: World) -> World:
    """Both services read once, and due to be read again in full."""
    world.kolada.municipalities = [{"id": unit, "title": unit, "type": "K"} for unit in ("0000", "0126", "0127")]
    # Another source's answers are in pages and parts too.
    world.scb.config = {**world.scb.config, "maxDataCells": 1}
    assert take_in(world)[0] == []
    world.days_pass(40)
    world.scb.tables = {"TAB638": people(SECOND, 100.0, 110.0)}
    for server in (world.kolada, world.scb):
        server.hang_seconds = 0.8
        server.log.clear()
    return world


def nothing_is_lost(world: World) -> list[str]:
    """Take in what there is, and see that nothing changed by it; what was refused."""
    before = [frame.drop("kand_till") for frame in known(world)]
    begun = monotonic()
    told, *after = take_in(world)
    assert monotonic() - begun < LONGEST
    assert [frame.drop("kand_till").equals(old) for frame, old in zip(after, before, strict=True)] == [True, True]
    assert all(frame["kand_till"].is_null().all() for frame in after)
    assert all("Traceback" not in error and "\n" not in error for error in told)
    return told


def known(world: World) -> list[pl.DataFrame]:
    """What is known, with its history."""
    with open_run(world.settings, "look", "test") as run:
        return [run.warehouse.read(contract(name, "core")) for name in ("kolada_varden", "scb_varden")]


def server_of(world: World, service: str) -> Any:
    """One of the two services."""
    return world.kolada if service == "kolada" else world.scb


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("fault", [*OVERCOME, *HARMLESS], ids=str)
def test_one_fault_on_the_way_does_not_show(read_once: World, service: str, fault: Fault) -> None:
    server_of(read_once, service).faults = Faults([None, fault])
    read_once.settings = impatient(read_once, 0.5, 10.0)
    assert nothing_is_lost(read_once) == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("fault", OVERCOME, ids=str)
def test_a_fault_that_stays_is_told_when_the_time_is_up(read_once: World, service: str, fault: Fault) -> None:
    server_of(read_once, service).faults = Faults(share=1, of=[fault])
    read_once.settings = impatient(read_once, 0.3, 0.6)
    (error,) = nothing_is_lost(read_once)
    assert error.startswith(f"{service} GET /")
    assert "ETAPPMAL_RETRY_SECONDS" in error


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("fault", HARMLESS, ids=str)
def test_what_does_no_harm_does_none_at_all_requests(read_once: World, service: str, fault: Fault) -> None:
    server_of(read_once, service).faults = Faults(share=1, of=[fault])
    assert nothing_is_lost(read_once) == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("at", ["one request", "all requests"])
@pytest.mark.parametrize("fault", [*REFUSED, Fault.REDIRECT_SEE_OTHER], ids=str)
def test_what_is_no_answer_is_refused(read_once: World, service: str, fault: Fault, at: str) -> None:
    faults = {"one request": Faults([None, fault]), "all requests": Faults(share=1, of=[fault])}
    server_of(read_once, service).faults = faults[at]
    if fault is Fault.REDIRECT_SEE_OTHER:
        # One that turns a POST into a GET is refused, one of a GET is followed.
        posts = service == "scb" and at == "all requests"
        assert len(nothing_is_lost(read_once)) == posts
        return
    told = nothing_is_lost(read_once)
    # A list without values has no NaN in it.
    assert len(told) == (0 if fault is Fault.NAN and at == "one request" else 1)


def impatient(world: World, timeout: float, retry_seconds: float) -> Settings:
    """The settings of a world, with this patience."""
    return replace(world.settings, timeout=timeout, retry_seconds=retry_seconds)


def of_data(service: str, edit: Edit, *, at: str) -> Edit:
    """Change the second answer with data, or all of them."""
    number = count(1)

    def changed(payload: Any) -> Any:
        """Change an answer with data."""
        data = payload.get("value") if service == "scb" else "values" in (payload["values"] or [{}])[0]
        return edit(payload) if data and (next(number) == 2 or at == "all requests") else payload

    return changed


WRONG: Final = {
    **{("kolada", name): edit for name, (edit, _) in bodies.WRONG.items()},
    **{("scb", name): edit for name, (edit, _) in datasets.WRONG.items()},
}
# Here that is a KPI which is asked for.
del WRONG["kolada", "another KPI"]
SAMPLE: Final = {
    ("kolada", "version 2"),
    ("kolada", "a lost record"),
    ("kolada", "a page that leads to itself"),
    ("scb", "too few values"),
    ("scb", "another region"),
}


def marks(case: tuple[str, str], at: str) -> list[pytest.MarkDecorator]:
    """The tier of a case: what a body says wrongly is found in the one as in all."""
    if case in SAMPLE:
        return []
    return [pytest.mark.slow if at == "one request" else pytest.mark.soak]


@pytest.mark.parametrize(
    ("service", "name", "at"),
    [
        pytest.param(*case, at, marks=marks(case, at), id=f"{' '.join(case)}, {at}")
        for case in WRONG
        for at in ("one request", "all requests")
    ],
)
def test_a_body_that_is_not_as_it_should_be_is_refused(read_once: World, service: str, name: str, at: str) -> None:
    server_of(read_once, service).edit = of_data(service, WRONG[service, name], at=at)
    (error,) = nothing_is_lost(read_once)
    assert error.startswith(f"{service} ")
    server_of(read_once, service).edit = None
    read_once.days_pass(40)
    assert nothing_is_lost(read_once) == []


TOLERATED: Final = {
    **{("kolada", name): edit for name, edit in bodies.TOLERATED.items() if name != "line breaks"},
    ("scb", "an index as a list"): datasets.listed_index,
    ("scb", "keys in another order"): datasets.turned_keys,
    ("scb", "values as an object"): datasets.sparse,
    ("scb", "a new field"): datasets.changed(new={"a": 1}),
    ("scb", "no time of update"): datasets.without("updated"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("service", "name"), [pytest.param(*case, id=" ".join(case)) for case in TOLERATED])
def test_a_body_that_is_harmlessly_odd_is_read(read_once: World, service: str, name: str) -> None:
    server_of(read_once, service).edit = of_data(service, TOLERATED[service, name], at="all requests")
    assert nothing_is_lost(read_once) == []


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_all_faults_by_lot_leave_what_is_whole_or_an_error(read_once: World, share: float) -> None:
    read_once.settings = impatient(read_once, 0.5, 3.0)
    for server in (read_once.kolada, read_once.scb):
        server.faults = Faults(share=share, of=[*OVERCOME, *HARMLESS, *REFUSED])
    for _ in range(6):
        nothing_is_lost(read_once)
        read_once.days_pass(40)


@pytest.mark.slow
@pytest.mark.parametrize(
    "config",
    [
        {"maxDataCells": 0},
        {"maxDataCells": "150000"},
        {"maxDataCells": 10**30},
        {"maxCallsPerTimeWindow": 1, "timeWindow": 10**9},
        {"timeWindow": -10},
        {"maxCallsPerTimeWindow": None},
    ],
    ids=str,
)
def test_an_absurd_config_ends_in_an_error_or_in_the_right_cells(read_once: World, config: dict[str, object]) -> None:
    read_once.scb.config = {**read_once.scb.config, **config}
    told = nothing_is_lost(read_once)
    assert len(told) == (config.get("maxDataCells") != 10**30)


@pytest.mark.slow
def test_a_limit_that_is_lower_than_the_config_says_is_quoted(read_once: World) -> None:
    honest = dict(read_once.scb.config)
    read_once.scb.edit = lambda payload: {**honest, "maxDataCells": 1000} if "maxDataCells" in payload else payload
    (error,) = nothing_is_lost(read_once)
    assert "Too many cells selected" in error


@pytest.mark.slow
def test_a_table_that_is_gone_is_quoted(read_once: World) -> None:
    read_once.scb.tables = {}
    (error,) = nothing_is_lost(read_once)
    assert "Non-existent table" in error


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["0127", "all"])
def test_a_list_that_lacks_a_unit_is_refused(read_once: World, lost: str) -> None:
    read_once.kolada.municipalities = [
        each for each in read_once.kolada.municipalities if lost != "all" and each["id"] != lost
    ]
    (error,) = nothing_is_lost(read_once)
    assert "/municipality" in error


@pytest.mark.slow
def test_a_kpi_that_is_not_listed_is_held_back_and_keeps_what_it_had(read_once: World) -> None:
    read_once.kolada.kpis = [{"id": kpi, "title": title} for kpi, title in TITLES.items() if kpi != "N00002"]
    (held,) = nothing_is_lost(read_once)
    assert held.startswith("N00002 is not in Kolada's list")
