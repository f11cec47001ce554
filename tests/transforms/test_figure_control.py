"""The control of figures: what is wrong is found, what is rounded is told apart, what is right is left alone."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import check, contract
from contracts.vocabulary import Verdict
from pipelines.transforms.figure_control import CHECKS, checked, control, frames, sums
from pipelines.transforms.statements import STATEMENTS
from tests.transforms.declared import report

ACTIVITIES = report(
    "driftsredovisning",
    ("aldre", "Äldre", "resultat", "delsumma", 633),
    ("fardtjanst", "Färdtjänst", "aldre", "post", 635),
    ("resultat", "Resultat", None, "summa", 637),
    ("varav", "Varav", None, "upplysning", 638),
)
YEARS = report("driftsredovisning_ar", ("a", "Infrastruktur", None, "post", 661))


def activities(
    budget: list[int | None], outcome: list[int | None], variance: list[int | None], percent: list[float | None]
) -> pl.DataFrame:
    rows = {
        "verksamhet": ["Äldre", "Färdtjänst", "Resultat", "Varav"][: len(budget)],
        "budget_tkr": budget,
        "utfall_tkr": outcome,
        "avvikelse_tkr": variance,
        "avvikelse_procent": percent,
        "fg_ar_tkr": [None] * len(budget),
    }
    return pl.DataFrame(rows, schema=contract("driftsredovisning").extract.polars_schema)


def verdicts(rows: pl.DataFrame) -> dict[str, str]:
    return dict(rows.select("kontroll_id", "utslag").iter_rows())


def test_the_wrong_sign_of_a_percentage_is_found_and_said() -> None:
    extract = activities([-1744] * 3, [-1761] * 3, [-17] * 3, [1.0, -1.0, -1.0])
    found = checked("driftsredovisning", extract, ACTIVITIES).filter(pl.col("utslag") != Verdict.AGREES)
    assert found.rows(named=True) == [
        {
            "kontroll_id": "driftsredovisning_aldre_avvikelse_procent",
            "kategori": "procent",
            "tabell": "driftsredovisning",
            "rad": "aldre",
            "kolumn": "avvikelse_procent",
            "pastatt": 1.0,
            "beraknat": -0.974771,
            "differens": 1.974771,
            "tolerans": 0.557602,
            "utslag": "stammer_inte",
            "forklaring": "Äldre, avvikelse i procent: angivet är 1\u00a0% och uträknat \u22120,97\u00a0%; "
            "skillnaden är större än avrundningen förklarar.",
            "kalla_rad": 633,
        }
    ]


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [(-17, "stammer"), (-16, "inom_avrundning"), (-18, "inom_avrundning"), (-19, "stammer_inte"), (17, "stammer_inte")],
)
def test_a_stated_variance_may_differ_by_one_thousand(stated: int, verdict: str) -> None:
    extract = activities([-1744], [-1761], [stated], [None])
    assert verdicts(checked("driftsredovisning", extract, ACTIVITIES)) == {
        "driftsredovisning_aldre_avvikelse_tkr": verdict
    }


@pytest.mark.parametrize(
    ("budget", "outcome", "stated", "verdict"),
    [
        pytest.param(-200, -201, -1.0, "stammer", id="a half is rounded away from zero"),
        pytest.param(-200, -201, 0.0, "stammer", id="both ends of the interval agree"),
        pytest.param(-100, -102, -2.0, "stammer", id="exact"),
        pytest.param(-100, -102, -3.0, "inom_avrundning", id="the amounts' own rounding reaches there"),
        pytest.param(-100, -102, -4.0, "stammer_inte", id="nothing reaches there"),
        pytest.param(-100, -102, 2.0, "stammer_inte", id="another sign"),
    ],
)
def test_a_stated_percentage_is_held_against_what_rounding_allows(
    budget: int, outcome: int, stated: float, verdict: str
) -> None:
    extract = activities([budget], [outcome], [None], [stated])
    assert verdicts(checked("driftsredovisning", extract, ACTIVITIES)) == {
        "driftsredovisning_aldre_avvikelse_procent": verdict
    }


def test_a_percentage_of_nothing_is_not_judged() -> None:
    extract = activities([0, None], [-5, -5], [None, None], [3.0, 3.0])
    assert "procent" not in checked("driftsredovisning", extract, ACTIVITIES)["kategori"]


def test_sums_are_controlled_at_every_level_and_memos_are_no_parts() -> None:
    extract = activities([-10, -12, -10, -99], [-10, -11, -10, -99], [0, 0, 0, -99], [None] * 4)
    assert verdicts(sums("driftsredovisning", extract, ACTIVITIES)) == {
        "driftsredovisning_aldre_budget_tkr_summa": "stammer_inte",
        "driftsredovisning_resultat_budget_tkr_summa": "stammer",
        "driftsredovisning_aldre_utfall_tkr_summa": "inom_avrundning",
        "driftsredovisning_resultat_utfall_tkr_summa": "stammer",
        "driftsredovisning_aldre_avvikelse_tkr_summa": "stammer",
        "driftsredovisning_resultat_avvikelse_tkr_summa": "stammer",
    }


def test_net_cost_change_is_controlled_year_by_year() -> None:
    extract = pl.DataFrame(
        {
            "verksamhet": ["Infrastruktur"] * 3,
            "ar": [2021, 2022, 2023],
            "utfall_tkr": [-319196, -327220, -366734],
            "forandring_procent": [None, 3.0, 13.0],
        }
    )
    assert verdicts(checked("driftsredovisning_ar", extract, YEARS)) == {
        "driftsredovisning_ar_a_2022_forandring_procent": "stammer",
        "driftsredovisning_ar_a_2023_forandring_procent": "stammer_inte",
    }


def test_counts_are_exact() -> None:
    fund = report("digitaliseringspott", ("potten", "Potten", None, "post", 772))
    counts = {"antal_klara": 8, "antal_pagaende": 15, "antal_planerade": 1, "antal_avbrutna": 3}
    extract = pl.DataFrame({"pott": ["Potten"], "ar": [2023], "antal_beviljade": [28], **counts})
    assert verdicts(checked("digitaliseringspott", extract, fund)) == {
        "digitaliseringspott_potten_2023_antal_beviljade": "stammer_inte"
    }


def test_a_stated_frame_is_held_against_the_amounts_since_the_last_one() -> None:
    extract = pl.DataFrame(
        {
            "steg": [1, 2, 3, 4, 5, 6],
            "handelse": ["Nämnden", "Överförmyndaren", "Total ram", "April", "Omfördelning", "Slutlig ram"],
            "belopp_mnkr": [704.6, 7.8, None, None, 0.8, None],
            "ram_mnkr": [None, None, 712.4, 728.2, None, 729.3],
            "kalla_rad": [540, 540, 540, 542, 544, 548],
        }
    )
    assert verdicts(frames(extract)) == {"budgetram_3_ram_mnkr": "stammer", "budgetram_6_ram_mnkr": "stammer_inte"}


def test_every_control_keeps_the_contract_of_the_published_table() -> None:
    extracts = {"driftsredovisning": activities([-10, -12, -10], [-10, -11, -10], [0, 1, 0], [0.0, 8.0, 0.0])}
    result = ACTIVITIES.table("siffergranskning", control(extracts, ACTIVITIES))
    assert result.height == 12
    assert check(result, contract("siffergranskning")).breaches == ()


def test_no_extract_gives_no_control() -> None:
    assert control({}, ACTIVITIES).is_empty()


def test_every_statement_has_its_checks() -> None:
    assert set(CHECKS) == set(STATEMENTS)


@settings(max_examples=50, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.lists(st.decimals(-9999, -1, places=3), min_size=1, max_size=6))
def test_rounded_parts_of_a_rounded_total_are_never_flagged(exact: list[Decimal]) -> None:
    phases = [*(f"Fas {number}" for number in range(len(exact))), "Summa"]
    lines = report(
        "investeringsprojekt",
        *((f"fas_{number}", f"Fas {number}", "summa", "post", 1) for number in range(len(exact))),
        ("summa", "Summa", None, "summa", 2),
    )
    printed = [int(amount.to_integral_value(ROUND_HALF_UP)) for amount in [*exact, sum(exact, Decimal(0))]]
    extract = pl.DataFrame({"fas": phases, "budget_tkr": printed, "utfall_tkr": printed, "avvikelse_tkr": 0})
    assert Verdict.DISAGREES not in sums("investeringsprojekt", extract, lines)["utslag"]


@settings(max_examples=50, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.decimals(-9999, -2, places=2), st.decimals(-9999, 9999, places=2))
def test_a_percentage_of_rounded_amounts_is_never_flagged(budget: Decimal, outcome: Decimal) -> None:
    percent = ((outcome - budget) / abs(budget) * 100).to_integral_value(ROUND_HALF_UP)
    printed = [int(amount.to_integral_value(ROUND_HALF_UP)) for amount in (budget, outcome)]
    extract = activities([printed[0]], [printed[1]], [None], [float(percent)])
    assert Verdict.DISAGREES not in checked("driftsredovisning", extract, ACTIVITIES)["utslag"]
