"""Rows of the goal register, of outcomes and of statuses, for the tests of how figures are read.

Here belongs a plain row of each table; what a test changes in it stands in the test.
"""

import datetime as dt
from typing import Any, Final

import polars as pl

from contracts import contract
from tests.transforms.rows import REPORT

KNOWN: Final = dt.datetime(2023, 12, 31)  # noqa: DTZ001 - the warehouse keeps UTC without a zone
LATER: Final = dt.datetime(2025, 6, 1)  # noqa: DTZ001 - likewise

STAMPS: Final[dict[str, Any]] = {"kommun_id": "0126", "rapport": "2023-helar", "kalla": REPORT.kalla, "kalla_rad": 100}

INDICATOR: Final[dict[str, Any]] = {
    **STAMPS,
    "indikator_id": "oro",
    "indikator": "Oro för brottslighet",
    "namndmal_id": "trygghet",
    "enhet": "procent",
    "decimaler": 0,
    "riktning": "hogre_ar_battre",
    "utfall_ar": 2023,
    "etappmal_ar": 2023,
    "etappmal_operator": ">=",
    "etappmal_varde": 50.0,
    "antagen_operator": False,
    "rapporterad_status": "ej_angivet",
    "rapporterad_av_malet": "ej_angivet",
    "kalla_id": "N00001",
    "jamfors": True,
}

OUTCOME: Final[dict[str, Any]] = {
    **STAMPS,
    "indikator_id": "oro",
    "ar": 2023,
    "kon": "T",
    "utfall": 52.0,
    "kalla_id": "indikatorutfall",
    "mognad": "slutlig",
    "kand_fran": KNOWN,
}

GOAL: Final[dict[str, Any]] = {
    **STAMPS,
    "namndmal_id": "trygghet",
    "malomrade": "Social hållbarhet",
    "kf_mal": "Tryggt",
    "namndmal": "Öka trygghet",
}

OBSERVATION: Final[dict[str, Any]] = {
    "kalla_id": "N00001",
    "kommun_id": "0126",
    "ar": 2023,
    "kon": "T",
    "varde": 52.5,
    "kand_fran": KNOWN,
}


def frame(name: str, layer: str, row: dict[str, Any], *changes: dict[str, Any]) -> pl.DataFrame:
    """Rows of a table: a plain row with each change made to it, and blanks where nothing is said."""
    schema = contract(name, layer).polars_schema
    return pl.DataFrame([{**row, **change} for change in changes], schema=schema)


def register(*changes: dict[str, Any]) -> pl.DataFrame:
    """Indicators of the register."""
    return frame("indikatorregister", "core", INDICATOR, *changes)


def outcomes(*changes: dict[str, Any]) -> pl.DataFrame:
    """Outcomes: of the report unless a change names another source."""
    return frame("indikatorutfall", "open", OUTCOME, *changes)


def source(value: float | None, **more: Any) -> dict[str, Any]:
    """The change that makes an outcome one of Kolada's."""
    return {"kalla": "Kolada", "kalla_id": "N00001", "utfall": value, **more}
