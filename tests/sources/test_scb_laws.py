"""Laws of SCB's answers: a query in parts is the query, and a dataset that is written is read as it was."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from math import prod
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.archive import Answer, Request
from sources.http import Live
from sources.jsonstat import read
from sources.scb import Scb, split
from tests.servers.loopback import Reply
from tests.servers.scb import ScbServer, Table, render
from tests.sources.test_scb import CODES, CONFIG, expected, rows, server

Connect = Callable[..., Live]
SIZES: Final = st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 7), min_size=1)


@given(sizes=SIZES, limit=st.integers(1, 200))
@settings(deadline=None)
def test_any_split_of_a_query_gives_the_union_of_the_parts(sizes: dict[str, int], limit: int) -> None:
    codes = {name: tuple(f"{name}{number}" for number in range(size)) for name, size in sizes.items()}
    parts = list(split(codes, limit))
    together = [cell for part in parts for cell in product(*(part[name] for name in codes))]
    assert all(prod(len(each) for each in part.values()) <= limit for part in parts)
    assert sorted(together) == sorted(product(*codes.values()))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table: codes in any order, any values, any marks."""
    names = draw(st.lists(st.sampled_from(["Region", "Alder", "Kon", "ÅÄÖ", "Tid"]), min_size=1, unique=True))
    code = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=4)
    codes = {name: tuple(draw(st.lists(code, min_size=1, max_size=4, unique=True))) for name in names}
    grid = list(product(*codes.values()))
    number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    values = draw(st.lists(number, min_size=len(grid), max_size=len(grid)))
    marks = draw(st.lists(st.sampled_from([None, "..", "."]), min_size=len(grid), max_size=len(grid)))
    schema = {**dict.fromkeys(codes, pl.String), "value": pl.Float64, "status": pl.String}
    filled = [(*place, value, mark) for place, value, mark in zip(grid, values, marks, strict=True)]
    return Table(codes, pl.DataFrame(filled, schema=schema, orient="row"), names[-1], names[0], "2026-01-01T00:00:00Z")


@given(table=tables())
@settings(deadline=None)
def test_parse_of_render_is_the_identity(table: Table) -> None:
    body = Reply(render(table, table.codes, table.cells)).body
    dataset = read(Request("scb", "/x"), Answer(200, {}, body, datetime(2026, 1, 1, tzinfo=UTC)))
    assert dataset.frame().equals(table.cells)
    assert {each.name: each.codes for each in dataset.dimensions} == dict(table.codes)


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ScbServer]:
    """One server for all examples of a property."""
    with server() as scb:
        yield scb


@given(
    codes=st.fixed_dictionaries({name: st.sets(st.sampled_from(known), min_size=1) for name, known in CODES.items()}),
    limit=st.integers(3, 60),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_limit_of_the_service_gives_the_same_cells(
    connect: Connect, shared_server: ScbServer, codes: dict[str, set[str]], limit: int
) -> None:
    shared_server.config = {**CONFIG, "maxDataCells": limit}
    chosen = {name: tuple(sorted(some)) for name, some in codes.items()}
    shared_server.log.clear()
    found = Scb(connect("scb", shared_server.url)).observations("TAB1", chosen)
    assert rows(found) == expected(**chosen)
    cells = prod(len(each) for each in chosen.values())
    assert sum(asked.method == "POST" for asked in shared_server.log) >= -(-cells // limit)
