"""Expressions over published tables: what a claim of a report is computed of.

Here belongs what an expression may say, and that the tables and columns that it names are there.
It is written in the grammar of Python and parsed by it, and nothing is ever evaluated as Python:
whatever is not named here is refused. What an expression comes to is computed elsewhere.

    resultatrakning['arets_resultat'].avvikelse_tkr          a cell, by the key of its row
    indikatorutfall(indikator_id='x', ar=2022).utfall        a cell, by the columns that find its row
    sum(stickprov(radtyp='post').antal_fel)                  also mean, min and max
    count(uppdrag(status='klart'))                           how many rows
    percent(a, b)   growth(after, before)                    a as a share of b; the change since before, in percent
    abs(a)   -a   a + b   a - b   a * b   a / b   (a)   1.5
"""

import ast
import difflib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import polars as pl

from contracts import Contract, contracts
from contracts.trees import identity_of

Value: TypeAlias = str | int | float | bool

SIGNS: Final[Mapping[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
OF_ROWS: Final = frozenset({"sum", "mean", "min", "max"})
OF_TWO: Final = frozenset({"percent", "growth"})
RESULT: Final = "siffergranskning"
"""The table that the control itself makes: nothing in it can be computed of it."""

LONGEST: Final = 400
DEEPEST: Final = 40
"""How many levels of functions, signs and parentheses an expression may have."""

LARGEST: Final = sys.float_info.max
TYPES: Final[Mapping[object, tuple[type, ...]]] = {
    pl.String: (str,),
    pl.Int64: (int,),
    pl.Float64: (int, float),
    pl.Boolean: (bool,),
}

KINDS: Final[Mapping[type, str]] = {
    str: "a quoted text",
    int: "a whole number",
    float: "a number with decimals",
    bool: "True or False",
}


class ExpressionError(ValueError):
    """An expression that says something else than it may, or names what is not there. The text says what to write."""


@dataclass(frozen=True)
class Rows:
    """The rows of a table whose columns have these values."""

    table: str
    where: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Cell:
    """A column of rows: of one row a figure, of many what a function gathers."""

    rows: Rows
    column: str


@dataclass(frozen=True)
class Number:
    """A number that stands in the expression itself."""

    value: float


@dataclass(frozen=True)
class Gathered:
    """The sum, mean, least or largest of a column over its rows."""

    function: str
    cell: Cell


@dataclass(frozen=True)
class Count:
    """How many rows there are."""

    rows: Rows


@dataclass(frozen=True)
class Size:
    """A figure without its sign."""

    operand: "Node"


@dataclass(frozen=True)
class Negative:
    """A figure with the other sign."""

    operand: "Node"


@dataclass(frozen=True)
class Operation:
    """Two figures made one: by a sign of arithmetic, as a share (``percent``) or as a change (``growth``)."""

    sign: str
    left: "Node"
    right: "Node"


Node: TypeAlias = Cell | Number | Gathered | Count | Size | Negative | Operation


def parse(text: str) -> Node:
    """The expression as a tree, every table and column of it declared.

    Raises ExpressionError where the text is anything but what the module's head shows.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text)} characters, at most {LONGEST} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text!r} is not an expression: write as in resultatrakning['id'].column") from error
    _require_shallow(tree.body)
    return _node(tree.body)


def parse_cell(text: str) -> Cell:
    """The cell that a text names.

    Raises ExpressionError for what ``parse`` refuses, and for an expression of more than one cell.
    """
    tree = parse(text)
    if isinstance(tree, Cell):
        return tree
    raise ExpressionError(f"{text!r} is computed: name one cell, as in resultatrakning['id'].column")


def tables(node: Node) -> frozenset[str]:
    """The tables that an expression reads."""
    return frozenset(rows.table for rows in _rows_in(node))


def claimable() -> Mapping[str, Contract]:
    """The tables that an expression may name: those published that belong to a report."""
    return {table.name: table for table in contracts("open") if "rapport" in table.key and table.name != RESULT}


def _require_shallow(tree: ast.expr) -> None:
    """Refuse an expression with so many levels that working it out would run out of stack."""
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ExpressionError(
            f"the expression has more than {DEEPEST} levels: write it with fewer parentheses and signs"
        )


def _rows_in(node: Node) -> Iterator[Rows]:
    """Every group of rows in a tree."""
    match node:
        case Cell(rows=rows) | Count(rows=rows):
            yield rows
        case Gathered(cell=cell):
            yield cell.rows
        case Size(operand=operand) | Negative(operand=operand):
            yield from _rows_in(operand)
        case Operation(left=left, right=right):
            yield from _rows_in(left)
            yield from _rows_in(right)
        case Number():
            return


def _node(node: ast.expr) -> Node:
    """Translate one node of the parsed text."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and number <= LARGEST:
            return Number(float(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_node(operand))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return Operation(SIGNS[type(sign)], _node(left), _node(right))
        case ast.Attribute():
            return _cell(node)
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            return _call(node, function, arguments)
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is not allowed: write cells, numbers, + - * /, parentheses and "
                f"{', '.join(sorted(OF_ROWS | OF_TWO | {'abs', 'count'}))}"
            )


def _call(node: ast.Call, function: str, arguments: list[ast.expr]) -> Node:
    """Translate a function."""
    match function, arguments:
        case "count", [rows]:
            return Count(_rows(rows))
        case "abs", [operand]:
            return Size(_node(operand))
        case name, [ast.Attribute() as cell] if name in OF_ROWS:
            return Gathered(name, _cell(cell))
        case name, [left, right] if name in OF_TWO:
            return Operation(name, _node(left), _node(right))
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is not allowed: write count(table), abs(a), sum(table.column) or percent(a, b)"
            )


def _cell(node: ast.Attribute) -> Cell:
    """Translate ``rows.column``; the column must hold figures."""
    rows = _rows(node.value)
    dtype = _column(claimable()[rows.table], node.attr)
    if dtype not in (pl.Int64, pl.Float64):
        raise ExpressionError(f"column {node.attr!r} of {rows.table!r} holds no figures: name one that does")
    return Cell(rows, node.attr)


def _rows(node: ast.expr) -> Rows:
    """Translate a table, a table with a key, or a table with the columns that find its rows."""
    match node:
        case ast.Name(id=name):
            return Rows(_table(name).name)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=parts)):
            return _keyed(_table(name), parts)
        case ast.Subscript(value=ast.Name(id=name), slice=part):
            return _keyed(_table(name), [part])
        case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords):
            declared = _table(name)
            return Rows(name, tuple(_where(declared, word.arg or "**", word.value) for word in keywords))
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is no rows: write table, table['key'] or table(column='value')"
            )


