"""What interim reports said beside how it ended: a plan and final grades in, forecasts beside them."""

from pathlib import Path

import polars as pl

from contracts import check, contract
from pipelines.settings import PACKAGE
from pipelines.transforms.forecasts import delarsuppgifter, prognoser
from pipelines.transforms.register import report_of
from sources.plan import Plan, load_plan
from tests.sources.plans import plan
from tests.transforms.rows import assert_columns

AUGUST = """
[[interim]]
id = "2023-delar1"
forecasts = false

[[interim]]
id = "2023-delar2"
source = "Delårsrapport per augusti"

[[target_area]]"""
FORECAST = """
[[goal.forecast]]
report = "2023-delar2"
grade = "{grade}"
reason = "Kort."
source_line = 12

[[goal.indicator]]"""


def with_forecast(folder: Path, grade: str) -> Plan:
    """The small plan with a forecast of its goal."""
    return plan(
        folder,
        ("\n[[target_area]]", AUGUST),
        ('\n[[goal.indicator]]\nid = "andel"', f'{FORECAST.format(grade=grade)}\nid = "andel"'),
    )


def decided(small: Plan, grade: str | None, computed: str = "Ej uppfyllt") -> pl.DataFrame:
    """The goal as it ended."""
    row = {
        "kommun_id": "0126",
        "rapport": "2023-helar",
        "namndmal_id": "fordon",
        "namndmal": "Fossilfria fordon",
        "beraknad_maluppfyllelse": computed,
        "beslutad_maluppfyllelse": grade,
    }
    frame = pl.DataFrame([row], schema=contract("malbedomning").polars_schema)
    found = prognoser(small.register, frame, report_of(small))
    assert check(found, contract("prognoser"), {"namndmal_id": {"fordon"}}).breaches == ()
    return found


def test_a_forecast_stands_beside_the_final_grade(tmp_path: Path) -> None:
    assert_columns(
        decided(with_forecast(tmp_path, "I hög grad uppfyllt"), "Delvis uppfyllt"),
        {
            "rapport": ["2023-helar"],
            "delarsrapport": ["2023-delar2"],
            "namndmal_id": ["fordon"],
            "prognos_maluppfyllelse": ["I hög grad uppfyllt"],
            "prognos_status": [None],
            "beslutad_maluppfyllelse": ["Delvis uppfyllt"],
            "beraknad_maluppfyllelse": ["Ej uppfyllt"],
            "stammer": [False],
            "steg": [-1],
            "motivering": ["Kort."],
            "motivering_av": ["sammanfattning"],
            "kalla": ["Delårsrapport per augusti"],
            "kalla_rad": [12],
        },
    )


def test_a_forecast_that_came_true(tmp_path: Path) -> None:
    found = decided(with_forecast(tmp_path, "Delvis uppfyllt"), "Delvis uppfyllt")
    assert_columns(found, {"stammer": [True], "steg": [0]})


def test_before_the_year_is_decided_there_is_nothing_to_hold_a_forecast_to(tmp_path: Path) -> None:
    found = decided(with_forecast(tmp_path, "Delvis uppfyllt"), None)
    assert_columns(found, {"prognos_maluppfyllelse": ["Delvis uppfyllt"], "stammer": [None], "steg": [None]})


def test_a_forecast_that_is_not_at_hand_is_blank_with_its_reason(tmp_path: Path) -> None:
    found = decided(plan(tmp_path, ("\n[[target_area]]", AUGUST)), "Delvis uppfyllt")
    assert_columns(
        found,
        {
            "delarsrapport": ["2023-delar2"],
            "prognos_maluppfyllelse": [None],
            "prognos_status": ["ej_publicerat"],
            "stammer": [None],
            "kalla": ["Verksamhetsberättelse 2023"],
        },
    )


def test_a_plan_without_interim_reports_has_no_forecasts(tmp_path: Path) -> None:
    assert decided(plan(tmp_path), "Delvis uppfyllt").is_empty()


def test_the_figures_of_april_and_august_that_the_report_prints() -> None:
    shipped = load_plan(PACKAGE / "huddinge" / "2023")
    report = report_of(shipped)
    samples = pl.DataFrame(
        {
            "organisation_id": ["kommunstyrelsen", "socialnamnden"],
            "andel_fel_procent": [37.5, 50.0],
            "andel_fel_delar2_procent": [17.0, None],
            "kalla_rad": [994, 998],
        },
        schema_overrides={"andel_fel_delar2_procent": pl.Float64},
    )
    frame = pl.DataFrame({"steg": [4, 5, 8], "ram_mnkr": [728.2, 727.1, 728.9], "kalla_rad": [542, 542, 548]})
    found = delarsuppgifter(shipped.register, {"stickprov": samples, "budgetram": frame}, report)
    assert check(found, contract("delarsuppgifter")).breaches == ()
    told = found.filter(
        pl.col("uppgift_id").is_in(["budgetram", "stickprov_kommunstyrelsen", "stickprov_socialnamnden"])
    )
    assert_columns(
        told.with_columns(pl.col("forandring").round(6)),
        {
            "delarsrapport": ["2023-delar1", "2023-delar2", "2023-delar2", "2023-delar2"],
            "uppgift_id": ["budgetram", "budgetram", "stickprov_kommunstyrelsen", "stickprov_socialnamnden"],
            "enhet": ["mnkr", "mnkr", "procent", "procent"],
            "varde_delar": [728.2, 727.1, 17.0, None],
            "varde_delar_status": [None, None, None, "ej_publicerat"],
            "varde": [728.9, 728.9, 37.5, 50.0],
            "forandring": [0.7, 1.8, 20.5, None],
            "kalla_rad": [542, 542, 994, 998],
        },
    )


def test_figures_of_a_table_that_nobody_has_handed_in_are_left_out() -> None:
    shipped = load_plan(PACKAGE / "huddinge" / "2023")
    assert delarsuppgifter(shipped.register, {}, report_of(shipped)).is_empty()
