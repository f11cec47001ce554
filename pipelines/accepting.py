"""Accepting a KPI that is no longer described as the plan has it.

Here belongs the one command that writes into a plan: it changes a title, or a mark that a KPI is
retired, and leaves every other character of the file as it was.
"""

from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from contracts import contract
from pipelines.locking import writing
from pipelines.settings import Settings
from pipelines.summary import replace_text
from pipelines.warehouse import Warehouse
from sources.kolada import RETIRED
from sources.plan.loading import REGISTER

WAIT = 60.0


class AcceptError(Exception):
    """A KPI that cannot be accepted: which, and why."""


def accept(settings: Settings, kpi: str) -> str:
    """Write the title that Kolada gives a KPI now into the plan; says what was written.

    Raises AcceptError where the last refresh did not hold the KPI back for its title.
    """
    title = _title_now(settings, kpi)
    path = settings.plan / REGISTER
    entry_of, document = _entry(path, kpi)
    changes = {"title": title} if entry_of["title"] != title else {}
    marks = {"retired": True} if RETIRED.search(title) and not entry_of.get("retired") else {}
    if not changes and not marks:
        raise AcceptError(f"{kpi} is described in Kolada as the plan has it: there is nothing to accept.")
    entry_of.update({**changes, **marks})
    replace_text(path, tomlkit.dumps(document))
    said = ", ".join(f"{key} = {value!r}" for key, value in {**changes, **marks}.items())
    return f"{path}, {kpi}: {said}. Run etappmal refresh."


def _title_now(settings: Settings, kpi: str) -> str:
    """The title that the last refresh found in Kolada."""
    if not settings.warehouse.exists():
        raise AcceptError(f"there has been no refresh in {settings.data_home}. Run etappmal refresh first.")
    with writing(settings.home, "etappmal accept", WAIT):
        warehouse = Warehouse(settings.warehouse)
        try:
            frame = warehouse.read(contract("kolada_nyckeltal", "core"))
        finally:
            warehouse.close()
    found = frame.filter(frame["kpi_id"] == kpi)
    if found.is_empty() or found["kpi_nu"][0] is None:
        raise AcceptError(f"{kpi} is not among the KPIs that the last refresh found in Kolada.")
    return str(found["kpi_nu"][0])


def _entry(path: Path, kpi: str) -> tuple[tomlkit.items.Table, tomlkit.TOMLDocument]:
    """The KPI's own table in the plan, and the document it is part of."""
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        entries = document["kolada"]["kpi"]
    except (OSError, TOMLKitError) as error:
        raise AcceptError(f"{path} cannot be read: {error}.") from error
    for entry in entries:
        if entry["id"] == kpi:
            return entry, document
    raise AcceptError(f"{kpi} is not in {path}.")
