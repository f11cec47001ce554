"""A server that speaks SCB's PxWebApi 2 from frames.

Here belong the paths, the selection and json-stat 2. HTTP and its faults stand in ``loopback``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import polars as pl

from tests.servers.loopback import Asked, Faults, Loopback, Reply


@dataclass(frozen=True)
class Table:
    """A table: its variables with their codes, and its cells.

    ``cells`` has a column for each variable, ``value`` and ``status``. ``labels`` are a variable's labels
    by code; what is not known is left out of what is served. ``eliminable`` variables may be left out of a
    query, which then sums over them.
    """

    codes: Mapping[str, tuple[str, ...]]
    cells: pl.DataFrame
    time: str
    metric: str
    updated: str
    label: str | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    eliminable: frozenset[str] = frozenset()


class ScbServer(Loopback):
    """SCB, with this config and these tables."""

    base = "/api/v2"

    def __init__(self, config: Mapping[str, Any], tables: Mapping[str, Table], *, faults: Faults | None = None) -> None:
        """Serve these."""
        super().__init__(faults=faults)
        self.config = config
        self.tables = tables

    def reply(self, asked: Asked) -> Reply:
        """The config, a table's metadata or its cells."""
        if asked.path == "/config":
            return Reply(dict(self.config))
        _, _, table_id, what = asked.path.split("/")
        if table_id not in self.tables:
            return _problem("Non-existent table")
        table = self.tables[table_id]
        if what == "metadata":
            return Reply(render(table, dict(table.codes), None))
        return self._data(table, json.loads(asked.body)["selection"])

    def _data(self, table: Table, selection: list[dict[str, Any]]) -> Reply:
        """The cells of a selection, or a problem."""
        names = {name.casefold(): name for name in table.codes}
        chosen = {}
        for each in selection:
            name = names.get(each["variableCode"].casefold())
            if name is None:
                return _problem("Non-existent variable")
            own = {code.casefold(): code for code in table.codes[name]}
            codes = [own.get(code.casefold()) for code in each["valueCodes"]]
            if len(set(codes)) < len(codes):
                return Reply(b"", 500)
            known = tuple(code for code in codes if code is not None)
            if len(known) < len(codes):
                return _problem("Non-existent value")
            chosen[name] = known
        left_out = set(table.codes) - set(chosen)
        if left_out - table.eliminable:
            return _problem("Missing selection for mandantory variable")
        if prod(map(len, chosen.values())) > self.config["maxDataCells"]:
            return _problem("Too many cells selected")
        kept = {name: chosen[name] for name in table.codes if name in chosen}
        return Reply(render(table, kept, table.cells))


def render(table: Table, chosen: Mapping[str, tuple[str, ...]], cells: pl.DataFrame | None) -> dict[str, Any]:
    """The json-stat 2 dataset of these codes; without cells it is metadata."""
    dataset: dict[str, Any] = {"version": "2.0", "class": "dataset"}
    if table.label is not None:
        dataset["label"] = table.label
    dataset |= {"source": "SCB", "updated": table.updated, "role": {"time": [table.time], "metric": [table.metric]}}
    dataset |= {"id": list(chosen), "size": [len(codes) for codes in chosen.values()]}
    dataset["dimension"] = {name: _dimension(table, name, codes, cells) for name, codes in chosen.items()}
    if cells is None:
        return {**dataset, "value": []}
    full = _grid(chosen).join(_summed(cells, chosen), on=list(chosen), how="left", maintain_order="left")
    marks = {str(place): mark for place, mark in enumerate(full["status"].to_list()) if mark is not None}
    dataset["value"] = [int(v) if v is not None and v.is_integer() else v for v in full["value"].to_list()]
    return {**dataset, "status": marks} if marks else dataset


def _grid(chosen: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """Every combination of the chosen codes, in row-major order."""
    grid = pl.DataFrame({"": [0]})
    for name, codes in chosen.items():
        grid = grid.join(
            pl.DataFrame({name: codes}, schema={name: pl.String}), how="cross", maintain_order="left_right"
        )
    return grid.drop("")


def _summed(cells: pl.DataFrame, chosen: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """The cells, summed over the variables that were not chosen."""
    if set(cells.columns) == {*chosen, "value", "status"}:
        return cells
    return cells.group_by(list(chosen), maintain_order=True).agg(pl.col("value").sum(), pl.lit(None).alias("status"))


def _dimension(table: Table, name: str, codes: tuple[str, ...], cells: pl.DataFrame | None) -> dict[str, Any]:
    """A variable, with what is known of it."""
    category: dict[str, Any] = {"index": {code: place for place, code in enumerate(codes)}}
    if name in table.labels:
        category["label"] = {code: table.labels[name][code] for code in codes}
    dimension: dict[str, Any] = {"category": category}
    if cells is None:
        dimension["extension"] = {"elimination": name in table.eliminable}
    return dimension


def _problem(title: str) -> Reply:
    """A problem body, as SCB words it."""
    return Reply({"type": "Parameter error", "title": title, "status": 400}, 400)
