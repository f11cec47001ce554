"""What it costs to load the whole country, against reading the same bodies with ``polars.read_json`` alone.

    python -m tests.benchmarks.load_country [KPIS] [again] [polite]

Prepared bodies: KPIS (600, about a million values; 6000 are the whole country's ten million) for 312
units and 25 years. Each line is a process of its own, the best of three, and prints CPU seconds,
without imports:
``read_json`` reads the bodies with the schema and does nothing with them; ``from bytes`` is the load
as it is, but for the network: from a body's bytes to archived, checked, versioned rows in DuckDB; its
ratio is what we promise. ``over HTTP`` is the same from a local server without latency, ``receiving``
what of it is the receiving alone. With ``again``, also what a second load in full costs; with
``polite``, how long a load takes that asks five times a second.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any, ClassVar, Final
from unittest.mock import patch
from urllib.parse import urlsplit

import polars as pl

import pipelines.loads.loading
from contracts import check, contract
from pipelines.loads.loading import TABLE, load
from pipelines.settings import Settings, variable
from pipelines.storage.warehouse_tables import OBSERVED
from sources.archive import Answer, Archive, Request
from sources.http import Live, Service
from sources.kolada import requests

KPIS: Final = 600
UNITS: Final = [f"{number:04d}" for number in range(312)]
SHARE: Final = 0.14
"""Of all combinations of KPI, unit and year, how many have a value."""

REPEATS: Final = 3
"""Times that each is measured; the least counts."""

BLANK: Final = 0.08
POLITE: Final = 5.0
"""Requests a second that Kolada is asked unless a setting says otherwise."""

VALUE: Final = pl.Struct(
    {"gender": pl.String, "count": pl.Int64, "status": pl.String, "value": pl.Float64, "isdeleted": pl.Boolean}
)
RECORD: Final = pl.Struct({"kpi": pl.String, "municipality": pl.String, "period": pl.Int64, "values": pl.List(VALUE)})
ENVELOPE: Final = pl.Schema(
    {"count": pl.Int64(), "next_url": pl.String(), "previous_url": pl.String(), "values": pl.List(RECORD)}
)


def kpis(count: int) -> list[str]:
    """So many ids."""
    return [f"{'NU'[number // 100_000]}{number % 100_000:05d}" for number in range(0, count * 10, 10)]


def years() -> range:
    """The latest 25."""
    now = datetime.now(UTC).year
    return range(now - 24, now + 1)


def lot(seed: int) -> pl.Expr:
    """A number from 0 to 1 for each combination, the same in every run."""
    return pl.concat_str("kpi", "municipality", pl.col("period").cast(pl.String)).hash(seed).cast(pl.Float64) / 2.0**64


def told(gender: str, seed: int) -> pl.Expr:
    """A value with all that Kolada says of it."""
    blank, value = lot(7) < BLANK, ((lot(seed) * 12 - 3).exp()).round(8).cast(pl.String)
    return pl.concat_str(
        pl.lit(f'{{"gender":"{gender}","count":'),
        pl.when(blank).then(pl.lit("0")).otherwise(pl.lit("1")),
        pl.lit(',"status":"","value":'),
        pl.when(blank).then(pl.lit("null")).otherwise(value),
        pl.lit(',"isdeleted":false}'),
    )


def body(path: str) -> bytes:
    """The answer to a request for observations; each fifth KPI is divided by gender."""
    _, _, asked_kpis, _, units, _, asked_years = path.strip("/").split("/")
    values = (
        pl.when(pl.col("kpi").hash(3) % 5 == 0)
        .then(pl.concat_str(told("T", 4), told("K", 5), told("M", 6), separator=","))
        .otherwise(told("T", 4))
    )
    records = (
        pl.LazyFrame({"kpi": asked_kpis.split(",")})
        .join(pl.LazyFrame({"municipality": units.split(",")}), how="cross", maintain_order="left_right")
        .join(pl.LazyFrame({"period": map(int, asked_years.split(","))}), how="cross", maintain_order="left_right")
        .filter(lot(1) < SHARE)
        .select(
            pl.concat_str(
                pl.lit('{"kpi":"'), "kpi", pl.lit('","municipality":"'), "municipality", pl.lit('","period":'),
                pl.col("period").cast(pl.String), pl.lit(',"values":['), values, pl.lit("]}"),
            )
        )
        .collect()
        .to_series()
    )  # fmt: skip
    return envelope(records.str.join(",").item() or "", records.len())


def envelope(records: str, count: int) -> bytes:
    """Records as a page, the only one."""
    return f'{{"count":{count},"next_url":null,"previous_url":null,"values":[{records}]}}'.encode()


def asked(count: int) -> list[Request]:
    """All requests of a load."""
    ids = kpis(count)
    return [each for start in range(0, count, 25) for each in requests(ids[start : start + 25], UNITS, years())]


def prepare(folder: Path, count: int) -> int:
    """Write every body below a folder, at the path it is asked for; how many bytes they are."""
    lists: dict[str, list[dict[str, Any]]] = {
        "kpi": [{"id": kpi, "title": f"Nyckeltal {kpi}"} for kpi in kpis(count)],
        "municipality": [{"id": unit, "title": f"Kommun {unit}", "type": "K"} for unit in UNITS],
    }
    for name, records in lists.items():
        (folder / name).write_bytes(envelope(json.dumps(records)[1:-1], len(records)))
    return sum(place(folder, each.path).write_bytes(body(each.path)) for each in asked(count))


def place(folder: Path, path: str) -> Path:
    """Where the body of a path lies: by the first KPI and the first unit that it names."""
    words = path.strip("/").split("/")
    return folder / "_".join([words[0], *(ids.partition(",")[0] for ids in words[2::2])])


class Handler(SimpleHTTPRequestHandler):
    """Gives the prepared bodies."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def translate_path(self, path: str) -> str:
        """Find a body by its path."""
        return str(place(Path(self.directory), urlsplit(path).path.removeprefix("/v3")))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keep quiet."""


def serve(folder: Path, ready: Connection) -> None:
    """Serve for ever, on a port of the system's choice."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    ready.send(server.server_address[1])
    server.serve_forever()


