"""The forms of a dataset: each says the same, and an outside reader of each form finds it right."""

import datetime as dt
import io
import json
import struct
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from csvw import CSVW
from rdflib import DCTERMS, RDFS, Graph

from contracts import contract
from output.publication.generation import publish
from tests.output.publishing import ABOUT, OCCASION, framed, income, organisations

KNOWN = dt.datetime(2023, 12, 31, 2, 15, 0, 250_000)  # noqa: DTZ001 - the warehouse keeps UTC without a zone


def outcomes(*values: float | None) -> pl.DataFrame:
    """Outcomes of an indicator, one a year; a missing one has its reason."""
    rows = [
        {
            "kommun_id": "0126",
            "rapport": "2023-helar",
            "indikator_id": "lekplatser",
            "ar": 2020 + number,
            "kon": "T",
            "utfall": value,
            "utfall_status": "sekretess" if value is None else None,
            "kalla": 'Rapporten, "tabell 3"; del A',
            "kalla_id": "rapport",
            "kalla_rad": number,
            "mognad": "slutlig",
            "kand_fran": KNOWN,
        }
        for number, value in enumerate(values, start=1)
    ]
    return framed(rows, contract("indikatorutfall").polars_schema)


@pytest.fixture(scope="module")
def latest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    public = tmp_path_factory.mktemp("formats") / "public"
    tables = {
        "indikatorutfall": outcomes(0.1 + 0.2, 0.000001, None),
        "resultatrakning": income(90, -110),
        "stickprov": organisations("Nämnden för åldrande\noch omsorg"),
    }
    publish(tables, public, ABOUT, OCCASION)
    return public / "latest"


def _frame(latest: Path, name: str) -> list[dict[str, Any]]:
    return pl.read_parquet(latest / f"{name}.parquet").to_dicts()


def _plain(value: Any) -> Any:
    """A value that a reader of CSVW found, as polars has it."""
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", ["indikatorutfall", "resultatrakning", "stickprov"])
def test_each_csv_read_by_its_metadata_is_the_parquet(latest: Path, name: str) -> None:
    described = CSVW(str(latest / f"{name}.csv-metadata.json"), validate=True)
    assert described.is_valid
    rows = [{column: _plain(value) for column, value in row.items()} for row in described.tables[0].iterdicts()]
    assert rows == _frame(latest, name)


def test_the_package_is_valid(latest: Path) -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=latest, capture_output=True, encoding="utf-8", check=False)
    told = json.loads(done.stdout)
    assert told["valid"], told["errors"]
    assert told["stats"]["tasks"] == 3
    package = json.loads((latest / "datapackage.json").read_text())
    assert package["licenses"] == [{"name": "CC0-1.0", "path": ABOUT.licence}]


def test_figures_of_kolada_have_its_terms_in_every_form_and_not_our_licence(tmp_path: Path) -> None:
    name = "jamforelsetal_kolada"
    values = framed(
        [{"kpi_id": "N00670", "kpi": "Ett nyckeltal", "kommun_id": "0126", "ar": 2023, "kon": "T", "kalla": "Kolada"}],
        contract(name).polars_schema,
    ).with_columns(varde=1.5, hamtad=pl.datetime(2024, 1, 1))
    publish({name: values, "resultatrakning": income(1)}, tmp_path / "public", ABOUT, OCCASION)
    latest = tmp_path / "public" / "latest"
    described = json.loads((latest / f"{name}.csv-metadata.json").read_text())
    assert CSVW(str(latest / f"{name}.csv-metadata.json"), validate=True).is_valid
    assert described["dc:license"] == {"@id": "https://www.kolada.se/om-oss/api/"}
    assert described["dc:source"] == {"@id": "https://www.kolada.se/"}
    theirs = described["dc:rights"][0]["@value"]
    assert theirs.startswith("Källa: Kolada.")
    package = json.loads((latest / "datapackage.json").read_text())
    ours = {resource["name"]: resource.get("licenses") for resource in package["resources"]}
    assert ours == {name: [{"title": theirs, "path": "https://www.kolada.se/om-oss/api/"}], "resultatrakning": None}
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    assert json.loads(subprocess.run(command, cwd=latest, capture_output=True, check=False).stdout)["valid"]
    contents = openpyxl.load_workbook(latest / "etappmal.xlsx")["Innehåll"].iter_rows(values_only=True)
    assert {row[0]: row[4] for row in contents if row[3]} == {
        "Blad": "Villkor",
        name: theirs,
        "resultatrakning": ABOUT.licence,
    }
    page = (tmp_path / "public" / "data" / name / "index.html").read_text()
    assert '"license": "https://www.kolada.se/om-oss/api/"' in page
    assert ABOUT.licence not in page


