"""The answers by area of the shipped example: tables of SCB made of the counts that are at hand.

Real counts, in the form of the API. Nothing is made up:

- The counts of 2022 (and the population of 2023) are those of SCB's tables by DeSO as they stood in August
  2024, the dwellings and the population of 2025 those of September 2026. Codes of tables, variables and
  contents are SCB's. The tables of 2024 have been followed by others with other content codes, in which older
  years have not been worked out anew; the counts stand under the codes of today.
- A cell that is not at hand is blank and has no mark: RegSO, the county and the country among them. Net income
  is blank altogether: SCB tells it in the prices of the latest year, and those at hand are of an older one. So
  are the socio-economic index and type, of which none are at hand.
- The metadata hold the codes that are at hand, and no labels.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from tests.servers.scb import Table

TOLD: Final = "2026-09-30T00:00:00Z"
WIDER: Final = ("01", "00")
HUDDINGE: Final = "0126"

AGES: Final = {"totalt": "totalt", "-4": "0-4", "5-9": "5-9", "10-14": "10-14", "15-19": "15-19", "20-24": "20-24"}
TENURE: Final = {"1": "hyresratt", "2": "bostadsratt", "3": "aganderatt", "ÖVRIGT": "uppgift_saknas"}
BACKGROUND: Final = {"1": "utlandsk", "2": "svensk", "SA": "totalt"}
EDUCATION: Final = {
    "21": "forgymnasial",
    "3+4": "gymnasial",
    "5": "eftergymnasial_under_3_ar",
    "6": "eftergymnasial_3_ar_eller_mer",
    "US": "uppgift_saknas",
}
LABOUR: Final = {
    "0000089X": "sysselsatta",
    "0000089W": "arbetslosa",
    "0000089V": "arbetskraften",
    "0000089Y": "totalt",
}
STANDARD: Final = {"000008AC": "lag_procent"}


def area_tables(data: Path) -> dict[str, Table]:
    """The tables by area, from the folder ``areas`` of the material."""
    old = pl.read_csv(data / "huddinge_deso2018_2022.csv", infer_schema_length=None)
    new = pl.read_csv(data / "huddinge_deso2025_2024_2025.csv")
    key = pl.read_csv(data / "huddinge_deso_regso.csv", schema_overrides={"deso_version": pl.String})
    before, after = _codes(key, "2018", "", ""), _codes(key, "2025", "_DeSO2025", "_RegSO2025")
    people = pl.concat([_told(old, "folkmangd", "alder", AGES), _told(old, "folkmangd", "kon", {"totalt": "totalt"})])
    now = new.select(Region=pl.format("{}_DeSO2025", "deso_kod"), by=pl.lit("totalt"), Tid=pl.lit("2025"))
    population = pl.concat([people, now.with_columns(value=new["folkmangd_2025"].cast(pl.Float64))])
    mixed = (HUDDINGE, *before, *after, *WIDER)
    both = {"Kon": ("1+2",)}
    return {
        "TAB6258": _table(before, "Upplatelseform", _told(old, "lagenheter", "upplatelseform", TENURE), "000006OC"),
        "TAB6638": _table(after, "Upplatelseform", _dwellings_now(new), "00000864"),
        "TAB6574": _table(mixed, "Alder", population, "000007Y7", both),
        "TAB6571": _table(mixed, "UtlBakgrund", _told(old, "folkmangd", "bakgrund", BACKGROUND), "000007Y4", both),
        "TAB5956": _table(
            (HUDDINGE, *before),
            "UtbildningsNiva",
            _told(old, "personer_25_64", "utbildningsniva", EDUCATION),
            "000005MO",
        ),
        "TAB6680": _table(
            (*before, *after),
            "ContentsCode",
            _told(old, "personer_16_64", "arbetsmarknadsstatus", LABOUR),
            None,
            {**both, "Alder": ("16-64",)},
        ),
        "TAB6683": _table(mixed, "ContentsCode", _nothing("000008A4"), None, {**both, "Inkomstkomponenter": ("240",)}),
        "TAB6586": _table(
            tuple(code for code in (*before, *after) if code[4] == "R"),
            "ContentsCode",
            _nothing("000008IT", "000008IU"),
            None,
        ),
        "TAB6685": _table(
            mixed, "ContentsCode", _told(old, "ekonomisk_standard", "matt", STANDARD), None, {"Alder": ("tot",)}
        ),
    }


def _codes(key: pl.DataFrame, version: str, deso: str, regso: str) -> tuple[str, ...]:
    """The codes of both levels in a division, in SCB's order."""
    rows = key.filter(pl.col("deso_version") == version)
    own = [*(f"{code}{deso}" for code in rows["deso_kod"]), *(f"{code}{regso}" for code in rows["regso_kod"].unique())]
    return tuple(sorted(own))


def _told(old: pl.DataFrame, subject: str, by: str, words: Mapping[str, str]) -> pl.DataFrame:
    """The cells of a subject, by code."""
    codes = {word: code for code, word in words.items()}
    rows = old.filter(pl.col("amne") == subject, pl.col("uppdelning") == by, pl.col("kategori").is_in(list(codes)))
    return rows.select(
        Region="deso_kod",
        by=pl.col("kategori").replace_strict(codes, return_dtype=pl.String),
        Tid=pl.col("ar").cast(pl.String),
        value=pl.col("varde").cast(pl.Float64),
    )


def _dwellings_now(new: pl.DataFrame) -> pl.DataFrame:
    """The dwellings of 2025."""
    columns = {"hyresratt_2025": "1", "bostadsratt_2025": "2", "aganderatt_2025": "3", "ovrigt_2025": "ÖVRIGT"}
    return new.unpivot(list(columns), index="deso_kod", variable_name="by", value_name="value").select(
        Region=pl.format("{}_DeSO2025", "deso_kod"),
        by=pl.col("by").replace_strict(columns, return_dtype=pl.String),
        Tid=pl.lit("2025"),
        value=pl.col("value").cast(pl.Float64),
    )


def _nothing(*codes: str) -> pl.DataFrame:
    """A table whose codes and year are known, and none of its cells."""
    schema = {"Region": pl.String, "by": pl.String, "Tid": pl.String, "value": pl.Float64}
    return pl.DataFrame([(HUDDINGE, code, "2022", None) for code in codes], schema=schema, orient="row")


def _table(
    regions: tuple[str, ...],
    by: str,
    cells: pl.DataFrame,
    content: str | None,
    fixed: Mapping[str, tuple[str, ...]] | None = None,
) -> Table:
    """A table of these cells; variables with one code each stand beside."""
    fixed = {**(fixed or {}), **({"ContentsCode": (content,)} if content else {})}
    codes = {
        "Region": regions,
        by: tuple(cells["by"].unique(maintain_order=True)),
        **fixed,
        "Tid": tuple(sorted(cells["Tid"].unique())),
    }
    full = cells.rename({"by": by}).with_columns(
        *(pl.lit(each[0]).alias(name) for name, each in fixed.items()), status=pl.lit(None, pl.String)
    )
    return Table(codes, full.select(*codes, "value", "status"), time="Tid", metric="ContentsCode", updated=TOLD)
