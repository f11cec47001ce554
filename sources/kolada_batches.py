"""Many bodies of observations at once, quickly, as long as every one of them is exactly as usual.

Here belongs reading that never judges: it gives the rows, or nothing. Bodies of which it gives nothing
are read one by one in ``kolada_bodies``, which tells what is wrong with them, or that all is well.

DuckDB's JSON reader does the work. It holds each object to its fields: one that is missing or given twice
is an error, and so are ids of other KPIs and units, since they are read as words of a list. But it takes
numbers for text and text for numbers, true for 1, 2020.5 for 2021, and a comma too many. So years, counts
and marks of removal are read as the text they are, and some bytes are counted: with the fields known to
be there, a quotation mark, comma, f or u more than they need is text, a field or a truth in a wrong place.
"""

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

import duckdb
import polars as pl
import pyarrow as pa

from sources.archive import Answer
from sources.kolada_bodies import BOM, EDGE, GENDERS, OBSERVATIONS

_ENVELOPE: Final = b'{"count":,"next_url":null,"values":[]}'
_PREVIOUS: Final = b'"previous_url":null,'
_RECORD: Final = b'{"kpi":"","municipality":"","period":,"values":[]},'
_VALUE: Final = b'{"gender":"","count":,"status":"","value":,"isdeleted":},'
_COUNTED: Final = b'",fu'

_SAYS: Final = re.compile(rb'\s*\{\s*"count"\s*:\s*(\d+)\s*,')
_ENDS: Final = re.compile(rb'"next_url"\s*:\s*null')
_NO_PREVIOUS: Final = re.compile(rb'"previous_url"\s*:\s*null')
_ID: Final = re.compile(r"\w+")
_NO_TEXT: Final = re.compile(r"\s*[-\d{\[]|true|false|null|nan|inf", re.IGNORECASE)
"""How the text of something begins that may not have been text in the body."""

_BODIES: Final = pa.schema([("body", pa.string()), ("number", pa.uint16()), ("said", pa.int64())])
_STRUCTURE: Final = """
    {"count": "BIGINT", "next_url": "VARCHAR", "values": [
        {"kpi": "%s", "municipality": "%s", "period": "VARCHAR", "values": [
            {"gender": "%s", "count": "VARCHAR", "status": "VARCHAR", "value": "DOUBLE", "isdeleted": "VARCHAR"}]}]}
"""
_QUERY: Final = """
    WITH answers AS (SELECT number, said, from_json_strict(body, '{structure}') AS answer FROM bodies),
    records AS (
        SELECT number, unnest(CASE
            WHEN answer.next_url IS NULL AND answer."values" IS NOT NULL AND answer.count = said
                AND len(answer."values") = said THEN answer."values"
            ELSE error('not as usual') END) AS record
        FROM answers
    ),
    observed AS (
        SELECT number, enum_code(record.kpi) AS kpi, enum_code(record.municipality) AS unit,
            record.period AS year, unnest(record."values") AS told
        FROM records
    )
    SELECT number, kpi, unit, year, enum_code(told.gender) AS gender, told.value AS value, told.count AS count,
        told.status AS status, CASE told.isdeleted WHEN 'false' THEN false WHEN 'true' THEN true END AS removed
    FROM observed
"""


def ends_here(body: bytes) -> bool:
    """Whether a body seems to be the last page of an answer; what reads it makes sure."""
    return _ENDS.search(_edges(body)) is not None


class Together:
    """A reader of many bodies at once, for one thread."""

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """A database that holds nothing: only its reader is used."""
        return duckdb.connect(config={"threads": 1})

    def read(self, answers: Sequence[Answer], asked: Sequence[dict[str, list[Any]]]) -> pl.DataFrame | None:
        """The observations of whole answers, or None where any of them may be other than it should be.

        ``asked`` holds for each answer the ids and years asked for, by the field they stand in. The frame
        is what ``read_values`` gives for one answer after the other.
        """
        kpis, units = (sorted({name for each in asked for name in each[field]}) for field in ("kpi", "municipality"))
        if not answers:
            return OBSERVATIONS.to_frame()
        bodies = [answer.body.removeprefix(BOM) for answer in answers]
        table = _table(bodies)
        if table is None or not all(map(_ID.fullmatch, (*kpis, *units))):
            return None
        try:
            rows = self._rows(table, kpis, units)
        except (duckdb.Error, pl.exceptions.PolarsError):
            return None
        if not (_whole(rows) and _as_asked(rows, asked, kpis, units) and _counted(rows, bodies, table)):
            return None
        received = pl.Series([answer.received.replace(tzinfo=None) for answer in answers], dtype=pl.Datetime("us"))
        return pl.DataFrame(
            {
                "kalla": pl.repeat("kolada", len(rows), eager=True),
                "kalla_id": pl.Series(kpis, dtype=pl.String).gather(rows["kpi"]),
                "kommun_id": pl.Series(units, dtype=pl.String).gather(rows["unit"]),
                "ar": rows["year"],
                "kon": pl.Series(GENDERS).gather(rows["gender"]),
                "varde": rows["value"],
                "antal": rows["count"],
                "status": rows["status"],
                "borttagen": rows["removed"],
                "hamtad": received.gather(rows["number"]),
            },
            schema=OBSERVATIONS,
        )

    def _rows(self, table: pa.Table, kpis: Sequence[str], units: Sequence[str]) -> pl.DataFrame:
        """What stands in the bodies, a row for each value; ids as places in their lists."""
        structure = _STRUCTURE % (_words(kpis), _words(units), _words(GENDERS))
        self._connection.register("bodies", table)
        try:
            rows: pl.DataFrame = self._connection.sql(_QUERY.format(structure=structure.replace("'", "''"))).pl()
        finally:
            self._connection.unregister("bodies")
        return rows.with_columns(pl.col("year", "count").cast(pl.Int64))


