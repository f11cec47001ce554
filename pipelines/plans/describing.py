"""A table of SCB in words, for whoever writes a plan: its variables, their codes and what the codes stand for.

Here belongs the asking and what is told. Nothing of it is an input of a run: the answer is kept no longer than
the asking takes. What a plan then says of the table is declared in ``sources.plan``.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from pipelines.intake.transports import SCB_RATE
from pipelines.settings import Settings
from sources.archive import Archive
from sources.http import Live, Service
from sources.jsonstat import Dataset
from sources.scb import SERVICE, Scb

Language = Literal["sv", "en"]

SHOWN: Final = 12
"""Codes of a variable that are told in text; all of them are in the JSON."""


def described(settings: Settings, table: str, language: Language) -> dict[str, Any]:
    """A table's label, when it was updated, and its variables with all codes and labels, in a language.

    ``left_out`` says whether a query may leave the variable out, which sums over it. Raises AnswerError
    where SCB does not tell.
    """
    with (
        tempfile.TemporaryDirectory(prefix="etappmal-table-") as folder,
        Live(
            {SERVICE: Service(settings.scb_url, rate=SCB_RATE)},
            Archive(Path(folder)),
            timeout=settings.timeout,
            retry_seconds=settings.retry_seconds,
        ) as live,
    ):
        return _told(table, Scb(live, lang=language).metadata(table))


def _told(table: str, metadata: Dataset) -> dict[str, Any]:
    """What metadata say."""
    return {
        "table": table,
        "label": metadata.label,
        "updated": metadata.updated.isoformat() if metadata.updated else None,
        "variables": [
            {
                "variable": each.name,
                "label": each.label,
                "time": each.name in metadata.time,
                "left_out": each.extension.get("elimination") is True,
                "codes": {code: each.labels.get(code) for code in each.codes},
            }
            for each in metadata.dimensions
        ],
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """What is told of a table, as text."""
    yield f"{told['table']}: {told['label'] or 'no label'}" + (
        f" (updated {told['updated']})" if told["updated"] else ""
    )
    for each in told["variables"]:
        traits = [f"{len(each['codes'])} codes"]
        traits += ["time"] if each["time"] else []
        traits += ["may be left out"] if each["left_out"] else []
        yield f"  {each['variable']} ({each['label']}): {', '.join(traits)}"
        codes = list(each["codes"].items())
        yield from (f"    {code}" + (f"  {label}" if label else "") for code, label in codes[:SHOWN])
        if len(codes) > SHOWN:
            yield f"    … and {len(codes) - SHOWN} more, which --json has"
