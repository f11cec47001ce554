"""Claims: figures that a report states, held against expressions over its own tables.

Here belong which claims there are (those of the plan, and each figure of the running text that is
linked to a cell) and their rows in the control of figures. What an expression may say stands in
``sources.plan.expressions``, how it is worked out in ``evaluation``.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from contracts import contract
from contracts.trees import NEGLIGIBLE, identity_of
from contracts.vocabulary import FigureCheck, Qualifier, Verdict
from pipelines.transforms.evaluation import Result, Tables, decimals, half, named, printed
from pipelines.transforms.figure_control import DECIMALS, SCHEMA
from pipelines.transforms.quantities import NothingToComputeError, Statement, UnitError, kind
from pipelines.transforms.sentences import quantity
from pipelines.transforms.totals import column
from sources.errors import PlanError
from sources.plan.claims import Claim
from sources.plan.expressions import Cell, ExpressionError, Node, claimable, parse, tables

FIGURES: Final = "textuppgifter"
SIGNED: Final = "tkr"
"""The unit of the statements, where costs are negative."""

DIFFERENCE: Final = ("avvikelse", "forandring")
"""What the columns of differences begin with: their sign is told."""

QUALIFIERS: Final[Mapping[str, Qualifier]] = {str(word): word for word in Qualifier}

SOURCED: Final = frozenset({"jamforelser"})
"""Tables of a source's figures as they are today: what differs from them need not have been wrong."""

WORDS: Final[Mapping[str, str]] = {
    Qualifier.ABOUT: "cirka {}",
    Qualifier.SLIGHTLY_MORE: "drygt {}",
    Qualifier.OVER: "över {}",
    Qualifier.UNDER: "under {}",
    Qualifier.AT_LEAST: "minst {}",
    Qualifier.AT_MOST: "högst {}",
    Qualifier.BETWEEN: "mellan {} och {}",
    Qualifier.SOME_TWENTY: "ett tjugotal",
    Qualifier.SOME_HUNDRED: "ett hundratal",
}
"""How a qualified figure is told."""


ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Verdict.AGREES: "de stämmer överens",
        Verdict.WITHIN_ROUNDING: "skillnaden ryms inom avrundningen",
        Verdict.DISAGREES: "de stämmer inte överens",
        Verdict.DIFFERS_FROM_SOURCE: "skiljer sig från källan i dag",
    }
)
"""How an explanation ends, by its verdict."""

SAME_LINE: Final = "de stämmer överens, men båda står på samma rad i rapporten"
"""How it ends where the table has the figure from where it is stated: what agrees has been copied, not worked out."""


@dataclass(frozen=True)
class Stated:
    """A stated figure with its place: the table, row and column that it stands in, and what it is in plain words.

    ``expression`` and ``tree`` are what it is held against, None where nothing is declared.
    """

    identity: str
    category: FigureCheck
    place: tuple[str, str, str | None]
    what: str
    line: int | None
    decimals: int
    says: Statement
    expression: str | None
    tree: Node | None


def claims(
    declared: Sequence[Claim], frames: Mapping[str, pl.DataFrame], apart: Collection[str] = frozenset()
) -> pl.DataFrame:
    """A row of ``siffergranskning`` without its stamps for each claim whose tables are there.

    ``frames`` are the published tables by name. A figure of ``textuppgifter`` that is linked to a
    cell is a claim too, unless the plan says of it what it should be. ``apart`` names the tables with
    rows in quarantine: what a claim names may be among them. Raises PlanError where a claim names a
    figure that is not there, or holds things against each other that are not of a kind.
    """
    found = Tables(frames)
    stated = [one for one in _all(declared, found, apart) if one.tree is None or tables(one.tree) <= frames.keys()]
    return pl.DataFrame([_row(one, found) for one in stated], SCHEMA, orient="row")


def read(declared: Sequence[Claim], figures: pl.DataFrame) -> frozenset[str]:
    """The tables that claims read: those of the plan's, and those that ``figures`` of running text are linked to."""
    trees = [tree for claim in declared for tree in (claim.tree, claim.stated) if tree is not None]
    linked = {link.partition(":")[0] for link in figures["kopplad_till"].drop_nulls()} & claimable().keys()
    return frozenset({FIGURES}).union(linked, *(tables(tree) for tree in trees))


