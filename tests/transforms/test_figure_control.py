"""The control of figures: what is wrong is found, what is rounded is told apart, what is right is left alone."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import check, contract, contracts
from contracts.vocabulary import Verdict
from pipelines.transforms.figure_checks import CHECKS
from pipelines.transforms.figure_control import checked, control
from pipelines.transforms.totals import ADDED, column
from tests.transforms.declared import report
from tests.transforms.rows import Values
from tests.transforms.stated import stated, verdicts

ACTIVITIES = report(
    "driftsredovisning",
    ("aldre", "Äldre", "resultat", "delsumma", 633),
    ("fardtjanst", "Färdtjänst", "aldre", "post", 635),
    ("resultat", "Resultat", None, "summa", 637),
    ("varav", "Varav", None, "upplysning", 638),
)
YEARS = report("driftsredovisning_ar", ("a", "Infrastruktur", None, "post", 661))


TERMS: Final = {("budgetram", "belopp_mnkr"): "an amount is a term of the frame that it leads to, which is controlled"}
"""Stated columns without a check of their own, each with the reason."""


def activities(
    budget: list[int | None], outcome: list[int | None], variance: list[int | None], percent: list[float | None]
) -> Values:
    return {
        "verksamhet": ["Äldre", "Färdtjänst", "Resultat", "Varav"][: len(budget)],
        "budget_tkr": budget,
        "utfall_tkr": outcome,
        "avvikelse_tkr": variance,
        "avvikelse_procent": percent,
    }


def test_the_wrong_sign_of_a_percentage_is_found_and_said() -> None:
    extract = activities([-1744] * 3, [-1761] * 3, [-17] * 3, [1.0, -1.0, -1.0])
    rows = stated("driftsredovisning", extract, ACTIVITIES)
    found = checked("driftsredovisning", rows).filter(pl.col("utslag") != Verdict.AGREES)
    assert found.rows(named=True) == [
        {
            "kontroll_id": "driftsredovisning_aldre_avvikelse_procent",
            "kategori": "procent",
            "tabell": "driftsredovisning",
            "rad": "aldre",
            "kolumn": "avvikelse_procent",
            "enhet": "procent",
            "pastatt": 1.0,
            "beraknat": -0.974771,
            "differens": 1.974771,
            "tolerans": 0.557602,
            "utslag": "stammer_inte",
            "forklaring": "Äldre, avvikelse i procent: angivet är 1\u00a0% och uträknat \u22120,97\u00a0%; "
            "skillnaden är större än avrundningen förklarar.",
            "uttryck": None,
            "kalla_rad": 633,
        }
    ]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [(-17, "stammer"), (-16, "inom_avrundning"), (-18, "inom_avrundning"), (-19, "stammer_inte"), (17, "stammer_inte")],
)
def test_a_stated_variance_may_differ_by_one_thousand(printed: int, verdict: str) -> None:
    extract = activities([-1744], [-1761], [printed], [None])
    assert verdicts("driftsredovisning", extract, ACTIVITIES) == {"aldre_avvikelse_tkr": verdict}


@pytest.mark.parametrize(
    ("budget", "outcome", "printed", "verdict"),
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
    budget: int, outcome: int, printed: float, verdict: str
) -> None:
    extract = activities([budget], [outcome], [None], [printed])
    assert verdicts("driftsredovisning", extract, ACTIVITIES) == {"aldre_avvikelse_procent": verdict}


def test_a_percentage_of_nothing_is_not_judged() -> None:
    extract = activities([0, None], [-5, -5], [None, None], [3.0, 3.0])
    assert not [name for name in verdicts("driftsredovisning", extract, ACTIVITIES) if "procent" in name]


def test_sums_are_controlled_at_every_level_and_memos_are_no_parts() -> None:
    extract = activities([-10, -12, -10, -99], [-10, -11, -10, -99], [None] * 4, [None] * 4)
    assert verdicts("driftsredovisning", extract, ACTIVITIES) == {
        "aldre_budget_tkr_summa": "stammer_inte",
        "resultat_budget_tkr_summa": "stammer",
        "aldre_utfall_tkr_summa": "inom_avrundning",
        "resultat_utfall_tkr_summa": "stammer",
    }


def test_net_cost_change_is_controlled_year_by_year() -> None:
    extract: Values = {
        "verksamhet": ["Infrastruktur"] * 3,
        "ar": [2021, 2022, 2023],
        "utfall_tkr": [-319196, -327220, -366734],
        "forandring_procent": [None, 3.0, 13.0],
    }
    assert verdicts("driftsredovisning_ar", extract, YEARS) == {
        "a_2022_forandring_procent": "stammer",
        "a_2023_forandring_procent": "stammer_inte",
    }


def test_counts_are_exact() -> None:
    fund = report("digitaliseringspott", ("potten", "Potten", None, "post", 772))
    counts = {"antal_klara": [8], "antal_pagaende": [15], "antal_planerade": [1], "antal_avbrutna": [3]}
    extract: Values = {"pott": ["Potten"], "ar": [2023], "antal_beviljade": [28], **counts}
    assert verdicts("digitaliseringspott", extract, fund) == {"potten_2023_antal_beviljade": "stammer_inte"}


def test_a_stated_frame_is_held_against_the_amounts_since_the_last_one() -> None:
    extract: Values = {
        "steg": [1, 2, 3, 4, 5, 6],
        "handelse": ["Nämnden", "Överförmyndaren", "Total ram", "April", "Omfördelning", "Slutlig ram"],
        "belopp_mnkr": [704.6, 7.8, None, None, 0.8, None],
        "ram_mnkr": [None, None, 712.4, 728.2, None, 729.3],
        "kalla_rad": [540, 540, 540, 542, 544, 548],
    }
    assert verdicts("budgetram", extract) == {"3_ram_mnkr": "stammer", "6_ram_mnkr": "stammer_inte"}
    assert checked("budgetram", stated("budgetram", extract))["forklaring"][0].startswith("Total ram, ram efter steget")


def samples(counts: list[int | None], errors: list[int | None], shares: list[float | None]) -> Values:
    return {
        "organisation": ["Samtliga nämnder", "Kommunstyrelsen", "Förskolenämnden"][: len(counts)],
        "radtyp": ["summa", "post", "post"][: len(counts)],
        "antal_stickprov": counts,
        "antal_fel": errors,
        "andel_fel_procent": shares,
        "kalla_rad": [992, 994, 996][: len(counts)],
    }


@pytest.mark.parametrize(
    ("extract", "expected"),
    [
        pytest.param(
            samples([32, 16, 16], [14, 6, 8], [None] * 3),
            {"samtliga_namnder_antal_stickprov_summa": "stammer", "samtliga_namnder_antal_fel_summa": "stammer"},
            id="totals that add up",
        ),
        pytest.param(
            samples([31, 16, 16], [14, 6, 8], [None] * 3),
            {"samtliga_namnder_antal_stickprov_summa": "stammer_inte", "samtliga_namnder_antal_fel_summa": "stammer"},
            id="one sample less than the parts",
        ),
        pytest.param(samples([32, 16, None], [None, 6, 8], [None] * 3), {}, id="a part or a total that is not stated"),
        pytest.param(
            samples([32], [14], [44.0]), {"samtliga_namnder_andel_fel_procent": "stammer"}, id="a total without parts"
        ),
    ],
)
def test_samples_are_held_against_the_total_row(extract: Values, expected: dict[str, str]) -> None:
    assert verdicts("stickprov", extract) == expected


@pytest.mark.parametrize(
    ("count", "errors", "printed", "verdict"),
    [
        pytest.param(16, 6, 38.0, "stammer", id="a half is rounded away from zero"),
        pytest.param(16, 9, 56.0, "stammer", id="rounded"),
        pytest.param(16, 9, 57.0, "stammer_inte", id="rounded the wrong way"),
        pytest.param(114, 61, 42.0, "stammer_inte", id="a share of another count"),
    ],
)
def test_a_share_is_held_against_the_counts_of_its_row(count: int, errors: int, printed: float, verdict: str) -> None:
    extract = samples([count], [errors], [printed])
    assert verdicts("stickprov", extract) == {"samtliga_namnder_andel_fel_procent": verdict}


@pytest.mark.parametrize(
    ("count", "errors"),
    [
        pytest.param(0, 0, id="no samples"),
        pytest.param(None, 3, id="samples not stated"),
        pytest.param(16, None, id="errors not stated"),
    ],
)
def test_a_share_without_both_counts_is_not_judged(count: int | None, errors: int | None) -> None:
    assert verdicts("stickprov", samples([count], [errors], [38.0])) == {}


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        pytest.param(-7.3, "stammer", id="exact"),
        pytest.param(-7.4, "inom_avrundning", id="one unit"),
        pytest.param(-7.5, "stammer_inte", id="two units"),
        pytest.param(-8.7, "stammer_inte", id="another figure"),
        pytest.param(7.3, "stammer_inte", id="another sign"),
    ],
)
def test_a_change_in_percentage_points_may_differ_by_three_roundings(printed: float, verdict: str) -> None:
    extract: Values = {
        "organisation": ["Förvaltningen", "Förvaltningen"],
        "ar": [2022, 2023],
        "varde_procent": [19.2, 11.9],
        "forandring_pe": [None, printed],
    }
    assert verdicts("personalomsattning", extract) == {"forvaltningen_2023_forandring_pe": verdict}


def test_a_change_is_held_against_the_year_before_of_its_own_group_alone() -> None:
    extract: Values = {
        "organisation": ["Kommunen"] * 5,
        "grupp": ["kvinnor", "kvinnor", "man", "man", "totalt"],
        "ar": [2022, 2023, 2021, 2023, 2023],
        "varde_procent": [9.5, 8.6, 5.5, 5.1, None],
        "forandring_pe": [None, -0.9, None, -7.0, 0.2],
    }
    found = checked("sjukfranvaro", stated("sjukfranvaro", extract))
    assert found.select("rad", "utslag").rows() == [("kommunen/kvinnor/2023", "stammer")]
    assert found["forklaring"].item() == (
        "Kommunen kvinnor 2023, förändring: angivet är −0,9\u00a0procentenheter och uträknat "
        "−0,9\u00a0procentenheter; de stämmer överens."
    )


@pytest.mark.parametrize(("printed", "verdict"), [(39, "stammer"), (40, "stammer_inte")])
def test_a_change_in_headcount_is_exact(printed: int, verdict: str) -> None:
    extract: Values = {
        "organisation": ["Förvaltningen"] * 2,
        "matt": ["Antal anställda"] * 2,
        "ar": [2022, 2023],
        "varde": [381, 420],
        "forandring": [None, printed],
    }
    assert verdicts("antal_anstallda", extract) == {"forvaltningen_antal_anstallda_2023_forandring": verdict}


def test_a_total_above_a_blank_subtotal_is_not_judged() -> None:
    extract = activities([None, -12, -10], [None] * 3, [None] * 3, [None] * 3)
    assert verdicts("driftsredovisning", extract, ACTIVITIES) == {}


def test_every_control_keeps_the_contract_of_the_published_table() -> None:
    extract = activities([-10, -12, -10], [-10, -11, -10], [0, 1, 0], [0.0, 8.0, 0.0])
    result = ACTIVITIES.table(
        "siffergranskning",
        control(
            {
                "driftsredovisning": stated("driftsredovisning", extract, ACTIVITIES),
                "stickprov": stated("stickprov", samples([114, 16, 16], [14, 6, 8], [42.0, 38.0, 50.0])),
            }
        ),
    )
    assert result.height == 12 + 5
    assert check(result, contract("siffergranskning")).breaches == ()


def test_nothing_stated_gives_no_control() -> None:
    assert control({}).is_empty()


@pytest.mark.parametrize("table", CHECKS)
def test_an_empty_extract_gives_no_control(table: str) -> None:
    empty = contract(table).polars_schema.to_frame()
    assert checked(table, empty).is_empty()


def test_every_stated_column_is_controlled_or_named_with_the_reason() -> None:
    declared = {
        (table.name, stated_column.name)
        for table in contracts("open")
        for stated_column in table.columns
        if stated_column.stated
    }
    controlled = {(table, check.stated) for table, checks in CHECKS.items() for check in checks}
    assert declared - controlled == set(TERMS)


def test_every_tree_is_controlled() -> None:
    assert set(ADDED) == {
        # Areas lie within each other too, but none of them states a sum of the others.
        table.name
        for table in contracts("open")
        if {"over_id", "radtyp"} <= set(table.polars_schema)
    }
    assert all(column(table, amount).heading for table, amounts in ADDED.items() for amount in amounts)


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
    extract: Values = {"fas": phases, "budget_tkr": printed, "utfall_tkr": printed, "avvikelse_tkr": [0] * len(phases)}
    assert Verdict.DISAGREES not in verdicts("investeringsprojekt", extract, lines).values()


@settings(max_examples=50, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.decimals(-9999, -2, places=2), st.decimals(-9999, 9999, places=2))
def test_a_percentage_of_rounded_amounts_is_never_flagged(budget: Decimal, outcome: Decimal) -> None:
    percent = ((outcome - budget) / abs(budget) * 100).to_integral_value(ROUND_HALF_UP)
    printed = [int(amount.to_integral_value(ROUND_HALF_UP)) for amount in (budget, outcome)]
    extract = activities([printed[0]], [printed[1]], [None], [float(percent)])
    assert Verdict.DISAGREES not in verdicts("driftsredovisning", extract, ACTIVITIES).values()


@settings(max_examples=50, deadline=None)  # the machine is shared: a slow example is no fault
@given(st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_a_change_of_rounded_shares_is_never_flagged(before: Decimal, after: Decimal) -> None:
    unit = Decimal("0.1")
    printed = [float(share.quantize(unit, ROUND_HALF_UP)) for share in (before, after, after - before)]
    extract: Values = {
        "organisation": ["Förvaltningen"] * 2,
        "ar": [2022, 2023],
        "varde_procent": printed[:2],
        "forandring_pe": [None, printed[2]],
    }
    assert Verdict.DISAGREES not in verdicts("personalomsattning", extract).values()
