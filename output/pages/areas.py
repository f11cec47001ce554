"""The municipality's areas: a map for each measure, two measures against each other, what is at hand of them.

Here belongs what the pages say of a measure. How areas are drawn belongs in ``output.pages.area_maps``, the
profile of one area in ``output.pages.area_profiles``. Areas
are described, those who live there are not; a measure that only describes has no good or bad side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from contracts.vocabulary import AreaStatus, Level, Side, SumVerdict, Sureness, Text
from output.pages.area_maps import Drawn, along, bounds_of, drawn, step_of
from output.pages.page import Page, Section
from output.pages.view import Row, View
from output.pages.wording import both, decimals_of, enumerated, quantity

ROOT: Final = "omraden/"
REGSO: Final = str(Level.REGSO)
SHARE: Final = "procent"
COUNTED: Final = "antal"
PAIRS: Final = (("hyresratter", "barn_och_unga"), ("sysselsatta", "eftergymnasial_utbildning"))
"""Measures worth seeing against each other; a pair without a year in common is left out."""

LEVELS: Final = (str(Level.REGSO), str(Level.DESO), str(Level.MUNICIPALITY), str(Level.COUNTY), str(Level.COUNTRY))
"""The levels that values are told of, those of the areas first."""

SHARE_DECIMALS: Final = 1
TITLE: Final = Text("Områden", "Areas")
TRAIL: Final = ((TITLE, ROOT),)


@dataclass(frozen=True)
class Place:
    """An area's value of a measure in a year, and what is drawn of it."""

    code: str
    name: str
    row: Row
    step: int | None
    path: str
    x: float | None


@dataclass(frozen=True)
class Measure:
    """A measure in the newest year that RegSO have values of it, its areas with the highest first."""

    row: Row
    year: int
    decimals: int
    places: Sequence[Place]
    height: int
    steps: Sequence[tuple[float, float]]
    whole: float | None
    whole_x: float | None
    spread: Sequence[Row]
    unclear: Sequence[str]

    @property
    def id(self) -> str:
        """Its id in the plan."""
        return str(self.row["matt_id"])

    @property
    def name(self) -> Text:
        """Its name; the Swedish one in both languages where the plan has no other."""
        return named(self.row)

    @property
    def describes(self) -> bool:
        """Whether it has no good or bad side."""
        return bool(self.row["riktning"] == Side.NEUTRAL)

    @property
    def counts(self) -> bool:
        """Whether it is a number of something, which is larger the larger the area is."""
        return bool(self.row["enhet"] == COUNTED)

    @property
    def ranked(self) -> bool:
        """Whether its areas have ranks."""
        return any(place.row["rang"] is not None for place in self.places)


def named(row: Row) -> Text:
    """The name of a measure of the dataset ``omradesmatt``."""
    return Text(row["matt"], row["matt_engelska"] or row["matt"])


def pages(view: View) -> list[Page]:
    """The pages of areas; none where no borders or no values are published."""
    found = view.once(measures)
    if not found:
        return []
    context = {
        "measures": [(each, sentence(each)) for each in found],
        "areas": sorted(found[0].places, key=lambda each: each.name),
        "at_hand": at_hand(view),
        "missing": [*missing(view), sums(view)],
    }
    index = Page(ROOT, "areas.html", Section.AREAS, TITLE, _lead(view, found), context)
    return [index, *(_measure_page(each) for each in found), *_pair_pages(view, found)]


def measures(view: View) -> list[Measure]:
    """Every measure that is told of the RegSO whose borders are published, in the plan's order."""
    borders = {row["omrade_id"]: row["geometri_forenklad"] for row in view.rows("omradesgranser")}
    if not borders:
        return []
    shapes = drawn(borders)
    names = {row["omrade_id"]: row["omrade"] for row in view.rows("omraden") if row["niva"] == REGSO}
    compared = view.by("omradesskillnader", "matt_id")
    spread = view.by("spridningsmatt", "matt_id")
    found = []
    for row in view.rows("omradesmatt"):
        rows = [
            each for each in compared.get(row["matt_id"], []) if each["niva"] == REGSO and each["omrade_id"] in borders
        ]
        told = [each for each in rows if each["varde"] is not None]
        if told:
            year = max(each["ar"] for each in told)
            own = [each for each in spread.get(row["matt_id"], []) if each["niva"] == REGSO]
            found.append(_measure(row, [each for each in rows if each["ar"] == year], own, shapes, names))
    return found


