"""The published tables of money against the report's own: figures to the unit, computed ones within rounding."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.report_tables import number, printed, published

ROUNDED = 1.0
"""A variance is the difference of two rounded amounts, and may be one unit from the printed one."""

WHOLE_PERCENT = 0.55
"""A percentage is printed without decimals and published with one."""


@pytest.fixture
def latest(example: Refreshed) -> Path:
    """What is published."""
    return example.place.latest


@dataclass(frozen=True)
class Pair:
    """A published table and the report's: the columns of their key, of what is stated, and of what is computed."""

    printed: str
    key: dict[str, str]
    stated: dict[str, str]
    computed: dict[str, str] = field(default_factory=dict)


BUDGET = {"budget_tkr": "budget_full_year_tkr", "utfall_tkr": "outcome_full_year_tkr"}
PAIRS = {
    "resultatrakning": Pair(
        "income_statement",
        {"rad_id": "line_id"},
        {**BUDGET, "fg_ar_tkr": "prior_year_tkr"},
        {"avvikelse_tkr": "variance_full_year_tkr"},
    ),
    "driftsredovisning": Pair(
        "operations_by_activity",
        {"verksamhet_id": "activity_id"},
        {**BUDGET, "fg_ar_tkr": "prior_year_tkr"},
        {"avvikelse_tkr": "variance_full_year_tkr"},
    ),
    "investeringar": Pair(
        "investments", {"investering_id": "investment_id"}, BUDGET, {"avvikelse_tkr": "variance_full_year_tkr"}
    ),
    "investeringsprojekt": Pair(
        "investment_projects",
        {"fas_id": "phase_id"},
        {"budget_tkr": "budget_tkr", "utfall_tkr": "outcome_tkr"},
        {"avvikelse_tkr": "variance_tkr"},
    ),
    "exploateringsprojekt": Pair(
        "development_projects",
        {"fas_id": "phase_id"},
        {
            "utgift_tkr": "investment_expenditure_tkr",
            "inkomst_tkr": "investment_income_tkr",
            "budget_tkr": "budget_tkr",
        },
        {"netto_tkr": "net_expenditure_tkr", "avvikelse_tkr": "variance_tkr"},
    ),
    "exploateringsutfall": Pair(
        "development_outcome",
        {"fas_id": "phase_id"},
        {"prognos_tkr": "forecast_operational_plan_tkr", "utfall_tkr": "outcome_tkr"},
        {"avvikelse_tkr": "variance_tkr"},
    ),
    "extern_finansiering": Pair(
        "external_funding",
        {"finansiering_id": "funding_id"},
        {"bidrag_tkr": "grant_tkr", "kostnad_tkr": "cost_tkr", "i_budget_tkr": "included_in_budget_tkr"},
        {"netto_tkr": "net_tkr"},
    ),
    "investeringsoverforing": Pair(
        "carry_over",
        {"investering_id": "investment_id"},
        {"belopp_tkr": "amount_tkr", "belopp_mnkr": "amount_mnkr"},
    ),
    "sarskilda_satsningar": Pair(
        "special_initiatives",
        {"satsning_id": "initiative_id"},
        {"budget_tkr": "budget_tkr", "utfall_tkr": "outcome_tkr"},
    ),
    "digitaliseringspott": Pair(
        "digitalisation_fund",
        {"pott": "fund"},
        {
            "reserverat_tkr": "reserved_tkr",
            "tilldelat_tkr": "allocated_tkr",
            "utfall_tkr": "outcome_period_tkr",
            "antal_beviljade": "initiatives_granted",
            "antal_klara": "initiatives_done",
            "antal_pagaende": "initiatives_ongoing",
            "antal_planerade": "initiatives_planned",
            "antal_avbrutna": "initiatives_paused_or_cancelled",
        },
    ),
}


def side_by_side(pair: Pair, table: str, latest: Path) -> pl.DataFrame:
    """Both tables by their key; every row of either is there, and each row once."""
    ours = published(latest, table)
    theirs = printed(pair.printed).rename({their: own for own, their in pair.key.items()})
    # The total of the carry-over stands twice in the report's text.
    theirs = theirs.unique([*pair.key, *pair.stated.values()], maintain_order=True)
    joined = ours.join(theirs, on=list(pair.key), how="inner", suffix=" printed")
    assert joined.height == ours.height == theirs.height
    return joined


def their(joined: pl.DataFrame, column: str) -> str:
    """The name of the report's column after the join."""
    return f"{column} printed" if f"{column} printed" in joined.columns else column


