"""A warehouse that is gone and built up again from the archive: every night as it was, the good and the bad."""

from pathlib import Path
from typing import Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from contracts import contract
from pipelines.runs.manifests import manifests
from pipelines.runs.replay import rebuild
from pipelines.runs.run import open_run
from tests.pipelines.test_observing import SECOND, World, people
from tests.pipelines.test_observing import world as world  # noqa: PLC0414 - a fixture
from tests.servers.loopback import Fault, Faults

pytestmark = pytest.mark.slow

OWN: Final = ("0126", "2023-helar")


def histories(world: World) -> list[pl.DataFrame]:
    """What is known of both services, with its history."""
    with open_run(world.settings, "look", "test") as run:
        return [run.warehouse.read(contract(name, "core")) for name in ("kolada_varden", "scb_varden")]


def night(world: World, bad: str) -> None:
    """A night in which something is out of order."""
    world.scb.tables = {"TAB638": people(SECOND, 100.0, 120.0)}
    if bad == "SCB is gone":
        world.scb.faults = Faults(share=1, of=[Fault.GONE])
    elif bad == "Kolada breaks off half-way":
        world.kolada.faults = Faults([None, Fault.HTML])
    elif bad == "a body is refused":
        world.kolada.edit = lambda payload: {**payload, "count": 99}
    elif bad == "the plan has changed":
        years = f"[{2019 + world.runs}, 2023]"
        world.plan((years, f"[{2021 + world.runs}, 2023]"))
    world.refresh()
    world.scb.faults, world.kolada.faults, world.kolada.edit = Faults(), Faults(), None


@pytest.mark.parametrize(
    "bad",
    ["nothing", "SCB is gone", "Kolada breaks off half-way", "a body is refused", "the plan has changed"],
)
def test_a_warehouse_that_is_built_up_again_holds_the_same_history(world: World, bad: str) -> None:
    """The runs follow each other at once, several in a second."""
    world.refresh()
    for value in (71.0, 72.0):
        world.revise("N00001", 2022, value)
        night(world, bad)
        world.revise("N00002", 2022, value, gone=value > 71)
        world.revise("N00001", 2023, value)
        world.refresh()
    before = histories(world)
    assert before[0].filter(pl.col("kand_till").is_not_null()).height > 2
    world.settings.warehouse_file.unlink()
    Path(f"{world.settings.warehouse_file}.wal").unlink(missing_ok=True)
    assert rebuild(world.settings, OWN) == len(list(manifests(world.settings.runs)))
    for again, was in zip(histories(world), before, strict=True):
        assert_frame_equal(again, was)
