"""Two refreshes at once, whoever begins them: nothing is lost, nothing is doubled, and each ends or says why.

Here belong pairs of the command, a launch from the UI and the schedule's own tick. A run that is killed stands in
``test_kills`` and ``test_killed_refreshes``.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pytest

from pipelines.runs.manifests import manifests
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import Place
from tests.end_to_end.ui import Ui, the_ui

EVERY_MINUTE: Final = {"ETAPPMAL_SCHEDULE": "* * * * *"}
EXTRACT: Final = "antal_anstallda.csv"
FIGURE: Final = 420
"""What the extract says of 2023. Each time it says one more, so that one of those at once has something to publish."""

Begin = Callable[[Place, Ui], object]


def command(place: Place, _: Ui) -> None:
    """A refresh by the command, which waits for its turn."""
    ended = place.run("refresh")
    assert ended.status == 0, ended.err


def launch(_: Place, ui: Ui) -> None:
    """A refresh by the button of the UI."""
    ui.ended(ui.launch())


def tick(ui: Ui) -> str:
    """A refresh by the schedule: the next that the daemon begins; its id."""
    before, until = ui.begun_by_schedule(), time.monotonic() + 150
    while not (begun := ui.begun_by_schedule() - before):
        assert time.monotonic() < until, "the schedule began nothing"
        time.sleep(0.2)
    return begun.pop()


TICK: Final = None
"""Stands for the schedule: it begins when it begins, and the others with it."""

Group = Sequence[Begin | None]
SAMPLE: Final[Sequence[Group]] = [(TICK, command, launch)]
PAIRS: Final[Sequence[Group]] = list(
    islice(cycle([(command, launch), (TICK, command), (command, command), (launch, launch), (TICK, launch)]), 20)
)


def change(place: Place, times: int) -> None:
    """Let the extract say one more than the time before, all at once."""
    path = place.edit_plan() / "extracts" / EXTRACT
    old, new = (f";{FIGURE + more};{39 + more};".encode() for more in (times - 1, times))
    data = path.read_bytes()
    assert old in data
    beside = path.with_suffix(".new")
    beside.write_bytes(data.replace(old, new, 1))
    beside.replace(path)


def at_once(place: Place, ui: Ui, group: Group) -> None:
    """Begin these together, and wait for all of them to end."""
    scheduled = [tick(ui)] if TICK in group else []
    with ThreadPoolExecutor(len(group)) as threads:
        for done in [threads.submit(each, place, ui) for each in group if each is not TICK]:
            done.result()
    ui.ended(*scheduled)


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param(SAMPLE, id="a sample", marks=pytest.mark.slow),
        pytest.param(PAIRS, id="twenty pairs", marks=pytest.mark.soak),
    ],
)
def test_refreshes_at_once(example: Refreshed, tmp_path: Path, groups: Sequence[Group]) -> None:
    place = example.place.copy_to(tmp_path / "place")
    with the_ui(place, EVERY_MINUTE | {"ETAPPMAL_PLAN": str(place.edit_plan())}) as ui:
        for number, group in enumerate(groups, 1):
            change(place, number)
            at_once(place, ui, group)
        ended = ui.ended()
    # One run of Dagster for each refresh, and one manifest for each run: nothing is lost, nothing is doubled.
    assert set(ended.values()) == {"SUCCESS"}
    states = {run.run_id: run.state for run in manifests(place.home / "snapshot" / "runs")}
    assert set(ended) <= set(states)
    counts = Counter(states[run_id] for run_id in ended)
    assert set(counts) == {"published", "unchanged"}
    # Each change is published once, by whoever came to it first.
    assert counts["published"] == 1 + len(groups)
    assert len(list((place.public / "releases").glob("[0-9]*"))) == 1 + len(groups)
    assert f",{FIGURE + len(groups)},".encode() in place.published()[EXTRACT]
    assert len(ended) >= 1 + sum(map(len, groups))
    assert place.run("verify").status == 0
