"""Headlines and sentences hold for any data: none reached, all, one, nothing assessable."""

from typing import Any

import pytest

from contracts.vocabulary import Text
from output.pages import sentences
from output.pages.sentences import Tally
from tests.output.pages.small_site import GOAL, INDICATOR

HEADLINES = [
    pytest.param(Tally(), "Rapporten har inga etappmål", "The report has no milestones", id="no milestones"),
    pytest.param(Tally(5, 4, 13), "5 av 22 etappmål nåddes", "5 of 22 milestones were reached", id="some"),
    pytest.param(Tally(1, 0, 2), "1 av 3 etappmål nåddes", "1 of 3 milestones was reached", id="one of some"),
    pytest.param(Tally(0, 1, 2), "Inget av 3 etappmål nåddes", "None of 3 milestones was reached", id="none"),
    pytest.param(Tally(4), "Alla 4 etappmål nåddes", "All 4 milestones were reached", id="all"),
    pytest.param(Tally(reached=1), "Etappmålet nåddes", "The milestone was reached", id="the only one"),
    pytest.param(Tally(ties=1), "Etappmålet nåddes inte", "The milestone was not reached", id="the only one, a tie"),
    pytest.param(
        Tally(unknown=3),
        "Inget av 3 etappmål kan bedömas",
        "None of 3 milestones can be assessed",
        id="none assessable",
    ),
    pytest.param(
        Tally(unknown=1), "Etappmålet kan inte bedömas", "The milestone cannot be assessed", id="the only one unknown"
    ),
]


@pytest.mark.parametrize(("count", "swedish", "english"), HEADLINES)
def test_the_headline(count: Tally, swedish: str, english: str) -> None:
    assert sentences.headline(count) == (swedish, english)


@pytest.mark.parametrize(
    ("count", "swedish", "english"),
    [
        pytest.param(
            Tally(5, 4, 13),
            "Fyra ligger precis på gränsen och tretton nåddes inte.",
            "Four lie exactly on the line and thirteen were not reached.",
            id="ties and missed",
        ),
        pytest.param(
            Tally(1, 1, 1, 2),
            "Ett ligger precis på gränsen, ett nåddes inte och två kan inte bedömas.",
            "One lies exactly on the line, one was not reached and two cannot be assessed.",
            id="every kind",
        ),
        pytest.param(Tally(4), "", "", id="nothing is left to say when all were reached"),
        pytest.param(Tally(unknown=3), "", "", id="nor when none can be assessed"),
        pytest.param(Tally(missed=3), "", "", id="nor when none was, which the headline says"),
        pytest.param(Tally(missed=1), "", "", id="nor when there is one"),
    ],
)
def test_what_became_of_the_others(count: Tally, swedish: str, english: str) -> None:
    assert sentences.remainder(count) == (swedish, english)


@pytest.mark.parametrize(
    ("grade", "swedish"),
    [
        ("Delvis uppfyllt", "Nämnden bedömer själv att målen sammantaget är delvis uppfyllda"),
        ("Ej uppfyllt", "Nämnden bedömer själv att målen sammantaget är inte uppfyllda"),
        ("Kan ej bedömas", "Nämnden bedömer att måluppfyllelsen inte kan bedömas"),
        (None, "Nämnden har ännu inte beslutat om någon samlad bedömning "),
    ],
)
def test_what_is_decided_of_all_goals(grade: str | None, swedish: str) -> None:
    before, decided = sentences.decided_overall(grade, Text("Nämnden", "The committee"))
    assert f"{before.sv} {decided.sv}" == swedish


@pytest.mark.parametrize(
    ("high", "assessable", "swedish", "english"),
    [
        (2, 9, "når två av nio mål", "two of nine goals reach at least"),
        (1, 9, "når ett av nio mål", "one of nine goals reaches at least"),
        (0, 9, "når inget av nio mål", "none of nine goals reaches at least"),
        (9, 9, "når alla nio mål", "all nine goals reach at least"),
        (1, 1, "når målet upp", "the goal reaches"),
        (0, 1, "når målet inte upp", "the goal does not reach"),
        (0, 0, "inget mål bedömas", "no goal can be assessed"),
    ],
)
def test_what_the_rule_gives_of_all_goals(high: int, assessable: int, swedish: str, english: str) -> None:
    said = sentences.computed_overall(high, assessable)
    assert swedish in said.sv
    assert english in said.en


