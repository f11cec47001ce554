"""What publishing costs of a refresh: the first refresh of the shipped example, all of it published anew.

    python -m tests.benchmarks.publish_share [RUNS]

Each run is a process of its own with a home of its own; CPU seconds are of all its threads. Prints the medians
of publishing (from tables to the generation that readers see) and of the rest, and fails where publishing costs
more than the rest.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

RUNS = 3


def refresh() -> None:
    """Refresh as the command does, with the one call that publishes timed; print both CPU times as JSON."""
    from output.publication import generation  # noqa: PLC0415 - loading it is part of what is measured

    publish, spent = generation.publish, [0.0]

    @wraps(publish)
    def timed(*tables: Any, **options: Any) -> Any:
        """Publish, and note what it took."""
        begun = time.process_time()
        try:
            return publish(*tables, **options)
        finally:
            spent[0] += time.process_time() - begun

    generation.publish = timed
    # The asset takes the function by its name when it is loaded.
    from pipelines.cli import main as command  # noqa: PLC0415

    try:
        command(["refresh"], standalone_mode=False)
    except SystemExit as ended:
        if ended.code:
            raise
    print(json.dumps({"publishing": spent[0], "rest": time.process_time() - spent[0]}))


def main() -> None:
    """Measure the runs one after the other, and print their medians."""
    if sys.argv[1:] == ["--refresh"]:
        refresh()
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            places = {"ETAPPMAL_HOME": Path(folder) / "home", "ETAPPMAL_PUBLIC": Path(folder) / "public"}
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.publish_share", "--refresh"],
                env={**os.environ, **{name: str(path) for name, path in places.items()}},
                check=True,
                capture_output=True,
            )
            found.append(json.loads(done.stdout.splitlines()[-1]))
    publishing, rest = (median(run[part] for run in found) for part in ("publishing", "rest"))
    print(f"publishing {publishing:5.2f} s CPU, the rest of the refresh {rest:5.2f} s: {publishing / rest:.2f} of it")
    sys.exit(publishing >= rest)


if __name__ == "__main__":
    main()
