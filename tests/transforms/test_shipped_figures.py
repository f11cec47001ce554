"""The shipped example's figures: exactly those that are wrong are flagged, and the rest are rounded at most."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from contracts import contract
from contracts.vocabulary import Verdict
from pipelines.assets.follow_up import transforms
from pipelines.transforms.figure_checks import CHECKS
from pipelines.transforms.figure_control import as_stated, control
from sources.extracts import read_extract
from sources.plan import load_plan
from tests.transforms.declared import SCHEMA
from tests.transforms.rows import REPORT

FOLDER = Path(__file__).parents[2] / "sources" / "huddinge" / "2023"


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    plan = load_plan(FOLDER)
    lines = {
        name: pl.DataFrame(
            [(row.id, row.label, row.parent, row.kind, row.source_line) for row in rows], SCHEMA, orient="row"
        )
        for name, rows in plan.lines.items()
    }
    report, transform = replace(REPORT, lines=lines), transforms()
    extracts = {name: read_extract(plan.extracts[name], contract(name).extract).frame for name in CHECKS}
    return control(
        {name: as_stated(name, transform[name](extract, report), extract) for name, extract in extracts.items()}
    )


def test_exactly_the_wrong_figures_are_flagged(found: pl.DataFrame) -> None:
    wrong = found.filter(pl.col("utslag") == Verdict.DISAGREES).sort("kontroll_id")
    assert wrong.select("tabell", "rad", "kolumn", "kategori", "pastatt", "beraknat", "kalla_rad").rows() == [
        ("driftsredovisning", "aldre_funktionsnedsattning", "avvikelse_procent", "procent", 1.0, -0.974771, 633),
        ("personalomsattning", "kommunstyrelsens_forvaltning/2023", "forandring_pe", "avvikelse", -8.7, -7.3, 946),
        ("stickprov", "samtliga_namnder", "andel_fel_procent", "procent", 42.0, 53.508772, 992),
        ("stickprov", "samtliga_namnder", "antal_stickprov", "summa", 114.0, 144.0, 992),
    ]


def test_what_is_rounded_differs_by_one_thousand(found: pl.DataFrame) -> None:
    rounded = found.filter(pl.col("utslag") == Verdict.WITHIN_ROUNDING)
    assert rounded["differens"].abs().unique().to_list() == [1.0]


def test_right_figures_beside_the_wrong_ones_agree(found: pl.DataFrame) -> None:
    verdicts = dict(found.select("kontroll_id", "utslag").iter_rows())
    assert verdicts["stickprov_samtliga_namnder_antal_fel_summa"] == Verdict.AGREES
    assert verdicts["stickprov_kommunstyrelsen_andel_fel_procent"] == Verdict.AGREES
    assert verdicts["antal_anstallda_kommunstyrelsens_forvaltning_antal_anstallda_2023_forandring"] == Verdict.AGREES
    assert verdicts["sjukfranvaro_kommunstyrelsens_forvaltning_totalt_2023_forandring_pe"] == Verdict.AGREES
