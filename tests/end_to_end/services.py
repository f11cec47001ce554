"""Kolada and SCB on this machine, with what the shipped example recorded of them.

Here belongs how recorded answers become servers. How a server speaks stands in ``tests.servers``.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from sources.archive import Archive, Request
from sources.boundaries import request
from sources.kolada import Kolada
from sources.plan import Plan, load_plan
from sources.plan.areas import AreaPart
from sources.scb import Scb
from sources.transport import Replay
from tests.end_to_end.place import SHIPPED
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Asked, Reply
from tests.servers.scb import ScbServer, Table

CONFIG: Final = {"maxDataCells": 150000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10, "languages": [{"id": "sv"}]}
GENDERS: Final = ("1", "2")
WFS: Final = "/wfs"
"""Where the geodata service lies below the address of the tables."""


def kolada() -> KoladaServer:
    """Kolada with the KPIs, units and values of the shipped example."""
    plan, replay = load_plan(SHIPPED), Replay(Archive(SHIPPED / "archive", read_only=True))
    asked = plan.register.kolada
    ids = sorted(kpi.id for kpi in asked.kpi)
    units = [*plan.register.municipality.county_members, asked.country]
    observed = Kolada(replay).observations(ids, units, range(asked.years[0], asked.years[1] + 1)).frame
    values = observed.select(
        kpi="kalla_id",
        municipality="kommun_id",
        period="ar",
        gender="kon",
        count="antal",
        status=pl.col("status").fill_null(""),
        value="varde",
        isdeleted=pl.lit(value=False),
    )
    return KoladaServer(_records(replay, f"/kpi/{','.join(ids)}"), _records(replay, "/municipality"), values)


class WithBorders(ScbServer):
    """SCB's tables, and its geodata service below them, with one answer."""

    borders: bytes

    def reply(self, asked: Asked) -> Reply:
        """The borders, or what the tables say."""
        return Reply(self.borders) if asked.path == WFS else super().reply(asked)


def scb() -> WithBorders:
    """SCB with the table of population, divided by sex and marital status as SCB's own is."""
    plan, replay = load_plan(SHIPPED), Replay(Archive(SHIPPED / "archive", read_only=True))
    tables = {part.table: _population(plan, replay) for series in plan.register.scb.series for part in series.part}
    areas = plan.register.areas
    by_area = [part for series in areas.series for part in series.part] if areas else []
    server = WithBorders(CONFIG, {**tables, **{part.table: _by_area(part, replay) for part in by_area}})
    layer = areas.borders if areas else None
    server.borders = replay.fetch(request(plan.register.municipality.id, layer)).body if layer else b""
    return server


def _by_area(part: AreaPart, replay: Replay) -> Table:
    """A table by area, with the cells that are recorded of it."""
    found = Scb(replay, ask_first=False).observations(part.table, part.asked, totals=part.totals)
    codes = {name: tuple(found[name].unique().sort()) for name in part.asked}
    cells = found.select(*codes, "value", pl.lit(None, pl.String).alias("status"))
    return Table(codes, cells, time=part.time, metric="ContentsCode", updated="2026-09-30T00:00:00Z")


def _records(replay: Replay, path: str) -> Sequence[Mapping[str, Any]]:
    """The records of a recorded list."""
    body = json.loads(replay.fetch(Request("kolada", path)).body)
    records: Sequence[Mapping[str, Any]] = body["values"]
    return records


def _population(plan: Plan, replay: Replay) -> Table:
    """The plan's only series, all of it put down to one of the parts that a total is made of."""
    ((series,),) = (each.part for each in plan.register.scb.series)
    found = Scb(replay, ask_first=False).observations(series.table, series.selection, totals=series.totals)
    variables = list(series.selection)
    parts = dict.fromkeys(series.totals, GENDERS)
    empty = pl.DataFrame({name: [GENDERS[0]] for name in parts})
    cells = found.select(*variables, "value", pl.lit(None, pl.String).alias("status")).join(empty, how="cross")
    codes = {name: tuple(found[name].unique().sort()) for name in variables}
    return Table(
        {**codes, **parts},
        cells,
        time=series.time,
        metric="ContentsCode",
        updated="2024-08-30T00:00:00Z",
        eliminable=frozenset(parts),
    )
