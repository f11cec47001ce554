"""Publication, last and whole: every published table, as one generation of the public folder."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import dagster as dg
import polars as pl

from contracts import Contract, contract, contracts
from contracts.vocabulary import MilestoneStatus
from output.disclosure.counted import Tables
from output.disclosure.gate import said_before
from output.errors import PublicationError
from output.publication.folder import PublicFolder
from output.publication.generation import publish
from output.publication.manifest import About
from output.publication.planning import Publication
from output.site import DRIFT
from output.tables import Frame
from pipelines.assets.plots import bars
from pipelines.assets.table_asset import NIGHTLY, OPEN_DATA, OWNER, POOL, cell, markdown_table
from pipelines.plans import approving
from pipelines.runs.clock import kept
from pipelines.runs.occasions import occasion
from pipelines.runs.reports import by_report
from pipelines.runs.run import Run, record
from pipelines.storage import whole_reports
from pipelines.storage.long_tables import OpenTables, open_tables
from pipelines.storage.remembering import remember, remembered

WHOLE: Final = "hel"
"""The check that a publication is whole: one that leaves out what a source now says never counts as fresh."""


class PublicationConfig(dg.Config):
    """What may be asked of a publication."""

    dry_run: bool = False


@by_report(
    name="publication",
    description=(
        "Den publika mappen: varje datamängd som CSV och Parquet, i en generation som byts in på en gång.\n\n"
        "The public folder: each dataset as CSV and Parquet, in one generation that is switched in at once."
    ),
    group_name=OPEN_DATA,
    owners=[OWNER],
    kinds={"csv", "parquet"},
    deps=[declared.name for layer in ("open", "drift") for declared in contracts(layer)],
    pool=POOL,
    freshness_policy=NIGHTLY,
    check_specs=[dg.AssetCheckSpec(WHOLE, asset="publication", description="Nothing is held back from it.")],
)
def publication(
    config: PublicationConfig, run: dg.ResourceParam[Run]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Publish what has changed, and sum up the run."""
    with open_tables(run.warehouse, run.settings.data_home) as reading:
        yield from _published(config, run, published_tables(run, reading))


