"""The data dictionary: a row for each column of each dataset, in Swedish and English.

Here belongs the dictionary as files. What is told of a column comes from ``contracts.dictionary``.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from contracts.dictionary import TYPES, entry
from output.tables import Published

CSV: Final = "variabelforteckning.csv"
JSON: Final = "variabelforteckning.json"


def dictionary_frame(tables: Mapping[str, Published]) -> pl.DataFrame:
    """The dictionary as a table."""
    return pl.DataFrame(list(_rows(tables)))


def write_dictionary(folder: Path, tables: Mapping[str, Published]) -> None:
    """Write the dictionary as CSV, and as JSON with rules and words."""
    dictionary_frame(tables).write_csv(folder / CSV, line_terminator="\r\n")
    said = []
    for table in tables.values():
        published = {column.name for column in table.columns}
        told = entry(table.contract)
        said.append({**told, "columns": [column for column in told["columns"] if column["name"] in published]})
    text = json.dumps({"datasets": said}, ensure_ascii=False, indent=1) + "\n"
    (folder / JSON).write_text(text, encoding="utf-8", newline="\n")


def _rows(tables: Mapping[str, Published]) -> Iterator[dict[str, str | None]]:
    """A row for each column, as text."""
    for name, table in tables.items():
        contract = table.contract
        for column in table.columns:
            kind = TYPES[column.duckdb_type]
            yield {
                "datamangd": name,
                "datamangd_titel": contract.title.sv,
                "dataset_title": contract.title.en,
                "kolumn": column.name,
                "nyckel": "ja" if column.name in contract.key else "nej",
                "titel": column.title.sv,
                "title": column.title.en,
                "beskrivning": column.description.sv,
                "description": column.description.en,
                "typ": kind.sv,
                "type": kind.en,
                "enhet": column.unit,
                "far_saknas": "ja" if column.nullable else "nej",
                "ord": None if column.values is None else " | ".join(str(word) for word in column.values),
            }