def _keyed(declared: Contract, parts: list[ast.expr]) -> Rows:
    """The row that has a key."""
    names = identity_of(declared)
    if len(parts) != len(names):
        raise ExpressionError(
            f"the key of {declared.name!r} has {len(names)} parts, not {len(parts)}: write {', '.join(names)}"
        )
    return Rows(declared.name, tuple(_where(declared, name, part) for name, part in zip(names, parts, strict=True)))


def _where(declared: Contract, name: str, node: ast.expr) -> tuple[str, Value]:
    """A column and the value that it must have."""
    dtype = _column(declared, name)
    allowed = TYPES.get(dtype, ())
    match node:
        case ast.Constant(value=str() | int() | float() as value) if type(value) in allowed:
            return name, value
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is no value of column {name!r} of {declared.name!r}: write "
                f"{' or '.join(KINDS[kind] for kind in allowed) or 'another column'}"
            )


def _table(name: str) -> Contract:
    """The table of a name."""
    known = claimable()
    if name not in known:
        raise ExpressionError(f"there is no table {name!r} to compute of{_near(name, known)}")
    return known[name]


def _column(declared: Contract, name: str) -> object:
    """The type of a column of a table."""
    if name not in declared.polars_schema:
        raise ExpressionError(f"{declared.name!r} has no column {name!r}{_near(name, declared.polars_schema)}")
    return declared.polars_schema[name]


def _near(name: str, known: Mapping[str, object]) -> str:
    """What may have been meant, or what there is."""
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f": did you mean {near[0]!r}?" if near else f": write one of {', '.join(sorted(known))}"
