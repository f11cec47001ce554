"""An indicator as one line of a table: its figures with the same decimals, its track, the years before.

Here belongs what the start page, a goal's page and an indicator's page read alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from output.pages.sentences import Tally, tally
from output.pages.tracks import Scale, Track, scale, track
from output.pages.view import Row, View
from output.pages.wording import decimals_of

YEARS_BEFORE = 3
"""Earlier outcomes that a track shows."""


@dataclass(frozen=True)
class Line:
    """An indicator with what is shown beside it. ``before`` holds (year, outcome) by the same source, oldest first."""

    row: Row
    decimals: int
    before: Sequence[tuple[int, float]]
    track: Track | None

    @property
    def year_before(self) -> tuple[int, float] | None:
        """The outcome of the year just before, where there is one."""
        last = self.before[-1] if self.before else None
        return last if last is not None and last[0] == self.row["utfall_ar"] - 1 else None


@dataclass(frozen=True)
class Goal:
    """A committee goal with its lines."""

    row: Row
    scale: Scale
    lines: Sequence[Line]

    @property
    def tally(self) -> Tally:
        """How many of its milestones were reached."""
        return tally([line.row["etappmal_status"] for line in self.lines])


def lines(view: View) -> Mapping[str, Line]:
    """Every indicator of the report by its id, in the report's order."""
    outcomes = view.by("indikatorutfall", "indikator_id")
    return {row["indikator_id"]: _line(row, outcomes.get(row["indikator_id"], [])) for row in view.rows("indikatorer")}


def goals(view: View) -> list[Goal]:
    """Every committee goal of the report with its lines, in the report's order."""
    every = view.once(lines).values()
    return [
        Goal(row, scale(row), [line for line in every if line.row["namndmal_id"] == row["namndmal_id"]])
        for row in view.rows("malbedomning")
    ]


def _line(row: Row, outcomes: Sequence[Row]) -> Line:
    """One indicator."""
    series = outcomes_of(outcomes, row["kalla"])
    before = [(year, value) for year, value in series if year < row["utfall_ar"]][-YEARS_BEFORE:]
    figures = [row["utfall"], row["etappmal_varde"], row["malvarde"], *(value for _, value in before)]
    return Line(row, decimals_of(figures), before, track(row, [value for _, value in before]))


def common_years(rows: Sequence[Row]) -> dict[str, int | None]:
    """``milestone_year`` and ``target_year`` of indicators, where all have the same."""
    columns = {"milestone_year": "etappmal_ar", "target_year": "malvarde_ar"}
    found = {name: {row[column] for row in rows} - {None} for name, column in columns.items()}
    return {name: years.pop() if len(years) == 1 else None for name, years in found.items()}


def outcomes_of(outcomes: Sequence[Row], source: str) -> list[tuple[int, float]]:
    """What a source says of both sexes together today, by year, the oldest first."""
    return sorted(
        (row["ar"], row["utfall"])
        for row in outcomes
        if row["kalla"] == source and row["kon"] == "T" and row["kand_till"] is None and row["utfall"] is not None
    )
