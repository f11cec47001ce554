"""The catalogue as dataportal.se harvests it, and the feed: whole, in one voice, and within the profile."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from rdflib import DCAT, DCTERMS, OWL, RDF, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from contracts import contract
from output.catalogue.checking import breaches, require_profile
from output.catalogue.terms import CC0, SPDX
from output.errors import PublicationError
from output.publication.generation import publish
from output.publication.manifest import About
from tests.output.publishing import ABOUT, OCCASION, framed, income, organisations

EU_SHAPES: Final = Path(__file__).parents[3] / "shared" / "data" / "dcat"
BASE: Final = ABOUT.base_url
PLACE: Final = replace(ABOUT, municipality="Huddinge", place_uri="http://sws.geonames.org/2704619")
CSV: Final = URIRef(f"{BASE}/id/distribution/resultatrakning.csv")


def kolada() -> dict[str, object]:
    """One value of Kolada."""
    row = {"kpi_id": "N00670", "kpi": "Ett nyckeltal", "kommun_id": "0126", "ar": 2022, "kon": "T", "varde": 1.5}
    return {**row, "kalla": "Kolada", "hamtad": dt.datetime(2023, 1, 1)}  # noqa: DTZ001 - UTC without a zone


def built(public: Path, about: About = PLACE) -> Path:
    """A publication with figures of our own and of Kolada."""
    tables = {
        "jamforelsetal_kolada": framed([kolada()], contract("jamforelsetal_kolada").polars_schema),
        "resultatrakning": income(90, 110),
        "stickprov": organisations("Nämnden"),
    }
    publish(tables, public, about, OCCASION)
    return public.resolve()


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("catalogue") / "public")


@pytest.fixture
def graph(generation: Path) -> Graph:
    return read(generation)


def read(generation: Path) -> Graph:
    """The catalogue as it is harvested."""
    return Graph().parse(generation / "catalog.rdf", format="xml")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own reader
def test_the_three_forms_say_the_same(generation: Path, graph: Graph) -> None:
    assert isomorphic(graph, Graph().parse(generation / "catalog.ttl", format="turtle"))
    assert isomorphic(graph, Graph().parse(generation / "catalog.jsonld", format="json-ld"))


def test_the_same_content_gives_the_same_bytes_whatever_the_order_of_sets(generation: Path, tmp_path: Path) -> None:
    script = (
        f"from tests.output.test_catalogue import built; from pathlib import Path; built(Path({str(tmp_path)!r}) / 'p')"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    for name in ("catalog.rdf", "catalog.ttl", "catalog.jsonld", "feed.atom", "sitemap.xml"):
        assert (tmp_path / "p" / name).read_bytes() == (generation / name).read_bytes()


def test_every_dataset_and_file_is_there_as_it_lies_on_disk(generation: Path, graph: Graph) -> None:
    datasets = {str(each).rpartition("/")[2] for each in graph.subjects(RDF.type, DCAT.Dataset)}
    assert datasets == {"jamforelsetal_kolada", "resultatrakning", "samling", "stickprov"}
    files = list(graph.subject_objects(DCAT.downloadURL))
    assert len(files) == 3 * 3 + 2 + 1
    for distribution, address in files:
        path = generation / str(address).removeprefix(f"{BASE}/")
        size, checksum = graph.value(distribution, DCAT.byteSize), graph.value(distribution, SPDX.checksum)
        if checksum:
            assert size == Literal(str(path.stat().st_size), datatype=XSD.nonNegativeInteger)
            assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(path.read_bytes()).hexdigest()
        page = str(graph.value(distribution, DCAT.accessURL)).removeprefix(f"{BASE}/")
        assert (generation / page).exists()


def test_figures_of_kolada_have_their_own_terms(graph: Graph) -> None:
    theirs = URIRef(f"{BASE}/id/distribution/jamforelsetal_kolada.csv")
    assert (graph.value(theirs, DCTERMS.license), graph.value(CSV, DCTERMS.license)) == (None, CC0)
    assert graph.value(theirs, DCTERMS.rights) is not None


def _no_licence(graph: Graph) -> None:
    graph.remove((CSV, DCTERMS.license, None))


def _no_language(graph: Graph) -> None:
    graph.add((URIRef(f"{BASE}/id/dataset/stickprov"), DCTERMS.title, Literal("Stickprov")))


def _https_licence(graph: Graph) -> None:
    graph.set((CSV, DCTERMS.license, URIRef("https://creativecommons.org/publicdomain/zero/1.0/")))


def _two_formats(graph: Graph) -> None:
    graph.add((CSV, DCTERMS.format, Literal("text/plain")))


def _no_publisher(graph: Graph) -> None:
    graph.remove((URIRef(f"{BASE}/id/dataset/stickprov"), DCTERMS.publisher, None))


def _short_checksum(graph: Graph) -> None:
    graph.set((URIRef(f"{CSV}#kontrollsumma"), SPDX.checksumValue, Literal("9f86")))


@pytest.mark.parametrize(
    "damage", [_no_licence, _no_language, _https_licence, _two_formats, _no_publisher, _short_checksum]
)
def test_what_breaks_the_profile_is_named(graph: Graph, damage: Callable[[Graph], None]) -> None:
    require_profile(graph)
    damage(graph)
    with pytest.raises(PublicationError, match=r"does not keep DCAT-AP-SE: https://data\.example\.se/id/"):
        require_profile(graph)


def test_a_setting_that_the_profile_forbids_stops_the_publication(tmp_path: Path) -> None:
    about = replace(ABOUT, contact="ingen brevlåda")
    with pytest.raises(PublicationError, match="hasEmail"):
        publish({"resultatrakning": income(90)}, tmp_path / "public", about, OCCASION)
    assert not (tmp_path / "public").exists()


@pytest.mark.skipif(not EU_SHAPES.exists(), reason="the EU's shapes are not at hand")
def test_the_shapes_of_the_eu_object_to_nothing_but_the_format_that_the_swedish_profile_wants(graph: Graph) -> None:
    assert {each.split(" ")[1] for each in breaches(*with_the_eus(graph))} == {f"{DCTERMS.format}:"}


@pytest.mark.skipif(not EU_SHAPES.exists(), reason="the EU's shapes are not at hand")
def test_the_shapes_of_the_eu_object_to_nothing_where_formats_are_named_as_the_eu_does(tmp_path: Path) -> None:
    generation = built(tmp_path / "public", replace(PLACE, catalogue_format="file-type"))
    assert breaches(*with_the_eus(read(generation))) == []


def with_the_eus(graph: Graph) -> tuple[Graph, Graph]:
    """A catalogue with the types of what it names, and the EU's shapes."""
    shapes = Graph().parse(EU_SHAPES / "shapes.ttl")
    shapes.remove((None, OWL.imports, None))
    graph.parse(EU_SHAPES / "vocab-stub.ttl")
    return graph, shapes


