"""Charts with axes, drawn by Vega-Lite as SVG that follows the page's colours in light and in dark.

Here belongs how a series and a rank are drawn. The figures stand in a table beside each chart, so that
a chart is one picture to a screen reader: its title and its description.

The renderer runs in this process and fetches nothing. Vega writes colours into the drawing; each token of
the style sheet has a colour of its own here, which is put back as the token afterwards.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import vl_convert
from markupsafe import Markup, escape

from contracts.vocabulary import MilestoneStatus, Text
from output.pages.page import Language
from output.pages.wording import NARROW as NARROW_SPACE
from output.pages.wording import both

TOKENS: Final[Mapping[str, str]] = {
    "ground": "#fbfaf6",
    "ink": "#191d21",
    "muted": "#586069",
    "rule": "#ddd9cf",
    "earlier": "#8e959b",
    "reached": "#12664f",
    "tie": "#7f5a00",
    "missed": "#a83a1b",
}
"""The colours that a drawing is made with. The style sheet says what each token is."""

STATUS_TOKENS: Final[Mapping[str, str]] = {
    MilestoneStatus.REACHED: "reached",
    MilestoneStatus.TIE: "tie",
    MilestoneStatus.NOT_REACHED: "missed",
    MilestoneStatus.NOT_ASSESSABLE: "muted",
}

HALF_DISC: Final = "M0,-1A1,1,0,0,0,0,1Z"
DIAMOND: Final = "diamond"

LABEL: Final = "label:"
"""What a label is called until its words are put in."""

ROOM: Final = 0.15
"""The share of an axis that a label takes in its length."""

FLAT: Final = 0.02
"""The share of a value that an axis goes to each side of it where there is no other."""

LINE: Final = 0.08
"""The share of an axis that a label takes in its height."""

CONFIG: Final[Mapping[str, Any]] = {
    "aria": False,
    "background": None,
    "font": "Inter",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "labelColor": TOKENS["muted"],
        "gridColor": TOKENS["rule"],
        "labelFontSize": 13,
        "labelPadding": 8,
        "title": None,
    },
    "text": {"fontSize": 13, "color": TOKENS["muted"]},
}

NUMERAL: Final = re.compile(r">(?P<figure>[\u2212\d][\d,.]*)</text>")
"""A figure on an axis, as the renderer writes it: in English."""


@dataclass(frozen=True)
class Form:
    """A size that a chart is drawn in, for a wide page or a phone, with how many years its axis names."""

    css: str
    width: int
    height: int
    years: int


WIDE: Final = Form("wide-chart", 640, 290, 8)
NARROW: Final = Form("narrow", 290, 230, 4)
FORMS: Final = (WIDE, NARROW)


@dataclass(frozen=True)
class Bound:
    """A milestone or a target: its year, its value and what is written beside it."""

    year: int
    value: float
    label: Text


@dataclass(frozen=True)
class Series:
    """What a chart of years shows.

    ``main`` is the line, ``stated`` the outcomes of the report, ``others`` the lines of the others.
    ``label`` is written beside the outcome of record, the last of ``stated``.
    """

    main: Sequence[tuple[int, float]]
    stated: Sequence[tuple[int, float]]
    others: Mapping[str, Sequence[tuple[int, float]]]
    status: str
    label: Text
    milestone: Bound | None
    target: Bound | None


@dataclass(frozen=True)
class Rank:
    """What a chart of ranks shows: each one's value, the own one by its key, and which way is better."""

    values: Mapping[str, float]
    own: str
    labels: Mapping[str, Text]
    higher_is_better: bool


def series(chart: Series, title: Text, description: Text) -> Text:
    """A series over years, with milestone and target."""
    labels = {"outcome": chart.label}
    labels |= {"milestone": chart.milestone.label} if chart.milestone else {}
    labels |= {"target": chart.target.label} if chart.target else {}
    return _drawn(title, description, labels, [(form, _series(chart, form)) for form in FORMS])


