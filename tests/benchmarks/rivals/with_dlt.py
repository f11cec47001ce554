"""Loads the country with dlt and its REST source, as a script of an environment of its own.

    python with_dlt.py ADDRESS FILE

Here belongs what somebody would write who has dlt: nothing of the project is imported. Three choices:

- The values that Kolada nests in a record are flattened on the way: as dlt's own child table they cost more.
- Parquet is the fastest way into DuckDB that dlt has: its default, INSERT statements, takes some four times
  the CPU time.
- The paginator stands at the endpoint. Where a path ends in a placeholder, dlt passes the client's over,
  takes the answer for a single page and drops the rest in silence.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final

import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator
from dlt.sources.rest_api import rest_api_source

MOST_IDS: Final = 25


def ids(address: str, name: str) -> list[str]:
    """All ids of a list, page by page, 25 in each text."""
    client = RESTClient(address, paginator=JSONLinkPaginator("next_url"))
    pages = client.paginate(name, params={"per_page": 5000}, data_selector="values")
    found = [each["id"] for page in pages for each in page]
    return [",".join(found[start : start + MOST_IDS]) for start in range(0, len(found), MOST_IDS)]


def flat(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each value of a record."""
    values = record.pop("values")
    for value in values:
        yield {**record, **value}


def main(address: str, file: str) -> None:
    """Read the lists, then all values, into the table ``kolada.observations``."""
    now = datetime.now(UTC).year
    years = ",".join(map(str, range(now - 24, now + 1)))
    blocks = [
        {"kpis": kpis, "units": units, "years": years}
        for kpis, units in product(ids(address, "kpi"), ids(address, "municipality"))
    ]
    path = "data/kpi/{resources.blocks.kpis}/municipality/{resources.blocks.units}/year/{resources.blocks.years}"
    source = rest_api_source(
        {
            "client": {"base_url": f"{address}/"},
            "resources": [
                dlt.resource([blocks], name="blocks", selected=False),
                {
                    "name": "observations",
                    "columns": {"value": {"data_type": "double"}},
                    "endpoint": {
                        "path": path,
                        "params": {"per_page": 5000},
                        "paginator": JSONLinkPaginator("next_url"),
                        "data_selector": "values",
                    },
                    "processing_steps": [{"yield_map": flat}],
                },
            ],
        }
    )
    pipeline = dlt.pipeline(
        "rival",
        destination=dlt.destinations.duckdb(file),
        dataset_name="kolada",
        pipelines_dir=str(Path(file).parent / "dlt"),
    )
    pipeline.run(source, loader_file_format="parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