def _edges(body: bytes) -> bytes:
    """Where an envelope's fields stand, the long list of records apart."""
    return body if len(body) <= 2 * EDGE else body[:EDGE] + body[-EDGE:]


def _words(ids: Collection[str]) -> str:
    """The type of a text that is one of these."""
    return f"ENUM({','.join(map(repr, ids))})"


def _table(bodies: Sequence[bytes]) -> pa.Table | None:
    """The bodies where they lie, each with its place and the number of records that it says it has."""
    batches = []
    for number, body in enumerate(bodies):
        says = _SAYS.match(body)
        if says is None or not ends_here(body) or b"\\" in body or not _is_text(body):
            return None
        text = pa.Array.from_buffers(
            pa.string(), 1, [None, pa.array([0, len(body)], pa.int32()).buffers()[1], pa.py_buffer(body)]
        )
        numbers = pa.array([number], pa.uint16()), pa.array([int(says[1])], pa.int64())
        batches.append(pa.RecordBatch.from_arrays([text, *numbers], schema=_BODIES))
    return pa.Table.from_batches(batches, _BODIES)


def _is_text(body: bytes) -> bool:
    """Whether bytes are UTF-8."""
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def _whole(rows: pl.DataFrame) -> bool:
    """Whether nothing is blank but values, and every value is a number."""
    return not any(rows[name].has_nulls() for name in rows.columns if name != "value") and bool(
        rows["value"].is_finite().all()
    )


def _as_asked(
    rows: pl.DataFrame, asked: Sequence[dict[str, list[Any]]], kpis: Sequence[str], units: Sequence[str]
) -> bool:
    """Whether each answer holds what it was asked for and nothing else, and no observation twice."""
    years = sorted({year for each in asked for year in each["period"]})
    if not rows["year"].is_between(years[0], years[-1]).all():
        return False
    place = number = rows["number"].cast(pl.Int64)
    for field, column, ids in (
        ("kpi", rows["kpi"], kpis),
        ("municipality", rows["unit"], units),
        ("period", rows["year"] - years[0], range(years[0], years[-1] + 1)),
    ):
        wanted = pl.Series([each in these for these in (set(of[field]) for of in asked) for each in ids])
        if not wanted.gather(number * len(ids) + column).all():
            return False
        place = place * len(ids) + column
    place = place * len(GENDERS) + rows["gender"]
    # Most answers are in order, and then nothing is there twice.
    return bool((place.diff() > 0).all()) or place.n_unique() == len(place)


def _counted(rows: pl.DataFrame, bodies: Sequence[bytes], table: pa.Table) -> bool:
    """Whether the bodies hold the bytes that these rows need, and none more.

    More is the only way to differ: each field is there. So a surplus in one body is never made good by another.
    """
    says: list[int] = table["said"].to_pylist()
    statuses: dict[str, int] = dict(rows["status"].value_counts().iter_rows())
    if any(_NO_TEXT.match(status) for status in statuses):
        return False
    truths = int(rows["removed"].sum())
    first_pages = sum(_NO_PREVIOUS.search(_edges(body)) is not None for body in bodies)
    needed = dict.fromkeys(_COUNTED, 0)
    for byte in needed:
        needed[byte] = (
            _ENVELOPE.count(byte) * len(bodies)
            + _PREVIOUS.count(byte) * first_pages
            + _RECORD.count(byte) * sum(says)
            + _VALUE.count(byte) * len(rows)
            + sum(status.encode().count(byte) * count for status, count in statuses.items())
        )
    # No comma follows the last of a list.
    needed[ord(",")] -= sum(says) + sum(said > 0 for said in says)
    needed[ord("u")] += rows["value"].null_count() + truths
    needed[ord("f")] += len(rows) - truths
    return needed == _bytes(bodies)


def _bytes(bodies: Sequence[bytes]) -> dict[int, int]:
    """How often each of the counted bytes stands in the bodies."""
    found = dict.fromkeys(_COUNTED, 0)
    for body in bodies:
        # One at a time: what is compared then fits in memory that was used a moment ago.
        letters = pl.Series(pa.Array.from_buffers(pa.uint8(), len(body), [None, pa.py_buffer(body)]))
        for byte in found:
            found[byte] += int((letters == byte).sum())
    return found
