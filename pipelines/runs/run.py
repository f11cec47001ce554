"""What a run has at hand: its plan, its report, the warehouse, the sources and its summary.

Here belongs the way from an asset's wish ("the extract of this table") to the part that answers
it. Nothing here knows Dagster; nothing here computes.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Final

import polars as pl

from contracts import Checked, Contract, check, contract
from output.disclosure.counted import Tables
from pipelines.intake import drop
from pipelines.intake.holding import known, require_statement, require_texts
from pipelines.intake.personal_data import require_no_personal_data, require_publishable_texts
from pipelines.intake.refused_extract import refused
from pipelines.intake.transports import transport_of
from pipelines.runs import manifests
from pipelines.runs.clock import Clock, kept, machine
from pipelines.runs.locking import writing
from pipelines.runs.manifests import BEGUN, REMEMBERED, Input, Kind, Manifest
from pipelines.runs.preconditions import require_clock, require_history, require_own_home
from pipelines.runs.rule_in_force import under_rule
from pipelines.runs.summary import SUCCESSES, Summary, finish, now
from pipelines.settings import PUBLISHED, Settings
from pipelines.storage import whole_reports
from pipelines.storage.places import place_of
from pipelines.storage.released import Released, standing
from pipelines.storage.warehouse import Reading, Warehouse
from pipelines.storage.whole_reports import INSTANT
from pipelines.transforms import corrections
from pipelines.transforms.register import report_of
from pipelines.transforms.report import Report
from sources.archive import Answer, Archive, Request
from sources.errors import CorrectionError
from sources.extracts import Extract, read_extract, resolve
from sources.kolada import Kolada
from sources.plan import Plan, load_plan
from sources.plan.corrections import CORRECTIONS
from sources.scb import Scb
from sources.transport import Replay, Transport

WAIT: Final = 3600.0
"""Seconds that a run started from the UI or the schedule waits for another writer."""


OWN: Final = ("inputs", "received", "readings", "taken", "refused", "apart", "remembered", "answers")
"""What a run comes to for its own report alone."""


@dataclass
class Run:
    """A run of the pipeline for one report of one municipality; ``older`` are those of other reports made with it.

    ``newest`` is the plan of the newest report of the home: it says what belongs to no report, and who publishes.
    ``inputs`` fills as the run takes its inputs, ``received`` says when each extract became known,
    and ``readings`` what the sources have told. ``taken`` holds the bytes of each extract that was read,
    ``refused`` why a table could not be made of it, ``apart`` what its contract says of its rows.
    ``now`` is the run's own time: a run that is made again (``repeats``) has that of the first. ``clock`` goes on.
    ``before`` is the release that was public when it began; again, that of the first run. ``said`` is what was
    known by then to have been published, for a run that is made again.
    ``archived`` keeps an input and tells since when it has been known. ``remembers`` are the tables
    into which the run writes what it is told, ``remembered`` those it has written. Where its steps are at work
    in several processes, ``answers`` are those that others took, and what is done ``together`` knows of all.
    """

    id: str
    settings: Settings
    plan: Plan
    report: Report
    warehouse: Warehouse
    transport: Transport
    summary: Summary
    archived: Callable[[Request, Answer], Answer]
    now: datetime
    before: Released | None
    inputs: list[Input] = field(default_factory=list)
    received: dict[str, datetime] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    taken: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    apart: dict[str, Checked] = field(default_factory=dict)
    clock: Clock = machine
    repeats: bool = False
    said: Sequence[Tables] = ()
    remembers: Collection[str] = REMEMBERED
    remembered: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    together: Callable[["Run"], AbstractContextManager[object]] = nullcontext
    older: tuple["Run", ...] = ()
    newest: Plan | None = None
    in_force: str | None = None

    @property
    def reports(self) -> tuple["Run", ...]:
        """The runs of all reports that are made at once, the oldest first."""
        return (*self.older, self)

    @property
    def leading(self) -> Plan:
        """The plan that speaks for the home: that of its newest report."""
        return self.newest or self.plan

    @property
    def leads(self) -> bool:
        """Whether what belongs to no report is made of this run's plan."""
        return self.leading.register.report.id == self.report.rapport

    @property
    def kolada(self) -> Kolada:
        """Kolada, or its recorded answers."""
        return Kolada(self.transport)

    @cached_property
    def scb(self) -> Scb:
        """SCB, or its recorded answers: the archive holds figures, not the metadata that a live query is cut by.

        One for the whole run: it asks for limits and metadata once.
        """
        return Scb(self.transport, ask_first=self.settings.source == "live")

    @property
    def partition(self) -> Mapping[str, str]:
        """The rows that this run replaces."""
        return {"kommun_id": self.report.kommun_id, "rapport": self.report.rapport}

    def known(self, declared: Contract) -> Mapping[str, Collection[str]]:
        """The values that a table's columns may refer to: goals, indicators, assignments, rows of a statement."""
        return known(self.plan, declared, lambda: set(self.open("uppdrag")["uppdrag_id"]))

    def core(self, name: str) -> pl.DataFrame:
        """A core table, for this report where it belongs to one."""
        return self.warehouse.read(contract(name, "core"), self.partition)

    def open(self, name: str) -> pl.DataFrame:
        """A published table, for this report where it belongs to one."""
        return self.warehouse.read(contract(name), self.partition)

    def told(self, name: str, plan: Plan | None = None) -> pl.DataFrame:
        """The observations that the plan uses, or another, with their history, as their source told them."""
        return self.warehouse.read_only(contract(name, "core"), (plan or self.plan).observed(name))

    def observations(self, name: str, plan: Plan | None = None) -> pl.DataFrame:
        """The observations that the plan uses, its known errors corrected: what figures are computed from."""
        return corrections.applied(self.told(name, plan), (plan or self.plan).corrections_of(name))

    def stated(self, name: str) -> pl.DataFrame:
        """The extract of a table with its rows in the file, its known errors corrected."""
        handed_in = self.warehouse.read_extract(contract(name).extract, self.partition)
        return corrections.applied(handed_in, self.plan.corrections_of(name))

    def require_needed(self, name: str, rows: pl.DataFrame) -> None:
        """Refuse entries of the corrections ledger that these rows of their table no longer call for.

        Raises CorrectionError naming each entry, and what the source says now.
        """
        faults = corrections.stale(rows, self.plan.corrections_of(name), self.now.date())
        if faults:
            raise CorrectionError(
                f"{'; '.join(faults)}.", where=CORRECTIONS, remedy="Remove the entry, or write what holds now."
            )

    def check(self, frame: pl.DataFrame, declared: Contract) -> Checked:
        """Hold a frame to a contract; what its columns may refer to is that of the plan."""
        last = self.before.rows(declared, self.report.rapport) if self.before else None
        return check(frame, declared, self.known(declared), last)

    def published(self, name: str) -> pl.DataFrame | None:
        """What was public in a table when the run began; None where nothing was."""
        return self.before.table(name) if self.before else None

    def extract(self, name: str) -> pl.DataFrame | None:
        """The extract of a table, held to its contract and kept in the warehouse as it was handed in.

        Rows that are set aside are in quarantine, with their row in the file, and not among those that
        are given. None where the plan has no extract for the table. Raises ExtractError, with file, row and
        column, where it breaks a rule, lacks a row of its statement, or is a ledger that does not
        add up.
        """
        file = self.plan.extracts.get(name)
        if file is None:
            return None
        declared = contract(name).extract
        extract = read_extract(file, declared)
        self.received[name] = self.keep("extract", file.name, extract.data)
        self.taken[name] = extract.data
        handed_in, extract = extract, self._corrected(extract)
        require_no_personal_data(extract, exempt=(self.settings.contact,))
        require_texts(extract)
        checked = self.check(extract.frame, declared)
        lines = extract.rows.gather(checked.positions).alias("fil_rad")
        self.apart[name] = replace(checked, bad=checked.bad.insert_column(0, lines))
        self.warehouse.quarantine(self.id, declared, file.label, self.apart[name].bad, self.report.rapport)
        if checked.blocked:
            raise refused(extract, declared, self.apart[name])
        require_statement(extract, self.report)
        rows = handed_in.frame.with_columns(handed_in.rows.alias("fil_rad"))
        self.warehouse.replace_extract(declared, rows.filter(~pl.col("fil_rad").is_in(lines.implode())), self.partition)
        return checked.good

    def set_aside(self, declared: Contract, checked: Checked) -> Checked:
        """Put a table's bad rows in quarantine with their source, and with their row in the file if it has one."""
        file, bad = self.plan.extracts.get(declared.name), checked.bad
        if file is not None and declared.layer == "open" and bad.height:
            key = declared.extract_key
            lines = self.stated(declared.name).select("fil_rad", *key).unique(key, keep="first")
            bad = bad.join(lines, on=key, how="left", nulls_equal=True, maintain_order="left")
        self.warehouse.quarantine(self.id, declared, self._source_of(declared), bad, self.report.rapport)
        return replace(checked, bad=bad)

    def _source_of(self, declared: Contract) -> str:
        """Where a table's rows come from: its file, a statistics service, or the report."""
        file = self.plan.extracts.get(declared.name)
        if file is not None:
            return file.label
        services = {"kolada": "Kolada", "scb": "SCB"}
        return services.get(declared.name.partition("_")[0], self.report.kalla)

    def owner_of(self, name: str) -> str:
        """Whom to ask about the rows of a table: who answers for its file, else who answers for the publication."""
        file = self.plan.extracts.get(name)
        return file.owner if file is not None else self.settings.contact

    def _corrected(self, extract: Extract) -> Extract:
        """The extract with its known errors corrected; each must still be in the file."""
        name = extract.file.table
        entries = self.plan.corrections_of(name)
        if not entries:
            return extract
        self.require_needed(name, extract.frame)
        rows = corrections.applied(extract.frame.with_columns(extract.rows.alias("fil_rad")), entries)
        return replace(extract, frame=rows.drop("fil_rad"), rows=rows["fil_rad"], corrected=bool(entries))

    def keep(self, kind: Kind, name: str, data: bytes) -> datetime:
        """Keep a file of the plan folder in the archive, as an input of this run; when it became known (UTC)."""
        request = Request(kind, f"/{name}")
        answer = self.archived(request, Answer(HTTPStatus.OK, {}, data, self.clock()))
        self.inputs.append(Input(kind, request.canonical, answer.sha256))
        return kept(answer.received)


