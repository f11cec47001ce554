"""Pages from a few rows: what they say, where they lead, and that nothing in the data becomes markup."""

from dataclasses import replace
from pathlib import Path

import pytest

from output.pages import write_pages
from tests.output.pages.small_site import (
    GOAL,
    INDICATOR,
    OUTCOME,
    TABLES,
    inner_links,
    small_site,
    written,
)
from tests.output.publishing import ABOUT

BESIDE = {
    *("latest/manifest.json", "latest/SHA256SUMS", "feed.atom", "sitemap.xml"),
    *("catalog.rdf", "catalog.ttl", "catalog.jsonld"),
}
"""What the publication puts beside the pages."""


def test_the_start_page_answers_in_its_headline_in_both_languages(tmp_path: Path) -> None:
    pages = written(tmp_path, small_site())
    assert "Etappmålet nåddes inte" in pages[""].text
    assert "The milestone was not reached" in pages["en/"].text


def test_every_page_has_its_language_one_headline_a_twin_and_the_note(tmp_path: Path) -> None:
    pages = written(tmp_path, small_site())
    for address, page in pages.items():
        english = address.startswith("en/")
        assert page.all("html") == [{"lang": "en" if english else "sv"}]
        assert len(page.all("h1")) == 1
        assert len(page.all("main")) == 1
        assert ABOUT.note in page.text
        twins = {link["hreflang"] for link in page.all("link") if link.get("rel") == "alternate" and "hreflang" in link}
        assert twins == {"sv" if english else "en"}
        assert (address.removeprefix("en/") if english else f"en/{address}") in pages


def test_a_note_stands_in_english_where_the_plan_says_it(tmp_path: Path) -> None:
    pages = written(tmp_path, small_site(about=replace(ABOUT, note_en="An example of ours.")))
    assert "An example of ours." in pages["en/"].text
    assert ABOUT.note not in pages["en/"].text
    assert ABOUT.note in pages[""].text
    assert "An example of ours." not in pages[""].text


def test_an_outcome_of_another_year_than_the_report_says_its_year(tmp_path: Path) -> None:
    late = {**INDICATOR, "utfall_ar": 2022}
    shown = written(tmp_path / "late", small_site({**TABLES, "indikatorer": [late]}))
    assert "52 % (2022)" in shown[""].text.replace("\u00a0", " ")
    assert "52 % (2022)" in shown["mal/trygghet/"].text.replace("\u00a0", " ")
    assert "(2023)" not in written(tmp_path / "now", small_site())[""].text


def test_all_inner_links_resolve(tmp_path: Path) -> None:
    site = small_site()
    pages = written(tmp_path, site)
    files = {f"latest/{entry.path}" for entries in site.files.values() for entry in entries}
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    releases = {f"releases/{release.id}/manifest.json" for release in site.releases}
    known = there | files | releases | set(pages) | BESIDE
    for address, page in pages.items():
        for link in inner_links(address, page):
            path, _, fragment = link.partition("#")
            assert path in known, f"{address} leads to {link}"
            if fragment:
                assert fragment in {attributes.get("id") for _, attributes in pages[path].elements}


def test_no_page_asks_for_an_outside_address(tmp_path: Path) -> None:
    for page in written(tmp_path, small_site()).values():
        asked = [attributes.get("src") or attributes.get("href") for attributes in page.all("link") + page.all("img")]
        assert not [each for each in asked if each and "//" in each]
        assert {attributes.get("type") for attributes in page.all("script")} <= {"application/ld+json"}
        assert not [1 for _, attributes in page.elements if "style" in attributes]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><b>&amp;"])
def test_what_stands_in_the_data_never_becomes_markup(tmp_path: Path, text: str) -> None:
    tables = {
        **TABLES,
        "malbedomning": [{**GOAL, "namndmal": text, "malomrade": text, "motivering": text}],
        "indikatorer": [{**INDICATOR, "indikator": text, "enhet": text}],
    }
    site = small_site(tables, about=replace(ABOUT, publisher=text, municipality=text, committee=text, note=text))
    for page in written(tmp_path, site).values():
        assert {attributes.get("type") for attributes in page.all("script")} <= {"application/ld+json"}
        assert not page.all("img")
        assert text in "".join(page.words)


