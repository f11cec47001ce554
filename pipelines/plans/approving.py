"""Approval: what a person has to have seen before it is published, and that it was.

Here belongs what waits for an approval, and where one is kept: with the home (``approvals.json``, one
record after the other), or in the plan (``approval.toml``), for a plan that is published as it is. The
first publication of a home waits, and so does every dataset whose columns, units or levels of
disclosure are not those that were approved. A run that is made again was approved when it was made.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit

from contracts import Contract, contracts
from contracts.terms import dataset_of, fingerprint, fingerprint_of_all, fingerprints, terms
from output.errors import PublicationError
from output.site import DRIFT
from pipelines.runs.locking import writing
from pipelines.runs.summary import replace_text
from pipelines.settings import Settings
from sources.plan import Plan, load_plan
from sources.plan.approval import APPROVAL, Approval

RECORDS: Final = "approvals.json"
WAIT: Final = 60.0
BY_AREA: Final = "areas"
"""The group of the tables by area, which a plan that says nothing of areas does not publish."""

OUTCOMES: Final = "indikatorutfall"
"""The table that has an extract and is told by Kolada and SCB too, so that it is published without a file."""

SHOWN: Final = 8
"""How many datasets are named in an error."""


@dataclass(frozen=True)
class Record:
    """An approval that a home has: who, when, of which municipality, and what was approved of each dataset."""

    by: str
    at: str
    municipality: str
    sha256: str
    datasets: Mapping[str, Mapping[str, str]]
    hashes: Mapping[str, str]


@dataclass(frozen=True)
class Pending:
    """A dataset that waits: as it is declared now, and as it was last approved (None where it never was)."""

    dataset: str
    now: Mapping[str, str]
    before: Mapping[str, str] | None

    @property
    def changes(self) -> Iterator[str]:
        """What has changed, column by column."""
        before = self.before or {}
        for name in dict.fromkeys((*before, *self.now)):
            if name not in before:
                yield f"{name} is new ({self.now[name]})"
            elif name not in self.now:
                yield f"{name} is gone"
            elif before[name] != self.now[name]:
                yield f"{name} was {before[name]} and is {self.now[name]}"


def speaks_of(plan: Plan, declared: Contract) -> bool:
    """Whether a plan has anything to say of what a table is about."""
    return plan.register.areas is not None or declared.group != BY_AREA


def to_publish(plan: Plan) -> list[Contract]:
    """The tables that a plan publishes: those that are worked out, those that it has an extract for, and ``drift/``."""
    return [
        declared
        for declared in (*contracts("open"), *contracts(DRIFT))
        if speaks_of(plan, declared)
        and (declared.name in (*plan.extracts, OUTCOMES) or not any(column.heading for column in declared.columns))
    ]


def pending(settings: Settings, plan: Plan, tables: Collection[Contract]) -> list[Pending]:
    """The tables that nobody has approved as they are declared now."""
    known = [each for each in records(settings.home) if each.municipality == plan.register.municipality.id]
    approved = {(name, sha256) for each in known for name, sha256 in each.hashes.items()}
    approved |= set(_of_plan(plan).items())
    last = {name: columns for each in known for name, columns in each.datasets.items()}
    return [
        Pending(dataset_of(declared), terms(declared), last.get(dataset_of(declared)))
        for declared in sorted(tables, key=dataset_of)
        if (dataset_of(declared), fingerprint(declared)) not in approved
    ]


def refusal(waiting: Sequence[Pending]) -> PublicationError:
    """Why nothing is published as long as something waits, and what to do."""
    changed = [f"{each.dataset} ({', '.join(each.changes)})" for each in waiting if each.before is not None]
    new = [each.dataset for each in waiting if each.before is None]
    told = [
        *([f"changed: {_listed(changed)}"] if changed else []),
        *([f"never approved: {_listed(new)}"] if new else []),
    ]
    return PublicationError(
        f"what is to be published waits for an approval; {'; '.join(told)}.",
        where="approval",
        remedy="See what it is with etappmal approve, and approve it with etappmal approve --as NAME.",
    )


def approve(settings: Settings, by: str, *, in_plan: bool) -> Path:
    """Record that somebody approves all that the plan publishes as it is declared now; where it is recorded."""
    plan = load_plan(settings.plan)
    with writing(settings.home, "etappmal approve", WAIT):
        if in_plan:
            return _write_in_plan(plan, by)
        return _add(settings.home, plan, by, to_publish(plan))


def rely_on_plan(settings: Settings, plan: Plan, tables: Collection[Contract]) -> None:
    """Keep with the home what it has published on the approval of the plan, so that what changes later can be told."""
    known = {item for each in records(settings.home) for item in each.hashes.items()}
    relied = [declared for declared in tables if (dataset_of(declared), fingerprint(declared)) not in known]
    if relied and plan.approval is not None:
        _add(settings.home, plan, f"{plan.approval.by} ({APPROVAL})", relied)


def records(home: Path) -> list[Record]:
    """The approvals of a home, the oldest first. Raises PublicationError where they cannot be read."""
    path = home / RECORDS
    if not path.exists():
        return []
    try:
        return [Record(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise PublicationError(
            "cannot be read.", where=str(path), remedy="Restore it from a backup, or move it away and approve anew."
        ) from error


def _of_plan(plan: Plan) -> Mapping[str, str]:
    """What the plan's own approval says; nothing if it is that of another municipality."""
    own = plan.approval
    return own.datasets if own is not None and own.municipality == plan.register.municipality.id else {}


def _now() -> dt.datetime:
    """The time, in UTC and whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _add(home: Path, plan: Plan, by: str, tables: Collection[Contract]) -> Path:
    """Add a record."""
    municipality = plan.register.municipality.id
    record = Record(
        by=by,
        at=_now().isoformat(),
        municipality=municipality,
        sha256=fingerprint_of_all(municipality, tables),
        datasets={dataset_of(declared): terms(declared) for declared in tables},
        hashes=fingerprints(tables),
    )
    written: list[dict[str, Any]] = [asdict(each) for each in (*records(home), record)]
    replace_text(home / RECORDS, json.dumps(written, ensure_ascii=False, indent=1))
    return home / RECORDS


def _write_in_plan(plan: Plan, by: str) -> Path:
    """Write the plan's own approval."""
    approval = Approval(
        municipality=plan.register.municipality.id,
        by=by,
        at=_now(),
        datasets=dict(sorted(fingerprints(to_publish(plan)).items())),
    )
    document = tomlkit.document()
    document.add(tomlkit.comment("Who has approved that these datasets are published with the columns and levels they"))
    document.add(tomlkit.comment("are declared with. Written by etappmal approve --in-plan."))
    document.update(approval.model_dump())
    path = plan.folder / APPROVAL
    replace_text(path, tomlkit.dumps(document))
    return path


def _listed(words: Sequence[str]) -> str:
    """The first words, and how many more."""
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more