@dataclass(frozen=True)
class Again:
    """What a run that is made again takes from the first: its answers, its time, and when its files became known.

    ``before`` is the release that it was held against, ``said`` what was known to have been published.

    A run that was killed had perhaps not remembered what it was told: ``remembers`` are the tables it had written.
    ``newest`` is the plan of a newer report that was in the home by then.
    """

    transport: Transport
    now: datetime
    archived: Callable[[Request, Answer], Answer]
    before: Released | None = None
    remembers: Collection[str] = REMEMBERED
    newest: Plan | None = None
    rule: str | None = None
    said: Sequence[Tables] = ()


@contextmanager
def open_run(
    settings: Settings,
    run_id: str,
    who: str,
    again: Again | None = None,
    *,
    clock: Clock = machine,
    older: Sequence[Path] = (),
    drops: bool = True,
    rule: str | None = None,
) -> Iterator[Run]:
    """Hold the lock, read the plan, open the warehouse and the sources; write summary and manifest at the end.

    ``older`` are plan folders of reports that are made with it. ``drops`` says whether the plan takes what lies in the
    drop folder, ``rule`` which version grades are computed by, if not the one in force.
    """
    with ExitStack() as stack:
        stack.enter_context(writing(settings.home, who, WAIT))
        told = again.rule if again else rule
        loaded = [load_plan(folder) for folder in (*older, settings.plan)]
        (*before, plan), forces = zip(*(under_rule(each, settings.runs, told) for each in loaded), strict=True)
        if again is None:
            for each in (*before, plan):
                require_publishable_texts(settings, each)
            plan = replace(plan, dropped=drop.contents(settings.drop, plan).whole if drops else {})
            require_history(settings)
            require_clock(settings, clock())
        warehouse = Warehouse(place_of(settings))
        stack.callback(warehouse.close)
        require_own_home(settings, plan, warehouse)
        if again is None:
            manifests.settle(settings.runs, warehouse.remembered)
        archive = Archive(settings.archive)
        transport = again.transport if again else stack.enter_context(transport_of(settings, plan, archive, clock))
        run = Run(
            id=run_id,
            settings=settings,
            plan=plan,
            report=report_of(plan),
            warehouse=warehouse,
            transport=transport,
            summary=Summary(run_id=run_id, source=settings.source, public=str(settings.public), started=now(clock)),
            archived=again.archived if again else archive.add,
            # Runs are known in the order of their times: the newest report's is the last.
            now=again.now if again else kept(clock()) + len(before) * INSTANT,
            clock=clock,
            remembers=again.remembers if again else REMEMBERED,
            repeats=again is not None,
            before=again.before if again else standing(settings.public),
            newest=again.newest if again else whole_reports.newest_plan(settings.plan, plan, warehouse),
            in_force=forces[-1],
            said=again.said if again else (),
        )
        steps = zip(before, forces[:-1], range(len(before), 0, -1), strict=True)
        run.older = tuple(_beside(run, each, force, run.now - step * INSTANT) for each, force, step in steps)
        for each in run.reports:
            whole_reports.begin(warehouse, each.report.rapport, each.now)
            for name, data in each.plan.files.items():
                each.keep("plan", name, data)
        try:
            yield run
        finally:
            finish(settings.summary, run.summary, clock)
            for each in run.reports:
                record(each)
            _clear_drop(run)


