"""CSV on the Web (W3C, 2015): what a CSV file holds, for a program that reads it.

Here belongs the description beside each CSV, ``<name>.csv-metadata.json``, where a reader of CSVW
looks for it by itself.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from contracts import Column
from contracts.vocabulary import Text
from output.publication.manifest import About
from output.tables import Published
from output.terms_of_use import licences, of_others

SUFFIX: Final = "-metadata.json"

DATATYPES: Final = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "decimal",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Datetime: "dateTime",
}

DIALECT: Final = {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\r\n", "\n"]}


def write_csvw(table: Published, path: Path, about: About) -> None:
    """Write the description of a CSV file that lies beside ``path`` under its name without the ending."""
    contract = table.contract
    said = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
        "url": path.name.removesuffix(SUFFIX),
        "dc:title": _both(contract.title),
        "dc:description": _both(contract.description),
        "dc:publisher": about.publisher,
        **_terms(table, about),
        "schema:version": contract.version,
        "dialect": DIALECT,
        "tableSchema": {"columns": [_column(column) for column in table.columns], "primaryKey": list(contract.key)},
    }
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _terms(table: Published, about: About) -> dict[str, Any]:
    """Our licence, and source and terms of another's figures."""
    theirs = of_others(table)
    licence = {"dc:license": {"@id": licences(about.licence, theirs)[0]}}
    if theirs is None:
        return licence
    return {"dc:rights": _both(theirs.text), **licence, "dc:source": {"@id": theirs.source_address}}


def _column(column: Column) -> dict[str, Any]:
    """A column. Its header is its name; what it is called for people stands in ``dc:title``."""
    said: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": _both(column.title),
        "dc:description": _both(column.description),
        "datatype": _datatype(column),
        "required": not column.nullable,
    }
    return said | ({"schema:unitText": column.unit} if column.unit else {})


def _datatype(column: Column) -> dict[str, str]:
    """A column's type, and its words where they are a closed vocabulary."""
    said = {"base": DATATYPES[column.dtype]}
    if column.values is not None:
        said["format"] = "|".join(re.escape(str(word)).replace("\\ ", " ") for word in column.values)
    return said


def _both(text: Text) -> list[dict[str, str]]:
    """A text in both languages."""
    return [{"@value": text.sv, "@language": "sv"}, {"@value": text.en, "@language": "en"}]
