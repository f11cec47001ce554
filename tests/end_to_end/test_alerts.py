"""Alerts, as whoever is on duty gets them: from the command, for a plan and for a file that do not hold."""

import pytest

from tests.end_to_end.place import Place, rewrite
from tests.pipelines.test_incidents import webhook

pytestmark = pytest.mark.slow


def test_a_refused_file_is_told_once_and_its_end_once(refreshed: Place) -> None:
    plan = refreshed.edit_plan()
    with webhook() as (url, taken):
        settings = {"ETAPPMAL_ALERT_WEBHOOK": url}
        rewrite(plan / "extracts" / "resultatrakning.csv", "Personal", "Pesronal")
        assert [refreshed.run("refresh", settings=settings).status for _ in range(2)] == [1, 1]
        rewrite(plan / "extracts" / "resultatrakning.csv", "Pesronal", "Personal")
        assert refreshed.run("refresh", settings=settings).status == 0
    began, over = taken
    assert began["title"] == "Etappmål: refresh failed"
    assert "extracts/resultatrakning.csv (resultatrakning): row " in began["text"]
    assert "'Pesronal'" in began["text"]
    assert over["title"] == "Etappmål: over: refresh"


def test_a_plan_that_does_not_hold_is_told_too(refreshed: Place) -> None:
    rewrite(refreshed.edit_plan() / "plan.toml", 'id = "0126"', 'id = "126"')
    with webhook() as (url, taken):
        assert refreshed.run("refresh", settings={"ETAPPMAL_ALERT_WEBHOOK": url}).status == 2
    assert "plan.toml" in taken[0]["text"]
