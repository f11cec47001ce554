"""Ranks in the county: what the comparisons say of an indicator in a year.

Here belongs how comparisons are read for pages. The ranks themselves are published, not worked out here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from contracts.vocabulary import Comparator, Direction, Text
from output.pages import charts
from output.pages.view import Row, View
from output.pages.wording import NO_BREAK, both, decimals_of, measure, quantity


@dataclass(frozen=True)
class Ranking:
    """An indicator in a year: every municipality that has a value, and the country."""

    indicator: Row
    year: int
    rows: Sequence[Row]
    own: str

    @cached_property
    def values(self) -> Mapping[str, float]:
        """Values of the county's municipalities by their code."""
        return {row["jamforelse_id"]: row["utfall"] for row in self.ranked}

    @cached_property
    def ranked(self) -> Sequence[Row]:
        """The county's municipalities that have a value, the best first."""
        found = [row for row in self.rows if row["typ"] == Comparator.MUNICIPALITY and row["utfall"] is not None]
        return sorted(found, key=lambda row: (row["rang"] or 0, row["jamforelse"]))

    @property
    def mine(self) -> Row | None:
        """The row of the municipality itself."""
        return next((row for row in self.ranked if row["jamforelse_id"] == self.own), None)

    @property
    def country(self) -> Row | None:
        """The row of the whole country."""
        return next((row for row in self.rows if row["typ"] == Comparator.COUNTRY), None)

    @property
    def others(self) -> int:
        """How many others there are."""
        return len(self.ranked) - (self.mine is not None)

    @cached_property
    def decimals(self) -> int:
        """Decimals that show every value."""
        return decimals_of(self.values.values(), 1 if self.indicator["enhet"] == "procent" else 2)

    @property
    def measure(self) -> Text:
        """What is measured."""
        return measure(self.indicator["enhet"])

    @cached_property
    def title(self) -> Text:
        """The rank in a heading."""
        mine = self.mine
        if mine is None or mine["rang"] is None:
            return Text(f"Ingen plats i länet {self.year}", f"No rank in the county in {self.year}")
        of = f"{mine['rang']}{NO_BREAK}{{}}{NO_BREAK}{mine['rang_av']}"
        return Text(
            f"Plats{NO_BREAK}{of.format('av')} i länet {self.year}",
            f"Rank{NO_BREAK}{of.format('of')} in the county in {self.year}",
        )

    @cached_property
    def chart(self) -> Text:
        """The ranks drawn, in both languages."""
        names = {row["jamforelse_id"]: row["jamforelse"] for row in self.ranked}
        higher = self.indicator["riktning"] == Direction.HIGHER
        labels = {code: self._label(names[code], value) for code, value in self.values.items()}
        drawn = charts.Rank(self.values, self.own, labels, higher)
        return charts.rank(drawn, self.title, labels.get(self.own, self.title))

    def _label(self, name: str, value: float) -> Text:
        """A municipality with its value."""
        return both(lambda language: f"{name} {quantity(value, self.decimals, self.indicator['enhet'], language)}")


def rankings(view: View) -> Mapping[str, Sequence[Ranking]]:
    """The rankings of each indicator that is compared, the oldest year first."""
    indicators = {row["indikator_id"]: row for row in view.rows("indikatorer")}
    found: dict[str, dict[int, list[Row]]] = {}
    for row in view.rows("jamforelser"):
        if row["indikator_id"] in indicators:
            found.setdefault(row["indikator_id"], {}).setdefault(row["ar"], []).append(row)
    own = view.municipality or ""
    return {
        name: [
            ranking
            for year, rows in sorted(years.items())
            if (ranking := Ranking(indicators[name], year, rows, own)).values
        ]
        for name, years in found.items()
    }
