"""The terminal: what a goal is called, and where files lie, is shown as it is and never read as layout."""

import io

import pytest
from rich.console import Console

from pipelines.terminal import show

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
