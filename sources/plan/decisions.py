"""What a committee says of its goals and when: decided grades, and the interim reports that forecast them.

Here belongs the shape of it in ``plan.toml``. That what is forecast is a goal of the plan is held in
``sources.plan.register``.
"""

import datetime as dt
from typing import Annotated

from pydantic import Field, PrivateAttr, StringConstraints, model_validator

from contracts.vocabulary import Grade
from sources.plan.expressions import Cell, parse_cell
from sources.plan.parts import Slug, Strict, Words, no_doubles

ReportId = Annotated[str, StringConstraints(pattern=r"^\d{4}-(helar|delar1|delar2)$")]
InterimId = Annotated[str, StringConstraints(pattern=r"^\d{4}-delar[12]$")]
Line = Annotated[int, Field(ge=1)]


class Decision(Strict):
    """A grade that a committee has decided, with our own short summary of its reason."""

    grade: Grade
    date: dt.date
    reason: Words
    source_line: Line | None = None


class Forecast(Strict):
    """A grade that an interim report foresaw for the end of the year."""

    report: InterimId
    grade: Grade
    reason: Words | None = None
    source_line: Line | None = None


class InterimFigure(Strict):
    """A figure as an interim report had it (``then``) and as it ended (``final``): cells of the report's own tables."""

    id: Slug
    what: Words
    then: Words
    final: Words | None = None
    _then: Cell = PrivateAttr()
    _final: Cell | None = PrivateAttr(default=None)

    @property
    def cells(self) -> tuple[Cell, Cell | None]:
        """Where the figure of the interim report stands, and where the final one does."""
        return self._then, self._final

    @model_validator(mode="after")
    def _are_cells(self) -> "InterimFigure":
        self._then = parse_cell(self.then)
        self._final = parse_cell(self.final) if self.final is not None else None
        return self


class Interim(Strict):
    """An interim report of the year: whether it ``forecasts`` the grades, and what is known of its figures.

    ``source`` is the report itself; without it what is known stands in the report of the plan.
    """

    id: InterimId
    source: Words | None = None
    forecasts: bool = True
    figure: tuple[InterimFigure, ...] = ()

    @model_validator(mode="after")
    def _figures_have_their_own_ids(self) -> "Interim":
        no_doubles("figure", (figure.id for figure in self.figure))
        return self
