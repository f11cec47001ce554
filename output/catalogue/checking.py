"""Whether the catalogue keeps the Swedish profile, before anyone harvests it.

Here belongs the check. The shapes are our own, written from the text of DCAT-AP-SE 3.0.1; the EU's own
are held against the catalogue in the tests.
"""

from functools import cache
from pathlib import Path
from typing import Final

import pyshacl
from rdflib import SH, Graph

from output.errors import PublicationError

SHAPES: Final = Path(__file__).with_name("shapes.ttl")
SHOWN: Final = 5


def require_profile(graph: Graph) -> None:
    """Raise PublicationError naming what in the catalogue breaks the profile."""
    broken = breaches(graph, _shapes())
    if broken:
        more = f"; and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        raise PublicationError(
            f"the catalogue does not keep DCAT-AP-SE: {'; '.join(broken[:SHOWN])}{more}.",
            where="catalog.rdf",
            remedy="Correct the setting that is named (publisher, contact, address, licence), or the table's contract.",
        )


def breaches(graph: Graph, shapes: Graph) -> list[str]:
    """What breaks which shape, one sentence each."""
    data = Graph()
    # pyshacl works in a store of rdflib's default kind alone.
    data += graph
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", do_owl_imports=False)
    if conforms:
        return []
    return sorted(
        f"{report.value(result, SH.focusNode)} {report.value(result, SH.resultPath)}: "
        f"{report.value(result, SH.resultMessage)}"
        for result in report.objects(None, SH.result)
    )


@cache
def _shapes() -> Graph:
    """Our shapes, read once."""
    return Graph().parse(SHAPES, format="turtle")
