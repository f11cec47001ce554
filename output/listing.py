"""The plain page that leads to the files while a generation has no pages of its own.

Here belongs that one page, in Swedish, made from the manifest. Every text in it is escaped: what
a municipality writes in its files never becomes markup.
"""

from html import escape
from typing import Final

from output.manifest import FileEntry, Manifest

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


def listing(manifest: Manifest, folder: str) -> str:
    """The page for the folder that a manifest describes."""
    rows = [
        ROW.format(
            title=escape(entry.title["sv"]),
            rows=_grouped(entry.rows),
            files=", ".join(
                _link(file, entry.title["sv"], folder) for file in manifest.files if file.dataset == entry.dataset
            ),
        )
        for entry in manifest.datasets
    ]
    return PAGE.format(
        publisher=escape(manifest.publisher),
        note=escape(manifest.note),
        contact=escape(manifest.contact),
        licence=escape(manifest.licence),
        folder=escape(folder),
        rows="\n".join(rows),
    )


def _link(file: FileEntry, title: str, folder: str) -> str:
    """A link that names dataset, form and size."""
    ending = file.path.rpartition(".")[2]
    return FILE.format(
        folder=escape(folder),
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
