"""Bodies of observations as they usually are, read by their pattern: quickly, and without judging.

Here belongs reading that gives the rows of some bodies, or nothing. Bodies of which it gives nothing are
read one by one in ``kolada_bodies``, which tells what is wrong with them, or that all is well.

Records are alike but for ids and year, values but for the number. So the first of each kind is read as
JSON, and of all others it is made sure, byte for byte, that they are the same around the gaps where they
may differ, and that each gap holds an id or a year that was asked for, or a number. A field more or less,
text for a number or a blank in an odd place makes another kind, or fits none.

Bytes are compared eight at a time, as whole numbers with the first byte lowest. In a pattern, a zero
stands for any byte; JSON has none.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NoReturn

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from sources.archive import Answer
from sources.kolada_bodies import BOM, EDGE, GENDERS, OBSERVATIONS

Letters = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Truths = npt.NDArray[np.bool_]

WORD: Final = 8
PADDING: Final = 256
"""Zeros after a text, so that what is looked up at its end is there."""

TABLE: Final = 15
"""Bits of a place in the table of ids."""
MOST_KINDS: Final = 100
"""How many kinds of values there may be: they differ in gender, count, status and mark of removal."""

_FIELDS: Final = ("kpi", "municipality", "period")
_TOLD: Final = ("gender", "count", "status", "isdeleted")
_LAST_PAGE: Final = re.compile(rb'"next_url"\s*:\s*null')
_LIST: Final = re.compile(rb'"values"\s*:\s*\[\Z')
_COMMA: Final = re.compile(rb"\}(,\s*)\{")
_ID: Final = re.compile(rb'"(kpi|municipality|period)"\s*:\s*"?(\w+)')
_NUMBER: Final = re.compile(rb'"value"\s*:\s*([^\s,}]+)')
_NULL: Final = b"null"
_CLOSING: Final = b"]}"
_SHIFT: Final = np.uint64(64 - TABLE)
_FACTORS: Final = np.random.default_rng(0).integers(1 << 62, 1 << 63, 100, np.uint64)


class _UnusualError(Exception):
    """A body is not as usual, whether or not anything is wrong with it."""


def ends_here(body: bytes) -> bool:
    """Whether a body seems to be the last page of an answer; what reads it makes sure."""
    return _LAST_PAGE.search(body[:EDGE] + body[-EDGE:]) is not None


def holds_nothing(body: bytes) -> bool:
    """Whether a body seems to hold no record; what reads it makes sure."""
    return len(body) <= EDGE and body.count(b"{") == 1


def read_patterned(answers: Sequence[Answer], asked: Sequence[Mapping[str, Sequence[Any]]]) -> pl.DataFrame | None:
    """The observations of answers of one page, or None where any of them is not as usual.

    ``asked`` holds for each answer the ids and years asked for, by the field they stand in. The frame
    is what ``read_values`` gives for one answer after the other; no answer holds an observation twice.
    """
    try:
        return _read(answers, asked)
    except (_UnusualError, ValueError, LookupError, RecursionError):
        return None


def _read(answers: Sequence[Answer], asked: Sequence[Mapping[str, Sequence[Any]]]) -> pl.DataFrame:
    """The observations."""
    text = _text([answer.body.removeprefix(BOM) for answer in answers])
    if not text.counts.any():
        return OBSERVATIONS.to_frame()
    objects = _objects(text)
    ids = _ids(text, objects, asked)
    kinds, kind = _kinds(text, objects)
    _require_once(objects, ids, np.array([GENDERS.index(each.told["gender"]) for each in kinds])[kind])
    told = {name: pl.Series([each.told[name] for each in kinds])[kind] for name in _TOLD}
    came = pl.Series([answer.received.replace(tzinfo=None) for answer in answers], dtype=pl.Datetime("us"))
    columns = [
        *(ids[name].asked[ids[name].number[objects.record]] for name in _FIELDS),
        told["gender"],
        _numbers(text, objects, kinds, kind),
        *(told[name] for name in ("count", "status", "isdeleted")),
        came[objects.answer[objects.record]],
    ]
    return pl.DataFrame(dict(zip(OBSERVATIONS, columns, strict=True)), schema=OBSERVATIONS)


@dataclass(frozen=True)
class _Text:
    """The records of several bodies as one list: its bytes, its letters, and the words that begin at each letter.

    ``counts`` is how many records each body has, ``starts`` where those of each that has any begin and
    ``braces`` where each object begins. Each record is followed by ``comma``, the last one too.
    """

    body: bytes
    letters: Letters
    words: Words
    comma: bytes
    counts: Places
    starts: Places
    braces: Places


def _text(bodies: Sequence[bytes]) -> _Text:
    """Take the records of bodies out of their envelopes."""
    begins = [body.find(b"[") + 1 for body in bodies]
    ends = [max(body.rfind(b"}]") + 1, begin) for body, begin in zip(bodies, begins, strict=True)]
    spans = list(zip(bodies, begins, ends, strict=True))
    counts = np.array([_count(body[:begin], body[end:]) for body, begin, end in spans])
    comma = next((found[1] for body, begin, _ in spans if (found := _COMMA.search(body, begin))), b",")
    lists = [memoryview(body)[begin:end] for body, begin, end in spans if end > begin]
    joined = comma.join([*lists, bytes(PADDING)])
    _require(joined.isascii() and len(joined) < 1 << 31)
    starts = np.cumsum([0, *(len(each) + len(comma) for each in lists[:-1])])
    # One at a time: what is compared then fits in memory that was used a moment ago.
    braces = np.concatenate([_braces(each) + start for each, start in zip(lists, starts, strict=True)])
    words: Words = np.ndarray((len(joined) - WORD + 1,), "<u8", joined, strides=(1,))
    return _Text(joined, np.frombuffer(joined, np.uint8), words, comma, counts, starts, braces)


def _braces(part: memoryview) -> Places:
    """Where objects begin; no point may stand before anything but a digit, as it may not in the numbers of JSON."""
    letters = np.frombuffer(part, np.uint8)
    _require(not ((letters[:-1] == ord(".")) & (letters[1:] > ord("9"))).any())
    return np.flatnonzero(letters == ord("{"))


def _count(head: bytes, tail: bytes) -> int:
    """The number of records that an envelope says it has: what stands before the first and after the last of them."""
    told = _object(head + tail)
    usual = _LIST.search(head) and told["values"] == [] and told["next_url"] is None
    _require(usual and type(told["count"]) is int)
    return int(told["count"])


@dataclass(frozen=True)
class _Objects:
    """Where records and values stand: where each begins, the end of each value and the number of its record.

    ``opening`` is how the first record begins, up to its first value; ``answer`` is the number of each record's body.
    """

    opening: bytes
    records: Places
    answer: Places
    starts: Places
    ends: Places
    record: Places


def _objects(text: _Text) -> _Objects:
    """Find records and values by their braces, and make sure that nothing else stands between them.

    A value ends before what follows it: a comma and a value, or the end of its record and a comma and a record.
    """
    braces = text.braces
    opening = text.body[: braces[1]]
    opens = text.words[braces] == _word(opening)
    records, values = np.flatnonzero(opens), np.flatnonzero(~opens)
    follows = np.append(braces[1:], len(text.body) - PADDING)
    closes = np.append(opens[1:], True)
    _require((follows[records] - braces[records] == len(opening)).all() and not closes[records].any())
    closed = closes[values]
    ends = follows[values] - len(text.comma) - len(_CLOSING) * closed
    after, closing = text.words[ends], _CLOSING + text.comma
    _require((after & _mask(closing) == _word(closing)).tobytes() == closed.tobytes())
    _require((after & _mask(text.comma) == _word(text.comma)).tobytes() == (~closed).tobytes())
    first = np.searchsorted(braces[records], text.starts)
    _require((braces[records[first]] == text.starts).all())
    _require((np.diff(first, append=len(records)) == text.counts[text.counts > 0]).all())
    many = np.diff(records, append=len(braces)) - 1
    return _Objects(
        opening,
        braces[records],
        np.repeat(np.arange(len(text.counts)), text.counts),
        braces[values],
        ends,
        np.repeat(np.arange(len(records)), many),
    )


class _Around:
    """What stands around many places."""

    def __init__(self, text: _Text, places: Places) -> None:
        """Look around these places."""
        self._text = text
        self._places = places
        self._seen: dict[tuple[int, int], list[Words]] = {}

    def fits(self, pattern: bytes, distance: int = 0) -> Truths:
        """At which of the places a pattern stands, at this distance; one truth where it is the same for all."""
        found = np.ones(1, np.bool_)
        padded = pattern + bytes(-len(pattern) % WORD)
        for start, words in zip(range(0, len(padded), WORD), self._at(distance, len(padded)), strict=True):
            found = found & (words & _mask(padded[start:]) == _word(padded[start:]))
        return found

    def _at(self, distance: int, length: int) -> list[Words]:
        """The words at this distance, looked up once; a single word where it is the same for all."""
        if (distance, length) not in self._seen:
            bodies = np.ndarray((len(self._text.body) - length + 1,), f"V{length}", self._text.body, strides=(1,))
            columns = bodies[self._places + distance].view("<u8").reshape(len(self._places), -1).T
            self._seen[distance, length] = [
                words[:1] if (words == words[0]).all() else np.ascontiguousarray(words) for words in columns
            ]
        return self._seen[distance, length]


@dataclass(frozen=True)
class _Ids:
    """All ids or years that were asked for, and the number of that of each record."""

    asked: pl.Series
    number: Places


def _ids(text: _Text, objects: _Objects, asked: Sequence[Mapping[str, Sequence[Any]]]) -> dict[str, _Ids]:
    """What each record is about, by field; all begin as the first one but for that."""
    opening = objects.opening
    told = _object(opening + _CLOSING)
    usual = _LIST.search(opening) and told["values"] == [] and [type(told[name]) for name in _FIELDS] == [str, str, int]
    _require(usual)
    pattern, ids = bytearray(opening), {}
    for found in _ID.finditer(opening):
        start, end = found.span(2)
        pattern[start:end] = bytes(end - start)
        words = text.words[objects.records + start] & _mask(found[2])
        ids[found[1].decode()] = _among(words, objects, [each[found[1].decode()] for each in asked], end - start)
    _require(_Around(text, objects.records).fits(bytes(pattern)).all())
    return ids


def _among(words: Words, objects: _Objects, asked: Sequence[Sequence[Any]], length: int) -> _Ids:
    """The ids of records that these words of a length are, each among those that its answer was asked for."""
    every = tuple(sorted({each for ids in asked for each in ids}))
    known, factor, numbers = _known(every, length)
    number = numbers[words * factor >> _SHIFT]
    _require((known[number] == words).all())
    places = {each: place for place, each in enumerate(every)}
    wanted = np.zeros((len(asked), len(every)), np.bool_)
    for answer, ids in enumerate(asked):
        wanted[answer, [places[each] for each in ids]] = True
    _require(wanted[objects.answer, number].all())
    return _Ids(pl.Series(every), number)


@lru_cache(maxsize=100)
def _known(ids: tuple[Any, ...], length: int) -> tuple[Words, np.uint64, Places]:
    """The words of ids, and a factor that takes each of this length to its own place in a table of their numbers."""
    texts = [str(each).encode() for each in ids]
    known = np.array([_word(each) if len(each) == length <= WORD else 0 for each in texts], np.uint64)
    numbers = np.flatnonzero(known)
    factor = next((each for each in _FACTORS if len(np.unique(known[numbers] * each >> _SHIFT)) == len(numbers)), None)
    if factor is None:
        _unusual()
    table = np.zeros(1 << TABLE, np.int64)
    table[known[numbers] * factor >> _SHIFT] = numbers
    return known, factor, table


@dataclass(frozen=True)
class _Kind:
    """Values that are alike but for the number: what stands before and after it, and what else is told."""

    before: bytes
    after: bytes
    told: dict[str, Any]


def _kinds(text: _Text, objects: _Objects) -> tuple[list[_Kind], Places]:
    """The kinds of values, and the number of that of each value."""
    starts, ends = objects.starts, objects.ends
    front, back, lengths = _Around(text, starts), _Around(text, ends), ends - starts
    kinds: list[_Kind] = []
    kind = np.zeros(len(starts), np.int64)
    left = np.ones(len(starts), np.bool_)
    while left.any():
        first = left.argmax()
        each = _kind(text.body[starts[first] : ends[first]])
        alike = left & front.fits(each.before) & back.fits(each.after, -len(each.after))
        alike &= lengths > len(each.before) + len(each.after)
        kind += alike * len(kinds)
        left &= ~alike
        kinds.append(each)
        _require(len(kinds) <= MOST_KINDS)
    return kinds, kind


def _kind(value: bytes) -> _Kind:
    """The kind of a value, read as JSON."""
    told = _object(value)
    number = _NUMBER.search(value) or _unusual()
    types = [type(told[name]) for name in _TOLD]
    _require(types == [str, int, str, bool] and told["gender"] in GENDERS and abs(told["count"]) < 1 << 63)
    return _Kind(value[: number.start(1)], value[number.end(1) :], told)


def _numbers(text: _Text, objects: _Objects, kinds: Sequence[_Kind], kind: Places) -> pl.Series:
    """The number of each value; all that is not null must be one as JSON writes it, and finite."""
    starts = objects.starts + np.array([len(each.before) for each in kinds])[kind]
    ends = objects.ends - np.array([len(each.after) for each in kinds])[kind]
    words = text.words[starts]
    null = (words & _mask(_NULL) == _word(_NULL)) & (ends - starts == len(_NULL))
    unsigned = words >> np.uint64(8) * (words & _mask(b"-") == _word(b"-"))
    lead, follows = unsigned.astype(np.uint8), (unsigned >> np.uint64(8)).astype(np.uint8)
    right = _digit(lead) & _digit(text.letters[ends - 1]) & ~((lead == ord("0")) & _digit(follows))
    _require((right | null).all())
    # The text in pieces: a number, what stands between it and the next, a number …
    cuts = np.column_stack((starts, ends)).astype(np.int32)
    buffers = [None, pa.py_buffer(cuts), pa.py_buffer(text.body)]
    pieces = pl.Series(pa.Array.from_buffers(pa.string(), cuts.size - 1, buffers))
    numbers = pieces.cast(pl.Float64, strict=False).to_numpy()[::2]
    _require((np.isfinite(numbers) != null).all())
    return pl.Series(numbers, nan_to_null=True)


def _require_once(objects: _Objects, ids: Mapping[str, _Ids], gender: Places) -> None:
    """Require that no answer holds an observation twice."""
    place = objects.answer
    for each in ids.values():
        place = place * len(each.asked) + each.number
    place = place[objects.record] * len(GENDERS) + gender
    # Most answers are in order, and then nothing is there twice.
    _require((np.diff(place) > 0).all() or len(np.unique(place)) == len(place))


def _digit(letters: Letters) -> Truths:
    """Which letters are digits; what is below the first one turns over to the top."""
    return letters - np.uint8(ord("0")) <= ord("9") - ord("0")


def _word(letters: bytes) -> np.uint64:
    """The first eight of these letters as a word."""
    return np.uint64(int.from_bytes(letters[:WORD], "little"))


def _mask(letters: bytes) -> np.uint64:
    """The bits of their word that these letters take, of which a zero takes none."""
    return _word(bytes(0xFF if letter else 0 for letter in letters[:WORD]))


def _object(text: bytes) -> dict[str, Any]:
    """A JSON object in which no field is given twice, nothing is escaped and nothing is of version 2 of the API."""
    _require(b"\\" not in text and b'"next_page"' not in text)
    told: dict[str, Any] = json.loads(text.decode(), object_pairs_hook=_distinct, parse_constant=_unusual)
    return told


def _distinct(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object."""
    told = dict(fields)
    _require(len(told) == len(fields))
    return told


def _require(usual: object) -> None:
    """Give up unless this is so."""
    if not usual:
        _unusual()


def _unusual(*_: object) -> NoReturn:
    """Give up."""
    raise _UnusualError
