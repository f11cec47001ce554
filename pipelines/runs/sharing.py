"""A run whose steps are at work in several processes: how they know of each other.

Here belongs the folder of a run at work below the home, which all machines share: how the run began, and what
each of its steps has taken, refused and remembered. Who begins and ends the run is decided in
``pipelines.runs.executor``; a run in one process needs none of this.

A step that is killed has noted nothing, and is done again. What it had written by then is replaced, or known.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from time import time_ns
from typing import Any, Final

from filelock import FileLock

from pipelines.intake.transports import transport_of
from pipelines.runs.clock import machine
from pipelines.runs.locking import AT_WORK, at_step
from pipelines.runs.manifests import Input
from pipelines.runs.rule_in_force import under_rule
from pipelines.runs.run import Run
from pipelines.runs.summary import FAILED, Summary, now, replace_text
from pipelines.settings import Settings
from pipelines.storage.places import place_of
from pipelines.storage.released import Released
from pipelines.storage.warehouse import Warehouse
from pipelines.storage.whole_reports import newest_plan
from pipelines.transforms.register import report_of
from sources.archive import Archive, Request
from sources.errors import PlanError
from sources.plan import load_plan

BEGUN: Final = "begun.json"
GATHERED: Final = ("errors", "held_back", "emptied")
"""What each step adds to the summary; the rest of it is the publication's."""


class EndedError(RuntimeError):
    """A step of a run that is over: it must not write any more."""


@dataclass(frozen=True)
class Noted:
    """What a run has come to, as far as one of its steps knows."""

    inputs: list[dict[str, Any]]
    answers: dict[str, str]
    taken: list[str]
    refused: dict[str, str]
    remembered: list[str]
    summary: dict[str, Any]

    @classmethod
    def of(cls, run: Run) -> "Noted":
        """What this process knows."""
        return cls(
            [asdict(each) for each in run.inputs],
            {**run.answers, **run.transport.taken},
            sorted(run.taken),
            run.refused,
            run.remembered,
            asdict(run.summary),
        )


@contextmanager
def shared(run: Run) -> Iterator[None]:
    """Let the steps of a run that this process has begun work in others; in the end, know what they noted."""
    about = {
        "now": run.now.isoformat(),
        "rule": run.plan.register.rule.version,
        "inputs": [asdict(each) for each in run.inputs],
        "dropped": {name: str(path) for name, path in run.plan.dropped.items()},
        "before": [str(run.before.folder), run.before.content_sha256] if run.before else None,
    }
    with began(run.settings, run.id, about) as folder:
        try:
            yield
        finally:
            _take_in_all(run, folder)
            for name in run.plan.dropped.keys() & set(_taken(folder)):
                run.taken[name] = _bytes(run, name)


@contextmanager
def began(settings: Settings, run_id: str, about: Mapping[str, Any]) -> Iterator[Path]:
    """Let steps of a run be at work in other processes until this block ends; the folder of the run.

    The lock is held, and who took it has ended what others had left.
    """
    folder = _folder(settings, run_id)
    folder.mkdir(parents=True)
    replace_text(folder / BEGUN, json.dumps(about))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def at_work(settings: Settings, run_id: str) -> Iterator[Path]:
    """Be a step at work of a run that another process has begun; the folder of the run.

    Raises EndedError where the run is over.
    """
    folder = _folder(settings, run_id)
    with at_step(settings.home):
        _begun(folder)
        yield folder


