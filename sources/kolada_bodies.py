"""From the bytes of a Kolada v3 answer to a frame, with nothing let through that is not as it should be.

Here belongs the reading of bodies. What is asked, and how pages follow each other, stands in ``kolada``.

Arrow's JSON reader does the work: it is strict about types and about keys given twice, tolerates new
fields and a byte order mark, and is about as fast as any. What it lets through is checked here: NaN,
a missing field (which it reads as null), a count that disagrees, the envelope of version 2.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

import polars as pl
import pyarrow as pa
from pyarrow import compute
from pyarrow import json as arrow_json

from sources.archive import Answer, Request
from sources.errors import AnswerError

REMEDY: Final = "Nothing of this answer is used; if it stays so, the service has changed or is out of order."
BOM: Final = b"\xef\xbb\xbf"
EDGE: Final = 2000
GENDERS: Final = ("T", "K", "M")

_VALUE: Final = pa.struct(
    [
        ("gender", pa.string()),
        ("count", pa.int64()),
        ("status", pa.string()),
        ("value", pa.float64()),
        ("isdeleted", pa.bool_()),
    ]
)
_RECORD: Final = pa.struct(
    [("kpi", pa.string()), ("municipality", pa.string()), ("period", pa.int64()), ("values", pa.list_(_VALUE))]
)
_KPI: Final = pa.struct(
    [("id", pa.string()), ("title", pa.string())]
    + [
        (name, pa.string())
        for name in (
            "description",
            "municipality_type",
            "auspice",
            "operating_area",
            "perspective",
            "publication_date",
            "prel_publication_date",
        )
    ]
)
_MUNICIPALITY: Final = pa.struct([("id", pa.string()), ("title", pa.string()), ("type", pa.string())])

OBSERVATIONS: Final = pl.Schema(
    [
        ("kalla_id", pl.String()),
        ("kommun_id", pl.String()),
        ("ar", pl.Int64()),
        ("kon", pl.String()),
        ("varde", pl.Float64()),
        ("antal", pl.Int64()),
        ("status", pl.String()),
        ("borttagen", pl.Boolean()),
        ("hamtad", pl.Datetime("us")),
    ]
)


@dataclass(frozen=True)
class Page:
    """A page of an answer: its rows, how many records they came in, and the next page if there is one."""

    frame: pl.DataFrame
    count: int
    next_url: str | None


def read_kpis(request: Request, answer: Answer) -> Page:
    """A page of the list of KPIs, with the year (``publ_period``) and day of the next publication.

    The year comes as a text or as a number, and a calendar that cannot be read is no fault of a list.
    """
    page = _listed(request, answer, _KPI, ("id", "title"))
    periods = [str(kpi.get("publ_period")) for kpi in json.loads(answer.body.decode("utf-8-sig"))["values"]]
    calendar = (
        pl.Series("publ_period", periods, pl.String).cast(pl.Int64, strict=False),
        pl.col("publication_date").str.to_date("%Y-%m-%d", strict=False),
    )
    return replace(page, frame=page.frame.with_columns(*calendar))


def read_municipalities(request: Request, answer: Answer) -> Page:
    """A page of the list of municipalities and regions."""
    return _listed(request, answer, _MUNICIPALITY, ("id", "title", "type"))


def read_values(request: Request, answer: Answer, asked: Mapping[str, Collection[Any]]) -> Page:
    """A page of observations. ``asked`` holds the ids and years asked for, by the field they stand in."""
    records, next_url = _page(request, answer, _RECORD)
    outer = _fields(request, records, ("kpi", "municipality", "period", "values"))
    inner = _fields(request, outer["values"].flatten(), ("gender", "count", "status", "isdeleted"))
    for field, wanted in asked.items():
        _among(request, field, outer[field], wanted)
    _among(request, "gender", inner["gender"], GENDERS)
    _numbers_stand(request, answer.body, inner["value"])
    row = pl.Series(compute.list_parent_indices(outer["values"]))
    frame = pl.DataFrame(
        {
            "kalla_id": pl.Series(outer["kpi"]).gather(row),
            "kommun_id": pl.Series(outer["municipality"]).gather(row),
            "ar": pl.Series(outer["period"]).gather(row),
            "kon": pl.Series(inner["gender"]),
            "varde": pl.Series(inner["value"]),
            "antal": pl.Series(inner["count"]),
            "status": pl.Series(inner["status"]),
            "borttagen": pl.Series(inner["isdeleted"]),
            "hamtad": pl.repeat(answer.received.replace(tzinfo=None), len(row), dtype=pl.Datetime("us"), eager=True),
        }
    )
    return Page(frame, len(records), next_url)


def _listed(request: Request, answer: Answer, record: pa.DataType, needed: Collection[str]) -> Page:
    """A page of a list whose records hold these fields."""
    records, next_url = _page(request, answer, record)
    columns = _fields(request, records, needed)
    return Page(pl.DataFrame({name: pl.Series(column) for name, column in columns.items()}), len(records), next_url)


def _fields(request: Request, records: pa.StructArray, needed: Collection[str]) -> dict[str, Any]:
    """The fields of records by name; refuse records in which a needed one is missing or null."""
    columns = {field.name: column for field, column in zip(records.type, records.flatten(), strict=True)}
    for name in needed:
        if columns[name].null_count:
            raise _wrong(request, f"a record lacks the field {name!r}, or has null in it")
    return columns


def _among(request: Request, field: str, column: pa.Array, wanted: Collection[Any]) -> None:
    """Refuse a field that holds something else than it may."""
    others = set(compute.unique(column).to_pylist()) - set(wanted)
    if others:
        raise _wrong(request, f"{field} {min(others)!r} is in the answer and was not asked for")


def _numbers_stand(request: Request, body: bytes, values: pa.Array) -> None:
    """Refuse NaN and infinity, and a value that is not null but missing."""
    if compute.any(compute.invert(compute.is_finite(values))).as_py():
        raise _wrong(request, "a value is NaN or infinite")
    if values.null_count not in (0, body.count(b'"value":null')):
        # Blanks, or a new field of that name somewhere else, would do this too: look at each value.
        records = json.loads(body.decode("utf-8-sig"))["values"]
        if any("value" not in value for record in records for value in record["values"]):
            raise _wrong(request, "a record lacks the field 'value'")


def _page(request: Request, answer: Answer, record: pa.DataType) -> tuple[pa.StructArray, str | None]:
    """Read an answer's envelope: its records, and the next page."""
    _is_version_3(request, answer.body)
    envelope = [("count", pa.int64()), ("next_url", pa.string()), ("next_page", pa.string())]
    table = _parsed(request, answer.body, pa.schema([*envelope, ("values", pa.list_(record))]))
    if table.num_rows != 1:
        raise _wrong(request, f"the body holds {table.num_rows} JSON documents")
    count, next_url, next_page = (table[name][0].as_py() for name, _ in envelope)
    if next_page is not None:
        raise _wrong(request, "the body is of version 2 of the API (next_page)")
    if count is None or table["values"].null_count:
        raise _wrong(request, f"the body lacks the field {'count' if count is None else 'values'!r}")
    records = table["values"].chunk(0).flatten()
    if len(records) != count:
        raise _wrong(request, f"the body holds {len(records)} records and says {count}")
    return records, next_url


