"""The whole country, small: everything once, what was broken off, what has changed, and what goes wrong."""

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import dagster as dg
import duckdb
import polars as pl
import pytest

from contracts import check
from pipelines.assets.country import COUNTRY, PARTITIONS
from pipelines.definitions import JOB, build_definitions
from pipelines.loads import loading
from pipelines.loads.load_telling import Loaded, Progress
from pipelines.loads.loading import load
from pipelines.loads.ticker import line
from pipelines.runs.manifests import listed
from pipelines.settings import Settings, variable
from sources.errors import AnswerError
from tests.pipelines.country import KPIS, THIS_YEAR, UNITS, Country, cells, environment, told
from tests.servers.loopback import Fault, Faults

ETAPPMAL: Final = Path(sys.executable).with_name("etappmal")
LISTS: Final = 2
CHANGES: Final = 2
"""Requests for what has changed: 30 units, at most 25 in each."""
BLOCKS: Final = 6
"""Requests for everything: 60 KPIs and 30 units, at most 25 of each."""

pytestmark = pytest.mark.slow


@pytest.fixture
def country() -> Iterator[Country]:
    """The small country."""
    with Country(cells()) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which nothing was done."""
    return tmp_path / "home"


def loaded(home: Path, country: Country, **how: Any) -> Loaded:
    """Load in this process."""
    return load(Settings.read(environment(home, country)), wait=0, **how)


def known(home: Path, where: str = "true") -> pl.DataFrame:
    """What the warehouse holds."""
    with duckdb.connect(str(home / "live" / "warehouse.duckdb"), read_only=True) as connection:
        found: pl.DataFrame = connection.sql(f"FROM core.kolada_hela_landet WHERE {where} ORDER BY ALL").pl()
    return found


def held(home: Path) -> list[tuple[Any, ...]]:
    """Values as the warehouse has them now."""
    rows = known(home, "kand_till IS NULL").select("kalla_id", "kommun_id", "ar", "kon", "varde").rows()
    return sorted(rows, key=str)


def test_everything_is_loaded_once(home: Path, country: Country) -> None:
    seen: list[tuple[int, int, int]] = []
    done = loaded(home, country, tell=lambda now: seen.append((now.answered, now.expected, now.values)))
    assert (done.reading, done.requests, done.values) == ("full", LISTS + BLOCKS, country.values.height)
    assert (done.new, done.changed, done.removed, done.missing) == (country.values.height, 0, 0, ())
    assert held(home) == told(country.values)
    assert seen[-1] == (BLOCKS, BLOCKS, country.values.height)
    years = {path.rpartition("/")[2] for path in country.asked() if "year" in path}
    assert years == {",".join(str(year) for year in range(THIS_YEAR - 24, THIS_YEAR + 1))}


def test_the_polite_rate_is_what_a_load_waits_for(home: Path) -> None:
    rate = 4.0
    with Country(cells([f"N{number:05d}" for number in range(500)])) as country:
        settings = Settings.read({**environment(home, country), variable("kolada_rate"): str(rate)})
        done = load(settings, wait=0)
    assert done.requests == LISTS + 2 * 500 // 25
    assert (done.requests - 1) / rate <= done.seconds <= 1.1 * done.requests / rate


def test_the_next_load_asks_for_changes_and_writes_nothing_where_there_are_none(home: Path, country: Country) -> None:
    loaded(home, country)
    before = known(home)
    country.asked()
    done = loaded(home, country)
    assert (done.reading, done.requests, done.values, done.new) == ("changes", LISTS + CHANGES, 0, 0)
    assert all(each.query["from_date"] for each in country.log if "/data/" in each.path)
    assert known(home).equals(before)


def test_a_revision_and_a_removal_are_remembered(home: Path, country: Country) -> None:
    loaded(home, country)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    first, second = (pl.col("kpi") == KPIS[1]), (pl.col("kpi") == KPIS[2])
    one = (pl.col("municipality") == UNITS[5]) & (pl.col("period") == THIS_YEAR)
    country.values = country.values.with_columns(
        value=pl.when(one & first).then(-1.5).when(~(one & second)).then("value"),
        isdeleted=one & second,
        changed=pl.when(one & (first | second)).then(pl.lit(today)).otherwise("changed"),
    )
    done = loaded(home, country)
    assert (done.new, done.changed, done.removed) == (0, 1, 1)
    revised = known(home, f"kalla_id = '{KPIS[1]}' AND kommun_id = '{UNITS[5]}' AND ar = {THIS_YEAR}").sort("kand_fran")
    assert revised["varde"].to_list()[1] == -1.5
    assert revised["kand_till"].to_list() == [revised["kand_fran"][1], None]
    assert held(home) == told(country.values.filter(~pl.col("isdeleted")))
    again = loaded(home, country)
    assert (again.new, again.changed, again.removed) == (0, 0, 0)


@pytest.mark.parametrize("how", [{"full": True}, {"every_days": 0.0}], ids=["asked for", "after the interval"])
def test_everything_is_read_again(home: Path, country: Country, how: dict[str, Any]) -> None:
    loaded(home, country)
    gone = (pl.col("kpi") == KPIS[3]) & (pl.col("municipality") == UNITS[4])
    country.values = country.values.filter(~gone)
    done = loaded(home, country, **how)
    assert (done.reading, done.requests, done.new, done.changed) == ("full", LISTS + BLOCKS, 0, 0)
    assert done.removed == 2
    assert held(home) == told(country.values)


def test_a_kpi_that_is_new_is_read_in_full(home: Path, country: Country) -> None:
    loaded(home, country)
    country.values = cells([*KPIS, "N99999"])
    country.kpis = [*country.kpis, {"id": "N99999", "title": "Ny"}]
    country.asked()
    done = loaded(home, country)
    assert (done.reading, done.requests, done.new) == ("changes", LISTS + 2 + CHANGES, 60)
    assert [path for path in country.asked() if "/kpi/N99999" in path]
    assert loaded(home, country).requests == LISTS + CHANGES


def test_a_unit_that_is_new_makes_everything_be_read(home: Path, country: Country) -> None:
    loaded(home, country)
    country.municipalities = [*country.municipalities, {"id": "0999", "title": "Ny", "type": "K"}]
    done = loaded(home, country)
    assert (done.reading, done.requests) == ("full", LISTS + BLOCKS)
    assert loaded(home, country).reading == "changes"


def test_a_kpi_that_was_taken_off_the_list_keeps_what_it_had_and_is_named(home: Path, country: Country) -> None:
    loaded(home, country)
    country.kpis = country.kpis[1:]
    country.values = country.values.filter(pl.col("kpi") != KPIS[0])
    done = loaded(home, country, full=True)
    assert (done.unlisted, done.missing, done.removed) == ((KPIS[0],), (), 0)
    assert known(home, f"kalla_id = '{KPIS[0]}' AND kand_till IS NULL").height == 60


def test_a_listed_kpi_that_has_lost_all_its_values_is_held_back(home: Path, country: Country) -> None:
    loaded(home, country)
    country.values = country.values.filter(pl.col("kpi") != KPIS[0])
    done = loaded(home, country, full=True)
    assert (done.missing, done.removed) == ((KPIS[0],), 0)
    assert known(home, f"kalla_id = '{KPIS[0]}' AND kand_till IS NULL").height == 60


def test_values_that_a_plan_has_taken_in_are_compared_and_not_written_twice(home: Path, country: Country) -> None:
    loaded(home, country, begins="N0005")
    before = known(home)
    done = loaded(home, country)
    assert (done.new, done.changed, done.removed) == (country.values.height - before.height, 0, 0)
    assert held(home) == told(country.values)


def test_a_load_that_failed_has_kept_what_was_whole_and_goes_on(
    home: Path, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BUFFER", 1)
    country.edit = strange_after(home, LISTS + 4, lambda text: f'"{KPIS[-1]}","m' in text)
    with pytest.raises(AnswerError) as caught:
        loaded(home, country)
    assert KPIS[-1] in str(caught.value)
    assert held(home) == told(country.values.filter(pl.col("kpi").is_in(KPIS[:50])))
    shutil.rmtree(home / "live" / "archive" / "objects")
    country.edit = None
    country.asked()
    done = loaded(home, country)
    assert done.reading == "full"
    assert {path.split("/")[3][:6] for path in country.asked() if "/data/" in path} == {KPIS[50]}
    assert held(home) == told(country.values)


def strange_after(home: Path, answers: int, chosen: Callable[[str], bool]) -> Callable[[Any], Any]:
    """Let some answers be none, and come when so many others are in the archive: what fails ends all that is asked."""

    def edit(payload: Any) -> Any:
        """The answer, or what is none."""
        if not chosen(compact(payload)):
            return payload
        wait_for_answers(home, answers)
        return {"values": "strange"}

    return edit


def test_what_came_wrong_and_was_never_read_is_asked_for_anew(home: Path, country: Country) -> None:
    country.edit = lambda payload: {**payload, "count": 7} if '"period"' in compact(payload) else payload
    with pytest.raises(AnswerError, match="and says 7"):
        loaded(home, country)
    country.edit = None
    assert loaded(home, country).new == country.values.height
    assert held(home) == told(country.values)


def wait_for_answers(home: Path, count: int) -> None:
    """Wait until so many answers are in the archive."""
    until = time.monotonic() + 30
    while (home / "live" / "archive" / "answers.jsonl").read_text(encoding="utf-8").count("\n") < count:
        assert time.monotonic() < until, "the answers did not come"
        time.sleep(0.01)


def compact(payload: Any) -> str:
    """A payload as the server writes it."""
    return json.dumps(payload, separators=(",", ":"))


def run(home: Path, country: Country, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``etappmal load kolada``."""
    command = [str(ETAPPMAL), "load", "kolada", *words]
    return subprocess.run(
        command,
        env={**os.environ, **environment(home, country)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_load_that_is_killed_goes_on_without_asking_again(home: Path, country: Country) -> None:
    country.stalls_at = LISTS + 4
    with subprocess.Popen(
        [str(ETAPPMAL), "load", "kolada", "--all"],
        env={**os.environ, **environment(home, country)},
        stderr=subprocess.DEVNULL,
    ) as process:
        assert country.stalled.wait(30)
        wait_for_answers(home, LISTS + 4)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    country.stalls_at = None
    country.go_on.set()
    before = country.asked()[: LISTS + 4]
    ended = run(home, country, "--all", "--json")
    assert ended.returncode == 0, ended.stderr
    done = json.loads(ended.stdout)
    assert (done["reading"], done["requests"], done["values"]) == ("full", BLOCKS - 4, country.values.height)
    assert set(country.asked()).isdisjoint(before)
    assert held(home) == told(country.values)
    assert f"{BLOCKS} of {BLOCKS} requests" in ended.stderr
    runs = listed(home / "live" / "runs", home / "live" / "loads")
    assert [each["state"] for each in runs] == ["loaded", "broken off"]
    assert runs[0]["release"].startswith(f"full: {done['requests']} requests, {done['values']} values, ")


def test_an_answer_that_never_comes_ends_the_command_with_what_is_missing(home: Path, country: Country) -> None:
    country.faults = Faults([None, None], share=1, of=[Fault.UNAVAILABLE])
    ended = run(home, country, "--all")
    assert ended.returncode == 1
    assert "kolada GET /data/kpi/N000" in ended.stderr
    assert "goes on where it was" in ended.stderr
    assert "Traceback" not in ended.stderr
    country.faults = Faults()
    assert loaded(home, country).new == country.values.height
    assert [each["state"] for each in listed(home / "live" / "loads")] == ["loaded", "failed"]


def test_what_goes_wrong_on_the_way_does_not_show(home: Path, country: Country) -> None:
    country.faults = Faults(share=0.5, of=[Fault.BROKEN, Fault.RESET, Fault.TRUNCATED, Fault.CUT, Fault.GZIP])
    assert load(Settings.read({**environment(home, country), "ETAPPMAL_RETRY_SECONDS": "30"})).missing == ()
    assert held(home) == told(country.values)


@pytest.mark.parametrize("began", [False, True], ids=["at first", "later"])
@pytest.mark.parametrize(
    ("kpis", "units", "wrong"),
    [
        pytest.param([], UNITS, "/kpi?per_page=5000: the list is empty", id="no KPI"),
        pytest.param(KPIS, [], "/municipality: the list is empty", id="no unit"),
        pytest.param(KPIS, ["0126", "G2328"], "'G2328', which is no id", id="a group"),
    ],
)
def test_a_list_that_cannot_be_is_refused_and_asked_for_again(
    home: Path, country: Country, kpis: list[str], units: list[str], wrong: str, *, began: bool
) -> None:
    right = country.kpis, country.municipalities
    if began:
        loaded(home, country)
    country.kpis = [{"id": kpi, "title": "x"} for kpi in kpis]
    country.municipalities = [{"id": unit, "title": "x", "type": "K"} for unit in units]
    with pytest.raises(AnswerError, match=re.escape(wrong)):
        loaded(home, country)
    country.kpis, country.municipalities = right
    loaded(home, country)
    assert held(home) == told(country.values)


def test_a_first_load_without_one_value_is_refused_and_asked_for_again(home: Path, country: Country) -> None:
    country.values, told = country.values.clear(), country.values
    with pytest.raises(AnswerError, match="not one of 60 KPIs has a value"):
        loaded(home, country)
    country.values = told
    assert loaded(home, country).new == told.height


@pytest.mark.parametrize("times", [1, 3])
def test_a_question_that_is_silent_among_others_is_asked_again(home: Path, country: Country, times: int) -> None:
    country.edit = silent(KPIS[30], UNITS[27], times)
    done = loaded(home, country)
    assert (done.requests, done.missing) == (LISTS + BLOCKS + times, ())
    assert held(home) == told(country.values)


def test_a_question_that_stays_silent_is_believed(home: Path, country: Country) -> None:
    spoken = pl.col("municipality").is_in(UNITS[:25]) | ~pl.col("kpi").is_in(KPIS[25:50])
    country.values = country.values.filter(spoken)
    assert loaded(home, country).requests == LISTS + BLOCKS + loading.ASKED_AGAIN
    assert held(home) == told(country.values)


def silent(kpi: str, unit: str, times: int) -> Callable[[Any], Any]:
    """Let the answers with this KPI and unit hold nothing, so many times."""
    left = iter(range(times))

    def edit(payload: Any) -> Any:
        """The answer, or one without records."""
        asked = f'"kpi":"{kpi}","municipality":"{unit}"' in compact(payload)
        return {**payload, "count": 0, "values": []} if asked and next(left, None) is not None else payload

    return edit


def test_values_that_break_the_contract_are_asked_for_again(
    home: Path, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipelines.loads.loading.check", lambda rows, declared: check(rows.with_columns(kon=pl.lit("X")), declared)
    )
    with pytest.raises(AnswerError, match="break the rule kon:isin"):
        loaded(home, country)
    monkeypatch.undo()
    country.asked()
    assert loaded(home, country).new == country.values.height
    assert len(country.asked()) == BLOCKS


def test_without_all_nothing_is_loaded(home: Path, country: Country) -> None:
    ended = run(home, country)
    assert (ended.returncode, country.log) == (2, [])
    assert "--all" in ended.stderr


def test_the_backfill_reads_a_partition_and_goes_on_with_it(
    home: Path, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(home, country).items():
        monkeypatch.setenv(name, value)
    definitions = build_definitions()
    key = dg.AssetKey(COUNTRY)
    asset = definitions.resolve_asset_graph().assets_def_for_key(key)
    assert key not in definitions.resolve_job_def(JOB).asset_layer.selected_asset_keys
    assert {kpi[:2] for kpi in KPIS} < set(PARTITIONS.get_partition_keys())
    with dg.DagsterInstance.ephemeral() as instance:
        first = f'"kpi":"{KPIS[0]}","municipality":"{UNITS[0]}"'
        country.edit = strange_after(home, LISTS + 1, lambda text: '"period"' in text and first not in text)
        failed = dg.materialize([asset], instance=instance, partition_key="N0", raise_on_error=False)
        assert not failed.success
        country.edit = None
        country.asked()
        assert dg.materialize([asset], instance=instance, partition_key="N0").success
    assert len(country.asked()) == BLOCKS - 1
    assert held(home) == told(country.values)


def test_the_line_tells_requests_values_rate_and_time_left() -> None:
    progress = Progress(expected=100, answered=25, requests=30, values=5000)
    progress.began -= 10
    assert line(progress).split("  ") == [
        "", "25 of 100 requests", "5000 values", "3.0 requests and 500 values a second", "0:00:30 left"
    ]  # fmt: skip
    assert "left" not in line(Progress(expected=100))
