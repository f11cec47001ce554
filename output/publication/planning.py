"""What a publication would do to what readers see now.

Here belongs what is wanted, how it stands to the current generation, and whether there is anything
to do. Nothing is written here: a dry run ends with the plan.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from contracts import check, contract
from contracts.vocabulary import Severity
from output.differences.comparing import compare, summary
from output.differences.difference import Difference, Kind
from output.errors import PublicationError
from output.formats.delimited import content_sha256
from output.publication.folder import PublicFolder
from output.publication.manifest import About, DatasetEntry, Manifest, content_of, read_manifest
from output.publication.releases import Index, ReleaseEntry, Retention, next_id
from output.publication.standing import Standing, standing
from output.site import DRIFT, RELEASES, ReleaseState
from output.software import software_sha256
from output.tables import Frame, Published, in_batches, published


@dataclass(frozen=True)
class Occasion:
    """The run that publishes: its Swedish day, the home whose history it continues, and how long releases are kept."""

    day: dt.date
    home: str
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True)
class Change:
    """A dataset before and after. Rows are blank on the side where it is not published."""

    dataset: str
    kind: Kind
    rows_before: int | None
    rows_after: int | None


@dataclass(frozen=True)
class Publication:
    """What was published, or with ``dry_run`` what would be.

    ``changed`` is false where the current generation already says the same and is whole; operational
    tables may have been renewed then. ``generation`` is what readers see afterwards. ``faults`` is
    what was wrong with the generation before. ``release`` and ``difference`` are blank where no
    release is made.
    """

    changed: bool
    content_sha256: str
    generation: Path | None
    datasets: tuple[Change, ...]
    faults: tuple[str, ...]
    release: str | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class Wanted:
    """What is to be published: the tables as published, and what the manifest says of them.

    ``drafts`` holds files of open tables that are written already, under their names.
    """

    tables: Mapping[str, Published]
    operational: Mapping[str, Published]
    about: About
    manifest: Manifest
    drafts: Mapping[str, Path]


@dataclass(frozen=True)
class Plan:
    """What is to be done to what readers see now.

    ``index`` is the list of releases afterwards. ``made`` is the release to be made, or to be made
    again where the newest is damaged and its content is at hand. ``renewed`` tells that operational
    tables are others than before.
    """

    standing: Standing
    index: Index
    made: ReleaseEntry | None
    difference: Difference | None
    renewed: bool
    told: Publication


def wanted(
    tables: Mapping[str, Frame], operational: Mapping[str, Frame], about: About, drafts: Path | None = None
) -> Wanted:
    """What is to be published, of tables that the gate of disclosure has let through.

    The CSV of a long table, which is made for its hash, is kept in the folder ``drafts`` that is made then.
    """
    ready = {name: _published(name, tables[name], "open") for name in sorted(tables)}
    long = [name for name, frame in tables.items() if isinstance(frame, pl.LazyFrame)]
    kept = {f"{name}.csv": drafts / f"{name}.csv" for name in long if drafts}
    if drafts and kept:
        drafts.mkdir()
    datasets = tuple(dataset_entry(table, kept.get(f"{name}.csv")) for name, table in ready.items())
    content = content_of(about, datasets)
    return Wanted(
        tables=ready,
        operational={name: _published(name, operational[name], DRIFT) for name in sorted(operational)},
        about=about,
        manifest=Manifest(**asdict(about), content_sha256=content, datasets=datasets, files=()),
        drafts=kept,
    )


def _published(name: str, frame: Frame, layer: str) -> Published:
    """A table as published."""
    return published(frame, contract(name, layer))


def _hold(name: str, frame: Frame) -> None:
    """Hold a table to its contract: rows that broke a rule are never published as good."""
    for batch in [frame] if isinstance(frame, pl.DataFrame) else in_batches(frame):
        checked = check(batch, contract(name).opened)
        if checked.blocked or checked.bad.height:
            broken = "; ".join(
                f"{breach.rule} on {breach.count} rows"
                for breach in checked.breaches
                if breach.severity is not Severity.WARN
            )
            raise PublicationError(
                f"the table breaks its contract: {broken}.",
                where=name,
                remedy="Mend the extract or the source, or set the rows aside before the table is published.",
            )


def dataset_entry(table: Published, draft: Path | None = None) -> DatasetEntry:
    """What the manifest says of a dataset. ``draft`` is where its CSV is to be kept."""
    declared = table.contract
    return DatasetEntry(
        dataset=declared.name,
        title=declared.title.by_language,
        rows=table.height,
        version=declared.version,
        content_sha256=content_sha256(table, draft),
    )


def plan(folder: PublicFolder, what: Wanted, occasion: Occasion, tables: Mapping[str, Frame]) -> Plan:
    """What publishing would do to what readers see now.

    A table that is not as it was is held to its contract once more; one that is unchanged was held
    when it was published.
    """
    now = standing(folder)
    before = {entry.dataset: entry for entry in now.manifest.datasets} if now.manifest else {}
    after = {entry.dataset: entry for entry in what.manifest.datasets}
    for name, entry in after.items():
        if name not in before or before[name].content_sha256 != entry.content_sha256:
            _hold(name, tables[name])
    content = what.manifest.content_sha256
    newest = now.index.newest
    new = newest is None or newest.content_sha256 != content
    made, difference, releases, dates = newest, None, now.index.releases, now.index.datasets
    if new:
        _require_not_withdrawn(now.index, content)
        difference = _difference(now, what, now.index.last_of(occasion.home))
        made = _entry(now.index, content, occasion, difference)
        dates = now.index.dated(what.manifest.datasets, occasion.day)
        releases = (made, *occasion.retention.kept(now.index, occasion.day))
    elif newest and now.faults.get(f"{RELEASES}/{newest.id}"):
        difference = _difference(now, what, now.index.find(newest.against) if newest.against else None)
    else:
        made = None
    now.require_carried(remade=made)
    index = Index(software_sha256=software_sha256(), releases=releases, datasets=dates)
    told = Publication(
        changed=new or bool(now.faults) or now.index.software_sha256 != index.software_sha256,
        content_sha256=content,
        generation=now.generation,
        datasets=tuple(_change(name, before.get(name), after.get(name)) for name in sorted(before | after)),
        faults=tuple(fault for found in now.faults.values() for fault in found),
        release=made.id if made and new else None,
        difference=difference if new else None,
    )
    renewed = now.operational != {name: content_sha256(table) for name, table in what.operational.items()}
    return Plan(now, index, made, difference, renewed, told)


def _require_not_withdrawn(index: Index, content: str) -> None:
    """Refuse to publish again what was taken back."""
    for entry in index.releases:
        if entry.state is ReleaseState.WITHDRAWN and entry.content_sha256 == content:
            raise PublicationError(
                f"the content is that of release {entry.id}, which was withdrawn: {entry.why}",
                where=f"{RELEASES}/{entry.id}",
                remedy="Correct the plan, the extract or the source first.",
            )


def _difference(now: Standing, what: Wanted, last: ReleaseEntry | None) -> Difference:
    """What changed since the last release of the same home; nothing to tell where there is none."""
    if last is None:
        return Difference(against=None)
    folder = now.releases / last.id
    manifest = read_manifest(folder)
    if manifest is None:
        raise PublicationError(
            f"what changed since release {last.id} cannot be told: its manifest cannot be read.",
            where=str(folder),
            remedy="Run etappmal verify; a release that is damaged can be withdrawn (etappmal withdraw).",
        )
    return compare(what.tables, what.manifest.datasets, what.about, manifest, folder)


def _entry(index: Index, content: str, occasion: Occasion, difference: Difference) -> ReleaseEntry:
    """The release to be made; the hash of what it holds is known when it is."""
    return ReleaseEntry(
        id=next_id(index, occasion.day),
        date=occasion.day,
        state=ReleaseState.PUBLISHED,
        home=occasion.home,
        content_sha256=content,
        sums_sha256="",
        against=difference.against,
        summary=summary(difference).by_language,
    )


def _change(name: str, before: DatasetEntry | None, after: DatasetEntry | None) -> Change:
    """What happens to one dataset."""
    if before is None:
        kind = Kind.ADDED
    elif after is None:
        kind = Kind.REMOVED
    else:
        kind = Kind.UNCHANGED if before.content_sha256 == after.content_sha256 else Kind.CHANGED
    return Change(name, kind, before.rows if before else None, after.rows if after else None)
