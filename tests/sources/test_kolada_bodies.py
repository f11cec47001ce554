"""Bodies of Kolada: right, harmlessly odd, or refused with what was asked and what came."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError
from sources.http import Live
from sources.kolada import requests
from sources.kolada_bodies import read_values
from tests.servers.loopback import Fault, Faults, Reply
from tests.sources.kolada_example import KPIS, SHAPE, UNITS, VALUES, YEARS, ask, expected, rows, server

Connect = Callable[..., Live]
Edit = Callable[[dict[str, Any]], Any]


def first(payload: dict[str, Any]) -> dict[str, Any]:
    """The first value of the first record."""
    value: dict[str, Any] = payload["values"][0]["values"][0]
    return value


def changed(**fields: object) -> Edit:
    """Change fields of the first value."""
    return lambda payload: (first(payload).update(fields), payload)[1]


def changed_record(**fields: object) -> Edit:
    """Change fields of the first record."""
    return lambda payload: (payload["values"][0].update(fields), payload)[1]


def without(field: str) -> Edit:
    """Leave out a field of the first value."""
    return lambda payload: (first(payload).pop(field), payload)[1]


def without_in_record(field: str) -> Edit:
    """Leave out a field of the first record."""
    return lambda payload: (payload["values"][0].pop(field), payload)[1]


def without_in_envelope(field: str) -> Edit:
    """Leave out a field of the envelope."""
    return lambda payload: (payload.pop(field), payload)[1]


def version_2(payload: dict[str, Any]) -> dict[str, Any]:
    """The envelope of version 2."""
    return {"next_page" if name == "next_url" else name: content for name, content in payload.items()}


def repeated(**fields: object) -> Edit:
    """Give the first value of the first record once more, perhaps changed."""
    return lambda payload: (payload["values"][0]["values"].append({**first(payload), **fields}), payload)[1]


def shortened(payload: dict[str, Any]) -> dict[str, Any]:
    """Lose a record."""
    return {**payload, "values": payload["values"][1:]}


def enveloped(**fields: object) -> Edit:
    """Change the envelope."""
    return lambda payload: {**payload, **fields}


WRONG: Final[Mapping[str, tuple[Edit, str]]] = {
    "version 2": (version_2, "version 2"),
    "version 2 with both": (enveloped(next_page="x"), "version 2"),
    "a value that is a string": (changed(value="12.3"), "number to string"),
    "a value that is true": (changed(value=True), "boolean"),
    "a period as text": (changed_record(period="2020"), "number to string"),
    "a period with decimals": (changed_record(period=2020.5), "2020.5"),
    "an id as a number": (changed_record(kpi=90), "string to number"),
    "isdeleted as a number": (changed(isdeleted=0), "boolean to number"),
    "a count that is null": (changed(count=None), "'count'"),
    "an unknown gender": (changed(gender="F"), "gender 'F' is in the answer"),
    "another unit": (changed_record(municipality="1480"), "'1480' is in the answer"),
    "another KPI": (changed_record(kpi="N00001"), "'N00001' is in the answer"),
    "another year": (changed_record(period=1999), "1999 is in the answer"),
    "values that are null": (changed_record(values=None), "'values'"),
    "a record that is null": (enveloped(values=[None], count=1), "'kpi'"),
    "two values for one": (repeated(value=99.5), "has two values"),
    "a lost record": (shortened, "26 records and says 27"),
    "no record at all": (enveloped(values=None), "lacks the field 'values'"),
    "a list": (lambda payload: [payload], "no JSON object"),
    "two documents": (lambda _: b'{"count":0,"next_url":null,"values":[]}\n' * 2, "2 JSON documents"),
    "an empty object": (lambda _: {}, "lacks the field 'next_url'"),
    "a page that leads to itself": (enveloped(next_url="?page=1"), "never end"),
    "another resource": (enveloped(next_url="https://a.se/v3/kpi?page=2"), "another resource"),
    "no address of a next page": (enveloped(next_url="http://[x/v3"), "no address"),
    "an empty page that leads on": (enveloped(values=[], count=0, next_url="?page=2"), "empty page"),
    "a value given twice": (lambda _: body('"value":1,"value":2'), "twice"),
    "decimals of a count": (changed(count=1.5), "1.5"),
    "a value that is false": (changed(value=False), "boolean"),
    "true after a blank": (lambda _: body('"value": true'), "boolean"),
    "true after a line break": (lambda _: body('"value":\ntrue'), "boolean"),
    "a renamed value": (lambda _: body('"varde":1.5'), "'value'"),
    "a number beyond bounds": (lambda _: body('"value":1e999'), "too big"),
    "infinity": (lambda _: body('"value":-Infinity'), "NaN or infinite"),
    "not UTF-8": (lambda _: body('"value":null').replace(b'"status":""', b'"status":"\xff"'), "not UTF-8"),
    **{f"no {name}": (without(name), f"'{name}'") for name in ("gender", "count", "status", "value", "isdeleted")},
    **{f"no {name}": (without_in_record(name), f"'{name}'") for name in ("kpi", "municipality", "period", "values")},
    **{f"no {name} in the envelope": (without_in_envelope(name), f"'{name}'") for name in ("count", "next_url")},
}


def body(value: str) -> bytes:
    """A whole body with one value, to be spoilt as bytes."""
    return (
        '{"count":1,"next_url":null,"values":[{"kpi":"N00090","municipality":"0000","period":2020,'
        f'"values":[{{"gender":"T","count":1,"status":"",{value},"isdeleted":false}}]}}]}}'
    ).encode()


@pytest.mark.parametrize(("edit", "message"), WRONG.values(), ids=WRONG)
def test_a_body_that_is_not_as_it_should_be_is_refused(
    connect: Connect, archive: Archive, edit: Edit, message: str
) -> None:
    with server() as kolada:
        kolada.edit = edit
        live = connect("kolada", kolada.url)
        with pytest.raises(AnswerError, match="/data/kpi/N00090") as refusal:
            ask(live)
    assert message in str(refusal.value)
    assert len(kolada.log) <= 2
    [asked] = requests(KPIS, UNITS, YEARS)
    assert archive.find(asked) is None
    assert archive.verify() == []


def test_a_page_of_html_is_quoted(connect: Connect) -> None:
    with server(faults=Faults([Fault.HTML])) as kolada, pytest.raises(AnswerError, match="<!doctype html>"):
        ask(connect("kolada", kolada.url))


def test_nan_is_refused(connect: Connect) -> None:
    with server(faults=Faults([Fault.NAN])) as kolada, pytest.raises(AnswerError, match="NaN"):
        ask(connect("kolada", kolada.url))


def pretty(payload: dict[str, Any]) -> bytes:
    """The same with line breaks."""
    compact = Reply(payload).body
    return compact.replace(b",", b",\n  ")


TOLERATED: Final[Mapping[str, Edit]] = {
    "a new field": changed(quality={"value": 1, "notes": ["x"]}),
    "a new field in a record": changed_record(updated="2026-01-01"),
    "a new field in the envelope": enveloped(total=27, links=[]),
    "an identical duplicate": repeated(),
    "line breaks": pretty,
    "no previous_url": without_in_envelope("previous_url"),
}


@pytest.mark.parametrize("edit", TOLERATED.values(), ids=TOLERATED)
def test_what_does_no_harm_is_tolerated(connect: Connect, edit: Edit) -> None:
    with server() as kolada:
        kolada.edit = edit
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_a_record_without_values_is_no_observation(connect: Connect) -> None:
    with server() as kolada:
        kolada.edit = changed_record(values=[])
        assert len(ask(connect("kolada", kolada.url)).frame) == len(expected(VALUES)) - 3


@given(values=st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_reading_gives_exactly_the_numbers_that_were_written(values: list[float | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Float64}).with_columns(
        kpi=pl.lit("N00090"),
        municipality=pl.lit("0126"),
        period=pl.int_range(pl.len()) + 1990,
        gender=pl.lit("T"),
        count=pl.lit(1),
        status=pl.lit(""),
        isdeleted=pl.lit(value=False),
    )
    records = frame.group_by("kpi", "municipality", "period", maintain_order=True).agg(
        pl.struct("gender", "count", "status", "value", "isdeleted").alias("values")
    )
    payload = {"count": len(records), "next_url": None, "values": records.to_dicts()}
    answer = Answer(200, {}, Reply(payload).body, datetime(2026, 1, 1, tzinfo=UTC))
    page = read_values(Request("kolada", "/data/x"), answer, {"kpi": ["N00090"]})
    assert page.frame["varde"].to_list() == values
