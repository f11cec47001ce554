"""A planted secret: in each text column of each file that is handed in, and in the plan."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from contracts import contract
from pipelines.intake.personal_data import require_no_personal_data
from sources.errors import ExtractError
from sources.extracts import ExtractFile, read_extract
from sources.plan import load_plan
from tests.end_to_end.place import SHIPPED, Place, rewrite
from tests.end_to_end.test_exit_status import paragraphs

EXTRACTS = load_plan(SHIPPED).extracts
SECRETS = {
    "personal identity number": "811218-9876",
    "coordination number": "811278-9873",
    "e-mail address": "anna.andersson@example.se",
    "telephone number": "070-174 06 05",
}


def text_columns() -> list[tuple[str, str]]:
    """Each text column of each extract of the shipped plan."""
    return [
        (table, column.heading or "")
        for table in EXTRACTS
        for column in contract(table).extract.columns
        if column.dtype == pl.String
    ]


def planted(file: ExtractFile, heading: str, secret: str, to: Path) -> ExtractFile:
    """A copy of a file with a secret in the first row of a column."""
    path = to / file.path.name
    if path.suffix == ".xlsx":
        book = load_workbook(file.path)
        sheet = book[file.sheet] if file.sheet else book.worksheets[0]
        place = next(
            (row, column)
            for row, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
            for column, cell in enumerate(cells, start=1)
            if str(cell).strip() == heading
        )
        sheet.cell(place[0] + 1, place[1]).value = f"Se {secret}"
        book.save(path)
    else:
        codec = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}[file.encoding]
        rows = list(csv.reader(io.StringIO(file.path.read_text(codec), newline=""), delimiter=file.separator))
        rows[1][[cell.strip() for cell in rows[0]].index(heading)] = f"Se {secret}"
        with path.open("w", encoding=codec, newline="") as written:
            csv.writer(written, delimiter=file.separator).writerows(rows)
    return ExtractFile(**{**vars(file), "path": path})


@pytest.mark.parametrize(("table", "heading"), text_columns())
def test_a_secret_in_any_text_column_of_an_extract_is_refused(table: str, heading: str, tmp_path: Path) -> None:
    for kind, secret in SECRETS.items():
        extract = read_extract(planted(EXTRACTS[table], heading, secret, tmp_path), contract(table).extract)
        with pytest.raises(ExtractError) as refused:
            require_no_personal_data(extract, exempt=())
        told = str(refused.value)
        assert told.startswith(f"{EXTRACTS[table].label} ({table}): row ")
        assert f"column {heading!r} holds" in told
        assert kind in told
        assert secret not in told


def test_the_shipped_extracts_hold_no_personal_data() -> None:
    for table, file in EXTRACTS.items():
        require_no_personal_data(read_extract(file, contract(table).extract), exempt=())


@pytest.mark.slow
def test_secrets_in_files_and_plan_stop_the_refresh(refreshed: Place) -> None:
    before = refreshed.seen()
    extracts = refreshed.edit_plan() / "extracts"
    rewrite(extracts / "uppdrag.csv", "Utredning om Huddinge", f"Utredning för {SECRETS['telephone number']}")
    planted(EXTRACTS["fordonsflotta"], "Organisation", SECRETS["e-mail address"], extracts)
    ended = refreshed.run("refresh")
    assert ended.status == 1
    *told, remains = sorted(paragraphs(ended.err), key=lambda said: said.startswith("Nothing"))
    assert any(one.startswith("extracts/uppdrag.csv (uppdrag): row 2, column 'Uppdrag' holds") for one in told)
    assert any(one.startswith("extracts/fordonsflotta.xlsx (fordonsflotta): row ") for one in told)
    assert remains.startswith("Nothing was published")
    assert not any(secret in ended.err + ended.out for secret in SECRETS.values())
    assert refreshed.seen() == before


@pytest.mark.slow
def test_a_secret_in_the_plan_or_a_setting_stops_the_refresh(refreshed: Place) -> None:
    before = refreshed.seen()
    secret = SECRETS["personal identity number"]
    named = refreshed.run("refresh", "--publisher", f"Kommunen {secret}")
    assert named.status == 2
    assert "ETAPPMAL_PUBLISHER holds a personal identity number" in named.err
    rewrite(refreshed.edit_plan() / "plan.toml", 'reason = "De flesta', f'reason = "Ärendet {secret}: de flesta')
    ended = refreshed.run("refresh")
    assert ended.status == 2
    (told,) = paragraphs(ended.err)
    assert told.startswith("plan.toml: report > decision > reason holds a personal identity number")
    assert secret not in ended.err + named.err
    assert refreshed.seen() == before
