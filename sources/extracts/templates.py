"""Empty extracts for a municipality that begins: a CSV file for each table, and what each column is to hold.

Here belongs what is said to whoever fills the files in. Headings, units and words come from the
contracts; how a filled file is read stands in ``reading``.
"""

import codecs
import csv
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts import Column, Contract, contracts

GUIDE: Final = "LAS_MIG.md"
SEPARATOR: Final = ";"

WRITTEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "VARCHAR": "text",
        "BIGINT": "heltal",
        "DOUBLE": "tal med decimalkomma",
        "BOOLEAN": "ja eller nej",
        "DATE": "datum, ÅÅÅÅ-MM-DD",
    }
)
"""How a value of each type is written, by the type's name in DuckDB."""

INTRODUCTION: Final = """# Mallar för kommunens egna filer

Varje fil här är tom så när som på rubrikerna. Fyll i raderna under dem, eller exportera samma kolumner
ur ekonomi-, personal- eller planeringssystemet. Lägg filen i planens mapp `extracts/` och nämn den i
`plan.toml`:

```toml
[[extract]]
table = "stickprov"
file = "extracts/stickprov.csv"
owner = "den funktion som svarar för filen"
```

- Filerna är UTF-8 med semikolon mellan kolumnerna och komma som decimaltecken, som Excel sparar dem
  ("CSV UTF-8"). Skrivs filen på annat sätt anges det i planen: `encoding`, `separator`, `decimal`, och
  `sheet` för en arbetsbok i Excel.
- Rubrikerna ska stå som här, i vilken ordning som helst. En kolumn som inte finns här stoppar filen.
- Ett värde som saknas lämnas tomt. Noll betyder noll.
- Skriv aldrig namn, personnummer, telefonnummer eller e-postadresser.
- Det som är *uträknat* räknas om innan det publiceras. Den siffra som står i filen jämförs med det
  uträknade och får lämnas tom.
"""


def write_templates(folder: Path) -> list[Path]:
    """Write an empty file for each table that is read from one, and the guide to them; all that was written.

    Raises FileExistsError where one of the files is there already, since it may have been filled in;
    nothing is written then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    read = [declared for declared in contracts("open") if any(column.heading for column in declared.columns)]
    for name in (*(f"{declared.name}.csv" for declared in read), GUIDE):
        if (folder / name).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / name))
    return [*(_template(folder, declared) for declared in read), _guide(folder, read)]


def _template(folder: Path, declared: Contract) -> Path:
    """The empty file of one table. The mark at its beginning tells Excel that it is UTF-8."""
    path = folder / f"{declared.name}.csv"
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(codecs.BOM_UTF8.decode())
        csv.writer(file, delimiter=SEPARATOR, lineterminator="\r\n").writerow(_headings(declared))
    return path


def _headings(declared: Contract) -> list[str]:
    """The headings of an extract in their order."""
    return [column.heading or column.name for column in declared.extract.columns]


def _guide(folder: Path, read: list[Contract]) -> Path:
    """What each file and column is to hold, in Swedish."""
    path = folder / GUIDE
    parts = [INTRODUCTION, *("\n".join(_of_table(declared)) for declared in read)]
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(parts))
    return path


def _of_table(declared: Contract) -> Iterator[str]:
    """What one file is to hold."""
    extract = declared.extract
    key = " och ".join(f"*{column.heading}*" for column in extract.columns if column.name in extract.key)
    yield f"## {declared.title.sv}: `{declared.name}.csv`\n"
    yield f"{declared.description.sv} Raderna skiljs åt av {key}.\n"
    yield "| rubrik | skrivs som | enhet | får vara tom | vad som ska stå |"
    yield "|---|---|---|---|---|"
    for column in extract.columns:
        blank = "ja" if column.nullable else "nej"
        cells = (column.heading, WRITTEN[column.duckdb_type], column.unit or "", blank, _meaning(column))
        yield f"| {' | '.join(str(cell) for cell in cells)} |"
    yield ""


def _meaning(column: Column) -> str:
    """What a column is to hold: its description, its words, and what it must agree with."""
    words = ", ".join(f"`{word}` ({word.text.sv.rstrip('.')})" for word in column.values or ())
    return " ".join(
        [
            column.description.sv,
            *([f"Något av: {words}."] if words else []),
            *([REFERRING.get(column.references, LINE)] if column.references else []),
        ]
    )


LINE: Final = "Namnet ska stå bland tabellens rader i `lines.toml`."
REFERRING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "namndmal_id": "Målet ska stå i `plan.toml`.",
        "indikator_id": "Indikatorn ska stå i `plan.toml`.",
        "uppdrag_id": "Uppdraget ska stå i `uppdrag.csv`.",
    }
)
"""Where what a column refers to is declared; else it is a row of the statement."""
