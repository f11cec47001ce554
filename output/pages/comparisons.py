"""Comparisons: how the municipality stands in its county, indicator by indicator.

Here belongs the page that holds them all together. An indicator's own page has its rank too.
"""

from collections.abc import Sequence

from contracts.vocabulary import Text
from output.pages.page import Page, Section
from output.pages.ranking import Ranking, rankings
from output.pages.view import View


def pages(view: View) -> list[Page]:
    """The page of the comparisons; none where nothing is compared."""
    newest = [each[-1] for each in view.once(rankings).values() if each]
    if not newest:
        return []
    lead = Text(
        "De mått som mäts likadant i alla kommuner i länet, med källans senaste år. Bäst till höger.",
        "The measures that are the same in all municipalities of the county, in the source's latest year. "
        "Best to the right.",
    )
    context = {"rankings": newest}
    return [Page(Section.COMPARISONS, "comparisons.html", Section.COMPARISONS, headline(newest), lead, context)]


def headline(newest: Sequence[Ranking]) -> Text:
    """In how many measures the municipality is in the better half."""
    ranks = [(each.mine["rang"], each.mine["rang_av"]) for each in newest if each.mine and each.mine["rang"]]
    total, better = len(ranks), sum(2 * rank <= of for rank, of in ranks)
    if total == 0:
        return Text("Jämförelser i länet", "Comparisons in the county")
    if total == 1:
        half = Text("bättre", "better") if better else Text("sämre", "worse")
        return Text(f"I länets {half.sv} halva", f"In the county's {half.en} half")
    if better == 0:
        return Text(
            f"Inget av {total} mått i länets bättre halva", f"None of {total} measures in the county's better half"
        )
    if better == total:
        return Text(f"Alla {total} mått i länets bättre halva", f"All {total} measures in the county's better half")
    return Text(
        f"{better} av {total} mått i länets bättre halva", f"{better} of {total} measures in the county's better half"
    )
