"""Runs made again: a run rebuilt from the archive alone, and what was known on a day.

Here belongs everything that goes back in time. It reads manifests, the archive and the warehouse,
and writes nothing but the folder it is given.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import dagster as dg
import polars as pl
import polars.selectors as cs

from contracts import contract
from pipelines.definitions import JOB, build_definitions
from pipelines.intake.observing import observe
from pipelines.runs import manifests, summary
from pipelines.runs.failures import faults_of, refusals_of
from pipelines.runs.locking import writing
from pipelines.runs.manifests import BEGUN, BROKEN_OFF, REMEMBERED, UNFINISHED, Manifest
from pipelines.runs.occasions import SWEDISH_TIME
from pipelines.runs.reports import REPORTS, tags_of
from pipelines.runs.run import Again, Run, open_run
from pipelines.settings import Settings
from pipelines.storage.places import place_of
from pipelines.storage.released import kept
from pipelines.storage.remembering import remembered
from pipelines.storage.warehouse import Warehouse
from pipelines.transforms import corrections, milestones, outcomes
from pipelines.transforms.area_groups import group_outcomes
from pipelines.transforms.areas import omraden, omradesgrupper
from pipelines.transforms.history import Known, as_of
from pipelines.transforms.register import indikatorregister, report_of
from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError, LostAnswerError
from sources.extracts import read_extract
from sources.plan import Plan, load_plan
from sources.plan.folders import report_folders
from sources.transport import Replay

DECIMALS: Final = 6
SHOWN: Final = ("indikator_id", "utfall_ar", "utfall", "etappmal_status", "utfall_kalla", "status_kalla", "orsak_kalla")


def replay(settings: Settings, run_id: str, to: Path) -> tuple[Manifest, list[str]]:
    """Make a run again into ``to``, from the archive alone; returns its manifest and what went wrong.

    What the run stood on is built up first: the history of observations, from the answers of the
    runs before it, and the tables of other reports in the same warehouse. Raises UnknownRunError, and
    AnswerError where the archive lacks what the runs took.
    """
    target = manifests.find(settings.runs, run_id)
    with TemporaryDirectory(prefix="etappmal-replay-") as folder:
        home = Path(folder) / "home"
        earlier = _before(settings, target)
        _build_up(settings, Path(folder), earlier, _wholly(earlier, (target.kommun_id, target.rapport)))
        at = settings.published_as(target.about).elsewhere(home, to.absolute())
        faults = _made(settings, at, target, dry_run=False, newer=_newer(earlier, target))
        content = (summary.read(replace(at, source=target.source).summary) or {}).get("last", {}).get("content_sha256")
    if not faults and target.content_sha256 not in (None, content):
        told = f"what was made in {to} is not what the run published ({content} for {target.content_sha256})."
        faults = [f"{told} Use the version of etappmal that the run used."]
    if faults and target.state in (BEGUN, BROKEN_OFF):
        faults = [f"{target.run_id} was broken off before it had taken in all that it needed: it cannot be made again."]
    return target, faults


def rebuild(settings: Settings, own: tuple[str, str]) -> int:
    """Build the warehouse up again where it is gone and its runs are not; how many runs it took.

    ``own`` is the municipality and the report that are made right afterwards: of those, only what the
    sources told is taken in.

    Without this a new warehouse would know only what the sources say today, and every revision
    that was published would be gone. Raises AnswerError where the archive lacks what a run took.
    """
    place = place_of(settings)
    if place.exists():
        return 0
    earlier = _before(settings, None)
    if earlier:
        with TemporaryDirectory(prefix="rebuild-", dir=settings.data_home) as folder:
            _build_up(settings, Path(folder), earlier, _wholly(earlier, own))
            place.take_over(settings.elsewhere(Path(folder) / "home", settings.public).warehouse_file)
    return len(earlier)


def _build_up(settings: Settings, folder: Path, earlier: Sequence[Manifest], whole: Collection[str]) -> None:
    """Take in what runs of the past took in, into a home below ``folder``; make some of them wholly."""
    home = folder / "home"
    for each in earlier:
        if each.run_id in whole:
            _made(settings, settings.elsewhere(home, folder / "public"), each, dry_run=True)
        else:
            at = settings.elsewhere(home, settings.public)
            with plan_of(settings, each) as plan, _again(settings, at, each, plan, each.remembered) as run:
                observe(run)


def _before(settings: Settings, target: Manifest | None) -> Sequence[Manifest]:
    """The runs on the same kind of sources before a run, or all; the oldest first. A recording is taken in once."""
    found: list[Manifest] = []
    for manifest in manifests.manifests(settings.runs):
        if target is not None and manifest.run_id == target.run_id:
            break
        again = manifest.source == "snapshot" and found and found[-1].inputs == manifest.inputs
        if manifest.source == (target or settings).source and not again:
            found.append(manifest)
    return found


def _wholly(earlier: Sequence[Manifest], own: tuple[str, str]) -> Collection[str]:
    """The runs of other reports than ``own`` that are made wholly: the last that succeeded of each, and those since.

    The tables of all reports are published together.
    """
    runs: dict[tuple[str, str], list[str]] = {}
    for each in earlier:
        report = (each.kommun_id, each.rapport)
        if report != own:
            before = runs.get(report, []) if each.state in UNFINISHED else []
            runs[report] = [*before, each.run_id]
    return {run_id for ids in runs.values() for run_id in ids}


def _newer(earlier: Sequence[Manifest], target: Manifest) -> Manifest | None:
    """The last run that succeeded of the newest report by then, where that is another than the target's."""
    well = [each for each in earlier if each.rapport > target.rapport and each.state not in UNFINISHED]
    return max(reversed(well), key=lambda each: each.rapport, default=None)


