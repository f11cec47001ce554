"""Reconciliation: what a report says of its statuses beside what the rule gives, and why they differ.

Here belongs the wording, made of data. What is computed, and whether the two agree, is settled in
``milestones`` and ``grades``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from contracts.vocabulary import MilestoneStatus, Operator, ReportedStatus
from pipelines.transforms.sentences import BOUNDS, REASONS, quantity

REPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        ReportedStatus.REACHED: "Rapporten anger att etappmålet är uppnått",
        ReportedStatus.NOT_REACHED: "Rapporten anger att etappmålet inte är uppnått",
        ReportedStatus.UNSTATED: "Rapporten säger inget om just den indikatorn",
    }
)
OF_THE_GOAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        ReportedStatus.REACHED: ", men av vad den säger om hela målet följer att etappmålet är uppnått",
        ReportedStatus.NOT_REACHED: ", men av vad den säger om hela målet följer att etappmålet inte är uppnått",
        ReportedStatus.UNSTATED: "",
    }
)
AGREE: Final = "Det stämmer överens"
DISAGREE: Final = "Det stämmer inte överens"


def of_indicators(frame: pl.DataFrame, *, tie_is_reached: bool) -> pl.Series:
    """For each indicator what the report says of it, whether that agrees with the computed status, and why not.

    ``frame`` holds the columns of ``indikatorregister`` with ``utfall``, ``etappmal_status`` and ``orsak``.
    """
    texts = [_indicator(row, tie_is_reached=tie_is_reached) for row in frame.iter_rows(named=True)]
    return pl.Series("avstamning", texts, dtype=pl.String)


def of_goals(frame: pl.DataFrame, *, tie_is_reached: bool) -> pl.Series:
    """For each goal its decided grade beside the computed one, with the counts that the latter rests on.

    ``frame`` holds the columns of ``malbedomning``.
    """
    texts = [_goal(row, tie_is_reached=tie_is_reached) for row in frame.iter_rows(named=True)]
    return pl.Series("avstamning", texts, dtype=pl.String)


def of_report(row: Mapping[str, Any]) -> str:
    """The decided grade of the report as a whole beside the computed one. ``row`` is one of ``samlad_bedomning``."""
    high = row["antal_beraknad_i_mycket_hog_grad"] + row["antal_beraknad_i_hog_grad"]
    counts = (
        f"{high} av {row['antal_namndmal']} nämndmål beräknas vara uppfyllda i hög eller mycket hög grad och "
        f"{row['antal_uppnadda']} av {row['antal_bedombara']} bedömbara etappmål är uppnådda"
    )
    return f"{_grades(row, counts)}{_ending(row)}"


def _indicator(row: Mapping[str, Any], *, tie_is_reached: bool) -> str:
    """The reconciliation of one indicator."""
    own, of_goal = row["rapporterad_status"], row["rapporterad_av_malet"]
    says = own if own != ReportedStatus.UNSTATED else of_goal
    told = REPORTED[own] + (OF_THE_GOAL[of_goal] if own == ReportedStatus.UNSTATED else "")
    computed = row["etappmal_status"]
    if computed == MilestoneStatus.NOT_ASSESSABLE:
        return f"{told}. Etappmålet kan inte bedömas eftersom {REASONS[row['orsak']]}."
    reached = computed == MilestoneStatus.REACHED or (computed == MilestoneStatus.TIE and tie_is_reached)
    if says == ReportedStatus.UNSTATED:
        return f"{told}. {_why(row)}."
    agrees = reached == (says == ReportedStatus.REACHED)
    return f"{told}. {AGREE if agrees else DISAGREE} med det beräknade: {_uncapitalised(_why(row))}."


def _why(row: Mapping[str, Any]) -> str:
    """Outcome and milestone, and what follows from the two."""
    outcome = quantity(row["utfall"], row["decimaler"], row["enhet"])
    asked = BOUNDS[row["etappmal_operator"]].format(quantity(row["etappmal_varde"], row["decimaler"], row["enhet"]))
    if row["etappmal_status"] == MilestoneStatus.TIE:
        side = "överträffas" if row["etappmal_operator"] == Operator.MORE_THAN else "underskridas"
        return f"Utfallet {outcome} är lika med gränsen, som ska {side}"
    is_or_not = "når" if row["etappmal_status"] == MilestoneStatus.REACHED else "når inte"
    return f"Utfallet {outcome} {is_or_not} etappmålet på {asked}"


def _goal(row: Mapping[str, Any], *, tie_is_reached: bool) -> str:
    """The reconciliation of one goal."""
    counts = f"{row['antal_uppnadda']} av {row['antal_bedombara']} bedömbara etappmål är uppnådda"
    if not row["antal_bedombara"]:
        counts = "inget etappmål kan bedömas"
    elif row["antal_gransfall"]:
        counted = "räknas som uppnådda" if tie_is_reached else "inte räknas som uppnådda"
        counts += f" och {row['antal_gransfall']} är gränsfall, som {counted}"
    return f"{_grades(row, counts)}{_ending(row)}"


def _grades(row: Mapping[str, Any], counts: str) -> str:
    """The two grades, and what the computed one rests on."""
    decided = row["beslutad_maluppfyllelse"]
    told = f"Beslutat är {_uncapitalised(decided)}. " if decided is not None else "Ingen bedömning är beslutad. "
    return f"{told}Beräknat är {_uncapitalised(row['beraknad_maluppfyllelse'])}, eftersom {counts}."


def _ending(row: Mapping[str, Any]) -> str:
    """How the two grades lie to each other; nothing where there is none to compare with."""
    if row["stammer"] is None:
        return ""
    if row["stammer"]:
        return " De stämmer överens."
    steps = row.get("steg")
    if steps is None:
        return " De stämmer inte överens."
    return f" Beslutet ligger {abs(steps)} steg {'över' if steps > 0 else 'under'} det beräknade."


def _uncapitalised(text: str) -> str:
    """A sentence or a grade within a sentence."""
    return text[:1].lower() + text[1:]