def _measure(row: Row, rows: Sequence[Row], spread: Sequence[Row], shapes: Drawn, names: dict[str, str]) -> Measure:
    """One measure, from the rows of its areas in a year."""
    values = [each["varde"] for each in rows if each["varde"] is not None]
    bounds = bounds_of(values)
    whole = rows[0]["kommun_varde"]
    line = [*values, *([] if whole is None else [whole])]
    places = [
        Place(
            code=each["omrade_id"],
            name=names[each["omrade_id"]],
            row=each,
            step=step_of(each["varde"], bounds),
            path=shapes.paths[each["omrade_id"]],
            x=None if each["varde"] is None else along(each["varde"], line),
        )
        for each in rows
    ]
    edges = [min(values), *bounds, max(values)]
    return Measure(
        row=row,
        year=rows[0]["ar"],
        decimals=SHARE_DECIMALS if row["enhet"] == SHARE else decimals_of(values),
        places=sorted(places, key=lambda each: (each.row["varde"] is None, -(each.row["varde"] or 0), each.name)),
        height=shapes.height,
        steps=list(pairwise(edges)),
        whole=whole,
        whole_x=None if whole is None else along(whole, line),
        spread=spread,
        unclear=[each.name for each in places if each.row["seriebrott"] == Sureness.UNCLEAR],
    )


def _lead(view: View, found: Sequence[Measure]) -> Text:
    """What the pages of areas are about."""
    areas, many = len(found[0].places), len(found)
    return Text(
        f"{view.place} i {areas} statistikområden (RegSO) och {many} mått. Områdena beskrivs, inte de som bor där.",
        f"{view.place} in {areas} statistical areas (RegSO) and {many} measures. "
        "The areas are described, those who live there are not.",
    )


def at_hand(view: View) -> list[tuple[Row, list[str]]]:
    """For each measure of the plan the years that each of ``LEVELS`` has values of; blank where there are none."""
    years: dict[tuple[str, str], set[int]] = {}
    for row in view.rows("omradesvarden"):
        if row["varde"] is not None:
            years.setdefault((row["matt_id"], row["niva"]), set()).add(row["ar"])
    return [
        (row, [_spans(sorted(years.get((row["matt_id"], level), ()))) for level in LEVELS])
        for row in view.rows("omradesmatt")
    ]


def _spans(years: Sequence[int]) -> str:
    """Years as they are read, those that follow on one another together: ``2011–2022, 2025``."""
    firsts = [year for year in years if year - 1 not in years]
    lasts = [year for year in years if year + 1 not in years]
    return ", ".join(
        str(first) if first == last else f"{first}–{last}" for first, last in zip(firsts, lasts, strict=True)
    )


def missing(view: View) -> list[Text]:
    """What the plan asks of the source and the answers do not hold, in sentences."""
    told = at_hand(view)
    nothing = [row for row, years in told if not any(years)]
    smallest = [row for row, (regso, deso, *_) in told if deso and not regso]
    found = []
    if nothing:
        listed = both(lambda language: enumerated([language.of(named(row)) for row in nothing], language))
        found.append(
            Text(f"Inga värden finns av: {listed.sv}.", f"There are no values of: {listed.en}."),
        )
    if smallest:
        listed = both(lambda language: enumerated([language.of(named(row)) for row in smallest], language))
        found.append(
            Text(
                f"Bara de minsta områdena (DeSO) har värden av: {listed.sv}. De står i datamängden, inte på karta.",
                f"Only the smallest areas (DeSO) have values of: {listed.en}. They stand in the dataset, on no map.",
            )
        )
    if not any(county or country for _, (*_, county, country) in told):
        found.append(
            Text(
                "Inga värden finns för länet eller riket, så områdena ställs bara mot kommunen.",
                "There are no values of the county or the country, so that areas stand against the municipality alone.",
            )
        )
    if not view.rows("omradestyper"):
        found.append(
            Text(
                "SCB:s socioekonomiska index och områdestyper finns inte i svaren.",
                "SCB's socio-economic index and types of areas are not in the answers.",
            )
        )
    return found


def sums(view: View) -> Text:
    """Whether areas add up to what they lie in, of the counts that SCB tells of both."""
    said = [row["utslag"] for row in view.rows("omradessummor")]
    if not said:
        return Text(
            "SCB:s svar har inget tal för helheten som områdenas summor kan hållas mot.",
            "SCB's answers have no figure of the whole that the sums of areas could be held against.",
        )
    agree, within, beyond = (said.count(each) for each in SumVerdict)
    return Text(
        f"Summor av områden mot SCB:s tal för helheten: {agree} är lika, {within} skiljer sig så lite som bruset "
        f"tillåter, {beyond} skiljer sig mer.",
        f"Sums of areas against SCB's figure of the whole: {agree} are equal, {within} differ by no more than noise "
        f"allows, {beyond} differ by more.",
    )


