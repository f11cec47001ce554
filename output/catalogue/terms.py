"""Addresses of the vocabularies that the catalogue uses, and what each group of datasets is filed under.

Here belong addresses that others have decided, as they write them.
"""

from collections.abc import Mapping
from typing import Final

from rdflib import Namespace, URIRef

from contracts.vocabulary import Text

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
"""All of DCAT 3; rdflib knows the terms of DCAT 2."""

DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"

CC0: Final = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
"""The licence of the catalogue itself, which the profile fixes."""

LOCAL_AUTHORITY: Final = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
SHA256: Final = SPDX["checksumAlgorithm_sha256"]
THEMES: Final = URIRef(f"{AUTHORITY}data-theme")
SWEDISH: Final = URIRef(f"{AUTHORITY}language/SWE")
ENGLISH: Final = URIRef(f"{AUTHORITY}language/ENG")
PUBLIC: Final = URIRef(f"{AUTHORITY}access-right/PUBLIC")
STABLE: Final = URIRef(f"{AUTHORITY}planned-availability/STABLE")
COMPLETED: Final = URIRef(f"{AUTHORITY}distribution-status/COMPLETED")
WITHDRAWN: Final = URIRef(f"{AUTHORITY}distribution-status/WITHDRAWN")
THREE_TIMES_A_YEAR: Final = URIRef(f"{AUTHORITY}frequency/ANNUAL_3")
ANNUAL: Final = URIRef(f"{AUTHORITY}frequency/ANNUAL")

THEMES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "areas": ("REGI", "SOCI"),
    "money": ("GOVE", "ECON"),
    "statistics": ("GOVE", "REGI"),
    "status": ("GOVE", "REGI"),
}
"""Themes of a group of datasets; the others are about government alone."""

FORMS: Final[Mapping[str, tuple[str, Text, Text]]] = {
    ".csv": (
        "text/csv",
        Text("CSV", "CSV"),
        Text("Hela datamängden som kommaseparerad text i UTF-8.", "The whole dataset as comma-separated UTF-8."),
    ),
    ".excel.csv": (
        "text/csv",
        Text("CSV för Excel", "CSV for Excel"),
        Text("Hela datamängden med semikolon och decimalkomma.", "The whole dataset with semicolons, decimal commas."),
    ),
    ".parquet": (
        "application/vnd.apache.parquet",
        Text("Parquet", "Parquet"),
        Text("Hela datamängden som Apache Parquet.", "The whole dataset as Apache Parquet."),
    ),
    ".geojson": (
        "application/geo+json",
        Text("GeoJSON", "GeoJSON"),
        Text("Gränserna för kartprogram, i WGS 84.", "The borders for map programs, in WGS 84."),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Text("Excel", "Excel"),
        Text("Alla datamängder i en arbetsbok, ett blad var.", "All datasets in one workbook, a sheet each."),
    ),
    ".zip": (
        "application/zip",
        Text("zip", "zip"),
        Text("Alla filer i en zip.", "All files in one zip."),
    ),
}
"""Forms that are distributions, by how the file's name ends: media type, name, description."""

FILE_TYPES: Final[Mapping[str, URIRef]] = {
    kind: URIRef(f"http://publications.europa.eu/resource/authority/file-type/{name}")
    for kind, name in (
        ("text/csv", "CSV"),
        ("application/vnd.apache.parquet", "PARQUET"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
        ("application/geo+json", "GEOJSON"),
        ("application/zip", "ZIP"),
        ("application/json", "JSON"),
    )
}
"""The EU's name of each media type. Its shapes want it; the Swedish profile has the media type."""
