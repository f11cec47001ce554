"""The plain page that leads to the files of every dataset.

Here belongs that one page, in Swedish. Every text in it is escaped: what
a municipality writes in its files never becomes markup.
"""

from html import escape
from typing import Final

from output.manifest import FileEntry
from output.site import LATEST, Site

FORMS: Final = {"csv": "CSV", "parquet": "Parquet"}
"""What a file is called, by its ending."""

KILOBYTE: Final = 1000

PAGE: Final = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Öppna data | {publisher}</title>
</head>
<body>
<main>
<h1>Öppna data</h1>
<p>{note}</p>
<p>Utgivare: {publisher}. Kontakt: {contact}. Licens: {licence}.</p>
<table>
<caption>Datamängder</caption>
<thead>
<tr><th scope="col">Datamängd</th><th scope="col">Rader</th><th scope="col">Filer</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
<p>Alla filer med storlek och kontrollsumma: <a href="/{folder}/manifest.json">manifest.json</a>,
<a href="/{folder}/SHA256SUMS">SHA256SUMS</a>.</p>
</main>
</body>
</html>
"""

ROW: Final = '<tr><th scope="row">{title}</th><td>{rows}</td><td>{files}</td></tr>'
FILE: Final = '<a href="/{folder}/{path}">{title}, {form} ({size})</a>'


def listing(site: Site) -> str:
    """The page that leads to all files in ``latest/``."""
    rows = [
        ROW.format(
            title=escape(table.contract.title.sv),
            rows=_grouped(table.frame.height),
            files=", ".join(_link(file, table.contract.title.sv) for file in site.files[name]),
        )
        for name, table in sorted(site.tables.items())
    ]
    return PAGE.format(
        publisher=escape(site.about.publisher),
        note=escape(site.about.note),
        contact=escape(site.about.contact),
        licence=escape(site.about.licence),
        folder=LATEST,
        rows="\n".join(rows),
    )


def _link(file: FileEntry, title: str) -> str:
    """A link that names dataset, form and size."""
    ending = file.path.rpartition(".")[2]
    return FILE.format(
        folder=LATEST,
        path=escape(file.path),
        title=escape(title),
        form=escape(FORMS.get(ending, ending)),
        size=_size(file.bytes),
    )


def _size(count: int) -> str:
    """A size in bytes, as people read it in Swedish."""
    size = float(count)
    for unit in ("byte", "kB", "MB"):
        if size < KILOBYTE:
            return f"{size:.0f} {unit}"
        size /= KILOBYTE
    return f"{size:.1f} GB".replace(".", ",")


def _grouped(count: int) -> str:
    """A count with a no-break space between thousands, as Swedish writes it."""
    return f"{count:,}".replace(",", "\u00a0")