def outcomes_now(outcomes: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """The outcomes that hold now and are about all sexes, each with name, unit and decimals of its indicator.

    ``outcomes`` is the dataset ``indikatorutfall``, ``register`` is ``core.indikatorregister``.
    """
    now = outcomes.filter(pl.col("kand_till").is_null() & (pl.col("kon") == "T"))
    named = register.select("indikator_id", "indikator", "enhet", "decimaler")
    return now.join(named, on="indikator_id", how="left", maintain_order="left")


def _all(declared: Sequence[Claim], found: Tables, apart: Collection[str]) -> Iterator[Stated]:
    """Every claim: those of figures in running text in the order of their lines, then the others."""
    of_figures = {claim.figure: claim for claim in declared if claim.figure is not None}
    texts = found.frames.get(FIGURES)
    rows = [] if texts is None else list(texts.iter_rows(named=True))
    lost = of_figures.keys() - {row["uppgift_id"] for row in rows}
    if lost and texts is not None and FIGURES not in apart:
        raise _fault(min(lost), f"there is no such figure in {FIGURES}.", "Write the id of one that is there.")
    for row in rows:
        claim = of_figures.get(row["uppgift_id"])
        if row["varde"] is not None and (claim is not None or row["kopplad_till"] is not None):
            yield _of_text(row, claim)
    for claim in declared:
        if claim.value is not None:
            yield _of_value(claim, claim.value)
        elif claim.stated is not None and claim.stated.rows.table in found.frames:
            yield from _of_cell(claim, claim.stated, found, apart)


def _of_text(row: Mapping[str, Any], claim: Claim | None) -> Stated:
    """The claim of a figure in running text: by the plan, else by what it is linked to."""
    name, places = row["uppgift_id"], min(row["decimaler"] or 0, DECIMALS)
    try:
        expression = claim.expression if claim is not None else _link(row["kopplad_till"], row["varde"])
        tree = parse(expression) if expression is not None else None
    except ExpressionError as error:
        raise PlanError(
            f"is linked to {row['kopplad_till']!r}: {error}.",
            where=f"{FIGURES}, {name!r}",
            remedy="Write table:row:column, leave the link out, or give the figure a claim in claims.toml.",
        ) from error
    return Stated(
        identity=f"{FIGURES}_{name}",
        category=FigureCheck.PROSE,
        place=(FIGURES, name, "varde"),
        what=row["uppgift"],
        line=row["kalla_rad"],
        decimals=places,
        says=_statement(row["varde"], places, row["enhet"], row["kvalificering"], row["varde_till"]),
        expression=expression,
        tree=tree,
    )


def _of_value(claim: Claim, value: float) -> Stated:
    """The claim of a figure that stands in no table: its place is the table that it is counted in."""
    return Stated(
        identity=f"pastaende_{claim.name}",
        category=FigureCheck.COUNT if kind(claim.unit) == "count" else FigureCheck.PROSE,
        place=(min(tables(claim.tree), default=FIGURES), claim.name, None),
        what=claim.what or claim.name,
        line=claim.line,
        decimals=claim.decimals,
        says=_statement(value, claim.decimals, claim.unit, claim.qualifier, None),
        expression=claim.expression,
        tree=claim.tree,
    )


def _of_cell(claim: Claim, cell: Cell, found: Tables, apart: Collection[str]) -> Iterator[Stated]:
    """The claim of a figure that stands in a table; none where it is blank."""
    try:
        row = found.row(cell.rows)
    except NothingToComputeError as error:
        if cell.rows.table in apart:
            return
        raise _fault(
            claim.name, f"cell {claim.cell!r} is not one row of its table.", "Write the key of a row that is there."
        ) from error
    if row[cell.column] is None:
        return
    stated = printed(cell, row)
    table = cell.rows.table
    yield Stated(
        identity=f"pastaende_{claim.name}",
        category=FigureCheck.ACROSS,
        place=(table, "/".join(str(row[part]) for part in identity_of(contract(table))), cell.column),
        what=claim.what or named(table, row),
        line=row.get("kalla_rad"),
        decimals=decimals(cell, row),
        says=Statement(stated.value, half(cell, row), stated.unit, claim.qualifier),
        expression=claim.expression,
        tree=claim.tree,
    )


def _statement(value: float, places: int, unit: str | None, qualifier: str | None, up_to: float | None) -> Statement:
    """A stated figure; what is counted is exact."""
    rounding = 0.0 if kind(unit) == "count" and places == 0 else 0.5 * 10.0**-places
    return Statement(value, rounding, unit, QUALIFIERS.get(qualifier or ""), up_to)


def _link(link: str, value: float) -> str | None:
    """The expression of a link ``table:row:column``; None for one that names no column.

    Costs are negative in the tables. Running text tells the size of a budget or an outcome, and the
    direction of a difference: an amount that is stated without its minus is held against the size.
    """
    table, key, *named_column = link.split(":")
    if not named_column:
        return None
    declared = claimable().get(table)
    if declared is None:
        raise ExpressionError(f"there is no table {table!r} in the report")
    (name,) = named_column
    names = dict(enumerate(identity_of(declared)))
    parts = (
        repr(part) if declared.polars_schema.get(names.get(place, "")) in (None, pl.String) else part
        for place, part in enumerate(key.split("/"))
    )
    cell = f"{table}[{', '.join(parts)}].{name}"
    amount = name in declared.polars_schema and column(table, name).unit == SIGNED and not name.startswith(DIFFERENCE)
    return f"abs({cell})" if amount and value >= 0 else cell


def _row(stated: Stated, found: Tables) -> tuple[object, ...]:
    """The row of a claim, in the order of ``SCHEMA``.

    A figure that is printed twice with the same decimals was rounded once, and is to be the same to the digit.
    """
    if stated.tree is None:
        return _not_checkable(stated, "rapporten har ingen annan siffra att räkna ut den ur")
    try:
        result, elsewhere = _computed(stated, stated.tree, found), found.printed_row(stated.tree)
    except NothingToComputeError as error:
        return _not_checkable(stated, str(error))
    computed = result.quantity
    if elsewhere is not None and math.isclose(computed.half, stated.says.half, abs_tol=NEGLIGIBLE):
        computed = computed.exactly()
    verdict, tolerance = stated.says.judge(computed)
    if verdict == Verdict.DISAGREES and tables(stated.tree) & SOURCED:
        verdict = Verdict.DIFFERS_FROM_SOURCE
    copied = elsewhere is not None and elsewhere.get("kalla_rad") == stated.line and stated.line is not None
    ending = SAME_LINE if copied and verdict == Verdict.AGREES else ENDINGS[verdict]
    worked_out = quantity(round(computed.value, DECIMALS), stated.decimals, stated.says.unit or "")
    text = f"och uträknat {worked_out} ur {result.text}; {ending}"
    return _told(stated, computed.value, verdict, tolerance, text)


def _not_checkable(stated: Stated, why: str) -> tuple[object, ...]:
    """The row of a claim that nothing can be held against."""
    return _told(stated, None, Verdict.NOT_CHECKABLE, None, f"men siffran kan inte kontrolleras: {why}")


def _computed(stated: Stated, tree: Node, found: Tables) -> Result:
    """What the expression of a claim comes to, in the unit of the stated figure."""
    try:
        result = found.evaluate(tree)
        computed = result.quantity.to(stated.says.unit)
    except UnitError as error:
        raise _fault(
            stated.identity.removeprefix("pastaende_").removeprefix(f"{FIGURES}_"),
            f"{error}.",
            "Put figures of a kind together, or divide by percent(part, whole).",
        ) from error
    if not math.isfinite(computed.value):
        raise NothingToComputeError("det som räknas ut är för stort")
    return Result(computed, result.text)


def _told(
    stated: Stated, computed: float | None, verdict: Verdict, tolerance: float | None, text: str
) -> tuple[object, ...]:
    """The row with its explanation, which ``text`` ends: what the figure was held against, or why it was not."""
    says = stated.says
    unit = says.unit or ""
    told = WORDS.get(says.qualifier or "", "{}").format(
        quantity(says.value, stated.decimals, unit if says.up_to is None else ""),
        quantity(says.up_to or 0.0, stated.decimals, unit),
    )
    table, row, name = stated.place
    difference = says.value - computed if computed is not None else None
    return (
        stated.identity,
        str(stated.category),
        table,
        row,
        name,
        says.unit,
        *(None if one is None else round(one, DECIMALS) for one in (says.value, computed, difference, tolerance)),
        str(verdict),
        f"{stated.what}: angivet är {told} {text}.",
        stated.expression,
        stated.line,
    )


def _fault(name: str, what: str, remedy: str) -> PlanError:
    """A claim that does not hold with the tables."""
    return PlanError(what, where=f"claims.toml, claim {name!r}", remedy=remedy)