def _beside(run: Run, plan: Plan, in_force: str | None, moment: datetime) -> Run:
    """The run of an older report that is made at once with this one."""
    recorded = run.settings.source == "snapshot"
    return replace(
        run,
        id=f"{plan.register.report.id}.{run.id}",
        settings=replace(run.settings, plan=plan.folder),
        plan=plan,
        report=report_of(plan),
        transport=Replay(Archive(plan.archive, read_only=True)) if recorded else run.transport,
        now=moment,
        in_force=in_force,
        newest=run.leading,
        **{name: type(getattr(run, name))() for name in OWN},
    )


def _clear_drop(run: Run) -> None:
    """Put each dropped file where it belongs: in the plan if the run went well, aside if the file was refused.

    What a run that failed for another reason had taken stays, for the next run.
    """
    well = run.summary.state in SUCCESSES
    for name, path in run.plan.dropped.items():
        if name in run.refused:
            drop.refuse(path, run.refused[name])
        elif well and name in run.taken:
            drop.accept(path, resolve(run.plan.folder, run.plan.extracts[name].name), run.taken[name])


def record(run: Run) -> None:
    """Write from what the run has been made so far, and what has come of it.

    It is written before anything is remembered or published too: what a killed run has left can only
    be made again if the run is known.
    """
    with run.together(run):
        _write_manifest(run)


def _write_manifest(run: Run) -> None:
    """Write what is known of the run."""
    taken = {**run.answers, **run.transport.taken}
    answers = [Input("answer", request, sha256) for request, sha256 in taken.items()]
    manifests.write(
        run.settings.runs,
        Manifest(
            run_id=run.id,
            started=run.now.replace(tzinfo=UTC).isoformat(),
            source=run.settings.source,
            kommun_id=run.report.kommun_id,
            rapport=run.report.rapport,
            state=run.summary.state if run.summary.ended else BEGUN,
            ended=run.summary.ended or now(run.clock),
            about={name: str(getattr(run.settings, name)) for name in PUBLISHED},
            content_sha256=run.summary.content_sha256 if run.summary.run_id == run.id else None,
            against=run.before.content_sha256 if run.before else None,
            remembered=tuple(run.remembered),
            inputs=(*run.inputs, *answers),
            rule=run.plan.register.rule.version,
            in_force=run.in_force,
        ),
    )
