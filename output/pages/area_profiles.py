"""A page for each area: every measure of it against municipality, county and country, and its years.

Here belongs what is said of one area. What is said of a measure belongs in ``output.pages.areas``, how years
are drawn in ``output.pages.area_maps``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.vocabulary import AreaStatus, Level, Text
from output.pages.area_maps import lines_of
from output.pages.areas import REGSO, TRAIL, Measure, Place, area_address, measures
from output.pages.page import Page, Section
from output.pages.view import Row, View

WIDER: Final = (str(Level.MUNICIPALITY), str(Level.COUNTY), str(Level.COUNTRY))
"""Whom an area stands against, the nearest first."""

AREA: Final = "area"
"""Whose line it is: the area's own."""


def pages(view: View) -> list[Page]:
    """A profile of each area that has a border and a value."""
    found = view.once(measures)
    if not found:
        return []
    known = {row["omrade_id"]: row for row in view.rows("omraden") if row["niva"] == REGSO}
    series, wider = view.by("omradesserier", "omrade_id"), _wider_by_year(view)
    return [_area_page(place, known[place.code], found, series.get(place.code, []), wider) for place in found[0].places]


def _wider_by_year(view: View) -> dict[str, dict[str, dict[int, float]]]:
    """The values of municipality, county and country by measure, level and year."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for row in view.rows("omradesvarden"):
        if row["niva"] in WIDER and row["varde"] is not None:
            found.setdefault(row["matt_id"], {}).setdefault(row["niva"], {})[row["ar"]] = row["varde"]
    return found


def _area_page(
    area: Place,
    row: Row,
    found: Sequence[Measure],
    series: Sequence[Row],
    wider: Mapping[str, Mapping[str, Mapping[int, float]]],
) -> Page:
    """The profile of an area: each measure against municipality, county and country, and its years."""
    lines: list[dict[str, Any]] = []
    for measure in found:
        own = next(place for place in measure.places if place.code == area.code)
        told = [each for each in series if each["matt_id"] == measure.id and each["varde"] is not None]
        above = wider.get(measure.id, {})
        years = [(each, {level: values.get(each["ar"]) for level, values in above.items()}) for each in told]
        # An area's count and that of the whole have no axis in common.
        runs = _runs(told, {} if measure.counts else above)
        lines.append({"measure": measure, "row": own.row, "years": years, "drawing": lines_of(runs)})
    lead = Text(
        f"{area.name} mot hela kommunen, mått för mått.", f"{area.name} against the municipality, measure by measure."
    )
    drawn_of = {line.whose for each in lines if each["drawing"] for line in each["drawing"].lines}
    context = {
        "area": row,
        "lines": lines,
        "levels": [level for level in WIDER if any(level in values for each in lines for _, values in each["years"])],
        "drawn": [whose for whose in (AREA, *WIDER) if whose in drawn_of],
        "why": {str(word): word.text for word in AreaStatus},
    }
    return Page(area_address(area.code), "area.html", Section.AREAS, Text(area.name, area.name), lead, context, TRAIL)


def _runs(
    told: Sequence[Row], above: Mapping[str, Mapping[int, float]]
) -> dict[str, Sequence[Sequence[tuple[int, float]]]]:
    """The years of an area, in a run for each of its series, and those of what it stands against."""
    own: dict[str, list[tuple[int, float]]] = {}
    for row in told:
        own.setdefault(row["serie_id"], []).append((row["ar"], row["varde"]))
    years = [row["ar"] for row in told]
    wider = {
        level: [[(year, above[level][year]) for year in years if year in above[level]]]
        for level in WIDER
        if set(years) & set(above.get(level, {}))
    }
    return {AREA: list(own.values()), **wider}
