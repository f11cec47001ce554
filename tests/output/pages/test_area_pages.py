"""The pages of areas, from a few rows: what the map, the table and the profile say, and what they leave out."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import contract
from output.pages import write_pages
from output.pages.area_maps import bounds_of, drawn, step_of
from output.site import Site
from output.tables import published
from tests.output.pages.small_site import Reader, pages_of, small_site
from tests.output.publishing import framed

OWN: Final[dict[str, Any]] = {"kommun_id": "0126", "kalla": "SCB, egen bearbetning"}
LOCAL: Final[dict[str, Any]] = {**OWN, "indelning": "2025", "niva": "regso"}
LEFT: Final = '{"type":"Polygon","coordinates":[[[18.0,59.0],[18.1,59.0],[18.1,59.1],[18.0,59.1],[18.0,59.0]]]}'
RIGHT: Final = '{"type":"Polygon","coordinates":[[[18.1,59.0],[18.2,59.0],[18.2,59.1],[18.1,59.1],[18.1,59.0]]]}'
NAMES: Final = {"0126R001": "Norra", "0126R002": "Södra <b>"}


def compared(code: str, share: float | None, **more: Any) -> dict[str, Any]:
    """An area's share against that of the municipality, 20 per cent."""
    row = {**LOCAL, "omrade_id": code, "matt_id": "hyrda", "ar": 2025, "varde": share, "kommun_varde": 20.0}
    return {**row, "avvikelse_pe": None if share is None else share - 20, "seriebrott": "nej", **more}


def in_year(code: str, year: int, share: float, series: str | None = None) -> dict[str, Any]:
    """An area's share in a year, in a series of its own or another."""
    row = {**LOCAL, "serie_id": series or code, "omrade_id": code, "matt_id": "hyrda", "ar": year, "varde": share}
    return {**row, "seriebrott": "nej" if series is None else "ja"}


def told(code: str, level: str, year: int, share: float | None = 20.0) -> dict[str, Any]:
    """A value of an area, or of what it lies in."""
    row = {**LOCAL, "omrade_id": code, "niva": level, "matt_id": "hyrda", "ar": year, "kon": "T", "varde": share}
    return {**row, "kalla_id": "TAB1"}


def site_of(*rows: dict[str, Any], side: str = "neutral", **other: list[dict[str, Any]]) -> Site:
    """A site with two areas and one measure; ``other`` rows may stand in for those of a table."""
    tables = {
        "omraden": [{**LOCAL, "omrade_id": code, "omrade": name} for code, name in NAMES.items()],
        "omradesgranser": [
            {
                **LOCAL,
                "omrade_id": code,
                "version": "1",
                "geometri": shape,
                "geometri_forenklad": shape,
                "areal_km2": 1.0,
            }
            for code, shape in zip(NAMES, (LEFT, RIGHT), strict=True)
        ],
        "omradesmatt": [
            {
                **OWN,
                "matt_id": "hyrda",
                "matt": "Hyrda lägenheter",
                "matt_engelska": "Rented dwellings",
                "enhet": "procent",
                "riktning": side,
                "definition": "Så stor del av bostäderna hyrs",
                "definition_engelska": "The part of the dwellings that are rented",
                "kalla_id": "TAB1",
            }
        ],
        "omradesskillnader": list(rows),
        "omradesserier": [in_year(code, 2025, 10.0) for code in NAMES],
        "omradesvarden": [told("0126R001", "regso", 2025), told("0126", "kommun", 2025)],
        "spridningsmatt": [
            {**LOCAL, "matt_id": "hyrda", "ar": 2025, "namn": "Hyrda", "antal_omraden": 2, "olikhetsindex": 0.25}
        ],
    }
    small = small_site()
    more = {
        name: published(framed(each, contract(name).polars_schema), contract(name))
        for name, each in {**tables, **other}.items()
    }
    return replace(small, tables={**small.tables, **more})


def written(root: Path, site: Site) -> dict[str, Reader]:
    """The pages of a site, by their address."""
    write_pages(root, site)
    return pages_of(root)


