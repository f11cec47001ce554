"""Quarantine in numbers: counts by table, rule and source, and since when."""

from datetime import datetime
from typing import Final

import polars as pl

from contracts import check, contract
from pipelines.transforms.quarantine import karantan

DECLARED: Final = contract("karantan", "drift")
EARLIER, NOW = datetime(2026, 1, 1), datetime(2026, 1, 2)  # noqa: DTZ001 - the warehouse keeps UTC without a zone
PATTERN: Final = "Värdet följer mönstret ^[a-z_]+:[^:]+(:[a-z0-9_]+)?$."


def broken(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    """Counts as the warehouse gives them."""
    return pl.DataFrame(list(rows), schema=["table_name", "regel", "kalla", "antal"], orient="row")


def test_rows_are_counted_by_rule_and_source_and_told_in_words() -> None:
    found = karantan(
        broken(
            ("raw.textuppgifter", "kopplad_till:str_matches", "a.csv", 2),
            ("open.textuppgifter", "kopplad_till:str_matches", "a.csv", 1),
            ("open.textuppgifter", "varde:varde_eller_text", "a.csv", 1),
            ("core.kolada_varden", "kon:isin", "Kolada", 7),
        ),
        pl.DataFrame(schema=DECLARED.polars_schema),
        NOW,
    )
    assert found.rows() == [
        ("kolada_varden", "kon:isin", "Värdet är något av: T, K, M.", "Kolada", 7, NOW),
        ("textuppgifter", "kopplad_till:str_matches", PATTERN, "a.csv", 3, NOW),
        (
            "textuppgifter",
            "varde:varde_eller_text",
            "Uppgiften har ett värde eller det som är tryckt i ord.",
            "a.csv",
            1,
            NOW,
        ),
    ]
    assert check(found, DECLARED).breaches == ()


def test_what_was_broken_before_is_broken_since_then() -> None:
    rows = broken(("core.kolada_varden", "kon:isin", "Kolada", 7))
    before = karantan(rows, pl.DataFrame(schema=DECLARED.polars_schema), EARLIER)
    more = broken(("core.kolada_varden", "kon:isin", "Kolada", 9), ("core.scb_varden", "kon:isin", "SCB", 1))
    assert karantan(more, before, NOW).select("kalla", "antal", "sedan").rows() == [
        ("Kolada", 9, EARLIER),
        ("SCB", 1, NOW),
    ]
    assert karantan(rows.clear(), before, NOW).is_empty()
