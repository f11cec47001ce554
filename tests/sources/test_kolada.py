"""Kolada: complete over all pages, split without loss, and its ids held against its lists."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.archive import Archive
from sources.errors import AnswerError
from sources.http import Live
from sources.kolada import Fault as KpiFault
from sources.kolada import Kolada, findings, requests
from sources.kolada_bodies import OBSERVATIONS
from sources.transport import Replay
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Fault, Faults
from tests.sources.conftest import NOW
from tests.sources.kolada_example import KPIS, SHAPE, TITLES, UNITS, VALUES, YEARS, ask, expected, rows, server

Connect = Callable[..., Live]


def test_observations_are_complete_over_all_pages(connect: Connect) -> None:
    with server(page_size=4) as kolada:
        found = ask(connect("kolada", kolada.url))
    assert found.frame.schema == OBSERVATIONS
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))
    assert found.frame["hamtad"].unique().to_list() == [NOW.replace(tzinfo=None)]
    assert len(found.requests) == len(kolada.log) == 7


def test_the_requests_are_the_same_whatever_the_order_of_the_ids() -> None:
    [first] = requests(("U00200", "N00090"), iter(("0126", "0000", "0126")), range(2020, 2022))
    assert first.canonical == "kolada GET /data/kpi/N00090,U00200/municipality/0000,0126/year/2020,2021?per_page=5000"
    assert [first] == requests(("N00090", "U00200"), ("0000", "0126"), (2021, 2020))


def test_at_most_25_ids_stand_in_each_dimension(connect: Connect) -> None:
    kpis = [f"N{number:05}" for number in range(30)]
    units = [f"{number:04}" for number in range(60)]
    made = requests(kpis, units, range(1990, 2020))
    assert len(made) == 2 * 3 * 2
    with server() as kolada:
        assert Kolada(connect("kolada", kolada.url)).observations(kpis, units, range(1990, 2020)).frame.is_empty()


def test_one_dimension_may_be_open_and_groups_are_left_out(connect: Connect) -> None:
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, None, YEARS)
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))
    with pytest.raises(ValueError, match="at least two"):
        requests(KPIS, None, None)


def test_a_group_is_refused_unless_asked_for(connect: Connect) -> None:
    with pytest.raises(ValueError, match="G33612 is a group"):
        requests(KPIS, ("G33612",), YEARS)
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, ("G33612",), YEARS, groups=True)
    assert len(found.frame) == 27


def test_only_changes_are_asked_for(connect: Connect) -> None:
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, UNITS, YEARS, from_date=date(2026, 3, 1))
    changed = VALUES.filter(pl.col("changed") >= date(2026, 3, 1))
    assert rows(found.frame).equals(expected(changed).sort(SHAPE[:4]))
    assert kolada.log[0].query == {"from_date": "2026-03-01", "per_page": "5000"}


def test_a_server_behind_another_address_is_still_asked_where_we_ask_it(connect: Connect) -> None:
    with server(page_size=4, public="https://api.kolada.se/v3") as kolada:
        assert rows(ask(connect("kolada", kolada.url)).frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_the_lists(connect: Connect) -> None:
    with server(page_size=2) as kolada:
        client = Kolada(connect("kolada", kolada.url))
        kpis = client.kpis(("U00200", "N00090", "N99999"))
        everything = client.kpis()
        units = client.municipalities()
    assert kpis.select("id", "title").rows() == [(id_, TITLES[id_]) for id_ in ("N00090", "U00200")]
    assert dict(everything.select("id", "title").iter_rows()) == TITLES
    assert units.rows() == [("0000", "Riket", "L"), ("0126", "Huddinge", "K")]


@pytest.mark.parametrize("fault", [Fault.BOM, Fault.GZIP, Fault.DRIP, Fault.REDIRECT, Fault.CUT, Fault.UNAVAILABLE])
def test_trouble_on_the_way_changes_nothing(connect: Connect, fault: Fault) -> None:
    with server(faults=Faults([fault]), page_size=10) as kolada:
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_pages_that_overlap_are_one(connect: Connect) -> None:
    with server(page_size=10) as kolada:
        last: list[Any] = []

        def overlap(payload: dict[str, Any]) -> dict[str, Any]:
            """Begin each page with the end of the one before."""
            both = last + payload["values"]
            last[:] = payload["values"][-2:]
            return {**payload, "values": both, "count": len(both)}

        kolada.edit = overlap
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_a_replay_gives_the_same_and_needs_no_server(connect: Connect, archive: Archive) -> None:
    with server(page_size=4) as kolada:
        live = ask(connect("kolada", kolada.url))
    replayed = Kolada(Replay(archive)).observations(KPIS, UNITS, YEARS)
    assert replayed.frame.equals(live.frame)
    assert replayed.requests == live.requests


@pytest.fixture(scope="module")
def shared_server() -> Iterator[KoladaServer]:
    """One server for all examples of a property."""
    with server() as kolada:
        yield kolada


@given(
    kpis=st.sets(st.sampled_from(KPIS), min_size=1, max_size=2),
    years=st.sets(st.sampled_from(YEARS), min_size=1, max_size=2),
    page_size=st.integers(1, 30),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_of_a_query_gives_the_union_of_the_parts(
    connect: Connect, shared_server: KoladaServer, kpis: set[str], years: set[int], page_size: int
) -> None:
    shared_server.page_size = page_size
    client = Kolada(connect("kolada", shared_server.url))
    parts = [
        client.observations(some, UNITS, when).frame
        for some in (kpis, set(KPIS) - kpis)
        for when in (years, set(YEARS) - years)
    ]
    assert rows(pl.concat(parts)).equals(expected(VALUES).sort(SHAPE[:4]))


def test_findings_name_what_is_the_matter_with_a_kpi() -> None:
    catalogue = pl.DataFrame({"id": list(TITLES), "title": list(TITLES.values())})
    plan = {"N00090": TITLES["N00090"], "N00670": "Rekommenderar, andel (%)", "U00200": TITLES["U00200"], "N99999": "X"}
    assert [(found.kpi, found.fault) for found in findings(catalogue, plan)] == [
        ("N00670", KpiFault.RENAMED),
        ("U00200", KpiFault.RETIRED),
        ("N99999", KpiFault.UNKNOWN),
    ]
    assert [found.kpi for found in findings(catalogue, plan, retired=("U00200",))] == ["N00670", "N99999"]


@pytest.mark.parametrize(
    ("title", "retired"),
    [
        ("Totalt, Index, gammal definition", True),
        ("Totalt, Index (-2024)", True),
        ("Totalt, Index (\N{EN DASH}2024)", True),
        ("Totalt, Index, ny definition", False),
        ("Elever (2020-2024)", False),
    ],
)
def test_a_retired_kpi_is_known_by_its_title(title: str, *, retired: bool) -> None:
    catalogue = pl.DataFrame({"id": ["U07451"], "title": [title]})
    assert bool(findings(catalogue, {"U07451": title})) == retired


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("page_size", [5, 5000])
def test_whatever_happens_the_answer_is_complete_or_an_error(connect: Connect, share: float, page_size: int) -> None:
    faults = Faults(share=share, of=[fault for fault in Fault if fault not in {Fault.HANG, Fault.DRIP}])
    with server(faults=faults, page_size=page_size) as kolada:
        client = Kolada(connect("kolada", kolada.url, retry_seconds=0.5))
        for kpi in KPIS:
            with suppress(AnswerError):
                found = client.observations([kpi], UNITS, YEARS)
                assert rows(found.frame).equals(expected(VALUES.filter(kpi=kpi)).sort(SHAPE[:4]))
