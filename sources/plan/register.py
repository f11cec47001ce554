"""The goal register as typed data: areas, goals, indicators, sources, milestones and decisions.

Here belongs the shape of a plan and what must hold within it. Reading the file and wording its
faults belong in ``sources.plan``; computing a status from it in ``pipelines.transforms``.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.vocabulary import Direction, Operator, ReportedStatus, RowKind
from sources.plan.areas import Areas
from sources.plan.decisions import Decision, Forecast, Interim, Line, ReportId
from sources.plan.formula import FormulaError, parse
from sources.plan.parts import SeriesPart, Slug, Strict, Words, must_exist, no_doubles

MunicipalityId = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
KpiId = Annotated[str, StringConstraints(pattern=r"^[NU]\d{5}$")]

TITLE_UNITS = (
    (re.compile(r"antal\s*/\s*1000\s*inv"), "antal per 1000 invånare"),
    (re.compile(r"\(%\)"), "procent"),
    (re.compile(r"\bindex\b", re.IGNORECASE), "index"),
    (re.compile(r"kr\s*/\s*inv"), "kronor per invånare"),
    (re.compile(r"\bantal\b"), "antal"),
)
"""Kolada has no field for units: they stand in the titles, in these forms."""


class Bound(Strict):
    """A milestone or target: a value for a year, with the operator as printed or as assumed."""

    year: int
    value: Annotated[float, Field(allow_inf_nan=False)]
    operator: Operator | None = None
    assumed_operator: Operator | None = None

    @property
    def effective(self) -> Operator | None:
        """The operator that the bound is read with."""
        return self.operator or self.assumed_operator


class Milestone(Bound):
    """A bound that a status is worked out against, so that an operator must be known."""

    @model_validator(mode="after")
    def _needs_an_operator(self) -> Self:
        if (self.operator is None) == (self.assumed_operator is None):
            raise ValueError(
                "give exactly one of operator and assumed_operator: operator where the report prints one, "
                "assumed_operator (say '>=') where it does not"
            )
        return self


class AreaSource(Strict):
    """A measure by area, taken of a group of areas."""

    measure: Slug
    group: Slug


class Source(Strict):
    """Where an indicator's figures come from, and in which unit they are measured there."""

    unit: Words
    kolada: KpiId | None = None
    formula: Words | None = None
    inputs: dict[Slug, Words] = Field(default_factory=dict)
    scb: Slug | None = None
    areas: AreaSource | None = None
    extract: Literal["indikatorutfall"] | None = None
    compare: bool = True

    @model_validator(mode="after")
    def _is_one_of_five(self) -> Self:
        names = ("kolada", "formula", "scb", "areas", "extract")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"names {' and '.join(given) or 'no source'}: give exactly one of kolada (a KPI), "
                "formula (with inputs), scb (a series), areas (a measure of a group) and extract"
            )
        if self.areas is not None and self.compare:
            raise ValueError("the areas are the municipality's own, no other has them: write compare = false")
        if self.formula is not None:
            self._inputs_match(self.formula)
        elif self.inputs:
            raise ValueError("inputs belong to a formula: remove them or write the formula")
        return self

    def _inputs_match(self, formula: str) -> None:
        try:
            _, names = parse(formula)
        except FormulaError as error:
            raise ValueError(str(error)) from error
        if not names:
            raise ValueError("the formula uses no input: name the figures that it is worked out of under inputs")
        if names != set(self.inputs):
            raise ValueError(
                f"the formula uses {', '.join(sorted(names))}, inputs declares "
                f"{', '.join(sorted(self.inputs)) or 'none'}: they must be the same names"
            )

    @property
    def references(self) -> tuple[str, ...]:
        """The outside figures it rests on, as ``kolada:N00670`` or ``scb:folkmangd``."""
        if self.kolada:
            return (f"kolada:{self.kolada}",)
        if self.areas:
            return (f"areas:{self.areas.measure}:{self.areas.group}",)
        return (f"scb:{self.scb}",) if self.scb else tuple(self.inputs.values())

    @property
    def id(self) -> str | None:
        """The KPI, series, formula or measure of a group that gives the figures; None where only an extract does."""
        return self.formula or (self.references[0].partition(":")[2] if self.references else None)


class Reported(Strict):
    """What the report says of an indicator: of itself, and of its goal as a whole."""

    status: ReportedStatus
    by_goal: ReportedStatus = ReportedStatus.UNSTATED


