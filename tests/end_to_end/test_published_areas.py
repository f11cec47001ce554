"""The published tables by area: the two indicators of tenure and the dispersion, worked out anew from the counts."""

import csv
import html
import re
from collections.abc import Iterator
from math import isclose, sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contracts import check, contract
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import ROOT, Place

DATA = ROOT.parent / "shared" / "data" / "areas"
SELECTED = {"0126R020", "0126R021", "0126R022", "0126R001", "0126R002", "0126R003", "0126R014"}
AREAS = (
    "omraden",
    "omradesforandringar",
    "omradesgrupper",
    "omradesgruppvarden",
    "omradesmatt",
    "omradesserier",
    "omradesskillnader",
    "omradesvarden",
    "spridningsmatt",
)


@pytest.fixture
def latest(example: Refreshed) -> Path:
    """What is published."""
    return example.place.latest


def table(latest: Path, name: str) -> pl.DataFrame:
    """A published table."""
    return pl.read_parquet(latest / f"{name}.parquet")


@pytest.mark.parametrize("name", AREAS)
def test_each_table_has_rows_and_keeps_its_contract(name: str, latest: Path) -> None:
    found = table(latest, name)
    assert found.height
    known = {"namndmal_id": {"hallbara_livsmiljoer", "foretagsklimat"}}
    known["indikator_id"] = {"hyresratter_ovriga_huddinge", "bostads_aganderatter_utvalda_omraden"}
    rules = {column.references: known[column.references] for column in contract(name).columns if column.references}
    assert check(found.cast(contract(name).polars_schema), contract(name), rules).breaches == ()


def test_the_two_indicators_stand_beside_the_printed_ones_on_either_side_of_their_milestones(latest: Path) -> None:
    found = table(latest, "indikatorer").filter(pl.col("utfall_kalla").is_not_null())
    rows = found.select("indikator_id", "utfall", "etappmal_status", pl.col("utfall_kalla").round(3), "status_kalla")
    assert {row[0]: row[1:] for row in rows.rows() if "huddinge" in row[0] or "omraden" in row[0]} == {
        "hyresratter_ovriga_huddinge": (15.0, "gransfall", 15.003, "uppnatt"),
        "bostads_aganderatter_utvalda_omraden": (33.0, "gransfall", 32.635, "ej_uppnatt"),
    }


def test_the_goal_of_living_environments_shows_both_indicators_by_area_computed_beside_printed(
    example: Refreshed,
) -> None:
    page = (example.place.public / "mal/hallbara_livsmiljoer/index.html").read_text(encoding="utf-8")
    text = " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())
    for said in (
        "2022. Rapporten anger 15 %. Uträknat ur SCB:s lägenheter: 15,003 % (uppnått). Etappmål: mer än 15 %.",
        "2022. Rapporten anger 33 %. Uträknat ur SCB:s lägenheter: 32,635 % (ej uppnått). Etappmål: mer än 33 %.",
    ):
        assert said in text
    for name in ("Huddinge utom Vårby, Flemingsberg och Västra Skogås", "Vårby", "Skogås västra", "Snättringe"):
        assert name in text


