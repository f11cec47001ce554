"""Holding a plan folder to what a refresh will ask of it, without a warehouse and without writing anything.

Here belongs the order of the questions, so that every fault is told at once. What a plan must hold is
declared in ``sources.plan``, what a file must hold in ``contracts``; their words stand with them. What only
shows once figures are computed is left to ``pipelines.runs.trial``.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from contracts import check, contract
from pipelines.intake.holding import known, require_statement, require_texts
from pipelines.intake.personal_data import plan_text_faults, require_no_personal_data, setting_faults
from pipelines.intake.refused_extract import refused
from pipelines.settings import Settings, SettingsError
from pipelines.transforms import corrections
from pipelines.transforms.register import report_of
from pipelines.transforms.rules import latest, rule_of
from sources.archive import Archive
from sources.boundaries import borders
from sources.errors import AnswerError, CorrectionError, ExtractError, PlanError, SourceError
from sources.extracts import Extract, read_extract
from sources.kolada import Kolada
from sources.plan import Plan, load_plan, plan_faults
from sources.plan.corrections import CORRECTIONS
from sources.scb import Scb
from sources.transport import Replay

ASSIGNMENTS: Final = "uppdrag"

RECORDED: Final = "recorded answers"
"""What a plan runs on that can be tried as a whole: nothing is asked of anybody."""


@dataclass(frozen=True)
class PlanChecked:
    """What a check of a plan folder found. ``plan`` is None where it does not hold; ``answers``: what it runs on."""

    plan: Plan | None
    faults: tuple[SourceError | SettingsError, ...]
    answers: str = ""

    @property
    def wrong_use(self) -> bool:
        """Whether the plan itself or a setting is at fault, and not what it takes in."""
        return self.plan is None or any(isinstance(each, PlanError | SettingsError) for each in self.faults)

    @property
    def told(self) -> str:
        """What the plan holds, in a line."""
        if self.plan is None:
            return "the plan does not hold"
        register = self.plan.register
        series = len(register.scb.series) + (len(register.areas.series) if register.areas else 0)
        counts = (
            f"{len(register.goal)} goals, {sum(1 for _ in register.indicators)} indicators, "
            f"{len(register.extract)} extracts, {len(register.kolada.kpi)} KPIs, {series} series"
        )
        return f"{register.municipality.name} {register.report.id}: {counts}; {self.answers}"


def check_plan(settings: Settings, folder: Path, today: dt.date) -> PlanChecked:
    """Hold a plan folder to its declarations, its extracts to their contracts, its recorded answers to their hashes.

    ``today`` is the day that corrections are held to.
    """
    faults: list[SourceError | SettingsError] = [*setting_faults(settings), *plan_faults(folder)]
    if any(isinstance(each, PlanError) for each in faults):
        return PlanChecked(None, tuple(faults))
    plan = load_plan(folder)
    try:
        rule_of(plan.register.rule.version or latest())
    except PlanError as error:
        faults.append(error)
    faults += [*plan_text_faults(plan, settings), *_extract_faults(plan, (settings.contact,), today)]
    if settings.source == "live":
        return PlanChecked(plan, tuple(faults), "the services are asked: what they say is not tried here")
    if not plan.archive.is_dir():
        return PlanChecked(plan, tuple(faults), "no recorded answers: set ETAPPMAL_SOURCE=live")
    return PlanChecked(plan, (*faults, *_archive_faults(plan)), RECORDED)


def _extract_faults(plan: Plan, exempt: Collection[str], today: dt.date) -> list[SourceError]:
    """What is wrong with the extracts; the assignments are those of the plan's own file."""
    read: dict[str, Extract] = {}
    faults: list[SourceError] = []
    for table in plan.extracts:
        try:
            read[table] = _extract(plan, table, today)
        except SourceError as error:
            faults.append(error)
    for extract in read.values():
        # Where the file of assignments could not be read, that is the fault, and not each reference to it.
        named = extract if ASSIGNMENTS in plan.extracts and ASSIGNMENTS not in read else read.get(ASSIGNMENTS)
        try:
            _hold(plan, extract, named, exempt)
        except ExtractError as error:
            faults.append(error)
    return faults


def _extract(plan: Plan, table: str, today: dt.date) -> Extract:
    """An extract as it is used: read, its known errors corrected."""
    extract = read_extract(plan.extracts[table], contract(table).extract)
    entries = plan.corrections_of(table)
    stale = corrections.stale(extract.frame, entries, today)
    if stale:
        raise CorrectionError(
            f"{'; '.join(stale)}.", where=CORRECTIONS, remedy="Remove the entry, or write what holds now."
        )
    rows = corrections.applied(extract.frame.with_columns(extract.rows.alias("fil_rad")), entries)
    return replace(extract, frame=rows.drop("fil_rad"), rows=rows["fil_rad"], corrected=bool(entries))


def _hold(plan: Plan, extract: Extract, named: Extract | None, exempt: Collection[str]) -> None:
    """Hold an extract to its contract, and to the rows of its statement."""
    declared = contract(extract.file.table).extract
    require_no_personal_data(extract, exempt=exempt)
    require_texts(extract)
    checked = check(
        extract.frame,
        declared,
        known(plan, declared, lambda: set(named.frame["uppdrag_id"].drop_nulls()) if named else set()),
    )
    if checked.blocked:
        raise refused(extract, declared, checked)
    require_statement(extract, report_of(plan))


def _archive_faults(plan: Plan) -> list[SourceError]:
    """What is damaged or missing among the recorded answers."""
    archive = Archive(plan.archive, read_only=True)
    try:
        damaged = archive.verify()
    except AnswerError as error:
        return [error]
    if damaged:
        return [AnswerError(each.what, where=each.request, remedy="Record the answers again.") for each in damaged]
    return [fault for question in _questions(plan, Replay(archive)) for fault in _unanswered(question)]


def _questions(plan: Plan, replay: Replay) -> Iterator[Callable[[], object]]:
    """What a first refresh asks of the recorded answers."""
    register, kolada, scb = plan.register, Kolada(replay), Scb(replay, ask_first=False)
    ids, (first, last) = [kpi.id for kpi in register.kolada.kpi], register.kolada.years
    yield kolada.municipalities
    if ids:
        yield partial(kolada.kpis, ids)
        yield partial(kolada.observations, ids, register.units, range(first, last + 1))
    by_area = [part for series in (register.areas.series if register.areas else ()) for part in series.part]
    for part in (*(part for series in register.scb.series for part in series.part), *by_area):
        yield partial(scb.observations, part.table, part.asked, totals=part.totals)
    if register.areas and register.areas.borders:
        yield partial(borders, replay, register.municipality.id, register.areas.borders)


def _unanswered(question: Callable[[], object]) -> Iterator[SourceError]:
    """Why a question has no whole answer, if it has none."""
    try:
        question()
    except AnswerError as error:
        yield error
