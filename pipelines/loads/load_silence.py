"""Silence in a load: an answer that holds nothing of what was known is no answer.

Here belongs which of the questions of a load met silence. What is asked, and what a refusal does,
stands in ``pipelines.loads.loading``.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

from sources.archive import Request
from sources.errors import AnswerError
from sources.kolada import MOST_IDS, SERVICE, Observations, asked_of

NEARLY_ALL: Final = 0.95
"""Of the other units, how many have values where one question's silence is odd. Values of regions alone reach 0.88."""


def refuse_silence(known: pl.DataFrame, told: pl.DataFrame, kpis: Sequence[str], units: Sequence[str]) -> None:
    """Refuse answers that leave out all that is known of the KPIs and units of one question.

    ``known`` holds a row for each KPI and unit that has a value now (``kalla_id``, ``kommun_id``), ``told``
    what was answered. The KPIs stand in the order of the questions. A single KPI may lose its values; that
    25 of them lose all of 25 units at once is taken for an answer that went missing. Raises AnswerError.
    """
    asked_kpis = _questions(kpis, "kalla_id", "kpi_block")
    asked_units = _questions(sorted(units), "kommun_id", "unit_block")
    blocks = ["kpi_block", "unit_block"]
    had, has = (
        frame.select("kalla_id", "kommun_id").unique().join(asked_kpis, on="kalla_id").join(asked_units, on="kommun_id")
        for frame in (known, told)
    )
    silent = had.join(has, on=blocks, how="anti").sort("kalla_id", "kommun_id")
    if not silent.is_empty():
        first = silent.row(0, named=True)
        raise AnswerError(
            f"{silent.height} KPIs and units had values and are left out of the answer that they were asked for in.",
            where=f"{SERVICE}, {first['kalla_id']} and others for {first['kommun_id']} and others",
            remedy="Nothing of these KPIs is written; load again later.",
        )


def odd_silence(answer: Observations) -> tuple[Request, ...]:
    """The requests answered with nothing where nearly all units of the others have values of the same KPIs.

    ``answer`` is that to one question's KPIs for all units. Nothing need be known of them.
    """
    if not answer.empty:
        return ()
    silent = _units(answer.empty)
    others = _units(answer.requests) - silent
    told = answer.frame["kommun_id"].n_unique()
    return answer.empty if others and told >= NEARLY_ALL * len(others) else ()


def _units(asked: Sequence[Request]) -> set[str]:
    """The units that were asked for."""
    return {unit for request in asked for unit in asked_of(request.path)["municipality"]}


def refuse_nothing(kpis: Sequence[str]) -> None:
    """Refuse answers without one value, where several KPIs were asked for and none was ever read.

    A single KPI may have no values; that none of the country's has any is an answer that went missing. Raises
    AnswerError.
    """
    if len(kpis) > 1:
        raise AnswerError(
            f"not one of {len(kpis)} KPIs has a value in the answers.",
            where=f"{SERVICE}, {kpis[0]} to {kpis[-1]}",
            remedy="Nothing is written; load again later.",
        )


def _questions(ids: Sequence[str], name: str, block: str) -> pl.DataFrame:
    """The ids with the number of the question that each stands in."""
    numbers = pl.int_range(len(ids), eager=True) // MOST_IDS
    return pl.DataFrame({name: list(ids), block: numbers}, schema_overrides={name: pl.String})
