"""The claims of a report: figures that it states, each with the expression that it is held against.

Here belong the shape of ``claims.toml`` and what must hold within it. What may stand in an
expression is told in ``sources.plan.expressions``, what comes of it in ``pipelines.transforms.claims``.
"""

from typing import Annotated, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from contracts.vocabulary import Qualifier
from sources.plan.decisions import Line
from sources.plan.expressions import Cell, Node, parse, parse_cell
from sources.plan.parts import Slug, Strict, Words, no_doubles


class Claim(Strict):
    """A figure that the report states, and what it should be.

    The figure is one of three: ``figure`` names one in running text (an id in ``textuppgifter``),
    ``cell`` one in a table, and ``value`` is one that stands nowhere else, with its unit and line.
    """

    expression: Words
    figure: Slug | None = None
    id: Slug | None = None
    what: Words | None = None
    cell: Words | None = None
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    unit: Words | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    qualifier: Qualifier | None = None
    line: Line | None = None
    _tree: Node = PrivateAttr()
    _stated: Cell | None = PrivateAttr(default=None)

    @property
    def tree(self) -> Node:
        """The expression."""
        return self._tree

    @property
    def stated(self) -> Cell | None:
        """The cell that holds the stated figure, where it stands in a table."""
        return self._stated

    @property
    def name(self) -> str:
        """What the claim is known by: its own id, or that of its figure in running text."""
        return self.id or self.figure or ""

    @field_validator("qualifier")
    @classmethod
    def _is_no_interval(cls, qualifier: Qualifier | None) -> Qualifier | None:
        if qualifier is Qualifier.BETWEEN:
            raise ValueError("an interval has two values: put the figure in textuppgifter and name it with figure")
        return qualifier

    @model_validator(mode="after")
    def _states_one_figure(self) -> Self:
        given = [name for name in ("figure", "cell", "value") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"states {' and '.join(given) or 'no figure'}: give exactly one of figure (an id in textuppgifter), "
                "cell (a figure in a table) and value (with unit and line)"
            )
        if self.figure is None and (self.id is None or self.what is None):
            raise ValueError("give it an id, and say what the figure is in what: a few words in Swedish")
        if self.value is not None and (self.unit is None or self.line is None):
            raise ValueError("a value needs a unit and the line of the report that it stands in: write unit and line")
        return self

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        self._tree = parse(self.expression)
        self._stated = parse_cell(self.cell) if self.cell is not None else None
        return self


class Claims(Strict):
    """All claims of a report."""

    claim: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _have_their_own_names(self) -> Self:
        no_doubles("claim", (claim.id for claim in self.claim if claim.id is not None))
        no_doubles("claim > figure", (claim.figure for claim in self.claim if claim.figure is not None))
        return self
