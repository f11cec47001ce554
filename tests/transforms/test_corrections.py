"""The corrections ledger at work: what each action does, to which versions, and when an entry is over."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from pipelines.transforms.corrections import applied, rattelser, stale
from pipelines.transforms.report import Report
from sources.plan.corrections import Correction

TODAY = dt.date(2024, 6, 1)
FIRST, THEN = dt.datetime(2024, 1, 1), dt.datetime(2024, 3, 1)  # noqa: DTZ001 - the warehouse keeps UTC without a zone


def entry(**more: Any) -> Correction:
    """An entry about the value of 2023, wrongly 412; what is None is left out."""
    said = {
        "id": "fordon_2023",
        "table": "kolada_varden",
        "column": "varde",
        "rows": {"kalla_id": "N00001", "ar": 2023},
        "action": "ersatts",
        "wrong": 412.0,
        "value": 41.2,
        "reason": "Andelen är angiven i promille.",
        "reported_to": "Kolada",
        "reported": dt.date(2024, 5, 2),
        "valid_until": dt.date(2024, 12, 31),
    } | more
    return Correction.model_validate({name: value for name, value in said.items() if value is not None})


def told(*rows: tuple[str, int, float | None, dt.datetime | None]) -> pl.DataFrame:
    """Observations: source id, year, value, and until when it was known."""
    return pl.DataFrame(
        rows,
        schema={"kalla_id": pl.String, "ar": pl.Int64, "varde": pl.Float64, "kand_till": pl.Datetime("us")},
        orient="row",
    )


ROWS = told(("N00001", 2022, 40.0, None), ("N00001", 2023, 412.0, None), ("N00002", 2023, 412.0, None))


@pytest.mark.parametrize(
    ("more", "values"),
    [
        pytest.param({}, [40.0, 41.2, 412.0], id="override"),
        pytest.param(
            {"action": "skalas", "value": None, "factor": 0.1}, [40.0, pytest.approx(41.2), 412.0], id="scale"
        ),
        pytest.param({"action": "stryks", "value": None}, [40.0, 412.0], id="drop"),
        pytest.param({"action": "flaggas", "value": None}, [40.0, 412.0, 412.0], id="flag"),
        pytest.param({"rows": {"kalla_id": ["N00001", "N00002"], "ar": 2023}}, [40.0, 41.2, 41.2], id="several rows"),
        pytest.param({"wrong": None, "wrong_between": (400, 500)}, [40.0, 41.2, 412.0], id="an interval"),
        pytest.param({"wrong": 411.0}, [40.0, 412.0, 412.0], id="the value is another: it is let be"),
    ],
)
def test_an_entry_corrects_the_rows_it_names(more: dict[str, Any], values: list[float]) -> None:
    assert applied(ROWS, [entry(**more)])["varde"].to_list() == values


def test_only_the_versions_that_err_are_corrected() -> None:
    history = told(("N00001", 2023, 412.0, THEN), ("N00001", 2023, 41.0, None))
    assert applied(history, [entry()])["varde"].to_list() == [41.2, 41.0]


def test_two_entries_are_held_to_what_the_source_says_and_not_to_each_other() -> None:
    entries = [entry(), entry(id="annan", rows={"kalla_id": "N00001"}, wrong=40.0, value=412.0)]
    assert applied(ROWS, entries)["varde"].to_list() == [412.0, 41.2, 412.0]


def test_whole_numbers_stay_whole_when_they_are_scaled() -> None:
    rows = pl.DataFrame({"organisation": ["A"], "varde": [381_000]})
    one = entry(rows={"organisation": "A"}, action="skalas", value=None, factor=0.001, wrong=381_000)
    assert applied(rows, [one]).equals(pl.DataFrame({"organisation": ["A"], "varde": [381]}))


@pytest.mark.parametrize(
    ("rows", "more", "says"),
    [
        pytest.param(ROWS, {}, [], id="still needed"),
        pytest.param(
            told(("N00001", 2023, 41.2, None)),
            {},
            ["'fordon_2023'", "mended itself", "41.2 in varde (kalla_id N00001, ar 2023)"],
            id="mended",
        ),
        pytest.param(told(("N00001", 2023, None, None)), {}, ["says nothing in varde"], id="withdrawn"),
        pytest.param(
            told(("N00001", 2023, 412.0, THEN), ("N00001", 2023, 41.2, None)), {}, ["mended itself"], id="revised"
        ),
        pytest.param(told(("N00001", 2022, 40.0, None)), {}, ["has no such row"], id="gone"),
        pytest.param(ROWS, {"valid_until": dt.date(2024, 5, 31)}, ["valid until 2024-05-31", "ask Kolada"], id="over"),
    ],
)
def test_an_entry_that_is_not_needed_is_told(rows: pl.DataFrame, more: dict[str, Any], says: list[str]) -> None:
    faults = stale(rows, [entry(**more)], TODAY)
    assert len(faults) == bool(says)
    assert [part for part in says if part not in faults[0]] == []


def test_the_ledger_as_a_table_names_the_rows_and_keeps_the_values_to_itself() -> None:
    (row,) = rattelser([entry()], Report("0126", "2023-helar", 2023, "Rapporten")).to_dicts()
    assert row == {
        "kommun_id": "0126",
        "rapport": "2023-helar",
        "rattelse_id": "fordon_2023",
        "kalla": "Kolada",
        "tabell": "kolada_varden",
        "kolumn": "varde",
        "rader": "kalla_id: N00001; ar: 2023",
        "beskrivning": "Andelen är angiven i promille.",
        "atgard": "ersatts",
        "anmald_till": "Kolada",
        "anmald": dt.date(2024, 5, 2),
        "galler_tills": dt.date(2024, 12, 31),
    }
    assert rattelser([], Report("0126", "2023-helar", 2023, "Rapporten")).is_empty()
