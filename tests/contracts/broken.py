"""For every rule of a table: rows that break that rule and no other, made from a row that keeps them all.

Here belongs how a rule is broken. That it is then told, and it alone, is shown by ``test_every_rule``.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from contracts import Contract
from contracts.declare import BLANKS, ROWS, SIZE, SUM, UNIQUE, Column
from contracts.rulebook import NamedRule
from contracts.vocabulary import RowKind

Row = Mapping[str, Any]

MATCHING: Final = {
    r"^\d{4}$": "0126",
    r"^\d{4}-(helar|delar1|delar2)$": "2023-helar",
    r"^\d{4}-delar[12]$": "2023-delar2",
    r"^[a-z0-9]+(_[a-z0-9]+)*$": "en_rad",
    r"^[NU]\d{5}$": "N00001",
    r"^[a-z_]+:[^:]+(:[a-z0-9_]+)?$": "tabell:rad",
    r'^\{"type":"(Multi)?Polygon",': '{"type":"Polygon","coordinates":[]}',
    r"^(\d{2}|\d{4}|\d{4}[A-C]\d{4}|\d{4}R\d{3})$": "0126R014",
    r"^(\d{2}|\d{4}|\d{4}[A-C]\d{4}|\d{4}R\d{3})(_(DeSO|RegSO)\d{4})?$": "0126R014_RegSO2025",
}
"""A text that follows each pattern that is declared."""

UNMATCHED: Final = "?"
"""A text that follows none of them and is no word of any list."""

VALUES: Final[Mapping[Any, Any]] = {
    pl.String: "Text",
    pl.Int64: 1,
    pl.Float64: 1.0,
    pl.Boolean: True,
    pl.Date: dt.date(2023, 12, 31),
    pl.Datetime: dt.datetime(2023, 12, 31, 12),  # noqa: DTZ001 - the warehouse keeps UTC without a zone
}

KEEPING: Final[Mapping[str, Row]] = {
    "uppdrag": {"status": "ej_klart", "fortsattning": "overfors"},
    "stickprov": {"andel_fel_delar2_procent": 1.0},
    "fordonsflotta": {"andel_fossilfri_procent": 1.0, "antal": 1},
    "indikatorutfall": {"utfall": 1.0},
    "textuppgifter": {"varde_text": "ett"},
    "antal_anstallda": {"varde": 1},
    "personalomsattning": {"varde_procent": 1.0},
    "sjukfranvaro": {"varde_procent": 1.0},
    "prognoser": {"prognos_maluppfyllelse": "Delvis uppfyllt"},
    "delarsuppgifter": {"varde_delar": 1.0},
}
"""What a row needs to keep the rules of its table, beside a value where none may be missing."""

INSTEAD: Final[Mapping[str, Row]] = {
    "andel_fel_delar2_procent": {"andel_fel_delar2_status": "bortfall"},
    "andel_fossilfri_procent": {"andel_fossilfri_status": "bortfall"},
    "antal": {"antal_status": "bortfall"},
    "varde": {"varde_status": "bortfall"},
    "varde_procent": {"varde_status": "bortfall"},
    "andel_fel_delar2_status": {"andel_fel_delar2_procent": 1.0},
    "andel_fossilfri_status": {"andel_fossilfri_procent": 1.0},
    "antal_status": {"antal": 1},
    "varde_status": {"varde": 1, "varde_procent": 1.0},
    "utfall": {"utfall_status": "bortfall"},
    "prognos_maluppfyllelse": {"prognos_status": "bortfall"},
    "prognos_status": {"prognos_maluppfyllelse": "Delvis uppfyllt"},
    "varde_delar": {"varde_delar_status": "bortfall"},
    "varde_delar_status": {"varde_delar": 1.0},
    "utfall_status": {"utfall": 1.0},
    "varde_text": {"varde": 1.0},
    "varde_till": {"kvalificering": "cirka", "varde": 0.5},
    "orsak": {"etappmal_status": "uppnatt"},
}
"""What a row has instead, where the column is blank."""

WITH: Final[Mapping[str, Row]] = {
    "andel_fel_delar2_status": {"andel_fel_delar2_procent": None},
    "andel_fossilfri_status": {"andel_fossilfri_procent": None},
    "antal_status": {"antal": None},
    "varde_status": {"varde": None, "varde_procent": None},
    "utfall_status": {"utfall": None},
    "prognos_status": {"prognos_maluppfyllelse": None},
    "varde_delar_status": {"varde_delar": None},
    "varde_till": {"kvalificering": "mellan", "varde": 0.5},
    "orsak": {"etappmal_status": "kan_ej_bedomas"},
}
"""What a row has beside the column, where it is not blank."""

ROW_RULES: Final[Mapping[str, Sequence[Row]]] = {
    "fortsattning:foljer_status": ({"status": "klart", "fortsattning": "overfors"},),
    "andel_fel_delar2_procent:varde_eller_orsak": ({"andel_fel_delar2_procent": None},),
    "andel_fossilfri_procent:varde_eller_orsak": ({"andel_fossilfri_procent": None},),
    "antal:varde_eller_orsak": ({"antal": None},),
    "varde:varde_eller_orsak": ({"varde": None},),
    "varde_procent:varde_eller_orsak": ({"varde_procent": None},),
    "prognos_maluppfyllelse:varde_eller_orsak": ({"prognos_maluppfyllelse": None},),
    "varde_delar:varde_eller_orsak": ({"varde_delar": None},),
    "varde:varde_eller_text": ({"varde_text": None},),
    "varde_till:intervall": ({"varde_till": 1.0},),
    "orsak_nar_ej_bedomd": ({"etappmal_status": "kan_ej_bedomas"},),
    "status_nar_utfall_saknas": ({"utfall": None},),
    "ar:lucka": ({"ar": 2020}, {"ar": 2022}),
}
"""Changes that break each rule about whole rows, a row for each."""

TOGETHER: Final[Mapping[tuple[str, str], str]] = {
    ("uppdrag", "status:ej_tom"): "fortsattning:foljer_status",
    ("uppdrag", "fortsattning:ej_tom"): "fortsattning:foljer_status",
    ("indikatorer", "etappmal_status:ej_tom"): "orsak_nar_ej_bedomd",
}
"""Rules that cannot be broken alone: a blank in a rule about the row breaks that rule too."""


@dataclass(frozen=True)
class Broken:
    """Rows that break one rule, the last release if the rule is about that, and what references may name."""

    frame: pl.DataFrame
    last: pl.DataFrame | None
    known: Mapping[str, Sequence[str]]


def breaking(contract: Contract, rule: NamedRule) -> Broken:
    """Rows of the table that break the rule."""
    kept = keeping(contract)
    known = {
        reference: [
            UNMATCHED,
            *(kept[column.name] or _value(contract, column.name) for column in _referring(contract, reference)),
        ]
        for reference in contract.references
    }
    if rule.name == ROWS or rule.name.endswith((f":{BLANKS}", f":{SIZE}")):
        now, last = _against_last(contract, rule, kept)
        return Broken(_frame(contract, [now]), _frame(contract, last), known)
    return Broken(_frame(contract, _rows(contract, rule, kept)), None, known)


def keeping(contract: Contract) -> dict[str, Any]:
    """A row that keeps every rule: blank wherever it may be."""
    needed = {column.name: None if column.nullable else _value(contract, column.name) for column in contract.columns}
    own = {name: value for name, value in KEEPING.get(contract.name, {}).items() if name in needed}
    return {**needed, **own}


def _rows(contract: Contract, rule: NamedRule, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The changed rows for a rule about the table itself."""
    if rule.name == UNIQUE.name:
        return [kept, kept]
    if rule.name in ROW_RULES:
        return [{**kept, **change} for change in ROW_RULES[rule.name]]
    name, _, kind = rule.name.partition(":")
    if kind == SUM:
        return _tree(contract, name, kept)
    return [{**kept, **_beside(contract, name), name: _outside(contract.column(name), kind, contract)}]


