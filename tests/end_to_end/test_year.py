"""A year of nights: services revise, publish late, fail and change titles, and all of it is known as it was.

Here belongs the script of the year and what must have come of it. A sample of its nights stands in the
slow tier, with the tables that its plan has something to say in; the soak tier lives through all of them,
with every table.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest

from tests.end_to_end.year import KPIS, Night, Year, a_year, lived
from tests.pipelines.test_observing import SECOND, people
from tests.servers.loopback import Fault, Faults

FIRST: Final = dt.datetime.now(dt.UTC).date()
"""Dagster counts the age of its records from when they were really made."""

DUE: Final = 140
TITLE: Final = "Fossilfria fordon, andel (%) av alla"
ANDEL: Final = "N00001"
ANTAL: Final = "N00002"


def out_of_order(kolada: Fault | None, scb: Fault | None) -> Callable[[Year], None]:
    """Both services have such faults from now on, or none."""

    def happen(year: Year) -> None:
        """Set them."""
        for server, fault in ((year.kolada, kolada), (year.scb, scb)):
            server.faults = Faults(share=1, of=[fault]) if fault else Faults()

    return happen


def counted_again(year: Year) -> None:
    """SCB publishes its table anew, with another population for the year before."""
    year.scb.tables = {"TAB638": people(SECOND, 125.0, 110.0)}


SCRIPT: Final[Mapping[int, Callable[[Year], None]]] = {
    20: lambda year: year.revise(ANDEL, 2023, 81.0),
    45: counted_again,
    60: out_of_order(Fault.BROKEN, None),
    62: out_of_order(None, None),
    90: lambda year: year.rename(ANDEL, TITLE),
    92: lambda year: year.revise(ANDEL, 2023, 78.0),
    95: lambda year: year.accept(f'title = "{KPIS[ANDEL]}"', f'title = "{TITLE}"'),
    120: out_of_order(None, Fault.GONE),
    121: out_of_order(None, None),
    170: lambda year: year.revise(ANTAL, 2023, 44.0),
    200: lambda year: year.remove(ANDEL, 2023, "0000"),
    260: out_of_order(Fault.HTML, Fault.BROKEN),
    263: out_of_order(None, None),
    330: lambda year: year.revise(ANDEL, 2023, 85.0),
    350: lambda year: year.revise(ANDEL, 2023, 79.9),
    351: lambda year: year.revise(ANDEL, 2023, 85.0),
}

FAILED: Final = {60, 61, 120, 260, 261, 262}

HISTORY: Final = [
    (ANDEL, "0000", 2023, 50.0, 0, 200),
    (ANDEL, "0126", 2022, 70.0, 0, None),
    (ANDEL, "0126", 2023, 79.0, 0, 20),
    (ANDEL, "0126", 2023, 81.0, 20, 95),
    (ANDEL, "0126", 2023, 78.0, 95, 330),
    (ANDEL, "0126", 2023, 85.0, 330, 350),
    (ANDEL, "0126", 2023, 79.9, 350, 351),
    (ANDEL, "0126", 2023, 85.0, 351, None),
    (ANDEL, "0127", 2023, 60.0, 0, None),
    (ANTAL, "0126", 2022, 40.0, 0, None),
    (ANTAL, "0126", 2023, 44.0, 170, None),
]
"""A title that is not accepted holds its KPI back: what was revised on night 92 is known from night 95."""

MET, NOT_MET, REVISED = "uppnatt", "ej_uppnatt", ("reviderad_kalla",)
FLIPS: Final = [
    (20, NOT_MET, MET, REVISED),
    (95, MET, NOT_MET, REVISED),
    (330, NOT_MET, MET, REVISED),
    (350, MET, NOT_MET, REVISED),
    (351, NOT_MET, MET, REVISED),
]

BEGAN, OVER, HELD = "Etappmål: refresh failed", "Etappmål: over: refresh", f"held back: {ANDEL}"
ALERTS: Final = [
    (60, BEGAN),
    (62, OVER),
    (90, f"Etappmål: {HELD}"),
    (95, f"Etappmål: over: {HELD}"),
    (120, BEGAN),
    (121, OVER),
    (260, BEGAN),
    (263, OVER),
]

LATE: Final = [
    (0, ANDEL, "aktuell"),
    (0, ANTAL, "inte_vantad"),
    (90, ANDEL, "sen_hos_oss"),
    (95, ANDEL, "aktuell"),
    (DUE, ANTAL, "sen_hos_kallan"),
    (170, ANTAL, "aktuell"),
]

PUBLISHED: Final = {0, 20, 45, 95, 170, 200, 330, 350, 351}

SAMPLE: Final = sorted({0, 1, 2, *SCRIPT, DUE, 364} - {260, 263})
"""The first nights, those on which something happens, and the last: as many as the tier has time for."""

FEW: Final = 3
SETTLED: Final = 2
"""Nights after which a quiet one notes nothing new: what is noted of a reading for changes is new in the second."""

NOTED: Final = 20
NOTES: Final = "meta.readings"
"""When each source was last read: a row for each thing that a reading may be about."""


def quiet(year: Year) -> Sequence[Night]:
    """The nights without change, once it has settled."""
    return [night for night in year.nights if night.state == "unchanged" and night.number >= SETTLED]


def grown_without_change(year: Year) -> list[tuple[int, str]]:
    """The tables that have other rows after a night without change than before it."""
    return [
        (after.number, name)
        for before, after in pairwise(year.nights)
        for name in after.rows
        if after in quiet(year) and name != NOTES and after.rows[name] != before.rows[name]
    ]


def last_and_first(
    year: Year, folder: Path, kpis: Sequence[Mapping[str, Any]], *, whole: bool
) -> tuple[list[float], list[float]]:
    """What quiet nights cost after a year, and in one that has just begun.

    They are lived through by turns, so that what else the machine does at the time costs both the same.
    """
    with a_year(folder, kpis, FIRST) as new:
        lived(new, range(SETTLED), {}, whole=whole)
        for turn in range(FEW):
            lived(year, [year.number + 1], {}, whole=whole)
            lived(new, [SETTLED + turn], {}, whole=whole)
        nights = [*year.nights[-FEW:], *new.nights[-FEW:]]
    assert {night.state for night in nights} == {"unchanged"}
    costs = [night.seconds for night in nights]
    return costs[:FEW], costs[FEW:]


@pytest.mark.parametrize(
    ("nights", "whole"),
    [
        pytest.param(SAMPLE, False, id="a sample", marks=pytest.mark.slow),
        pytest.param(range(365), False, id="every night, what the plan tells of", marks=pytest.mark.soak),
        pytest.param(range(365), True, id="every night, every table", marks=pytest.mark.soak),
    ],
)
def test_a_year_is_known_as_it_was(tmp_path: Path, nights: Sequence[int], *, whole: bool) -> None:
    kpis = [
        {"id": ANDEL, "title": KPIS[ANDEL], "publication_date": "2001-01-01", "publ_period": "2023"},
        {"id": ANTAL, "title": KPIS[ANTAL], "publication_date": f"{FIRST + dt.timedelta(DUE)}", "publ_period": "2023"},
    ]
    with a_year(tmp_path / "old", kpis, FIRST) as year:
        lived(year, nights, SCRIPT, whole=whole)
        assert {night.number for night in year.nights if night.state == "failed"} == FAILED & set(nights)
        assert {night.number for night in year.nights if night.state == "published"} == PUBLISHED
        assert year.history() == sorted(HISTORY, key=str)
        assert year.flips() == FLIPS
        assert year.alerts == [alert for alert in ALERTS if alert[0] in nights]
        assert year.late == LATE
        last, first = last_and_first(year, tmp_path / "new", kpis, whole=whole)
        assert median(last) < 1.5 * median(first)
    assert grown_without_change(year) == []
    assert year.nights[-1].rows[NOTES] < NOTED
    # DuckDB writes in blocks, and frees those of before at the next checkpoint: it swings, and does not grow.
    assert year.nights[-1].warehouse < 1.5 * max(night.warehouse for night in year.nights[:4])