def _made(
    settings: Settings, at: Settings, manifest: Manifest, *, dry_run: bool, newer: Manifest | None = None
) -> list[str]:
    """Run the whole job again for a run of the past; what went wrong. A dry one is what a later run stands on.

    ``newer`` is a run of the newest report of the home by then, if that is another.
    """
    with plan_of(settings, manifest) as plan, ExitStack() as stack:
        newest = load_plan(stack.enter_context(plan_of(settings, newer))) if newer else None
        remembers = manifest.remembered if dry_run else REMEMBERED
        definitions = build_definitions(
            lambda _id, _who, _tags: _again(settings, at, manifest, plan, remembers, newest=newest)
        )
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions(str(REPORTS.name), [manifest.rapport])
            result = definitions.resolve_job_def(JOB).execute_in_process(
                instance=instance,
                tags=tags_of((manifest.rapport, manifest.rapport)),
                run_config={
                    "loggers": {"progress": {}},
                    "ops": {"publication": {"config": {"dry_run": dry_run}}},
                },
                raise_on_error=False,
            )
        told = [*refusals_of(result), *faults_of(result)]
        return [] if result.success else told or ["the run could not be made again."]


@contextmanager
def _again(
    settings: Settings,
    at: Settings,
    manifest: Manifest,
    plan: Path,
    remembers: Collection[str],
    *,
    newest: Plan | None = None,
) -> Iterator[Run]:
    """Open a run of the past: its plan, its answers, its time, and the tables that it wrote what it was told into."""
    until = _until(manifest)
    recorded = report_folders(settings.plan).get(manifest.rapport, settings.plan) / "archive"
    folder = recorded if manifest.source == "snapshot" else settings.archive
    answers = Replay(Archive(folder, read_only=True), manifest.pinned("answer"), until)
    files = Archive(settings.archive, read_only=True)

    def archived(request: Request, answer: Answer) -> Answer:
        """The file as the archive has it: with the time since when it was known."""
        return files.find(request, answer.sha256, until) or answer

    past = replace(at, plan=plan, source=manifest.source)
    before = kept(settings.public, manifest.against)
    said = remembered(settings, _moment(manifest))
    again = Again(answers, _moment(manifest), archived, before, remembers, newest, manifest.rule, said)
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
                _lay(archive, folder, Request(kind, f"/{asked.partition(' GET /')[2]}"), sha256, _until(manifest))
        yield folder


def _lay(archive: Archive, folder: Path, asked: Request, sha256: str, until: dt.datetime) -> None:
    """Put one archived file of a plan in its place."""
    answer = archive.find(asked, sha256, until)
    if answer is None:
        raise LostAnswerError("the archive does not hold the file.", where=asked.name, remedy="Restore the archive.")
    place = (folder / asked.path.lstrip("/")).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise AnswerError("the file would lie outside the plan.", where=asked.name, remedy="Restore the archive.")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(answer.body)


