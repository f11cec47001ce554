"""The catalogue as a graph: publisher, contact, a dataset for each table, one for the whole, and their files.

Here belongs what is said of each, in both languages. Every property of the profile that is known is
given; what is not known is left out rather than guessed.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rdflib import DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from contracts.vocabulary import Text
from output.catalogue import terms
from output.catalogue.terms import ADMS, DCAT, DCATAP, SPDX, VCARD
from output.formats.bundle import NAME as BUNDLE
from output.formats.workbook import NAME as WORKBOOK
from output.pages.datasets import address
from output.publication.manifest import MANIFEST, FileEntry
from output.publication.releases import TOMBSTONE
from output.site import LATEST, RELEASES, WHOLE, Release, ReleaseState, Site
from output.subjects import KEYWORDS, keywords, years
from output.tables import Published
from output.terms_of_use import Terms, of_others, of_others_in

DATAPORTAL: Final = "http://dataportal.se/organisation/SE"

WHOLE_ID: Final = "samling"
WHOLE_TITLE: Final = Text("Mål och resultat, alla datamängder", "Goals and results, all datasets")
WHOLE_DESCRIPTION: Final = Text(
    "Alla datamängder om mål, indikatorer, ekonomi, personal och internkontroll i en fil, och varje utgåva av dem.",
    "All datasets on goals, indicators, economy, staff and internal control in one file, and each release of them.",
)
CATALOGUE_DESCRIPTION: Final = Text(
    "Öppna datamängder om indikatorer, etappmål, måluppfyllelse, ekonomi, uppdrag och internkontroll.",
    "Open datasets on indicators, milestones, goal fulfilment, economy, assignments and internal control.",
)


class Description:
    """Builds the graph of one site."""

    def __init__(self, site: Site, own_name: str) -> None:
        """Take what is published. ``own_name`` is the file that the catalogue is harvested from."""
        self.site = site
        self.base = site.about.base_url
        self.catalogue = self._at(own_name)
        self.publisher = URIRef(site.about.publisher_uri) if site.about.publisher_uri else self._at("id/utgivare")
        self.contact = self._at("id/kontakt")
        # The profile knows licences of Creative Commons as http, however people write them.
        self.licence = URIRef(site.about.licence.replace("https://creativecommons.org/", "http://creativecommons.org/"))
        # The default store keeps triples in a set, whose order is another in each process.
        self._graph = Graph(store="SimpleMemory")

    def graph(self) -> Graph:
        """The whole catalogue."""
        for prefix, space in (("adms", ADMS), ("dcatap", DCATAP), ("spdx", SPDX), ("vcard", VCARD), ("dcat", DCAT)):
            self._graph.bind(prefix, space)
        self._graph.bind("dcterms", DCTERMS)
        self._publisher()
        self._contact()
        self._catalogue()
        for name, table in sorted(self.site.tables.items()):
            self._dataset(name, table)
        self._whole()
        return self._graph

    def _at(self, path: str) -> URIRef:
        """An address of this site."""
        return URIRef(f"{self.base}/{path}")

    def _say(self, subject: Node, *said: tuple[Any, Any]) -> None:
        """Add what is said of a subject; a text is said in both languages, nothing is said of None."""
        for predicate, value in said:
            for each in _objects(value):
                self._graph.add((subject, predicate, each))

    def _publisher(self) -> None:
        """The publisher, once."""
        about = self.site.about
        number = str(self.publisher).removeprefix(DATAPORTAL)
        self._say(
            self.publisher,
            (RDF.type, (FOAF.Agent, FOAF.Organization)),
            (FOAF.name, Text(about.publisher, about.publisher)),
            (DCTERMS.type, terms.LOCAL_AUTHORITY),
            (DCTERMS.identifier, Literal(number) if number.isdecimal() else None),
            (FOAF.homepage, self._at("")),
        )

    def _contact(self) -> None:
        """Where to write: a function's mailbox."""
        about = self.site.about
        self._say(
            self.contact,
            (RDF.type, (VCARD.Organization, VCARD.Kind)),
            (VCARD.fn, Literal(about.publisher)),
            (VCARD.hasEmail, URIRef(f"mailto:{about.contact}")),
            (VCARD.hasURL, self._at("")),
        )

    def _catalogue(self) -> None:
        """The catalogue itself."""
        about, dates = self.site.about, self.site.dates
        place = about.municipality or about.publisher
        self._say(
            self.catalogue,
            (RDF.type, DCAT.Catalog),
            (DCTERMS.title, Text(f"Öppna data om mål och resultat, {place}", f"Open data on goals, {place}")),
            (
                DCTERMS.description,
                Text(
                    f"{CATALOGUE_DESCRIPTION.sv} {about.note}".strip(),
                    f"{CATALOGUE_DESCRIPTION.en} {about.note_en}".strip(),
                ),
            ),
            (DCTERMS.publisher, self.publisher),
            (DCTERMS.license, terms.CC0),
            (DCTERMS.language, (terms.SWEDISH, terms.ENGLISH)),
            (DCTERMS.issued, min((date.issued for date in dates.values()), default=None)),
            (DCTERMS.modified, max((date.modified for date in dates.values()), default=None)),
            (DCTERMS.spatial, self._place()),
            (DCAT.themeTaxonomy, terms.THEMES),
            (FOAF.homepage, self._at("")),
            (
                DCAT.dataset,
                [*(self._dataset_id(name) for name in sorted(self.site.tables)), self._dataset_id(WHOLE_ID)],
            ),
        )

    def _place(self) -> URIRef | None:
        """The municipality's own address among places."""
        return URIRef(self.site.about.place_uri) if self.site.about.place_uri else None

    def _dataset_id(self, name: str) -> URIRef:
        """The address that stands for a dataset."""
        return self._at(f"id/dataset/{name}")

    def _common(self, name: str, page: URIRef) -> None:
        """What is said of every dataset."""
        newest = self.site.newest
        key = f"urn:etappmal:{self.site.about.municipality or self.base}:{name}"
        self._say(
            self._dataset_id(name),
            (RDF.type, DCAT.Dataset),
            (DCTERMS.identifier, Literal(str(uuid.uuid5(uuid.NAMESPACE_URL, key)))),
            (DCTERMS.publisher, self.publisher),
            (DCAT.contactPoint, self.contact),
            (DCTERMS.accessRights, terms.PUBLIC),
            (DCTERMS.language, terms.SWEDISH),
            (DCTERMS.spatial, self._place()),
            (DCAT.landingPage, page),
            (FOAF.page, self._at("data/ordlista/")),
            (DCAT.version, Literal(newest.id) if newest else None),
            (ADMS.versionNotes, newest.summary if newest else None),
        )

    def _dataset(self, name: str, table: Published) -> None:
        """A table as a dataset, with its files."""
        dataset, contract, page = self._dataset_id(name), table.contract, self._at(address(name))
        dates = self.site.dates.get(name)
        statistics = contract.group == "statistics"
        themes = terms.THEMES_OF.get(contract.group, ("GOVE",))
        schema = self._at(f"{LATEST}/{name}.csv-metadata.json")
        self._common(name, page)
        self._say(
            dataset,
            (DCTERMS.title, contract.title),
            (DCTERMS.description, contract.description),
            (DCAT.keyword, keywords(contract)),
            (DCAT.theme, [URIRef(f"{terms.THEMES}/{theme}") for theme in themes]),
            (DCTERMS.accrualPeriodicity, terms.ANNUAL if statistics else terms.THREE_TIMES_A_YEAR),
            (DCTERMS.issued, dates.issued if dates else None),
            (DCTERMS.modified, dates.modified if dates else None),
            (DCAT.temporalResolution, Literal("P1Y", datatype=XSD.duration)),
            (DCTERMS.conformsTo, schema),
        )
        self._say(
            schema,
            (RDF.type, DCTERMS.Standard),
            (DCTERMS.title, Text(f"Kolumner i {contract.title.sv.lower()}", f"Columns of {contract.title.en.lower()}")),
        )
        self._period(dataset, table)
        theirs = of_others(table)
        self._origin(dataset, theirs)
        for file in self.site.files.get(name, ()):
            self._file(name, file, schema, theirs)

    def _period(self, dataset: URIRef, table: Published) -> None:
        """From when the figures are. There is no end: the table grows."""
        covered = years(table)
        if covered is not None:
            period = URIRef(f"{dataset}#period")
            self._say(dataset, (DCTERMS.temporal, period))
            start = Literal(f"{covered[0]}-01-01", datatype=XSD.date)
            self._say(period, (RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, start))

    def _origin(self, dataset: URIRef, theirs: Terms | None) -> None:
        """Where the figures come from; another's figures are said to be theirs."""
        origin = URIRef(f"{dataset}#ursprung")
        publisher = self.site.about.publisher
        own = Text(
            f"Sammanställt av {publisher} ur egna underlag och öppen statistik. Källan står på varje rad.",
            f"Compiled by {publisher} from own material and open statistics. The source stands on each row.",
        )
        told = theirs.text if theirs and theirs.whole else own
        self._say(dataset, (DCTERMS.provenance, origin))
        self._say(
            origin,
            (RDF.type, DCTERMS.ProvenanceStatement),
            (DCTERMS.description, told),
            (RDFS.label, told),
        )

    def _format(self, kind: str) -> Node:
        """A media type, as the settings have formats named."""
        return terms.FILE_TYPES[kind] if self.site.about.catalogue_format == "file-type" else Literal(kind)

    def _terms_of(self, theirs: Terms | None) -> Iterator[tuple[Any, Any]]:
        """Our licence, and the terms of another's figures, which stand alone where all of them are theirs."""
        if theirs is None or not theirs.whole:
            yield DCTERMS.license, self.licence
        if theirs:
            rights = self._at(f"id/villkor/{theirs.source.lower()}{'' if theirs.whole else '-rader'}")
            self._say(
                rights,
                (RDF.type, DCTERMS.RightsStatement),
                (RDFS.label, theirs.text),
                (RDFS.seeAlso, URIRef(theirs.source_address)),
            )
            yield DCTERMS.rights, rights

    def _file(self, name: str, file: FileEntry, schema: URIRef | None, theirs: Terms | None) -> None:
        """A file in ``latest/`` as a distribution of a dataset, or without a ``schema`` of all of them together."""
        ending = next((ending for ending in terms.FORMS if file.path == f"{file.path.split('.')[0]}{ending}"), None)
        if ending is None:
            return
        kind, form, description = terms.FORMS[ending]
        distribution = self._at(f"id/distribution/{file.path}")
        checksum = URIRef(f"{distribution}#kontrollsumma")
        dates = self.site.dates.get(name)
        title = self.site.tables[name].contract.title if schema else WHOLE_TITLE
        self._say(self._dataset_id(name if schema else WHOLE_ID), (DCAT.distribution, distribution))
        self._say(
            distribution,
            (RDF.type, DCAT.Distribution),
            (DCTERMS.title, Text(f"{title.sv} ({form.sv})", f"{title.en} ({form.en})")),
            (DCTERMS.description, description),
            (DCAT.accessURL, self._at(address(name) if schema else "")),
            (DCAT.downloadURL, self._at(f"{LATEST}/{file.path}")),
            (DCTERMS.format, self._format(kind)),
            (DCAT.mediaType, URIRef(f"{terms.MEDIA_TYPES}{kind}")),
            *self._terms_of(theirs),
            (DCATAP.availability, terms.STABLE),
            (ADMS.status, terms.COMPLETED),
            (DCTERMS.language, terms.SWEDISH),
            (DCAT.byteSize, Literal(str(file.bytes), datatype=XSD.nonNegativeInteger)),
            (DCTERMS.modified, dates.modified if dates else None),
            (DCTERMS.conformsTo, schema if ending == ".csv" else None),
            (SPDX.checksum, checksum),
        )
        self._say(
            checksum,
            (RDF.type, SPDX.Checksum),
            (SPDX.algorithm, terms.SHA256),
            (SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
        )

    def _whole(self) -> None:
        """All datasets together: the files that hold all of them, and each release, also one that was withdrawn."""
        dataset, page, dates = self._dataset_id(WHOLE_ID), self._at(""), self.site.dates
        self._common(WHOLE_ID, page)
        self._say(
            dataset,
            (DCTERMS.title, WHOLE_TITLE),
            (DCTERMS.description, WHOLE_DESCRIPTION),
            (DCAT.keyword, KEYWORDS),
            (DCAT.theme, URIRef(f"{terms.THEMES}/GOVE")),
            (DCTERMS.accrualPeriodicity, terms.THREE_TIMES_A_YEAR),
            (DCTERMS.issued, min((date.issued for date in dates.values()), default=None)),
            (DCTERMS.modified, max((date.modified for date in dates.values()), default=None)),
        )
        theirs = of_others_in(self.site.tables.values())
        self._origin(dataset, theirs)
        for file in self.site.files.get(WHOLE, ()):
            if file.path not in (BUNDLE, WORKBOOK):
                continue
            self._file(WHOLE, file, None, theirs)
        for release in self.site.releases:
            self._release(dataset, release, theirs)

    def _release(self, dataset: URIRef, release: Release, theirs: Terms | None) -> None:
        """A release as a distribution, with what has become of it."""
        stands = release.state is ReleaseState.PUBLISHED
        folder = f"{RELEASES}/{release.id}"
        distribution = self._at(f"id/distribution/{release.id}")
        withdrawn = Text(f"Återkallad: {release.why}", f"Withdrawn: {release.why}")
        self._say(dataset, (DCAT.distribution, distribution))
        self._say(
            distribution,
            (RDF.type, DCAT.Distribution),
            (DCTERMS.title, Text(f"Utgåva {release.id}", f"Release {release.id}")),
            (DCTERMS.description, release.summary if stands else withdrawn),
            (DCAT.accessURL, self._at(f"{folder}/{MANIFEST if stands else ''}")),
            (DCAT.downloadURL, self._at(f"{folder}/{BUNDLE if stands else TOMBSTONE}")),
            (DCTERMS.format, self._format("application/zip" if stands else "application/json")),
            *self._terms_of(theirs),
            (DCATAP.availability, terms.STABLE if stands else None),
            (ADMS.status, terms.COMPLETED if stands else terms.WITHDRAWN),
            (DCTERMS.issued, release.date),
            (DCTERMS.modified, release.withdrawn or release.date),
        )


def _objects(value: Any) -> Iterator[Node]:
    """What is said as nodes: a text in both languages, a day as a date, several one by one, None not at all."""
    if isinstance(value, Text):
        yield Literal(value.sv, lang="sv")
        yield Literal(value.en, lang="en")
    elif isinstance(value, Node):
        yield value
    elif isinstance(value, Sequence):
        for each in value:
            yield from _objects(each)
    elif value is not None:
        yield Literal(value)
