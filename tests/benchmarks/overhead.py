"""How much the project adds to Dagster: ``etappmal refresh`` against the same graph with empty bodies.

    python -m tests.benchmarks.overhead [RUNS]

Both run in turn, each as a process of its own on its own copy of the same home, so that a machine
that slows down slows both. Prints the medians of wall and CPU seconds, and their ratios.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 5


def measure(command: list[str], home: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one run of a command, on this home."""
    environment = {**os.environ, "ETAPPMAL_HOME": str(home / "home"), "ETAPPMAL_PUBLIC": str(home / "public")}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Warm both up once, measure them in turn, print the medians."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    commands = {
        "etappmal refresh": [str(Path(sys.executable).parent / "etappmal"), "refresh"],
        "empty graph": [sys.executable, "-m", "tests.benchmarks.empty_graph"],
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for counted in range(-1, runs):
            for name, command in commands.items():
                found = measure(command, Path(folder) / name.replace(" ", "_"))
                if counted >= 0:
                    figures[name].append(found)
    for name, runs_of in figures.items():
        wall, cpu = (median(run[index] for run in runs_of) for index in (0, 1))
        print(f"{name:18} wall {wall:6.2f} s   cpu {cpu:6.2f} s")
    pairs = list(zip(*figures.values(), strict=True))
    for index, what in enumerate(("wall", "cpu")):
        print(f"ratio, {what:12} {median(real[index] / empty[index] for real, empty in pairs):6.2f}")


if __name__ == "__main__":
    main()
