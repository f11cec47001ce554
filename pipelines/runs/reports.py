"""The reports of a municipality as Dagster's partitions: which there are, and which of them a run is about.

Here belongs the way from a run's tags to plan folders. What a run does for a report is the assets' to know.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import dagster as dg

from pipelines.settings import Settings, SettingsError
from sources.plan.folders import report_folders

REPORTS: Final = dg.DynamicPartitionsDefinition(name="rapport")
"""One partition for each report, by its id: 2023-helar."""

ONE: Final = "dagster/partition"
FIRST, LAST = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
"""The tags by which Dagster says what a run is about: a partition, or a row of them."""


Declare = Callable[[Callable[..., Any]], dg.AssetsDefinition]


def by_report(**about: Any) -> Declare:
    """Declare an asset with a partition for each report; those that are filled at once are one run."""
    with warnings.catch_warnings():
        # Dagster 1.13 calls the policy beta; without it a backfill of seven years is seven runs.
        warnings.simplefilter("ignore", dg.BetaWarning)
        declare: Declare = dg.asset(partitions_def=REPORTS, backfill_policy=dg.BackfillPolicy.single_run(), **about)
    return declare


RULE: Final = "etappmal/rule"
"""The tag that says another version of the rule than the one in force: its number, or latest."""


@dataclass(frozen=True)
class Asked:
    """What a run is about: the newest of its reports by the settings, the plan folders of the older ones.

    ``own`` says whether the newest is that of the plan that the settings named, ``rule`` by which version of the rule
    grades are computed, if not the one in force.
    """

    settings: Settings
    older: tuple[Path, ...] = ()
    own: bool = True
    rule: str | None = None


def asked_by(settings: Settings, tags: Mapping[str, str]) -> Asked:
    """What a run with these tags is about: its partitions, or where it has none the report of the plan itself.

    Raises SettingsError where no plan folder is about a report that is asked for.
    """
    rule = tags.get(RULE)
    if not names_report(tags):
        return Asked(settings, rule=rule)
    first, last = tags.get(ONE) or tags[FIRST], tags.get(ONE) or tags[LAST]
    folders = report_folders(settings.plan)
    lost = sorted({first, last} - folders.keys())
    if lost:
        raise SettingsError(
            f"no plan folder beside {settings.plan} is about {' or '.join(lost)}: there are "
            f"{', '.join(folders) or 'none that can be read'}."
        )
    *older, newest = (place for report, place in folders.items() if first <= report <= last)
    return Asked(replace(settings, plan=newest), tuple(older), own=newest == settings.plan, rule=rule)


def names_report(tags: Mapping[str, str]) -> bool:
    """Whether a run with these tags is about a partition; Dagster fails others at each table made of another."""
    return ONE in tags or FIRST in tags


def register_reports(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Let Dagster know the reports of the plan folders, the oldest first; all that it knows."""
    known, wanted = list(instance.get_dynamic_partitions(str(REPORTS.name))), list(report_folders(settings.plan))
    every = sorted({*known, *wanted})
    # A row of partitions is one in the order in which they were added.
    if every != known:
        for report in known:
            instance.delete_dynamic_partition(str(REPORTS.name), report)
        instance.add_dynamic_partitions(str(REPORTS.name), every)
    return every


def tags_of(reports: tuple[str, str] | None) -> dict[str, str]:
    """The tags of a run that is about a report, or about all from one to another."""
    if reports is None:
        return {}
    first, last = reports
    return {ONE: first} if first == last else {FIRST: first, LAST: last}


def own_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """A night is about the report of the plan; about none that is named where that cannot be read.

    A schedule's own tags may name no partition: Dagster takes that of a request alone.
    """
    return dg.RunRequest(tags=tags_of_own(context.instance, Settings.read()))


def tags_of_own(instance: dg.DagsterInstance, settings: Settings) -> dict[str, str]:
    """The tags of a run that is about the report of the plan; none where there is no such partition."""
    known = register_reports(instance, settings)
    own = next((report for report, folder in report_folders(settings.plan).items() if folder == settings.plan), None)
    return tags_of((own, own)) if own in known else {}