@pytest.mark.parametrize(
    ("row", "swedish", "english"),
    [
        pytest.param(
            {},
            "Utfallet 2023 är 52 %. Etappmålet var högst 38 %.",
            "The outcome of 2023 is 52 %. The milestone was at most 38 %.",
            id="an outcome",
        ),
        pytest.param(
            {"utfall": None},
            "Utfallet 2023 saknas. Etappmålet var högst 38 %.",
            "The outcome of 2023 is missing. The milestone was at most 38 %.",
            id="no outcome",
        ),
        pytest.param(
            {"utfall_ar": 2022},
            "Utfallet 2022 är 52 %. Etappmålet 2023 var högst 38 %.",
            "The outcome of 2022 is 52 %. The milestone 2023 was at most 38 %.",
            id="a lag",
        ),
        pytest.param(
            {"etappmal_varde": None},
            "Utfallet 2023 är 52 %. Det finns inget etappmål.",
            "The outcome of 2023 is 52 %. There is no milestone.",
            id="no milestone",
        ),
    ],
)
def test_an_outcome_against_its_milestone(row: dict[str, Any], swedish: str, english: str) -> None:
    said = sentences.verdict({**INDICATOR, **row}, 0)
    assert said.sv.replace("\u00a0", " ") == swedish
    assert said.en.replace("\u00a0", " ") == english


@pytest.mark.parametrize(
    ("row", "before", "swedish"),
    [
        pytest.param({}, (2022, 46.0), "Det är sämre än 2022, då det var 46 %.", id="lower is better"),
        pytest.param(
            {"riktning": "hogre_ar_battre"}, (2022, 46.0), "Det är bättre än 2022, då det var 46 %.", id="higher is"
        ),
        pytest.param({}, (2022, 52.0), "Samma som 2022.", id="the same"),
        pytest.param({}, None, "", id="no year before"),
        pytest.param(
            {"etappmal_status": "gransfall"},
            None,
            "Utfallet är lika med gränsen, som skulle passeras. Det räknas inte som uppnått.",
            id="a tie",
        ),
        pytest.param(
            {"utfall": None, "etappmal_status": "kan_ej_bedomas", "orsak": "sekretess"},
            (2022, 46.0),
            "Etappmålet kan inte bedömas: värdet är skyddat av sekretess.",
            id="a reason",
        ),
    ],
)
def test_how_an_outcome_moved(row: dict[str, Any], before: tuple[int, float] | None, swedish: str) -> None:
    assert sentences.development({**INDICATOR, "orsak": None, **row}, before, 0).sv.replace("\u00a0", " ") == swedish


@pytest.mark.parametrize(
    ("values", "swedish", "english"),
    [
        ([], "Inga värden finns", "There are no values"),
        ([(2023, 5.0)], "5 år 2023", "5 in 2023"),
        ([(2010, 5.0), (2023, 7.0)], "Upp från 5 år 2010 till 7 år 2023", "Up from 5 in 2010 to 7 in 2023"),
        ([(2010, 7.0), (2023, 5.0)], "Ned från 7 år 2010 till 5 år 2023", "Down from 7 in 2010 to 5 in 2023"),
        ([(2010, 5.0), (2023, 5.0)], "5 både 2010 och 2023", "5 in both 2010 and 2023"),
    ],
)
def test_what_a_series_shows(values: list[tuple[int, float]], swedish: str, english: str) -> None:
    assert sentences.series_title(values, 0, "antal") == (swedish, english)


@pytest.mark.parametrize(
    ("row", "swedish", "english"),
    [
        pytest.param(
            {},
            "Beslutat delvis uppfyllt. Regeln ger ej uppfyllt, ett steg lägre.",
            "Decided partly fulfilled. The rule gives not fulfilled, one step lower.",
            id="decided above the rule",
        ),
        pytest.param(
            {"beraknad_maluppfyllelse": "I mycket hög grad uppfyllt", "steg": -2},
            "Beslutat delvis uppfyllt. Regeln ger i mycket hög grad uppfyllt, två steg högre.",
            "Decided partly fulfilled. The rule gives fulfilled to a very high degree, two steps higher.",
            id="decided below it",
        ),
        pytest.param(
            {"beraknad_maluppfyllelse": "Delvis uppfyllt", "stammer": True, "steg": 0},
            "Beslutat delvis uppfyllt, som regeln ger.",
            "Decided partly fulfilled, as the rule gives.",
            id="the same",
        ),
        pytest.param(
            {"beslutad_maluppfyllelse": None, "stammer": None, "steg": None},
            "Regeln ger ej uppfyllt. Inget är beslutat.",
            "The rule gives not fulfilled. Nothing is decided.",
            id="not decided",
        ),
        pytest.param(
            {"beraknad_maluppfyllelse": "Kan ej bedömas", "steg": None},
            "Beslutat delvis uppfyllt. Regeln kan inte bedöma målet.",
            "Decided partly fulfilled. The rule cannot assess the goal.",
            id="nothing to compute from",
        ),
    ],
)
def test_a_decided_grade_beside_the_computed_one(row: dict[str, Any], swedish: str, english: str) -> None:
    assert sentences.goal_lead({**GOAL, **row}) == (swedish, english)
