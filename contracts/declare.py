"""How a table is declared: columns, rules and the contract that holds them together.

Here belongs what turns one pandera model into everything else that is said of a table: the
schema that rows are checked against, the DDL, the extract that a municipality hands in. The
tables themselves stand in the modules beside this one, one for each part of the report.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import pandera.polars as pa
import polars as pl

from contracts import evaluation
from contracts.related import Related
from contracts.vocabulary import Disclosure, Origin, Severity, Text, Word

DUCKDB_TYPES: Final[Mapping[Any, str]] = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
}

THRESHOLD: Final = 5
"""Fewer persons than these are never told of, where a table declares no other number."""

Model = TypeVar("Model", bound="type[Table]")


class Table(pa.DataFrameModel):
    """The base of all tables: no column beside the declared ones, no silent conversion."""

    class Config:
        """Read by pandera."""

        strict = True
        coerce = False


ROWS: Final = "tabell:antal_rader"
BLANKS: Final = "tackning"
SIZE: Final = "storlek"
"""The rules against the last release: of the table, and of a column (``column:tackning``, ``column:storlek``)."""

SUM: Final = "summa"
"""The rule of a column that adds up (``column:summa``)."""


@dataclass(frozen=True)
class Rule:
    """A rule about whole rows: ``holds`` is true for each row that keeps it (null counts as broken)."""

    name: str
    text: Text
    holds: pl.Expr
    severity: Severity = Severity.BLOCK


UNIQUE: Final = Rule(
    "nyckel:unik",
    Text("Samma nyckel förekommer en gång.", "The same key occurs once."),
    ~pl.struct(pl.all()).is_duplicated(),
)
"""The rule of every table, about the columns of its key."""


@dataclass(frozen=True)
class Steady:
    """How far a table may be from its last release.

    ``rows`` and ``size`` are factors, up or down, of the number of rows and of the average size of a
    column's figures; ``blanks`` is how much larger a column's share of blanks may be.
    """

    rows: float = 2.0
    blanks: float = 0.2
    size: float = 3.0
    severity: Severity = Severity.WARN


@dataclass(frozen=True)
class Column:
    """One declared column. ``heading`` is its name in the municipality's own extract, if it has one there.

    A *stated* column stands in the extract too, but is computed before publication; the stated
    figure is kept for the control of figures. ``aliases`` are names that it was published under
    before: it still is, beside its own name, until the next major version.
    """

    name: str
    dtype: Any
    title: Text
    description: Text
    unit: str | None
    decimals: int | None
    nullable: bool
    values: type[Word] | None
    source: Origin
    disclosure: Disclosure
    counts_persons: bool
    heading: str | None
    stated: bool
    references: str | None
    severity: Severity
    aliases: tuple[str, ...]

    @property
    def duckdb_type(self) -> str:
        """The column's type in the warehouse."""
        return DUCKDB_TYPES[self.dtype]


def column(
    title: str,
    english: str,
    description: str,
    english_description: str,
    *,
    unit: str | None = None,
    decimals: int | None = None,
    nullable: bool = False,
    values: type[Word] | None = None,
    source: Origin | None = None,
    disclosure: Disclosure = Disclosure.OPEN,
    counts_persons: bool = False,
    heading: str | None = None,
    stated: bool = False,
    references: str | None = None,
    severity: Severity = Severity.BLOCK,
    aliases: Sequence[str] = (),
    **checks: Any,
) -> Any:
    """Declare a column of a table; ``checks`` are pandera's own (``ge``, ``str_matches`` …).

    ``unit`` is the unit of measure, ``decimals`` the number of decimals that are published (floats
    only). ``source`` is where the values come from, if not what the table says; a column with a
    ``heading`` that is not *stated* comes from the extract. ``references`` names a set of known
    values that the caller hands to ``check``. ``severity`` is what a broken rule of this column does.
    """
    if values is not None:
        checks["isin"] = [str(word) for word in values]
    return pa.Field(
        nullable=nullable,
        title=title,
        description=description,
        metadata={
            "title": Text(title, english),
            "description": Text(description, english_description),
            "unit": unit,
            "decimals": decimals,
            "values": values,
            "source": Origin.EXTRACT if heading and not stated else source,
            "disclosure": disclosure,
            "counts_persons": counts_persons,
            "heading": heading,
            "stated": stated,
            "references": references,
            "severity": severity,
            "aliases": tuple(aliases),
        },
        **checks,
    )