def test_the_same_site_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_pages(first, small_site())
    write_pages(second, small_site())
    assert {path.relative_to(first): path.read_bytes() for path in first.rglob("*") if path.is_file()} == {
        path.relative_to(second): path.read_bytes() for path in second.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("missing", TABLES)
def test_a_table_that_is_not_published_leaves_the_other_pages_whole(tmp_path: Path, missing: str) -> None:
    pages = written(tmp_path, small_site({name: rows for name, rows in TABLES.items() if name != missing}))
    assert {"", "en/", "data/"} <= set(pages)


def test_a_site_without_any_table_has_a_start_page(tmp_path: Path) -> None:
    assert "Inga mål är publicerade just nu" in written(tmp_path, small_site({}))[""].text


def test_the_newest_report_is_shown(tmp_path: Path) -> None:
    later = {"rapport": "2024-delar1"}
    tables = {
        "malbedomning": [GOAL, {**GOAL, **later, "namndmal": "Målet i april"}],
        "indikatorer": [INDICATOR, {**INDICATOR, **later, "etappmal_status": "uppnatt"}],
    }
    start = written(tmp_path, small_site(tables))[""].text
    assert "Etappmålet nåddes" in start
    assert "januari–april 2024" in start
    assert "Målet i april" in start


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("uppnatt", "Uppnått."),
        ("gransfall", "Gränsfall."),
        ("ej_uppnatt", "Ej uppnått."),
        ("kan_ej_bedomas", "Kan ej bedömas."),
    ],
)
def test_a_status_stands_in_words(tmp_path: Path, status: str, word: str) -> None:
    reason = "sekretess" if status == "kan_ej_bedomas" else None
    row = {**INDICATOR, "etappmal_status": status, "orsak": reason, "utfall": None if reason else 52.0}
    pages = written(tmp_path, small_site({**TABLES, "indikatorer": [row]}))
    assert word in pages["indikator/oro/"].text


def test_a_chart_has_title_description_and_its_figures_in_a_table(tmp_path: Path) -> None:
    page = written(tmp_path, small_site())["indikator/oro/"]
    charts = [attributes for attributes in page.all("svg") if attributes.get("role") == "img"]
    assert {chart["aria-label"] for chart in charts} == {"Upp från 46\u00a0% år 2022 till 52\u00a0% år 2023"}
    assert len(page.all("desc")) == len(charts)
    assert "År Rapporten Rad i rapporten 2023 52 100 2022 46 100" in page.text


def test_the_source_stands_beside_the_report(tmp_path: Path) -> None:
    tables = {
        **TABLES,
        "indikatorer": [{**INDICATOR, "utfall_kalla": 51.6, "status_kalla": "ej_uppnatt", "orsak_kalla": None}],
        "indikatorutfall": [OUTCOME, {**OUTCOME, "utfall": 51.6, "kalla": "Kolada", "kalla_id": "N00001"}],
    }
    text = written(tmp_path, small_site(tables))["indikator/oro/"].text.replace("\u00a0", " ")
    assert "Rapporten anger 52 % för 2023 (rad 100)" in text
    assert "Kolada har i dag 51,6 %, vilket ger statusen ej uppnått." in text


def test_a_dataset_says_what_it_holds_and_how_to_read_it(tmp_path: Path) -> None:
    page = written(tmp_path, small_site())["data/indikatorer/"]
    assert "CSV (1 kB)" in page.text.replace("\u00a0", " ")
    assert "Utfallet mot etappmålet enligt regeln." in page.text
    assert 'readr::read_csv("https://data.example.se/latest/indikatorer.csv")' in page.text
    assert "Exempelkommunen: Indikatorer, utgåva 2024-03-28. https://data.example.se/data/indikatorer/" in page.text