def counts(year: int) -> Iterator[tuple[str, str, float, float]]:
    """DeSO, RegSO, rented and all dwellings of the material, by the standard library alone."""
    with (DATA / "huddinge_deso_regso.csv").open(encoding="utf-8", newline="") as file:
        key = {(row["deso_version"], row["deso_kod"]): row["regso_kod"] for row in csv.DictReader(file)}
    if year == 2025:
        with (DATA / "huddinge_deso2025_2024_2025.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                kinds = [float(row[f"{kind}_2025"]) for kind in ("hyresratt", "bostadsratt", "aganderatt", "ovrigt")]
                yield row["deso_kod"], row["regso_kod"], kinds[0], sum(kinds)
        return
    with (DATA / "huddinge_deso2018_2022.csv").open(encoding="utf-8", newline="") as file:
        homes = [row for row in csv.DictReader(file) if row["amne"] == "lagenheter"]
    for code in sorted({row["deso_kod"] for row in homes}):
        own = {row["kategori"]: float(row["varde"]) for row in homes if row["deso_kod"] == code}
        yield code, key["2018", code], own["hyresratt"], sum(own.values())


def by_area(year: int, level: str) -> dict[str, tuple[float, float]]:
    """Rented and all dwellings of each area of a level."""
    sums: dict[str, tuple[float, float]] = {}
    for deso, regso, rented, every in counts(year):
        code = deso if level == "deso" else regso
        before = sums.get(code, (0.0, 0.0))
        sums[code] = (before[0] + rented, before[1] + every)
    return sums


@pytest.mark.skipif(not DATA.exists(), reason="the material is not at hand")
@pytest.mark.parametrize("year", [2022, 2025])
def test_the_indicators_equal_those_of_the_material(year: int, latest: Path) -> None:
    areas = by_area(year, "regso")
    chosen, others = ([areas[code] for code in areas if (code in SELECTED) == inside] for inside in (True, False))
    expected = {
        ("hyresratter", "ovriga_huddinge"): 100 * sum(a for a, _ in others) / sum(b for _, b in others),
        ("bostads_och_aganderatter", "utvalda_omraden"): 100
        * sum(b - a for a, b in chosen)
        / sum(b for _, b in chosen),
    }
    found = table(latest, "omradesgruppvarden").filter(pl.col("ar") == year)
    for (measure, group), value in expected.items():
        (row,) = found.filter(pl.col("matt_id") == measure, pl.col("grupp_id") == group)["varde"].to_list()
        assert isclose(row, value, abs_tol=5e-4)


@pytest.mark.skipif(not DATA.exists(), reason="the material is not at hand")
@pytest.mark.parametrize("level", ["regso", "deso"])
@pytest.mark.parametrize("year", [2022, 2025])
def test_the_dispersion_of_rented_dwellings_equals_that_of_the_material(year: int, level: str, latest: Path) -> None:
    areas = list(by_area(year, level).values())
    rented, every = sum(a for a, _ in areas), sum(b for _, b in areas)
    whole = rented / every
    shares = [100 * a / b for a, b in areas if b >= 100]
    expected: dict[str, Any] = {
        "lagst": min(shares),
        "hogst": max(shares),
        "kvot_hogst_lagst": max(shares) / min(shares) if min(shares) else None,
        "variationskoefficient": sqrt(sum(b * (a / b - whole) ** 2 for a, b in areas if b) / every) / whole,
        "olikhetsindex": sum(abs(a / rented - (b - a) / (every - rented)) for a, b in areas) / 2,
    }
    row = (
        table(latest, "spridningsmatt")
        .filter(pl.col("matt_id") == "hyresratter", pl.col("niva") == level, pl.col("ar") == year)
        .row(0, named=True)
    )
    for name, value in expected.items():
        assert row[name] is None if value is None else isclose(row[name], value, abs_tol=5e-4), name


def test_areas_add_up_to_the_municipality_and_nearly_so_with_noise(
    latest: Path,
) -> None:
    values = table(latest, "omradesvarden").filter(pl.col("ar") == 2022)
    of = {
        name: values.filter(pl.col("niva") == "deso", pl.col("matt_id") == name) for name in ("folkmangd", "arbetslosa")
    }
    # SCB's population of the municipality in another table of the example.
    assert of["folkmangd"]["varde"].sum() == 114504
    # Employed and unemployed come with noise: the labour force is not their sum, but nearly so.
    assert of["arbetslosa"]["namnare"].sum() == 59635


def test_employed_and_unemployed_differ_from_the_labour_force_by_no_more_than_the_plan_s_noise(latest: Path) -> None:
    values = table(latest, "omradesvarden").filter(pl.col("ar") == 2022, pl.col("niva") == "deso")
    employed, unemployed = (
        values.filter(pl.col("matt_id") == name).sort("omrade_id") for name in ("sysselsatta", "arbetslosa")
    )
    off = (employed["taljare"] + unemployed["taljare"] - unemployed["namnare"]).abs()
    # Three cells of three each; without allowing for noise most areas would be wrong.
    assert off.max() == 6
    assert (off > 0).sum() == 50


def test_noisy_population_of_2025_is_not_added_up(latest: Path) -> None:
    values = table(latest, "omradesvarden").filter(pl.col("ar") == 2025, pl.col("matt_id") == "folkmangd")
    assert set(values.filter(pl.col("niva") == "regso")["varde_status"]) == {"brus"}
    assert values.filter(pl.col("niva") == "deso")["varde"].null_count() == 0


def test_every_code_of_a_year_is_in_the_division_of_that_year(latest: Path) -> None:
    codes = table(latest, "omraden").select("omrade_id", "indelning", "galler_fran", "galler_till")
    values = table(latest, "omradesvarden").join(codes, on=["omrade_id", "indelning"], how="left")
    assert values.height == table(latest, "omradesvarden").height
    assert values.filter((pl.col("ar") < pl.col("galler_fran")) | (pl.col("ar") > pl.col("galler_till"))).is_empty()


def test_nothing_of_background_is_good_or_bad_or_ranked(latest: Path) -> None:
    measures = table(latest, "omradesmatt")
    assert measures.filter(pl.col("matt_id") == "utlandsk_bakgrund")["riktning"].to_list() == ["neutral"]
    ranks = table(latest, "omradesskillnader").filter(pl.col("matt_id") == "utlandsk_bakgrund")["rang"]
    assert ranks.null_count() == ranks.len()


@pytest.mark.slow
def test_a_plan_without_areas_publishes_nothing_of_them(place: Place) -> None:
    folder = place.edit_plan()
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("# ---- The areas:")
    _, mark, after = rest.partition("# ---- The municipality's own files")
    own = re.sub(r"source = \{ areas = .*\}", 'source = { extract = "indikatorutfall", unit = "procent" }', before)
    kept = after.partition("# Lists and change log of SCB")[0]
    (folder / "plan.toml").write_text(own + mark + kept, encoding="utf-8")
    ended = place.run("refresh")
    assert ended.status == 0, ended.err
    published = {path.name.partition(".")[0] for path in place.latest.iterdir()}
    assert published & {*AREAS, "omradessummor", "omradestyper", "omradesgranser"} == set()
    assert "indikatorer" in published
