"""The areas of a plan: which tables of SCB are read by area, what is measured, and the groups of areas.

Here belongs the shape of the section ``areas`` and what must hold within it. How the figures are
worked out belongs in ``pipelines.transforms``; which areas there are is told by the plan's own files.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.vocabulary import Side
from sources.plan.parts import SeriesPart, Slug, Strict, Words

AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{4}([A-C]\d{4}|R\d{3})$")]
CellId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+:[a-z0-9_]+$")]

COUNTED: Final = "antal"
"""The unit of a series whose cells are counts, and may be added; medians and shares never are."""


class AreaPart(SeriesPart):
    """A table by area. ``regions`` are codes or expressions; ``cells`` names the codes of the variable ``by``."""

    regions: Annotated[tuple[Words, ...], Field(min_length=1)]
    by: Words
    cells: Annotated[dict[Slug, Words], Field(min_length=1)]

    @model_validator(mode="after")
    def _selects_each_variable_once(self) -> Self:
        twice = sorted({self.region, self.by} & set(self.selection))
        if twice:
            raise ValueError(f"{', '.join(twice)} is under selection too: its codes are given by regions or cells")
        return self

    @property
    def asked(self) -> Mapping[str, tuple[str, ...]]:
        """What is asked of the table."""
        return {self.region: self.regions, self.by: tuple(self.cells.values()), **self.selection}


class AreaSeries(Strict):
    """What is taken from SCB by area. ``noise`` is how many units a cell may be off, from the year ``noise_from`` on.

    A series that moves from table to table, or is told in two divisions, has a part for each.
    """

    id: Slug
    title: Words
    unit: Words
    noise: Annotated[float, Field(ge=0)] = 0
    noise_from: int | None = None
    part: Annotated[tuple[AreaPart, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _noise_has_its_year(self) -> Self:
        if bool(self.noise) != (self.noise_from is not None):
            raise ValueError("noise and noise_from go together: say how many units a cell may be off, and from when")
        return self

    @property
    def cells(self) -> tuple[str, ...]:
        """The ids of its cells, each once, as measures name them: ``lagenheter:hyresratt``."""
        return tuple(dict.fromkeys(f"{self.id}:{cell}" for part in self.part for cell in part.cells))


class AreaGroup(Strict):
    """A named group of areas: its members, other groups together, or all areas outside other groups."""

    id: Slug
    name: Words
    basis: Words
    members: tuple[AreaCode, ...] = ()
    groups: tuple[Slug, ...] = ()
    outside: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        given = [name for name in ("members", "groups", "outside") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(
                f"names {' and '.join(given) or 'no areas'}: give exactly one of members (codes of RegSO), "
                "groups (ids of groups) and outside (ids of groups)"
            )
        return self


class AreaMeasure(Strict):
    """A measure by area: a share of two sums of cells, or one cell as it is, perhaps weighted by another.

    ``says`` is what it tells in plain words, to stand below its name.
    """

    id: Slug
    name: Words
    name_en: Words | None = None
    says: Words | None = None
    says_en: Words | None = None
    unit: Words
    side: Side = Side.NEUTRAL
    numerator: tuple[CellId, ...] = ()
    denominator: tuple[CellId, ...] = ()
    value: CellId | None = None
    weight: CellId | None = None
    goal: Slug | None = None
    indicator: Slug | None = None

    @model_validator(mode="after")
    def _is_a_share_or_a_value(self) -> Self:
        share = bool(self.numerator) and bool(self.denominator)
        if share == (self.value is not None) or bool(self.numerator) != bool(self.denominator):
            raise ValueError("give numerator and denominator, or value alone")
        if self.weight is not None and self.value is None:
            raise ValueError("weight belongs to a value: a share is weighted by its denominator")
        return self

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that it rests on."""
        more = tuple(each for each in (self.value, self.weight) if each is not None)
        return (*self.numerator, *self.denominator, *more)


class AreaType(Strict):
    """The cells that hold SCB's socio-economic index of a RegSO and its type, 1 to 5."""

    index: CellId
    type: CellId


class Areas(Strict):
    """What a plan says of the municipality's areas. Without it, nothing is told of them."""

    borders: Annotated[str, StringConstraints(pattern=r"^(RegSO|DeSO)_\d{4}$")] | None = None
    area_type: AreaType | None = None
    smallest_denominator: Annotated[int, Field(ge=1)] = 100
    series: tuple[AreaSeries, ...] = ()
    measure: tuple[AreaMeasure, ...] = ()
    group: tuple[AreaGroup, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for where, ids in (
            ("series", [each.id for each in self.series]),
            ("measure", [each.id for each in self.measure]),
            ("group", [each.id for each in self.group]),
        ):
            twice = next((name for name, count in Counter(ids).items() if count > 1), None)
            if twice is not None:
                raise ValueError(f"{where}: id {twice!r} stands twice: give each its own id")
        known = {cell for series in self.series for cell in series.cells}
        if self.area_type is not None:
            _declared("area_type", (self.area_type.index, self.area_type.type), known)
        for measure in self.measure:
            _declared(f"measure {measure.id!r}", measure.cells, known)
        before: set[str] = set()
        for group in self.group:
            # Those that a group is made of stand before it, so that none can be made of itself.
            _declared(f"group {group.id!r}", (*group.groups, *group.outside), before)
            before.add(group.id)
        return self

    def units(self) -> dict[str, str]:
        """The unit of each measure of each group, as an indicator refers to it: ``areas:andel:varby``."""
        return {f"areas:{each.id}:{group.id}": each.unit for each in self.measure for group in self.group}


def _declared(where: str, names: Iterable[str], known: set[str]) -> None:
    """Refuse a name that is not declared."""
    odd = next((name for name in names if name not in known), None)
    if odd is not None:
        raise ValueError(f"{where}: {odd!r} is not declared: declared are {', '.join(sorted(known)) or 'none'}")