def rank(chart: Rank, title: Text, description: Text) -> Text:
    """Values of many on one line, better to the right."""
    return _drawn(title, description, chart.labels, [(form, _rank(chart, form)) for form in FORMS])


def _drawn(
    title: Text, description: Text, labels: Mapping[str, Text], specs: Sequence[tuple[Form, dict[str, Any]]]
) -> Text:
    """The drawings of one chart in both languages; the style sheet shows the one that fits the page.

    Each is drawn once. Labels are anchored, so that their words can be put in afterwards.
    """
    drawn = [(form, _svg(spec)) for form, spec in specs]

    def write(language: Language) -> str:
        """The drawings in one language."""
        words = {key: language.of(text) for key, text in labels.items()}
        return Markup("").join(
            _framed(_worded(svg, words, language), form, language.of(title), language.of(description))
            for form, svg in drawn
        )

    return both(write)


def _svg(spec: dict[str, Any]) -> str:
    """A drawing by Vega-Lite."""
    return vl_convert.vegalite_to_svg({**spec, "config": dict(CONFIG)})


def _worded(svg: str, words: Mapping[str, str], language: Language) -> str:
    """A drawing with its labels and its figures in a language."""
    if language is Language.SWEDISH:
        svg = NUMERAL.sub(lambda found: f">{_swedish(found['figure'])}</text>", svg)
    for key, text in words.items():
        svg = svg.replace(f">{LABEL}{key}</text>", f">{escape(text)}</text>")
    return svg


def _swedish(figure: str) -> str:
    """A figure of an axis as Swedish writes it."""
    return figure.replace(",", NARROW_SPACE).replace(".", ",")


def _framed(svg: str, form: Form, title: str, description: str) -> Markup:
    """A drawing with its name for those who do not see it, and with the page's own colours and font."""
    found = re.search(r'viewBox="(?P<box>[^"]+)">(?P<inner>.*)</svg>', svg, re.DOTALL)
    if found is None:
        message = "the renderer gave no drawing"
        raise ValueError(message)
    inner = re.sub(r' (?:font-family|role|aria-[a-z]+|class)="[^"]*"', "", found["inner"])
    for token, colour in TOKENS.items():
        inner = inner.replace(f'"{colour}"', f'"var(--{token})"')
    # What is inside is the renderer's own markup, in which every text is escaped.
    return Markup(
        '<svg class="chart {form}" viewBox="{box}" role="img" aria-label="{title}">'
        "<title>{title}</title><desc>{description}</desc>{inner}</svg>"
    ).format(form=form.css, box=found["box"], title=title, description=description, inner=Markup(inner))  # noqa: S704


def _series(chart: Series, form: Form) -> dict[str, Any]:
    """The specification of a series."""
    bounds = [each for each in (chart.milestone, chart.target) if each is not None]
    years = [year for year, _ in (*chart.main, *chart.stated)] + [each.year for each in bounds]
    first, last = min(years), max(years)
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [first, max(last, first + 1)], "nice": False},
        "axis": {"grid": False, "format": "d", "values": ticks(first, last, form.years)},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, **_spread(chart)},
        "axis": {"tickCount": 5},
    }
    return {
        "width": form.width,
        "height": form.height,
        "padding": {"left": 4, "right": 26, "top": 8, "bottom": 4},
        "encoding": {"x": x, "y": y},
        "layer": [*_others(chart), *_bounds(chart, last), *_lines(chart), *_outcome(chart, last)],
    }


def _spread(chart: Series) -> dict[str, Any]:
    """The values that the axis goes over: where all are one, some to each side, or it has no scale."""
    values = {value for _, value in _all_points(chart)}
    if len(values) != 1:
        return {"padding": 26}
    (value,) = values
    around = max(abs(value) * FLAT, FLAT)
    return {"domain": [value - around, value + around]}


def _all_points(chart: Series) -> list[tuple[int, float]]:
    """Every point that the chart shows."""
    bounds = [(each.year, each.value) for each in (chart.milestone, chart.target) if each is not None]
    return [*chart.main, *chart.stated, *(point for line in chart.others.values() for point in line), *bounds]


