"""A deployment as it is generated: its units are started as they are written, and a refresh is launched from the UI."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.end_to_end.place import Place

LAUNCH = """
mutation Launch($selector: JobOrPipelineSelector!, $tags: [ExecutionTag!]!) {
  launchPipelineExecution(executionParams: {selector: $selector, executionMetadata: {tags: $tags}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}"""
OF_2023 = [{"key": "dagster/partition", "value": "2023-helar"}]
"""The UI asks for which report a refresh is."""

REPORTS = """
query Reports { assetNodeOrError(assetKey: {path: ["rapporter"]}) { ... on AssetNode { partitionKeys } } }"""
STATUS = "query Status($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


def environment_of(file: Path) -> dict[str, str]:
    """An environment file, as systemd reads it."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}


def started(unit: Path, entry: str = "ExecStart") -> tuple[list[str], dict[str, str]]:
    """The command of a unit, none where it has none of this kind, and its environment."""
    values = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), flags=re.MULTILINE))
    words = shlex.split(values.get(entry, ""))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return words, {**kept, **environment_of(Path(values["EnvironmentFile"]))}


@contextmanager
def service(unit: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A service of a deployment, for the length of a block, then ended as systemd does."""
    command, environment = started(unit)
    if before := started(unit, "ExecStartPre")[0]:
        subprocess.run(before, env=environment, stdout=subprocess.DEVNULL, check=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=unit.parent.parent,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - as systemd starts it
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            finally:
                # Whatever it left behind must not outlive the test.
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def asked(url: str, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of the UI's own interface."""
    answer = requests.post(f"{url}/graphql", json={"query": query, "variables": variables}, timeout=60).json()
    found: dict[str, Any] = answer["data"]
    return found


def when_up(url: str, seconds: float = 120) -> None:
    """Wait until the UI answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if requests.get(f"{url}/server_info", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.5)
    pytest.fail("the UI did not come up")


def when_known(url: str, report: str, seconds: float = 180) -> None:
    """Wait until the UI offers a report."""
    until, known = time.monotonic() + seconds, list[str]()
    while report not in known:
        # The UI answers before it has read the definitions.
        known = asked(url, REPORTS, {})["assetNodeOrError"].get("partitionKeys", [])
        assert time.monotonic() < until, known
        time.sleep(0.5)


@pytest.fixture
def deployed(place: Place) -> tuple[Path, int]:
    """A deployment in a folder with a space and å in its name, and the port of its UI."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = place.folder / "på plats"
    ended = place.run("deploy", str(folder), "--port", str(port))
    assert ended.status == 0, ended.err
    return folder, port


def test_what_is_generated_can_be_read(deployed: tuple[Path, int]) -> None:
    folder, _ = deployed
    assert (folder / "etappmal.env").stat().st_mode & 0o077 == 0
    for unit in sorted((folder / "systemd").glob("*.service")):
        command, environment = started(unit)
        assert Path(command[0]).exists(), command
        assert environment["ETAPPMAL_CONTACT"]
        assert "$" not in unit.read_text(encoding="utf-8")


def test_systemd_finds_nothing_wrong(deployed: tuple[Path, int]) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not on this machine")
    units = sorted(str(path) for path in (deployed[0] / "systemd").iterdir())
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stderr.splitlines() if "etappmal-" in line]
    assert wrong == []


def test_the_files_of_runs_are_made_before_two_services_come_to_them(place: Place, deployed: tuple[Path, int]) -> None:
    units = deployed[0] / "systemd"
    command, environment = started(units / "etappmal-webserver.service", "ExecStartPre")
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    assert (place.home / "snapshot" / "dagster" / "history" / "runs.db").exists()
    daemon = (units / "etappmal-daemon.service").read_text(encoding="utf-8")
    assert re.search(r"^After=.*\betappmal-webserver\.service$", daemon, re.MULTILINE)


@pytest.mark.slow
def test_the_services_refresh_when_the_ui_is_told_to(place: Place, deployed: tuple[Path, int]) -> None:
    folder, port = deployed
    units, url = folder / "systemd", f"http://127.0.0.1:{port}"
    with (
        service(units / "etappmal-webserver.service", place.folder / "web.log"),
        service(units / "etappmal-daemon.service", place.folder / "daemon.log"),
    ):
        when_up(url)
        when_known(url, OF_2023[0]["value"])
        selector = {
            "repositoryLocationName": "etappmal",
            "repositoryName": "__repository__",
            "jobName": "refresh",
        }
        until = time.monotonic() + 120
        launched: dict[str, Any] = {"__typename": "PipelineNotFoundError"}
        while launched["__typename"] == "PipelineNotFoundError" and time.monotonic() < until:
            # The UI answers before it has read the definitions.
            launched = asked(url, LAUNCH, {"selector": selector, "tags": OF_2023})["launchPipelineExecution"]
            time.sleep(0.5)
        assert launched["__typename"] == "LaunchRunSuccess", launched
        until, status = time.monotonic() + 300, "QUEUED"
        while status in {"QUEUED", "NOT_STARTED", "STARTING", "STARTED"} and time.monotonic() < until:
            time.sleep(1)
            status = asked(url, STATUS, {"id": launched["run"]["runId"]})["runOrError"]["status"]
        assert status == "SUCCESS", (place.folder / "daemon.log").read_text(encoding="utf-8")[-3000:]
    assert (place.latest / "malbedomning.csv").exists()
    watch, environment = started(units / "etappmal-watch.service")
    assert subprocess.run(watch, env=environment, capture_output=True, check=False).returncode == 0
    command, environment = started(units / "etappmal-backup.service")
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    (file,) = (folder / "backups").iterdir()
    elsewhere = {"ETAPPMAL_HOME": str(place.folder / "home2"), "ETAPPMAL_PUBLIC": str(place.folder / "public2")}
    assert place.run("restore", str(file), settings=elsewhere).status == 0
    assert place.run("verify", settings=elsewhere).status == 0
    ended = place.run("refresh", settings=elsewhere)
    assert ended.status == 0
    assert "unchanged" in ended.out


def test_workers_have_a_unit_of_which_many_can_be_started(place: Place) -> None:
    folder = place.folder / "plats"
    ended = place.run("deploy", str(folder), settings={"ETAPPMAL_EXECUTOR": "celery"})
    assert ended.status == 0, ended.err
    command, environment = started(folder / "systemd" / "etappmal-worker@.service")
    assert command[1:] == ["worker", "--name", "worker-%i"]
    assert environment["ETAPPMAL_EXECUTOR"] == "celery"


def test_there_is_no_unit_for_workers_in_one_process(deployed: tuple[Path, int]) -> None:
    assert not list(deployed[0].glob("systemd/*worker*"))
