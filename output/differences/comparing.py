"""What changed between the files of the last release and the tables of the next.

Here belongs finding it: rows by the table's key, cells by column. Statuses, and why they flipped,
are found in ``output.differences.flips``. All of it is columnar; only the few samples that are shown are taken
out row by row.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from contracts.vocabulary import Text
from output.differences.difference import Difference, Kind, Sample, Scalar, TableDifference
from output.differences.flips import flips
from output.errors import PublicationError
from output.formats.parquet import scan_published
from output.publication.manifest import About, DatasetEntry, Manifest
from output.tables import BATCH, Published, describe

SAMPLES: Final = 3

BEFORE: Final = "_fore"
"""Ends the names of the columns that hold the side before."""


def compare(
    tables: Mapping[str, Published], datasets: Sequence[DatasetEntry], about: About, last: Manifest, folder: Path
) -> Difference:
    """What changed since the release that ``folder`` holds and ``last`` describes.

    Raises PublicationError where it cannot be told: a release says what changed, or is not made.
    """
    before = {entry.dataset: entry for entry in last.datasets}
    after = {entry.dataset: entry for entry in datasets}
    changed = [
        name
        for name in sorted(before | after)
        if name not in before or name not in after or before[name].content_sha256 != after[name].content_sha256
    ]
    try:
        found = [_table(name, before.get(name), after.get(name), folder, tables.get(name)) for name in changed]
        flipped = flips(
            lambda name: _scan(folder, name).collect() if name in before else None,
            lambda name: tables[name].frame if name in tables else None,
        )
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise PublicationError(
            f"what changed since release {last.release} cannot be told: {error}.",
            where=str(folder),
            remedy="Run etappmal verify; a release that is damaged can be withdrawn (etappmal withdraw).",
        ) from error
    told = [name for name in About.__dataclass_fields__ if getattr(about, name) != getattr(last, name)]
    return Difference(against=last.release, about=tuple(told), flips=tuple(flipped), tables=tuple(_by_signal(found)))


def summary(difference: Difference) -> Text:
    """What changed, in a sentence in each language, signal first."""
    if difference.against is None:
        return Text("Första utgåvan i sin historik.", "The first release of its history.")
    counts = (
        (len(difference.flips), ("status eller grad ändrad", "statuser och grader ändrade"), ("status", "statuses")),
        (_total(difference, "revised_rows"), ("rad reviderad", "rader reviderade"), ("row revised", "rows revised")),
        (_total(difference, "new_rows"), ("ny rad", "nya rader"), ("new row", "new rows")),
        (_total(difference, "lost_rows"), ("rad borttagen", "rader borttagna"), ("row removed", "rows removed")),
        (_changed_columns(difference), ("kolumn ändrad", "kolumner ändrade"), ("column changed", "columns changed")),
    )
    swedish = [f"{count} {sv[count != 1]}" for count, sv, _ in counts if count]
    english = [f"{count} {en[count != 1]}" for count, _, en in counts if count]
    if not swedish:
        return Text("Uppgifterna om utgivning eller beskrivningar ändrade.", "Changed in publisher or descriptions.")
    return Text(f"{', '.join(swedish)}.", f"{', '.join(english)}.")


def _total(difference: Difference, name: str) -> int:
    """A count over all tables."""
    return sum(getattr(table, name) for table in difference.tables)


def _changed_columns(difference: Difference) -> int:
    """How many columns were added, removed or declared otherwise."""
    return sum(len(t.columns_added) + len(t.columns_removed) + len(t.columns_changed) for t in difference.tables)


def _scan(folder: Path, name: str) -> pl.LazyFrame:
    """A table of a release, which may be too long for the memory."""
    return scan_published(folder / f"{name}.parquet")


def _by_signal(found: Iterable[TableDifference]) -> list[TableDifference]:
    """Revised values first, then new and lost rows, then columns."""
    return sorted(found, key=lambda t: (-t.revised_rows, -(t.new_rows + t.lost_rows), t.dataset))


def _table(
    name: str, before: DatasetEntry | None, after: DatasetEntry | None, folder: Path, new: Published | None
) -> TableDifference:
    """What changed in one dataset."""
    entry = after or before
    old = _scan(folder, name) if before else None
    sides: dict[str, Any] = {
        "dataset": name,
        "title": entry.title if entry else {},
        "kind": Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED,
        "rows_before": before.rows if before else None,
        "rows_after": after.rows if after else None,
    }
    if old is None and new is not None:
        return TableDifference(**sides, **_parted("new", new.rows, new.height, new.contract.key))
    if new is None and old is not None and before:
        return TableDifference(**sides, **_parted("lost", old, before.rows, _declared(folder, name)["key"]))
    if old is None or new is None or before is None:
        message = f"{name} is on neither side"
        raise KeyError(message)
    declared = _declared(folder, name)
    return TableDifference(**sides, **_columns(old, new, declared["columns"]), **_rows(old, before.rows, new))


def _declared(folder: Path, name: str) -> dict[str, Any]:
    """What a release says of a table's key and columns."""
    metadata = pl.read_parquet_metadata(folder / f"{name}.parquet")
    return {part: json.loads(metadata[part]) for part in ("key", "columns")}