def _published(
    config: PublicationConfig, run: Run, tables: Mapping[str, Frame]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Publish tables, and sum up the run."""
    for each in run.reports:
        record(each)
        whole_reports.end(run.warehouse, each.report.rapport, each.now)
    try:
        require_approved(run, tables, dry_run=config.dry_run)
        gone = _known(run, dry_run=config.dry_run)
        done = publish(
            tables,
            run.settings.public,
            about(run),
            occasion(run),
            operational={declared.name: run.warehouse.read_open(declared) for declared in contracts(DRIFT)},
            gone=gone,
            dry_run=config.dry_run,
        )
        if not (config.dry_run or run.repeats):
            remember(run.settings, said_before(done.generation), kept(run.clock()))
    except (PublicationError, OSError, pl.exceptions.ComputeError) as error:
        # A disk without room comes from polars as an error of its own.
        disk = f"{run.settings.public}: cannot be written ({error}). See to the disk; what was published before stays."
        message = str(error) if isinstance(error, PublicationError) else disk
        run.summary.errors.append(message)
        raise dg.Failure(message, allow_retries=False) from error
    if not (config.dry_run or run.repeats):
        approving.rely_on_plan(run.settings, run.leading, publishing(tables))
    _sum_up(run, tables, done, dry_run=config.dry_run)
    yield dg.MaterializeResult(metadata=_metadata(run, done))
    yield _whole(run)


def _known(run: Run, *, dry_run: bool) -> Sequence[Tables]:
    """What was ever published of counts of persons. What is public now is kept first, before it can be forgotten."""
    if run.repeats:
        return run.said
    if not dry_run:
        begun = min(each.now for each in run.reports)
        remember(run.settings, said_before(PublicFolder(run.settings.public).current()), begun)
    return remembered(run.settings)


def require_approved(run: Run, tables: Collection[str], *, dry_run: bool) -> None:
    """Refuse to publish what nobody has approved; a dry run says only that it would be refused."""
    if run.repeats:
        return
    waiting = approving.pending(run.settings, run.leading, publishing(tables))
    if waiting and not dry_run:
        raise approving.refusal(waiting)
    run.summary.waiting = str(approving.refusal(waiting)) if waiting else None


def publishing(tables: Collection[str]) -> list[Contract]:
    """The contracts of all that is published: these tables, and the operational ones."""
    return [*(contract(name) for name in tables), *contracts(DRIFT)]


def published_tables(run: Run, reading: OpenTables) -> dict[str, Frame]:
    """Every published table with all its reports.

    A table that is read from an extract is left out where no plan has handed one in: an empty
    file would say that there is nothing, not that nothing was told. So is one by area where the plan of the newest
    report says nothing of areas. Of a report whose last run broke off, what is published now stays.
    """
    made = {each.report.rapport for each in run.reports}
    broken = sorted(whole_reports.broken_off(run.warehouse) - made)
    tables = {declared.name: _rows(run, reading, declared, broken) for declared in contracts("open")}
    always = {
        declared.name
        for declared in contracts("open")
        if not any(column.heading for column in declared.columns) and approving.speaks_of(run.leading, declared)
    }
    return {
        name: frame
        for name, frame in tables.items()
        if isinstance(frame, pl.LazyFrame) or frame.height or name in always or name in run.leading.extracts
    }


def _rows(run: Run, reading: OpenTables, declared: Contract, broken: Sequence[str]) -> Frame:
    """What may be published of a table; of the reports whose last run broke off, what is published now."""
    found = reading.read(declared)
    if not broken or "rapport" not in declared.partition:
        return found
    rows = found.lazy().collect(engine="in-memory")
    whole = rows.filter(~pl.col("rapport").is_in(broken))
    stood = run.published(declared.name)
    if stood is None:
        return whole
    kept = stood.filter(pl.col("rapport").is_in(broken))
    if kept.is_empty():
        return whole
    lost = sorted(set(rows.columns) - set(kept.columns))
    if lost:
        raise PublicationError(
            f"the last run of {', '.join(broken)} broke off, and what is published of it has no {', '.join(lost)}.",
            where=declared.name,
            remedy=f"Refresh it first: etappmal refresh --report {broken[0]}.",
        )
    together = pl.concat([whole, kept.select(pl.col(name).cast(dtype) for name, dtype in rows.schema.items())])
    return together.sort(declared.sort, nulls_last=True, maintain_order=True)


def about(run: Run) -> About:
    """Who publishes, under which licence, and what must be said of all of it."""
    settings, register = run.settings, run.leading.register
    return About(
        base_url=settings.base_url,
        publisher=settings.publisher,
        contact=settings.contact,
        licence=settings.license,
        note=register.report.note,
        note_en=register.report.note_en or "",
        municipality=register.municipality.name,
        committee=register.report.committee,
        catalogue_format=settings.catalogue_format,
        publisher_uri=settings.publisher_uri,
        place_uri=register.municipality.place_uri or "",
    )


def _sum_up(run: Run, tables: Collection[str], done: Publication, *, dry_run: bool) -> None:
    """Note in the run's summary what was published and what it says."""
    summary = run.summary
    grades = ["beraknad_maluppfyllelse", "beslutad_maluppfyllelse", "stammer"]
    summary.report = run.report.rapport
    summary.reports = [each.report.rapport for each in run.reports]
    summary.content_sha256 = done.content_sha256
    summary.goals = run.open("malbedomning").select("namndmal", *grades).to_dicts()
    summary.overall = run.open("samlad_bedomning").select(grades).row(0, named=True)
    counts = dict(run.open("indikatorer").group_by("etappmal_status").len().iter_rows())
    summary.indicators = {str(status): int(counts.get(str(status), 0)) for status in MilestoneStatus}
    changes = {change.dataset: change for change in done.datasets}
    summary.datasets = [
        {"dataset": name, "rows": changes[name].rows_after, "change": str(changes[name].kind)}
        for name in sorted(tables)
    ]
    summary.difference = done.difference.model_dump(mode="json") if done.difference else None
    summary.quarantine = run.warehouse.quarantined().to_dicts()
    summary.state = "dry run" if dry_run else "published" if done.changed else "unchanged"


def _whole(run: Run) -> dg.AssetCheckResult:
    """Whether a publication holds all that the plan takes in."""
    held = run.summary.held_back
    return dg.AssetCheckResult(
        check_name=WHOLE,
        passed=not held,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"hålls inne": dg.MetadataValue.md("\n".join(f"- {cell(one)}" for one in held) or "inget")},
    )


def _metadata(run: Run, done: Publication) -> dict[str, Any]:
    """What the UI shows of a publication."""
    changes = pl.DataFrame(
        [(change.dataset, str(change.kind), change.rows_before, change.rows_after) for change in done.datasets],
        schema={"dataset": pl.String, "change": pl.String, "rows before": pl.Int64, "rows after": pl.Int64},
        orient="row",
    )
    tables = done.difference.tables if done.difference else ()
    return {
        "nya rader": sum(table.new_rows for table in tables),
        "reviderade rader": sum(table.revised_rows for table in tables),
        "försvunna rader": sum(table.lost_rows for table in tables),
        "i karantän": sum(table["antal"] for table in run.summary.quarantine),
        "förfrågningar": run.transport.asked,
        "mottagna byte": run.transport.received,
        "etappmål": dg.MetadataValue.md(bars(run.summary.indicators)),
        "public folder": dg.MetadataValue.path(str(run.settings.public)),
        "changed": done.changed,
        "content sha256": done.content_sha256,
        "datasets": dg.MetadataValue.md(markdown_table(changes)),
        "held back": dg.MetadataValue.md("\n".join(f"- {cell(one)}" for one in run.summary.held_back) or "nothing"),
    }
