"""Many bodies at once: the same rows as one by one, or the same error; never a row that reading with care refuses."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError
from sources.http import Live
from sources.kolada import Kolada, requests
from sources.kolada_bodies import read_values
from sources.kolada_patterns import read_patterned
from tests.sources.kolada_example import KPIS, SHAPE, UNITS, VALUES, YEARS, expected, rows, server
from tests.sources.test_kolada_bodies import TOLERATED, WRONG, Edit

Connect = Callable[..., Live]

ASKED: Final[dict[str, list[Any]]] = {"kpi": ["N00090", "N00100"], "municipality": ["0126", "1480"], "period": [2020]}
REQUEST: Final = Request("kolada", "/data/x")
AT: Final = datetime(2026, 1, 1, tzinfo=UTC)

RECORD: Final = {
    "kpi": ['"N00090"', '"N00100"', "90", "true", "null", '"N00091"'],
    "municipality": ['"0126"', '"1480"', "1480", "1480.0", "null", '"0180"'],
    "period": ["2020", "2020.0", "2020.4", '"2020"', "true", "null", "2021", "2.02e3", "99999999999999999999"],
}
VALUE: Final = {
    "gender": ['"T"', '"K"', "1", "null", '"F"'],
    "count": ["1", "0", "1.0", "1.4", '"1"', "true", "null", "NaN", "99999999999999999999", "-0"],
    "status": ['""', '"Missing"', '"fu"', "5", "true", "false", "null", "{}", '"\\u0066"', '"a,b"', '"true"', '"5"'],
    "value": [
        "1.5",
        "null",
        "7",
        '"1.5"',
        "true",
        "false",
        "NaN",
        "-Infinity",
        "1e999",
        "1e5",
        "0.1234567890123456789",
        "01",
        "-01.5",
        "1.",
        "1.e5",
        "-.5",
        "+1",
        "-0.0",
        "1E5",
        "1,5",
    ],
    "isdeleted": ["false", "true", "0", "1", '"false"', '"true"', "null", "1.0"],
}


def answer(body: bytes, minutes: int = 0) -> Answer:
    """An answer with this body."""
    return Answer(200, {}, body, AT + timedelta(minutes=minutes))


def alone(bodies: Sequence[bytes]) -> pl.DataFrame:
    """The rows of the bodies, read one by one."""
    return pl.concat([read_values(REQUEST, answer(body, number), ASKED).frame for number, body in enumerate(bodies)])


def together(bodies: Sequence[bytes]) -> pl.DataFrame | None:
    """The rows of the bodies, read at once."""
    return read_patterned([answer(body, number) for number, body in enumerate(bodies)], [ASKED] * len(bodies))


def envelope(records: str, count: int = 1, more: str = "") -> bytes:
    """A body with these records."""
    return f'{{"count":{count},"next_url":null,{more}"values":[{records}]}}'.encode()


def record(values: str, unit: str = "0126") -> str:
    """A record with these values."""
    return f'{{"kpi":"N00090","municipality":"{unit}","period":2020,"values":[{values}]}}'


USUAL_VALUE: Final = '{"gender":"T","count":1,"status":"","value":1.5,"isdeleted":false}'


ODD: Final = [(name, word) for choices in (RECORD, VALUE) for name, words in choices.items() for word in [*words, None]]
MORE: Final = [("", '"x":1'), ("", '"value":2'), ("", '"x":"f"'), ("", '"next_page":null'), ("", " ")]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A body of records as usual, but for a few fields: an odd word, none at all, or a field too many."""
    keys = [("N00090", "0126"), ("N00090", "1480"), ("N00100", "1480")][: draw(st.integers(0, 3))]
    edits = draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ODD + MORE)), max_size=3))
    records = []
    for place, (kpi, unit) in enumerate(keys):
        fields = {name: f'"{name}":{words[0]}' for choices in (RECORD, VALUE) for name, words in choices.items()}
        fields |= {"kpi": f'"kpi":"{kpi}"', "municipality": f'"municipality":"{unit}"', "more": ""}
        for at, (name, word) in edits:
            if at == place:
                fields[name or "more"] = f'"{name}":{word}' if name and word else word or ""
        inner = ",".join(fields[name] for name in (*VALUE, "more") if fields[name])
        outer = ",".join(fields[name] for name in RECORD if fields[name])
        records.append(f'{{{outer},"values":[{{{inner}}}]}}')
    more = draw(st.sampled_from(["", '"previous_url":null,', '"next_page":null,', '"total":1,', '"previous_url":"x",']))
    return envelope(",".join(records), draw(st.sampled_from([len(records), len(records), 9])), more)


