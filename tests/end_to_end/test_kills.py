"""Runs that are killed: a process dies at the worst of moments, and no later run is wrong by it.

Here belongs SIGKILL to a real process. What a fault of a service leads to stands in ``test_faults``.
"""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from tests.end_to_end.conftest import python_path
from tests.end_to_end.place import Place
from tests.end_to_end.services import kolada, scb
from tests.end_to_end.test_exit_status import live, paragraphs
from tests.servers.kolada import KoladaServer

KILLER: Final = '''
"""Loaded by Python at its start: dies by SIGKILL as its own manifest is given its name, so manieth time."""

import os
import signal
import sys

NUMBER, WHEN = os.environ["KILLED_AT"].split()
left = [int(NUMBER)]
own = set()


def watch(event, arguments):
    if event != "os.rename" or f"{os.sep}runs{os.sep}" not in str(arguments[1]) or left[0] == 0:
        return
    if arguments[1] not in own and os.path.exists(arguments[1]):
        return
    own.add(arguments[1])
    left[0] -= 1
    if left[0] == 0:
        if WHEN == "after":
            os.rename(arguments[0], arguments[1])
        os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(watch)
'''
LIVE: Final = {"ETAPPMAL_SOURCE": "live"}
CELL: Final = (
    (pl.col("kpi") == "N00590")
    & (pl.col("municipality") == "0126")
    & (pl.col("gender") == "T")
    & (pl.col("period") == 2022)
)


def killed_at(folder: Path, moment: str) -> Mapping[str, str]:
    """The environment in which a run dies with its so manieth manifest, before or after that has its name."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(KILLER, encoding="utf-8")
    return {"PYTHONPATH": python_path(folder), "KILLED_AT": moment}


def revised(server: KoladaServer, value: float) -> None:
    """Let one value of Huddinge be another from now on."""
    server.values = server.values.with_columns(
        value=pl.when(CELL).then(value).otherwise("value"),
        changed=pl.when(CELL).then(pl.lit("2999-01-01")).otherwise("changed"),
    )


MOMENTS: Final = {
    "1 after": "known, and nothing remembered",
    "2 before": "one source remembered",
    "3 before": "two sources remembered",
    "4 before": "all remembered, and not told so",
    "5 before": "published, and not told so",
}


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(("2 before",), id="a sample", marks=pytest.mark.slow),
        pytest.param(tuple(MOMENTS), id="each moment", marks=pytest.mark.soak),
    ],
)
def test_what_killed_runs_left_out_is_left_out_when_later_runs_are_made_again(
    place: Place, tmp_path: Path, moments: Sequence[str]
) -> None:
    """A run is killed at each of the moments, each with a value of its own, among runs that succeed."""
    with kolada() as one, scb() as other:
        one.values = one.values.with_columns(changed=pl.lit("2020-01-01"))
        settings, sums, killed = live((one, other)), dict[str, bytes](), dict[str, str]()
        for number, moment in enumerate(["", *moments, ""]):
            if number:
                revised(one, 12.0 + number)
            extra = killed_at(tmp_path / f"killer-{number}", moment) if moment else {}
            ended = place.run("refresh", settings={**settings, **extra})
            assert ended.status == (-signal.SIGKILL if moment else 0), ended.err
            newest = place.run("runs", settings=LIVE).out.split(maxsplit=1)[0]
            if moment:
                killed[newest] = moment
            if not moment or moment == "5 before":
                sums[newest] = (place.latest / "SHA256SUMS").read_bytes()
    states = [line.split("  ")[4] for line in place.run("runs", settings=LIVE).out.splitlines()]
    assert states == ["published", *["broken off"] * len(moments), "published"]
    for run_id in {**killed, **sums}:
        again = tmp_path / f"again-{run_id}"
        ended = place.run("replay", run_id, "--to", str(again), settings=LIVE)
        assert ended.status == (0 if run_id in sums else 1), ended.err
        assert len(paragraphs(ended.err)) == ended.status
        assert run_id not in sums or (again / "latest" / "SHA256SUMS").read_bytes() == sums[run_id]
