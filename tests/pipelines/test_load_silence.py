"""An answer of a load that holds nothing of what was known."""

from collections.abc import Sequence

import polars as pl
import pytest

from pipelines.loads.load_silence import odd_silence, refuse_silence
from sources.errors import AnswerError
from sources.kolada import Observations, requests

KPIS = [f"N{number:05}" for number in range(30)]
UNITS = [f"{number:04}" for number in range(60)]
"""Two questions by KPI, three by unit."""


def values(kpis: Sequence[str], units: Sequence[str]) -> pl.DataFrame:
    """A value of each KPI for each unit."""
    return pl.DataFrame(
        [(kpi, unit) for kpi in kpis for unit in units],
        schema={"kalla_id": pl.String, "kommun_id": pl.String},
        orient="row",
    )


EVERYTHING = values(KPIS, UNITS)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        pytest.param(EVERYTHING, EVERYTHING, id="all of it"),
        pytest.param(EVERYTHING.clear(), EVERYTHING.clear(), id="nothing was known"),
        pytest.param(EVERYTHING, values(KPIS[1:], UNITS), id="a KPI has lost its values"),
        pytest.param(EVERYTHING, values(KPIS, UNITS[1:]), id="a unit has lost its values"),
        pytest.param(values(KPIS[:5], UNITS[:5]), EVERYTHING, id="more than was known"),
        pytest.param(EVERYTHING, values([KPIS[0], KPIS[25]], UNITS), id="little, but of every question"),
    ],
)
def test_an_answer(known: pl.DataFrame, told: pl.DataFrame) -> None:
    refuse_silence(known, told, KPIS, UNITS)


@pytest.mark.parametrize(
    ("kpis", "units", "named"),
    [
        pytest.param(KPIS[:25], UNITS[:25], "N00000 and others for 0000", id="the first question"),
        pytest.param(KPIS[25:], UNITS[50:], "N00025 and others for 0050", id="the last question"),
        pytest.param(KPIS, UNITS, "N00000 and others for 0000", id="all questions"),
    ],
)
def test_silence(kpis: list[str], units: list[str], named: str) -> None:
    left_out = EVERYTHING.filter(pl.col("kalla_id").is_in(kpis) & pl.col("kommun_id").is_in(units))
    with pytest.raises(AnswerError, match=named):
        refuse_silence(EVERYTHING, EVERYTHING.join(left_out, on=EVERYTHING.columns, how="anti"), KPIS, UNITS)


@pytest.mark.parametrize(
    ("told", "silent", "odd"),
    [
        pytest.param(UNITS, [], False, id="everything"),
        pytest.param(UNITS[25:], [0], True, id="the first question, of all others something"),
        pytest.param(UNITS[:50], [2], True, id="the last question"),
        pytest.param(UNITS[2:50], [2], True, id="nearly all others"),
        pytest.param(UNITS[3:50], [2], False, id="not so many others"),
        pytest.param(UNITS[:22], [1, 2], False, id="regions alone"),
        pytest.param([], [0, 1, 2], False, id="nothing"),
    ],
)
def test_silence_among_answers_is_odd_where_nearly_all_other_units_speak(
    told: list[str], silent: list[int], *, odd: bool
) -> None:
    asked = tuple(requests(KPIS[:25], UNITS, range(2001, 2026)))
    empty = tuple(asked[number] for number in silent)
    found = odd_silence(Observations(values(KPIS[:1], told), asked, empty))
    assert found == (empty if odd else ())
