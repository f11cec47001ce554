"""The newest report of a site, read as rows: what every kind of page looks things up in.

Here belongs which report the pages show and how its tables are reached. What a page says of them
belongs in the module of that page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

import polars as pl

from contracts.vocabulary import Text
from output.pages.wording import period
from output.site import Site

Row = Mapping[str, Any]
Read = TypeVar("Read")

KINDS: Final = ("delar1", "delar2", "helar")
"""Reports of a year, in the order of their periods."""

REPORTED: Final = ("malbedomning", "samlad_bedomning", "indikatorer", "resultatrakning")
"""Tables that tell which reports there are, the surest first."""


@dataclass(frozen=True)
class View:
    """A site as its pages read it: the newest report, and everything that is published."""

    site: Site

    @cached_property
    def report(self) -> str | None:
        """The newest report, or nothing where no table of goals or money is published."""
        found = (self.site.tables[name].frame for name in REPORTED if name in self.site.tables)
        reports = {str(each) for frame in found for each in frame["rapport"].unique().to_list()}
        return max(reports, key=_age, default=None)

    @property
    def year(self) -> int | None:
        """The year that the newest report is about, or nothing where there is none."""
        return int(self.report[:4]) if self.report else None

    @cached_property
    def period(self) -> Text:
        """The time that the newest report is about; empty where there is none."""
        return period(self.report or "")

    @cached_property
    def municipality(self) -> str | None:
        """The code of the municipality whose report it is."""
        found = (self.site.tables[name].frame for name in REPORTED if name in self.site.tables)
        owners = (frame.filter(pl.col("rapport").eq_missing(pl.lit(self.report)))["kommun_id"] for frame in found)
        return next((str(codes[0]) for codes in owners if codes.len()), None)

    @property
    def committee(self) -> Text:
        """Who the report is about, as the subject of a sentence."""
        name = self.site.about.committee
        return Text(name or "Nämnden", name or "The committee")

    @property
    def goals_of(self) -> Text:
        """Whose goals they are, and for which time."""
        name = self.committee
        genitive = name.sv if name.sv.endswith(("s", "x", "z")) else f"{name.sv}s"
        return Text(f"{genitive} mål, {self.period.sv}", f"The goals of {name.en}, {self.period.en}")

    @property
    def place(self) -> str:
        """Whose site it is: the municipality that it is about, or the publisher."""
        name = self.site.about.municipality
        return f"{name} kommun" if name else self.site.about.publisher

    def has(self, *tables: str) -> bool:
        """Whether any of these tables has a row in the newest report."""
        return any(self.rows(name) for name in tables)

    def frame(self, table: str) -> pl.DataFrame | None:
        """A published table's rows of the newest report, in their published order."""
        if table not in self.site.tables:
            return None
        published = self.site.tables[table]
        frame = published.frame
        if "rapport" in frame.columns:
            frame = frame.filter(pl.col("rapport").eq_missing(pl.lit(self.report)))
        if "kommun_id" in published.contract.partition:
            frame = frame.filter(pl.col("kommun_id").eq_missing(pl.lit(self.municipality)))
        return frame

    def rows(self, table: str) -> Sequence[Row]:
        """A published table's rows of the newest report; none where it is not published."""
        if table not in self._rows:
            frame = self.frame(table)
            self._rows[table] = [] if frame is None else frame.to_dicts()
        return self._rows[table]

    def by(self, table: str, column: str) -> Mapping[Any, Sequence[Row]]:
        """A table's rows by the value of a column."""
        grouped: dict[Any, list[Row]] = {}
        for row in self.rows(table):
            grouped.setdefault(row[column], []).append(row)
        return grouped

    def once(self, read: Callable[["View"], Read]) -> Read:
        """What a function reads of this view, read once for all the pages that need it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found

    @cached_property
    def _read(self) -> dict[Callable[["View"], Any], Any]:
        """What has been read already, by what read it."""
        return {}

    @cached_property
    def _rows(self) -> dict[str, Sequence[Row]]:
        """Tables that have been read already."""
        return {}


def _age(report: str) -> tuple[str, int]:
    """What orders reports by age."""
    year, _, kind = report.partition("-")
    return year, KINDS.index(kind) if kind in KINDS else -1
