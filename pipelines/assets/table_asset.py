"""How a table becomes an asset: computed, held to its contract, written, described.

Here belongs what is the same for every table. What is in a table is computed by the function that
is decorated; what it must look like stands in its contract.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Final

import dagster as dg
import polars as pl

from contracts import BROKEN, Checked, Contract, contract
from contracts.rulebook import rule_text
from pipelines.intake.refused_extract import RefusedExtractError
from pipelines.runs.reports import by_report
from pipelines.runs.run import Run
from sources.errors import SourceError
from sources.extracts.faults import shown

POOL: Final = "warehouse"
CHECK: Final = "kontrakt"
PREVIEW: Final = 8
WIDTH: Final = 80
"""Signs of a text in a preview."""

ACTIVE: Final = frozenset("&<>|[]!`")
"""Signs that Markdown or HTML would read."""

CONTRACTS, STATUS, OPEN_DATA = "contracts", "status", "open_data"
TOPIC: Final = "topic"
STAGES: Final = {"status": STATUS, "figure_control": STATUS, "operations": OPEN_DATA}
"""The graph reads as the sentence sources → contracts → status → open data; a table's own group is its topic."""

OWNER: Final = "team:etappmal"

NIGHTLY: Final = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))
"""A table that no refresh has made since: one night is missed, then two. A run that fails makes nothing."""

Build = Callable[[Run], pl.DataFrame]
Write = Callable[[Run, Contract, pl.DataFrame], Mapping[str, Any]]


@dataclass(frozen=True)
class Spent:
    """What had been spent in a run when a table was begun."""

    seconds: float
    requests: int
    bytes: int

    @classmethod
    def since(cls, run: Run) -> "Spent":
        """What has been spent by now."""
        return cls(monotonic(), run.transport.asked, run.transport.received)

    def until(self, run: Run) -> Mapping[str, float]:
        """What was spent on the table; the UI plots each over time."""
        now = Spent.since(run)
        spent: dict[str, float] = {"sekunder": round(now.seconds - self.seconds, 3)}
        if now.requests > self.requests:
            spent |= {"förfrågningar": now.requests - self.requests, "mottagna byte": now.bytes - self.bytes}
        return spent


@dataclass(frozen=True)
class Verdict:
    """A check of a table beside its contract, which stops nothing: what it holds, and how it is found in the rows."""

    name: str
    description: str
    severity: dg.AssetCheckSeverity
    broken: Callable[[pl.DataFrame], pl.DataFrame]
    """The rows that break it."""

    def of(self, frame: pl.DataFrame) -> dg.AssetCheckResult:
        """The result for these rows, with those that break it."""
        rows = self.broken(frame)
        return dg.AssetCheckResult(
            check_name=self.name,
            passed=rows.is_empty(),
            severity=self.severity,
            metadata={"antal": rows.height, "exempel": dg.MetadataValue.md(markdown_table(rows.head(PREVIEW)))},
        )


def write_partition(run: Run, declared: Contract, frame: pl.DataFrame) -> Mapping[str, Any]:
    """Write a table's rows in place of those of the same report."""
    run.warehouse.replace(declared, frame, run.partition)
    return {}


def write_all(run: Run, declared: Contract, frame: pl.DataFrame) -> Mapping[str, Any]:
    """Write a table that belongs to no report in place of what it was."""
    run.warehouse.replace(declared, frame, {})
    return {}


def table_asset(
    name: str,
    *,
    layer: str = "open",
    deps: Sequence[str | Sequence[str]] = (),
    kinds: frozenset[str] = frozenset({"polars"}),
    write: Write = write_partition,
    verdicts: Sequence[Verdict] = (),
    of_newest: bool = False,
) -> Callable[[Build], dg.AssetsDefinition]:
    """Make a Dagster asset of a function that gives the rows of a table.

    The rows are held to the contract before they are written: rows that break a rule are set aside
    in quarantine, and where a rule stops the table nothing is written and the check fails, so that
    what depends on it waits. ``write`` puts the good rows in the warehouse and returns what the UI
    shows of it; ``verdicts`` are told of what was written. A table that is ``of_newest`` belongs to no report and is
    made of the plan of the newest alone: a run of an older one leaves it as it stands.
    """
    declared = contract(name, layer)

    def decorate(build: Build) -> dg.AssetsDefinition:
        """Wrap the function."""

        @by_report(
            name=name,
            description=f"{declared.description.sv}\n\n{declared.description.en}",
            group_name=STAGES.get(declared.group, CONTRACTS),
            tags={TOPIC: declared.group},
            owners=[OWNER],
            kinds={"duckdb", *kinds},
            deps=[dg.AssetKey(dep) if isinstance(dep, str) else dg.AssetKey(list(dep)) for dep in deps],
            metadata={
                "dagster/table_name": declared.table,
                "dagster/column_schema": column_schema(declared),
                "nyckel": ", ".join(declared.key),
            },
            code_version=declared.version,
            pool=POOL,
            freshness_policy=NIGHTLY,
            check_specs=[
                dg.AssetCheckSpec(
                    CHECK, asset=name, blocking=True, description=f"The contract of {declared.table} holds."
                ),
                *(dg.AssetCheckSpec(each.name, asset=name, description=each.description) for each in verdicts),
            ],
        )
        def materialize(run: dg.ResourceParam[Run]) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
            """Compute, check, write, for each report of the run."""
            spent = Spent.since(run)
            if of_newest and not run.leads:
                stands = {"står kvar": run.leading.register.report.id}
                yield dg.AssetCheckResult(check_name=CHECK, passed=True, metadata=stands)
                yield dg.MaterializeResult(metadata=stands)
                return
            made: list[_Made] = []
            for each in (run,) if of_newest else run.reports:
                try:
                    made.append(_made(each, declared, build, write))
                except _RefusedError as refusal:
                    run.summary.errors.append(str(refusal))
                    each.refused[name] = str(refusal)
                    yield refusal.verdict
                    raise dg.Failure(str(refusal), allow_retries=False) from refusal
            yield _check_result(run.owner_of(name), *(checked for each in made for checked in each.checked))
            last = made[-1]
            aside = sum(checked.bad.height for each in made for checked in each.checked)
            metadata = {**materialization_metadata(last.rows), **last.written, "i karantän": aside, **spent.until(run)}
            if len(made) > 1:
                metadata["rapporter"] = {each.report: each.rows.height for each in made}
            yield dg.MaterializeResult(metadata=metadata)
            yield from (each.of(last.rows) for each in verdicts)

        return materialize

    return decorate


