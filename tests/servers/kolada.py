"""A server that speaks Kolada version 3 from frames.

Here belong paths, envelopes and pages. HTTP and its faults stand in ``loopback``.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl

from tests.servers.loopback import Asked, Faults, Loopback, Reply

FIELDS = ("gender", "count", "status", "value", "isdeleted")


class KoladaServer(Loopback):
    """Kolada, with these KPIs and units (records as Kolada lists them) and these values.

    ``values`` has the columns kpi, municipality, period, gender, count, status, value and isdeleted, and may
    have changed (a date). ``public`` is the address the server takes itself to have, for ``next_url``.
    """

    base = "/v3"

    def __init__(
        self,
        kpis: Sequence[Mapping[str, Any]],
        municipalities: Sequence[Mapping[str, Any]],
        values: pl.DataFrame,
        *,
        page_size: int = 5000,
        public: str | None = None,
        faults: Faults | None = None,
    ) -> None:
        """Serve these."""
        super().__init__(faults=faults)
        self.kpis = kpis
        self.municipalities = municipalities
        self.values = values
        self.page_size = page_size
        self.public = public

    def reply(self, asked: Asked) -> Reply:
        """A page of a list or of observations."""
        kind, *ids = asked.path.strip("/").split("/")
        if kind == "data":
            return self._page(asked, self._observations(ids, asked.query.get("from_date")))
        lists = {"kpi": self.kpis, "municipality": self.municipalities}
        if kind not in lists:
            return Reply({"detail": "Not Found"}, 404)
        wanted = ids[0].split(",") if ids else None
        return self._page(asked, [item for item in lists[kind] if wanted is None or item["id"] in wanted])

    def _observations(self, path: Sequence[str], from_date: str | None) -> Sequence[Mapping[str, Any]] | None:
        """The records that a path asks for; None if it asks for more ids than are allowed."""
        found = self.values
        for name, ids in zip(path[::2], path[1::2], strict=True):
            wanted = ids.split(",")
            if len(wanted) > 25:
                return None
            column = pl.col("period" if name == "year" else name)
            found = found.filter(column.cast(pl.String).is_in(wanted))
        if from_date:
            found = found.filter(pl.col("changed").cast(pl.String) >= from_date)
        key = ["kpi", "municipality", "period"]
        return found.sort(*key).group_by(key, maintain_order=True).agg(pl.struct(FIELDS).alias("values")).to_dicts()

    def _page(self, asked: Asked, items: Sequence[Mapping[str, Any]] | None) -> Reply:
        """One page of these items, with the address of the next."""
        if items is None:
            return Reply({"detail": "Too many ids"}, 400)
        size = min(self.page_size, int(asked.query.get("per_page", self.page_size)))
        page = int(asked.query.get("page", 1))
        part = items[(page - 1) * size : page * size]
        more = len(items) > page * size
        query = urlencode({**asked.query, "page": page + 1, "per_page": size})
        next_url = f"{self.public or self.url}{asked.path}?{query}" if more else None
        return Reply({"count": len(part), "next_url": next_url, "previous_url": None, "values": list(part)})
