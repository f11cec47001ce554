"""The corrections ledger through the command: what is published, what is kept as it came, and a source that mends."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.end_to_end.place import Place, rewrite
from tests.end_to_end.report_tables import published
from tests.end_to_end.test_exit_status import paragraphs

ENTRY = """
[[correction]]
id = "{id}"
table = "{table}"
column = "varde"
rows = {rows}
action = "{action}"
wrong = {wrong}
{more}
reason = "Ett påhittat fel."
reported_to = "HR-avdelningen"
reported = 2024-02-01
valid_until = 2999-12-31
"""
EMPLOYED = ENTRY.format(
    id="antal_2023",
    table="antal_anstallda",
    rows='{ organisation = "Kommunstyrelsens förvaltning", ar = 2023 }',
    action="ersatts",
    wrong=420,
    more="value = 400",
)


def ledger(place: Place, *entries: str) -> Path:
    """Write these entries into the place's own plan."""
    path = place.edit_plan() / "corrections.toml"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def kolada_entry(latest: Path) -> tuple[dict[str, str], str]:
    """A value of Kolada that is published, and an entry that drops it."""
    row = published(latest, "jamforelsetal_kolada").filter(pl.col("varde").is_not_null()).row(0, named=True)
    rows = (
        f'{{ kalla_id = "{row["kpi_id"]}", kommun_id = "{row["kommun_id"]}", ar = {row["ar"]}, kon = "{row["kon"]}" }}'
    )
    said = {"id": "fel_hos_kolada", "table": "kolada_varden", "rows": rows, "action": "stryks", "more": ""}
    return row, ENTRY.format(**said, wrong=float(row["varde"]))


@pytest.mark.slow
def test_figures_are_corrected_and_what_came_is_kept(refreshed: Place) -> None:
    before = published(refreshed.latest, "jamforelsetal_kolada")
    dropped, entry = kolada_entry(refreshed.latest)
    ledger(refreshed, EMPLOYED, entry)
    ended = refreshed.run("refresh")
    assert ended.status == 0, ended.err
    told = published(refreshed.latest, "rattelser").select("rattelse_id", "kalla", "atgard", "anmald_till").rows()
    assert told == [
        ("antal_2023", "Kommunens underlag", "ersatts", "HR-avdelningen"),
        ("fel_hos_kolada", "Kolada", "stryks", "HR-avdelningen"),
    ]
    employed = published(refreshed.latest, "antal_anstallda").select("ar", "varde", "forandring").rows()
    assert employed == [("2022", "381", None), ("2023", "400", "19")]
    after = published(refreshed.latest, "jamforelsetal_kolada")
    assert before.join(after, on=after.columns, how="anti", nulls_equal=True).to_dicts() == [dropped]
    assert published(refreshed.latest, "revideringar").is_empty()
    with duckdb.connect(str(refreshed.home / "snapshot" / "warehouse.duckdb"), read_only=True) as warehouse:
        raw = warehouse.sql("SELECT varde FROM raw.antal_anstallda ORDER BY ar").fetchall()
        kept = warehouse.execute(
            "SELECT varde FROM core.kolada_varden WHERE (kalla_id, kommun_id, ar, kon) = (?, ?, ?, ?)",
            [dropped["kpi_id"], dropped["kommun_id"], int(dropped["ar"]), dropped["kon"]],
        ).fetchall()
    assert raw == [(381,), (420,)]
    assert kept == [(float(dropped["varde"]),)]


@pytest.mark.slow
def test_a_source_that_has_mended_itself_stops_the_refresh(refreshed: Place) -> None:
    before = refreshed.seen()
    _, entry = kolada_entry(refreshed.latest)
    value = entry.partition("wrong = ")[2].split()[0]
    ledger(refreshed, EMPLOYED, entry.replace(f"wrong = {value}", "wrong = -1.0"))
    rewrite(refreshed.plan / "extracts" / "antal_anstallda.csv", ";420;39;", ";400;19;")
    ended = refreshed.run("refresh")
    assert ended.status == 1
    *told, remains = paragraphs(ended.err)
    assert all(one.startswith("corrections.toml: ") for one in told)
    mended = "the source has mended itself"
    assert any(f"'antal_2023': {mended}, antal_anstallda now says 400 in varde" in one for one in told)
    assert any(f"'fel_hos_kolada': {mended}, kolada_varden now says {value} in varde" in one for one in told)
    assert remains.startswith("Nothing was published")
    assert refreshed.seen() == before


def test_a_ledger_that_does_not_hold_is_wrong_use(refreshed: Place) -> None:
    ledger(refreshed, EMPLOYED.replace('"varde"', '"antal"'))
    ended = refreshed.run("refresh")
    assert ended.status == 2
    (told,) = paragraphs(ended.err)
    assert told.startswith("corrections.toml, correction 'antal_2023': antal_anstallda has no column 'antal'.")
