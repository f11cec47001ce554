"""Claims of a plan: what a claim must say, and how a fault in one is told."""

from pathlib import Path

import pytest

from contracts.vocabulary import Qualifier
from sources.plan import load_plan
from tests.sources.plans import refused, written

COUNT = 'expression = "count(uppdrag)"'
VALUE = f'id = "uppdrag"\nwhat = "Uppdrag"\nvalue = 24\nunit = "antal"\nline = 48\n{COUNT}'


def plan(folder: Path, *claims: str) -> Path:
    """A plan folder with these claims."""
    (folder / "claims.toml").write_text("\n".join(f"[[claim]]\n{claim}" for claim in claims), encoding="utf-8")
    return written(folder)


def test_each_kind_of_claim_is_read(tmp_path: Path) -> None:
    cell = 'id = "ram"\nwhat = "Ram"\ncell = "budgetram[8].ram_mnkr"\nexpression = "budgetram[7].ram_mnkr"'
    read = load_plan(plan(tmp_path, VALUE + '\nqualifier = "drygt"', f'figure = "klara"\n{COUNT}', cell)).claims
    assert [claim.name for claim in read] == ["uppdrag", "klara", "ram"]
    assert (read[0].value, read[0].qualifier, read[0].decimals) == (24.0, Qualifier.SLIGHTLY_MORE, 0)
    assert read[2].stated is not None
    assert read[2].stated.column == "ram_mnkr"


def test_a_plan_without_claims_holds(tmp_path: Path) -> None:
    assert load_plan(written(tmp_path)).claims == ()


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        pytest.param(COUNT, "states no figure: give exactly one of figure", id="no figure"),
        pytest.param(f'{VALUE}\nfigure = "x"', "states figure and value: give exactly one", id="two figures"),
        pytest.param(VALUE.replace('what = "Uppdrag"\n', ""), "say what the figure is in what", id="nameless"),
        pytest.param(VALUE.replace('unit = "antal"\n', ""), "write unit and line", id="value without unit"),
        pytest.param(f'figure = "x"\n{COUNT}'.replace("uppdrag", "updrag"), "did you mean 'uppdrag'?", id="no table"),
        pytest.param('figure = "x"\nexpression = "eval(1)"', "'eval(1)' is not allowed", id="python"),
        pytest.param(
            f'id = "a"\nwhat = "A"\ncell = "1 + 1"\n{COUNT}', "name one cell, as in resultatrakning", id="computed cell"
        ),
        pytest.param(f'{VALUE}\nqualifier = "mellan"', "an interval has two values", id="interval"),
        pytest.param(f'{VALUE}\nqualifier = "typ"', "is 'typ': write one of 'cirka'", id="unknown qualifier"),
        pytest.param(f'{VALUE}\nexpresion = "1"', "did you mean 'expression'?", id="misspelt key"),
    ],
)
def test_a_fault_is_told_with_file_claim_and_what_to_write(tmp_path: Path, claim: str, told: str) -> None:
    error = refused(plan(tmp_path, claim))
    assert error.where == "claims.toml"
    assert told in error.what
    assert error.what.startswith("claim ")


def test_a_claim_is_found_by_its_figure(tmp_path: Path) -> None:
    error = refused(plan(tmp_path, 'figure = "ks_underskott"\nexpression = "x"'))
    assert error.what.startswith("claim 'ks_underskott': 'x' is not allowed")


@pytest.mark.parametrize(
    ("claims", "told"),
    [((VALUE, VALUE), "claim: id 'uppdrag' stands twice"), ((f'figure = "a"\n{COUNT}',) * 2, "id 'a' stands twice")],
)
def test_a_claim_that_stands_twice_is_refused(tmp_path: Path, claims: tuple[str, str], told: str) -> None:
    assert told in refused(plan(tmp_path, *claims)).what


def test_claims_that_are_no_toml_are_refused(tmp_path: Path) -> None:
    assert "is not TOML" in refused(plan(tmp_path, "expression =")).what
