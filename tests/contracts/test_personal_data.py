"""Personal data in text: what is found, in whatever form it is written, and what only looks like it.

The numbers are made up: they have the right check digits, and belong to no one that is known.
"""

import polars as pl
import pytest

from contracts.personal_data import findings

IDENTITY = "a personal identity number or a coordination number"
EMAIL = "an e-mail address"
PHONE = "a telephone number"
CONTACT = "oppnadata@example.se"


def kinds(text: str | None) -> list[str]:
    """What is found in a text."""
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    return [found.what for found in findings(frame, ["text"], [CONTACT])]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("811218-9876", IDENTITY, id="ten digits"),
        pytest.param("19811218-9876", IDENTITY, id="twelve digits"),
        pytest.param("8112189876", IDENTITY, id="without a dash"),
        pytest.param("811218 – 9876", IDENTITY, id="with an en dash and spaces"),
        pytest.param("181218+9874", IDENTITY, id="a hundred years old"),
        pytest.param("811278-9873", IDENTITY, id="a coordination number"),
        pytest.param("Handläggs för 811218-9876, se bilaga.", IDENTITY, id="in a sentence"),
        pytest.param("pnr8112189876", IDENTITY, id="right after a word"),
        pytest.param("811218\u00ad9876", IDENTITY, id="with a soft hyphen in it"),
        pytest.param("12345678-9, 811218-9876", IDENTITY, id="after another number"),
        pytest.param("anna.andersson@example.se", EMAIL, id="an address"),
        pytest.param("Åsa.Öberg@xn--kommun.example.se", EMAIL, id="an address with Swedish letters"),
        pytest.param("anna(at)example.se", EMAIL, id="an address in disguise"),
        pytest.param(f"{CONTACT} eller anna@example.se", EMAIL, id="an address beside that of a function"),
        pytest.param("070-174 06 05", PHONE, id="a mobile telephone"),
        pytest.param("0701740605", PHONE, id="a mobile telephone without spaces"),
        pytest.param("08-465 004 00", PHONE, id="a telephone in Stockholm"),
        pytest.param("(08) 465 004 00", PHONE, id="an area code in brackets"),
        pytest.param("+46 (0)70 174 06 05", PHONE, id="with the code of the country"),
        pytest.param("tel.070-1740605", PHONE, id="after a full stop"),
    ],
)
def test_personal_data_is_found(text: str, what: str) -> None:
    assert kinds(text) == [what]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="nothing"),
        pytest.param("811218-9875", id="a wrong check digit"),
        pytest.param("811318-9877", id="a month that there is not"),
        pytest.param("212000-0068", id="an organisation number"),
        pytest.param("KS-2020/716.912", id="a diary number"),
        pytest.param("Visättra 1:12", id="a property"),
        pytest.param("1 234 567", id="an amount"),
        pytest.param("−60 379,5", id="a negative amount"),
        pytest.param("0,8112189876", id="decimals"),
        pytest.param("2023-12-31 02:15", id="a time"),
        pytest.param("2021–2023", id="years"),
        pytest.param("0126", id="a municipality"),
        pytest.param("0126 0127 0128", id="municipalities"),
        pytest.param("N00670", id="a KPI"),
        pytest.param("15–90 dagar", id="an interval"),
        pytest.param("antal_anstallda:forvaltningen/2023:varde", id="a place in a table"),
        pytest.param(CONTACT.upper(), id="the mailbox of a function"),
        pytest.param("3 kr @ 2 st", id="a sign for each"),
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str | None) -> None:
    assert kinds(text) == []


def test_each_place_is_named() -> None:
    frame = pl.DataFrame({"a": ["ett", "anna@example.se", None], "b": ["två", "0701740605", "811218-9876"]})
    found = [(one.row, one.column, one.what) for one in findings(frame, ["a", "b"])]
    assert found == [(1, "a", EMAIL), (2, "b", IDENTITY), (1, "b", PHONE)]
    assert list(findings(frame, ["a"], ["anna@example.se"])) == []