def ticks(first: int, last: int, most: int) -> list[int]:
    """Years to write on the axis: at even steps, and no more than there is room for."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step < most)
    return [year for year in range(first, last + 1) if year % step == 0]


def _points(values: Sequence[tuple[int, float]], **more: Any) -> dict[str, Any]:
    """Data of a layer."""
    return {"values": [{"year": year, "value": value, **more} for year, value in values]}


def _others(chart: Series) -> list[dict[str, Any]]:
    """The lines of the others, which stay in the background."""
    rows = [point for name, values in chart.others.items() for point in _points(values, name=name)["values"]]
    if not rows:
        return []
    mark = {"type": "line", "color": TOKENS["earlier"], "strokeWidth": 1, "opacity": 0.45}
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"detail": {"field": "name"}}}]


def _lines(chart: Series) -> list[dict[str, Any]]:
    """The line, and the report's outcomes as points on or beside it."""
    drawn = [_line(chart.main, 2.2), _line(chart.stated, 1.4 if chart.main else 2.2)]
    earlier = chart.stated[:-1]
    if earlier:
        mark = {"type": "point", "filled": True, "size": 44, "color": TOKENS["ink"], "opacity": 1}
        drawn.append({"data": _points(earlier), "mark": mark})
    return drawn


def _line(values: Sequence[tuple[int, float]], width: float) -> dict[str, Any]:
    """A line through values."""
    return {"data": _points(values), "mark": {"type": "line", "color": TOKENS["ink"], "strokeWidth": width}}


def _bounds(chart: Series, last: int) -> list[dict[str, Any]]:
    """The milestone as a bar, the target as a diamond, and a dotted line between them."""
    drawn: list[dict[str, Any]] = []
    milestone, target = chart.milestone, chart.target
    if milestone and target and milestone.year != target.year:
        between = _points([(milestone.year, milestone.value), (target.year, target.value)])
        dotted = {"type": "line", "color": TOKENS["muted"], "strokeDash": [2, 3], "strokeWidth": 1.3}
        drawn.append({"data": between, "mark": dotted})
    if milestone:
        at = _points([(milestone.year, milestone.value)])
        bar = {"type": "tick", "orient": "horizontal", "size": 30, "thickness": 2.5, "color": TOKENS["ink"]}
        drawn.append({"data": at, "mark": {**bar, "opacity": 1}})
        side = _milestone_above(chart, milestone, last)
        if side is not None:
            drawn.append({"data": at, **_text("milestone", milestone.year, last, above=side)})
    if target:
        at = _points([(target.year, target.value)])
        mark = {"type": "point", "shape": DIAMOND, "size": 110, "color": TOKENS["muted"], "fill": TOKENS["ground"]}
        drawn.append({"data": at, "mark": {**mark, "opacity": 1, "strokeWidth": 1.6}})
        above = milestone is None or target.value >= milestone.value
        drawn.append({"data": at, **_text("target", target.year, last, above=above)})
    return drawn


def _milestone_above(chart: Series, milestone: Bound, last: int) -> bool | None:
    """Whether the milestone's label stands above it: where no other does, or None where each side is taken."""
    near, taken = not _apart(chart, milestone), _outcome_above(chart, last)
    if chart.target is None:
        return near and not taken
    above = chart.target.value < milestone.value
    return None if near and above == taken else above


def _apart(chart: Series, milestone: Bound) -> bool:
    """Whether the milestone stands so far from the outcome that both labels have room."""
    values = [value for _, value in _all_points(chart)]
    reach = max(values) - min(values)
    return not chart.stated or abs(chart.stated[-1][1] - milestone.value) > LINE * reach


def _text(key: str, year: int, last: int, *, above: bool, **more: Any) -> dict[str, Any]:
    """A label above or below a point: to its left where there is no room to its right."""
    edge = year == last
    place = {"align": "right" if edge else "left", "dx": 14 if edge else 12, "dy": -15 if above else 17}
    return {"mark": {"type": "text", "text": f"{LABEL}{key}", **place, **more}}