@pytest.mark.parametrize("table", PAIRS)
def test_stated_amounts_to_the_unit(table: str, latest: Path) -> None:
    pair = PAIRS[table]
    joined = side_by_side(pair, table, latest)
    for own, column in pair.stated.items():
        same = joined.select(number(own).eq_missing(number(their(joined, column))))
        assert same.to_series().all(), f"{table}.{own}"


@pytest.mark.parametrize("table", [table for table, pair in PAIRS.items() if pair.computed])
def test_computed_variances_within_rounding(table: str, latest: Path) -> None:
    pair = PAIRS[table]
    joined = side_by_side(pair, table, latest)
    for own, column in pair.computed.items():
        both = joined.select(own=number(own), printed=number(their(joined, column)))
        assert both["own"].is_null().eq_missing(both["printed"].is_null()).all(), f"{table}.{own}"
        assert ((both["own"] - both["printed"]).abs() <= ROUNDED).all(), f"{table}.{own}"


def test_percentages_of_activities(latest: Path) -> None:
    joined = side_by_side(PAIRS["driftsredovisning"], "driftsredovisning", latest)
    wrong = joined.filter((number("avvikelse_procent") - number("variance_pct")).abs() > WHOLE_PERCENT)
    # The report prints 1 percent with the wrong sign; what is published is computed.
    assert wrong.select("verksamhet_id", "avvikelse_procent", "variance_pct").rows() == [
        ("aldre_funktionsnedsattning", "-1.0", "1")
    ]
    found = published(latest, "siffergranskning").filter(pl.col("utslag") == "stammer_inte")
    assert "aldre_funktionsnedsattning" in found.filter(pl.col("tabell") == "driftsredovisning")["rad"].to_list()


def test_activities_by_year(latest: Path) -> None:
    columns = {f"jan_dec_{year}": str(year) for year in (2021, 2022, 2023)}
    theirs = printed("operations_3y").rename(columns | {"activity_id": "verksamhet_id"})
    long = theirs.unpivot(
        list(columns.values()), index=["verksamhet_id", "row_type"], variable_name="ar", value_name="printed"
    ).drop_nulls("printed")
    ours = published(latest, "driftsredovisning_ar")
    joined = ours.join(long, on=["verksamhet_id", "ar"], how="inner")
    amounts = joined.filter(pl.col("row_type") == "amount")
    assert amounts.height == ours.height == 36
    assert amounts.select((number("utfall_tkr") == number("printed")).all()).item()
    changes = joined.filter(pl.col("row_type") == "pct_change")
    assert changes.height == 6
    assert changes.select((number("forandring_procent") - number("printed")).abs().max()).item() <= WHOLE_PERCENT


def test_steps_of_the_budget_frame(latest: Path) -> None:
    joined = published(latest, "budgetram").join(printed("budget_frame"), left_on="steg", right_on="seq")
    assert joined.height == 8
    own = (
        pl.when(pl.col("kind").is_in(["frame", "adjustment"])).then(number("belopp_mnkr")).otherwise(number("ram_mnkr"))
    )
    assert joined.select((own == number("amount_mnkr")).all()).item()


@pytest.mark.parametrize(
    ("table", "row", "column", "figure"),
    [
        ("resultatrakning", "arets_resultat", "utfall_tkr", "-750925"),
        ("resultatrakning", "arets_resultat", "avvikelse_tkr", "-22023"),
        ("resultatrakning", "balansresultat", "avvikelse_tkr", "-3277"),
        ("driftsredovisning", "totalforsvar", "avvikelse_tkr", "-6210"),
        ("driftsredovisning", "infrastruktur_ovrigt", "avvikelse_procent", "-859.4"),
        ("investeringar", "totalt", "upparbetning_procent", "41.0"),
        ("investeringsprojekt", "summa", "avvikelse_tkr", "108740"),
        ("exploateringsprojekt", "summa", "netto_tkr", "-130235"),
        ("exploateringsutfall", "summa", "avvikelse_tkr", "-115228"),
        ("extern_finansiering", "summa", "netto_tkr", "1698"),
        ("sarskilda_satsningar", "heltid_som_norm", "forbrukning_procent", "133.3"),
        ("digitaliseringspott", "digitaliseringspott", "forbrukning_procent", "54.5"),
        ("investeringsoverforing", "totalt", "belopp_tkr", "13600"),
    ],
)
def test_a_figure_of_each_table(table: str, row: str, column: str, figure: str, latest: Path) -> None:
    frame = published(latest, table)
    found = frame.filter(
        pl.any_horizontal(pl.col(r"^(rad|verksamhet|investering|fas|finansiering|satsning|pott)_id$") == row)
    )
    assert found[column].to_list() == [figure]
