"""Incidents: what is wrong from one run to the next, told once when it begins and once when it ends.

Here belongs whether something is news. How it is told belongs in ``pipelines.operations.alerts``.

A run that fails is an incident, and so is each KPI that is held back. It lasts until a run says
otherwise: a failed run says nothing of what was held back before it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from pipelines.operations.alerts import Undelivered, deliver
from pipelines.runs import summary
from pipelines.runs.summary import replace_text
from pipelines.settings import Settings

REFRESH: Final = "refresh"
"""The incident of a refresh that fails."""

DRY: Final = "dry run"


@dataclass(frozen=True)
class Incident:
    """Something that is wrong: what, since when (UTC), in which words, and whether that and its end were told."""

    subject: str
    since: str
    message: str
    told: bool = False
    ended: str | None = None


def settle(settings: Settings, last: Mapping[str, Any]) -> list[str]:
    """Take in how a run ended, and tell what is news; what could not be delivered, to be told again next time.

    ``last`` is the summary of the run: ``state``, ``ended``, ``errors`` and ``held_back``.
    """
    if last["state"] == DRY:
        return []
    path = settings.data_home / "incidents.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        known = _after(_read(path), last)
        begun = [each for each in known if not each.told and each.ended is None]
        ended = [each for each in known if each.told and each.ended is not None]
        try:
            if begun or ended:
                deliver(settings, _title(begun, ended), _text(begun, ended))
        except Undelivered as error:
            faults = [str(error)]
        else:
            faults = []
            known = [replace(each, told=True) for each in known if each.ended is None]
        replace_text(path, json.dumps([asdict(each) for each in known], ensure_ascii=False, indent=1))
    return faults


def _after(known: list[Incident], last: Mapping[str, Any]) -> list[Incident]:
    """The incidents after a run: what goes on, what is new, and what has ended and was once told."""
    failed = last["state"] == summary.FAILED
    when = last.get("ended") or summary.now()
    wrong = {f"held back: {text.split(maxsplit=1)[0]}": text for text in last.get("held_back", ())}
    if failed:
        errors = list(dict.fromkeys(last.get("errors", ()))) or ["The run ended without saying why. See its log."]
        wrong[REFRESH] = "\n\n".join(errors)
    going_on, before = [], {each.subject for each in known if each.ended is None}
    for each in known:
        if each.ended is not None or each.subject in wrong or (failed and each.subject != REFRESH):
            going_on.append(each)
        elif each.told:
            going_on.append(replace(each, ended=when))
    return going_on + [Incident(subject, when, text) for subject, text in wrong.items() if subject not in before]


def _title(begun: list[Incident], ended: list[Incident]) -> str:
    """The subject of a message: the worst first."""
    told = [f"{each.subject} failed" if each.subject == REFRESH else each.subject for each in begun]
    return "Etappmål: " + "; ".join([*told, *(f"over: {each.subject}" for each in ended)])


def _text(begun: list[Incident], ended: list[Incident]) -> str:
    """The message: each incident with what is wrong and what to do, or when it was over."""
    parts = [f"{each.subject} (since {each.since})\n\n{each.message}" for each in begun]
    parts += [f"{each.subject}: over since {each.ended}; it began {each.since}." for each in ended]
    return "\n\n".join(parts) + "\n"


def _read(path: Path) -> list[Incident]:
    """What is known; a file that is gone or damaged knows nothing."""
    try:
        return [Incident(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
