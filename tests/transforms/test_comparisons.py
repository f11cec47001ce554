"""Outcomes beside those of others: ranks with ties, in both directions, and who is ranked."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.comparisons import jamforelser, jamforelsetal_kolada, of_all_plans
from pipelines.transforms.outcomes import source_outcomes
from sources.plan.register import Register
from tests.sources.plans import plan
from tests.transforms.goal_rows import KNOWN, LATER, OBSERVATION, frame, register
from tests.transforms.rows import REPORT, assert_columns

MEMBERS = ("0126", "0127", "0136", "0180")
NAMES = pl.DataFrame(
    {
        "kommun_id": [*MEMBERS, "0000", "0380"],
        "kommun": ["Huddinge", "Botkyrka", "Haninge", "Stockholm", "Riket", "Uppsala"],
        "typ": ["K"] * 6,
    }
)


@pytest.fixture
def small(tmp_path: Path) -> Register:
    """The register of the small plan, with four municipalities in the county."""
    members = ", ".join(f'"{member}"' for member in MEMBERS)
    return plan(tmp_path, ('["0126", "0127"]', f"[{members}]")).register


def observations(*values: tuple[str, float | None], **more: Any) -> pl.DataFrame:
    """Observations of the KPI, one for each municipality."""
    return frame(
        "kolada_varden", "core", {**OBSERVATION, **more}, *({"kommun_id": at, "varde": value} for at, value in values)
    )


def compared(small: Register, values: pl.DataFrame, **indicator: Any) -> pl.DataFrame:
    """The comparison of the KPI's indicator."""
    scb = frame("scb_varden", "core", OBSERVATION)
    result = jamforelser(
        source_outcomes(small, values, scb), register({"indikator_id": "andel", **indicator}), NAMES, small, REPORT
    )
    assert check(result, contract("jamforelser")).breaches == ()
    return result


@pytest.mark.parametrize(
    ("direction", "values", "ranks", "among"),
    [
        pytest.param("hogre_ar_battre", (40.0, 30.0, 20.0, 10.0), (1, 2, 3, 4), 4, id="higher is better"),
        pytest.param("lagre_ar_battre", (40.0, 30.0, 20.0, 10.0), (4, 3, 2, 1), 4, id="lower is better"),
        pytest.param("hogre_ar_battre", (40.0, 30.0, 30.0, 10.0), (1, 2, 2, 4), 4, id="a tie shares the better rank"),
        pytest.param("lagre_ar_battre", (10.0, 10.0, 10.0, 40.0), (1, 1, 1, 4), 4, id="three share the first"),
        pytest.param("hogre_ar_battre", (40.0, None, 20.0, 10.0), (1, None, 2, 3), 3, id="a blank has no rank"),
        pytest.param("lagre_ar_battre", (None, None, None, 10.0), (None,) * 4, None, id="one value alone"),
        pytest.param("lagre_ar_battre", (None,) * 4, (None,) * 4, None, id="no value"),
        pytest.param("hogre_ar_battre", (-5.0, 0.0, -1.0, -9.0), (3, 1, 2, 4), 4, id="below zero"),
    ],
)
def test_ranks_in_the_county(
    small: Register,
    direction: str,
    values: tuple[float | None, ...],
    ranks: tuple[int | None, ...],
    among: int | None,
) -> None:
    found = compared(small, observations(*zip(MEMBERS, values, strict=True), ("0000", 99.0)), riktning=direction)
    municipalities = found.filter(pl.col("typ") == "kommun")
    assert_columns(
        municipalities,
        {
            "jamforelse_id": MEMBERS,
            "jamforelse": ["Huddinge", "Botkyrka", "Haninge", "Stockholm"],
            "utfall": values,
            "rang": ranks,
            "rang_av": [None if rank is None else among for rank in ranks],
        },
    )
    assert found.filter(pl.col("typ") == "riket").select("jamforelse", "utfall", "rang", "rang_av").rows() == [
        ("Riket", 99.0, None, None)
    ]


def test_each_year_is_ranked_by_itself(small: Register) -> None:
    values = pl.concat(
        [observations(("0126", 1.0), ("0127", 2.0)), observations(("0126", 4.0), ("0127", 3.0), ar=2022)]
    )
    found = compared(small, values)
    assert found.select("ar", "jamforelse_id", "rang").rows() == [
        (2022, "0126", 1),
        (2022, "0127", 2),
        (2023, "0126", 2),
        (2023, "0127", 1),
    ]


@pytest.mark.parametrize(
    ("more", "indicator"),
    [
        pytest.param({"kon": "K"}, {}, id="women alone"),
        pytest.param({"kand_till": LATER}, {}, id="a value no longer held"),
        pytest.param({}, {"jamfors": False}, id="an indicator that the plan does not compare"),
        pytest.param({"kommun_id": "0380"}, {}, id="a municipality of another county"),
    ],
)
def test_what_is_not_compared(small: Register, more: dict[str, Any], indicator: dict[str, Any]) -> None:
    values = frame("kolada_varden", "core", OBSERVATION, more)
    assert compared(small, values, **indicator).is_empty()


def test_the_values_of_kolada_that_hold_now_have_the_titles_of_the_plan(small: Register) -> None:
    values = frame(
        "kolada_varden",
        "core",
        OBSERVATION,
        {"kalla_id": "N00002", "varde": None},
        {"varde": 50.0, "kand_till": LATER},
        {"varde": 52.5, "kand_fran": LATER},
        {"kommun_id": "0000", "kon": "K"},
        {"kalla_id": "N09999"},
    )
    found = jamforelsetal_kolada(values, small)
    assert_columns(
        found,
        {
            "kpi_id": ["N00001", "N00001", "N00002"],
            "kpi": ["Fossilfria fordon, andel (%)"] * 2 + ["Fordon, antal"],
            "kommun_id": ["0000", "0126", "0126"],
            "kon": ["K", "T", "T"],
            "varde": [52.5, 52.5, None],
            "status": [None, None, "bortfall"],
            "kalla": ["Kolada"] * 3,
            "hamtad": [KNOWN, LATER, KNOWN],
        },
    )
    assert check(found, contract("jamforelsetal_kolada")).breaches == ()


def test_values_that_another_reports_plan_uses_stay_and_the_newest_plan_names_a_kpi(small: Register) -> None:
    before = jamforelsetal_kolada(observations(("0126", 1.0), ("0127", 2.0)), small)
    others = before.with_columns(kpi_id=pl.Series(["N00009", "N00008"]))
    plans = pl.DataFrame(
        {
            "rapport": ["2022-helar", "2023-helar", "2022-helar", "2024-helar"],
            "kpi_id": ["N00001", "N00002", "N00009", "N00001"],
            "kpi": ["Före", "Fordon, antal", "Annat", "Nyast"],
        }
    )
    found = of_all_plans(
        [jamforelsetal_kolada(observations(("0126", 3.0)), small)], pl.concat([before, others]), plans, [small]
    )
    assert found.select("kpi_id", "kpi", "kommun_id", "varde").rows() == [
        ("N00001", "Nyast", "0126", 3.0),
        ("N00009", "Annat", "0126", 1.0),
    ]


def test_without_values_there_is_nothing_to_compare(small: Register) -> None:
    assert compared(small, observations()).is_empty()
    assert jamforelsetal_kolada(observations(), small).is_empty()
