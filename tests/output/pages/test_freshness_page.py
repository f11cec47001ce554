"""The page of freshness, from a few rows of the tables in ``drift/``: what it shows, and that days do not change it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from contracts import contract
from output.site import DRIFT, Site
from tests.output.pages.small_site import small_site, written
from tests.output.publishing import framed

READ: Final = dt.datetime(2026, 11, 25, 1, 15)  # noqa: DTZ001 - the warehouse keeps UTC without a zone
MEASURE: Final[dict[str, Any]] = {
    "kommun_id": "0126",
    "rapport": "2023-helar",
    "kalla": "Kolada",
    "kalla_id": "N00090",
    "titel": "Sjukfrånvaro <b>",
    "datamangd": "jamforelsetal_kolada",
    "senaste_ar": 2022,
    "senast_last": READ,
    "tillstand": "inte_vantad",
}


def site_of(*rows: dict[str, Any]) -> Site:
    """A site with these measures, and nothing in quarantine."""
    told = framed([{**MEASURE, **row} for row in rows], contract("farskhet", DRIFT).polars_schema)
    nothing = pl.DataFrame(schema=contract("karantan", DRIFT).polars_schema)
    return replace(small_site(), operational={"farskhet": told, "karantan": nothing})


def test_it_shows_the_latest_year_of_each_measure_and_leads_to_the_files(tmp_path: Path) -> None:
    pages = written(tmp_path, site_of({}, {"rapport": "2022-helar", "titel": "En äldre rapports"}))
    text = " ".join(pages["farskhet/"].text.split())
    assert "Sjukfrånvaro <b> Kolada N00090 2022" in text
    assert "sen_hos_oss Källan kan ha publicerat det, men det är inte taget in." in text
    assert "En äldre rapports" not in text
    links = {each.get("href") for each in pages["farskhet/"].all("a")}
    assert {"../drift/farskhet.csv", "../drift/karantan.csv"} <= links
    assert [each.get("href") for each in pages["om/"].all("a")].count("../farskhet/") == 1
    assert "How fresh is it?" in pages["en/farskhet/"].text


def test_no_page_changes_because_days_pass(tmp_path: Path) -> None:
    late = {"senast_last": READ + dt.timedelta(days=40), "tillstand": "sen_hos_kallan", "vantat_ar": 2023}
    for name, site in (("first", site_of({})), ("later", site_of({**late, "vantad_dag": dt.date(2024, 3, 6)}))):
        written(tmp_path / name, site)
    for path in sorted((tmp_path / "first").rglob("*.html")):
        assert path.read_bytes() == (tmp_path / "later" / path.relative_to(tmp_path / "first")).read_bytes(), path


def test_without_the_tables_there_is_no_page_and_no_link_to_it(tmp_path: Path) -> None:
    pages = written(tmp_path, small_site())
    assert "farskhet/" not in pages
    assert not [each for each in pages["om/"].all("a") if "farskhet" in (each.get("href") or "")]
