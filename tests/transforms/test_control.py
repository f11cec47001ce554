"""Samples, measures, controls, procurements and vehicles: a few rows in, the expected rows beside them."""

from collections.abc import Mapping
from typing import Any

import pytest

from contracts import contract
from pipelines.transforms import control
from tests.transforms.rows import Transform, assert_columns, published


def test_share_with_errors_is_computed_also_for_a_total_that_does_not_add_up() -> None:
    result = published(
        control.stickprov,
        "stickprov",
        {
            "organisation": ["Samtliga nämnder", "Kommunstyrelsen", "Förskolenämnden"],
            "radtyp": ["summa", "post", "post"],
            "antal_stickprov": [114, 16, 16],
            "antal_fel": [61, 6, 8],
            "andel_fel_procent": [42.0, 38.0, None],
            "andel_fel_delar2_procent": [None, 17.0, 50.0],
            "kalla_rad": [992, 994, 996],
        },
    )
    assert_columns(
        result,
        {
            "organisation_id": ["samtliga_namnder", "kommunstyrelsen", "forskolenamnden"],
            "over_id": [None, "samtliga_namnder", "samtliga_namnder"],
            "antal_stickprov": [114, 16, 16],
            "andel_fel_procent": [61 / 114 * 100, 37.5, 50.0],
            "andel_fel_delar2_procent": [None, 17.0, 50.0],
            "andel_fel_delar2_status": ["ej_publicerat", None, None],
        },
    )


@pytest.mark.parametrize(
    ("samples", "errors"),
    [
        pytest.param(0, 0, id="no samples"),
        pytest.param(None, 3, id="samples not stated"),
        pytest.param(16, None, id="errors not stated"),
    ],
)
def test_there_is_no_share_without_both_counts(samples: int | None, errors: int | None) -> None:
    result = published(
        control.stickprov,
        "stickprov",
        {
            "organisation": ["Kommunstyrelsen"],
            "radtyp": ["post"],
            "antal_stickprov": [samples],
            "antal_fel": [errors],
            "andel_fel_procent": [38.0],
            "andel_fel_delar2_procent": [17.0],
            "kalla_rad": [994],
        },
    )
    assert_columns(result, {"andel_fel_procent": [None], "over_id": [None]})


def test_results_of_controls_are_published_as_stated() -> None:
    result = published(
        control.kontrollresultat,
        "kontrollresultat",
        {
            "resultat_id": ["gavor_belopp_fel", "gavor_andel_fel"],
            "kontroll_id": ["gavor_uppvaktning"] * 2,
            "process": ["Personaladministrativa rutiner"] * 2,
            "matt": ["Belopp på verifikationer med fel", "Andel verifikationer med fel"],
            "varde": [222499.0, 6.9],
            "enhet": ["kronor", "procent"],
            "ar": [2023, 2023],
            "kalla_rad": [1065, 1065],
        },
    )
    assert_columns(
        result,
        {
            "resultat_id": ["gavor_andel_fel", "gavor_belopp_fel"],
            "varde": [6.9, 222499.0],
            "enhet": ["procent", "kronor"],
            "kalla": ["verksamhetsberättelsen"] * 2,
        },
    )


@pytest.mark.parametrize(
    ("transform", "table", "what"),
    [
        pytest.param(
            control.riskatgarder,
            "riskatgarder",
            {"process": "Fastighetsinnehav", "risk": "Felaktig användning", "atgard": "Statusbesiktning"},
            id="risk measure",
        ),
        pytest.param(
            control.granskningsatgarder,
            "granskningsatgarder",
            {"granskning": "Granskning av intern kontroll", "diarienummer": None, "atgard": "Översyn av reglementet"},
            id="audit measure",
        ),
        pytest.param(
            control.systematiska_kontroller,
            "systematiska_kontroller",
            {"process": "Upphandlingsprocess", "kontroll": "Inköp från ramavtal", "kommungemensam": True},
            id="systematic control",
        ),
    ],
)
def test_measures_and_controls_keep_their_rows_in_the_order_of_the_report(
    transform: Transform, table: str, what: Mapping[str, Any]
) -> None:
    rows = {
        "id": ["senare", "tidigare"],
        **{name: [value] * 2 for name, value in what.items()},
        "status": ["ej_klart", "klart"],
        "kalla_rad": [1033, 1032],
    }
    result = published(transform, table, rows)
    assert_columns(
        result,
        {
            "id": ["tidigare", "senare"],
            **{name: [value] * 2 for name, value in what.items()},
            "status": ["klart", "ej_klart"],
            "rapport": ["2023-helar"] * 2,
        },
    )


def test_procurements_get_their_organisation() -> None:
    result = published(
        control.direktupphandlingar,
        "direktupphandlingar",
        {
            "organisation": ["Socialförvaltningen", "Huddinge kommun", "Huddinge kommun"],
            "matt": ["Anmälningar med fel", "Anmälda direktupphandlingar", "Anmälda direktupphandlingar"],
            "enhet": ["antal"] * 3,
            "ar": [2023, 2023, 2022],
            "varde": [1, 284, 208],
            "kalla_rad": [1020, 1007, 1007],
        },
    )
    assert_columns(
        result,
        {
            "organisation_id": ["huddinge_kommun", "huddinge_kommun", "socialforvaltningen"],
            "ar": [2022, 2023, 2023],
            "varde": [208, 284, 1],
        },
    )


def test_vehicles_say_why_a_share_or_a_number_is_missing() -> None:
    result = published(
        control.fordonsflotta,
        "fordonsflotta",
        {
            "organisation": ["Kommunen", "Kommunen", "Grundskolenämnden", "Förskolenämnden"],
            "fordon": ["alla", "egna_verksamhetsfordon", "alla", "alla"],
            "radtyp": ["summa", "upplysning", "post", "post"],
            "andel_fossilfri_procent": [61.7, None, None, 100.0],
            "antal": [None, 120, 0, 1],
            "kalla_rad": [263] * 4,
        },
    )
    assert_columns(
        result,
        {
            "organisation_id": ["forskolenamnden", "grundskolenamnden", "kommunen", "kommunen"],
            "fordon": ["alla", "alla", "alla", "egna_verksamhetsfordon"],
            "over_id": ["kommunen", "kommunen", None, None],
            "andel_fossilfri_procent": [100.0, None, 61.7, None],
            "andel_fossilfri_status": [None, "ej_tillampligt", None, "ej_publicerat"],
            "antal": [1, 0, None, 120],
            "antal_status": [None, None, "ej_publicerat", None],
        },
    )


def test_nothing_here_counts_persons() -> None:
    tables = (
        "stickprov",
        "kontrollresultat",
        "riskatgarder",
        "granskningsatgarder",
        "systematiska_kontroller",
        "direktupphandlingar",
        "fordonsflotta",
    )
    assert not [column for table in tables for column in contract(table).columns if column.counts_persons]
