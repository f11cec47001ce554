"""A wrong extract: one clear error with file, row and column, on the asset's check, through Dagster itself."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from openpyxl import load_workbook

from pipelines.assets.table_asset import CHECK
from pipelines.definitions import JOB, defs
from pipelines.runs.reports import tags_of_own
from pipelines.settings import Settings
from tests.end_to_end.place import Place, rewrite

Edit = Callable[[Path], None]
INCOME = "resultatrakning.csv"
OPERATIONS = "driftsredovisning.csv"
INVESTMENTS = "investeringar.xlsx"
ASSIGNMENTS = "uppdrag.csv"
CONTROLS = "systematiska_kontroller.csv"


def replaced(name: str, old: str, new: str) -> Edit:
    """A text of a file in UTF-8 is another."""
    return lambda folder: rewrite(folder / name, old, new)


def lines(name: str, change: Callable[[list[str]], None]) -> Edit:
    """The lines of a file in UTF-8 are changed."""

    def edit(folder: Path) -> None:
        path = folder / name
        rows = path.read_text(encoding="utf-8-sig").splitlines()
        change(rows)
        path.write_text("\n".join(rows), encoding="utf-8")

    return edit


def recoded(name: str, old: str, new: str) -> Edit:
    """A file is written in another encoding than the plan says."""

    def edit(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes().decode(old).encode(new))

    return edit


def renamed_sheet(folder: Path) -> None:
    """The workbook's sheet has another name."""
    book = load_workbook(folder / INVESTMENTS)
    book["Investeringar"].title = "Blad1"
    book.save(folder / INVESTMENTS)


def text_in_a_cell(folder: Path) -> None:
    """A cell of the workbook holds a word where an amount should be."""
    book = load_workbook(folder / INVESTMENTS)
    book["Investeringar"].cell(6, 3).value = "tio"
    book.save(folder / INVESTMENTS)


def emptied(folder: Path) -> None:
    """The file holds nothing."""
    (folder / INCOME).write_bytes(b"")


def leave_headings(rows: list[str]) -> None:
    """Nothing but the headings."""
    del rows[1:]


def add_a_column(rows: list[str]) -> None:
    """Another column at the end."""
    rows[:] = [f"{row};{'1' if number else 'Kommentar'}" for number, row in enumerate(rows)]


REFUSED: dict[str, tuple[str, Edit, tuple[str, ...]]] = {
    "a column is missing": (
        "resultatrakning",
        replaced(INCOME, "Utfall helår", "Utfall"),
        (INCOME, "row 1", "'Utfall helår'", "the column is missing"),
    ),
    "a column is not declared": (
        "resultatrakning",
        lines(INCOME, add_a_column),
        (INCOME, "row 1", "'Kommentar'", "not declared"),
    ),
    "a letter stands in an amount": (
        "resultatrakning",
        replaced(INCOME, "71 966", "71x966"),
        (INCOME, "row 2", "'Utfall helår'", "'71x966' is not a number"),
    ),
    "a word stands in an amount of a workbook": (
        "investeringar",
        text_in_a_cell,
        (INVESTMENTS, "row 6", "'Utfall helår'", "'tio' is not a number"),
    ),
    "an account is unknown": (
        "resultatrakning",
        replaced(INCOME, "\nPersonal;", "\nPersonalen;"),
        (INCOME, "row 3", "'Resultaträkning'", "'Personalen'", "not declared in the plan"),
    ),
    "a goal is unknown": (
        "uppdrag",
        replaced(ASSIGNMENTS, "trygghet_delaktighet", "trygghet"),
        (ASSIGNMENTS, "row 2", "'Nämndmål'", "'trygghet'", "not declared in the plan"),
    ),
    "a word is not one of those allowed": (
        "uppdrag",
        replaced(ASSIGNMENTS, "\tklart\tklart", "\tkanske\tklart"),
        (ASSIGNMENTS, "row 2", "'Status'", "'kanske'", "klart, ej_klart"),
    ),
    "a row stands twice": (
        "resultatrakning",
        lines(INCOME, lambda rows: rows.insert(3, rows[2])),
        (INCOME, "row 3, 4", "'Resultaträkning'", "more than once"),
    ),
    "a row is lost": (
        "resultatrakning",
        lines(INCOME, lambda rows: rows.remove(rows[3])),
        (INCOME, "lacks 'Lokaler'"),
    ),
    "the encoding is not UTF-8 as the plan says": (
        "resultatrakning",
        recoded(INCOME, "utf-8-sig", "windows-1252"),
        (INCOME, "row 1", "looks like windows-1252", 'encoding = "windows-1252"'),
    ),
    "the encoding is not Windows-1252 as the plan says": (
        "driftsredovisning",
        recoded(OPERATIONS, "windows-1252", "utf-8"),
        (OPERATIONS, "row 1", "is UTF-8", 'encoding = "utf-8"'),
    ),
    "the file is empty": (
        "resultatrakning",
        emptied,
        (INCOME, "is empty"),
    ),
    "the file has nothing but headings": (
        "resultatrakning",
        lines(INCOME, leave_headings),
        (INCOME, "row 1", "no row below the headings"),
    ),
    "there is no file": (
        "resultatrakning",
        lambda folder: (folder / INCOME).unlink(),
        (INCOME, "no such file"),
    ),
    "the workbook lacks the sheet": (
        "investeringar",
        renamed_sheet,
        (INVESTMENTS, "no sheet 'Investeringar'", "'Blad1'"),
    ),
    "a file does not add up to what its sender says": (
        "sarskilda_satsningar",
        replaced("sarskilda_satsningar.csv", ";300;370;", ";300;730;"),
        ("sarskilda_satsningar.csv", "'Utfall'", "add up to 19 030", "the plan says 18 670"),
    ),
    "a ledger's total is off by five": (
        "resultatrakning",
        replaced(INCOME, "-728 902", "-728 907"),
        (INCOME, "Årets resultat", "Budget helår", "-728 907", "-728 902"),
    ),
}


