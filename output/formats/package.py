"""``datapackage.json``, version 2: every dataset of a folder with its columns, as one package.

Here belongs the description of the whole for programs that read Data Packages. Resources are the
CSV files, which any of them can read.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from contracts import Column
from output.publication.manifest import About, FileEntry
from output.tables import Published
from output.terms_of_use import of_others

NAME: Final = "datapackage.json"
PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE: Final = "https://datapackage.org/profiles/2.0/dataresource.json"

TYPES: Final = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Datetime: "datetime",
}

LICENCES: Final = {
    "creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
}
"""Open licences by the part of their address that is theirs."""


def write_package(path: Path, tables: Mapping[str, Published], files: Iterable[FileEntry], about: About) -> None:
    """Write the package of a folder's CSV files."""
    csv = {file.dataset: file for file in files if file.dataset and file.path == f"{file.dataset}.csv"}
    said = {
        "$schema": PROFILE,
        "name": "etappmal",
        "title": f"Mål och resultat, {about.publisher}",
        "description": about.note,
        "homepage": about.base_url,
        "licenses": [licence(about.licence)],
        "contributors": [{"title": about.publisher, "email": about.contact, "roles": ["publisher"]}],
        "resources": [_resource(table, csv[name], about) for name, table in tables.items()],
    }
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def licence(address: str) -> dict[str, str]:
    """A licence by its address, and its name where it is known."""
    names = [name for part, name in LICENCES.items() if part in address]
    return {"path": address, **({"name": names[0]} if names else {})}


def _resource(table: Published, file: FileEntry, about: About) -> dict[str, Any]:
    """A CSV file with its columns."""
    contract = table.contract
    return {
        "$schema": RESOURCE_PROFILE,
        "name": contract.name,
        "type": "table",
        "path": file.path,
        "title": contract.title.sv,
        "description": contract.description.sv,
        "titles": contract.title.by_language,
        "descriptions": contract.description.by_language,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        **_theirs(table, about),
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(contract.key),
        },
    }


def _theirs(table: Published, about: About) -> dict[str, Any]:
    """Source and terms where figures are another's: they go before the package's own licence, or beside it."""
    theirs = of_others(table)
    if theirs is None:
        return {}
    return {
        "sources": [{"title": theirs.source, "path": theirs.source_address}],
        "licenses": [
            *([] if theirs.whole else [licence(about.licence)]),
            {"title": theirs.text.sv, "path": theirs.address},
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    """A column."""
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values is not None:
        constraints["enum"] = [str(word) for word in column.values]
    return {
        "name": column.name,
        "type": TYPES[column.dtype],
        "title": column.title.sv,
        "description": column.description.sv,
        "titles": column.title.by_language,
        "descriptions": column.description.by_language,
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }
