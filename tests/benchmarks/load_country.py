"""What it costs to load the whole country, against reading the same bodies with ``polars.read_json`` alone.

    python -m tests.benchmarks.load_country [KPIS] [AGAIN]

A server in a process of its own gives prepared bodies without latency: KPIS (600, about a million
values; 6000 are the whole country's ten million) for 312 units and 25 years. Load and baseline run
as processes of their own. Prints CPU seconds, their ratio, peak memory, requests and rate; with
``again``, also what a second load in full costs. ``receiving`` is what it costs to receive the same
bodies with the same session and to do nothing with them; it is no part of the way from bytes to rows.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from pipelines.loading import load
from pipelines.settings import Settings, variable
from sources.archive import Answer, Archive, Request
from sources.http import Live, Service
from sources.kolada import requests

KPIS: Final = 600
UNITS: Final = [f"{number:04d}" for number in range(312)]
SHARE: Final = 0.14
"""Of all combinations of KPI, unit and year, how many have a value."""

BLANK: Final = 0.08
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


def loading(full: str, count: str) -> None:
    """Load."""
    del count
    start, begun = process_time(), perf_counter()
    done = load(Settings.read(), full=full == "full")
    say(cpu=process_time() - start, wall=perf_counter() - begun, **done.as_dict())


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


def lines(count: int, folder: Path, *, again: bool) -> Iterator[str]:
    """Prepare, serve, measure; what is to be printed."""
    size = prepare(folder, count)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(folder, theirs), daemon=True)
    server.start()
    settings = {
        "home": str(folder / "home"), "kolada_url": f"http://127.0.0.1:{ours.recv()}/v3", "kolada_rate": "1000000"
    }  # fmt: skip
    try:
        alone = measured("baseline", str(folder), str(count))
        yield f"read_json  {alone['cpu']:7.2f} s CPU  {size / 1e6:.0f} MB, {alone['records']} records"
        received = measured("receiving", str(folder), str(count), **settings)
        yield f"receiving  {received['cpu']:7.2f} s CPU"
        for words in [""] + ["full"] * again:
            found = measured("loading", words, str(count), **settings)
            yield (
                f"load       {found['cpu']:7.2f} s CPU  {found['wall']:.2f} s wall  peak {found['peak_mb']} MB  "
                f"{found['requests']} requests, {found['values']} values ({found['new']} new), "
                f"{found['values_per_second']} values a second"
            )
            yield f"ratio      {found['cpu'] / alone['cpu']:7.2f}"
            yield f"  without receiving {(found['cpu'] - received['cpu']) / alone['cpu']:.2f}"
    finally:
        server.terminate()


def main() -> None:
    """Print the lines as they come."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else KPIS
    with tempfile.TemporaryDirectory() as folder:
        for each in lines(count, Path(folder), again="again" in sys.argv):
            print(each, flush=True)


if __name__ == "__main__":
    parts = {"baseline": baseline, "receiving": receiving, "loading": loading}
    if sys.argv[1:] and sys.argv[1] in parts:
        parts[sys.argv[1]](*sys.argv[2:])
    else:
        main()