@pytest.fixture
def edited(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place with a plan that may be edited; the settings of this process are its."""
    place.edit_plan()
    for name, value in place.environment.items():
        if name.startswith("ETAPPMAL_"):
            monkeypatch.setenv(name, value)
    return place


def materialise(table: str) -> tuple[dg.ExecuteInProcessResult, dg.AssetCheckEvaluation]:
    """Run the refresh job for one asset, with the project's own resources; the run and the verdict of the check."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def(JOB).execute_in_process(
            instance=instance,
            tags=tags_of_own(instance, Settings.read()),
            asset_selection=[dg.AssetKey(table)],
            run_config={"loggers": {"progress": {}}},
            raise_on_error=False,
        )
    (verdict,) = result.get_asset_check_evaluations()
    assert (verdict.asset_key, verdict.check_name) == (dg.AssetKey(table), CHECK)
    return result, verdict


def shown(verdict: dg.AssetCheckEvaluation) -> dict[str, str]:
    """What the UI shows beside a check."""
    return {name: str(value.value) for name, value in verdict.metadata.items()}


def test_a_run_that_names_no_report_says_which_it_could_be(edited: Place) -> None:
    with (
        dg.DagsterInstance.ephemeral() as instance,
        pytest.raises(dg.DagsterResourceFunctionError) as failure,
    ):
        defs.resolve_job_def(JOB).execute_in_process(instance=instance)
    told = "this run names no report. Launch it with the partition 2023-helar, or another one of rapport"
    assert told in str(failure.value.user_exception)
    assert told in edited.run("status").out


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_extract_is_refused(case: str, edited: Place) -> None:
    table, edit, told = REFUSED[case]
    edit(edited.plan / "extracts")
    result, verdict = materialise(table)
    assert not result.success
    assert not verdict.passed
    assert result.asset_materializations_for_node(table) == []
    error = shown(verdict)["fel"]
    assert error.startswith("extracts/")
    for part in told:
        assert part in error
    assert "\n" not in error


def test_a_ledger_that_is_off_by_rounding_is_accepted(edited: Place) -> None:
    extract = edited.plan / "extracts" / INCOME
    rewrite(extract, "-728 902", "-728 903")
    result, verdict = materialise("resultatrakning")
    assert result.success
    assert verdict.passed
    assert shown(verdict) == {"rader": "13", "i karantän": "0"}


def test_a_printed_table_that_does_not_add_up_is_accepted(edited: Place) -> None:
    rewrite(edited.plan / "plan.toml", "ledger = true", "ledger = false")
    rewrite(edited.plan / "extracts" / INCOME, "-728 902", "-728 907")
    result, verdict = materialise("resultatrakning")
    assert result.success
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.WARN), "it is told all the same"
    asks = "Summan är vad delarna ger, så när som på avrundning"
    assert shown(verdict)["budget_tkr:summa"].startswith(f"1 rader (varnar; {asks}): '-728907.0, its parts make ")


def test_broken_rules_of_an_extract_stand_on_its_check(edited: Place) -> None:
    rewrite(edited.plan / "extracts" / ASSIGNMENTS, "\tklart\tklart", "\tkanske\tklart")
    rewrite(edited.plan / "extracts" / ASSIGNMENTS, "\tklart\tklart", "\tnja\tklart")
    _, verdict = materialise("uppdrag")
    found = shown(verdict)
    assert found["status:isin"] == "2 rader (stoppar; Värdet är något av: klart, ej_klart): 'kanske', 'nja'"
    assert (found["rader"], found["i karantän"]) == ("22", "2")
    assert "| aldrevanlig_kommun |" in found["exempel"]
    assert found["fråga"] == "kommundirektörens stab", "who answers for the file"
    assert verdict.severity is dg.AssetCheckSeverity.ERROR
    assert verdict.blocking


def test_a_table_that_has_lost_most_of_its_rows_since_the_last_release_is_told(
    refreshed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines(CONTROLS, lambda rows: rows.__delitem__(slice(4, None)))(refreshed.edit_plan() / "extracts")
    for name, value in refreshed.environment.items():
        if name.startswith("ETAPPMAL_"):
            monkeypatch.setenv(name, value)
    result, verdict = materialise("systematiska_kontroller")
    assert result.success, "it is told, and published"
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.WARN)
    asks = "Antalet rader är högst 2 gånger fler eller färre än i förra utgåvan"
    assert shown(verdict)["tabell:antal_rader"] == f"tabellen (varnar; {asks}): '3 rows, 9 in the last release'"


def test_broken_rules_of_a_table_stand_on_its_check(edited: Place) -> None:
    rewrite(edited.plan / "extracts" / ASSIGNMENTS, "\tklart\tklart", "\tklart\toverfors")
    result, verdict = materialise("uppdrag")
    assert not result.success
    found = shown(verdict)
    assert found["fortsattning:foljer_status"].startswith("1 rader (stoppar; Ett klart uppdrag ")
    assert "| aldrevanlig_kommun |" in found["exempel"]
    assert not verdict.passed
