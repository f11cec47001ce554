"""Formulas over indicators: arithmetic is computed as arithmetic, and nothing else is read."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.plan.formula import LONGEST, FormulaError, parse

VALUES: Final = {"a": 2.0, "b": -3.5, "c": 0.0, "folkmangd": 114_000.0}
SIGNS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

Pair = tuple[str, float | None]

LEAF: Final[st.SearchStrategy[Pair]] = st.one_of(
    st.sampled_from(list(VALUES.items())),
    st.integers(0, 10_000).map(lambda number: (str(number), float(number))),
    st.floats(0, 1000).map(lambda number: (repr(number), number)),
)


def _joined(parts: tuple[Pair, str, Pair]) -> Pair:
    """Two formulas joined by a sign, with the value that Python gives; nothing where Python divides by zero."""
    (left, first), sign, (right, second) = parts
    if first is None or second is None or (sign == "/" and second == 0):
        return f"({left} {sign} {right})", None
    return f"({left} {sign} {right})", SIGNS[sign](first, second)


def _negated(part: Pair) -> Pair:
    """A formula with a minus before it."""
    return f"-({part[0]})", None if part[1] is None else -part[1]


FORMULA: Final = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.tuples(inner, st.sampled_from(list(SIGNS)), inner).map(_joined), inner.map(_negated)),
    max_leaves=8,
)


def value(formula: str) -> float | None:
    """The value of a formula over the columns of ``VALUES``."""
    expression, _ = parse(formula)
    found: float | None = pl.DataFrame({name: [each] for name, each in VALUES.items()}).select(x=expression)["x"][0]
    return found


@given(FORMULA)
def test_a_formula_has_the_value_that_python_gives_it(pair: Pair) -> None:
    formula, expected = pair
    if len(formula) > LONGEST:
        return
    found = value(formula)
    assert found is None if expected is None else found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("formula", "expected", "names"),
    [
        pytest.param("a", 2.0, {"a"}, id="a name"),
        pytest.param("a + b * 2", -5.0, {"a", "b"}, id="products before sums"),
        pytest.param("(a + b) * 2", -3.0, {"a", "b"}, id="parentheses"),
        pytest.param("a - b - 1", 4.5, {"a", "b"}, id="from the left"),
        pytest.param("--a", 2.0, {"a"}, id="a minus before a minus"),
        pytest.param("a / c", None, {"a", "c"}, id="no denominator"),
        pytest.param("a / (b - b)", None, {"a", "b"}, id="a denominator that cancels out"),
        pytest.param("c / a", 0.0, {"a", "c"}, id="zero divided"),
        pytest.param("a * folkmangd / 1_000", 228.0, {"a", "folkmangd"}, id="per thousand"),
    ],
)
def test_a_formula_and_the_names_that_it_uses(formula: str, expected: float | None, names: set[str]) -> None:
    assert parse(formula)[1] == names
    assert value(formula) == expected


def test_a_missing_input_leaves_the_result_blank() -> None:
    expression, _ = parse("(a + 1) / b")
    frame = pl.DataFrame({"a": [1.0, None, 1.0], "b": [2.0, 2.0, None]})
    assert frame.select(x=expression)["x"].to_list() == [1.0, None, None]


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param("f(a)", id="a call"),
        pytest.param("__import__('os').system('true')", id="an import"),
        pytest.param("a.__class__", id="an attribute"),
        pytest.param("a[0]", id="an index"),
        pytest.param("a ** 2", id="a power"),
        pytest.param("9 ** 9 ** 9", id="a power without end"),
        pytest.param("a // b", id="whole division"),
        pytest.param("a % b", id="a remainder"),
        pytest.param("a << 2", id="a shift"),
        pytest.param("+a", id="a plus alone"),
        pytest.param("~a", id="a complement"),
        pytest.param("a < b", id="a comparison"),
        pytest.param("a and b", id="logic"),
        pytest.param("a if b else c", id="a condition"),
        pytest.param("lambda: a", id="a function"),
        pytest.param("(a := 1)", id="an assignment"),
        pytest.param("[a for a in b]", id="a loop"),
        pytest.param("'a'", id="a text"),
        pytest.param("f'{a}'", id="a text with a value"),
        pytest.param("True", id="a truth"),
        pytest.param("None", id="nothing"),
        pytest.param("1j", id="an imaginary number"),
        pytest.param("1e999", id="a number without end"),
        pytest.param("0x" + "f" * 280, id="a number larger than any float"),
        pytest.param("...", id="an ellipsis"),
    ],
)
def test_nothing_but_arithmetic_is_allowed(formula: str) -> None:
    with pytest.raises(FormulaError, match="not allowed: only names, numbers"):
        parse(formula)


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param("", id="nothing written"),
        pytest.param("a b", id="no sign between"),
        pytest.param("a +", id="half a sum"),
        pytest.param("a; b", id="two statements"),
        pytest.param("x = 1", id="a statement"),
        pytest.param("a\n+ b", id="two lines"),
        pytest.param("(" * 250 + "a", id="parentheses that never close"),
        pytest.param("0777", id="a number with a leading zero"),
        pytest.param("\0", id="a control character"),
        pytest.param("1and 2", id="a number that runs into a word"),
    ],
)
def test_what_cannot_be_read_is_no_arithmetic(formula: str) -> None:
    with pytest.raises(FormulaError, match="is not arithmetic"):
        parse(formula)


def test_a_formula_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormulaError, match="has 301 characters, at most 300 are read"):
        parse("a" * 301)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        pytest.param("(" * 90 + "a" + ")" * 90, 2.0, id="parentheses"),
        pytest.param("-" * 299 + "a", -2.0, id="minus signs"),
        pytest.param("1 + " * 74 + "a", 76.0, id="a long sum"),
        pytest.param("a/(" * 59 + "a" + ")" * 59, 1.0, id="divisions within divisions"),
    ],
)
def test_deep_nesting_is_computed_at_once(formula: str, expected: float) -> None:
    assert value(formula) == expected


@given(st.one_of(st.text(max_size=40), st.text("ab1.+-*/()[]=<>!%&|^~:,'\" \n_", max_size=40)))
def test_any_text_is_arithmetic_or_refused(text: str) -> None:
    try:
        _, names = parse(text)
    except FormulaError:
        return
    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Load, ast.USub)
    signs = (ast.Add, ast.Sub, ast.Mult, ast.Div)
    nodes: list[Any] = list(ast.walk(ast.parse(text, mode="eval")))
    assert all(isinstance(node, (*allowed, *signs)) for node in nodes)
    assert names == {node.id for node in nodes if isinstance(node, ast.Name)}
    numbers: list[Any] = [node.value for node in nodes if isinstance(node, ast.Constant)]
    assert all(math.isfinite(number) for number in numbers)
