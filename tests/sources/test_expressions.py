"""Expressions: what may be said, and what is refused with what to write instead."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.plan.expressions import (
    LONGEST,
    Cell,
    Count,
    ExpressionError,
    Gathered,
    Negative,
    Number,
    Operation,
    Rows,
    Size,
    parse,
    tables,
)

RESULT = Cell(Rows("resultatrakning", (("rad_id", "arets_resultat"),)), "avvikelse_tkr")
ITEMS = Rows("stickprov", (("radtyp", "post"),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("resultatrakning['arets_resultat'].avvikelse_tkr", RESULT),
        (
            "driftsredovisning_ar['politisk', 2023].utfall_tkr",
            Cell(Rows("driftsredovisning_ar", (("verksamhet_id", "politisk"), ("ar", 2023))), "utfall_tkr"),
        ),
        ("stickprov(radtyp='post').antal_fel", Cell(ITEMS, "antal_fel")),
        ("sum(stickprov(radtyp='post').antal_fel)", Gathered("sum", Cell(ITEMS, "antal_fel"))),
        ("count(uppdrag)", Count(Rows("uppdrag"))),
        ("count(systematiska_kontroller(kommungemensam=True))", None),
        ("abs(resultatrakning['arets_resultat'].avvikelse_tkr)", Size(RESULT)),
        ("-resultatrakning['arets_resultat'].avvikelse_tkr", Negative(RESULT)),
        ("(1.5 + 2) * 3", Operation("*", Operation("+", Number(1.5), Number(2.0)), Number(3.0))),
        ("percent(1, 2)", Operation("percent", Number(1.0), Number(2.0))),
        ("growth(1, 2)", Operation("growth", Number(1.0), Number(2.0))),
    ],
)
def test_what_may_be_said(text: str, tree: object) -> None:
    assert tree is None or parse(text) == tree
    assert parse(f"  {text}\n") == parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "is not an expression", id="nothing"),
        pytest.param("1 +", "is not an expression", id="half a sum"),
        pytest.param("x" * (LONGEST + 1), f"at most {LONGEST} are read", id="too long"),
        pytest.param("resultatraknin['a'].avvikelse_tkr", "did you mean 'resultatrakning'?", id="misspelt table"),
        pytest.param("resultatrakning['a'].avikelse_tkr", "did you mean 'avvikelse_tkr'?", id="misspelt column"),
        pytest.param("resultatrakning['a'].rad", "holds no figures", id="column of words"),
        pytest.param("resultatrakning['a', 1].avvikelse_tkr", "has 1 parts, not 2: write rad_id", id="too long a key"),
        pytest.param("budgetram['8'].ram_mnkr", "write a whole number", id="text for a number"),
        pytest.param("uppdrag(status=1).fran_kf", "write a quoted text", id="number for a text"),
        pytest.param("count(uppdrag(klart=True))", "has no column 'klart'", id="unknown column"),
        pytest.param("count(uppdrag(**{}))", "has no column '**'", id="unpacking"),
        pytest.param("count(indikatorregister)", "there is no table", id="table that is not published"),
        pytest.param("count(siffergranskning)", "there is no table", id="the control itself"),
        pytest.param("uppdrag", "is not allowed", id="rows are no figure"),
        pytest.param("sum(uppdrag)", "is not allowed", id="sum of rows"),
        pytest.param("True + 1", "is not allowed", id="truth is no number"),
        pytest.param("2 ** 9", "is not allowed", id="power"),
        pytest.param("1 if 1 else 2", "is not allowed", id="choice"),
        pytest.param("__import__('os').system('x')", "is not allowed", id="python"),
        pytest.param("(1).__class__", "is no rows", id="attribute of a number"),
        pytest.param("[1 for x in (1,)]", "is not allowed", id="loop"),
        pytest.param("-" * 99 + "1", "more than 40 levels", id="too deep"),
        pytest.param("1e999", "is not allowed", id="endless number"),
    ],
)
def test_what_is_refused(text: str, told: str) -> None:
    with pytest.raises(ExpressionError, match=r".") as refused:
        parse(text)
    assert told in str(refused.value)


@given(st.text(max_size=60) | st.text("()[]'.,=-+*/ 01ab", max_size=LONGEST))
@example("-" * LONGEST + "1")
@example("(" * (LONGEST // 2) + "1" + ")" * (LONGEST // 2))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except ExpressionError:
        return


def test_the_tables_of_an_expression() -> None:
    tree = parse("percent(count(uppdrag), abs(-resultatrakning['a'].utfall_tkr)) + max(stickprov.antal_fel) - 1")
    assert tables(tree) == {"uppdrag", "resultatrakning", "stickprov"}