@settings(deadline=None)
@given(st.lists(bodies(), min_size=1, max_size=2))
def test_what_is_read_at_once_is_what_is_read_with_care(found: list[bytes]) -> None:
    frame = together(found)
    if frame is not None:
        assert frame.equals(alone(found))


def test_usual_bodies_are_read_at_once() -> None:
    two = USUAL_VALUE + "," + USUAL_VALUE.replace('"T"', '"K"').replace("1.5", "null").replace("false", "true")
    found = [
        envelope(record(two)),
        envelope(record(USUAL_VALUE, "1480").replace('""', '"Missing"'), more='"previous_url":null,'),
        envelope("", 0),
        envelope(record(USUAL_VALUE.replace("0126", "1480"))).replace(b":", b": ").replace(b",", b",\n "),
    ]
    frame = together(found[:3])
    assert frame is not None
    assert frame.equals(alone(found[:3]))
    spaced = together(found[3:])
    assert spaced is not None
    assert spaced.equals(alone(found[3:]))


PAIRS: Final = {
    "text for a number, a number for text": ('"status":""', '"status":5', '"value":1.5', '"value":"1.5"'),
    "a number for a unit, text for a count": (
        '"municipality":"1480"',
        '"municipality":1480',
        '"count":1,"s',
        '"count":"1","s',
    ),
    "0 for false, false for a value": ("false}", "0}", '"value":1.5', '"value":false'),
    "1 for true, true for a value": ("false}", "1}", '"value":1.5', '"value":true'),
    "a value left out, one given twice": ('"value":1.5,', "", '"value":1.5,', '"value":null,"value":3,'),
    "a field left out, a new one": ('"isdeleted":false', '"removed":false', '"value":1.5', '"value":1.5'),
    "a year with decimals": ("2020,", "2020.0,", "2020", "2020"),
    "a comma too many": ("false}", "false,}", "2020", "2020"),
    "a list of the same shape beside the records": ('"values":[', '"values":[],"others":[', "x", "x"),
    "a record that has lost its end": ("]}", "}", '"values":[', '"values":[['),
    "a whole record of another unit": ('"municipality":"0126"', '"municipality":"1480"', "x", "x"),
}


@pytest.mark.parametrize(("odd", "made", "other", "good"), PAIRS.values(), ids=PAIRS)
def test_two_faults_do_not_make_each_other_good(odd: str, made: str, other: str, good: str) -> None:
    usual = [record(USUAL_VALUE, unit) for unit in ("1480", "0126")]
    spoilt = usual[0].replace(odd, made, 1), usual[1].replace(other, good, 1)
    for found in ([envelope(",".join(spoilt), 2)], [envelope(each) for each in spoilt]):
        frame = together(found)
        if frame is not None:
            assert frame.equals(alone(found))


def test_each_answer_is_held_to_what_was_asked_of_it() -> None:
    found = [envelope(record(USUAL_VALUE, "1480")), envelope(record(USUAL_VALUE, "0126"))]
    asked = [{**ASKED, "municipality": ["0126"]}, {**ASKED, "municipality": ["1480"]}]
    answers = [answer(body) for body in found]
    assert read_patterned(answers, asked) is None
    assert read_patterned(answers, asked[::-1]) is not None


def read(live: Live) -> pl.DataFrame:
    """The example, read in batches."""
    return pl.concat([each.frame for each in Kolada(live).batches(requests(KPIS, UNITS, YEARS), 2)])


@pytest.mark.parametrize(("edit", "message"), WRONG.values(), ids=WRONG)
def test_a_batch_is_refused_with_the_same_words(connect: Connect, archive: Archive, edit: Edit, message: str) -> None:
    with server() as kolada:
        kolada.edit = edit
        with pytest.raises(AnswerError, match="/data/kpi/N00090") as refusal:
            read(connect("kolada", kolada.url))
    assert message in str(refusal.value)
    [asked] = requests(KPIS, UNITS, YEARS)
    assert archive.find(asked) is None


@pytest.mark.parametrize("edit", TOLERATED.values(), ids=TOLERATED)
def test_what_does_no_harm_is_tolerated_in_a_batch(connect: Connect, edit: Edit) -> None:
    with server() as kolada:
        kolada.edit = edit
        found = read(connect("kolada", kolada.url))
    assert rows(found).equals(expected(VALUES).sort(SHAPE[:4]))


def test_pages_that_go_on_are_read_to_the_end(connect: Connect) -> None:
    with server(page_size=4) as kolada:
        found = read(connect("kolada", kolada.url))
    assert rows(found).equals(expected(VALUES).sort(SHAPE[:4]))
