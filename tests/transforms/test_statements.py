"""Statements: what is missing and what does not add up is told by name."""

import polars as pl

from pipelines.transforms.statements import missing, wrong_totals
from tests.transforms.declared import report

PROJECTS = report(
    "investeringsprojekt",
    ("a", "Återkommande", "summa", "post", 1),
    ("b", "Planering", "summa", "post", 2),
    ("summa", "Summa", None, "summa", 3),
)
YEARS = report("driftsredovisning_ar", ("a", "Infrastruktur", None, "post", 1), ("b", "Övrigt", None, "post", 2))


def projects(labels: list[str], budget: list[int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {"fas": labels, "budget_tkr": budget, "utfall_tkr": budget, "avvikelse_tkr": 0},
        schema={"fas": pl.String, "budget_tkr": pl.Int64, "utfall_tkr": pl.Int64, "avvikelse_tkr": pl.Int64},
    )


def test_missing_lines_are_named() -> None:
    assert missing("investeringsprojekt", projects(["Summa"], [0]), PROJECTS) == ("Återkommande", "Planering")


def test_nothing_is_missing_in_a_whole_statement() -> None:
    assert missing("investeringsprojekt", projects(["Planering", "Summa", "Återkommande"], [0, 0, 0]), PROJECTS) == ()


def test_a_line_can_be_missing_in_one_year() -> None:
    extract = pl.DataFrame({"verksamhet": ["Infrastruktur", "Övrigt", "Infrastruktur"], "ar": [2022, 2022, 2023]})
    assert missing("driftsredovisning_ar", extract, YEARS) == ("Övrigt 2023",)


def test_an_empty_extract_lacks_every_line() -> None:
    extract = pl.DataFrame(schema={"verksamhet": pl.String, "ar": pl.Int64})
    assert missing("driftsredovisning_ar", extract, YEARS) == ("Infrastruktur", "Övrigt")


LINES = pl.Series([4, 5, 6])


def test_totals_within_rounding_are_no_fault() -> None:
    extract = projects(["Återkommande", "Planering", "Summa"], [-10, -20, -31])
    assert wrong_totals("investeringsprojekt", extract, LINES, PROJECTS) == ()


def test_totals_beyond_rounding_are_told_with_both_figures() -> None:
    extract = projects(["Återkommande", "Planering", "Summa"], [-10, -20, -32]).with_columns(utfall_tkr=pl.lit(0))
    assert wrong_totals("investeringsprojekt", extract, LINES, PROJECTS) == (
        "row 6, column 'Budget': Summa is -32, its parts make -30",
    )


def test_amounts_are_told_as_the_file_writes_them() -> None:
    extract = projects(["Återkommande", "Planering", "Summa"], [-10, -20, -774627]).with_columns(utfall_tkr=pl.lit(0))
    assert wrong_totals("investeringsprojekt", extract, LINES, PROJECTS) == (
        "row 6, column 'Budget': Summa is -774 627, its parts make -30",
    )


def test_a_blank_part_counts_neither_in_the_sum_nor_in_the_tolerance() -> None:
    extract = projects(["Återkommande", "Planering", "Summa"], [-10, None, -12])
    told = wrong_totals("investeringsprojekt", extract, LINES, PROJECTS)
    assert told[0] == "row 6, column 'Budget': Summa is -12, its parts make -10"