class Indicator(Strict):
    """An indicator of a committee goal, with its bounds for the report's year and for later.

    ``continues`` names those of the report before that it carries on under another id; ``ends`` says why it
    stands in no later report.
    """

    id: Slug
    name: Words
    unit: Words
    decimals: Annotated[int, Field(ge=0, le=6)]
    direction: Direction
    lag: Annotated[int, Field(ge=0, le=5)]
    source: Source
    milestone: Milestone | None = None
    target: Bound | None = None
    reported: Reported = Reported(status=ReportedStatus.UNSTATED)
    continues: tuple[Slug, ...] = ()
    ends: Words | None = None
    source_line: Line | None = None

    @model_validator(mode="after")
    def _measures_its_own_unit(self) -> Self:
        if self.source.unit != self.unit:
            raise ValueError(
                f"is measured in {self.unit!r} and its source in {self.source.unit!r}: name a source that measures "
                f"{self.unit!r}, or a formula that gives it"
            )
        return self


class Goal(Strict):
    """A committee goal under a council goal; ``continues`` and ``ends`` are as those of an indicator."""

    id: Slug
    name: Words
    council_goal: Slug
    decision: Decision | None = None
    forecast: tuple[Forecast, ...] = ()
    continues: tuple[Slug, ...] = ()
    ends: Words | None = None
    source_line: Line | None = None
    indicator: Annotated[tuple[Indicator, ...], Field(min_length=1)]


class CouncilGoal(Strict):
    """A goal of the municipal council within a target area."""

    id: Slug
    name: Words
    target_area: Slug


class TargetArea(Strict):
    """A target area of the council's."""

    id: Slug
    name: Words


class Rule(Strict):
    """The rule by which grades are computed, and its parameters. Without a version it is the one in force."""

    version: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")] | None = None
    tie_is_reached: bool = False


class ReportPlan(Strict):
    """The report that the plan is about."""

    id: ReportId
    year: Annotated[int, Field(ge=1990, le=2200)]
    committee: Words
    source: Words
    note: Words
    note_en: Words | None = None
    decision: Decision | None = None

    @model_validator(mode="after")
    def _id_holds_the_year(self) -> Self:
        if not self.id.startswith(str(self.year)):
            raise ValueError(f"id {self.id!r} and year {self.year} differ: write {self.year}-helar")
        return self


class Municipality(Strict):
    """Whose plan it is, and the municipalities that its outcomes are ranked among.

    ``place_uri`` is the address that stands for it at geonames.org, for the catalogue.
    """

    id: MunicipalityId
    name: Words
    county: Words
    county_members: Annotated[tuple[MunicipalityId, ...], Field(min_length=1)]
    place_uri: Annotated[str, Field(pattern=r"^https?://sws\.geonames\.org/[0-9]+/?$")] | None = None

    @model_validator(mode="after")
    def _is_in_its_county(self) -> Self:
        if self.id not in self.county_members:
            raise ValueError(f"id {self.id!r} is not among county_members: correct the id, or add it there")
        return self


class Kpi(Strict):
    """A KPI of Kolada as the plan knows it: a changed title is refused until it is accepted here."""

    id: KpiId
    title: Words
    unit: Words
    valid_to: int | None = None
    retired: bool = False
    values_expected: bool = True

    @model_validator(mode="after")
    def _title_names_the_unit(self) -> Self:
        named = next((unit for pattern, unit in TITLE_UNITS if pattern.search(self.title)), self.unit)
        if named != self.unit:
            raise ValueError(f"is declared in {self.unit!r}, its title says {named!r}: write unit = {named!r}")
        return self


class Kolada(Strict):
    """What the plan takes from Kolada."""

    years: tuple[int, int]
    country: MunicipalityId = "0000"
    full_every_days: Annotated[int, Field(ge=1)] = 30
    kpi: tuple[Kpi, ...] = ()


class Series(Strict):
    """A series of SCB. One that moves from table to table over the years, to other codes, has a part for each."""

    id: Slug
    title: Words
    unit: Words
    part: Annotated[tuple[SeriesPart, ...], Field(min_length=1)]


class Scb(Strict):
    """What the plan takes from SCB."""

    series: tuple[Series, ...] = ()


class ExtractPlan(Strict):
    """A file of the municipality's own, and how it is written.

    ``sums`` gives by heading what columns add up to, as the sender of the file states it.
    """

    table: Slug
    file: Words
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    separator: Literal[";", ",", "tab"] = ";"
    decimal: Literal[",", "."] = ","
    sheet: Words | None = None
    ledger: bool = False
    owner: Words
    sums: dict[Words, Annotated[float, Field(allow_inf_nan=False)]] = Field(default_factory=dict)


