"""Opening an XLSX package safely: what is in the zip, within limits, and the parts of one sheet alone.

Here belongs what stands between a file from anywhere and the library that reads workbooks: sizes
that were measured and not only declared, no document types and no entities, and a package put
together anew from the checked parts of one sheet. What the parts say of cells is not read here.
"""

import html
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from sources.errors import ExtractError
from sources.extracts.faults import Fault, listed, refusal, shown

ZIP: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Excel files and encrypted workbooks begin."""

MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 200_000_000
MAX_RATIO: Final = 200
SMALL: Final = 5_000_000
"""Below this size a package may be packed as tightly as it likes."""

WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
STYLES: Final = "xl/styles.xml"
KEPT: Final = ("[content_types].xml", "_rels/.rels", WORKBOOK, RELATIONS, STYLES, "xl/sharedstrings.xml")
"""The parts that the library reads beside a sheet, in lower case."""

DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError
)  # fmt: skip
CELL: Final = re.compile(r"<(?:[^\s<>/:]*:)?c[\s/>]")
DECLARATION: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ATTRIBUTE: Final = re.compile(r"""(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ALONE: Final = "Copy the table alone to a new workbook and save it as .xlsx."
SAVE: Final = "Open the file in Excel and save it as a new .xlsx."


@dataclass(frozen=True)
class Package:
    """One sheet of a workbook: a package that holds no other, its XML and the styles'."""

    sheet: str
    data: bytes
    xml: str
    styles: str


def opened(name: str, data: bytes, sheet: str | None) -> Package:
    """The package of one sheet; where the plan names none, of the only one.

    Raises ExtractError for a file that is no workbook, or not one that is safe to open.
    """
    parts = _parts(name, data)
    missing = [part for part in (WORKBOOK, RELATIONS) if part not in parts]
    if missing:
        what = f"is a zip file, but not an Excel workbook ({missing[0]} is missing)"
        raise refusal(name, [Fault(what, "Save the table as .xlsx.")])
    sheets = _sheets(parts)
    if sheet is None and len(sheets) != 1:
        what = f"holds the sheets {listed(list(sheets))}, and the plan names none"
        raise refusal(name, [Fault(what, 'Write sheet = "…" in the plan.')])
    chosen = next(iter(sheets)) if sheet is None else sheet
    if chosen not in sheets:
        what = f"has no sheet {shown(chosen)}; the sheets are {listed(list(sheets))}"
        raise refusal(name, [Fault(what, "Correct the sheet's name in the plan.")])
    if sheets[chosen] not in parts:
        raise refusal(name, [Fault(f"the sheet {shown(chosen)} holds no cells", "Name a sheet with a table.")])
    kept = {part: text for part, text in parts.items() if part.lower() in KEPT}
    stray = next((part for part, text in kept.items() if CELL.search(text)), None)
    if stray:
        raise refusal(name, [Fault(f"the part {shown(stray)} holds cells, which only a sheet does", SAVE)])
    xml = parts[sheets[chosen]]
    if any("<!" in text for text in (xml, *kept.values())):
        what = "holds comments or raw text in its XML, which Excel does not write and which would be read as blank"
        raise refusal(name, [Fault(what, SAVE)])
    return Package(chosen, _packed({**kept, sheets[chosen]: xml}), xml, parts.get(STYLES, ""))


def _parts(name: str, data: bytes) -> dict[str, str]:
    """The XML parts of a package, unpacked within the limits and held to be plain XML in UTF-8."""
    if data.startswith(COMPOUND):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        what = "is encrypted with a password" if encrypted else "is a workbook of the old kind (.xls)"
        raise refusal(name, [Fault(what, "Save it without a password." if encrypted else SAVE)])
    if not data.startswith(ZIP):
        raise refusal(name, [Fault("is not an .xlsx file", "Save it as .xlsx, or name it .csv if it is text.")])
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            _check_sizes(name, entries, len(data))
            return _unpacked(name, package, entries)
    except DAMAGE as error:
        what = f"is damaged: the zip cannot be unpacked ({type(error).__name__})"
        raise refusal(name, [Fault(what, "Fetch the file again, or save it anew from Excel.")]) from error


def _check_sizes(name: str, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse a package by what it declares: parts, sizes, encryption."""
    total = sum(entry.file_size for entry in entries)
    doubled = len({entry.filename.lower() for entry in entries}) < len(entries)
    what = (
        f"holds {len(entries)} parts, more than a workbook of one table has" if len(entries) > MAX_PARTS
        else "holds a part twice" if doubled
        else "is encrypted" if any(entry.flag_bits & 1 for entry in entries)
        else _too_large() if total > MAX_UNPACKED
        else "is packed more tightly than a table can be" if total > max(SMALL, MAX_RATIO * packed)
        else None
    )  # fmt: skip
    if what:
        raise refusal(name, [Fault(what, ALONE)])


def _too_large() -> str:
    """What is said of a package that is too large when unpacked."""
    return f"is larger than {MAX_UNPACKED // 1_000_000} MB when unpacked"


def _unpacked(name: str, package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, str]:
    """The texts of the XML parts. Sizes are counted while unpacking: what a header declares may be untrue."""
    texts: dict[str, str] = {}
    left = MAX_UNPACKED
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        with package.open(entry) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise refusal(name, [Fault(_too_large(), ALONE)])
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise refusal(name, [Fault(f"the part {shown(entry.filename)} is not UTF-8", SAVE)])
        if DECLARATION.search(text):
            what = f"the part {shown(entry.filename)} declares a document type or entities, which no workbook does"
            raise refusal(name, [Fault(what, SAVE)])
        texts[entry.filename] = text
    return texts


def _sheets(parts: Mapping[str, str]) -> dict[str, str]:
    """The sheets' names with the part of each, in the workbook's order."""
    targets = {
        found.get("Id", ""): posixpath.normpath(posixpath.join("/xl", found.get("Target", ""))).lstrip("/")
        for found in tags(parts[RELATIONS], "Relationship")
    }
    return {
        html.unescape(found.get("name", "")): targets.get(
            next((value for key, value in found.items() if key.endswith(":id")), ""), ""
        )
        for found in tags(parts[WORKBOOK], "sheet")
    }


def tags(xml: str, element: str) -> list[dict[str, str]]:
    """The attributes of each element of a name, whatever its prefix."""
    found = re.finditer(rf"<(?:[^\s<>/:]*:)?{element}(\s[^<>]*)>", xml)
    return [{key: double or single for key, double, single in ATTRIBUTE.findall(tag[1])} for tag in found]


def _packed(parts: Mapping[str, str]) -> bytes:
    """A package of the checked parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for part, text in parts.items():
            package.writestr(part, text)
    return target.getvalue()


def damaged(name: str, error: BaseException) -> ExtractError:
    """The refusal of a workbook that the library cannot read."""
    reason = shown(str(error)) if str(error) else type(error).__name__
    return refusal(name, [Fault(f"cannot be read as a workbook ({reason})", SAVE)])
