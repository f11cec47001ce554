"""Empty extracts for a municipality that begins: what is in them, and that our own reader takes them once filled."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any, Final

import pytest

from contracts import Contract, check, contracts
from sources.errors import ExtractError
from sources.extracts import ExtractFile, read_extract
from sources.extracts.templates import GUIDE, write_templates
from tests.contracts.broken import keeping

READ: Final = [
    pytest.param(declared, id=declared.name)
    for declared in contracts("open")
    if any(column.heading for column in declared.columns)
]


def written(value: Any) -> str:
    """A value as a Swedish system writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return value.isoformat() if isinstance(value, dt.date) else str(value).replace(".", ",")


def test_each_table_that_is_read_from_a_file_has_a_template_and_the_guide_tells_each_column(tmp_path: Path) -> None:
    paths = write_templates(tmp_path / "mallar")
    assert [path.name for path in paths] == [*(f"{param.id}.csv" for param in READ), GUIDE]
    guide = paths[-1].read_text(encoding="utf-8")
    for param in READ:
        (declared,) = param.values
        assert isinstance(declared, Contract)
        part = guide.partition(f"`{declared.name}.csv`\n")[2].partition("\n## ")[0]
        rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")][1:]
        headings = [column.heading for column in declared.extract.columns]
        assert [row[0].removeprefix("| ") for row in rows] == headings
        assert all(column.description.sv in part for column in declared.extract.columns)
    assert "`post` (En enskild post)" in guide
    assert "Förändring (procentenheter) | tal med decimalkomma | procentenheter | ja |" in guide


@pytest.mark.parametrize("declared", READ)
def test_a_template_with_a_row_is_read_and_keeps_its_contract(declared: Contract, tmp_path: Path) -> None:
    write_templates(tmp_path)
    extract = declared.extract
    row = keeping(extract)
    path = tmp_path / f"{declared.name}.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerow([written(row[column.name]) for column in extract.columns])
    read = read_extract(ExtractFile(table=declared.name, path=path), extract)
    assert read.frame.rows(named=True) == [row]
    assert check(read.frame, extract).breaches == ()


def test_an_empty_template_is_refused_for_want_of_rows_alone(tmp_path: Path) -> None:
    write_templates(tmp_path)
    declared = READ[0].values[0]
    assert isinstance(declared, Contract)
    file = ExtractFile(table=declared.name, path=tmp_path / f"{declared.name}.csv")
    with pytest.raises(ExtractError, match="holds no row below the headings in row 1"):
        read_extract(file, declared.extract)


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "stickprov.csv").write_text("ifylld", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_templates(tmp_path)
    assert (tmp_path / "stickprov.csv").read_text(encoding="utf-8") == "ifylld"
    assert [path.name for path in tmp_path.iterdir()] == ["stickprov.csv"]