def test_the_map_names_each_area_with_its_value_and_the_table_holds_the_same(tmp_path: Path) -> None:
    pages = written(tmp_path, site_of(compared("0126R001", 30.0), compared("0126R002", 10.0)))
    page = pages["omraden/matt/hyrda/"]
    for told in (page, pages["omraden/"]):
        assert "Från 10,0 % i Södra <b> till 30,0 % i Norra år 2025. Hela kommunen: 20,0 %." in told.text.replace(
            "\xa0", " "
        )
    for shown in ("Norra: 30,0 %", "Södra <b>: 10,0 %"):
        assert shown in page.text.replace("\xa0", " ")
    raw = (tmp_path / "omraden/matt/hyrda/index.html").read_text(encoding="utf-8")
    assert "<b>:" not in raw
    assert [attributes["class"] for name, attributes in page.elements if name == "path" and "d" in attributes][:2] == [
        "step5",
        "step1",
    ]
    assert "0,250" in page.text


def test_a_measure_that_only_describes_says_so_and_has_no_ranks(tmp_path: Path) -> None:
    neutral = written(tmp_path / "a", site_of(compared("0126R001", 30.0), compared("0126R002", 10.0)))
    assert "ingen sida är bra eller dålig" in neutral["omraden/matt/hyrda/"].text
    assert "Plats" not in neutral["omraden/matt/hyrda/"].text
    ranked = (compared("0126R001", 30.0, rang=1, rang_av=2), compared("0126R002", 10.0, rang=2, rang_av=2))
    good = written(tmp_path / "b", site_of(*ranked, side="hog_bra"))
    assert "Plats" in good["omraden/matt/hyrda/"].text
    assert "ingen sida är bra eller dålig" not in good["omraden/matt/hyrda/"].text


def test_an_area_without_a_value_is_drawn_empty_and_stands_last(tmp_path: Path) -> None:
    page = written(tmp_path, site_of(compared("0126R001", None), compared("0126R002", 10.0)))["omraden/matt/hyrda/"]
    assert [attributes["class"] for name, attributes in page.elements if name == "path" and "d" in attributes][:2] == [
        "step1",
        "step0",
    ]


def test_areas_whose_borders_are_unclear_are_named_as_a_sentence_names_them(tmp_path: Path) -> None:
    unclear = (compared(code, 10.0, seriebrott="oklart") for code in NAMES)
    pages = written(tmp_path, site_of(*unclear))
    assert "Källorna säger emot varandra om Norra och Södra <b>." in pages["omraden/matt/hyrda/"].text
    assert "The sources contradict each other on Norra and Södra <b>." in pages["en/omraden/matt/hyrda/"].text


def test_each_area_has_a_profile_in_both_languages(tmp_path: Path) -> None:
    pages = written(tmp_path, site_of(compared("0126R001", 30.0), compared("0126R002", 10.0)))
    assert "Norra mot hela kommunen" in pages["omraden/0126R001/"].text
    assert "Norra against the municipality" in pages["en/omraden/0126R001/"].text


def test_the_years_of_an_area_are_lines_beside_those_of_the_municipality_and_a_break_parts_them(tmp_path: Path) -> None:
    old, new = "0126R002_2020", "0126R002_2025"
    years = [
        *(in_year("0126R001", year, share) for year, share in ((2022, 10.0), (2023, 12.0), (2025, 30.0))),
        *(in_year("0126R002", year, 20.0, old) for year in (2022, 2023)),
        *(in_year("0126R002", year, 30.0, new) for year in (2024, 2025)),
    ]
    whole = [told("0126", "kommun", year, 20.0 + year - 2022) for year in (2022, 2023, 2025)]
    site = site_of(compared("0126R001", 30.0), compared("0126R002", 10.0), omradesserier=years, omradesvarden=whole)
    pages = written(tmp_path, site)
    one, broken = (_drawn(pages[f"omraden/{code}/"]) for code in NAMES)
    # The municipality first, so that the area's own line lies above: 20, 21 and 23 against 10, 12 and 30 per cent.
    assert one == ["M19.2 60.0L113.1 54.7L300.8 44.2", "M19.2 112.8L113.1 102.2L300.8 7.2"]
    assert [line.count("L") for line in broken] == [2, 1, 1]
    text = pages["omraden/0126R001/"].text.replace("\xa0", " ")
    for shown in ("Området 2022: 10,0 %", "Hela kommunen 2025: 23,0 %", "2022", "2025"):
        assert shown in text
    assert "Länet 20" not in text


def _drawn(page: Reader) -> list[str]:
    """The lines of years of a page."""
    paths = [each for name, each in page.elements if name == "path" and "class" not in each]
    return [path for each in paths if (path := each["d"]) is not None and "L" in path]


def test_an_area_with_a_year_alone_has_a_table_and_no_line(tmp_path: Path) -> None:
    page = written(tmp_path, site_of(compared("0126R001", 30.0), compared("0126R002", 10.0)))["omraden/0126R001/"]
    assert _drawn(page) == []
    assert "10,0" in page.text