class StatementLine(Strict):
    """A row that a statement must hold, with its place in the tree."""

    id: Slug
    label: Words
    kind: RowKind
    parent: Slug | None = None
    source_line: Line | None = None


class Register(Strict):
    """A whole plan: everything that ``plan.toml`` says."""

    municipality: Municipality
    report: ReportPlan
    rule: Rule
    target_area: Annotated[tuple[TargetArea, ...], Field(min_length=1)]
    council_goal: Annotated[tuple[CouncilGoal, ...], Field(min_length=1)]
    goal: Annotated[tuple[Goal, ...], Field(min_length=1)]
    interim: tuple[Interim, ...] = ()
    kolada: Kolada = Kolada(years=(1999, 2023))
    scb: Scb = Scb()
    areas: Areas | None = None
    extract: tuple[ExtractPlan, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The municipalities that outcomes are taken in for: those of the county, and the country beside them."""
        return (*self.municipality.county_members, self.kolada.country)

    @property
    def indicators(self) -> Iterator[tuple[Goal, Indicator]]:
        """Every indicator with its goal, in the plan's order."""
        return ((goal, indicator) for goal in self.goal for indicator in goal.indicator)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        no_doubles("target_area", (area.id for area in self.target_area))
        no_doubles("council_goal", (goal.id for goal in self.council_goal))
        no_doubles("goal", (goal.id for goal in self.goal))
        no_doubles("indicator", (indicator.id for _, indicator in self.indicators))
        no_doubles("kolada.kpi", (kpi.id for kpi in self.kolada.kpi))
        no_doubles("scb.series", (series.id for series in self.scb.series))
        no_doubles("extract", (extract.table for extract in self.extract))
        areas = {area.id for area in self.target_area}
        for council_goal in self.council_goal:
            must_exist(f"council_goal {council_goal.id!r}: target_area", council_goal.target_area, areas)
        council_goals = {goal.id for goal in self.council_goal}
        for goal in self.goal:
            must_exist(f"goal {goal.id!r}: council_goal", goal.council_goal, council_goals)
        no_doubles("interim", (interim.id for interim in self.interim))
        self._forecasts_were_made()
        self._sources_exist()
        self._measures_lead_somewhere()
        return self

    def _forecasts_were_made(self) -> None:
        """The interim reports are of the report's own year, and each forecast stands in one of them."""
        for interim in self.interim:
            if interim.id == self.report.id or not interim.id.startswith(str(self.report.year)):
                raise ValueError(
                    f"interim {interim.id!r} is no interim report of {self.report.id}: "
                    f"write {self.report.year}-delar1 or {self.report.year}-delar2"
                )
        forecasting = {interim.id for interim in self.interim if interim.forecasts}
        for goal in self.goal:
            no_doubles(f"goal {goal.id!r}: forecast", (forecast.report for forecast in goal.forecast))
            for forecast in goal.forecast:
                must_exist(f"goal {goal.id!r}: forecast of report", forecast.report, forecasting)

    def _measures_lead_somewhere(self) -> None:
        """The goal and the indicator that a measure by area sheds light on are those of the plan."""
        goals = {goal.id for goal in self.goal}
        indicators = {indicator.id for _, indicator in self.indicators}
        for measure in self.areas.measure if self.areas else ():
            if measure.goal is not None:
                must_exist(f"areas.measure {measure.id!r}: goal", measure.goal, goals)
            if measure.indicator is not None:
                must_exist(f"areas.measure {measure.id!r}: indicator", measure.indicator, indicators)

    def _sources_exist(self) -> None:
        """Each source is declared, and measures the unit that its indicator takes from it."""
        units = {f"kolada:{kpi.id}": kpi.unit for kpi in self.kolada.kpi}
        units |= {f"scb:{series.id}": series.unit for series in self.scb.series}
        units |= self.areas.units() if self.areas else {}
        for _, indicator in self.indicators:
            for reference in indicator.source.references:
                must_exist(f"indicator {indicator.id!r}: source", reference, units)
            if indicator.source.formula is None and indicator.source.references:
                (reference,) = indicator.source.references
                if units[reference] != indicator.unit:
                    raise ValueError(
                        f"indicator {indicator.id!r} is measured in {indicator.unit!r}, {reference} in "
                        f"{units[reference]!r}: name a source that measures {indicator.unit!r}, "
                        "or a formula that gives it"
                    )
