"""Control sums: a file that does not add up to what its sender says is refused, with both sums."""

from pathlib import Path

import pytest

from contracts import contract
from sources.errors import ExtractError
from sources.extracts import ExtractFile, read_extract
from tests.sources.plans import PLAN, refused, written

FILE = "Extern finansiering;Bidrag;Kostnad;Netto;Inräknat i budget;Nämndmål-id\nA;1;1;0;780;\nB;1;1;0;{};\n"


def grants(folder: Path, amount: str, sums: dict[str, float]) -> list[int | None]:
    """What is read of the amounts in the budget."""
    path = folder / "grants.csv"
    path.write_text(FILE.format(amount), encoding="utf-8")
    declared = contract("extern_finansiering").extract
    return read_extract(ExtractFile("extern_finansiering", path, sums=sums), declared).frame["i_budget_tkr"].to_list()


def test_a_file_that_adds_up_is_read(tmp_path: Path) -> None:
    assert grants(tmp_path, "3 500", {"Inräknat i budget": 4280}) == [780, 3500]


def test_a_file_without_sums_is_read(tmp_path: Path) -> None:
    assert grants(tmp_path, "3 600", {}) == [780, 3600]


def test_a_file_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as error:
        grants(tmp_path, "-3 500", {"Inräknat i budget": 4280, "Bidrag": 2})
    assert str(error.value).endswith(
        "grants.csv, column 'Inräknat i budget': the cells add up to -2 720, the plan says "
        "4 280. Correct the file, or write in the plan what its sender says it adds up to."
    )


def test_the_sum_of_what_is_no_column_of_figures_is_refused(tmp_path: Path) -> None:
    error = refused(written(tmp_path, PLAN + 'sums = { "Rad" = 1 }\n'))
    assert error.where == "plan.toml, extract 'resultatrakning'"
    assert "sums names 'Rad'" in error.what
    assert "'Budget helår'" in error.remedy
