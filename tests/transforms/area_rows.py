"""A small municipality with its areas, for the tests of what is worked out of them.

Two RegSO of two DeSO each until 2023; in 2025 the first DeSO is two, and ground has gone from the third to the fourth.
"""

import datetime as dt
from typing import Any, Final

import polars as pl

from contracts import contract
from pipelines.transforms.areas import omraden, omradesgrupper
from sources.plan.areas import Areas
from tests.transforms.goal_rows import KNOWN
from tests.transforms.rows import REPORT

LIST: Final = pl.DataFrame(
    [
        ("00", "riket", "Riket", "alla", None),
        ("01", "lan", "Länet", "alla", "00"),
        ("0126", "kommun", "Huddinge", "alla", "01"),
        *(
            (code, "regso", name, edition, "0126")
            for edition in ("2020", "2025")
            for code, name in (("0126R001", "Norra"), ("0126R002", "Södra"))
        ),
        ("0126C1010", "deso", None, "2018", "0126R001"),
        ("0126C1020", "deso", None, "2018", "0126R001"),
        ("0126C1030", "deso", None, "2018", "0126R002"),
        ("0126C1040", "deso", None, "2018", "0126R002"),
        ("0126C1011", "deso", None, "2025", "0126R001"),
        ("0126C1012", "deso", None, "2025", "0126R001"),
        ("0126C1020", "deso", None, "2025", "0126R001"),
        ("0126C1030", "deso", None, "2025", "0126R002"),
        ("0126C1040", "deso", None, "2025", "0126R002"),
    ],
    schema={
        "omrade_id": pl.String,
        "niva": pl.String,
        "omrade": pl.String,
        "indelning": pl.String,
        "over_id": pl.String,
    },
    orient="row",
)

CHANGED: Final = dt.date(2025, 1, 1)
SPLIT: Final = (
    ("0126C1010", "0126C1011", "Upphör; till nybildad", CHANGED),
    ("0126C1010", "0126C1012", "Upphör; till nybildad", CHANGED),
)
WITHIN: Final = (("0126C1030", "0126C1040", "Ger del till befintlig", CHANGED),)


def log(*rows: tuple[str, str, str, dt.date]) -> pl.DataFrame:
    """A log of changes."""
    return pl.DataFrame(list(rows), schema=contract("omradesforandringar").extract.polars_schema, orient="row")


KNOWN_AREAS: Final = omraden(LIST, log(*SPLIT, *WITHIN), REPORT)


def areas(**changes: Any) -> Areas:
    """What a plan says of its areas: dwellings, free of noise, and people, with noise from 2025."""
    part = {"region": "Region", "regions": ["0126*"], "time": "Tid", "selection": {"Tid": ["*"]}}
    said = {
        "smallest_denominator": 100,
        "series": [
            {
                "id": "hem",
                "title": "Lägenheter",
                "unit": "antal",
                "part": [{**part, "table": "TAB1", "by": "Form", "cells": {"hyrda": "1", "agda": "2"}}],
            },
            {
                "id": "folk",
                "title": "Folkmängd",
                "unit": "antal",
                "noise": 3,
                "noise_from": 2025,
                "part": [{**part, "table": "TAB2", "by": "Alder", "cells": {"unga": "a", "alla": "t"}}],
            },
            {
                "id": "inkomst",
                "title": "Inkomst",
                "unit": "tkr",
                "part": [{**part, "table": "TAB3", "by": "ContentsCode", "cells": {"median": "m"}}],
            },
        ],
        "measure": [
            {
                "id": "hyrda",
                "name": "Hyrda",
                "unit": "procent",
                "numerator": ["hem:hyrda"],
                "denominator": ["hem:hyrda", "hem:agda"],
            },
            {"id": "unga", "name": "Unga", "unit": "procent", "numerator": ["folk:unga"], "denominator": ["folk:alla"]},
            {"id": "inkomst", "name": "Inkomst", "unit": "tkr", "value": "inkomst:median"},
        ],
        "group": [
            {"id": "norr", "name": "Norr", "basis": "Namnet.", "members": ["0126R001"]},
            {"id": "resten", "name": "Resten", "basis": "Alla andra.", "outside": ["norr"]},
            {"id": "allt", "name": "Allt", "basis": "Båda.", "groups": ["norr", "resten"]},
        ],
    }
    return Areas.model_validate({**said, **changes})


def told(*cells: tuple[str, str, int, float | None], **more: Any) -> pl.DataFrame:
    """Cells as SCB told them: series and cell, region, year, value."""
    schema = contract("omradesceller", "core").polars_schema
    rows = [
        {"kalla_id": cell, "kommun_id": region, "ar": year, "kon": "T", "varde": value, "kand_fran": KNOWN, **more}
        for cell, region, year, value in cells
    ]
    return pl.DataFrame(rows, schema=schema)


GROUPS: Final = omradesgrupper(areas(), KNOWN_AREAS, REPORT)
