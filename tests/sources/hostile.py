"""Files that nobody hands in by mistake: built to hang a reader, to fill its memory or to have it fetch things.

Here belongs how they are made. What becomes of them stands in the tests.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from openpyxl import Workbook

from tests.sources.extract_table import HEADINGS

SHEET: Final = "xl/worksheets/sheet1.xml"
HEAD: Final = ";".join(HEADINGS).encode()
MEGA: Final = 1_000_000


def workbook(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook of one row, its parts changed before they are packed."""
    book, plain = Workbook(), io.BytesIO()
    book.worksheets[0].append(list(HEADINGS))
    book.worksheets[0].append(["Skola", 1200, 0.075, True, None])
    book.save(plain)
    with zipfile.ZipFile(plain) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    """A workbook whose sheet has something else in place of a text."""

    def change(parts: dict[str, bytes]) -> None:
        """Replace the text, which must be there."""
        assert old in parts[SHEET]
        parts[SHEET] = parts[SHEET].replace(old, new, 1)

    return workbook(change)


def with_part(name: str, content: bytes) -> bytes:
    """A workbook with a part that is new or another."""
    return workbook(lambda parts: parts.update({name: content}))


def entities(depth: int) -> bytes:
    """Entities that each name the one before ten times."""
    named = b"".join(b'<!ENTITY e%d "%s">' % (at + 1, b"&e%d;" % at * 10) for at in range(depth))
    return b'<!DOCTYPE x [<!ENTITY e0 "ha">' + named + b"]><worksheet"


def nested_zips() -> bytes:
    """A zip that holds a zip that holds zeros."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 100 * MEGA)
    return with_part("xl/embeddings/book.xlsx", inner.getvalue())


WORKBOOKS: Final[Mapping[str, Callable[[], bytes]]] = {
    "entities that multiply": lambda: in_sheet(b"<worksheet", entities(9)),
    "an entity that is a file": lambda: in_sheet(
        b"<worksheet", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
    ),
    "a document type that is fetched": lambda: in_sheet(
        b"<worksheet", b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet'
    ),
    "a zip bomb": lambda: with_part("xl/media/zeros.xml", b"\0" * 190 * MEGA),
    "a zip within a zip": nested_zips,
    "spaces just within the limits": lambda: with_part("xl/theme/theme1.xml", b" " * 4 * MEGA),
    "elements a hundred thousand deep": lambda: in_sheet(
        b"<sheetData>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"<sheetData>"
    ),
    "rows a hundred thousand deep": lambda: in_sheet(b"<sheetData>", b"<sheetData>" + b"<row>" * 100_000),
    "cells merged over the whole sheet": lambda: in_sheet(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "cells merged a hundred thousand times": lambda: in_sheet(
        b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A3:E30"/>' * 100_000 + b"</mergeCells>"
    ),
    "a cell in the farthest corner": lambda: in_sheet(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "a cell beyond any corner": lambda: in_sheet(
        b"</sheetData>", b'<row r="99999999999"><c r="ZZZZZZZ99999999999"><v>1</v></c></row></sheetData>'
    ),
    "a text of four million signs": lambda: in_sheet(
        b"</sheetData>",
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 4 * MEGA + b"</t></is></c></row></sheetData>",
    ),
    "a shared text that there is not": lambda: in_sheet(
        b"</sheetData>", b'<row r="3"><c r="A3" t="s"><v>4294967295</v></c></row></sheetData>'
    ),
    "formats without end": lambda: with_part(
        "xl/styles.xml", b'<styleSheet><cellXfs count="4294967295">' + b'<xf numFmtId="9"/>' * 100_000
    ),
    "a number of a million digits": lambda: in_sheet(
        b"</sheetData>", b'<row r="3"><c r="B3"><v>' + b"9" * MEGA + b"</v></c></row></sheetData>"
    ),
    "a part above the package": lambda: with_part("../../../../tmp/planted.xml", b"<a/>"),
    "a formula that runs a program": lambda: in_sheet(
        b"</sheetData>",
        b'<row r="3"><c r="A3" t="str"><f>cmd|\' /C calc\'!A0</f><v>=cmd|\' /C calc\'!A0</v></c></row></sheetData>',
    ),
    "a link to another workbook": lambda: with_part(
        "xl/externalLinks/externalLink1.xml", b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    ),
}

CSVS: Final[Mapping[str, Callable[[], bytes]]] = {
    "a quotation mark that is never closed": lambda: HEAD + b'\n"' + b"x;1;2;Ja;\n" * MEGA,
    "nothing but separators": lambda: HEAD + b"\n" + b";" * 40 * MEGA,
    "nothing but line ends": lambda: HEAD + b"\n" * 40 * MEGA,
    "nothing but quotation marks": lambda: HEAD + b"\n" + b'"' * 40 * MEGA,
    "a cell of forty million signs": lambda: HEAD + b"\n" + b"x" * 40 * MEGA + b";1;2;Ja;\n",
    "a heading of a hundred thousand columns": lambda: b";".join([HEAD, *[b"Belopp"] * 100_000]) + b"\n",
    "a million and more rows": lambda: HEAD + b"\n" + b"x;1;2;Ja;\n" * (MEGA + 1),
    "a number of a million digits": lambda: HEAD + b"\nx;" + b"9" * 900_000 + b";;;\n",
    "a number of nothing but groups": lambda: HEAD + b"\nx;" + b"1 234" * 1_900 + b";;;\n",
    "minus signs without end": lambda: HEAD + b"\nx;" + b"-" * 9_000 + b";;;\n",
    "control characters": lambda: HEAD + b"\n\x1b[2J\x07;1;2;Ja;\n",
    "more than fifty megabytes": lambda: HEAD + b"\n" + b"x;1;2;Ja;\n" * 6 * MEGA,
    "UTF-16 from nowhere": lambda: "\n".join(["a;b"] * MEGA).encode("utf-16"),
    "UTF-7 in disguise": lambda: HEAD + b"\n+AD0-cmd;1;2;Ja;\n",
}

HARMLESS: Final = {
    "spaces just within the limits",
    "a link to another workbook",
    "a part above the package",
    "a formula that runs a program",
    "UTF-7 in disguise",
    "a zip within a zip",
    "elements a hundred thousand deep",
    "rows a hundred thousand deep",
    "cells merged over the whole sheet",
    "cells merged a hundred thousand times",
}
"""Those that may be read: what they hold beside the table is passed over, or is a text like any other."""