def _columns(old: pl.LazyFrame, new: Published, declared: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Which columns came, went, or are declared otherwise."""
    before = {column["name"]: column for column in declared}
    after = {column["name"]: column for column in describe(new)["columns"]}
    return {
        "columns_added": tuple(name for name in after if name not in before),
        "columns_removed": tuple(name for name in old.collect_schema().names() if name not in after),
        "columns_changed": tuple(name for name in after if name in before and before[name] != after[name]),
    }


def _only(side: str, frame: pl.DataFrame, key: Sequence[str]) -> dict[str, Any]:
    """All rows of a table as new, or as lost."""
    return {f"{side}_rows": frame.height, f"{side}_samples": _samples(side, frame, key)}


def _parted(side: str, rows: pl.LazyFrame, height: int, key: Sequence[str]) -> dict[str, Any]:
    """All rows of a table that may be too long for the memory as new, or as lost."""
    first = (rows.sort(key, nulls_last=True) if key else rows).head(SAMPLES).collect(engine="streaming")
    return {**_only(side, first, key), f"{side}_rows": height}


def _parts(rows: pl.LazyFrame, height: int, key: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The rows in as many parts as the memory asks for. A key is in the same part wherever it stands."""
    number = -(-height // BATCH) if key else 1
    if number <= 1:
        yield rows.collect()
        return
    for part in range(number):
        yield rows.filter(pl.struct(key).hash(seed=0) % number == part).collect(engine="streaming")


def _rows(old: pl.LazyFrame, height: int, new: Published) -> dict[str, Any]:
    """Which rows came and went, and which cells of the others are otherwise."""
    key, longest = list(new.contract.key), max(height, new.height)
    schema, before = new.rows.collect_schema(), old.collect_schema()
    if any(before.get(name) != schema[name] for name in key):
        # A row cannot be found again by another key.
        lost = _parted("lost", old, height, [name for name in key if name in before])
        return _parted("new", new.rows, new.height, key) | lost
    sides = (_parts(rows, longest, key) for rows in (old, new.rows))
    return _together([_part(one, other, key) for one, other in zip(*sides, strict=True)])


def _together(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was found in the parts of a table, as if it had been found in the whole."""
    first, *others = parts
    for each in others:
        for name, found in each.items():
            first[name] = _sum(first[name], found) if isinstance(found, dict) else first[name] + found
    for name in ("new_samples", "lost_samples", "revised_samples"):
        ordered = sorted(first[name], key=lambda sample: [(cell is None, cell) for cell in sample.key.values()])
        first[name] = tuple(ordered[:SAMPLES]) if others else first[name]
    return first


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Counts by name, added up."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in (*one, *(n for n in other if n not in one))}


def _part(old: pl.DataFrame, frame: pl.DataFrame, key: list[str]) -> dict[str, Any]:
    """What changed in a part of a table, whose rows have the same keys on both sides."""
    came = frame.join(old, on=key, how="anti", nulls_equal=True)
    went = old.join(frame, on=key, how="anti", nulls_equal=True)
    same = [name for name, kind in frame.schema.items() if name not in key and old.schema.get(name) == kind]
    both = frame.join(old.select(*key, *same), on=key, how="inner", nulls_equal=True, suffix=BEFORE)
    other = {name: pl.col(name).ne_missing(pl.col(f"{name}{BEFORE}")) for name in same}
    revised = both.filter(pl.any_horizontal(other.values())) if same else both.clear()
    counts = revised.select(condition.sum().alias(name) for name, condition in other.items())
    cells = counts.row(0, named=True) if same else {}
    return {
        **_only("new", came, key),
        **_only("lost", went, key),
        "revised_rows": revised.height,
        "revised_values": {name: count for name, count in cells.items() if count},
        "revised_samples": tuple(_revised(row, key, same) for row in _first(revised, key)),
    }


def _first(frame: pl.DataFrame, key: Sequence[str]) -> list[dict[str, Scalar]]:
    """The first rows by key, as JSON holds them."""
    rows = frame.sort(key, nulls_last=True).head(SAMPLES) if key else frame.head(SAMPLES)
    return [{name: _scalar(value) for name, value in row.items()} for row in rows.to_dicts()]


def _samples(side: str, frame: pl.DataFrame, key: Sequence[str]) -> tuple[Sample, ...]:
    """The first rows that are new or lost."""
    samples = []
    for row in _first(frame, key):
        values = {name: value for name, value in row.items() if name not in key}
        before, after = ({}, values) if side == "new" else (values, {})
        samples.append(Sample(key={name: row[name] for name in key}, before=before, after=after))
    return tuple(samples)


def _revised(row: Mapping[str, Scalar], key: Sequence[str], same: Sequence[str]) -> Sample:
    """What differs in a row."""
    other = [name for name in same if row[name] != row[f"{name}{BEFORE}"]]
    return Sample(
        key={name: row[name] for name in key},
        before={name: row[f"{name}{BEFORE}"] for name in other},
        after={name: row[name] for name in other},
    )


def _scalar(value: Any) -> Scalar:
    """A cell as JSON holds it."""
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