def _outside(column: Column, kind: str, contract: Contract) -> Any:
    """A value of a column that breaks its rule ``kind``."""
    if kind == "ej_tom":
        return None
    if kind in ("isin", "str_matches"):
        return UNMATCHED
    if kind == "okand_referens":
        return f"{_value(contract, column.name)}1"
    found = next(check for check in contract.schema.columns[column.name].checks if check.name == kind)
    (bound,) = found.statistics.values()
    beyond = bound - 1 if kind == "greater_than_or_equal_to" else bound + 1
    return float(beyond) if column.dtype == pl.Float64 else beyond


def _tree(contract: Contract, amount: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """A total that its two parts do not make."""
    identity = next(name for name in contract.key if name not in ("kommun_id", "rapport"))
    rows = [
        {**kept, identity: "a", "over_id": "c", "radtyp": str(RowKind.ITEM), amount: 10},
        {**kept, identity: "b", "over_id": "c", "radtyp": str(RowKind.ITEM), amount: 20},
        {**kept, identity: "c", "over_id": None, "radtyp": str(RowKind.TOTAL), amount: 99},
    ]
    return [{**row, amount: float(row[amount])} if contract.column(amount).dtype == pl.Float64 else row for row in rows]


def _against_last(
    contract: Contract, rule: NamedRule, kept: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A row, and what was there in its place in the last release."""
    if rule.column is None:
        return kept, [kept] * 9
    filled = {**kept, **_beside(contract, rule.column), rule.column: _value(contract, rule.column)}
    if rule.name.endswith(BLANKS):
        instead = {
            name: _value(contract, name) if contract.column(name).values else value
            for name, value in INSTEAD.get(rule.column, {}).items()
            if name in kept
        }
        return {**kept, rule.column: None, **instead}, [filled]
    return filled, [{**filled, rule.column: filled[rule.column] * 100}]


def _beside(contract: Contract, name: str) -> dict[str, Any]:
    """What a row has beside a filled column, as far as the table has it."""
    return {other: value for other, value in WITH.get(name, {}).items() if other in contract.polars_schema}


def _value(contract: Contract, name: str) -> Any:
    """A value that keeps the rules of a column."""
    value = VALUES[contract.column(name).dtype]
    for check in contract.schema.columns[name].checks:
        if check.name == "isin":
            return check.statistics["allowed_values"][0]
        if check.name == "str_matches":
            return MATCHING[check.statistics["pattern"]]
        if check.name == "greater_than_or_equal_to":
            value = max(value, check.statistics["min_value"])
    return value


def _referring(contract: Contract, reference: str) -> list[Column]:
    """The columns that refer to a set of known values."""
    return [column for column in contract.columns if column.references == reference]


def _frame(contract: Contract, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows in the table's types."""
    return pl.DataFrame(rows, schema=contract.polars_schema)
