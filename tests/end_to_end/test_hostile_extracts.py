"""Hostile files through the command: each is told in a paragraph, and nothing of any of them is published."""

import random

import pytest

from tests.end_to_end.place import Place
from tests.end_to_end.test_exit_status import paragraphs
from tests.sources.hostile import CSVS, WORKBOOKS

pytestmark = pytest.mark.slow

PLANTED = {
    "resultatrakning.csv": CSVS["a quotation mark that is never closed"],
    "sjukfranvaro.csv": CSVS["more than fifty megabytes"],
    "stickprov.csv": CSVS["UTF-16 from nowhere"],
    "uppdrag.csv": lambda: random.Random(10).randbytes(200_000),  # noqa: S311 - not a secret: the same bytes each time
    "textuppgifter.csv": CSVS["nothing but quotation marks"],
    "investeringar.xlsx": WORKBOOKS["entities that multiply"],
    "fordonsflotta.xlsx": WORKBOOKS["a zip bomb"],
    "exploateringsprojekt.xlsx": WORKBOOKS["elements a hundred thousand deep"],
}


def test_hostile_extracts_are_refused_and_nothing_is_published(refreshed: Place) -> None:
    before = refreshed.seen()
    extracts = refreshed.edit_plan() / "extracts"
    for name, make in PLANTED.items():
        (extracts / name).write_bytes(make())
    ended = refreshed.run("refresh")
    assert ended.status == 1
    told = paragraphs(ended.err)
    assert told[-1].startswith("Nothing was published")
    for name in PLANTED:
        assert any(one.startswith(f"extracts/{name}") for one in told), name
    assert all(one.isprintable() and len(one) < 5_000 for one in told)
    assert "Traceback" not in ended.err + ended.out
    assert refreshed.seen() == before
