"""Which reports of a warehouse are whole: those whose last run went through all their tables.

Here belongs the note of it, which is written before a run's first table and after its last. A report whose last run
broke off has tables of two runs: what is published of it is what was, until a run of it goes through.
"""

import datetime as dt
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from contracts import contract
from pipelines.storage.warehouse import Warehouse
from sources.plan import Plan, load_plan
from sources.plan.folders import report_folders

SOURCE: Final = "rapport"
INSTANT: Final = dt.timedelta(microseconds=1)


def begin(warehouse: Warehouse, report: str, moment: dt.datetime) -> None:
    """Note that the tables of a report are being made."""
    # A clock that was set back must not make it seem whole.
    last = warehouse.last_reading(SOURCE, report, complete=True)
    warehouse.note_reading(SOURCE, report, max(moment, last + INSTANT) if last else moment, complete=False)


def end(warehouse: Warehouse, report: str, moment: dt.datetime) -> None:
    """Note that all tables of a report are made."""
    warehouse.note_reading(SOURCE, report, warehouse.last_reading(SOURCE, report) or moment, complete=True)


def broken_off(warehouse: Warehouse) -> AbstractSet[str]:
    """The reports whose last run did not go through all their tables."""
    notes = warehouse.readings(SOURCE)
    whole = {scope: moment for scope, moment, complete in notes.iter_rows() if complete}
    return {
        scope
        for scope, moment, complete in notes.iter_rows()
        if not complete and (scope not in whole or moment > whole[scope])
    }


def newest_plan(folder: Path, plan: Plan, warehouse: Warehouse) -> Plan:
    """The plan of the newest report of the home, where its folder lies beside this one; else the plan in it."""
    own = plan.register.report.id
    newest = max({own, *warehouse.read(contract("rapporter", "core"))["rapport"]})
    beside = report_folders(folder).get(newest) if newest != own else None
    return load_plan(beside) if beside else plan