def known_on(settings: Settings, day: dt.date, wait: float) -> tuple[pl.DataFrame, str]:
    """What was known of each indicator by the end of a day in Swedish time, and under which plan.

    The plan is that of the last run by then of the report that the settings name, or of the first run
    where there was none yet. Raises UnknownRunError where there has been no run of it at all.
    """
    own = load_plan(settings.plan).register
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SWEDISH_TIME)
    moment = midnight.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(microseconds=1)
    report = (own.municipality.id, own.report.id)
    runs = [each for each in manifests.manifests(settings.runs) if (each.kommun_id, each.rapport) == report]
    if not runs:
        raise manifests.UnknownRunError(
            f"there has been no run of {report[1]} in {settings.data_home}. Run etappmal refresh."
        )
    in_force = next((run for run in reversed(runs) if _moment(run) <= moment), runs[0])
    with plan_of(settings, in_force) as folder, writing(settings.home, "etappmal as-of", wait):
        plan = load_plan(folder)
        warehouse = Warehouse(place_of(settings))
        try:
            known = Known(
                _observations(warehouse, plan, "kolada_varden"),
                _observations(warehouse, plan, "scb_varden"),
                _groups(warehouse, plan),
            )
        finally:
            warehouse.close()
        frame = _statuses(plan, known.at(moment), moment, _received(settings, plan, in_force))
    return frame.select(SHOWN).with_columns(cs.float().round(DECIMALS)), in_force.run_id


def _observations(warehouse: Warehouse, plan: Plan, name: str) -> pl.DataFrame:
    """The observations that a plan uses, with their history, known errors corrected."""
    told = warehouse.read_only(contract(name, "core"), plan.observed(name))
    return corrections.applied(told, plan.corrections_of(name))


def _groups(warehouse: Warehouse, plan: Plan) -> pl.DataFrame:
    """The measures of the plan's groups of areas, with their history."""
    report, areas = report_of(plan), plan.register.areas
    known = omraden(_handed_in(plan, "omraden"), _handed_in(plan, "omradesforandringar"), report)
    groups = omradesgrupper(areas, known, report)
    return group_outcomes(_observations(warehouse, plan, "omradesceller"), known, groups, areas)


def _handed_in(plan: Plan, name: str) -> pl.DataFrame:
    """The extract of a table as the plan folder has it; empty where it has none."""
    file, schema = plan.extracts.get(name), contract(name).extract
    return read_extract(file, schema).frame if file else pl.DataFrame(schema=schema.polars_schema)


def _received(settings: Settings, plan: Plan, manifest: Manifest) -> dt.datetime | None:
    """When the extract of stated outcomes that a run took became known."""
    file = plan.extracts.get("indikatorutfall")
    asked = Request("extract", f"/{file.name}") if file else None
    taken = manifest.pinned("extract").get(asked.canonical) if asked else None
    if asked is None or taken is None:
        return None
    answer = Archive(settings.archive, read_only=True).find(asked, taken, _until(manifest))
    return answer.received.astimezone(dt.UTC).replace(tzinfo=None) if answer else None


def _statuses(plan: Plan, known: Known, moment: dt.datetime, received: dt.datetime | None) -> pl.DataFrame:
    """The statuses of a plan's indicators from what was known at a moment; ``received`` is when the extract was."""
    report, register = report_of(plan), plan.register
    decision = register.report.decision
    decided = decision is not None and dt.datetime.combine(decision.date, dt.time()) <= moment
    handed_in = corrections.applied(_handed_in(plan, "indikatorutfall"), plan.corrections_of("indikatorutfall"))
    stated = handed_in if received else handed_in.clear()
    known_from = decision.date if decision else received
    sourced = outcomes.source_outcomes(register, known.kolada, known.scb, known.areas)
    told = outcomes.indikatorutfall(stated, pl.lit(known_from), sourced, report)
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


def _until(manifest: Manifest) -> dt.datetime:
    """The time by which everything that a run took had come: its end, which is told in whole milliseconds."""
    return dt.datetime.fromisoformat(manifest.ended) + dt.timedelta(milliseconds=1)
