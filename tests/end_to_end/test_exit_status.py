"""What the command ends with when something is wrong: its status, its error, and what readers see then."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from pipelines.runs.locking import writing
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import Place, rewrite
from tests.end_to_end.services import WFS, kolada, scb
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Fault, Faults
from tests.servers.scb import ScbServer


def paragraphs(err: str) -> list[str]:
    """What the command says is wrong, without the progress before it."""
    return [line.removeprefix("etappmal: ") for line in err.splitlines() if line.startswith("etappmal: ")]


def test_wrong_extracts_are_refused_and_the_last_publication_stays(refreshed: Place) -> None:
    before = refreshed.seen()
    extracts = refreshed.edit_plan() / "extracts"
    rewrite(extracts / "resultatrakning.csv", "71 966", "71x966")
    (extracts / "uppdrag.csv").unlink()
    ended = refreshed.run("refresh")
    assert ended.status == 1
    income, assignments, remains = paragraphs(ended.err)
    assert income.startswith("extracts/resultatrakning.csv, row 2, column 'Utfall helår': '71x966' is not a number.")
    assert assignments.startswith("extracts/uppdrag.csv: there is no such file.")
    assert remains.startswith("Nothing was published")
    assert "Traceback" not in ended.err
    assert not re.search(r"^ +\d+  publication", ended.err, flags=re.MULTILINE)
    assert refreshed.seen() == before
    status = refreshed.run("status")
    assert "'71x966' is not a number" in status.out
    assert refreshed.run("status", "--max-age", "1h").status == 0


def test_a_plan_that_does_not_hold_is_wrong_use(refreshed: Place) -> None:
    before = refreshed.seen()
    rewrite(refreshed.edit_plan() / "plan.toml", '\ndirection = "lagre_ar_battre"', '\ndirecton = "lagre_ar_battre"')
    ended = refreshed.run("refresh")
    assert ended.status == 2
    (error,) = paragraphs(ended.err)
    assert "plan.toml" in error
    assert "directon" in error
    assert refreshed.seen() == before


@pytest.mark.parametrize(
    ("words", "settings", "named"),
    [
        ((), {"ETAPPMAL_SOURCE": "both"}, "ETAPPMAL_SOURCE"),
        (("--timeout", "soon"), {}, "ETAPPMAL_TIMEOUT"),
        (("--report", "1999-helar"), {}, "is about 1999-helar: there are 2023-helar"),
        (("--report", "2023-helar", "--all"), {}, "give one of them"),
        (("--rule", "9"), {}, "there is no version '9' of the rule"),
        ((), {"ETAPPMAL_KOLADA_URL": "api.kolada.se"}, "ETAPPMAL_KOLADA_URL"),
        (("--no-such-flag",), {}, "--no-such-flag"),
    ],
)
def test_a_setting_that_cannot_be_used_is_wrong_use(
    words: tuple[str, ...], settings: dict[str, str], named: str, place: Place
) -> None:
    ended = place.run("refresh", *words, settings=settings)
    assert ended.status == 2
    assert named in ended.err
    assert not place.home.exists()


def test_a_lock_that_another_holds_is_named(place: Place) -> None:
    with writing(place.home, "the nightly run", wait=0):
        ended = place.run("refresh", "--wait", "0")
    assert ended.status == 3
    (error,) = paragraphs(ended.err)
    assert "the nightly run (process " in error
    assert not place.public.exists()


def test_a_damaged_warehouse_is_told_and_the_way_back_gives_the_same_bytes(example: Refreshed, place: Place) -> None:
    warehouse = place.home / "snapshot" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True)
    warehouse.write_bytes(b"not a warehouse " * 1000)
    ended = place.run("refresh")
    assert ended.status == 4
    told = paragraphs(ended.err)[0]
    assert told.startswith(f"{warehouse} cannot be opened")
    assert "Move the file away and run etappmal refresh" in told
    assert "Traceback" not in ended.err
    assert not place.public.exists()
    shutil.move(warehouse, place.folder / "damaged.duckdb")
    again = place.run("refresh", "--json", before=no_network())
    assert again.status == 0, again.err
    assert json.loads(again.out)["state"] == "published"
    assert place.published() == example.place.published()


@pytest.mark.parametrize("words", [("kolada", "--all"), ("scb", "--table", "TAB638")], ids=" ".join)
def test_a_load_tells_of_a_warehouse_that_cannot_be_used(words: tuple[str, ...], place: Place) -> None:
    lake = {"ETAPPMAL_WAREHOUSE": "ducklake:postgres:dbname=x host=127.0.0.1 port=1"}
    without = place.run("load", *words, settings=lake)
    assert without.status == 2
    (error,) = paragraphs(without.err)
    assert error.startswith("ETAPPMAL_WAREHOUSE")
    warehouse = place.home / "live" / "warehouse.duckdb"
    warehouse.parent.mkdir(exist_ok=True)
    warehouse.write_bytes(b"not a warehouse " * 1000)
    damaged = place.run("load", *words)
    assert damaged.status == 4
    (error,) = paragraphs(damaged.err)
    assert error.startswith(f"{warehouse} cannot be opened")


def no_network() -> list[str]:
    """What starts a command in a network of its own that leads nowhere, where this machine allows that."""
    words = ["unshare", "--map-root-user", "--net"]
    found = shutil.which("unshare")
    allowed = found and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    return words if allowed else []


@pytest.fixture
def services() -> Iterator[tuple[KoladaServer, ScbServer]]:
    """Both services on this machine."""
    with kolada() as one, scb() as other:
        yield one, other


def live(services: tuple[KoladaServer, ScbServer], retry_seconds: float = 20) -> dict[str, str]:
    """The settings of a refresh from these services, without haste."""
    one, other = services
    return {
        "ETAPPMAL_SOURCE": "live",
        "ETAPPMAL_KOLADA_URL": one.url,
        "ETAPPMAL_SCB_URL": other.url,
        "ETAPPMAL_SCB_WFS_URL": f"{other.url}{WFS}",
        "ETAPPMAL_KOLADA_RATE": "1000",
        "ETAPPMAL_RETRY_SECONDS": str(retry_seconds),
    }


def test_a_live_refresh_then_one_with_a_kpi_that_was_renamed(
    services: tuple[KoladaServer, ScbServer], refreshed: Place
) -> None:
    recorded = refreshed.published()
    ended = refreshed.run("refresh", settings=live(services))
    assert ended.status == 0, ended.err
    fetched = refreshed.published()
    # What tells when it was received differs in that.
    timed = (KOLADA, "indikatorutfall", "revideringar", "omradesvarden", "omradesgruppvarden", "omradesgranser")
    figures = {name for name in recorded if name.endswith(".csv") and name.partition(".")[0] not in timed}
    assert {name for name in figures if fetched[name] != recorded[name]} == set()
    assert without_times(fetched[KOLADA_CSV]) == without_times(recorded[KOLADA_CSV])

    services[0].kpis = [
        {**kpi, "title": f"{kpi['title']} 2"} if kpi["id"] == "U07451" else kpi for kpi in services[0].kpis
    ]
    rewrite(refreshed.edit_plan() / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")
    ended = refreshed.run("refresh", settings=live(services))
    assert ended.status == 5, ended.err
    (held,) = paragraphs(ended.err)
    assert held.startswith("held back: U07451")
    assert "etappmal accept U07451" in held
    after = refreshed.published()
    assert after["antal_anstallda.csv"] != fetched["antal_anstallda.csv"]
    assert without_times(after[KOLADA_CSV]) == without_times(fetched[KOLADA_CSV])


KOLADA = "jamforelsetal_kolada"
KOLADA_CSV = f"{KOLADA}.csv"


def without_times(content: bytes) -> list[str]:
    """The lines of a CSV without their last column, the time of receipt."""
    return [line.rpartition(",")[0] for line in content.decode("utf-8").splitlines()]


def test_services_that_fail_are_told_and_nothing_is_published(
    services: tuple[KoladaServer, ScbServer], refreshed: Place
) -> None:
    before = refreshed.seen()
    for service in services:
        service.faults = Faults(share=1, of=[Fault.BROKEN])
    ended = refreshed.run("refresh", settings=live(services, retry_seconds=0.5))
    assert ended.status == 1
    told = paragraphs(ended.err)
    # A server that breaks answers with 500 or hangs up, and the last try may have met either.
    assert "at last: status 500" in ended.err
    assert any(error.startswith("kolada GET /municipality") and "no answer after" in error for error in told)
    assert any(error.startswith("scb GET /tables/TAB638") and "no answer after" in error for error in told)
    assert told[-1].startswith("Nothing was published")
    assert "Traceback" not in ended.err
    assert refreshed.seen() == before
