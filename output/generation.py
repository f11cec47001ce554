"""One publication: tables held to their contracts, built beside the current generation, checked, switched in.

Here belongs the order of the steps. How a table is written, what a folder says of itself and how
the link is switched stand in the modules beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import polars as pl

from contracts import check, contract
from contracts.vocabulary import Severity
from output.difference import Kind
from output.disclosure import cleared
from output.errors import PublicationError
from output.folder import PublicFolder, make_durable
from output.manifest import (
    MANIFEST,
    About,
    DatasetEntry,
    FileEntry,
    Manifest,
    content_of,
    faults_of,
    file_sha256,
    read_manifest,
    write_manifest,
    write_sums,
)
from output.pages import write_pages
from output.site import LATEST, Site
from output.tables import Published, both, content_sha256, published, write_csv, write_parquet

NAME_LENGTH: Final = 16
"""Signs of the content's hash that name a generation."""

WRITERS: Final[Mapping[str, Callable[[Published, Path], None]]] = {"csv": write_csv, "parquet": write_parquet}
"""The forms that each dataset is published in, by file ending."""


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

    ``changed`` is false where the current generation already says the same and is whole.
    ``generation`` is what readers see afterwards. ``faults`` is what was wrong with the
    generation before.
    """

    changed: bool
    content_sha256: str
    generation: Path | None
    datasets: tuple[Change, ...]
    faults: tuple[str, ...]


def _pass_by(_: str) -> None:
    """Do nothing at a step."""


def publish(
    tables: Mapping[str, pl.DataFrame],
    public: Path,
    about: About,
    *,
    dry_run: bool = False,
    step: Callable[[str], None] = _pass_by,
) -> Publication:
    """Publish tables by name as one whole generation, unless the current one says the same.

    ``step`` is told each step when it is done. Raises PublicationError where a table breaks its
    contract or the folder cannot be used, and ContractError where a frame is not the table at all;
    readers then see what they saw before.
    """
    if not tables:
        raise PublicationError("there is no table to publish.", where=str(public), remedy="Run the refresh first.")
    tables = cleared(tables, exempt=(about.contact,))
    ready = tuple(_published(name, tables[name]) for name in sorted(tables))
    datasets = tuple(_entry(table) for table in ready)
    content = content_of(about, datasets)
    folder = PublicFolder(public)
    if dry_run:
        return _compare(folder, datasets, content, tables)
    with folder.writing():
        plan = _compare(folder, datasets, content, tables)
        if not plan.changed:
            return plan
        build = folder.begin()
        step("begun")
        files = _fill(
            build / LATEST, ready, Manifest(**asdict(about), content_sha256=content, datasets=datasets, files=()), step
        )
        write_pages(build, _site(about, ready, files))
        step("pages")
        make_durable(build)
        step("durable")
        _require_whole(build)
        step("verified")
        generation = folder.name(build, content[:NAME_LENGTH])
        step("named")
        folder.switch(generation)
        step("switched")
        folder.sweep(generation, plan.generation)
        step("swept")
    return Publication(
        changed=True, content_sha256=content, generation=generation, datasets=plan.datasets, faults=plan.faults
    )


def verify(public: Path) -> list[str]:
    """What is wrong with what is published, every file read from disk. Empty where all is whole."""
    generation = PublicFolder(public).current()
    if generation is None:
        return [f"{public} holds no publication"]
    return _faults(generation)


def _published(name: str, frame: pl.DataFrame) -> Published:
    """A table as published."""
    return published(frame, contract(name))


def _hold(name: str, frame: pl.DataFrame) -> None:
    """Hold a table to its contract: rows that broke a rule are never published as good."""
    checked = check(frame, contract(name).opened)
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


def _entry(table: Published) -> DatasetEntry:
    """What the manifest says of a dataset."""
    declared = table.contract
    return DatasetEntry(
        dataset=declared.name,
        title=both(declared.title),
        rows=table.frame.height,
        version=declared.version,
        content_sha256=content_sha256(table),
    )


def _compare(
    folder: PublicFolder, datasets: tuple[DatasetEntry, ...], content: str, tables: Mapping[str, pl.DataFrame]
) -> Publication:
    """What publishing would do to what readers see now.

    A table that is not as it was is held to its contract once more; one that is unchanged was held
    when it was published.
    """
    current = folder.current()
    manifest = read_manifest(current / LATEST) if current else None
    faults = _faults(current) if current else []
    before = {entry.dataset: entry for entry in manifest.datasets} if manifest else {}
    after = {entry.dataset: entry for entry in datasets}
    for name, entry in after.items():
        if name not in before or before[name].content_sha256 != entry.content_sha256:
            _hold(name, tables[name])
    return Publication(
        changed=manifest is None or bool(faults) or manifest.content_sha256 != content,
        content_sha256=content,
        generation=current,
        datasets=tuple(_change(name, before.get(name), after.get(name)) for name in sorted(before | after)),
        faults=tuple(faults),
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


def _fill(
    folder: Path, tables: tuple[Published, ...], manifest: Manifest, step: Callable[[str], None]
) -> list[FileEntry]:
    """Write all files of a folder, the manifest with their sizes and hashes, and the checksums."""
    folder.mkdir()
    files: list[FileEntry] = []
    for table in tables:
        for ending, write in WRITERS.items():
            path = folder / f"{table.contract.name}.{ending}"
            write(table, path)
            files.append(
                FileEntry(
                    path=path.name,
                    dataset=table.contract.name,
                    rows=table.frame.height,
                    bytes=path.stat().st_size,
                    sha256=file_sha256(path),
                )
            )
            step(path.name)
    write_manifest(folder, manifest.model_copy(update={"files": tuple(files)}))
    step(MANIFEST)
    sums = {entry.path: entry.sha256 for entry in files}
    write_sums(folder, {**sums, MANIFEST: file_sha256(folder / MANIFEST)})
    step("sums")
    return files


def _site(about: About, tables: tuple[Published, ...], files: list[FileEntry]) -> Site:
    """What the pages are made of."""
    return Site(
        about=about,
        tables={table.contract.name: table for table in tables},
        files={
            table.contract.name: [file for file in files if file.dataset == table.contract.name] for table in tables
        },
    )


def _faults(generation: Path) -> list[str]:
    """What is wrong with a generation: every folder with a manifest, and ``latest`` at least."""
    described = {path.parent for path in generation.rglob(MANIFEST)} | {generation / LATEST}
    return [fault for folder in sorted(described) for fault in faults_of(folder)]


def _require_whole(build: Path) -> None:
    """Refuse to show a generation that does not read back as it was written."""
    faults = _faults(build)
    if faults:
        raise PublicationError(
            f"what was written does not read back: {'; '.join(faults)}.",
            where=str(build),
            remedy="Check the disk; what was published before stays.",
        )
