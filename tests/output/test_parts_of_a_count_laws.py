"""Laws of counts and their parts: whatever is told of a head count, no small one follows from what is published.

The reader here tries every number of persons that there can be, and knows what is part of what.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from output.disclosure.counted import Tables
from output.disclosure.small_counts import withheld
from output.errors import PublicationError
from tests.output.counting import head_count

WHOLE, NAMES = "alla", ("a", "b")
HEADS, WOMEN, MEN = "Antal anställda", "varav kvinnor", "varav män"
PERSONS = st.one_of(st.integers(0, 4), st.integers(0, 12))
MOST = 26
"""So many persons or more are not tried: an organisation has at most 24."""


@dataclass(frozen=True)
class Unit:
    """The employees of an organisation: women and men this year, and all of them the year before."""

    women: int
    men: int
    before: int

    @property
    def heads(self) -> int:
        """All of them this year."""
        return self.women + self.men

    @property
    def change(self) -> int:
        """How many more they are than the year before."""
        return self.heads - self.before

    def and_others(self, other: "Unit") -> "Unit":
        """Two organisations as one."""
        return Unit(self.women + other.women, self.men + other.men, self.before + other.before)


FIGURES: Mapping[tuple[str, int, int], Callable[[Unit], int]] = {
    (HEADS, 2023, 0): lambda unit: unit.heads,
    (HEADS, 2023, 1): lambda unit: unit.change,
    (HEADS, 2022, 0): lambda unit: unit.before,
    (WOMEN, 2023, 0): lambda unit: unit.women,
    (MEN, 2023, 0): lambda unit: unit.men,
}
"""Each figure of an organisation by its measure, year, and whether it is the number (0) or the change (1)."""


@dataclass(frozen=True)
class Staff:
    """Organisations, and which rows and changes are told of them. All have the head count of the year told."""

    units: tuple[Unit, ...]
    whole: bool
    measures: tuple[str, ...]
    changes: bool

    @property
    def named(self) -> dict[str, Unit]:
        """The organisations that have rows."""
        units = dict(zip(NAMES, self.units, strict=False))
        return {**units, WHOLE: reduce(Unit.and_others, self.units)} if self.whole else units

    def this_year(self) -> dict[str, pl.DataFrame]:
        """The year, with the year before told only by what has changed."""
        said: list[tuple[str, str, int, int | None, int | None]] = []
        for name, unit in self.named.items():
            said.append((name, HEADS, 2023, unit.heads, unit.change if self.changes else None))
            said += [(name, part, 2023, FIGURES[part, 2023, 0](unit), None) for part in self.measures]
        return head_count(*said)

    def year_before(self) -> dict[str, pl.DataFrame]:
        """The head count of the year before."""
        return head_count(*((name, HEADS, 2022, unit.before, None) for name, unit in self.named.items()))


@st.composite
def staffs(draw: st.DrawFn) -> Staff:
    """One or two organisations, with as much as is told of them."""
    units = draw(st.lists(st.builds(Unit, PERSONS, PERSONS, PERSONS), min_size=1, max_size=2))
    measures = tuple(part for part in (WOMEN, MEN) if draw(st.booleans()))
    return Staff(tuple(units), draw(st.booleans()), measures, changes=draw(st.booleans()))


Said = Mapping[tuple[str, int, int], int]


def said_of(name: str, releases: tuple[Tables, ...]) -> Said:
    """Every figure of an organisation that releases have said."""
    said: dict[tuple[str, int, int], int] = {}
    for tables in releases:
        rows = tables["antal_anstallda"].filter(pl.col("organisation_id") == name)
        for measure, year, *figures in rows.select("matt", "ar", "varde", "forandring").iter_rows():
            said |= {(measure, year, at): figure for at, figure in enumerate(figures) if figure is not None}
    return said


def possible(said: Said) -> Iterator[Unit]:
    """What an organisation can be by its own rows."""
    for women, men in product(range(MOST), repeat=2):
        fixed = said.get((HEADS, 2022, 0), women + men - said[HEADS, 2023, 1] if (HEADS, 2023, 1) in said else None)
        for before in range(MOST) if fixed is None else [fixed]:
            unit = Unit(women, men, before)
            if before >= 0 and all(FIGURES[figure](unit) == number for figure, number in said.items()):
                yield unit


def possible_of_all(staff: Staff, releases: tuple[Tables, ...]) -> list[list[Unit]]:
    """What each organisation can be, also by what is said of the whole."""
    each = [list(possible(said_of(name, releases))) for name in NAMES[: len(staff.units)]]
    said = said_of(WHOLE, releases)
    found = []
    for at, own in enumerate(each):
        others = [Unit(0, 0, 0)] if len(each) == 1 else each[1 - at]
        rests = {tuple(FIGURES[figure](unit) for figure in said) for unit in others}
        found.append([u for u in own if tuple(number - FIGURES[f](u) for f, number in said.items()) in rests])
    return found


def assert_nothing_small_follows(staff: Staff, *releases: Tables) -> None:
    """See that no small count that a row or a change is about is the same in all that can be."""
    asked = [(HEADS, 2023, 0), *([(WOMEN, 2023, 0), (MEN, 2023, 0)] if staff.measures else [])]
    asked += [(HEADS, 2022, 0)] if staff.changes or len(releases) > 1 else []
    for unit, can_be in zip(staff.units, possible_of_all(staff, releases), strict=True):
        for figure in asked:
            if FIGURES[figure](unit) < 5:
                assert len({FIGURES[figure](each) for each in can_be}) > 1, (figure, unit)


@settings(max_examples=60, deadline=None)
@given(staff=staffs())
def test_no_small_part_of_a_count_and_no_small_year_before_follows(staff: Staff) -> None:
    assert_nothing_small_follows(staff, withheld(staff.this_year()))


@settings(max_examples=60, deadline=None)
@given(staff=staffs())
def test_nor_with_a_release_that_said_the_year_before(staff: Staff) -> None:
    before = withheld(staff.year_before())
    try:
        now = withheld(staff.this_year(), [before])
    except PublicationError:
        return
    assert_nothing_small_follows(staff, before, now)


@settings(max_examples=30, deadline=None)
@given(staff=staffs())
def test_nor_with_copies_of_a_release_that_is_gone(staff: Staff) -> None:
    gone = withheld(staff.year_before())
    now = withheld(staff.this_year(), gone=[gone])
    blank = gone["antal_anstallda"].filter(pl.col("varde").is_null())["organisation_id"]
    follows = now["antal_anstallda"].filter(pl.col("organisation_id").is_in(blank.implode()), pl.col("varde") >= 0)
    assert follows["forandring"].null_count() == follows.height
