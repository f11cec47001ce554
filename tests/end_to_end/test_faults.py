"""The command before services out of order: complete and right, or a clear error and nothing changed for readers.

Here belongs how a refresh ends for whoever started it. Each fault alone stands in ``tests/pipelines/test_faults.py``.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest

from sources.kolada import RETIRED
from tests.end_to_end.place import ROOT, Place, rewrite
from tests.end_to_end.services import kolada, scb
from tests.end_to_end.test_exit_status import live, no_network, paragraphs
from tests.pipelines.test_faults import HARMLESS, OVERCOME, REFUSED, of_data
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Fault, Faults
from tests.servers.scb import ScbServer
from tests.sources import test_kolada_bodies as bodies
from tests.sources import test_scb as datasets

pytestmark = pytest.mark.slow

Services = tuple[KoladaServer, ScbServer]
LISTS: Final = ROOT.parent / "shared" / "data" / "kolada"
LIVE: Final = {"ETAPPMAL_SOURCE": "live"}


@pytest.fixture(scope="module")
def servers() -> Iterator[Services]:
    """Both services, for the whole module."""
    with kolada() as one, scb() as other:
        one.values = one.values.with_columns(changed=pl.lit("2020-01-01"))
        yield one, other


@pytest.fixture(scope="module")
def undisturbed(servers: Services, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place after a live refresh, in which everything is due to be read again. Not to be changed: copy it."""
    place = Place(tmp_path_factory.mktemp("undisturbed"))
    ended = place.run("refresh", settings=live(servers))
    assert ended.status == 0, ended.err
    with duckdb.connect(str(place.home / "live" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE meta.readings SET moment = moment - to_days(40), scope = scope || ' before'")
    return place


@pytest.fixture
def disturbed(servers: Services, undisturbed: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of that place; the services are in order again afterwards."""
    yield undisturbed.copy_to(tmp_path / "place")
    for server in servers:
        server.faults, server.edit = Faults(), None


def of_both(servers: Services, faults: Callable[[], Faults]) -> None:
    """Let both services have such faults."""
    for server in servers:
        server.faults = faults()


def ended_well(place: Place, servers: Services) -> tuple[int, list[str]]:
    """Refresh: whatever came of it, readers see what they saw; the status, and what was said."""
    before, published = place.seen(), place.published()
    ended = place.run("refresh", settings={**live(servers, retry_seconds=4), "ETAPPMAL_TIMEOUT": "2"})
    assert ended.status in {0, 1}, ended.err
    assert "Traceback" not in ended.err
    # What is read again when nothing has changed is a new reading in the operational tables, and nothing else.
    assert place.published() == published
    assert ended.status == 0 or place.seen() == before
    return ended.status, paragraphs(ended.err)


def test_harmless_faults_at_all_requests_do_not_show(servers: Services, disturbed: Place) -> None:
    of_both(servers, lambda: Faults(share=1, of=HARMLESS))
    assert ended_well(disturbed, servers) == (0, [])


def test_what_is_asked_again_does_not_show_at_one_request_in_ten(servers: Services, disturbed: Place) -> None:
    of_both(servers, lambda: Faults(share=0.1, of=[*OVERCOME, *HARMLESS]))
    assert ended_well(disturbed, servers) == (0, [])


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_all_faults_by_lot(servers: Services, disturbed: Place, share: float) -> None:
    of_both(servers, lambda: Faults(share=share, of=[*OVERCOME, *HARMLESS, *REFUSED]))
    status, told = ended_well(disturbed, servers)
    assert (told == []) == (status == 0)


@pytest.mark.parametrize("fault", [Fault.GONE, Fault.HANG], ids=str)
def test_a_fault_at_all_requests_ends_with_what_was_asked(servers: Services, disturbed: Place, fault: Fault) -> None:
    of_both(servers, lambda: Faults(share=1, of=[fault]))
    status, told = ended_well(disturbed, servers)
    assert status == 1
    assert any("kolada GET /" in error for error in told)
    assert any("scb" in error for error in told)
    assert told[-1].startswith("Nothing was published")


WRONG: Final = {
    "a lost record": (0, bodies.WRONG["a lost record"][0]),
    "an empty answer": (0, lambda payload: {**payload, "values": [], "count": 0, "next_url": None}),
    "too few values": (1, datasets.WRONG["too few values"][0]),
}


@pytest.mark.parametrize(("number", "edit"), WRONG.values(), ids=WRONG)
def test_one_wrong_body_stops_the_refresh(
    servers: Services, disturbed: Place, number: int, edit: Callable[[Any], Any]
) -> None:
    service = ("kolada", "scb")[number]
    servers[number].edit = of_data(service, edit, at="all requests" if number else "one request")
    status, told = ended_well(disturbed, servers)
    assert status == 1
    assert told[0].startswith(f"{service} ")


def test_a_run_that_failed_and_the_next_one_are_made_again(servers: Services, place: Place, tmp_path: Path) -> None:
    assert place.run("refresh", settings=live(servers)).status == 0
    servers[1].faults = Faults(share=1, of=[Fault.HTML])
    cell = (pl.col("kpi") == "N00590") & (pl.col("municipality") == "0126") & (pl.col("period") == 2022)
    was = servers[0].values
    servers[0].values = was.with_columns(
        value=pl.when(cell).then(1.5).otherwise("value"),
        changed=pl.when(cell).then(pl.lit("2999-01-01")).otherwise("changed"),
    )
    assert ended_well(place, servers)[0] == 1
    servers[1].faults = Faults()
    ended = place.run("refresh", settings=live(servers))
    assert ended.status == 0, ended.err
    servers[0].values = was
    good, failed = (line.split()[0] for line in place.run("runs", settings=LIVE).out.splitlines()[:2])
    again = place.run("replay", failed, "--to", str(tmp_path / "failed"), settings=LIVE, before=no_network())
    assert again.status == 1
    assert any("scb" in error for error in paragraphs(again.err))
    assert not (tmp_path / "failed").exists()
    again = place.run("replay", good, "--to", str(tmp_path / "good"), settings=LIVE, before=no_network())
    assert again.status == 0, again.err
    sums = [folder / "latest" / "SHA256SUMS" for folder in (tmp_path / "good", place.public)]
    assert sums[0].read_bytes() == sums[1].read_bytes()


def test_kpis_that_were_renamed_retired_and_emptied_are_accepted_one_by_one(tmp_path: Path) -> None:
    renamed, retired, emptied = "U07451", "N00590", "N00090"
    place = Place(tmp_path)
    plan = place.edit_plan()
    with kolada() as one, scb() as other:
        settings = live((one, other))
        one.values = one.values.with_columns(changed=pl.lit("2020-01-01"))
        assert place.run("refresh", settings=settings).status == 0
        before = place.published()
        titles = {renamed: " 2", retired: " (-2022)"}
        one.kpis = [{**kpi, "title": f"{kpi['title']}{titles.get(kpi['id'], '')}"} for kpi in one.kpis]
        gone = (pl.col("kpi") == emptied) & (pl.col("municipality") == "0126")
        one.values = one.values.with_columns(
            isdeleted=gone | pl.col("isdeleted"),
            value=pl.when(~gone).then("value"),
            changed=pl.when(gone).then(pl.lit("2999-01-01")).otherwise("changed"),
        )
        rewrite(plan / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")
        held = place.run("refresh", settings=settings)
        assert held.status == 5, held.err
        assert [next(kpi for kpi in (renamed, retired, emptied) if kpi in said) for said in paragraphs(held.err)]
        assert all(f"etappmal accept {kpi}" in held.err for kpi in (renamed, retired, emptied))
        assert place.published()["antal_anstallda.csv"] != before["antal_anstallda.csv"]
        assert place.published()["jamforelsetal_kolada.csv"] == before["jamforelsetal_kolada.csv"]
        for kpi in (renamed, retired, emptied):
            accepted = place.run("accept", kpi, settings=LIVE)
            assert accepted.status == 0, accepted.err
        ended = place.run("refresh", settings=settings)
        assert ended.status == 0, ended.err
        assert place.run("accept", renamed, settings=LIVE).status == 2
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    assert text.count("retired = true") == 2
    assert text.count("values_expected = false") == 2
    values = pl.read_csv(place.latest / "jamforelsetal_kolada.csv", infer_schema=False)
    assert values.filter(pl.col("kommun_id") == "0126", pl.col("varde").is_not_null(), kpi_id=emptied).is_empty()
    assert RETIRED.search(values.filter(kpi_id=retired)["kpi"][0])


@pytest.mark.skipif(not LISTS.exists(), reason="Kolada's lists of 2026-03-23 are not beside the checkout")
def test_the_shipped_plan_refreshes_against_the_lists_of_2026_03_23(place: Place) -> None:
    with kolada() as one, scb() as other:
        kpis = gzip.decompress((LISTS / "kolada_v3_kpi_all_6099_rkolada.json.gz").read_bytes())
        one.kpis = json.loads(kpis)["values"]
        one.municipalities = json.loads((LISTS / "kolada_v3_municipality_all_312_rkolada.json").read_bytes())["values"]
        assert (len(one.kpis), len(one.municipalities)) == (6099, 312)
        ended = place.run("refresh", settings=live((one, other)))
    assert ended.status == 0, ended.err