@contextmanager
def open_step(settings: Settings, run_id: str) -> Iterator[Run]:
    """Open, in this process, the run of which a step is to be done; what it comes to is noted for the others.

    Raises EndedError where the run is over, and PlanError where its plan is no longer the one that it began with.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(at_work(settings, run_id))
        begun = _begun(folder)
        plan, force = under_rule(load_plan(settings.plan), settings.runs, begun["rule"])
        plan = replace(plan, dropped={name: Path(path) for name, path in begun["dropped"].items()})
        warehouse = Warehouse(place_of(settings), made=True)
        stack.callback(warehouse.close)
        archive = Archive(settings.archive)
        run = Run(
            id=run_id,
            settings=settings,
            plan=plan,
            report=report_of(plan),
            warehouse=warehouse,
            transport=stack.enter_context(transport_of(settings, plan, archive, machine)),
            summary=Summary(run_id=run_id, source=settings.source, public=str(settings.public), started=now()),
            archived=archive.add,
            now=datetime.fromisoformat(begun["now"]),
            before=Released(Path(begun["before"][0]), begun["before"][1]) if begun["before"] else None,
            inputs=[Input(**each) for each in begun["inputs"]],
            together=_noting(folder),
            newest=newest_plan(settings.plan, plan, warehouse),
            in_force=force,
        )
        _require_same(run)
        _take_in_all(run, folder)
        try:
            yield run
        finally:
            with run.together(run):
                pass


def _noting(folder: Path) -> Callable[[Run], AbstractContextManager[None]]:
    """How a step notes what it has come to, and hears from the others, with none of them between."""
    place = folder / f"{time_ns()}-{uuid.uuid4()}.step"

    @contextmanager
    def together(run: Run) -> Iterator[None]:
        """Note, hear, and do what is done within."""
        _begun(folder)
        with FileLock(folder / "notes.lock"):
            replace_text(place, json.dumps(asdict(Noted.of(run)), ensure_ascii=False))
            _take_in_all(run, folder)
            yield

    return together


def _folder(settings: Settings, run_id: str) -> Path:
    """The folder of a run at work."""
    return settings.home / AT_WORK / run_id


def _begun(folder: Path) -> Mapping[str, Any]:
    """How a run at work began."""
    try:
        begun: Mapping[str, Any] = json.loads((folder / BEGUN).read_text(encoding="utf-8"))
    except OSError as error:
        raise EndedError(f"run {folder.name} is over: nothing more of it is written.") from error
    return begun


def _require_same(run: Run) -> None:
    """Refuse a plan that was changed since the run began: its tables would not belong together."""
    began_with = {(each.request, each.sha256) for each in run.inputs}
    for name, data in run.plan.files.items():
        if (Request("plan", f"/{name}").canonical, hashlib.sha256(data).hexdigest()) not in began_with:
            raise PlanError("was changed while the run was at work.", where=name, remedy="Refresh again.")


def _notes(folder: Path) -> Iterator[Noted]:
    """What each step has noted."""
    for path in sorted(folder.glob("*.step")):
        yield Noted(**json.loads(path.read_text(encoding="utf-8")))


def _taken(folder: Path) -> Iterator[str]:
    """The tables whose extract any step has taken."""
    for noted in _notes(folder):
        yield from noted.taken


def _take_in_all(run: Run, folder: Path) -> None:
    """Know what each step has noted."""
    for noted in _notes(folder):
        run.inputs[:] = dict.fromkeys([*run.inputs, *(Input(**each) for each in noted.inputs)])
        run.answers.update(noted.answers)
        run.refused.update(noted.refused)
        run.remembered[:] = dict.fromkeys([*run.remembered, *noted.remembered])
        for name in GATHERED:
            here = getattr(run.summary, name)
            here[:] = dict.fromkeys([*here, *noted.summary[name]])
        if noted.summary["state"] != FAILED:
            for each in fields(Summary):
                if each.name not in (*GATHERED, "started", "ended"):
                    setattr(run.summary, each.name, noted.summary[each.name])


def _bytes(run: Run, name: str) -> bytes:
    """The bytes of the extract of a table, as this run has taken them."""
    asked = Request("extract", f"/{run.plan.extracts[name].name}")
    sha256 = next(each.sha256 for each in run.inputs if each.request == asked.canonical)
    answer = Archive(run.settings.archive, read_only=True).find(asked, sha256)
    return b"" if answer is None else answer.body
