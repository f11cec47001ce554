"""Claims: figures of a report against expressions over its tables, each with its place, verdict and reason."""

from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import check, contract
from pipelines.transforms.claims import claims, outcomes_now, read
from sources.errors import PlanError
from sources.plan import load_plan
from sources.plan.claims import Claim
from tests.transforms.rows import REPORT

PLAIN: Final[dict[str, Any]] = {
    "uppgift_id": "underskott",
    "avsnitt": "Sammanfattning",
    "uppgift": "Nämndens underskott",
    "varde": -22.0,
    "decimaler": 0,
    "enhet": "mnkr",
    "kopplad_till": "resultatrakning:arets_resultat:avvikelse_tkr",
    "kalla_rad": 38,
}


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of a published table; what is not given is blank."""
    schema = contract(name).polars_schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema)


def text(**changes: Any) -> pl.DataFrame:
    """One figure of running text, given as what differs from a plain one."""
    return table("textuppgifter", {**PLAIN, **changes})


RESULT: Final = table(
    "resultatrakning",
    {"rad_id": "arets_resultat", "rad": "Årets resultat", "budget_tkr": -728902, "avvikelse_tkr": -22023},
    {"rad_id": "balansresultat", "rad": "Balansresultat", "avvikelse_tkr": -3277, "kalla_rad": 576},
    {"rad_id": "uttag", "rad": "Uttag"},
)
ASSIGNMENTS: Final = table(
    "uppdrag", *({"uppdrag_id": name, "status": status} for name, status in (("a", "klart"), ("b", "ej_klart")))
)


def judged(*declared: Claim, **frames: pl.DataFrame) -> list[dict[str, Any]]:
    found = claims(declared, frames)
    assert check(REPORT.table("siffergranskning", found), contract("siffergranskning")).breaches == ()
    return found.to_dicts()


def test_a_linked_figure_is_held_against_its_cell_in_its_own_unit() -> None:
    assert judged(textuppgifter=text(), resultatrakning=RESULT) == [
        {
            "kontroll_id": "textuppgifter_underskott",
            "kategori": "text",
            "tabell": "textuppgifter",
            "rad": "underskott",
            "kolumn": "varde",
            "enhet": "mnkr",
            "pastatt": -22.0,
            "beraknat": -22.023,
            "differens": 0.023,
            "tolerans": 0.5005,
            "utslag": "stammer",
            "forklaring": "Nämndens underskott: angivet är −22\u00a0miljoner kronor och uträknat "
            "−22,02\u00a0miljoner kronor ur Resultaträkning: Årets resultat, avvikelse −22\u202f023\u00a0tkr; "
            "de stämmer överens.",
            "uttryck": "resultatrakning['arets_resultat'].avvikelse_tkr",
            "kalla_rad": 38,
        }
    ]


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        pytest.param({"varde": -22.0}, "stammer", id="rounded"),
        pytest.param({"varde": 22.0}, "stammer_inte", id="a surplus is no deficit"),
        pytest.param({"varde": -22.1, "decimaler": 1}, "stammer_inte", id="rounded the wrong way"),
        pytest.param(
            {"varde": 729.0, "kopplad_till": "resultatrakning:arets_resultat:budget_tkr"},
            "stammer",
            id="text tells the size of a budget",
        ),
        pytest.param({"decimaler": 10**9}, "stammer_inte", id="more decimals than anything is printed with"),
        pytest.param({"varde": -22.0, "kvalificering": "over"}, "stammer", id="a deficit of more than 22"),
        pytest.param({"kopplad_till": "resultatrakning:arets_resultat"}, "kan_ej_kontrolleras", id="no column"),
        pytest.param({"kopplad_till": "resultatrakning:nytt:avvikelse_tkr"}, "kan_ej_kontrolleras", id="no such row"),
        pytest.param({"kopplad_till": "resultatrakning:uttag:avvikelse_tkr"}, "kan_ej_kontrolleras", id="a blank"),
    ],
)
def test_verdicts_on_running_text(figure: dict[str, Any], verdict: str) -> None:
    (row,) = judged(textuppgifter=text(**figure), resultatrakning=RESULT)
    assert row["utslag"] == verdict
    assert (row["beraknat"] is None) == (verdict == "kan_ej_kontrolleras")


def test_what_is_missing_is_said() -> None:
    (row,) = judged(textuppgifter=text(kopplad_till="resultatrakning:nytt:avvikelse_tkr"), resultatrakning=RESULT)
    assert row["forklaring"].endswith("kan inte kontrolleras: raden i Resultaträkning (radens id nytt) finns inte.")


def test_a_figure_that_is_not_linked_or_no_number_is_no_claim() -> None:
    plain = table("textuppgifter", {**PLAIN, "kopplad_till": None}, {**PLAIN, "varde": None, "varde_text": "Kamp"})
    assert judged(textuppgifter=plain, resultatrakning=RESULT) == []


@pytest.mark.parametrize(
    ("stated", "line", "verdict", "ending"),
    [
        pytest.param(50, 944, "stammer", "; de stämmer överens.", id="printed twice"),
        pytest.param(51, 944, "stammer_inte", "; de stämmer inte överens.", id="one more than where it stands"),
        pytest.param(
            50, 946, "stammer", "; de stämmer överens, men båda står på samma rad i rapporten.", id="on the same line"
        ),
        pytest.param(51, 946, "stammer_inte", "; de stämmer inte överens.", id="copied wrongly from the same line"),
    ],
)
def test_a_figure_that_is_printed_twice_is_the_same_to_the_digit(
    stated: float, line: int, verdict: str, ending: str
) -> None:
    figure = text(varde=stated, enhet="procent", kopplad_till="stickprov:ks:andel_fel_delar2_procent", kalla_rad=line)
    samples = table("stickprov", {"organisation_id": "ks", "andel_fel_delar2_procent": 50.0, "kalla_rad": 946})
    (row,) = judged(textuppgifter=figure, stickprov=samples)
    assert (row["utslag"], row["forklaring"][-len(ending) :]) == (verdict, ending)


def test_the_plan_says_what_a_figure_is_held_against() -> None:
    expression = (
        "percent(resultatrakning['balansresultat'].avvikelse_tkr, abs(resultatrakning['arets_resultat'].budget_tkr))"
    )
    figure = text(varde=-0.4, decimaler=1, enhet="procent")
    (row,) = judged(Claim(figure="underskott", expression=expression), textuppgifter=figure, resultatrakning=RESULT)
    assert (row["beraknat"], row["utslag"], row["uttryck"]) == (-0.449580, "stammer", expression)
    assert "som andel av" in row["forklaring"]


def test_a_count_in_text_is_held_against_the_rows_of_its_table() -> None:
    done = Claim(
        id="klara",
        what="Klara uppdrag",
        value=2,
        unit="antal",
        line=48,
        expression="count(uppdrag(status='klart'))",
    )
    (row,) = judged(done, uppdrag=ASSIGNMENTS)
    assert (row["kontroll_id"], row["kategori"], row["tabell"], row["rad"]) == (
        "pastaende_klara",
        "antal",
        "uppdrag",
        "klara",
    )
    assert (row["pastatt"], row["beraknat"], row["tolerans"], row["utslag"]) == (2.0, 1.0, 0.0, "stammer_inte")
    assert row["forklaring"] == (
        "Klara uppdrag: angivet är 2 och uträknat 1 ur antalet rader i Uppdrag (status klart under året) (1); "
        "de stämmer inte överens."
    )


def test_a_grade_is_told_as_it_stands() -> None:
    graded = Claim(
        id="delvis",
        what="Mål delvis uppfyllda",
        value=1,
        unit="antal",
        line=46,
        expression="count(malbedomning(beslutad_maluppfyllelse='Delvis uppfyllt'))",
    )
    (row,) = judged(graded, malbedomning=table("malbedomning", {"beslutad_maluppfyllelse": "Delvis uppfyllt"}))
    assert "(beslutad måluppfyllelse delvis uppfyllt)" in row["forklaring"]


def test_a_figure_of_a_table_is_held_against_another_table() -> None:
    claim = Claim(
        id="balans",
        what="Balansresultat",
        cell="resultatrakning['balansresultat'].avvikelse_tkr",
        expression="resultatrakning['arets_resultat'].avvikelse_tkr + textuppgifter['kompensation'].varde",
    )
    compensation = text(uppgift_id="kompensation", varde=18.7, decimaler=1, kopplad_till=None)
    (row,) = judged(claim, resultatrakning=RESULT, textuppgifter=compensation)
    assert (row["kategori"], row["tabell"], row["rad"], row["kolumn"], row["kalla_rad"]) == (
        "mellan_tabeller",
        "resultatrakning",
        "balansresultat",
        "avvikelse_tkr",
        576,
    )
    assert (row["pastatt"], row["beraknat"], row["tolerans"], row["utslag"]) == (-3277, -3323, 51.0, "inom_avrundning")


def test_a_claim_on_a_table_that_nobody_hands_in_is_left_out() -> None:
    assert judged(Claim(figure="x", expression="count(uppdrag)")) == []


def test_what_a_claim_names_may_be_in_quarantine() -> None:
    frames = {"textuppgifter": text(), "resultatrakning": RESULT}
    cell = Claim(id="rad", what="Rad", cell="resultatrakning['borta'].budget_tkr", expression="1")
    lost = [Claim(figure="annan", expression="count(textuppgifter)"), cell]
    found = claims(lost, frames, apart=frames.keys())
    assert found["kontroll_id"].to_list() == ["textuppgifter_underskott"]


def test_a_blank_cell_states_nothing() -> None:
    cell = "resultatrakning['uttag'].avvikelse_tkr"
    assert judged(Claim(id="a", what="A", cell=cell, expression="0 + 1"), resultatrakning=RESULT) == []


def test_what_differs_from_a_source_need_not_have_been_wrong() -> None:
    ranks = table("jamforelser", {"indikator_id": "nki", "ar": 2022, "jamforelse_id": "0126", "rang": 20})
    figure = text(varde=21.0, enhet="rang", kopplad_till="jamforelser:nki/2022/0126:rang")
    (row,) = judged(textuppgifter=figure, jamforelser=ranks)
    assert row["utslag"] == "skiljer_sig_fran_kallan"


@pytest.mark.parametrize(
    ("declared", "figure", "told"),
    [
        pytest.param(
            [Claim(figure="annan", expression="count(textuppgifter)")],
            {},
            ["claims.toml, claim 'annan'", "no such figure"],
            id="a claim of a figure that is not there",
        ),
        pytest.param(
            [Claim(id="rad", what="Rad", cell="resultatrakning['borta'].budget_tkr", expression="1")],
            {},
            ["claims.toml, claim 'rad'", "is not one row", "Write the key of a row that is there."],
            id="a claim of a row that is not there",
        ),
        pytest.param([], {"enhet": "index"}, ["claim 'underskott'", "tkr cannot be held against index"], id="units"),
        pytest.param(
            [], {"kopplad_till": "resultat:a:b"}, ["textuppgifter, 'underskott'", "no table 'resultat'"], id="no table"
        ),
        pytest.param(
            [],
            {"kopplad_till": "resultatrakning:a/b:avvikelse_tkr"},
            ["has 1 parts, not 2: write rad_id"],
            id="too long a key",
        ),
        pytest.param([], {"kopplad_till": "budgetram:x:ram_mnkr"}, ["write a whole number"], id="a word for a number"),
        pytest.param([], {"kopplad_till": "resultatrakning:a:avikelse"}, ["no column 'avikelse'"], id="no column"),
    ],
)
def test_what_does_not_hold_is_told_with_its_claim(
    declared: list[Claim], figure: dict[str, Any], told: list[str]
) -> None:
    with pytest.raises(PlanError) as refused:
        claims(declared, {"textuppgifter": text(**figure), "resultatrakning": RESULT, "budgetram": table("budgetram")})
    assert [part for part in told if part not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum(stickprov(radtyp='post').antal_stickprov)", 48.0),
        ("mean(stickprov(radtyp='post').antal_stickprov)", 16.0),
        ("min(stickprov(radtyp='post').antal_fel)", 6.0),
        ("max(stickprov.antal_fel)", 8.0),
        ("count(stickprov) - 1", 2.0),
        ("-stickprov['a'].antal_fel + abs(-2)", -4.0),
        ("growth(stickprov['b'].antal_stickprov, 8)", 100.0),
        ("sum(stickprov.antal_fel)", None),
        ("stickprov['a'].antal_fel / (stickprov['a'].antal_fel - 6)", None),
        ("stickprov(antal_stickprov=16).antal_fel", None),
        ("1e308 * 1e308 - stickprov['a'].antal_fel", None),
    ],
)
def test_functions(expression: str, value: float | None) -> None:
    samples = table(
        "stickprov",
        {"organisation_id": "a", "radtyp": "post", "antal_stickprov": 16, "antal_fel": 6},
        {"organisation_id": "b", "radtyp": "post", "antal_stickprov": 16, "antal_fel": 8},
        {"organisation_id": "c", "radtyp": "post", "antal_stickprov": 16},
    )
    unit = "procent" if "growth" in expression else "antal"
    claim = Claim(id="a", what="A", value=1, unit=unit, line=1, expression=expression)
    (row,) = judged(claim, stickprov=samples)
    assert row["beraknat"] == value


def test_outcomes_have_the_unit_of_their_indicator_and_only_those_that_hold_now() -> None:
    outcomes = table("indikatorutfall", {"indikator_id": "fordon", "ar": 2022, "kon": "T", "utfall": 48.3})
    replaced = outcomes.with_columns(utfall=pl.lit(48.0), kand_till=pl.datetime(2024, 1, 1))
    register = pl.DataFrame(
        {"indikator_id": ["fordon"], "indikator": ["Fordon"], "enhet": ["procent"], "decimaler": [1]}
    )
    now = outcomes_now(pl.concat([outcomes, replaced]), register)
    claim = Claim(
        id="a", what="A", value=48.3, unit="procent", decimals=1, line=1, expression="indikatorutfall(ar=2022).utfall"
    )
    (row,) = judged(claim, indikatorutfall=now)
    assert row["utslag"] == "stammer"
    assert "Fordon 2022, utfall 48,3\u00a0%" in row["forklaring"]


def test_only_the_tables_that_claims_name_are_read() -> None:
    links = pl.concat([text(), text(kopplad_till="ingen:a:b"), text(kopplad_till=None)])
    assert read([], links) == {"textuppgifter", "resultatrakning"}
    assert read([Claim(figure="x", expression="count(uppdrag)")], text(kopplad_till=None)) == {
        "textuppgifter",
        "uppdrag",
    }


def test_every_claim_of_the_example_has_a_name_of_its_own() -> None:
    plan = load_plan(Path(__file__).parents[2] / "sources" / "huddinge" / "2023")
    names = [claim.name for claim in plan.claims]
    assert len(names) == len(set(names)) > 40
