"""Laws of small counts: no reader can work out what was left blank, not even with the release before."""

from collections.abc import Collection, Iterator, Mapping
from itertools import product

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from output.disclosure.counted import Tables
from output.disclosure.small_counts import withheld
from output.errors import PublicationError
from tests.output.counting import LAYER, rows

COUNTS = st.one_of(st.integers(0, 4), st.integers(0, 8))
UNITS = ("a", "b")
SEXES = ("K", "M")
MOST = 18
"""So many persons or more are not tried in one place: two of the largest make no more."""


Counts = dict[tuple[str, str], int]


def with_totals(leaves: Counts) -> Counts:
    """Counts by unit and sex with all their totals."""
    counts, units = dict(leaves), sorted({unit for unit, _ in leaves})
    for unit in units:
        counts[unit, "T"] = sum(counts[unit, kon] for kon in SEXES)
    for kon in (*SEXES, "T"):
        counts["alla", kon] = sum(counts[unit, kon] for unit in units)
    return counts


def told_of(counts: Counts, told: Collection[tuple[str, str]]) -> dict[str, pl.DataFrame]:
    """A table of those counts that are told."""
    return rows(
        "personal",
        *(
            {
                "enhet_id": unit,
                "kon": kon,
                "radtyp": "summa" if unit == "alla" else "post",
                "over_id": None if unit == "alla" else "alla",
                "antal": counts[unit, kon],
            }
            for unit, kon in counts
            if (unit, kon) in told
        ),
    )


@st.composite
def releases(draw: st.DrawFn) -> tuple[Tables, Tables]:
    """Counts by unit and sex, and the same after some were revised, with as many of the totals as are told."""
    units = UNITS[: draw(st.integers(1, 2))]
    first = {(unit, kon): draw(COUNTS) for unit in units for kon in SEXES}
    second = {leaf: draw(COUNTS) if draw(st.booleans()) else count for leaf, count in first.items()}
    told = [cell for cell in with_totals(first) if cell[1] in SEXES or draw(st.booleans())]
    return told_of(with_totals(first), told), told_of(with_totals(second), told)


Grid = dict[tuple[str, str], int | None]


def grid(tables: Mapping[str, pl.DataFrame]) -> Grid:
    return {
        (unit, kon): antal for unit, kon, antal in tables["personal"].select("enhet_id", "kon", "antal").iter_rows()
    }


def worlds(published: Grid) -> Iterator[Grid]:
    """Every way in which whole numbers of persons can stand behind what is published, tried out one by one."""
    leaves = [cell for cell in published if cell[0] in UNITS and cell[1] in SEXES]
    for counts in product(*([value] if (value := published[leaf]) is not None else range(MOST) for leaf in leaves)):
        world = with_totals(dict(zip(leaves, counts, strict=True)))
        if all(value is None or world[cell] == value for cell, value in published.items()):
            yield {cell: world[cell] for cell in published}


def worked_out(known: Grid) -> set[tuple[str, str]]:
    """The blank cells that are the same in all worlds."""
    possible: dict[tuple[str, str], set[int | None]] = {cell: set() for cell, value in known.items() if value is None}
    for world in worlds(known):
        for cell, values in possible.items():
            values.add(world[cell])
        if all(len(values) > 1 for values in possible.values()):
            return set()
    return {cell for cell, values in possible.items() if len(values) < 2}


@settings(max_examples=60, deadline=None)
@given(both=releases())
def test_no_count_that_is_left_blank_can_be_worked_out(both: tuple[Tables, Tables]) -> None:
    tables, _ = both
    truth, published = grid(tables), grid(withheld(tables, layer=LAYER))
    blank = {cell for cell, value in published.items() if value is None}
    assert {cell for cell, value in truth.items() if value is not None and value < 5} <= blank
    assert all(published[cell] == truth[cell] for cell in truth.keys() - blank)
    assert worked_out(published) == set()


@settings(max_examples=60, deadline=None)
@given(both=releases())
def test_nor_with_what_the_release_before_has_said(
    both: tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]],
) -> None:
    before = withheld(both[0], layer=LAYER)
    try:
        now = withheld(both[1], [before], layer=LAYER)
    except PublicationError:
        return
    said, truth, published = grid(before), grid(both[1]), grid(now)
    assert all(published[cell] is None for cell, value in said.items() if value is None)
    # A figure that was said before and has not changed is as good as said.
    unchanged = {cell: value for cell, value in said.items() if value is not None and value == truth[cell]}
    assert worked_out({**published, **unchanged}) == set()
