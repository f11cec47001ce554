"""The population of the country by RegSO and DeSO, from a server here: ``python -m tests.benchmarks.load_areas``.

A table of the size of TAB6574 (19,182 regions, 18 ages, 3 sexes, 16 years: 16.6 million cells), with values that
are made up, under SCB's limits. Prints requests, the time they take at SCB's polite rate, the time here, and the
most memory that the command held. An argument makes the table smaller: so many years.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Any, Final

from tests.servers.loopback import Asked, Loopback, Reply

CONFIG: Final = {"maxDataCells": 150_000, "maxCallsPerTimeWindow": 30, "timeWindow": 10}
AGES: Final = ("totalt", "-4", *(f"{age}-{age + 4}" for age in range(5, 80, 5)), "80-")
SEXES: Final = ("1", "2", "1+2")
YEARS: Final = 16
DESO, NEW_DESO, REGSO = 5_984, 6_160, 3_363


def regions() -> list[str]:
    """As many codes as the table has, in the forms that it has them."""
    municipalities = [f"{code:04d}" for code in range(100, 390)]
    return [
        "00",
        *(f"{code:02d}" for code in range(1, 22)),
        *municipalities,
        *(f"{municipalities[at % 290]}C{1000 + at // 290 * 10:04d}" for at in range(DESO)),
        *(f"{municipalities[at % 290]}C{1000 + at // 290 * 10:04d}_DeSO2025" for at in range(NEW_DESO)),
        *(f"{municipalities[at % 290]}R{1 + at // 290:03d}" for at in range(REGSO)),
        *(f"{municipalities[at % 290]}R{1 + at // 290:03d}_RegSO2025" for at in range(REGSO)),
    ]


class Population(Loopback):
    """SCB with one table, whose cells follow from their places."""

    base = "/api/v2"

    def __init__(self, years: int) -> None:
        """Serve so many years."""
        super().__init__()
        self.requests = 0
        self.codes = {
            "Region": regions(),
            "Alder": list(AGES),
            "Kon": list(SEXES),
            "ContentsCode": ["000007Y7"],
            "Tid": [str(2026 - years + at) for at in range(years)],
        }

    def reply(self, asked: Asked) -> Reply:
        """The config, the metadata or the cells."""
        self.requests += 1
        if asked.path == "/config":
            return Reply(CONFIG)
        if asked.path.endswith("/metadata"):
            return Reply(self._dataset(self.codes, 0))
        chosen = {each["variableCode"]: each["valueCodes"] for each in json.loads(asked.body)["selection"]}
        cells = 1
        for codes in chosen.values():
            cells *= len(codes)
        return (
            Reply({"title": "Too many cells selected"}, 400) if cells > 150_000 else Reply(self._dataset(chosen, cells))
        )

    def _dataset(self, chosen: dict[str, list[str]], cells: int) -> dict[str, Any]:
        """A dataset of json-stat 2."""
        return {
            "version": "2.0",
            "class": "dataset",
            "updated": "2026-09-30T00:00:00Z",
            "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
            "id": list(chosen),
            "size": [len(codes) for codes in chosen.values()],
            "dimension": {
                name: {"category": {"index": {code: at for at, code in enumerate(codes)}}}
                for name, codes in chosen.items()
            },
            "value": [at % 997 for at in range(cells)],
        }


def main(years: int = YEARS) -> None:
    """Load, and print what it took."""
    with Population(years) as server, tempfile.TemporaryDirectory() as home:
        settings = {"ETAPPMAL_SCB_URL": server.url, "ETAPPMAL_HOME": home}
        command = [str(Path(sys.executable).with_name("etappmal")), "load", "scb", "--table", "TAB6574", "--json"]
        began = monotonic()
        done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
        took = monotonic() - began
        if done.returncode:
            raise SystemExit(done.stderr)
        told = json.loads(done.stdout)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(path.stat().st_size for path in Path(home).rglob("*") if path.is_file())
    polite = CONFIG["timeWindow"] / CONFIG["maxCallsPerTimeWindow"] / 0.95
    print(f"{told['cells']} cells, {told['values']} values in {server.requests} requests")
    cpu = used.ru_utime + used.ru_stime
    print(f"at the polite rate alone {server.requests * polite:.0f} s; here {took:.0f} s, {cpu:.0f} s of CPU")
    print(f"at most {used.ru_maxrss / 1024:.0f} MB of memory; {size / 1e6:.0f} MB on disk")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
