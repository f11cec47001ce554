"""Claims in a plan folder, through the command: a new one is judged, one that does not hold is told."""

import polars as pl
import pytest

from tests.end_to_end.place import Place, rewrite

CLAIM = """
[[claim]]
id = "ny_uppgift"
what = "Inventarier"
value = 1.3
unit = "mnkr"
decimals = 1
line = 831
expression = "{}"
"""


def add(place: Place, expression: str) -> None:
    """Write another claim at the end of the plan's."""
    path = place.edit_plan() / "claims.toml"
    path.write_text(path.read_text(encoding="utf-8") + CLAIM.format(expression), encoding="utf-8")


def test_a_claim_that_cannot_be_read_is_wrong_use(refreshed: Place) -> None:
    before = refreshed.seen()
    add(refreshed, "investeringar['inventarier'].utfal_tkr")
    ended = refreshed.run("refresh")
    assert ended.status == 2
    assert "claims.toml: claim 'ny_uppgift'" in ended.err
    assert "did you mean 'utfall_tkr'?" in ended.err
    assert "Traceback" not in ended.err
    assert refreshed.seen() == before


@pytest.mark.slow
def test_a_new_claim_is_judged(refreshed: Place) -> None:
    add(refreshed, "abs(investeringar['inventarier'].utfall_tkr)")
    ended = refreshed.run("refresh")
    assert ended.status == 0, ended.err
    found = pl.read_csv(refreshed.latest / "siffergranskning.csv", infer_schema=False)
    (row,) = found.filter(pl.col("kontroll_id") == "pastaende_ny_uppgift").to_dicts()
    assert (row["pastatt"], row["beraknat"], row["utslag"], row["kalla_rad"]) == ("1.3", "1.337", "stammer", "831")


@pytest.mark.slow
def test_a_claim_in_another_unit_is_refused_and_the_last_publication_stays(refreshed: Place) -> None:
    before = refreshed.seen()
    add(refreshed, "count(uppdrag)")
    ended = refreshed.run("refresh")
    assert ended.status == 1
    assert "claims.toml, claim 'ny_uppgift': a figure in antal cannot be held against mnkr." in ended.err
    assert "Traceback" not in ended.err
    assert refreshed.seen() == before


@pytest.mark.slow
def test_a_claim_whose_figure_is_in_quarantine_waits_for_it(refreshed: Place) -> None:
    figures = refreshed.edit_plan() / "extracts" / "textuppgifter.csv"
    rewrite(figures, "indikatorer:fordon_fornybara_drivmedel;263", "ingenstans;263")
    ended = refreshed.run("refresh")
    assert ended.status == 0, ended.err
    found = pl.read_csv(refreshed.latest / "siffergranskning.csv", infer_schema=False)["kontroll_id"].to_list()
    assert "textuppgifter_fordon_fornybara_drivmedel_okning" not in found
    assert "textuppgifter_fordon_fornybara_drivmedel" in found
