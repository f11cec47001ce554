"""The load of the country beside koladapy with pandas and beside dlt with its REST source, all into DuckDB.

    python -m tests.benchmarks.rivals [VALUES] [PAGE]

One server without latency gives about VALUES values (250,000), PAGE records a page (5,000, as Kolada
does); each contender loads them in a process of its own, in turn. CPU time and peak memory are the
whole process's, from its start, as the system counted them.

The other two run in environments of their own, made from the requirements beside this module: below
``ETAPPMAL_HOME``, where they stay, if that is set, else in a folder that goes when this ends. One
that cannot be installed is left out, and that is said.

Not the same work: ours asks several requests at once, keeps each answer compressed as evidence, and
checks and versions each value; the others write rows. None is held to five requests a second.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any, Final

VALUES: Final = "250000"
PAGE: Final = "5000"
HERE: Final = Path(__file__).parent
HEADINGS: Final = ("", "values", "wall s", "CPU s", "values per CPU s", "peak MB", "rate to ours", "peak to ours")


class LeftOutError(Exception):
    """A contender that cannot take part, and why."""


@dataclass(frozen=True)
class Contender:
    """How somebody loads, and where the values are then. The command gets the address and the file."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    file: Path
    table: str
    column: str


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    wall: float
    cpu: float
    peak_mb: float


def ours(folder: Path, address: str) -> Contender:
    """The command, as anybody runs it."""
    command = [str(Path(sys.executable).parent / "etappmal"), "load", "kolada", "--all", "--json"]
    settings = {"ETAPPMAL_HOME": str(folder), "ETAPPMAL_KOLADA_URL": address, "ETAPPMAL_KOLADA_RATE": "1000000"}
    return Contender(
        "etappmal", command, settings, folder / "live" / "warehouse.duckdb", "core.kolada_hela_landet", "varde"
    )


def rival(name: str, cache: Path, folder: Path, address: str, table: str) -> Contender:
    """A script in its environment, which is made if it is not there.

    Raises LeftOutError where that cannot be done.
    """
    home, file = cache / name, folder / f"{name}.duckdb"
    python = str(home / "bin" / "python")
    try:
        run(sys.executable, "-m", "venv", str(home))
        run(python, "-m", "pip", "install", "--quiet", "--requirement", str(HERE / f"{name}.txt"))
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines()
        raise LeftOutError(f"{name}: left out, it cannot be installed: {said[-1] if said else error}") from error
    command = [python, str(HERE / f"with_{name}.py"), address, str(file)]
    return Contender(name, command, {"RUNTIME__DLTHUB_TELEMETRY": "false"}, file, table, "value")


def run(*command: str) -> str:
    """What a command says."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measured(contender: Contender, log: Path) -> Cost:
    """Let a contender load.

    The system counts for each process, so contenders are kept apart. Raises LeftOutError with the
    last that it said where it fails.
    """
    environment = {**os.environ, **contender.environment}
    with log.open("wb") as said:
        start = time.perf_counter()
        process = subprocess.Popen(contender.command, env=environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise LeftOutError(f"{contender.name}: left out, it ended with status {process.returncode}: {' '.join(end)}")
    kilobytes = used.ru_maxrss / 1024 if sys.platform == "darwin" else used.ru_maxrss
    return Cost(wall, used.ru_utime + used.ru_stime, kilobytes / 1024)


def counted(contender: Contender) -> dict[str, Any]:
    """How many values a contender's file holds, and their sum.

    Raises LeftOutError where it holds none.
    """
    words = str(contender.file), contender.table, contender.column
    try:
        held: dict[str, Any] = json.loads(run(sys.executable, "-m", "tests.benchmarks.rivals.counting", *words))
    except subprocess.CalledProcessError as error:
        raise LeftOutError(f"{contender.name}: left out, its values cannot be counted: {error.stderr}") from error
    if not held["values"]:
        raise LeftOutError(f"{contender.name}: left out, {contender.table} holds no values.")
    return held


@contextmanager
def server(folder: Path, values: str, size: str) -> Iterator[dict[str, Any]]:
    """Serve; the address, and what there is to load."""
    command = [sys.executable, "-m", "tests.benchmarks.rivals.serving", str(folder), values, size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()


def contenders(folder: Path, address: str) -> Iterator[Contender]:
    """All that can take part, ours first."""
    home = os.environ.get("ETAPPMAL_HOME")
    cache = Path(home).expanduser().absolute() / "rivals" if home else folder
    yield ours(folder / "home", address)
    for name, table in (("koladapy", "main.observations"), ("dlt", "kolada.observations")):
        try:
            yield rival(name, cache, folder, address, table)
        except LeftOutError as error:
            print(error)


def main(values: str = VALUES, size: str = PAGE) -> None:
    """Measure, count, print a table."""
    with tempfile.TemporaryDirectory(prefix="rivals-") as name:
        folder = Path(name)
        pages = folder / "pages"
        pages.mkdir()
        with server(pages, values, size) as served:
            print(f"{served['values']} values in {served['pages']} pages")
            print(line(HEADINGS), flush=True)
            first: tuple[float, float] | None = None
            for each in contenders(folder, served["address"]):
                try:
                    cost, held = measured(each, folder / f"{each.name}.log"), counted(each)
                except LeftOutError as error:
                    if first is None:
                        sys.exit(f"there is nothing to compare with. {error}")
                    print(error)
                    continue
                rate = held["values"] / cost.cpu
                first = first or (rate, cost.peak_mb)
                print(line(row(each.name, held["values"], cost, rate, first)))
                for fault in faults(held, served):
                    print(f"  {each.name}: {fault}")


def row(name: str, values: int, cost: Cost, rate: float, first: tuple[float, float]) -> list[str]:
    """A line of the table; the last two are ratios to the first contender, which is ours."""
    figures = (f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{rate:.0f}", f"{cost.peak_mb:.0f}")
    return [name, str(values), *figures, f"{rate / first[0]:.2f}", f"{cost.peak_mb / first[1]:.2f}"]


def line(words: Sequence[str]) -> str:
    """Words in columns."""
    return f"{words[0]:10}" + "".join(f"{word:>18}" for word in words[1:])


def faults(held: Mapping[str, float], served: Mapping[str, float]) -> Iterator[str]:
    """How what a file holds differs from what was served."""
    if held["values"] != served["values"]:
        yield f"{held['values']} values of {served['values']}: it loses some, or has some twice"
    elif not isclose(held["sum"], served["sum"], rel_tol=1e-9):
        yield f"the values add up to {held['sum']}, and {served['sum']} was served"


if __name__ == "__main__":
    main(*sys.argv[1:])
