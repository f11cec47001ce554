"""The pages of the other parts of the report and of the releases, each from a few rows."""

import datetime as dt
from pathlib import Path

import pytest

from output.differences.difference import Cause, Difference, Flip, Kind, Sample, TableDifference
from output.site import Release, ReleaseState
from tests.output.pages.small_site import RELEASE, STAMPS, TABLES, Rows, inner_links, small_site, written

DIFFERENCE = Difference(
    against="2024-03-01",
    flips=(
        Flip(
            dataset="indikatorer",
            key={"indikator_id": "oro"},
            label="Oro för brottslighet",
            column="etappmal_status",
            before="kan_ej_bedomas",
            after="ej_uppnatt",
            causes=(Cause.NEW_OUTCOME,),
        ),
    ),
    tables=(
        TableDifference(
            dataset="indikatorer",
            title={"sv": "Indikatorer", "en": "Indicators"},
            kind=Kind.CHANGED,
            rows_before=1,
            rows_after=2,
            new_rows=1,
            revised_rows=1,
            columns_added=("trend",),
            new_samples=(Sample(key={"indikator_id": "ny"}, before={}, after={"utfall": 3.0, "orsak": None}),),
            revised_samples=(Sample(key={"indikator_id": "oro"}, before={"utfall": None}, after={"utfall": 52.0}),),
        ),
    ),
)


def test_a_release_says_what_changed_the_statuses_first(tmp_path: Path) -> None:
    taken_back = Release(
        "2024-03-01", dt.date(2024, 3, 1), ReleaseState.WITHDRAWN, RELEASE.summary, "Fel fil.", dt.date(2024, 3, 2)
    )
    pages = written(tmp_path, small_site(releases=[RELEASE, taken_back], difference=DIFFERENCE))
    page = pages["utgavor/"].text.replace("\u00a0", " ")
    assert "1 status har ändrats i 1 datamängd. Jämfört med utgåva 2024-03-01." in page
    assert "Oro för brottslighet: Kan ej bedömas → Ej uppnått. Utfallet har kommit." in page
    assert "Indikatorer: ändrad. Nya rader 1, borttagna 0, ändrade 1. Kolumner: trend." in page
    assert "+ indikator_id: nyutfall: 3.0" in page
    assert "~ indikator_id: oroutfall: None → 52.0" in page
    assert "Återkallad 2 mars 2024. Fel fil." in page
    assert "The outcome has come." in pages["en/utgavor/"].text


ACTIVITY = {
    **STAMPS,
    "verksamhet_id": "vagar",
    "verksamhet": "Vägar",
    "over_id": "summa",
    "radtyp": "post",
    "budget_tkr": -2000,
    "utfall_tkr": -2500,
    "avvikelse_tkr": -500,
}
SUMMED = {**ACTIVITY, "verksamhet_id": "summa", "verksamhet": "Resultat", "over_id": None, "radtyp": "summa"}
EMPLOYED = {
    **STAMPS,
    "organisation_id": "alla",
    "organisation": "Alla",
    "matt": "Antal",
    "ar": 2023,
    "varde": 420,
}
ASSIGNMENT = {
    **STAMPS,
    "uppdrag_id": "karta",
    "namndmal_id": "trygghet",
    "uppdrag": "Rita en karta",
    "fran_kf": True,
    "status": "ej_klart",
    "fortsattning": "overfors",
}
FOUND = {
    **STAMPS,
    "resultat_id": "antal",
    "process": "Redovisning",
    "matt": "Stickprov",
    "varde": 16.0,
    "enhet": "antal",
    "ar": 2023,
}
CHECK = {
    **STAMPS,
    "kontroll_id": "summa",
    "kategori": "summa",
    "tabell": "resultatrakning",
    "rad": "resultat",
    "pastatt": 42.0,
    "beraknat": 53.5,
    "differens": -11.5,
    "tolerans": 0.5,
    "utslag": "stammer_inte",
    "forklaring": "Angivet är 42 och uträknat 53,5.",
}
COMPARED = {
    "kommun_id": "0126",
    "rapport": "2023-helar",
    "indikator_id": "oro",
    "ar": 2022,
    "typ": "kommun",
    "rang_av": 2,
    "kalla": "Kolada",
}


