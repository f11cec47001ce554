"""How fresh it is: the latest year of each measure, and where each night's word of what is late is found.

Here belongs what is said of the running. The tables in ``drift/`` change with the days; a page must not, where
nothing that is published has changed. So it shows the years that there are, and leads to the files for the rest.
"""

from typing import Any, Final

from contracts.vocabulary import Freshness, Text
from output.pages.page import Page, Section
from output.pages.view import View

PATH: Final = "farskhet/"


def pages(view: View) -> list[Page]:
    """The page of freshness; none where nothing is told of it."""
    if "farskhet" not in view.site.operational:
        return []
    told = view.site.operational["farskhet"].to_dicts()
    context: dict[str, Any] = {
        "rows": sorted(
            (row for row in told if row["rapport"] == view.report), key=lambda row: (row["titel"], row["kalla_id"])
        ),
        "states": [(str(state), state.text) for state in Freshness],
        "rejected": "karantan" in view.site.operational,
    }
    title = Text("Hur färskt är det?", "How fresh is it?")
    lead = Text(
        "Varje natt frågas källorna om de har något nytt. Bara när något har ändrats blir det en ny utgåva, så en "
        "gammal utgåva betyder att inget har hänt sedan dess.",
        "Every night the sources are asked whether they have anything new. Only where something has changed is there "
        "a new release, so that an old release means that nothing has happened since.",
    )
    return [Page(PATH, "freshness.html", Section.OTHER, title, lead, context)]
