"""A run and its steps, each with the lake open for itself: what they know of each other."""

from pathlib import Path
from typing import Final

import pytest

from pipelines.runs.run import open_run
from pipelines.runs.sharing import EndedError, open_step, shared
from pipelines.settings import Settings
from sources.errors import PlanError
from tests.end_to_end.place import Place, rewrite
from tests.scale.machines import Servers

pytestmark = pytest.mark.scale

HELD_BACK: Final = "N00670 har bytt namn."


def test_one_process_publishes_the_same_bytes_from_a_lake_and_a_step_knows_what_its_run_does(
    cluster: Servers, tmp_path: Path, embedded: str
) -> None:
    place = Place(tmp_path)
    place.edit_plan()
    given = {**cluster.settings("steps", 6), "ETAPPMAL_EXECUTOR": "in-process"}
    ended = place.run("refresh", settings=given)
    assert ended.status == 0, ended.err
    assert (place.latest / "SHA256SUMS").read_text(encoding="utf-8") == embedded

    settings = Settings.read({**place.environment, **given})
    with open_run(settings, "run-1", "a test") as run, shared(run):
        with open_step(settings, run.id) as step:
            assert (step.now, step.before, step.inputs) == (run.now, run.before, run.inputs)
            assert step.before is not None
            step.summary.held_back.append(HELD_BACK)
            step.refused["stickprov"] = "rad 2"
        with open_step(settings, run.id) as later:
            assert later.summary.held_back == [HELD_BACK]
        assert run.summary.held_back == []
        rewrite(place.plan / "plan.toml", "[report]", "# En ändring mitt i körningen.\n[report]")
        with pytest.raises(PlanError, match=r"plan\.toml: was changed while the run was at work"):
            open_step(settings, run.id).__enter__()
    assert (run.summary.held_back, run.refused) == ([HELD_BACK], {"stickprov": "rad 2"})
    with pytest.raises(EndedError, match="is over: nothing more of it is written"):
        open_step(settings, run.id).__enter__()
