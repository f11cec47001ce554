"""The money as published: every derived figure is computed, every stated amount is kept."""

from pipelines.transforms import money
from tests.transforms.declared import Line, declaring
from tests.transforms.rows import assert_columns, published

ACTIVITIES: tuple[Line, ...] = (
    ("politisk", "Politisk verksamhet", None, "delsumma", 648),
    ("stod_partier", "Stöd till politiska partier", "politisk", "post", 650),
)


def test_income_statement_computes_variances_and_keeps_memos() -> None:
    result = published(
        declaring(
            money.resultatrakning,
            "resultatrakning",
            ("lokaler", "Lokaler", "resultat", "post", 569),
            ("resultat", "Årets resultat", None, "summa", 574),
            ("ib", "IB eget kapital", None, "upplysning", 577),
        ),
        "resultatrakning",
        {
            "rad": ["Årets resultat", "Lokaler", "IB eget kapital"],
            "budget_tkr": [-27617, -27617, None],
            "utfall_tkr": [-33702, -33702, None],
            "avvikelse_tkr": [1, -6086, 16036],
            "fg_ar_tkr": [-32824, -32824, 16036],
        },
    )
    assert_columns(
        result,
        {
            "rad_id": ["lokaler", "resultat", "ib"],
            "over_id": ["resultat", None, None],
            "radtyp": ["post", "summa", "upplysning"],
            "avvikelse_tkr": [-6085, -6085, 16036],
            "kalla_rad": [569, 574, 577],
        },
    )


def test_activities_get_variance_in_percent_of_the_budgets_size() -> None:
    result = published(
        declaring(money.driftsredovisning, "driftsredovisning", *ACTIVITIES),
        "driftsredovisning",
        {
            "verksamhet": ["Politisk verksamhet", "Stöd till politiska partier"],
            "budget_tkr": [-200, 0],
            "utfall_tkr": [-250, -5],
            "avvikelse_tkr": [None, None],
            "avvikelse_procent": [99.0, 99.0],
            "fg_ar_tkr": [0, 0],
        },
    )
    assert_columns(result, {"avvikelse_tkr": [-50, -5], "avvikelse_procent": [-25.0, None]})


def test_net_cost_changes_from_the_year_before_and_only_from_a_net_cost() -> None:
    result = published(
        declaring(money.driftsredovisning_ar, "driftsredovisning_ar", *ACTIVITIES),
        "driftsredovisning_ar",
        {
            "verksamhet": ["Politisk verksamhet"] * 4 + ["Stöd till politiska partier"] * 2,
            "ar": [2023, 2021, 2022, 2019, 2022, 2023],
            "utfall_tkr": [-150, -100, -200, -90, 0, -40],
            "forandring_procent": [1.0, None, None, None, None, None],
        },
    )
    assert_columns(
        result,
        {
            "verksamhet_id": ["politisk"] * 4 + ["stod_partier"] * 2,
            "ar": [2019, 2021, 2022, 2023, 2022, 2023],
            "forandring_procent": [None, None, 100.0, -25.0, None, None],
        },
    )


def test_initiatives_show_how_much_was_used() -> None:
    result = published(
        declaring(
            money.sarskilda_satsningar,
            "sarskilda_satsningar",
            ("upphandling", "Förstärkt upphandling", None, "post", 698),
            ("heltid", "Heltid som norm", None, "post", 702),
        ),
        "sarskilda_satsningar",
        {
            "satsning": ["Förstärkt upphandling", "Heltid som norm"],
            "budget_tkr": [6000, 0],
            "utfall_tkr": [3000, 400],
            "uppdrag_id": [None, "heltid_som_norm"],
        },
    )
    assert_columns(result, {"forbrukning_procent": [50.0, None], "uppdrag_id": [None, "heltid_som_norm"]})


def test_fund_shows_how_much_of_the_allocated_was_used() -> None:
    result = published(
        declaring(money.digitaliseringspott, "digitaliseringspott", ("potten", "Potten", None, "post", 772)),
        "digitaliseringspott",
        {
            "pott": ["Potten"],
            "ar": [2023],
            "reserverat_tkr": [5000],
            "tilldelat_tkr": [4000],
            "utfall_tkr": [3000],
            "antal_beviljade": [3],
            "antal_klara": [1],
            "antal_pagaende": [2],
            "antal_planerade": [0],
            "antal_avbrutna": [None],
        },
    )
    assert_columns(result, {"pott_id": ["potten"], "forbrukning_procent": [75.0], "antal_avbrutna": [None]})


