"""Reconciliation: what a report says beside what is computed, told with the reason."""

from typing import Any, Final

import pytest

from pipelines.transforms.grades import malbedomning, samlad_bedomning
from pipelines.transforms.milestones import indikatorer
from tests.transforms.goal_rows import GOAL, STAMPS, frame, outcomes, register
from tests.transforms.rows import REPORT

REACHED, NOT_REACHED, UNSTATED = "uppnatt", "ej_uppnatt", "ej_angivet"
RULE: Final = "andel-uppnadda-etappmal-1"


def told(outcome: float | None, *, tie_is_reached: bool = False, **changes: Any) -> str:
    """The reconciliation of an indicator with a milestone of more than 15 percent, with plain spaces."""
    row = {"etappmal_operator": ">", "etappmal_varde": 15.0, **changes}
    missing = {"utfall_status": "sekretess"} if outcome is None else {}
    given = outcomes({"utfall": outcome, **missing})
    found = indikatorer(register(row), given, REPORT, decided=True, tie_is_reached=tie_is_reached)
    return str(found["avstamning"].item()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("outcome", "reported", "expected"),
    [
        pytest.param(
            16.0,
            REACHED,
            "Rapporten anger att etappmålet är uppnått. Det stämmer överens med det beräknade: "
            "utfallet 16 % når etappmålet på mer än 15 %.",
            id="agrees",
        ),
        pytest.param(
            15.0,
            REACHED,
            "Rapporten anger att etappmålet är uppnått. Det stämmer inte överens med det beräknade: "
            "utfallet 15 % är lika med gränsen, som ska överträffas.",
            id="a tie that is called reached",
        ),
        pytest.param(
            16.0,
            NOT_REACHED,
            "Rapporten anger att etappmålet inte är uppnått. Det stämmer inte överens med det beräknade: "
            "utfallet 16 % når etappmålet på mer än 15 %.",
            id="reached and called not",
        ),
        pytest.param(
            14.0,
            UNSTATED,
            "Rapporten säger inget om just den indikatorn. Utfallet 14 % når inte etappmålet på mer än 15 %.",
            id="nothing said",
        ),
        pytest.param(
            None,
            REACHED,
            "Rapporten anger att etappmålet är uppnått. Etappmålet kan inte bedömas eftersom utfallet omfattas av "
            "sekretess.",
            id="not assessable",
        ),
    ],
)
def test_an_indicator_is_reconciled(outcome: float | None, reported: str, expected: str) -> None:
    assert told(outcome, rapporterad_status=reported) == expected


def test_what_is_said_of_the_whole_goal_stands_in_for_the_indicator() -> None:
    assert told(15.0, rapporterad_av_malet=REACHED) == (
        "Rapporten säger inget om just den indikatorn, men av vad den säger om hela målet följer att etappmålet är "
        "uppnått. "
        "Det stämmer inte överens med det beräknade: utfallet 15 % är lika med gränsen, som ska överträffas."
    )


def test_a_tie_agrees_where_the_rule_counts_it_as_reached() -> None:
    assert "stämmer överens" in told(15.0, tie_is_reached=True, rapporterad_status=REACHED)
    assert "som ska underskridas" in told(15.0, etappmal_operator="<", rapporterad_status=REACHED)


def goal(statuses: list[str], decided: str | None) -> str:
    """The reconciliation of a goal whose indicators have these statuses."""
    rows = frame("indikatorer", "open", {"namndmal_id": "trygghet"}, *({"etappmal_status": word} for word in statuses))
    goals = frame("malregister", "core", GOAL, {"beslutad_maluppfyllelse": decided})
    found = malbedomning(goals, rows, REPORT, rule=RULE, tie_is_reached=False)
    return str(found["avstamning"].item())


@pytest.mark.parametrize(
    ("statuses", "decided", "expected"),
    [
        (
            ["ej_uppnatt", "ej_uppnatt"],
            "Delvis uppfyllt",
            (
                "Beslutat är delvis uppfyllt. Beräknat är ej uppfyllt, eftersom 0 av 2 bedömbara etappmål är uppnådda. "
                "Beslutet ligger 1 steg över det beräknade."
            ),
        ),
        (
            ["uppnatt", "gransfall"],
            "I hög grad uppfyllt",
            (
                "Beslutat är i hög grad uppfyllt. Beräknat är i hög grad uppfyllt, eftersom 1 av 2 bedömbara etappmål "
                "är uppnådda och 1 är gränsfall, som inte räknas som uppnådda. De stämmer överens."
            ),
        ),
        (
            ["uppnatt"],
            "Ej uppfyllt",
            (
                "Beslutat är ej uppfyllt. Beräknat är i mycket hög grad uppfyllt, eftersom 1 av 1 bedömbara etappmål "
                "är uppnådda. Beslutet ligger 3 steg under det beräknade."
            ),
        ),
        (
            ["kan_ej_bedomas"],
            None,
            "Ingen bedömning är beslutad. Beräknat är kan ej bedömas, eftersom inget etappmål kan bedömas.",
        ),
    ],
)
def test_a_goal_is_reconciled(statuses: list[str], decided: str | None, expected: str) -> None:
    assert goal(statuses, decided) == expected


def test_the_report_as_a_whole_is_reconciled() -> None:
    report = {**STAMPS, "ar": 2023, "namnd": "KS", "regelversion": RULE, "gransfall_uppnatt": False}
    rows = frame("indikatorer", "open", {"namndmal_id": "trygghet"}, {"etappmal_status": "uppnatt"})
    goals = malbedomning(frame("malregister", "core", GOAL, {}), rows, REPORT, rule=RULE, tie_is_reached=False)
    whole = frame("rapporter", "core", report, {"beslutad_maluppfyllelse": "Delvis uppfyllt"})
    assert samlad_bedomning(whole, goals, REPORT)["avstamning"].item() == (
        "Beslutat är delvis uppfyllt. Beräknat är i mycket hög grad uppfyllt, eftersom 1 av 1 nämndmål beräknas vara "
        "uppfyllda i hög eller mycket hög grad och 1 av 1 bedömbara etappmål är uppnådda. De stämmer inte överens."
    )
