"""Files to take away, named with form and size.

Here belongs how a file is called for people. Which files there are is the publication's to say.
"""

from collections.abc import Mapping
from typing import Final

from contracts.vocabulary import Text
from output.pages.view import View
from output.publication.manifest import FileEntry
from output.site import WHOLE

FORMS: Final[Mapping[str, Text]] = {
    ".excel.csv": Text("CSV för Excel", "CSV for Excel"),
    ".csv": Text("CSV", "CSV"),
    ".parquet": Text("Parquet", "Parquet"),
    ".geojson": Text("GeoJSON", "GeoJSON"),
    ".csv-metadata.json": Text("CSVW", "CSVW"),
    ".xlsx": Text("Excel", "Excel"),
    ".zip": Text("zip", "zip"),
    ".json": Text("JSON", "JSON"),
    ".md": Text("text", "text"),
    ".html": Text("webbsida", "web page"),
}
"""What a file is called, by how its name ends; the longer endings first."""

FIRST: Final = "indikatorer"
"""The dataset that the start page offers beside the whole."""


def form(entry: FileEntry) -> Text:
    """What kind of file it is."""
    known = (text for ending, text in FORMS.items() if entry.path.endswith(ending))
    return next(known, Text(entry.path, entry.path))


def of_dataset(view: View, dataset: str) -> list[tuple[Text, FileEntry]]:
    """The files of a dataset, those that most readers want first."""
    order = list(FORMS.values())
    named = [(form(entry), entry) for entry in view.site.files.get(dataset, ())]
    return sorted(named, key=lambda each: (order.index(each[0]) if each[0] in order else len(order), each[1].path))


def everything(view: View) -> list[tuple[Text, FileEntry]]:
    """The files that hold every dataset."""
    return [(kind, entry) for kind, entry in of_dataset(view, WHOLE) if entry.path.endswith((".xlsx", ".zip"))]


def offered(view: View) -> list[tuple[Text, Text, FileEntry]]:
    """What the start page offers at once: everything in one file, and the indicators."""
    title = Text("Allt i en fil", "Everything in one file")
    whole = [(title, kind, entry) for kind, entry in everything(view)]
    if FIRST not in view.site.tables:
        return whole
    first = view.site.tables[FIRST].contract.title
    return whole + [(first, kind, entry) for kind, entry in of_dataset(view, FIRST) if entry.path.endswith(".csv")][:1]
