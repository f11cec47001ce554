"""The gate of disclosure: what stands between the tables and everything that is written for readers.

Here belongs the one function that a publication calls before it writes anything. What a column is
(*intern*, *endast aggregat*, *öppen*) and what counts persons is declared in ``contracts``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from contracts import Contract, ContractError, contract, contracts, require_table
from contracts.personal_data import Finding, findings
from output.disclosure.counted import Tables, telling
from output.disclosure.small_counts import withheld
from output.errors import PublicationError
from output.formats.parquet import scan_published
from output.tables import Frame, in_batches

SHOWN: Final = 5
"""How many places with personal data are told at once."""


def cleared(
    tables: Mapping[str, Frame],
    earlier: Sequence[Tables] = (),
    gone: Sequence[Tables] = (),
    *,
    layer: str = "open",
    exempt: Collection[str] = (),
) -> dict[str, Frame]:
    """The tables by name as they may be published: small counts of persons are left blank, and what reveals them.

    ``earlier`` is what releases say, ``gone`` what those said that are not kept any more, ``exempt`` are
    mailboxes of functions. Raises PublicationError where a table holds a column that is not open, a text holds
    personal data, or a small count can be worked out whatever is left blank; and ContractError where a frame
    is not the table at all.
    """
    for name, frame in tables.items():
        _require_open(frame.lazy().head(0).collect(), contract(name, layer))
        _require_no_personal_data(frame, contract(name, layer), exempt)
    short = {name: frame for name, frame in tables.items() if isinstance(frame, pl.DataFrame)}
    # Nothing is counted in a table that is too long for the memory (``can_be_long``).
    return {**tables, **withheld(short, earlier, layer, gone)}


def said_before(generation: Path | None) -> list[Tables]:
    """What ``latest/`` and the releases of a generation say in the tables that tell of numbers of persons.

    A file that cannot be read is passed over: it is told as a fault where the generation is looked through.
    """
    counting = [declared.name for declared in contracts("open") if telling(declared)]
    said: list[Tables] = []
    if generation is None:
        return said
    for name in counting:
        # Releases share the files that are the same in them.
        files = {path.stat().st_ino: path for path in sorted(generation.rglob(f"{name}.parquet"))}
        for path in files.values():
            with suppress(pl.exceptions.PolarsError, OSError):
                said.append({name: scan_published(path).collect()})
    return said


def _require_open(frame: pl.DataFrame, declared: Contract) -> None:
    """Refuse a frame that brings a column along that is not open, whatever stands in it."""
    opened = {column.name for column in declared.open_columns}
    closed = [name for name in declared.polars_schema if name in frame.columns and name not in opened]
    if closed:
        raise PublicationError(
            f"{', '.join(closed)} is not open and must not reach a publication.",
            where=declared.name,
            remedy="Read the table's open columns alone.",
        )
    try:
        require_table(frame, declared.opened)
    except ContractError as error:
        raise ContractError(f"{error}. Only declared columns that are open can be published.") from error


def _require_no_personal_data(frame: Frame, declared: Contract, exempt: Collection[str]) -> None:
    """Refuse a table whose texts hold personal data. Words of a closed vocabulary cannot."""
    texts = [column.name for column in declared.open_columns if column.dtype == pl.String and column.values is None]
    found = list(islice(_found(frame, declared, texts, exempt), SHOWN + 1))
    if found:
        # The header is row 1 of the file that would have been written.
        told = "; ".join(f"row {one.row + 2}, column {one.column} holds {one.what}" for one in found[:SHOWN])
        more = "; and more" if len(found) > SHOWN else ""
        raise PublicationError(
            f"{told}{more}.",
            where=f"{declared.name}.csv",
            remedy="Remove it where the text comes from: the extract, the plan or the source.",
        )


def _found(frame: Frame, declared: Contract, texts: Collection[str], exempt: Collection[str]) -> Iterator[Finding]:
    """Personal data in the texts of a table, with the row in its published order."""
    if isinstance(frame, pl.DataFrame):
        yield from findings(frame.sort(declared.sort, nulls_last=True), texts, exempt)
        return
    start = 0
    for batch in in_batches(frame.select(texts)):
        yield from (replace(one, row=start + one.row) for one in findings(batch, texts, exempt))
        start += batch.height
