"""What is approved when a table may be published: its columns with type, unit and level of disclosure.

Here belongs what an approval is of, and its hash. Titles, descriptions and rules are no part of it: they can be
changed without showing anything that was not shown before.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from contracts.declare import Column, Contract

SIGNS = 16
"""Signs of a table's hash that are written down."""


def terms(declared: Contract) -> dict[str, str]:
    """What is approved of each column, in words."""
    return {column.name: _said(column, declared.threshold) for column in declared.columns}


def fingerprint(declared: Contract) -> str:
    """The hash of what is approved of a table."""
    said = json.dumps([dataset_of(declared), terms(declared)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:SIGNS]


def fingerprint_of_all(municipality: str, tables: Iterable[Contract]) -> str:
    """The hash of what is approved of all tables of a municipality."""
    said = json.dumps([municipality, fingerprints(tables)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def fingerprints(tables: Iterable[Contract]) -> Mapping[str, str]:
    """The hash of each table, by its dataset."""
    return {dataset_of(declared): fingerprint(declared) for declared in tables}


def dataset_of(declared: Contract) -> str:
    """The name that a table is published under; operational tables lie in a folder of their own."""
    return declared.name if declared.layer == "open" else f"{declared.layer}/{declared.name}"


def _said(column: Column, threshold: int) -> str:
    """A column in words: type, unit, level, and the threshold of a count of persons."""
    words = [column.duckdb_type, *filter(None, [column.unit]), str(column.disclosure)]
    words += [f"räknar personer, minst {threshold}"] if column.counts_persons else []
    words += [f"även som {', '.join(column.aliases)}"] if column.aliases else []
    return ", ".join(words)
