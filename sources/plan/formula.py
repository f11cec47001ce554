"""Formulas over indicators: a small arithmetic language, parsed to polars expressions.

Here belongs what a formula may say: names of inputs, numbers, + - * / and parentheses. What the
names stand for is declared in the plan; nothing is ever evaluated as Python.
"""

import ast
import operator
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl

OPERATIONS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
LONGEST: Final = 300
LARGEST: Final = sys.float_info.max
"""A larger number would be endless."""


class FormulaError(ValueError):
    """A formula that says something else than arithmetic over names."""


def parse(formula: str) -> tuple[pl.Expr, frozenset[str]]:
    """The formula as an expression over columns, and the names that it uses.

    A division by zero gives null: a ratio without a denominator has no value.
    Raises FormulaError where the text is anything but arithmetic over names and numbers.
    """
    if len(formula) > LONGEST:
        raise FormulaError(f"the formula has {len(formula)} characters, at most {LONGEST} are read")
    try:
        tree = ast.parse(formula, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"{formula!r} is not arithmetic") from error
    names: set[str] = set()
    return _expression(tree.body, names), frozenset(names)


def _expression(node: ast.expr, names: set[str]) -> pl.Expr:
    """Translate one node, noting the names it uses."""
    match node:
        case ast.Name(id=name):
            names.add(name)
            return pl.col(name)
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool) and number <= LARGEST:
            return pl.lit(float(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_expression(operand, names)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATIONS:
            first, second = _expression(left, names), _expression(right, names)
            if isinstance(sign, ast.Div):
                # Named once: a divisor that stood twice would double the work with each division within it.
                second = second.replace(0.0, None)
            result: pl.Expr = OPERATIONS[type(sign)](first, second)
            return result
        case _:
            raise FormulaError(f"{ast.unparse(node)!r} is not allowed: only names, numbers, + - * / and parentheses")
