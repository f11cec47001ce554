"""What lies outside: the plan folder's files and the statistics services, as the lineage shows them.

These assets are never materialised here: others write them, and the pipeline reads them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from contracts import contracts

PLAN: Final = ("plan", "register")
LINES: Final = ("plan", "lines")
KOLADA: Final = ("api", "kolada")
SCB: Final = ("api", "scb")
SCB_WFS: Final = ("api", "scb_wfs")
GROUP: Final = "sources"


def extract_key(name: str) -> tuple[str, str]:
    """The key of the municipality's own file behind a table."""
    return ("extract", name)


def upstream() -> Sequence[dg.AssetSpec]:
    """All outside assets."""
    return [
        _spec(PLAN, "The goal register: areas, goals, indicators, bounds, sources, decisions.", "toml"),
        _spec(LINES, "The rows that each statement must hold.", "toml"),
        _spec(KOLADA, "Kolada v3: indicators of Sweden's municipalities and regions. Källa: Kolada.", "api"),
        _spec(SCB, "PxWebApi 2 of Statistics Sweden. Källa: SCB.", "api"),
        _spec(SCB_WFS, "Borders of statistical areas, of Statistics Sweden. Källa: SCB.", "api"),
        *_extracts(),
    ]


def _extracts() -> Iterator[dg.AssetSpec]:
    """The municipality's own files, one for each table that is read from one."""
    for declared in contracts("open"):
        if any(column.heading for column in declared.columns):
            yield _spec(extract_key(declared.name), f"The municipality's own file for {declared.title.en}.", "csv")


def _spec(key: tuple[str, ...], description: str, kind: str) -> dg.AssetSpec:
    """An outside asset."""
    return dg.AssetSpec(dg.AssetKey(list(key)), description=description, group_name=GROUP, kinds={kind})