def test_a_table_with_rows_of_kolada_names_both_terms_in_every_form(tmp_path: Path) -> None:
    name, about_rows = "jamforelser", "Rader vars källa är Kolada"
    rows = framed(
        [
            {
                "kommun_id": "0126",
                "rapport": "2023-helar",
                "indikator_id": indicator,
                "ar": 2022,
                "jamforelse_id": "0127",
                "jamforelse": "Botkyrka",
                "typ": "kommun",
                "utfall": 1.5,
                "kalla": source,
            }
            for indicator, source in (("andel", "Kolada"), ("kvot", "Kolada, egen bearbetning"))
        ],
        contract(name).polars_schema,
    )
    publish({name: rows}, tmp_path / "public", ABOUT, OCCASION)
    latest = tmp_path / "public" / "latest"
    described = json.loads((latest / f"{name}.csv-metadata.json").read_text())
    assert described["dc:license"] == {"@id": ABOUT.licence}
    assert described["dc:rights"][0]["@value"].startswith(about_rows)
    (resource,) = json.loads((latest / "datapackage.json").read_text())["resources"]
    assert [licence["path"] for licence in resource["licenses"]] == [ABOUT.licence, "https://www.kolada.se/om-oss/api/"]
    metadata = pl.read_parquet_metadata(latest / f"{name}.parquet")
    assert metadata["license"] == ABOUT.licence
    assert about_rows in metadata["rights"]
    contents = openpyxl.load_workbook(latest / "etappmal.xlsx")["Innehåll"].iter_rows(values_only=True)
    (terms,) = [str(row[4]) for row in contents if row[0] == name]
    assert terms.startswith(f"{ABOUT.licence} {about_rows}")
    page = (tmp_path / "public" / "data" / name / "index.html").read_text()
    assert about_rows in page
    said = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert said["license"] == [ABOUT.licence, "https://www.kolada.se/om-oss/api/"]
    assert said["temporalCoverage"] == "2022/2022"
    assert "nyckeltal" in said["keywords"]
    graph = Graph().parse(tmp_path / "public" / "catalog.rdf")
    told = {
        str(distribution).rpartition("/")[2]: (graph.value(distribution, DCTERMS.license) is not None, str(label))
        for distribution, rights in graph.subject_objects(DCTERMS.rights)
        for label in graph.objects(rights, RDFS.label)
        if str(label).startswith(about_rows)
    }
    files = [f"{name}.csv", f"{name}.excel.csv", f"{name}.parquet", "etappmal.xlsx", "etappmal.zip"]
    assert {file: told[file][0] for file in files} == dict.fromkeys(files, True)


def test_figures_are_written_as_published(latest: Path) -> None:
    text = (latest / "indikatorutfall.csv").read_text()
    assert [line.split(",")[5] for line in text.splitlines()[1:]] == ["0.3", "0.000001", ""]


