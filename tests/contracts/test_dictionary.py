"""The data dictionary: that it tells all that is declared, in both languages, and can be read by a machine."""

import json

import pytest

from contracts import Contract, contracts
from contracts.dictionary import entry
from contracts.rulebook import rule_text, rules_of
from contracts.vocabulary import Text
from tests.contracts.small import SMALL


def test_a_column_is_told_with_everything_that_is_declared_of_it() -> None:
    (belopp,) = (column for column in entry(SMALL)["columns"] if column["name"] == "belopp")
    assert belopp == {
        "name": "belopp",
        "aliases": [],
        "type": "BIGINT",
        "type_text": {"sv": "heltal", "en": "integer"},
        "unit": "tkr",
        "decimals": None,
        "nullable": True,
        "key": False,
        "title": {"sv": "Belopp", "en": "Belopp"},
        "description": {"sv": "Belopp", "en": "Belopp"},
        "values": None,
        "references": None,
        "source": {"value": "extrakt", "sv": "Kommunens egen fil.", "en": "The municipality's own file."},
        "disclosure": {"value": "öppen", "sv": "Får publiceras.", "en": "May be published."},
        "counts_persons": False,
        "heading": "Belopp",
    }


def test_the_words_of_a_closed_list_have_their_prose() -> None:
    (farg,) = (column for column in entry(SMALL)["columns"] if column["name"] == "farg")
    assert farg["values"] == [
        {"value": "rod", "sv": "Röd.", "en": "Red."},
        {"value": "bla", "sv": "Blå.", "en": "Blue."},
    ]


def test_the_rules_of_a_table_are_told_by_name_with_what_a_breach_does() -> None:
    told = {rule["rule"]: (rule["severity"]["value"], rule["en"]) for rule in entry(SMALL)["rules"]}
    assert told == {
        "rad_id:ej_tom": ("stoppar", "The value is not blank."),
        "rad_id:str_matches": ("stoppar", "The value follows the pattern ^[a-z]+$."),
        "rad_id:okand_referens": ("stoppar", "The name is a row that the plan declares for the table."),
        "farg:isin": ("karantan", "The value is one of: rod, bla."),
        "belopp:greater_than_or_equal_to": ("varnar", "The value is at least 0."),
        "andel:ej_tom": ("stoppar", "The value is not blank."),
        "nyckel:unik": ("stoppar", "The same key occurs once."),
        "andel:hel": ("karantan", "The share is at most a hundred."),
        "belopp_mot_andel": ("varnar", "The amount is above the share."),
    }
    assert rule_text(SMALL, "andel:hel").sv == "Andelen är högst hundra."
    assert rule_text(SMALL, "okänd") == Text("okänd", "okänd")


@pytest.mark.parametrize("declared", [pytest.param(declared, id=declared.table) for declared in contracts()])
def test_every_table_is_told_whole(declared: Contract) -> None:
    told = json.loads(json.dumps(entry(declared)))
    assert [column["name"] for column in told["columns"]] == declared.polars_schema.names()
    assert [rule["rule"] for rule in told["rules"]] == [rule.name for rule in rules_of(declared)]
    assert len({rule["rule"] for rule in told["rules"]}) == len(told["rules"])
    assert (told["version"] is not None) is (declared.layer == "open")
