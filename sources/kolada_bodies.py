"""From the bytes of a Kolada v3 answer to a frame, with nothing let through that is not as it should be.

Here belongs the reading of bodies. What is asked, and how pages follow each other, stands in ``kolada``.

Arrow's JSON reader does the work: it is strict about types and about keys given twice, tolerates new
fields and a byte order mark, and is about as fast as any. What it lets through is checked here: NaN,
a missing field (which it reads as null), a count that disagrees, the envelope of version 2.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import polars as pl
import pyarrow as pa
from pyarrow import json as arrow_json

from sources.archive import Answer, Request
from sources.errors import AnswerError

REMEDY: Final = "Nothing of this answer is used; if it stays so, the service has changed or is out of order."
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
        ("kalla", pl.String()),
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
    """A page of an answer: its records, and the address of the next page if there is one."""

    records: pl.DataFrame
    next_url: str | None


def read_kpis(request: Request, answer: Answer) -> Page:
    """A page of the list of KPIs."""
    return _listed(request, answer, _KPI, ("id", "title"))


def read_municipalities(request: Request, answer: Answer) -> Page:
    """A page of the list of municipalities and regions."""
    return _listed(request, answer, _MUNICIPALITY, ("id", "title", "type"))


def read_values(request: Request, answer: Answer, asked: Mapping[str, Sequence[Any]]) -> Page:
    """A page of observations. ``asked`` holds the ids and years asked for, by the field they stand in."""
    page = _page(request, answer, _RECORD)
    _complete(request, page.records, ("kpi", "municipality", "period", "values"))
    for field, wanted in asked.items():
        others = page.records.filter(~pl.col(field).is_in(wanted))
        if not others.is_empty():
            raise _wrong(request, f"{field} {others[field][0]!r} is in the answer and was not asked for")
    flat = page.records.explode("values", empty_as_null=False).unnest("values")
    _complete(request, flat, ("gender", "count", "status", "isdeleted"))
    _values_stand(request, answer.body, flat)
    strange = flat.filter(~pl.col("gender").is_in(GENDERS))
    if not strange.is_empty():
        raise _wrong(request, f"gender {strange['gender'][0]!r} is none of {', '.join(GENDERS)}")
    return Page(_named(flat, answer), page.next_url)


def _named(flat: pl.DataFrame, answer: Answer) -> pl.DataFrame:
    """The published names, and when these bytes were first received."""
    return flat.select(
        pl.lit("kolada").alias("kalla"),
        pl.col("kpi").alias("kalla_id"),
        pl.col("municipality").alias("kommun_id"),
        pl.col("period").alias("ar"),
        pl.col("gender").alias("kon"),
        pl.col("value").alias("varde"),
        pl.col("count").alias("antal"),
        pl.col("status"),
        pl.col("isdeleted").alias("borttagen"),
        pl.lit(answer.received.replace(tzinfo=None), pl.Datetime("us")).alias("hamtad"),
    )


def _values_stand(request: Request, body: bytes, flat: pl.DataFrame) -> None:
    """Refuse NaN and infinity, and a value that is not null but missing."""
    values = flat["value"]
    if values.is_finite().not_().any():
        raise _wrong(request, "a value is NaN or infinite")
    if values.null_count() and body.count(b'"value"') != len(flat):
        # A new field of that name somewhere else would do this too: look at each value.
        records = json.loads(body.decode("utf-8-sig"))["values"]
        if any("value" not in value for record in records for value in record["values"]):
            raise _wrong(request, "a record lacks the field 'value'")


def _listed(request: Request, answer: Answer, record: pa.DataType, needed: tuple[str, ...]) -> Page:
    """A page of a list whose records hold these fields."""
    page = _page(request, answer, record)
    _complete(request, page.records, needed)
    return page


def _page(request: Request, answer: Answer, record: pa.DataType) -> Page:
    """Read an answer's envelope and its records."""
    body = answer.body
    _is_version_3(request, body)
    envelope = [("count", pa.int64()), ("next_url", pa.string()), ("next_page", pa.string())]
    schema = pa.schema([*envelope, ("values", pa.list_(record))])
    table = _parsed(request, body, schema)
    if table.num_rows != 1:
        raise _wrong(request, f"the body holds {table.num_rows} JSON documents")
    count, next_url, next_page = (table[name][0].as_py() for name in ("count", "next_url", "next_page"))
    if next_page is not None:
        raise _wrong(request, "the body is of version 2 of the API (next_page)")
    if count is None or table["values"].null_count:
        raise _wrong(request, f"the body lacks the field {'count' if count is None else 'values'!r}")
    records = pl.DataFrame(pl.from_arrow(table.select(["values"])))["values"].explode(empty_as_null=False)
    if len(records) != count:
        raise _wrong(request, f"the body holds {len(records)} records and says {count}")
    return Page(records.struct.unnest(), next_url)


def _is_version_3(request: Request, body: bytes) -> None:
    """Refuse what is no JSON object, and the envelope of version 2, before anything is read out of it."""
    begins = body[:EDGE].removeprefix(b"\xef\xbb\xbf").lstrip()
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


def _complete(request: Request, frame: pl.DataFrame, fields: tuple[str, ...]) -> None:
    """Refuse records in which a field is missing or null."""
    for field in fields:
        if frame[field].null_count():
            raise _wrong(request, f"a record lacks the field {field!r}, or has null in it")


def _wrong(request: Request, what: str) -> AnswerError:
    """The error for an answer that came whole and is not as it should be."""
    return AnswerError(f"{what}.", where=request.name, remedy=REMEDY)