@dataclass(frozen=True)
class _Made:
    """A table of a report as it was written, with what its contract, and that of its extract, said of it."""

    report: str
    rows: pl.DataFrame
    checked: tuple[Checked, ...]
    written: Mapping[str, Any]


class _RefusedError(Exception):
    """A table that cannot be made of what a report has: why, and the verdict of its contract."""

    def __init__(self, message: str, verdict: dg.AssetCheckResult) -> None:
        """Refuse it."""
        super().__init__(message)
        self.verdict = verdict


def _made(run: Run, declared: Contract, build: Build, write: Write) -> _Made:
    """Compute, check and write a table of one report. Raises _RefusedError, and nothing is then written."""
    name = declared.name
    try:
        frame = build(run)
    except SourceError as error:
        told = verdict_of(run.owner_of(name), error.checked) if isinstance(error, RefusedExtractError) else {}
        verdict = dg.AssetCheckResult(check_name=CHECK, passed=False, metadata={"fel": str(error), **told})
        raise _RefusedError(str(error), verdict) from error
    checked = run.set_aside(declared, run.check(frame, declared))
    apart = (run.apart[name],) if declared.layer == "open" and name in run.apart else ()
    if checked.blocked:
        verdict = _check_result(run.owner_of(name), *apart, checked)
        raise _RefusedError(f"{declared.table}: {breaches_text(checked)}", verdict)
    return _Made(run.report.rapport, checked.good, (*apart, checked), write(run, declared, checked.good))


def column_schema(declared: Contract) -> dg.TableSchema:
    """The columns of a contract as the UI shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.duckdb_type,
                description=f"{column.title.sv}: {column.description.sv}"
                + (f" Enhet: {column.unit}." if column.unit else "")
                + f" Källa: {column.source.text.sv}",
                tags={"avslöjande": str(column.disclosure), "källa": str(column.source)},
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, other=["key"] if column.name in declared.key else []
                ),
            )
            for column in declared.columns
        ]
    )


def materialization_metadata(frame: pl.DataFrame) -> Mapping[str, Any]:
    """What the UI shows of a written table: how many rows, and the first of them."""
    return {
        "dagster/row_count": frame.height,
        "förhandsvisning": dg.MetadataValue.md(markdown_table(frame.head(PREVIEW))),
    }


def markdown_table(frame: pl.DataFrame) -> str:
    """A few rows as a Markdown table; nothing in a cell can leave it."""
    lines = [frame.columns, ["---"] * frame.width]
    lines += [["" if value is None else cell(str(value)) for value in row] for row in frame.iter_rows()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(text: str) -> str:
    """A text that is safe within Markdown: it can neither leave its cell nor name a picture or a link."""
    shortened = text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
    return "".join(" " if sign in "\r\n" else f"&#{ord(sign)};" if sign in ACTIVE else sign for sign in shortened)


def breaches_text(checked: Checked) -> str:
    """Broken rules in one line each: how many rows, which rule and its text, what it does, which values."""
    return "; ".join(
        f"{f'{breach.count} rows break' if breach.count else 'the table breaks'} {breach.rule} ({breach.severity}; "
        f"{rule_text(checked.contract, breach.rule).en.rstrip('.')}): {', '.join(map(shown, breach.values))}"
        for breach in checked.breaches
    )


def _check_result(owner: str, *checked: Checked) -> dg.AssetCheckResult:
    """The verdict of a table's contract, and of its extract's, as an asset check."""
    return dg.AssetCheckResult(
        check_name=CHECK,
        passed=not any(each.breaches for each in checked),
        severity=dg.AssetCheckSeverity.ERROR if any(each.blocked for each in checked) else dg.AssetCheckSeverity.WARN,
        metadata=verdict_of(owner, *checked),
    )


def verdict_of(owner: str, *checked: Checked) -> dict[str, Any]:
    """What the UI shows of a check: counts by rule with its text, sample rows, and whom to ask about them."""
    bad = [each.bad for each in checked if each.bad.height]
    metadata: dict[str, Any] = {"rader": checked[-1].good.height, "i karantän": sum(rows.height for rows in bad)}
    for declared, breach in ((each.contract, breach) for each in checked for breach in each.breaches):
        about = f"{breach.count} rader" if breach.count else "tabellen"
        asks, values = rule_text(declared, breach.rule).sv.rstrip("."), ", ".join(map(shown, breach.values))
        metadata[breach.rule] = f"{about} ({breach.severity}; {asks}): {values}"
    if bad:
        rows = pl.concat(bad, how="diagonal").head(PREVIEW).with_columns(pl.col(BROKEN).list.join(", "))
        metadata |= {"exempel": dg.MetadataValue.md(markdown_table(rows)), "fråga": owner}
    return metadata
