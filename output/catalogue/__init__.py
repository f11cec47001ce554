"""The catalogue: what is published, as DCAT-AP-SE 3.0.1, for dataportal.se to harvest from one address.

    describing  the catalogue as a graph
    terms       the addresses of the controlled vocabularies that it uses
    checking    whether it keeps the profile's rules (SHACL), before readers see it

Here belongs writing it. The catalogue's own address is that of ``catalog.rdf``; Turtle and JSON-LD
beside it say the same. No node is blank and everything is added in a fixed order, so that the same
content gives the same bytes.
"""

import json
from pathlib import Path
from typing import Final

from output.catalogue.describing import Description
from output.site import Site

RDF: Final = "catalog.rdf"
TURTLE: Final = "catalog.ttl"
JSON_LD: Final = "catalog.jsonld"


def write_catalogue(root: Path, site: Site) -> None:
    """Write the catalogue in its three forms. Raises PublicationError where it does not keep the profile.

    Its libraries are loaded only when there is a catalogue to write.
    """
    from output.catalogue.checking import require_profile  # noqa: PLC0415

    graph = Description(site, RDF).graph()
    require_profile(graph)
    graph.serialize(root / RDF, format="xml", encoding="utf-8")
    graph.serialize(root / TURTLE, format="turtle", encoding="utf-8")
    expanded = json.loads(graph.serialize(format="json-ld", auto_compact=True))
    expanded["@graph"].sort(key=lambda node: node["@id"])
    text = json.dumps(expanded, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (root / JSON_LD).write_text(text, encoding="utf-8", newline="\n")
