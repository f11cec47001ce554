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
        pytest.param("\uff18\uff11\uff11\uff12\uff11\uff18-\uff19\uff18\uff17\uff16", IDENTITY, id="full-width digits"),
        pytest.param("\u0668\u0661\u0661\u0662\u0661\u0668-\u0669\u0668\u0667\u0666", IDENTITY, id="Arabic digits"),
        pytest.param("\U0001d7d6\U0001d7cf\U0001d7cf\U0001d7d0\U0001d7cf\U0001d7d6-9876", IDENTITY, id="bold digits"),
        pytest.param("\u2078\u00b9\u00b9\u00b2\u00b9\u2078-9876", IDENTITY, id="superscript digits"),
        pytest.param("1981-12-18-9876", IDENTITY, id="a date with dashes"),
        pytest.param("1981 12 18 98 76", IDENTITY, id="in pairs"),
        pytest.param("8 1 1 2 1 8 9 8 7 6", IDENTITY, id="digit by digit"),
        pytest.param("8-1-1-2-1-8 - 9-8-7-6", IDENTITY, id="digit by digit with dashes"),
        pytest.param("19811218/9876", IDENTITY, id="with a slash"),
        pytest.param("19811218_9876", IDENTITY, id="with an underscore"),
        pytest.param("1981.12.18-9876", IDENTITY, id="a date with full stops"),
        *(
            pytest.param(f"811218{dash}9876", IDENTITY, id=f"a dash U+{ord(dash[0]):04X} {len(dash)}")
            for dash in ("\u2014", "\u2015", "\uff0d", "\ufe63", "\ufe58", "--", "\u2212", "\u2043", "\u2e3a")
        ),
        *(
            pytest.param(f"811218{space}9876", IDENTITY, id=f"between U+{ord(space):04X}")
            for space in "\u2002\u2003\u2007\u3000\u034f\u3164\ufe0f\u200b\u2060\ufeff\u202e\u00a0\u2028\n\t"
        ),
        pytest.param(".811218-9876", IDENTITY, id="after a full stop that begins the text"),
        pytest.param("811218_x200B_-9876", IDENTITY, id="with an escape of a workbook"),
        pytest.param("811218&#45;9876", IDENTITY, id="with an escape of HTML"),
        pytest.param("811218%2D9876", IDENTITY, id="with an escape of addresses"),
        pytest.param("811218-9876, 2023-12-31", IDENTITY, id="before a date"),
        pytest.param("anna.andersson@example.se", EMAIL, id="an address"),
        *(
            pytest.param(f"anna{at}example.se", EMAIL, id=f"an address with {at!a}")
            for at in (
                "\uff20",
                "\ufe6b",
                "@\u034f",
                " [at] ",
                "(AT)",
                "{at}",
                "<at>",
                " snabel-a ",
                "(snabel-a)",
                "(snabel a)",
                "(@)",
                " [@] ",
                "%40",
                "&#64;",
                "&#x40;",
                "&commat;",
                "  @  ",
                "_x0040_",
            )
        ),
        *(
            pytest.param(f"anna@example{dot}se", EMAIL, id=f"an address with {dot!a}")
            for dot in ("\uff0e", "\u3002", "\u2024", "(punkt)", " [dot] ")
        ),
        pytest.param('"anna andersson"@example.se', EMAIL, id="a quoted local part"),
        pytest.param("Åsa.Öberg@xn--kommun.example.se", EMAIL, id="an address with Swedish letters"),
        pytest.param("anna(at)example.se", EMAIL, id="an address in disguise"),
        pytest.param(f"{CONTACT} eller anna@example.se", EMAIL, id="an address beside that of a function"),
        pytest.param("070-174 06 05", PHONE, id="a mobile telephone"),
        pytest.param("0701740605", PHONE, id="a mobile telephone without spaces"),
        pytest.param("08-465 004 00", PHONE, id="a telephone in Stockholm"),
        pytest.param("(08) 465 004 00", PHONE, id="an area code in brackets"),
        pytest.param("+46 (0)70 174 06 05", PHONE, id="with the code of the country"),
        pytest.param("tel.070-1740605", PHONE, id="after a full stop"),
        pytest.param("070.174.06.05", PHONE, id="with full stops"),
        pytest.param("\uff10\uff17\uff10-\uff11\uff17\uff14 \uff10\uff16 \uff10\uff15", PHONE, id="in full width"),
        pytest.param("\uff0b46701740605", PHONE, id="a plus in full width"),
        pytest.param("070\u2014174 06 05", PHONE, id="with an em dash"),
        pytest.param("070-174\u200906\u200705", PHONE, id="with thin and figure spaces"),
        pytest.param("46701740605", PHONE, id="the code of the country alone"),
        pytest.param("46 70-174 06 05", PHONE, id="the code of the country alone, with spaces"),
        pytest.param("0046 70 174 06 05", PHONE, id="with two zeros"),
        pytest.param("+47 22 22 22 22", PHONE, id="in Norway"),
        pytest.param("+45 32 12 34 56", PHONE, id="in Denmark"),
        pytest.param("+1 (212) 555-0123", PHONE, id="in the United States"),
        pytest.param("+34 612 345 678", PHONE, id="in Spain"),
        pytest.param("ring 070-174 06 05 (2023)", PHONE, id="before a year"),
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
        pytest.param("2021-2023", id="years with a hyphen"),
        pytest.param("2011 2012 2013", id="years in a row"),
        *(
            pytest.param(f"2012-01-01{dash}{year}-12-31", id=f"dates to {year}{dash}")
            for dash in "- "
            for year in range(2012, 2032)
        ),
        *(pytest.param(f"2012-0{month}-15 10.15", id=f"a time with a full stop {month}") for month in range(1, 10)),
        pytest.param("08.11.2023", id="a date with the day first"),
        pytest.param("08-11-2023", id="a date with the day first and hyphens"),
        pytest.param("08.15–16.30", id="hours of opening"),
        pytest.param("KS-2023/1234", id="another diary number"),
        pytest.param("KS 2012/0115", id="a diary number like a date"),
        pytest.param("16212000-0068", id="an organisation number of twelve digits"),
        pytest.param("8 112 189 876", id="an amount of as many digits"),
        pytest.param("+298 211 234 kr", id="an amount with its sign"),
        pytest.param("−12 345 678, +12 345 678", id="amounts with their signs"),
        pytest.param("12,5 %, 13,5 %, 14,5 %, 15,5 %, 16,5 %", id="percentages"),
        pytest.param("0126C1010 0126R001 TAB6574", id="codes of SCB"),
        pytest.param("https://example.se/a%C3%A5/2023?x=1&y=2", id="an address of a page"),
        pytest.param("kr @ 2.50", id="a price for each"),
        pytest.param("m² och CO₂ 2023", id="superscripts"),
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