@dataclass(frozen=True)
class Contract:
    """What a table must look like, with everything that is said of it elsewhere.

    ``layer`` is the warehouse schema: ``raw`` (as handed in), ``core`` or ``open`` (published).
    ``key`` identifies a row, ``sort`` is the published order and ends in the key. ``threshold`` is
    the smallest number of persons that may be published of a column that counts them, ``source`` where
    a column's values come from if the column does not say. ``adds_up`` names the columns whose totals are
    the sums of their parts: one that is not is told, and stops only a ledger. ``steady`` is how far the
    table may be from its last release, ``related`` how its figures hang together.
    """

    name: str
    layer: str
    title: Text
    description: Text
    group: str
    key: tuple[str, ...]
    sort: tuple[str, ...]
    partition: tuple[str, ...]
    rules: tuple[Rule, ...]
    adds_up: tuple[str, ...]
    steady: Steady | None
    version: str
    threshold: int
    source: Origin
    extract_key: tuple[str, ...]
    build: Callable[[], Any] = field(repr=False)
    related: tuple[Related, ...] = ()

    @cached_property
    def schema(self) -> Any:
        """The pandera schema, with every check named ``column:check`` and the table's rules added."""
        schema = self.build()
        for name, declared in schema.columns.items():
            for check in declared.checks:
                check.error = f"{name}:{check.name}"
        schema.checks = [
            pa.Check(evaluate, name=name, error=name)
            for name, evaluate in (
                (UNIQUE.name, evaluation.unique(self.key)),
                *((rule.name, evaluation.holds(rule.holds)) for rule in self.rules),
            )
        ]
        return schema

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns in their published order."""
        return tuple(
            Column(
                name=name,
                dtype=declared.dtype.type.base_type(),
                nullable=declared.nullable,
                **{**declared.metadata, "source": declared.metadata["source"] or self.source},
            )
            for name, declared in self.schema.columns.items()
        )

    def column(self, name: str) -> Column:
        """The declaration of one column."""
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def open_columns(self) -> tuple[Column, ...]:
        """The columns that may be published."""
        return tuple(column for column in self.columns if column.disclosure is Disclosure.OPEN)

    @cached_property
    def opened(self) -> "Contract":
        """The contract of what may be published of the table: its open columns, and the rules about them alone."""
        closed = [column.name for column in self.columns if column not in self.open_columns]
        rules = tuple(rule for rule in self.rules if not set(closed) & set(rule.holds.meta.root_names()))
        return replace(self, rules=rules, build=lambda: self.build().remove_columns(closed)) if closed else self

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Column names and polars types."""
        return pl.Schema({column.name: column.dtype() for column in self.columns})

    @property
    def table(self) -> str:
        """The table's name in the warehouse, with its layer."""
        return f"{self.layer}.{self.name}"

    @property
    def ddl(self) -> str:
        """``create table`` with types and NOT NULL; keys and allowed values are the contract's own checks."""
        columns = ", ".join(
            f"{column.name} {column.duckdb_type}{'' if column.nullable else ' NOT NULL'}" for column in self.columns
        )
        return f"CREATE TABLE IF NOT EXISTS {self.table} ({columns})"

    @property
    def references(self) -> frozenset[str]:
        """The sets of known values that the table's columns refer to."""
        return frozenset(column.references for column in self.columns if column.references is not None)

    @cached_property
    def extract(self) -> "Contract":
        """The contract of the extract that this table is read from: of the columns that have a heading.

        Stated figures may be blank; whatever else a column declares holds for the extract too.
        """
        headed = {column.name: column for column in self.columns if column.heading}
        if not headed:
            message = f"{self.name} is not read from an extract: no column has a heading"
            raise LookupError(message)

        def build() -> Any:
            schema = self.build()
            kept = {name: declared for name, declared in schema.columns.items() if name in headed}
            for name, declared in kept.items():
                declared.nullable = declared.nullable or headed[name].stated
            return pa.DataFrameSchema(kept, strict=True, name=f"raw.{self.name}")

        return Contract(
            name=self.name,
            layer="raw",
            title=self.title,
            description=self.description,
            group=self.group,
            key=self.extract_key,
            sort=self.extract_key,
            partition=(),
            rules=(),
            adds_up=(),
            steady=None,
            version=self.version,
            threshold=self.threshold,
            source=Origin.EXTRACT,
            extract_key=self.extract_key,
            build=build,
        )

    def severity(self, rule: str) -> Severity:
        """What breaking ``rule`` does. A rule of a column is named ``column:check``."""
        for declared in self.rules:
            if declared.name == rule:
                return declared.severity
        name, _, kind = rule.partition(":")
        if kind == SUM:
            return Severity.WARN
        if self.steady is not None and (rule == ROWS or kind in (BLANKS, SIZE)):
            return self.steady.severity
        return next((column.severity for column in self.columns if column.name == name), Severity.BLOCK)


