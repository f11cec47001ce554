"""Which reports a run is about, by its tags; and which of them Dagster knows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.runs.manifests import write
from pipelines.runs.reports import asked_by, register_reports, tags_of, tags_of_own
from pipelines.runs.rule_in_force import under_rule
from pipelines.settings import Settings, SettingsError
from pipelines.storage import whole_reports
from pipelines.storage.warehouse import Warehouse
from pipelines.transforms.rules import RULES, RuleVersion, by_halves
from sources.errors import PlanError
from sources.plan import Plan
from tests.pipelines.test_manifests import FIRST
from tests.sources.plans import plan
from tests.sources.test_plan_folders import plans
from tests.transforms.goal_rows import KNOWN, LATER

DECIDED = ("\n[rule]", '\n[report.decision]\ngrade = "Ej uppfyllt"\ndate = 2024-02-14\nreason = "Kort."\n\n[rule]')


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose plan is that of 2022, with others beside it."""
    folder = plans(tmp_path / "plans", a="2021-helar", b="2022-helar", c="2023-delar2", d="2023-helar")
    return Settings.read({"ETAPPMAL_PLAN": str(folder / "b"), "ETAPPMAL_HOME": str(tmp_path / "home")})


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param(None, ("b", [], True), id="nothing is said"),
        pytest.param(("2022-helar", "2022-helar"), ("b", [], True), id="the plan's own"),
        pytest.param(("2021-helar", "2021-helar"), ("a", [], False), id="another"),
        pytest.param(("2021-helar", "2023-helar"), ("d", ["a", "b", "c"], False), id="all"),
        pytest.param(("2021-helar", "2022-helar"), ("b", ["a"], True), id="some, of which the own is the newest"),
    ],
)
def test_what_a_run_is_about(
    settings: Settings, reports: tuple[str, str] | None, expected: tuple[str, list[str], bool]
) -> None:
    asked = asked_by(settings, tags_of(reports))
    assert (asked.settings.plan.name, [folder.name for folder in asked.older], asked.own) == expected


def test_a_report_that_no_plan_is_about_is_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"is about 1999-helar: there are 2021-helar, 2022-helar, 2023-delar2"):
        asked_by(settings, tags_of(("1999-helar", "1999-helar")))


def test_dagster_knows_the_reports_in_the_order_of_their_periods(settings: Settings, tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        before = register_reports(instance, settings)
        plans(tmp_path / "plans", e="2022-delar2")
        assert register_reports(instance, settings) == sorted([*before, "2022-delar2"])
        assert list(instance.get_dynamic_partitions("rapport")) == sorted([*before, "2022-delar2"])
        assert tags_of_own(instance, settings) == {"dagster/partition": "2022-helar"}


def test_a_run_that_broke_off_is_known_until_one_goes_through(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    try:
        assert whole_reports.broken_off(warehouse) == set()
        whole_reports.begin(warehouse, "2022-helar", LATER)
        whole_reports.end(warehouse, "2022-helar", LATER)
        assert whole_reports.broken_off(warehouse) == set()
        # The clock was set back in between.
        whole_reports.begin(warehouse, "2022-helar", KNOWN)
        whole_reports.begin(warehouse, "2023-helar", KNOWN)
        assert whole_reports.broken_off(warehouse) == {"2022-helar", "2023-helar"}
        whole_reports.end(warehouse, "2022-helar", KNOWN)
        assert whole_reports.broken_off(warehouse) == {"2023-helar"}
    finally:
        warehouse.close()


def small(folder: Path, version: str | None, *, decided: bool = True) -> Plan:
    """The small plan with a version of the rule, or none."""
    said = "" if version is None else f'version = "{version}"\n'
    return plan(folder, *([DECIDED] if decided else []), ('version = "1"\n', said))


def ran(folder: Path, **more: Any) -> None:
    """A run of the small plan's report that went well."""
    write(folder, replace(FIRST, **more))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param((None, None, None), ("2", "2"), id="first decided: the latest is in force"),
        pytest.param((None, "1", None), ("1", "1"), id="made again: what was in force"),
        pytest.param((None, "1", "latest"), ("2", "1"), id="told otherwise, it is still the one it was decided under"),
        pytest.param(("1", None, None), ("1", "1"), id="the plan says"),
        pytest.param(("2", "1", None), ("2", "1"), id="the plan says another than what was in force"),
        pytest.param(("1", "1", "2"), ("2", "1"), id="told a number"),
    ],
)
def test_the_rule_that_a_report_is_computed_by(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str | None, str | None, str | None],
    expected: tuple[str, str],
) -> None:
    says, kept, told = given
    monkeypatch.setitem(RULES, "2", RuleVersion("2", by_halves))
    ran(tmp_path / "runs", rule=kept, in_force=kept)
    used, in_force = under_rule(small(tmp_path, says), tmp_path / "runs", told)
    assert (used.register.rule.version, in_force) == expected


def test_before_it_is_decided_nothing_is_in_force(tmp_path: Path) -> None:
    used, in_force = under_rule(small(tmp_path, None, decided=False), tmp_path / "runs", None)
    assert (used.register.rule.version, in_force) == ("1", None)


def test_a_version_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no version '7' of the rule"):
        under_rule(small(tmp_path, "7"), tmp_path / "runs", None)
