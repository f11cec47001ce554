"""Runs made again: a run rebuilt from the archive alone, and what was known on a day.

Here belongs everything that goes back in time. It reads manifests, the archive and the warehouse,
and writes nothing but the folder it is given.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

import dagster as dg
import polars as pl
import polars.selectors as cs

from contracts import contract
from pipelines import manifests
from pipelines.definitions import JOB, build_definitions
from pipelines.locking import writing
from pipelines.manifests import Manifest
from pipelines.observing import observe
from pipelines.run import Again, Run, open_run
from pipelines.settings import Settings
from pipelines.transforms import milestones, outcomes
from pipelines.transforms.history import Known, as_of
from pipelines.transforms.register import indikatorregister, report_of
from pipelines.warehouse import Warehouse
from sources.archive import Archive, Request
from sources.errors import AnswerError
from sources.extracts import read_extract
from sources.http import Replay
from sources.plan import Plan, load_plan

SWEDISH_TIME: Final = ZoneInfo("Europe/Stockholm")
DECIMALS: Final = 6
SHOWN: Final = ("indikator_id", "utfall_ar", "utfall", "etappmal_status", "utfall_kalla", "status_kalla", "orsak_kalla")


def replay(settings: Settings, run_id: str, to: Path) -> tuple[Manifest, list[str]]:
    """Make a run again into ``to``, from the archive alone; returns its manifest and what went wrong.

    The history that the run stood on is built up first, from the answers of the runs before it.
    Raises UnknownRunError, and AnswerError where the archive lacks what the run took.
    """
    target = manifests.find(settings.runs, run_id)
    with TemporaryDirectory(prefix="etappmal-replay-") as folder:
        at = replace(settings.published_as(target.about), home=Path(folder) / "home", public=to.absolute())
        taken: Mapping[str, str] = {}
        for earlier in _before(settings, target):
            if earlier.pinned("answer") != taken:
                taken = earlier.pinned("answer")
                with _again(settings, at, earlier) as run:
                    observe(run)
        definitions = build_definitions(lambda _id, _who: _again(settings, at, target))
        with dg.DagsterInstance.ephemeral() as instance:
            result = definitions.resolve_job_def(JOB).execute_in_process(
                instance=instance, run_config={"loggers": {"progress": {}}}, raise_on_error=False
            )
        return target, [
            event.step_failure_data.user_failure_data.description or event.message or ""
            if event.step_failure_data.user_failure_data
            else event.message or ""
            for event in result.all_events
            if event.is_step_failure
        ]


def _before(settings: Settings, target: Manifest) -> Iterator[Manifest]:
    """The runs on the same kind of sources before a run, the oldest first."""
    for manifest in manifests.manifests(settings.runs):
        if manifest.run_id == target.run_id:
            return
        if manifest.source == target.source:
            yield manifest


@contextmanager
def _again(settings: Settings, at: Settings, manifest: Manifest) -> Iterator[Run]:
    """Open a run of the past: its plan, its answers, its time."""
    answers = Archive(settings.plan / "archive" if manifest.source == "snapshot" else settings.archive, read_only=True)
    with plan_of(settings, manifest) as folder:
        past = replace(at, plan=folder, source=manifest.source)
        again = Again(Replay(answers, manifest.pinned("answer")), _moment(manifest))
        with open_run(past, manifest.run_id, "etappmal replay", again) as run:
            yield run


@contextmanager
def plan_of(settings: Settings, manifest: Manifest) -> Iterator[Path]:
    """The plan folder of a run, laid out anew from the archive.

    Raises AnswerError where the archive no longer holds a file of it.
    """
    archive = Archive(settings.archive, read_only=True)
    with TemporaryDirectory(prefix="etappmal-plan-") as name:
        folder = Path(name)
        for kind in ("plan", "extract"):
            for asked, sha256 in manifest.pinned(kind).items():
                _lay(archive, folder, kind, asked, sha256)
        yield folder


def _lay(archive: Archive, folder: Path, kind: str, asked: str, sha256: str) -> None:
    """Put one archived file of a plan in its place."""
    path = asked.partition(" GET /")[2]
    answer = archive.find(Request(kind, f"/{path}"), sha256)
    if answer is None:
        raise AnswerError("the archive does not hold the file.", where=asked, remedy="Restore the archive.")
    place = (folder / path).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise AnswerError("the file would lie outside the plan.", where=asked, remedy="Restore the archive.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(answer.body)


def known_on(settings: Settings, day: dt.date, wait: float) -> tuple[pl.DataFrame, str]:
    """What was known of each indicator by the end of a day in Swedish time, and under which plan.

    The plan is that of the last run by then, or of the first run where there was none yet.
    Raises UnknownRunError where there has been no run at all.
    """
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SWEDISH_TIME)
    moment = midnight.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(microseconds=1)
    runs = [manifest for manifest in manifests.manifests(settings.runs) if manifest.inputs]
    if not runs:
        raise manifests.UnknownRunError(f"there has been no run in {settings.data_home}. Run etappmal refresh.")
    in_force = next((run for run in reversed(runs) if _moment(run) <= moment), runs[0])
    with plan_of(settings, in_force) as folder, writing(settings.home, "etappmal as-of", wait):
        plan = load_plan(folder)
        warehouse = Warehouse(settings.warehouse)
        try:
            known = Known(*(_observations(warehouse, plan, name) for name in ("kolada_varden", "scb_varden")))
        finally:
            warehouse.close()
        frame = _statuses(plan, known.at(moment), moment)
    return frame.select(SHOWN).with_columns(cs.float().round(DECIMALS)), in_force.run_id


def _observations(warehouse: Warehouse, plan: Plan, name: str) -> pl.DataFrame:
    """The observations that a plan uses, with their history."""
    return warehouse.read_only(contract(name, "core"), plan.observed(name))


def _statuses(plan: Plan, known: Known, moment: dt.datetime) -> pl.DataFrame:
    """The statuses of a plan's indicators from what was known at a moment."""
    report, register = report_of(plan), plan.register
    decision = register.report.decision
    decided = decision is not None and dt.datetime.combine(decision.date, dt.time()) <= moment
    schema = contract("indikatorutfall").extract
    file = plan.extracts.get("indikatorutfall")
    stated = read_extract(file, schema).frame if file and decided else pl.DataFrame(schema=schema.polars_schema)
    sourced = outcomes.source_outcomes(register, known.kolada, known.scb)
    told = outcomes.indikatorutfall(stated, pl.lit(decision.date if decision else None), sourced, report)
    return milestones.indikatorer(
        indikatorregister(register, report),
        as_of(told, moment),
        report,
        decided=decided,
        tie_is_reached=register.rule.tie_is_reached,
    )


def _moment(manifest: Manifest) -> dt.datetime:
    """When a run began, as the warehouse keeps time."""
    return dt.datetime.fromisoformat(manifest.started).astimezone(dt.UTC).replace(tzinfo=None)