def test_a_figure_that_does_not_add_up_is_marked_where_it_stands(tmp_path: Path) -> None:
    sample = {**STAMPS, "organisation_id": "alla", "organisation": "Alla", "radtyp": "summa"}
    samples = [
        {**sample, "antal_stickprov": 114, "antal_fel": 61, "andel_fel_procent": 53.5},
        {**sample, "organisation_id": "en", "organisation": "En nämnd", "radtyp": "post", "antal_stickprov": 16},
    ]
    wrong = {**CHECK, "tabell": "stickprov", "rad": "alla", "kolumn": "antal_stickprov"}
    right = {**wrong, "kontroll_id": "rätt", "kolumn": "antal_fel", "utslag": "stammer"}
    pages = written(tmp_path, small_site({**TABLES, "stickprov": samples, "siffergranskning": [wrong, right]}))
    page = pages["internkontroll/"].text
    assert "114* (går inte ihop)" in page
    assert page.count("(går inte ihop)") == 1
    assert "* Rapportens egna siffror går inte ihop här. Se kontrollen av siffror" in page
    assert "114* (does not add up)" in pages["en/internkontroll/"].text


@pytest.mark.parametrize(
    ("tables", "address", "swedish", "english"),
    [
        pytest.param(
            {
                "driftsredovisning": [
                    ACTIVITY,
                    {**ACTIVITY, "verksamhet_id": "summa", "verksamhet": "Resultat", "radtyp": "summa"},
                ]
            },
            "ekonomi/",
            "0,5 miljoner sämre än budget Nämnden kostade 2,5 miljoner kronor netto",
            "SEK 0.5 million worse than budget",
            id="money",
        ),
        pytest.param(
            {"driftsredovisning": [ACTIVITY, SUMMED]},
            "ekonomi/",
            "Avvikelse (tkr) Avvikelse i procent Föregående år (tkr)",
            "Variance in percent Year before",
            id="a unit that the head of a column says itself",
        ),
        pytest.param(
            {
                "antal_anstallda": [
                    {
                        **STAMPS,
                        "organisation_id": "alla",
                        "organisation": "Alla",
                        "matt": "Antal",
                        "ar": 2023,
                        "varde": 420,
                    }
                ]
            },
            "personal/",
            "420 anställda 2023 Alla. Anställda, personalomsättning",
            "420 employees in 2023 Alla. Employees",
            id="people",
        ),
        pytest.param(
            {"uppdrag": [ASSIGNMENT]},
            "uppdrag/",
            "Rita en karta fullmäktige Fortsätter 100",
            "the council Goes on 100",
            id="assignments",
        ),
        pytest.param(
            {"kontrollresultat": [FOUND, {**FOUND, "resultat_id": "andel", "varde": 6.9, "enhet": "procent"}]},
            "internkontroll/",
            "Stickprov Redovisning 6,9 procent 2023 100 Stickprov Redovisning 16 antal 2023 100",
            "16 antal",
            id="results of controls in units of their own",
        ),
        pytest.param(
            {"siffergranskning": [CHECK]},
            "kontroll/",
            "Angivet är 42 och uträknat 53,5. 42,0 53,5 −11,5 resultatrakning 100",
            "The figure does not add up",
            id="checked figures",
        ),
        pytest.param(
            {"siffergranskning": [{**CHECK, "tabell": "uppdrag"}], "uppdrag": [ASSIGNMENT]},
            "kontroll/",
            "42,0 53,5 −11,5 Uppdrag 100",
            "42.0 53.5 −11.5 Assignments 100",
            id="a checked figure of a dataset that is published",
        ),
        pytest.param(
            {
                "jamforelser": [
                    {**COMPARED, "jamforelse_id": "0126", "jamforelse": "Huddinge", "utfall": 50.0, "rang": 2},
                    {**COMPARED, "jamforelse_id": "0180", "jamforelse": "Stockholm", "utfall": 45.5, "rang": 1},
                ]
            },
            "jamforelser/",
            "1 Stockholm 45,5 2 Huddinge 50,0",
            "Rank 2 of 2 in the county in 2022",
            id="comparisons",
        ),
    ],
)
def test_a_part_of_the_report_has_a_page(
    tmp_path: Path, tables: dict[str, Rows], address: str, swedish: str, english: str
) -> None:
    without = written(tmp_path / "without", small_site())
    assert address not in without
    assert not [link for link in inner_links("", without[""]) if link == address]
    pages = written(tmp_path / "with", small_site({**TABLES, **tables}))
    assert swedish in pages[address].text.replace("\u00a0", " ")
    assert english in pages[f"en/{address}"].text.replace("\u00a0", " ")
    assert address in list(inner_links("", pages[""]))
