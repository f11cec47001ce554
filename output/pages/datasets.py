"""A page for each dataset, the list of them all, and the data dictionary.

Here belongs how a dataset is described to those who take it away. What is said of columns stands in
the contracts, and only there.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import polars as pl

from contracts import Column, contract
from contracts.vocabulary import Text
from output.pages.downloads import everything, of_dataset
from output.pages.page import Language, Page, Section
from output.pages.view import View
from output.pages.wording import both, number, period
from output.publication.manifest import FileEntry
from output.site import DRIFT, LATEST, WHOLE, ReleaseState
from output.subjects import keywords, years
from output.tables import Published
from output.terms_of_use import licences, of_others

PREVIEW: Final = 8
"""Rows that a dataset's page shows."""

STAMPS: Final = ("kommun_id", "rapport")
"""Columns that a preview leaves out where they say the same on every row."""

LONGEST: Final = 60
"""Signs of a text that a preview shows."""

TYPES: Final[Mapping[Any, Text]] = {
    pl.String: Text("text", "text"),
    pl.Int64: Text("heltal", "integer"),
    pl.Float64: Text("decimaltal", "decimal"),
    pl.Boolean: Text("sant eller falskt", "true or false"),
    pl.Date: Text("datum", "date"),
    pl.Datetime: Text("tidpunkt (UTC)", "time (UTC)"),
}

GROUPS: Final[Mapping[str, Text]] = {
    "status": Text("Mål och status", "Goals and status"),
    "statistics": Text("Indikatorer över tid och jämförelser", "Indicators over time and comparisons"),
    "assignments": Text("Uppdrag", "Assignments"),
    "money": Text("Ekonomi", "Money"),
    "people": Text("Personal", "Staff"),
    "internal_control": Text("Intern kontroll", "Internal control"),
    "figure_control": Text("Kontroll av siffror", "Checked figures"),
    "areas": Text("Områden i kommunen", "Areas of the municipality"),
}
"""What a group of tables is called. A group that is not named here comes last, by its own name."""

MEDIA: Final[Mapping[str, str]] = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}

MACHINE_FILES: Final[Sequence[tuple[str, Text]]] = (
    ("catalog.rdf", Text("katalogen (DCAT-AP-SE) som RDF/XML", "the catalogue (DCAT-AP-SE) as RDF/XML")),
    ("catalog.ttl", Text("katalogen som Turtle", "the catalogue as Turtle")),
    ("catalog.jsonld", Text("katalogen som JSON-LD", "the catalogue as JSON-LD")),
    ("feed.atom", Text("nya utgåvor och rättelser", "new releases and corrections")),
    ("sitemap.xml", Text("alla sidor", "all pages")),
)
"""Files beside the pages that lead programs to the data."""

LICENCES: Final[Mapping[str, str]] = {
    "publicdomain/zero/1.0": "CC0 1.0",
    "publicdomain/mark/1.0": "Public Domain Mark 1.0",
    "licenses/by/4.0": "CC BY 4.0",
}
"""What a licence is called, by a part of its address."""


def pages(view: View) -> list[Page]:
    """The page of each dataset, their list, and the dictionary."""
    trail = ((Text("Data", "Data"), Section.DATA.value),)
    return [_list(view), _dictionary(view, trail), *(_page(view, table, trail) for table in view.site.tables.values())]


def counted(count: int) -> Text:
    """How many datasets there are, as a heading."""
    if not count:
        return Text("Inga datamängder är publicerade just nu", "No datasets are published at the moment")
    return Text(
        f"{count} {'datamängd, fri' if count == 1 else 'datamängder, fria'} att använda",
        f"{count} {'dataset' if count == 1 else 'datasets'}, free to use",
    )


def address(dataset: str) -> str:
    """Where the page of a dataset stands."""
    return f"data/{dataset}/"


def _groups(view: View) -> list[tuple[Text, list[Published]]]:
    """Published tables by group, in the order of the groups."""
    order = list(GROUPS)

    def place(table: Published) -> tuple[int, str]:
        """A table's group."""
        group = table.contract.group
        return order.index(group) if group in order else len(order), group

    ordered = sorted(view.site.tables.values(), key=place)
    return [(GROUPS.get(group, Text(group, group)), list(tables)) for (_, group), tables in groupby(ordered, key=place)]


def _list(view: View) -> Page:
    """All datasets."""
    count = len(view.site.tables)
    tables = view.site.tables
    together = [entry for _, entry in everything(view)]
    return Page(
        path=Section.DATA,
        template="datasets.html",
        section=Section.DATA,
        title=counted(count),
        lead=Text("Allt som sidorna visar, som filer.", "Everything that the pages show, as files."),
        context={
            "groups": _groups(view),
            "downloads": {name: of_dataset(view, name) for name in tables},
            "everything": everything(view),
            "described": [entry for _, entry in of_dataset(view, WHOLE) if entry not in together],
            "operational": [contract(name, DRIFT) for name in sorted(view.site.operational)],
            "machine_files": MACHINE_FILES,
        },
    )


