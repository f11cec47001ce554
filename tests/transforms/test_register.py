"""The goal register as frames: a plan in, the rows of the core tables beside it."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from contracts import check, contract
from pipelines.settings import PACKAGE
from pipelines.transforms.register import indikatorregister, malregister, rapporter, report_of
from sources.plan import load_plan
from tests.sources.plans import plan
from tests.transforms.rows import assert_columns

DECISION = '{name}\ngrade = "Delvis uppfyllt"\ndate = 2024-02-14\nreason = "Kort."\n{line}\n'


def test_a_plan_is_a_report_with_its_lines(tmp_path: Path) -> None:
    report = report_of(plan(tmp_path))
    assert (report.kommun_id, report.rapport, report.year) == ("0126", "2023-helar", 2023)
    assert report.kalla == "Verksamhetsberättelse 2023"
    assert report.lines["resultatrakning"].rows() == [
        ("intakter", "Intäkter", "post", "resultat", 7),
        ("resultat", "Resultat", "summa", None, None),
    ]


def test_indicators_are_rows_with_their_bounds_and_sources(tmp_path: Path) -> None:
    small = plan(
        tmp_path,
        (
            'operator = ">=", value = 80 }',
            'assumed_operator = ">=", value = 80 }\ntarget = { year = 2030, value = 95 }',
        ),
        ("lag = 1\n", 'lag = 1\nsource_line = 9\nreported = { status = "uppnatt", by_goal = "ej_uppnatt" }\n'),
    )
    found = indikatorregister(small.register, report_of(small))
    assert check(found, contract("indikatorregister", "core")).breaches == ()
    assert_columns(
        found,
        {
            "indikator_id": ["andel", "per_invanare"],
            "namndmal_id": ["fordon", "fordon"],
            "enhet": ["procent", "kvot"],
            "decimaler": [1, 2],
            "riktning": ["hogre_ar_battre", "lagre_ar_battre"],
            "utfall_ar": [2023, 2022],
            "etappmal_ar": [2023, None],
            "etappmal_operator": [">=", None],
            "etappmal_varde": [80.0, None],
            "antagen_operator": [True, False],
            "malvarde_ar": [2030, None],
            "malvarde_operator": [None, None],
            "malvarde": [95.0, None],
            "rapporterad_status": ["ej_angivet", "uppnatt"],
            "rapporterad_av_malet": ["ej_angivet", "ej_uppnatt"],
            "kalla_id": ["N00001", "fordon / folk"],
            "jamfors": [True, True],
            "kalla_rad": [None, 9],
        },
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('kolada = "N00001", unit = "procent"', ("N00001", True), id="a KPI"),
        pytest.param('kolada = "N00001", unit = "procent", compare = false', ("N00001", False), id="never compared"),
        pytest.param('extract = "indikatorutfall", unit = "procent"', (None, False), id="the municipality's own"),
    ],
)
def test_whether_an_indicator_has_a_source_and_is_compared(
    tmp_path: Path, source: str, expected: tuple[str | None, bool]
) -> None:
    small = plan(tmp_path, ('kolada = "N00001", unit = "procent"', source))
    assert indikatorregister(small.register, report_of(small)).select("kalla_id", "jamfors").row(0) == expected


def test_a_goal_without_decision_is_a_row_with_blanks(tmp_path: Path) -> None:
    small = plan(
        tmp_path, ('council_goal = "klimat"\n\n[[goal.', 'council_goal = "klimat"\nsource_line = 5\n\n[[goal.')
    )
    found = malregister(small.register, report_of(small))
    assert check(found, contract("malregister", "core")).breaches == ()
    assert found.row(0, named=True) == {
        "kommun_id": "0126",
        "rapport": "2023-helar",
        "namndmal_id": "fordon",
        "malomrade": "Miljö",
        "kf_mal": "Minska klimatpåverkan",
        "namndmal": "Fossilfria fordon",
        "beslutad_maluppfyllelse": None,
        "beslutsdatum": None,
        "motivering": None,
        "fortsatter": None,
        "upphor": None,
        "kalla": "Verksamhetsberättelse 2023",
        "kalla_rad": 5,
    }


@pytest.mark.parametrize(("line", "expected"), [("source_line = 8", 8), ("", 5)])
def test_a_decision_brings_its_line_or_has_that_of_the_goal(tmp_path: Path, line: str, expected: int) -> None:
    decision = DECISION.format(name="[goal.decision]", line=line)
    small = plan(
        tmp_path,
        (
            'council_goal = "klimat"\n\n[[goal.',
            f'council_goal = "klimat"\nsource_line = 5\n\n{decision}\n[[goal.',
        ),
    )
    row = malregister(small.register, report_of(small)).row(0, named=True)
    assert (row["beslutad_maluppfyllelse"], row["beslutsdatum"]) == ("Delvis uppfyllt", dt.date(2024, 2, 14))
    assert (row["motivering"], row["kalla_rad"]) == ("Kort.", expected)


@pytest.mark.parametrize("decided", [True, False])
def test_the_report_is_one_row_with_or_without_a_decision(tmp_path: Path, *, decided: bool) -> None:
    decision = DECISION.format(name="[report.decision]", line="source_line = 4") if decided else ""
    small = plan(tmp_path, ('[rule]\nversion = "1"', f'{decision}\n[rule]\nversion = "1"\ntie_is_reached = true'))
    found = rapporter(small.register, report_of(small))
    assert check(found, contract("rapporter", "core")).breaches == ()
    row = found.row(0, named=True)
    assert (row["ar"], row["namnd"], row["gransfall_uppnatt"]) == (2023, "Kommunstyrelsen", True)
    assert row["regelversion"] == "andel-uppnadda-etappmal-1"
    assert (row["beslutad_maluppfyllelse"], row["beslutsdatum"], row["kalla_rad"]) == (
        ("Delvis uppfyllt", dt.date(2024, 2, 14), 4) if decided else (None, None, None)
    )


def test_the_shipped_register_keeps_its_contracts() -> None:
    shipped = load_plan(PACKAGE / "huddinge" / "2023")
    report = report_of(shipped)
    for name, found in {
        "rapporter": rapporter(shipped.register, report),
        "malregister": malregister(shipped.register, report),
        "indikatorregister": indikatorregister(shipped.register, report),
    }.items():
        assert check(found, contract(name, "core")).breaches == ()
    late = indikatorregister(shipped.register, report).filter(pl.col("utfall_ar") == 2022)
    assert late.height == 9