def _outcome(chart: Series, last: int) -> list[dict[str, Any]]:
    """The outcome of record, by the shape of its status, with its label out of the lines' way."""
    if not chart.stated:
        return []
    year = chart.stated[-1][0]
    at = _points(chart.stated[-1:])
    colour = TOKENS[STATUS_TOKENS[chart.status]]
    whole = chart.status == MilestoneStatus.REACHED
    shape = {"type": "point", "size": 150, "color": colour, "opacity": 1, "strokeWidth": 2}
    dashed = {"strokeDash": [2.6, 2.2]} if chart.status == MilestoneStatus.NOT_ASSESSABLE else {}
    drawn = [{"data": at, "mark": {**shape, "fill": colour if whole else TOKENS["ground"], **dashed}}]
    if chart.status == MilestoneStatus.TIE:
        drawn.append({"data": at, "mark": {**shape, "shape": HALF_DISC, "fill": colour, "strokeWidth": 0}})
    above = _outcome_above(chart, last)
    return [*drawn, {"data": at, **_text("outcome", year, last, above=above, fontWeight=600, color=TOKENS["ink"])}]


def _outcome_above(chart: Series, last: int) -> bool:
    """Whether the label of the outcome stands above it: out of the way of the line that leads to it, or goes on."""
    if not chart.stated:
        return True
    year, value = chart.stated[-1]
    if year == last:
        return len(chart.stated) <= 1 or value >= chart.stated[-2][1]
    return chart.milestone is None or value >= chart.milestone.value


def _rank(chart: Rank, form: Form) -> dict[str, Any]:
    """The specification of a rank: one line, the own value large, the worst and the best named."""
    others = [(key, value) for key, value in chart.values.items() if key != chart.own]
    own = [(key, value) for key, value in chart.values.items() if key == chart.own]
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "reverse": not chart.higher_is_better, "nice": False, "padding": 8},
        "axis": {"grid": False, "tickCount": 5, "offset": 34, "domain": True, "domainColor": TOKENS["rule"]},
    }
    ring = {"type": "point", "size": 70, "color": TOKENS["earlier"], "fill": TOKENS["ground"], "strokeWidth": 1.6}
    disc = {"type": "point", "filled": True, "size": 190, "color": TOKENS["ink"]}
    bold = {"dy": -20, "fontWeight": 600, "color": TOKENS["ink"]}
    return {
        "width": form.width,
        "height": 24,
        "padding": {"left": 4, "right": 26, "top": 22, "bottom": 4},
        "encoding": {"x": x, "y": {"value": 12}},
        "layer": [
            {"data": _values(others), "mark": {**ring, "opacity": 1}},
            {"data": _values(own), "mark": {**disc, "opacity": 1}},
            *(_named(each, {**bold, "align": _side(chart, each[1])}) for each in own),
            *(_named(each, {"dy": 24, "align": align}) for each, align in _ends(chart, others)),
        ],
    }


def _values(values: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Data of a layer of ranks."""
    return {"values": [{"value": value} for _, value in values]}


def _named(at: tuple[str, float], more: Mapping[str, Any]) -> dict[str, Any]:
    """The label of one value."""
    return {"data": _values([at]), "mark": {"type": "text", "text": f"{LABEL}{at[0]}", **more}}


def _side(chart: Rank, value: float) -> str:
    """How a label is aligned so that it stays inside: away from the nearest end."""
    low, high = min(chart.values.values()), max(chart.values.values())
    share = (value - low) / (high - low) if high > low else 0.5
    share = share if chart.higher_is_better else 1 - share
    return "left" if share < ROOM else "right" if share > 1 - ROOM else "center"


def _ends(chart: Rank, others: Sequence[tuple[str, float]]) -> list[tuple[tuple[str, float], str]]:
    """The worst, which stands to the left, and the best, to the right."""
    if len(others) <= 1:
        return []
    ordered = sorted(others, key=lambda each: each[1], reverse=not chart.higher_is_better)
    return [(ordered[0], "left"), (ordered[-1], "right")]