def baseline(folder: str, count: str) -> None:
    """Read every body with polars and the schema, and nothing else."""
    bodies = (place(Path(folder), each.path).read_bytes() for each in asked(int(count)))
    spent, values = 0.0, 0
    for each in bodies:
        start = process_time()
        frame = pl.read_json(each, schema=ENVELOPE)
        spent += process_time() - start
        values += frame["count"][0]
    say(cpu=spent, records=values)


class Nowhere(Archive):
    """An archive that keeps nothing."""

    def add(self, request: Request, answer: Answer) -> Answer:
        """Let the answer through."""
        del request
        return answer


def receiving(folder: str, count: str) -> None:
    """Receive every body as a load does, and drop it."""
    with Live({"kolada": Service(os.environ[variable("kolada_url")], 1e6)}, Nowhere(Path(folder))) as live:
        start = process_time()
        for _ in live.gather(live.fetch, asked(int(count))):
            pass
        say(cpu=process_time() - start)


class Given(Live):
    """The service, but for the network: each body is read from its file, which is not counted as the load's."""

    folder: ClassVar[Path]
    spent: ClassVar[list[float]] = []

    def _ask_until_answered(self, request: Request) -> Answer:
        """Give the body."""
        start = thread_time()
        body = place(self.folder, request.path).read_bytes()
        self.spent.append(thread_time() - start)
        self.asked += 1
        return Answer(HTTPStatus.OK, {"Content-Type": "application/json"}, body, self.clock())


def loading(folder: str, transport: str, full: str) -> None:
    """Load."""
    table = contract(TABLE, "core")
    check(table.polars_schema.to_frame(), table)  # pandera imports its checks with the first one
    for name in OBSERVED:
        _ = contract(name, "core").ddl  # and a declaration is read once in a process
    Given.folder = Path(folder)
    with patch.object(pipelines.loads.loading, "Live", {"given": Given, "http": Live}[transport]):
        start, begun = process_time(), perf_counter()
        done = load(Settings.read(), full=bool(full))
        spent, wall = process_time() - start - sum(Given.spent), perf_counter() - begun
    say(cpu=spent, wall=wall, **done.as_dict())


def say(**found: Any) -> None:
    """Tell what was found, with this process's peak memory."""
    print(json.dumps({**found, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def measured(what: str, *words: str, **settings: str) -> dict[str, Any]:
    """Run one of the above as a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.load_country", what, *words]
    environment = {**os.environ, **{variable(name): value for name, value in settings.items()}}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cheapest(runs: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The run that took the least CPU time: the others were disturbed more."""
    return min(runs, key=lambda found: found["cpu"])


def lines(count: int, folder: Path, *, again: bool, polite: bool) -> Iterator[str]:
    """Prepare, serve, measure; what is to be printed."""
    size = prepare(folder, count)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(folder, theirs), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}/v3"

    def told(name: str, transport: str, homes: Iterable[str], full: str = "", rate: str = "1000000") -> str:
        """Load into each of these homes, and what that cost where it cost least."""
        settings = [{"home": str(folder / home), "kolada_url": url, "kolada_rate": rate} for home in homes]
        found = cheapest(measured("loading", str(folder), transport, full, **each) for each in settings)
        least = found["requests"] / float(rate)
        ratio = found["cpu"] / alone["cpu"]
        return (
            f"{name:<11}{found['cpu']:7.2f} s CPU  ratio {ratio:.2f}  peak {found['peak_mb']} MB  "
            f"{found['values']} values ({found['new']} new)  {found['requests']} requests in {found['wall']:.1f} s"
            + (f", {found['wall'] / least:.2f} times requests / rate" if float(rate) <= POLITE else "")
        )

    try:
        alone = cheapest(measured("baseline", str(folder), str(count)) for _ in range(REPEATS))
        yield f"read_json  {alone['cpu']:7.2f} s CPU  {size / 1e6:.0f} MB, {alone['records']} records"
        yield told("from bytes", "given", [f"bytes{number}" for number in range(REPEATS)])
        yield told("over HTTP", "http", [f"http{number}" for number in range(REPEATS)])
        received = cheapest(measured("receiving", str(folder), str(count), kolada_url=url) for _ in range(REPEATS))
        yield f"receiving  {received['cpu']:7.2f} s CPU"
        if again:
            yield told("again", "given", ["bytes0"], full="full")
        if polite:
            yield told("politely", "http", ["polite"], rate=str(POLITE))
    finally:
        server.terminate()


def main() -> None:
    """Print the lines as they come."""
    count = next((int(word) for word in sys.argv[1:] if word.isdecimal()), KPIS)
    with tempfile.TemporaryDirectory() as folder:
        for each in lines(count, Path(folder), again="again" in sys.argv, polite="polite" in sys.argv):
            print(each, flush=True)


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"baseline": baseline, "receiving": receiving, "loading": loading}
    if sys.argv[1:] and sys.argv[1] in parts:
        parts[sys.argv[1]](*sys.argv[2:])
    else:
        main()
