"""The command ``etappmal contracts``: the dictionary as text and as JSON, and empty extracts."""

import json

from contracts import contracts
from tests.end_to_end.place import Place

LAYERS = {"core", "open", "drift"}
"""The project's own: a process that runs other tests has declared their tables too."""


def test_the_dictionary_tells_every_table(place: Place) -> None:
    ended = place.run("contracts", "--json")
    assert (ended.status, ended.err) == (0, "")
    told = [(table["layer"], table["table"]) for table in json.loads(ended.out)]
    # Other tests declare tables of their own in a layer of their own.
    assert told == [(declared.layer, declared.name) for declared in contracts() if declared.layer in LAYERS]


def test_a_table_is_told_in_words(place: Place) -> None:
    ended = place.run("contracts", "stickprov", "--language", "en")
    assert ended.status == 0
    assert ended.out.startswith("open.stickprov 1.0.0: Samples of internal control\n")
    assert "antal_fel (integer, antal, may be blank, extrakt, öppen, heading 'Antal fel')" in ended.out
    assert "post: A single item." in ended.out
    assert "antal_fel:summa (varnar): The total is what its parts make." in ended.out
    assert place.run("contracts", "stickprov").out.startswith("open.stickprov 1.0.0: Stickprov i internkontrollen\n")


def test_an_unknown_table_is_wrong_use_and_the_known_ones_are_named(place: Place) -> None:
    ended = place.run("contracts", "stickproov")
    assert ended.status == 2
    assert "no table is called stickproov; declared are: " in ended.err
    assert "stickprov" in ended.err


def test_empty_extracts_are_written_once(place: Place) -> None:
    folder = place.folder / "mallar"
    ended = place.run("contracts", "--templates", str(folder))
    assert ended.status == 0
    assert "empty extracts, and LAS_MIG.md" in ended.out
    again = place.run("contracts", "--templates", str(folder))
    assert again.status == 2
    assert "is there already, perhaps filled in" in again.err
    assert "Traceback" not in again.err