def test_grants_net_is_grant_minus_cost() -> None:
    result = published(
        declaring(money.extern_finansiering, "extern_finansiering", ("msb", "MSB", None, "post", 788)),
        "extern_finansiering",
        {
            "finansiar": ["MSB"],
            "bidrag_tkr": [4025],
            "kostnad_tkr": [3174],
            "netto_tkr": [7],
            "i_budget_tkr": [None],
            "namndmal_id": ["trygghet"],
        },
    )
    assert_columns(result, {"netto_tkr": [851], "i_budget_tkr": [None], "namndmal_id": ["trygghet"]})


def test_frame_is_computed_between_stated_frames_and_changes_add_up_to_the_last() -> None:
    result = published(
        money.budgetram,
        "budgetram",
        {
            "steg": [1, 2, 3, 4, 5, 6],
            "handelse": ["Nämnden", "Överförmyndaren", "Total ram", "April", "Omfördelning", "Slutlig ram"],
            "belopp_mnkr": [704.6, 7.8, None, None, 0.8, None],
            "ram_mnkr": [None, None, 712.4, 728.2, None, 729.0],
            "kalla_rad": [540, 540, 540, 542, 544, 548],
        },
    )
    assert_columns(
        result,
        {
            "belopp_mnkr": [704.6, 7.8, 0.0, 15.8, 0.8, 0.0],
            "ram_mnkr": [704.6, 712.4, 712.4, 728.2, 729.0, 729.0],
            "ram_angiven": [False, False, True, True, False, True],
        },
    )
    assert round(result["belopp_mnkr"].sum(), 1) == result["ram_mnkr"][-1]


def test_investments_show_variance_and_utilisation_without_a_negative_zero() -> None:
    result = published(
        declaring(
            money.investeringar,
            "investeringar",
            ("it", "IT", None, "post", 814),
            ("reserv", "Reserv", None, "post", 824),
            ("ny", "Ny", None, "post", 825),
        ),
        "investeringar",
        {
            "investering": ["IT", "Reserv", "Ny"],
            "budget_tkr": [-200, -30000, 0],
            "utfall_tkr": [-50, 0, -10],
            "avvikelse_tkr": [None, None, None],
        },
    )
    assert_columns(result, {"avvikelse_tkr": [150, 30000, -10], "upparbetning_procent": [25.0, 0.0, None]})
    assert str(result["upparbetning_procent"][1]) == "0.0"


def test_investment_projects_show_variance_and_utilisation() -> None:
    result = published(
        declaring(money.investeringsprojekt, "investeringsprojekt", ("plan", "Planering", None, "post", 848)),
        "investeringsprojekt",
        {"fas": ["Planering"], "budget_tkr": [-2000], "utfall_tkr": [-16000], "avvikelse_tkr": [-14000]},
    )
    assert_columns(result, {"avvikelse_tkr": [-14000], "upparbetning_procent": [800.0]})


def test_carry_over_is_given_in_thousands_too() -> None:
    result = published(
        declaring(
            money.investeringsoverforing,
            "investeringsoverforing",
            ("it_utbyte", "IT-utbyte", "totalt", "post", 43),
            ("totalt", "Summa", None, "summa", 44),
        ),
        "investeringsoverforing",
        {"investering": ["IT-utbyte", "Summa"], "belopp_mnkr": [9.2, 9.2]},
    )
    assert_columns(result, {"belopp_tkr": [9200, 9200], "belopp_mnkr": [9.2, 9.2], "over_id": ["totalt", None]})


def test_development_projects_net_and_variance_come_from_expenditure_and_income() -> None:
    result = published(
        declaring(money.exploateringsprojekt, "exploateringsprojekt", ("gen", "Genomförande", None, "post", 859)),
        "exploateringsprojekt",
        {
            "fas": ["Genomförande"],
            "utgift_tkr": [-172108],
            "inkomst_tkr": [61557],
            "netto_tkr": [0],
            "budget_tkr": [31611],
            "avvikelse_tkr": [0],
        },
    )
    assert_columns(result, {"netto_tkr": [-110551], "avvikelse_tkr": [-142162]})


def test_development_outcome_is_held_against_the_forecast() -> None:
    result = published(
        declaring(money.exploateringsutfall, "exploateringsutfall", ("plan", "Planering", None, "post", 871)),
        "exploateringsutfall",
        {"fas": ["Planering"], "prognos_tkr": [-27495], "utfall_tkr": [-62784], "avvikelse_tkr": [0]},
    )
    assert_columns(result, {"avvikelse_tkr": [-35289]})