def test_english_pages_have_no_swedish_name_of_a_measure(tmp_path: Path) -> None:
    pages = written(tmp_path, site_of(compared("0126R001", 30.0), compared("0126R002", 10.0)))
    english = {path: page for path, page in pages.items() if path.startswith("en/omraden/")}
    assert len(english) == 4
    for page in english.values():
        assert "Hyrda" not in page.text
        assert "Rented dwellings" in page.text
    assert "The part of the dwellings that are rented. 2025." in english["en/omraden/matt/hyrda/"].text
    assert "Så stor del av bostäderna hyrs. 2025." in pages["omraden/matt/hyrda/"].text


def test_what_is_not_at_hand_is_said(tmp_path: Path) -> None:
    values = [told("0126C1010", "deso", year) for year in (2021, 2022, 2025)]
    page = written(tmp_path, site_of(compared("0126R001", 30.0), omradesvarden=values))["omraden/"]
    for said in (
        "Bara de minsta områdena (DeSO) har värden av: Hyrda lägenheter.",
        "Inga värden finns för länet eller riket",
        "områdestyper finns inte i svaren",
        "inget tal för helheten",
        "2021–2022, 2025",
    ):
        assert said in page.text
    bare = written(tmp_path / "b", site_of(compared("0126R001", 30.0), omradesvarden=[]))["omraden/"]
    assert "Inga värden finns av: Hyrda lägenheter." in bare.text
    country = [told("0126R001", "regso", 2025), told("00", "riket", 2025)]
    kinds = [{**LOCAL, "omrade_id": "0126R001", "ar": 2022, "omradestyp": 3, "omradestyp_text": "Blandat"}]
    whole = written(tmp_path / "c", site_of(compared("0126R001", 30.0), omradesvarden=country, omradestyper=kinds))[
        "omraden/"
    ]
    for said in ("Inga värden", "Bara de minsta", "finns inte i svaren"):
        assert said not in whole.text


def test_sums_of_areas_are_held_against_the_whole(tmp_path: Path) -> None:
    row = {**OWN, "omrade_id": "0126", "niva": "kommun", "delarnas_niva": "regso", "indelning": "2025", "ar": 2025}
    verdicts = ("stammer", "stammer", "inom_brus", "utanfor_brus")
    said = [{**row, "cell": f"folk:{number}", "utslag": each} for number, each in enumerate(verdicts)]
    site = site_of(compared("0126R001", 30.0), omradessummor=said)
    page = written(tmp_path, site)["omraden/"]
    assert "2 är lika, 1 skiljer sig så lite som bruset tillåter, 1 skiljer sig mer." in page.text


def test_a_goal_shows_its_indicators_by_area_computed_beside_printed(tmp_path: Path) -> None:
    site = site_of(compared("0126R001", 30.0, ar=2023), compared("0126R002", 10.0, ar=2023))
    own = site.tables["omradesmatt"]
    linked = own.frame.with_columns(indikator_id=pl.lit("oro"), namndmal_id=pl.lit("trygghet"))
    tables = {**site.tables, "omradesmatt": replace(own, rows=linked.lazy())}
    text = written(tmp_path, replace(site, tables=tables))["mal/trygghet/"].text.replace("\xa0", " ")
    assert "Etappmålen efter område" in text
    assert "Norra 30,0 %" in " ".join(text.split())


def test_without_borders_or_values_there_are_no_pages_of_areas(tmp_path: Path) -> None:
    site = site_of(compared("0126R001", 30.0))
    bare = replace(site, tables={name: table for name, table in site.tables.items() if name != "omradesgranser"})
    assert not [
        path for path in written(tmp_path, bare) if "omraden" in path and not path.startswith(("data", "en/data"))
    ]


def test_neighbours_share_their_line_in_the_drawing() -> None:
    paths = drawn({"a": LEFT, "b": RIGHT}).paths
    assert paths == {"a": "M0 972L500 972L500 0L0 0L0 972Z", "b": "M500 972L1000 972L1000 0L500 0L500 972Z"}


@pytest.mark.parametrize(("value", "step"), [(0.0, 1), (19.9, 1), (20.1, 2), (99.9, 5), (100.0, 5), (None, None)])
def test_steps_are_of_equal_width(value: float | None, step: int | None) -> None:
    assert step_of(value, bounds_of([0.0, 100.0])) == step


def test_areas_that_are_all_alike_have_one_step() -> None:
    assert step_of(5.0, bounds_of([5.0, 5.0])) == 1
