"""The data dictionary as plain data: every table, column, rule and word, in Swedish and English.

Here belongs what is told of a declaration to whoever reads it. How it is printed or put on a page
does not.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from contracts.declare import Column, Contract
from contracts.rulebook import NamedRule, rules_of
from contracts.vocabulary import Text, Word

TYPES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "VARCHAR": Text("text", "text"),
        "BIGINT": Text("heltal", "integer"),
        "DOUBLE": Text("decimaltal", "number"),
        "BOOLEAN": Text("sant eller falskt", "true or false"),
        "DATE": Text("datum", "date"),
        "TIMESTAMP": Text("tidpunkt (UTC)", "time (UTC)"),
    }
)
"""The types in words, by their names in DuckDB."""


def entry(contract: Contract) -> dict[str, Any]:
    """All that is declared of a table. Texts are given by language, as ``{"sv": …, "en": …}``."""
    return {
        "table": contract.name,
        "layer": contract.layer,
        "title": contract.title.by_language,
        "description": contract.description.by_language,
        "version": contract.version if contract.layer == "open" else None,
        "key": list(contract.key),
        "person_threshold": contract.threshold if any(column.counts_persons for column in contract.columns) else None,
        "columns": [_column(contract, column) for column in contract.columns],
        "rules": [_rule(rule) for rule in rules_of(contract)],
    }


def word(value: Word) -> dict[str, str]:
    """A word of a closed vocabulary with its prose."""
    return {"value": str(value), **value.text.by_language}


def _column(contract: Contract, column: Column) -> dict[str, Any]:
    """All that is declared of a column."""
    return {
        "name": column.name,
        "aliases": list(column.aliases),
        "type": column.duckdb_type,
        "type_text": TYPES[column.duckdb_type].by_language,
        "unit": column.unit,
        "decimals": column.decimals,
        "nullable": column.nullable,
        "key": column.name in contract.key,
        "title": column.title.by_language,
        "description": column.description.by_language,
        "values": None if column.values is None else [word(value) for value in column.values],
        "references": column.references,
        "source": word(column.source),
        "disclosure": word(column.disclosure),
        "counts_persons": column.counts_persons,
        "heading": column.heading,
    }


def _rule(rule: NamedRule) -> dict[str, Any]:
    """A rule with what breaking it does."""
    return {"rule": rule.name, "column": rule.column, **rule.text.by_language, "severity": word(rule.severity)}
