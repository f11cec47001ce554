"""Borders as GeoJSON (RFC 7946), for map programs: the file that holds shapes, with what is told of each beside it.

Here belongs the one table whose rows have a shape. Its other forms are those of any dataset.
"""

import json
from pathlib import Path
from typing import Final

from output.tables import Published

DATASET: Final = "omradesgranser"
ENDING: Final = ".geojson"
SHAPE: Final = "geometri"
SIMPLER: Final = "geometri_forenklad"


def write_geojson(table: Published, path: Path) -> None:
    """Write each row as a feature: its border as the source has it, and its other columns as properties."""
    features = []
    for row in table.frame.drop(SIMPLER).iter_rows(named=True):
        shape = json.loads(row[SHAPE])
        told = {name: value if isinstance(value, int | float | None) else str(value) for name, value in row.items()}
        del told[SHAPE]
        features.append({"type": "Feature", "id": row["omrade_id"], "properties": told, "geometry": shape})
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(
        json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n"
    )
