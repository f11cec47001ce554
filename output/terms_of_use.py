"""On what terms a dataset may be used: the publisher's licence, or those of another whose figures it holds.

Here belongs whose they are, once for catalogue, metadata, workbook and pages. The publisher's own licence is a
setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import Text


@dataclass(frozen=True)
class Terms:
    """Terms of another: what they ask for in a sentence, where they stand, and the source itself."""

    source: str
    text: Text
    address: str
    source_address: str


OTHERS: Final[Mapping[str, Terms]] = {
    "jamforelsetal_kolada": Terms(
        "Kolada",
        Text(
            "Källa: Kolada. Fri att använda när Kolada anges som källa; "
            "egna bearbetningar får inte tillskrivas Kolada.",
            "Source: Kolada. Free to use where Kolada is named as the source; "
            "own processing must not be ascribed to Kolada.",
        ),
        "https://www.kolada.se/om-oss/api/",
        "https://www.kolada.se/",
    )
}
"""Datasets of another's figures: they have their source and terms, and not our licence."""
