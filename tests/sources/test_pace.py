"""A pace that processes share: together they ask no more often than one alone may."""

import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic, time
from typing import Final

import pytest

from sources.pace import Pace, SharedPace

ASK: Final = """
import sys
from pathlib import Path
from threading import Event
from sources.pace import SharedPace

pace = SharedPace(float(sys.argv[1]), Path(sys.argv[2]))
for _ in range(int(sys.argv[3])):
    pace.wait(Event())
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    file, rate, each = tmp_path / "turns" / "kolada", 20.0, 10
    began = monotonic()
    asking = [
        subprocess.Popen([sys.executable, "-c", ASK, str(rate), str(file), str(each)], cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    assert [process.wait() for process in asking] == [0, 0]
    assert monotonic() - began >= (2 * each - 1) / rate


def test_a_turn_far_ahead_was_written_by_a_clock_that_was_wrong(tmp_path: Path) -> None:
    file = tmp_path / "kolada"
    file.write_text(repr(time() + 1e6), encoding="ascii")
    began = monotonic()
    SharedPace(1000, file).wait(Event())
    assert monotonic() - began < 5


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
def test_a_new_rate_counts_from_the_last_turn(tmp_path: Path, *, shared: bool) -> None:
    pace = SharedPace(0.01, tmp_path / "scb") if shared else Pace(0.01)
    began = monotonic()
    pace.wait(Event())
    pace.set(100)
    pace.wait(Event())
    pace.set(5)
    pace.wait(Event())
    assert 1 / 5 <= monotonic() - began < 5


def test_a_pause_is_waited_for_at_any_rate() -> None:
    pace = Pace(1000)
    began = monotonic()
    pace.pause(0.2)
    pace.wait(Event())
    assert monotonic() - began >= 0.2
