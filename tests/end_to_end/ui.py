"""The UI of a place: ``etappmal dev`` as an engineer starts it, asked as its own pages ask it.

Here belongs starting and ending it, and what is asked over GraphQL. What it must show stands in the tests.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tests.end_to_end.place import ETAPPMAL, Place
from tests.end_to_end.test_deployment import LAUNCH, OF_2023, asked, when_up

SELECTOR: Final = {
    "repositoryLocationName": "pipelines.definitions",
    "repositoryName": "__repository__",
    "jobName": "refresh",
}
RUNS: Final = """
query Runs { runsOrError(limit: 500) { ... on Runs { results { runId status tags { key value } } } } }"""
BY_SCHEDULE: Final = "dagster/schedule_name"
BACKFILL: Final = """
mutation Backfill($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}"""
OF_BACKFILL: Final = """
query OfBackfill($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status error { message } } }
}"""
FILLED: Final = frozenset({"COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED", "CANCELED"})
ENDED: Final = frozenset({"SUCCESS", "FAILURE", "CANCELED"})
LONGEST: Final = 300

Found = TypeVar("Found")


@dataclass(frozen=True)
class Ui:
    """A UI that answers at ``url``; ``process`` leads the group of all its processes."""

    url: str
    process: subprocess.Popen[bytes]

    def launch(self) -> str:
        """Launch a refresh as its button does; the id of the run."""

        def launched() -> tuple[str | None, Any]:
            """The id of the run, once there is one; the UI answers before it has read the definitions."""
            answer = asked(self.url, LAUNCH, {"selector": SELECTOR, "tags": OF_2023})["launchPipelineExecution"]
            assert answer["__typename"] in {"LaunchRunSuccess", "PipelineNotFoundError"}, answer
            return (answer["run"]["runId"] if "run" in answer else None), answer

        return waited(launched)

    def fill(self, assets: Iterable[str], partitions: Sequence[str]) -> str:
        """Fill partitions as the button of several does, and wait for the end; how that was."""
        chosen = [{"path": [asset]} for asset in assets]
        params = {"assetSelection": chosen, "partitionNames": list(partitions), "fromFailure": False, "tags": []}
        answer = asked(self.url, BACKFILL, {"params": params})["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer

        def filled() -> tuple[str | None, Any]:
            """How it ended, once it has."""
            told = asked(self.url, OF_BACKFILL, {"id": answer["backfillId"]})["partitionBackfillOrError"]
            return (told["status"] if told["status"] in FILLED else None), told

        return waited(filled)

    def runs(self) -> dict[str, str]:
        """The status of each run that Dagster knows, by its id."""
        return {each["runId"]: each["status"] for each in asked(self.url, RUNS, {})["runsOrError"]["results"]}

    def begun_by_schedule(self) -> set[str]:
        """The runs that the schedule has begun."""
        runs = asked(self.url, RUNS, {})["runsOrError"]["results"]
        return {run["runId"] for run in runs for tag in run["tags"] if tag["key"] == BY_SCHEDULE}

    def ended(self, *run_ids: str) -> Mapping[str, str]:
        """Wait until these runs have ended; all that have ended by then, and how."""

        def ended() -> tuple[dict[str, str] | None, Any]:
            """All that have ended, once these have."""
            statuses = {name: status for name, status in self.runs().items() if status in ENDED}
            return (statuses if set(run_ids) <= set(statuses) else None), statuses

        return waited(ended)


def waited(ask: Callable[[], tuple[Found | None, Any]]) -> Found:
    """Ask until something is found; fails with what was told instead, if that takes too long."""
    until = time.monotonic() + LONGEST
    while True:
        found, told = ask()
        if found is not None:
            return found
        assert time.monotonic() < until, told
        time.sleep(0.5)


@contextmanager
def the_ui(place: Place, settings: Mapping[str, str] | None = None) -> Iterator[Ui]:
    """Start the UI and its daemon for the length of a block; nothing that it started outlives it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (place.folder / "ui.log").open("wb") as log:
        process = subprocess.Popen(
            [str(ETAPPMAL), "dev", "--port", str(port)],
            env={**place.environment, **(settings or {})},
            cwd=place.folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            when_up(url)
            yield Ui(url, process)
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