def sentence(measure: Measure) -> Text:
    """The highest, the lowest and the whole, in a sentence."""
    told = [place for place in measure.places if place.row["varde"] is not None]
    high, low = told[0], told[-1]

    def shown(value: float | None) -> Text:
        """A value in both languages."""
        return both(lambda language: quantity(value, measure.decimals, measure.row["enhet"], language))

    most, least = shown(high.row["varde"]), shown(low.row["varde"])
    text = Text(
        f"Från {least.sv} i {low.name} till {most.sv} i {high.name} år {measure.year}",
        f"From {least.en} in {low.name} to {most.en} in {high.name} in {measure.year}",
    )
    if measure.whole is None:
        return Text(f"{text.sv}.", f"{text.en}.")
    whole = shown(measure.whole)
    return Text(f"{text.sv}. Hela kommunen: {whole.sv}.", f"{text.en}. The whole municipality: {whole.en}.")


def measure_address(measure_id: str) -> str:
    """Where the page of a measure stands."""
    return f"{ROOT}matt/{measure_id}/"


def area_address(code: str) -> str:
    """Where the page of an area stands."""
    return f"{ROOT}{code}/"


def of_goal(view: View, goal_id: str) -> list[dict[str, Any]]:
    """The goal's indicators that are measured by area: printed beside computed, by group and by RegSO."""
    groups = {row["grupp_id"]: row["grupp"] for row in view.rows("omradesgrupper")}
    names = {row["omrade_id"]: row["omrade"] for row in view.rows("omraden") if row["niva"] == REGSO}
    measured = {row["indikator_id"]: row["matt_id"] for row in view.rows("omradesmatt") if row["indikator_id"]}
    by_group, by_area = view.by("omradesgruppvarden", "matt_id"), view.by("omradesskillnader", "matt_id")
    found = []
    for row in view.rows("indikatorer"):
        measure, year = measured.get(row["indikator_id"]), row["utfall_ar"]
        if row["namndmal_id"] != goal_id or measure is None:
            continue
        together = [
            (groups[each["grupp_id"]], each["varde"]) for each in by_group.get(measure, []) if each["ar"] == year
        ]
        areas = [
            (each["omrade_id"], names[each["omrade_id"]], each["varde"])
            for each in by_area.get(measure, [])
            if each["ar"] == year and each["omrade_id"] in names
        ]
        if together or areas:
            found.append({"row": row, "measure": measure, "groups": together, "areas": areas})
    return found


def _measure_page(measure: Measure) -> Page:
    """The map, the table, the strip and the spread over the years of a measure."""
    context = {"measure": measure, "why": {str(word): word.text for word in AreaStatus}}
    return Page(
        measure_address(measure.id),
        "area_measure.html",
        Section.AREAS,
        measure.name,
        sentence(measure),
        context,
        TRAIL,
    )


def _pair_pages(view: View, found: Sequence[Measure]) -> list[Page]:
    """Pairs of measures that have a year in common, each as points and as a table."""
    by_id = {measure.id: measure for measure in found}
    pairs = [_pair(view, by_id[one], by_id[other]) for one, other in PAIRS if one in by_id and other in by_id]
    shown = [pair for pair in pairs if pair["points"]]
    if not shown:
        return []
    title = Text("Två mått mot varandra", "Two measures against each other")
    lead = Text(
        "Varje punkt är ett område. Att två mått följs åt säger inte att det ena beror på det andra.",
        "Each point is an area. That two measures go together does not say that one depends on the other.",
    )
    return [Page(f"{ROOT}jamfor/", "area_pairs.html", Section.AREAS, title, lead, {"pairs": shown}, TRAIL)]


def _pair(view: View, one: Measure, other: Measure) -> dict[str, Any]:
    """Two measures of the areas that have both, in the newest year that they have in common."""
    names = {place.code: place.name for place in one.places}
    first, second = (_by_year(view, measure.id, names) for measure in (one, other))
    year = max(set(first) & set(second), default=None)
    values, others = (first[year], second[year]) if year is not None else ({}, {})
    codes = sorted(set(values) & set(others), key=lambda code: (-values[code], names[code]))
    points = [
        {
            "number": number,
            "code": code,
            "name": names[code],
            "value": values[code],
            "other": others[code],
            "x": along(values[code], list(values.values()), 600),
            "y": 400 - along(others[code], list(others.values()), 400),
        }
        for number, code in enumerate(codes, start=1)
    ]
    return {"one": one, "other": other, "year": year, "points": points}


def _by_year(view: View, measure: str, names: Mapping[str, str]) -> dict[int, dict[str, float]]:
    """The values of a measure by year and area."""
    years: dict[int, dict[str, float]] = {}
    for row in view.by("omradesskillnader", "matt_id").get(measure, []):
        if row["omrade_id"] in names and row["varde"] is not None:
            years.setdefault(row["ar"], {})[row["omrade_id"]] = row["varde"]
    return years
