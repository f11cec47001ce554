"""Reading a corrections ledger: what an entry must say, and how one that does not hold is refused."""

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from contracts.vocabulary import Correcting
from sources.plan import load_plan
from tests.sources.plans import changed, refused, written

LEDGER: Final = """\
[[correction]]
id = "fordon_2023"
table = "kolada_varden"
column = "varde"
rows = { kalla_id = "N00001", kommun_id = ["0126", "0127"], ar = 2023 }
action = "ersatts"
wrong = 412.0
value = 41.2
reason = "Andelen är angiven i promille."
reported_to = "Kolada"
reported = 2024-05-02
valid_until = 2099-12-31
"""


def with_ledger(folder: Path, ledger: str) -> Path:
    (written(folder) / "corrections.toml").write_text(ledger, encoding="utf-8")
    return folder


def test_an_entry_is_read_and_its_file_is_part_of_the_plan(tmp_path: Path) -> None:
    plan = load_plan(with_ledger(tmp_path, LEDGER))
    (entry,) = plan.corrections_of("kolada_varden")
    assert (entry.action, entry.wrong, entry.value, entry.valid_until) == (
        Correcting.OVERRIDE,
        412.0,
        41.2,
        dt.date(2099, 12, 31),
    )
    assert entry.rows == {"kalla_id": "N00001", "kommun_id": ("0126", "0127"), "ar": 2023}
    assert plan.files["corrections.toml"] == LEDGER.encode()


def test_a_plan_without_a_ledger_has_no_entries(tmp_path: Path) -> None:
    assert load_plan(written(tmp_path)).corrections == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param('"kolada_varden"', '"kolada"', ["'kolada' is no table", "resultatrakning"], id="an unknown table"),
        pytest.param('"varde"', '"vaerde"', ["has no column 'vaerde'", "kalla_id"], id="an unknown column"),
        pytest.param("ar = 2023", "year = 2023", ["has no column 'year'"], id="rows by an unknown column"),
        pytest.param(
            "ar = 2023",
            'ar = "2023"',
            ["'2023' cannot stand in ar", "a whole number"],
            id="a year as text",
        ),
        pytest.param("value = 41.2\n", "", ["'fordon_2023'", "value is missing"], id="nothing to replace it with"),
        pytest.param('"ersatts"', '"stryks"', ["value says nothing to stryks"], id="a value for a row that is dropped"),
        pytest.param("wrong = 412.0\n", "", ["exactly one of wrong and wrong_between"], id="no guard"),
        pytest.param("value = 41.2", "value = 412.0", ["nothing would be corrected"], id="nothing changed"),
        pytest.param("2099-12-31", "2024-01-01", ["valid_until is before reported"], id="over before it began"),
        pytest.param('"ersatts"', '"raderas"', ["action", "'stryks'"], id="an unknown action"),
        pytest.param("2099-12-31\n", f"2099-12-31\n{LEDGER}", ["the id stands twice"], id="an id twice"),
        pytest.param('reported_to = "Kolada"\n', "", ["reported_to: is missing"], id="reported to no one"),
        pytest.param(
            'column = "varde"', 'column = "status"', ["41.2 cannot stand in status"], id="a number in a column of texts"
        ),
    ],
)
def test_a_ledger_that_does_not_hold_is_refused(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    error = refused(with_ledger(tmp_path, changed(LEDGER, old, new)))
    assert error.where.startswith("corrections.toml")
    assert [part for part in told if part not in str(error)] == []