def test_excel_opens_its_csv_by_double_click(latest: Path) -> None:
    data = (latest / "indikatorutfall.excel.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("kommun_id;rapport;indikator_id;ar;kon;utfall;utfall_status;kalla;")
    assert lines[1].startswith('0126;2023-helar;lekplatser;2021;T;0,3;;"Rapporten, ""tabell 3""; del A";')
    assert [line.split(";")[5] for line in lines[1:3]] == ["0,3", "0,000001"]
    assert "2023-12-31 02:15:00" in lines[1]
    income_lines = (latest / "resultatrakning.excel.csv").read_text(encoding="utf-8-sig")
    assert ";-110;" in income_lines


def test_the_workbook_holds_every_dataset_in_typed_cells(latest: Path) -> None:
    book = openpyxl.load_workbook(latest / "etappmal.xlsx")
    assert book.sheetnames == ["Innehåll", "Kolumner", "indikatorutfall", "resultatrakning", "stickprov"]
    contents = [[cell.value for cell in row] for row in book["Innehåll"].iter_rows()]
    assert ["resultatrakning", "Resultaträkning"] in [row[:2] for row in contents]
    for name in book.sheetnames[2:]:
        sheet = book[name]
        header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert sheet.freeze_panes == "A2"
        found = [dict(zip(map(str, header), row, strict=True)) for row in rows]
        expected = _frame(latest, name)
        assert [row["kommun_id"] for row in found] == ["0126"] * len(expected)
        for row, wanted in zip(found, expected, strict=True):
            assert {key: value for key, value in row.items() if not isinstance(value, dt.datetime)} == {
                key: value for key, value in wanted.items() if not isinstance(value, dt.datetime)
            }
    described = {row[3].value for row in book["Kolumner"].iter_rows(min_row=2)}
    assert {"utfall", "kommun_id", "budget_tkr"} <= described


def test_a_text_that_no_cell_of_excel_holds_is_a_note_there_and_whole_elsewhere(tmp_path: Path) -> None:
    fits, longer = "f" * 32_767, "l" * 32_768
    publish({"stickprov": organisations(fits, longer)}, tmp_path / "public", ABOUT, OCCASION)
    latest = tmp_path / "public/latest"
    note = "För lång för en cell i Excel (32768 tecken): hela texten står i CSV och Parquet."
    sheet = openpyxl.load_workbook(latest / "etappmal.xlsx")["stickprov"]
    cells = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    assert {fits, note} <= cells
    rows = (latest / "stickprov.excel.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert {max(row.split(";"), key=len) for row in rows} == {fits, note}
    for whole in (pl.read_csv(latest / "stickprov.csv"), pl.read_parquet(latest / "stickprov.parquet")):
        assert set(whole["organisation"]) == {fits, longer}


def test_a_text_in_the_workbook_is_never_a_formula_or_a_link(tmp_path: Path) -> None:
    tables = {"stickprov": organisations("+5", "https://example.se/")}
    publish(tables, tmp_path / "public", ABOUT, OCCASION)
    sheet = openpyxl.load_workbook(tmp_path / "public/latest/etappmal.xlsx")["stickprov"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value in {"+5", "https://example.se/"}]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None), ("s", None)]


def test_a_table_too_long_for_a_sheet_is_named_in_the_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("output.formats.workbook.ROWS", 1)
    publish({"resultatrakning": income(1, 2), "stickprov": organisations("A")}, tmp_path / "public", ABOUT, OCCASION)
    book = openpyxl.load_workbook(tmp_path / "public/latest/etappmal.xlsx")
    assert book.sheetnames == ["Innehåll", "Kolumner", "stickprov"]
    assert any("resultatrakning (för många rader" in str(row[0].value) for row in book["Innehåll"].iter_rows())


def test_the_zip_holds_every_other_file(latest: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((latest / "etappmal.zip").read_bytes())) as bundle:
        held = {name: bundle.read(name) for name in bundle.namelist()}
        assert {member.date_time for member in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    others = {"etappmal.zip", "manifest.json", "SHA256SUMS"}
    assert held == {path.name: path.read_bytes() for path in latest.iterdir() if path.name not in others}


def test_the_zip_tells_the_versions_that_every_python_tells(latest: Path) -> None:
    plain, unix = 20, 3
    content = (latest / "etappmal.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        members = bundle.infolist()
    assert {(each.create_version, each.extract_version, each.create_system) for each in members} == {
        (plain, plain, unix)
    }
    assert {each.extra for each in members} == {b""}
    # Version needed, flags and the length of extra fields, in the header that stands before each file.
    local = {struct.unpack_from("<4xHH18xH", content, each.header_offset)[:2] for each in members}
    assert local == {(plain, 0)}
    assert {struct.unpack_from("<28xH", content, each.header_offset) for each in members} == {(0,)}


def test_the_dictionary_has_a_row_for_each_column_in_both_languages(latest: Path) -> None:
    rows = pl.read_csv(latest / "variabelforteckning.csv", infer_schema=False)
    columns = {name: pl.read_parquet_schema(latest / f"{name}.parquet") for name in set(rows["datamangd"])}
    assert rows.select("datamangd", "kolumn").rows() == [
        (name, column) for name in sorted(columns) for column in columns[name]
    ]
    assert rows.filter(pl.col("kolumn") == "utfall").select("titel", "title", "typ", "type").row(0) == (
        "Utfall",
        "Outcome",
        "decimaltal",
        "number",
    )
    told = json.loads((latest / "variabelforteckning.json").read_text())
    assert [table["table"] for table in told["datasets"]] == sorted(columns)