def _is_version_3(request: Request, body: bytes) -> None:
    """Refuse what is no JSON object, and the envelope of version 2, before anything is read out of it."""
    begins = body[:EDGE].removeprefix(BOM).lstrip()
    if not begins.startswith(b"{"):
        quoted = " ".join(begins[:80].decode(errors="replace").split())
        raise _wrong(request, f"the body is no JSON object; it begins {quoted!r}")
    edges = body[:EDGE] + body[-EDGE:]
    if b'"next_page"' in edges:
        raise _wrong(request, "the body is of version 2 of the API (next_page)")
    if b'"next_url"' not in edges and b'"next_url"' not in body:
        raise _wrong(request, "the body lacks the field 'next_url'")
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise _wrong(request, f"the body is not UTF-8 (byte {error.start})") from error


def _parsed(request: Request, body: bytes, schema: pa.Schema) -> pa.Table:
    """Let Arrow read the body as one document."""
    reading = arrow_json.ReadOptions(use_threads=False, block_size=len(body) + 1)
    parsing = arrow_json.ParseOptions(
        explicit_schema=schema, unexpected_field_behavior="ignore", newlines_in_values=b"\n" in body.rstrip()
    )
    try:
        return arrow_json.read_json(BytesIO(body), read_options=reading, parse_options=parsing)
    except pa.ArrowInvalid as error:
        raise _wrong(request, f"the body is not as it should be: {error}") from error


def _wrong(request: Request, what: str) -> AnswerError:
    """The error for an answer that came whole and is not as it should be."""
    return AnswerError(f"{what}.", where=request.name, remedy=REMEDY)
