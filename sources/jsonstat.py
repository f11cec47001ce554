"""json-stat 2, the form in which SCB's tables come: from the bytes to dimensions and cells.

Here belongs the reading of one dataset. What is asked of SCB, and whether the answer is what was
asked for, stands in ``scb``.

A cell's place follows from ``category.index`` (code to position) and ``size``, never from the order
of keys. ``value`` and ``status`` may be lists or objects with the cell's number as key.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite, prod
from typing import Any, Final, NoReturn

import polars as pl

from sources.archive import Answer, Request
from sources.errors import AnswerError

REMEDY: Final = "Nothing of this answer is used; if it stays so, the service has changed or is out of order."


@dataclass(frozen=True)
class Dimension:
    """A variable of a table: its codes in order of position, and their labels."""

    name: str
    label: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]
    extension: Mapping[str, Any]


@dataclass(frozen=True)
class Dataset:
    """A json-stat 2 dataset. Metadata is one without values."""

    label: str
    updated: datetime | None
    dimensions: tuple[Dimension, ...]
    values: tuple[float | None, ...]
    status: tuple[str | None, ...]
    time: frozenset[str]

    @property
    def size(self) -> tuple[int, ...]:
        """The number of codes of each dimension."""
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of this name, in whatever case."""
        return next((found for found in self.dimensions if found.name.casefold() == name.casefold()), None)

    def frame(self) -> pl.DataFrame:
        """One row for each cell: a column of codes for each dimension, value and status."""
        cells = pl.DataFrame({"cell": pl.int_range(prod(self.size), eager=True, dtype=pl.Int64)})
        columns, stride = [], prod(self.size)
        for dimension in self.dimensions:
            stride //= len(dimension.codes) or 1
            codes = pl.lit(pl.Series(dimension.codes, dtype=pl.String))
            columns.append(codes.gather(pl.col("cell") // stride % len(dimension.codes)).alias(dimension.name))
        return cells.select(
            *columns,
            pl.lit(pl.Series(self.values, dtype=pl.Float64)).alias("value"),
            pl.lit(pl.Series(self.status, dtype=pl.String)).alias("status"),
        )


def read(request: Request, answer: Answer, *, cells: bool = True) -> Dataset:
    """Read an answer as a dataset; ``cells`` says whether it must hold values (metadata holds none)."""
    body = parsed(request, answer)
    if body.get("class") != "dataset" or body.get("version") != "2.0":
        raise wrong(request, "the body is no json-stat 2 dataset")
    try:
        names, size, dimensions = body["id"], body["size"], body["dimension"]
        found = tuple(_dimension(request, name, dimensions[name]) for name in names)
        if [len(dimension.codes) for dimension in found] != size:
            raise wrong(request, f"size is {size}, and the codes are {[len(each.codes) for each in found]}")
        count = prod(size) if cells else 0
        updated = body.get("updated")
        return Dataset(
            label=body.get("label", ""),
            updated=_time(request, updated) if updated else None,
            dimensions=found,
            values=_numbers(request, _spread(request, body["value"], count, "value") if cells else []),
            status=_marks(request, body.get("status"), count),
            time=frozenset(body.get("role", {}).get("time", ())),
        )
    except KeyError as error:
        raise wrong(request, f"the body lacks {error}") from error
    except (TypeError, AttributeError) as error:
        raise wrong(request, f"the body is not built as json-stat 2 ({error})") from error


def parsed(request: Request, answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; NaN, infinity and anything else than an object are refused."""

    def refuse(word: str) -> NoReturn:
        """Refuse a number that JSON does not have."""
        raise wrong(request, f"the body holds {word}")

    try:
        body = json.loads(answer.body.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        quoted = " ".join(answer.body[:80].decode(errors="replace").split())
        raise wrong(request, f"the body is no JSON ({error}); it begins {quoted!r}") from error
    if not isinstance(body, dict):
        raise wrong(request, "the body is no JSON object")
    return body


def wrong(request: Request, what: str) -> AnswerError:
    """The error for an answer that came whole and is not as it should be."""
    return AnswerError(f"{what}.", where=request.name, remedy=REMEDY)


def _dimension(request: Request, name: str, given: Mapping[str, Any]) -> Dimension:
    """A dimension with its codes in order of position."""
    category = given["category"]
    labels: Mapping[str, str] = category.get("label", {})
    index = category.get("index", list(labels))
    codes: Sequence[str] = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    if not all(isinstance(code, str) for code in codes) or len(set(codes)) < len(codes):
        raise wrong(request, f"the codes of {name} are not texts, each once")
    places = list(range(len(codes)))
    if isinstance(index, Mapping) and [index[code] for code in codes] != places:
        raise wrong(request, f"the positions of the codes of {name} are not 0 to {len(codes) - 1}")
    return Dimension(name, given.get("label", name), tuple(codes), labels, given.get("extension", {}))


def _spread(request: Request, given: object, count: int, member: str) -> list[Any]:
    """A list with one place for each cell, out of a list or an object."""
    if isinstance(given, list):
        if len(given) != count:
            raise wrong(request, f"{member} holds {len(given)} cells, size says {count}")
        return given
    if not isinstance(given, dict):
        raise wrong(request, f"{member} is neither a list nor an object")
    cells: list[Any] = [None] * count
    for number, content in given.items():
        if not (number.isdecimal() and int(number) < count):
            raise wrong(request, f"{member} has a cell {number!r}, size says {count}")
        cells[int(number)] = content
    return cells


def _numbers(request: Request, cells: Sequence[Any]) -> tuple[float | None, ...]:
    """The values, each a number or null."""
    for cell in cells:
        if cell is not None and (isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell)):
            raise wrong(request, f"the value {cell!r} is no number")
    return tuple(None if cell is None else float(cell) for cell in cells)


def _marks(request: Request, given: object, count: int) -> tuple[str | None, ...]:
    """The status mark of each cell; one text is for all."""
    if given is None or isinstance(given, str):
        return (given,) * count
    marks = _spread(request, given, count, "status")
    strange = next((mark for mark in marks if mark is not None and not isinstance(mark, str)), None)
    if strange is not None:
        raise wrong(request, f"the status {strange!r} is no text")
    return tuple(mark or None for mark in marks)


def _time(request: Request, text: str) -> datetime:
    """A time in UTC, without its zone."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError as error:
        raise wrong(request, f"updated is {text!r}, which is no time") from error
