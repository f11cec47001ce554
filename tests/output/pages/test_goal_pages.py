"""A goal's page: what an interim report foresaw of it, and what it was called before."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.output.pages.small_site import GOAL, STAMPS, TABLES, small_site, written

FORECAST: Final[dict[str, Any]] = {
    **STAMPS,
    "delarsrapport": "2023-delar2",
    "namndmal_id": "trygghet",
    "namndmal": "Öka tryggheten",
    "prognos_maluppfyllelse": "I hög grad uppfyllt",
    "beslutad_maluppfyllelse": "Delvis uppfyllt",
    "beraknad_maluppfyllelse": "Ej uppfyllt",
    "stammer": False,
    "steg": -1,
}
FOLLOWED: Final[dict[str, Any]] = {
    **STAMPS,
    "slag": "namndmal",
    "id": "trygghet",
    "namn": "Öka tryggheten",
    "namndmal_id": "trygghet",
    "uppkomst": "omdopt",
    "foregaende_rapport": "2022-helar",
    "foregangare": "trygghet",
}
EARLIER: Final[dict[str, Any]] = {
    **FOLLOWED,
    "rapport": "2022-helar",
    "namn": "Minska otryggheten",
    "uppkomst": "forsta",
}


def text(root: Path, **tables: Any) -> str:
    """The text of the goal's page."""
    return written(root, small_site({**TABLES, **tables}))[f"mal/{GOAL['namndmal_id']}/"].text


def test_a_forecast_stands_beside_the_final_grade(tmp_path: Path) -> None:
    assert "Prognos i augusti I hög grad uppfyllt" in text(tmp_path, prognoser=[FORECAST])


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param({}, id="no table"),
        pytest.param(
            {"prognoser": [{**FORECAST, "prognos_maluppfyllelse": None, "prognos_status": "ej_publicerat"}]},
            id="not at hand",
        ),
    ],
)
def test_without_a_forecast_nothing_is_said_of_one(tmp_path: Path, tables: dict[str, Any]) -> None:
    assert "Prognos" not in text(tmp_path, **tables)


def test_a_goal_that_was_renamed_says_what_it_was(tmp_path: Path) -> None:
    assert "Tidigare mål Minska otryggheten" in text(tmp_path, malhistorik=[EARLIER, FOLLOWED])


def test_a_goal_that_stands_as_it_was_says_nothing_of_before(tmp_path: Path) -> None:
    same = {**FOLLOWED, "uppkomst": "oforandrad"}
    assert "Tidigare" not in text(tmp_path, malhistorik=[EARLIER, same])