def _dictionary(view: View, trail: tuple[tuple[Text, str], ...]) -> Page:
    """Every column of every dataset."""
    count = sum(len(table.columns) for table in view.site.tables.values())
    return Page(
        path="data/ordlista/",
        template="dictionary.html",
        section=Section.DATA,
        title=Text("Ordlista över kolumner", "Data dictionary"),
        lead=Text(
            f"{count} kolumner i {len(view.site.tables)} datamängder: vad var och en betyder och i vilken enhet.",
            f"{count} columns of {len(view.site.tables)} datasets: what each means, and in which unit.",
        ),
        context={"groups": _groups(view), "types": TYPES},
        trail=trail,
    )


def _page(view: View, table: Published, trail: tuple[tuple[Text, str], ...]) -> Page:
    """The page of a dataset."""
    declared, name = table.contract, table.contract.name
    files = of_dataset(view, name)
    endings = {entry.path for _, entry in files}
    return Page(
        path=address(name),
        template="dataset.html",
        section=Section.DATA,
        title=declared.title,
        lead=declared.description,
        context={
            "table": table,
            "types": TYPES,
            "downloads": files,
            "preview": _preview(table),
            "covers": _covers(table),
            "dates": view.site.dates.get(name),
            "cite": _cite(view, table),
            "base": f"{view.site.about.base_url}/{LATEST}",
            "reads": endings,
            "licence_name": licence_name(view.site.about.licence),
            "theirs": of_others(table),
            "releases": [each for each in view.site.releases if each.state is ReleaseState.PUBLISHED][:3],
            "json_ld_data": both(lambda language: _json_ld_text(view, table, files, language)),
        },
        trail=trail,
    )


def licence_name(address: str) -> str:
    """What a licence is called, where its address is a known one."""
    return next((name for part, name in LICENCES.items() if part in address), address)


def _preview(table: Published) -> Mapping[str, Any]:
    """The first rows as they are shown, without the stamps that are the same on every row."""
    columns = [column for column in table.columns if not _is_stamp(table, column)]
    head = table.rows.head(PREVIEW).select(column.name for column in columns).collect()

    def write(language: Language) -> list[list[str]]:
        """The cells in one language."""
        return [[_cell(value, language) for value in row] for row in head.iter_rows()]

    return {
        "sv": write(Language.SWEDISH),
        "en": write(Language.ENGLISH),
        "columns": [(column.name, _is_figure(column)) for column in columns],
    }


def _is_stamp(table: Published, column: Column) -> bool:
    """Whether a column only says whose table it is."""
    return column.name in STAMPS and len(table.words(column.name)) <= 1


def _is_figure(column: Column) -> bool:
    """Whether a column's cells are set as figures."""
    return column.dtype in {pl.Int64, pl.Float64}


def _cell(value: Any, language: Language) -> str:
    """A cell of the preview."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            text = repr(value).removesuffix(".0")
            decimals = len(text.partition(".")[2])
            return number(value, decimals, language)
        case int():
            return str(value).replace("-", "\N{MINUS SIGN}")
        case _:
            text = str(value)
            return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _covers(table: Published) -> Text:
    """The years or reports that a table's rows are about."""
    years = table.words("ar")
    if years:
        shown = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}"
        return Text(shown, shown)
    reports = table.words("rapport")
    return both(lambda language: ", ".join(language.of(period(report)) for report in reports))


def _cite(view: View, table: Published) -> Text:
    """How the dataset is cited."""
    about, newest = view.site.about, view.site.newest
    where = f"{about.base_url}/{address(table.contract.name)}"

    def write(language: Language) -> str:
        """The citation in one language."""
        release = "" if newest is None else f", {'utgåva' if language is Language.SWEDISH else 'release'} {newest.id}"
        return f"{about.publisher}: {language.of(table.contract.title)}{release}. {where}"

    return both(write)


def _json_ld_text(view: View, table: Published, files: Sequence[tuple[Text, FileEntry]], language: Language) -> Any:
    """What search engines for datasets read."""
    about, declared, theirs = view.site.about, table.contract, of_others(table)
    dates, covered = view.site.dates.get(declared.name), years(table)
    on_terms = licences(about.licence, theirs)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": language.of(declared.title),
        "description": f"{language.of(declared.description)} {language.of(Text(about.note, about.note_en))}".strip(),
        "url": f"{about.base_url}/{language.root}{address(declared.name)}",
        "identifier": f"{about.base_url}/{address(declared.name)}",
        "license": on_terms if len(on_terms) > 1 else on_terms[0],
        "keywords": [language.of(word) for word in keywords(declared)],
        **({"temporalCoverage": f"{covered[0]}/{covered[1]}"} if covered else {}),
        **({"spatialCoverage": {"@type": "Place", "name": about.municipality}} if about.municipality else {}),
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{about.base_url}/{language.root}data/"},
        "inLanguage": "sv",
        "isAccessibleForFree": True,
        "version": declared.version,
        **({"datePublished": f"{dates.issued}", "dateModified": f"{dates.modified}"} if dates else {}),
        "publisher": {"@type": "Organization", "name": about.publisher, "email": about.contact},
        "creator": {"@type": "Organization", "name": about.publisher},
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": column.name,
                "description": language.of(column.description),
                **({"unitText": column.unit} if column.unit else {}),
            }
            for column in table.columns
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": language.of(form),
                "contentUrl": f"{about.base_url}/{LATEST}/{entry.path}",
                "encodingFormat": next((kind for end, kind in MEDIA.items() if entry.path.endswith(end)), ""),
                "contentSize": f"{entry.bytes} B",
                "sha256": entry.sha256,
            }
            for form, entry in files
        ],
    }
