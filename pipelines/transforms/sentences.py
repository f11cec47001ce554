"""Sentences in Swedish made of data: each status said so that a citizen understands it.

Here belongs wording, and how figures are written in running text (decimal comma, a true minus,
a narrow no-break space in thousands). What is true is settled elsewhere.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from contracts.vocabulary import MilestoneStatus, Operator, Reason

MINUS: Final = "\N{MINUS SIGN}"
THOUSANDS: Final = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"

UNITS: Final[Mapping[str, str]] = {
    "procent": f"{NO_BREAK}%",
    "mnkr": f"{NO_BREAK}miljoner kronor",
    "index": "",
    "kvot": "",
    "antal": "",
    "rang": "",
    "nummer": "",
    "": "",
}
ONE: Final[Mapping[str, str]] = {"mnkr": f"{NO_BREAK}miljon kronor"}
"""How a unit is written after one, where it is another than after more."""

BOUNDS: Final[Mapping[str, str]] = {
    Operator.AT_LEAST: "minst {}",
    Operator.MORE_THAN: "mer än {}",
    Operator.AT_MOST: "högst {}",
    Operator.LESS_THAN: "mindre än {}",
    Operator.EQUAL: "exakt {}",
}
REASONS: Final[Mapping[str, str]] = {
    Reason.NOT_PUBLISHED: "utfallet inte är publicerat",
    Reason.SECRET: "utfallet omfattas av sekretess",
    Reason.DROPOUT: "utfallet saknas i källan",
    Reason.NOT_APPLICABLE: "måttet inte är tillämpligt",
    Reason.BROKEN_METHOD: "mätmetoden har ändrats",
    Reason.QUARANTINED: "utfallet bröt mot en kontrollregel och ligger i karantän",
    Reason.SMALL: "utfallet skyddas för att det räknar få personer",
    Reason.NO_MILESTONE: "det inte finns något etappmål",
}


def number(value: float, decimals: int) -> str:
    """A figure as Swedish prose writes it: ``1 234,5`` with a narrow no-break space and a true minus.

    >>> number(-1234.5, 1) == f"{MINUS}1{THOUSANDS}234,5"
    True
    """
    written = f"{abs(value):,.{decimals}f}".replace(",", THOUSANDS).replace(".", ",")
    # A rounded zero has no sign.
    return f"{MINUS}{written}" if value < 0 and any(digit in "123456789" for digit in written) else written


def quantity(value: float, decimals: int, unit: str) -> str:
    """A figure with its unit; a figure with more decimals than the report prints keeps at most two more."""
    shown = next((places for places in range(decimals, decimals + 3) if round(value, places) == value), decimals + 2)
    many = UNITS.get(unit, f"{NO_BREAK}{unit}")
    return number(value, shown) + (ONE.get(unit, many) if abs(value) == 1 and shown == 0 else many)


def explanation(frame: pl.DataFrame) -> pl.Series:
    """The status of each indicator in one or two sentences.

    ``frame`` holds the columns of ``indikatorregister`` with ``utfall``, ``etappmal_status``,
    ``orsak`` and the rest of a status. One row makes one text: there are as many as indicators.
    """
    return pl.Series("forklaring", [_explain(row) for row in frame.iter_rows(named=True)], dtype=pl.String)


def _explain(row: Mapping[str, Any]) -> str:
    """The sentences of one indicator."""
    parts = [_outcome(row), _bound(row), _verdict(row)]
    line = f", rad {row['kalla_rad']}" if row["kalla_rad"] is not None else ""
    return " ".join(part for part in parts if part) + f" Källa: {row['kalla']}{line}."


def _outcome(row: Mapping[str, Any]) -> str:
    """What the outcome was."""
    if row["utfall"] is None:
        return f"Utfallet för {row['utfall_ar']} saknas."
    return f"Utfallet för {row['utfall_ar']} var {quantity(row['utfall'], row['decimaler'], row['enhet'])}."


def _bound(row: Mapping[str, Any]) -> str:
    """What the milestone asks for."""
    if row["etappmal_varde"] is None or row["etappmal_operator"] is None:
        return ""
    amount = quantity(row["etappmal_varde"], row["decimaler"], row["enhet"])
    asked = BOUNDS[row["etappmal_operator"]].format(amount)
    assumed = " (hur det ska jämföras anges inte i rapporten utan antas)" if row["antagen_operator"] else ""
    return f"Etappmålet för {row['etappmal_ar']} är {asked}{assumed}."


def _verdict(row: Mapping[str, Any]) -> str:
    """What follows."""
    match row["etappmal_status"]:
        case MilestoneStatus.REACHED:
            return "Etappmålet är uppnått."
        case MilestoneStatus.NOT_REACHED:
            return "Etappmålet är inte uppnått."
        case MilestoneStatus.TIE:
            side = "överträffas" if row["etappmal_operator"] == Operator.MORE_THAN else "underskridas"
            return f"Utfallet är lika med etappmålet, som skulle {side}: ett gränsfall."
        case _:
            return f"Etappmålet kan inte bedömas eftersom {REASONS[row['orsak']]}."
