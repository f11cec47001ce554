"""On what terms a dataset may be used: the publisher's licence, or those of another whose figures it holds.

Here belongs whose they are, once for catalogue, metadata, workbook and pages. The publisher's own licence is a
setting.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from contracts.vocabulary import Text
from output.tables import Published


@dataclass(frozen=True)
class Terms:
    """Terms of another: what they ask for in a sentence, where they stand, and the source itself.

    ``whole`` tells that they are those of a whole dataset: our licence is then not. Else they go for those of its
    rows whose source is the other alone, beside our licence for the rest.
    """

    source: str
    text: Text
    address: str
    source_address: str
    whole: bool


KOLADA_DATASET: Final = "jamforelsetal_kolada"
"""The dataset of Kolada's figures alone."""

KOLADA: Final = Terms(
    "Kolada",
    Text(
        "Källa: Kolada. Fri att använda när Kolada anges som källa; egna bearbetningar får inte tillskrivas Kolada.",
        "Source: Kolada. Free to use where Kolada is named as the source; "
        "own processing must not be ascribed to Kolada.",
    ),
    "https://www.kolada.se/om-oss/api/",
    "https://www.kolada.se/",
    whole=True,
)

KOLADA_ROWS: Final = replace(
    KOLADA,
    text=Text(
        "Rader vars källa är Kolada: fria att använda när Kolada anges som källa; "
        "egna bearbetningar får inte tillskrivas Kolada.",
        "Rows whose source is Kolada: free to use where Kolada is named as the source; "
        "own processing must not be ascribed to Kolada.",
    ),
    whole=False,
)


def of_others(table: Published) -> Terms | None:
    """The terms of another whose figures a table holds; none where all of them are ours to license."""
    if table.contract.name == KOLADA_DATASET:
        return KOLADA
    return KOLADA_ROWS if KOLADA.source in table.words("kalla") else None


def of_others_in(tables: Iterable[Published]) -> Terms | None:
    """The same of files that hold several tables."""
    return KOLADA_ROWS if any(of_others(table) for table in tables) else None


def licences(ours: str, theirs: Terms | None) -> list[str]:
    """The addresses of the terms that go for a table, the first for most of it: ours are not where all is another's."""
    if theirs is None:
        return [ours]
    return [theirs.address] if theirs.whole else [ours, theirs.address]
