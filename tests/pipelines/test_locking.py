"""The one lock: another process, the same process again, and a holder that was killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.runs.locking import LockHeldError, writing

HOLDER = """
import sys
from pathlib import Path
from pipelines.runs.locking import writing
with writing(Path(sys.argv[1]), "refresh", 0):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def held(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the lock until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_another_process_that_writes_is_named(tmp_path: Path) -> None:
    with held(tmp_path) as process:
        with pytest.raises(LockHeldError) as caught, writing(tmp_path, "schedule", 0):
            pytest.fail("two writers at once")
        assert f"{tmp_path}: refresh (process {process.pid}, since 20" in str(caught.value)
        assert "--wait" in str(caught.value)
        process.communicate("")
    with writing(tmp_path, "schedule", 0):
        assert f'"process": {os.getpid()}' in (tmp_path / "lock.json").read_text(encoding="utf-8")


def test_a_holder_that_is_killed_frees_the_lock(tmp_path: Path) -> None:
    with held(tmp_path) as process:
        process.kill()
        with writing(tmp_path, "schedule", 10):
            assert '"who": "schedule"' in (tmp_path / "lock.json").read_text(encoding="utf-8")


def test_waiting_ends_when_the_other_does(tmp_path: Path) -> None:
    with held(tmp_path) as process:
        assert process.stdin is not None
        process.stdin.close()
        with writing(tmp_path, "schedule", 10):
            pass


@pytest.mark.parametrize(
    "said", [pytest.param("", id="nothing"), pytest.param("[]", id="a list"), pytest.param('{"who": 1}', id="half")]
)
def test_a_holder_that_has_not_said_who_it_is_still_holds(tmp_path: Path, said: str) -> None:
    with held(tmp_path):
        (tmp_path / "lock.json").write_text(said, encoding="utf-8")
        with pytest.raises(LockHeldError, match="another refresh is writing"), writing(tmp_path, "schedule", 0):
            pytest.fail("two writers at once")


def test_a_process_that_holds_the_lock_goes_on_and_frees_it_last(tmp_path: Path) -> None:
    home = tmp_path / "made" / "here"
    with writing(home, "command", 0):
        with writing(home, "run", 0):
            pass
        assert '"who": "command"' in (home / "lock.json").read_text(encoding="utf-8")
        second = subprocess.run(
            [sys.executable, "-c", HOLDER, str(home)], input="", capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert second.returncode != 0
        assert "LockHeldError" in second.stderr
        assert "command" in second.stderr
    with held(home):
        pass


def test_an_error_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path, "command", 0):
        _ = 1 / 0
    with held(tmp_path):
        pass
