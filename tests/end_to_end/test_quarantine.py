"""Rows that break a rule, through the command: in quarantine with file and row, counted, and never published."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests.end_to_end.place import Place, rewrite

CLAIMS = "textuppgifter.csv"
ASSIGNMENTS = "uppdrag.csv"


def asked(place: Place, query: str) -> list[dict[str, Any]]:
    """What the warehouse answers."""
    with duckdb.connect(str(place.home / "snapshot" / "warehouse.duckdb"), read_only=True) as connection:
        frame: pl.DataFrame = connection.sql(query).pl()
        return frame.to_dicts()


def line_of(path: Path, text: str) -> int:
    """The line of a file in which a text first stands."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_row_in_quarantine_is_counted_and_the_others_are_published(place: Place) -> None:
    claims = place.edit_plan() / "extracts" / CLAIMS
    linked = "resultatrakning:arets_resultat:avvikelse_tkr;38"
    row = line_of(claims, linked)
    rewrite(claims, linked, "ingenstans;38")
    ended = place.run("refresh")
    assert ended.status == 0, ended.err
    assert "Rows in quarantine: 1 (raw.textuppgifter 1)" in ended.out

    (bad,) = asked(place, "FROM meta.quarantine")
    assert (bad["table_name"], bad["kalla"], bad["rad"]) == ("raw.textuppgifter", f"extracts/{CLAIMS}", row)
    assert bad["regler"] == ["kopplad_till:str_matches"]
    assert '"kopplad_till":"ingenstans"' in bad["innehall"]
    ((run,),) = [tuple(found.values()) for found in asked(place, "SELECT DISTINCT run_id FROM meta.quarantine")]
    assert run in place.run("runs").out

    published = pl.read_csv(place.latest / CLAIMS)
    assert "ks_underskott_sammanfattning" not in published["uppgift_id"].to_list()
    assert published.height == len(claims.read_text(encoding="utf-8-sig").splitlines()) - 2

    (counted,) = asked(place, "SELECT * EXCLUDE sedan FROM drift.karantan")
    assert counted == {
        "tabell": "textuppgifter",
        "regel": "kopplad_till:str_matches",
        "beskrivning": "Värdet följer mönstret ^[a-z_]+:[^:]+(:[a-z0-9_]+)?$.",
        "kalla": f"extracts/{CLAIMS}",
        "antal": 1,
    }

    since = asked(place, "SELECT sedan FROM drift.karantan")
    assert place.run("refresh").status == 0
    assert asked(place, "SELECT sedan FROM drift.karantan") == since, "it is broken since the first time"

    rewrite(claims, "ingenstans;38", linked)
    assert place.run("refresh").status == 0
    assert asked(place, "FROM meta.quarantine") == []
    assert asked(place, "FROM drift.karantan") == []


def test_a_rule_about_whole_rows_names_the_row_of_the_file_too(place: Place) -> None:
    claims = place.edit_plan() / "extracts" / CLAIMS
    row = line_of(claims, "ks_underskott_sammanfattning")
    rewrite(
        claims,
        "ks_underskott_sammanfattning;Sammanfattning;Kommunstyrelsens underskott 2023;−22;;",
        "ks_underskott_sammanfattning;Sammanfattning;Kommunstyrelsens underskott 2023;−22;9;",
    )
    assert place.run("refresh").status == 0
    (bad,) = asked(place, "SELECT table_name, kalla, rad, regler FROM meta.quarantine")
    assert bad == {
        "table_name": "open.textuppgifter",
        "kalla": f"extracts/{CLAIMS}",
        "rad": row,
        "regler": ["varde_till:intervall"],
    }


def test_the_rows_for_which_a_file_is_refused_are_in_quarantine_too(place: Place) -> None:
    file = place.edit_plan() / "extracts" / ASSIGNMENTS
    rewrite(file, "\tklart\tklart", "\tkanske\tklart")
    row = line_of(file, "\tkanske\tklart")
    ended = place.run("refresh")
    assert ended.status == 1
    assert f"row {row}, column 'Status' ('kanske')" in ended.err
    assert not place.latest.exists()
    (bad,) = asked(place, "SELECT table_name, kalla, rad, regler FROM meta.quarantine")
    assert bad == {
        "table_name": "raw.uppdrag",
        "kalla": f"extracts/{ASSIGNMENTS}",
        "rad": row,
        "regler": ["status:isin"],
    }