STEADY: Final = Steady()
"""What is allowed where a published table declares nothing else."""

_REGISTRY: Final[dict[tuple[str, str], Contract]] = {}


def table(
    name: str,
    title: Text,
    description: Text,
    *,
    group: str,
    key: Sequence[str],
    layer: str = "open",
    sort: Sequence[str] = (),
    partition: Sequence[str] = ("kommun_id", "rapport"),
    rules: Sequence[Rule] = (),
    adds_up: Sequence[str] = (),
    steady: Steady | None = STEADY,
    version: str = "1.0.0",
    threshold: int = THRESHOLD,
    source: Origin = Origin.COMPUTED,
    extract_key: Sequence[str] = (),
    related: Sequence[Related] = (),
) -> Callable[[Model], Model]:
    """Register the decorated pandera model as the contract of a table.

    ``partition`` names the columns whose values say which rows one run replaces. ``sort`` goes
    before the key in the published order. ``extract_key`` identifies a row of the extract. The other
    words are those of ``Contract``.
    """

    def register(model: Model) -> Model:
        """Add the contract to the registry, once."""
        if (layer, name) in _REGISTRY:
            message = f"table {layer}.{name} is declared twice"
            raise ValueError(message)
        _REGISTRY[layer, name] = Contract(
            name=name,
            layer=layer,
            title=title,
            description=description,
            group=group,
            key=tuple(key),
            sort=(*sort, *(part for part in key if part not in sort)),
            partition=tuple(partition),
            rules=tuple(rules),
            adds_up=tuple(adds_up),
            steady=steady if layer == "open" else None,
            version=version,
            threshold=threshold,
            source=source,
            extract_key=tuple(extract_key),
            build=lambda: deepcopy(model.to_schema()),
            related=tuple(related),
        )
        return model

    return register


def contract(name: str, layer: str = "open") -> Contract:
    """The contract of a table; a LookupError names the tables that exist."""
    try:
        return _REGISTRY[layer, name]
    except KeyError:
        known = ", ".join(sorted(known for at, known in _REGISTRY if at == layer))
        message = f"no table {layer}.{name}; declared are: {known}"
        raise LookupError(message) from None


def contracts(layer: str | None = None) -> Iterator[Contract]:
    """All contracts, or those of one layer, in the order of their declaration."""
    return (found for found in _REGISTRY.values() if layer in (None, found.layer))
