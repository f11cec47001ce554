"""A municipality's own figures by area: handed in as a file, kept in the warehouse, and what of it gets out.

The table is none of the project's: no shipped extract is by area. It is read, kept and cleared by the code that
every table goes through.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from contracts import Contract, columns, contract
from contracts.areas import omrade_id
from contracts.declare import Table, column, table
from contracts.vocabulary import Disclosure, Text
from output.disclosure.gate import cleared
from output.errors import PublicationError
from output.formats.delimited import write_csv
from output.tables import published
from pipelines.storage.warehouse import Warehouse
from sources.extracts import ExtractFile, read_extract

LAYER: Final = "by_area"
KEY: Final = {"kommun_id": "0126", "rapport": "2023-helar"}


def _said(name: str, **more: Any) -> Any:
    return column(name, name, f"{name} på svenska.", f"{name} in English.", **more)


@table(
    "bistand",
    Text("Bistånd efter område", "Assistance by area"),
    Text("Mottagare efter område.", "Recipients by area."),
    group="prov",
    layer=LAYER,
    key=("kommun_id", "rapport", "omrade_id"),
    extract_key=("omrade_id",),
    adds_up=("mottagare",),
)
class Bistand(Table):
    """The recipients of an area; whom to ask about them is for the house alone."""

    kommun_id: str = columns.kommun_id()
    rapport: str = columns.rapport()
    omrade_id: str = omrade_id(heading="Kod")
    over_id: str = columns.over_id()
    radtyp: str = columns.radtyp()
    mottagare: int = _said("mottagare", heading="Mottagare", unit="personer", nullable=True, counts_persons=True)
    mottagare_status: str = columns.status("Mottagare", "Recipients")
    handlaggare: str = _said("handläggare", heading="Handläggare", nullable=True, disclosure=Disclosure.INTERNAL)


def in_house() -> Contract:
    """The table as the warehouse keeps it, which has no layer for what is none of the project's."""
    return replace(contract("bistand", LAYER), layer="core")


FILE: Final = """\
Kod;Mottagare;Handläggare
0126;150;Enheten
0126R001;4;Kim Berg
0126R002;6;Robin Ek
0126R003;140;Kim Berg
"""


@pytest.fixture
def kept(tmp_path: Path) -> Warehouse:
    """A warehouse that holds the file, the areas as parts of the municipality."""
    path, declared = tmp_path / "bistand.csv", contract("bistand", LAYER)
    path.write_text(FILE, encoding="utf-8")
    handed_in = read_extract(ExtractFile("bistand", path), declared.extract).frame
    total = pl.col("omrade_id") == "0126"
    rows = handed_in.with_columns(
        kommun_id=pl.lit("0126"),
        rapport=pl.lit("2023-helar"),
        over_id=pl.when(~total).then(pl.lit("0126")),
        radtyp=pl.when(total).then(pl.lit("summa")).otherwise(pl.lit("post")),
        mottagare_status=pl.lit(None, pl.String),
    )
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.replace(in_house(), rows.select(list(declared.polars_schema)), KEY)
    return warehouse


def test_few_persons_in_an_area_are_left_blank_with_the_area_that_would_reveal_them(
    kept: Warehouse, tmp_path: Path
) -> None:
    declared = contract("bistand", LAYER)
    open_rows = kept.read_open(in_house())
    kept.close()
    out = cleared({"bistand": open_rows}, layer=LAYER)["bistand"]
    write_csv(published(out, declared), tmp_path / "ut.csv")
    told = (tmp_path / "ut.csv").read_text(encoding="utf-8")
    assert told.splitlines()[0] == "kommun_id,rapport,omrade_id,over_id,radtyp,mottagare,mottagare_status"
    assert [line.split(",", 2)[2] for line in told.splitlines()[1:]] == [
        "0126,,summa,150,",
        "0126R001,0126,post,,skyddad_smatal",
        "0126R002,0126,post,,skyddad_smatal",
        "0126R003,0126,post,140,",
    ]
    assert "Kim" not in told


def test_a_column_of_the_house_by_area_is_refused_by_the_gate_even_where_it_is_blank(kept: Warehouse) -> None:
    rows = kept.read(in_house())
    kept.close()
    for frame in (rows, rows.with_columns(handlaggare=pl.lit(None, pl.String))):
        with pytest.raises(PublicationError, match="bistand: handlaggare is not open") as refused:
            cleared({"bistand": frame}, layer=LAYER)
        assert "Kim" not in str(refused.value)
