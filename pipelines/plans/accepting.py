"""Accepting a KPI that is no longer described as the plan has it.

Here belongs the one command that writes into a plan: it changes a title, or a mark that a KPI is
retired or has no values, and leaves every other character of the file as it was.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from contracts import contract
from pipelines.runs import summary
from pipelines.runs.locking import writing
from pipelines.runs.summary import replace_text
from pipelines.settings import Settings
from pipelines.storage.places import place_of
from pipelines.storage.warehouse import Warehouse
from sources.kolada import RETIRED
from sources.plan.loading import REGISTER
from sources.plan.register import Kpi

WAIT = 60.0


class AcceptError(Exception):
    """A KPI that cannot be accepted: which, and why."""


def accept(settings: Settings, kpi: str) -> str:
    """Write into the plan what Kolada says of a KPI now: its title, that it is retired, that it has no values.

    Says what was written. Raises AcceptError where the last refresh did not hold the KPI back.
    """
    path = settings.plan / REGISTER
    entry, document, begins = _entry(path, kpi)
    title = _title_now(
        settings, kpi, {"kommun_id": document["municipality"]["id"], "rapport": document["report"]["id"]}
    )
    changes: dict[str, Any] = {"title": title} if entry["title"] != title else {}
    if RETIRED.search(title) and not entry.get("retired"):
        changes["retired"] = True
    if kpi in _emptied(settings) and entry.get("values_expected", True):
        changes["values_expected"] = False
    if not changes:
        raise AcceptError(f"{kpi} is in Kolada as the plan has it: there is nothing to accept.")
    try:
        Kpi.model_validate({**entry.unwrap(), **changes})
    except ValidationError as error:
        why = "; ".join(fault["msg"].removeprefix("Value error, ") for fault in error.errors())
        raise AcceptError(f"{kpi} {why}: it does not measure the same. Change {path} by hand.") from error
    entry.update(changes)
    replace_text(path, begins + tomlkit.dumps(document))
    said = ", ".join(f"{key} = {tomlkit.item(value).as_string()}" for key, value in changes.items())
    return f"{path}, {kpi}: {said}. Run etappmal refresh."


def _emptied(settings: Settings) -> list[str]:
    """The KPIs that the last refresh held back since all their values had gone."""
    found = summary.read(settings.summary) or {}
    return list(found.get("last", {}).get("emptied", ()))


def _title_now(settings: Settings, kpi: str, plan: Mapping[str, str]) -> str:
    """The title that the last refresh of this plan found in Kolada."""
    place = place_of(settings)
    if not place.exists():
        raise AcceptError(f"there has been no refresh in {settings.data_home}. Run etappmal refresh first.")
    with writing(settings.home, "etappmal accept", WAIT):
        warehouse = Warehouse(place)
        try:
            frame = warehouse.read(contract("kolada_nyckeltal", "core"), plan)
        finally:
            warehouse.close()
    found = frame.filter(frame["kpi_id"] == kpi)
    if found.is_empty() or found["kpi_nu"][0] is None:
        raise AcceptError(f"{kpi} is not among the KPIs that the last refresh found in Kolada.")
    return str(found["kpi_nu"][0])


def _entry(path: Path, kpi: str) -> tuple[tomlkit.items.Table, tomlkit.TOMLDocument, str]:
    """The KPI's own table in the plan, the document it is part of, and the mark that some editors begin it with."""
    try:
        # Read as bytes, so that line ends stay what they are.
        text = path.read_bytes().decode("utf-8")
        begins = "\N{BYTE ORDER MARK}" if text.startswith("\N{BYTE ORDER MARK}") else ""
        document = tomlkit.parse(text.removeprefix(begins))
        entries = document["kolada"]["kpi"]
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise AcceptError(f"{path} cannot be read: {error}.") from error
    for entry in entries:
        if entry["id"] == kpi:
            return entry, document, begins
    raise AcceptError(f"{kpi} is not in {path}.")