def test_a_dataset_that_did_not_change_keeps_its_dates(tmp_path: Path) -> None:
    for day, outcome in enumerate((90, 95)):
        tables = {"resultatrakning": income(outcome), "stickprov": organisations("Nämnden")}
        publish(tables, tmp_path / "public", ABOUT, replace(OCCASION, day=OCCASION.day + dt.timedelta(days=day)))
    graph = Graph().parse(tmp_path / "public/catalog.rdf", format="xml")
    told = {
        name: [
            str(graph.value(URIRef(f"{BASE}/id/dataset/{name}"), said)) for said in (DCTERMS.issued, DCTERMS.modified)
        ]
        for name in ("resultatrakning", "stickprov")
    }
    assert told == {
        "resultatrakning": ["2026-11-25", "2026-11-26"],
        "stickprov": ["2026-11-25", "2026-11-25"],
    }


def test_the_feed_says_what_each_release_changed(tmp_path: Path) -> None:
    for outcome in (90, 95):
        publish({"resultatrakning": income(outcome)}, tmp_path / "public", ABOUT, OCCASION)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.parse(tmp_path / "public/feed.atom").getroot().findall(f"{atom}entry")  # noqa: S314 - our own file
    assert [(entry.findtext(f"{atom}title"), entry.findtext(f"{atom}updated")) for entry in entries] == [
        ("Utgåva 2026-11-25.2: 1 rad reviderad.", "2026-11-25T00:00:00Z"),
        ("Utgåva 2026-11-25: Första utgåvan i sin historik.", "2026-11-25T00:00:00Z"),
    ]


def test_the_map_of_the_site_names_every_page(generation: Path) -> None:
    found = ET.parse(generation / "sitemap.xml").getroot().iter()  # noqa: S314 - our own file
    addresses = {element.text for element in found if element.tag.endswith("loc")}
    pages = (page.relative_to(generation).as_posix() for page in generation.rglob("*.html"))
    assert addresses == {f"{BASE}/{page.removesuffix('index.html')}" for page in pages}
