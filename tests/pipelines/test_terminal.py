"""The terminal: what a goal is called, and where files lie, is shown as it is and never read as layout."""

import io
from typing import Any

import pytest
from rich.console import Console

from pipelines.runs.terminal import show

LAST = {
    "goals": [
        {
            "namndmal": "Öka [/bold] trygghet [red]x",
            "beraknad_maluppfyllelse": "Ej uppfyllt",
            "beslutad_maluppfyllelse": None,
            "stammer": None,
        }
    ],
    "overall": {"beraknad_maluppfyllelse": "Ej uppfyllt", "beslutad_maluppfyllelse": None, "stammer": None},
    "indicators": {"uppnatt": 1},
    "datasets": [{"dataset": "uppdrag", "rows": 24, "change": "added"}],
    "quarantine": [],
    "report": "2023-helar",
    "state": "published",
    "ended": "",
    "public": "out[/b]",
    "errors": ["a :smile: [/x]"],
}


def test_signs_of_layout_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    show(LAST)
    shown = capsys.readouterr().out
    for text in ("Öka [/bold] trygghet [red]x", "out[/b]/latest", "a :smile: [/x]", "1 reached"):
        assert text in shown


def test_a_console_of_the_callers_is_used() -> None:
    told = io.StringIO()
    show(LAST, Console(file=told, width=100, markup=False, emoji=False))
    assert "uppdrag" in told.getvalue()


SAMPLE = {"key": {"rad_id": "personal"}, "before": {"budget_tkr": 1.0}, "after": {"budget_tkr": 2.0}}
NONE: dict[str, Any] = {"new_samples": [], "lost_samples": [], "revised_samples": [], "new_rows": 0, "lost_rows": 0}
COLUMNS: dict[str, Any] = {"columns_added": [], "columns_removed": [], "columns_changed": []}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            {"revised_rows": 1, "revised_samples": [SAMPLE]},
            ["  resultatrakning: 1 revised rows", "    revised personal: budget_tkr 1.0 → 2.0"],
            id="a revised value",
        ),
        pytest.param(
            {"new_rows": 1, "new_samples": [{**SAMPLE, "before": {}}]},
            ["  resultatrakning: 1 new rows", "    new personal: budget_tkr 2.0"],
            id="a new row",
        ),
        pytest.param(
            {"lost_rows": 1, "lost_samples": [{**SAMPLE, "after": {}}]},
            ["  resultatrakning: 1 lost rows", "    lost personal: budget_tkr 1.0"],
            id="a lost row",
        ),
        pytest.param(
            {"columns_added": ["a"], "columns_changed": ["b", "c"]},
            ["  resultatrakning: columns added a; columns changed b, c"],
            id="other columns",
        ),
        pytest.param({"kind": "added"}, ["  resultatrakning: added"], id="a new table"),
        pytest.param(
            {"revised_rows": 1, "revised_samples": [{**SAMPLE, "after": {"budget_tkr": None}}]},
            ["  resultatrakning: 1 revised rows", "    revised personal: budget_tkr 1.0 → blank"],
            id="a value that has gone",
        ),
    ],
)
def test_what_changed_since_the_last_release(table: dict[str, Any], expected: list[str]) -> None:
    whole = {"dataset": "resultatrakning", "kind": "changed", "revised_rows": 0, **NONE, **COLUMNS, **table}
    told = io.StringIO()
    difference: dict[str, Any] = {"against": "2026-11-24", "flips": [], "about": [], "tables": [whole]}
    show({**LAST, "difference": difference}, Console(file=told, width=200, highlight=False, markup=False, emoji=False))
    lines = told.getvalue().splitlines()
    begins = lines.index("Changes since release 2026-11-24:")
    assert lines[begins + 1 : begins + 1 + len(expected)] == expected


def test_a_first_release_has_nothing_to_differ_from() -> None:
    told = io.StringIO()
    difference: dict[str, Any] = {"against": None, "flips": [], "about": [], "tables": []}
    show({**LAST, "difference": difference}, Console(file=told, width=200, markup=False, emoji=False))
    assert "Changes" not in told.getvalue()
