"""The pages that citizens read, written from one ``Site``.

Here belongs how what is published is shown. What is published, and when, does not. A module for each
kind of page turns a ``View`` into a list of ``Page``; ``output.pages.rendering`` writes them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from output.pages import (
    about,
    area_profiles,
    areas,
    assignments,
    checked_figures,
    comparisons,
    datasets,
    freshness,
    goals,
    indicators,
    internal_control,
    money,
    people,
    releases,
    start,
)
from output.pages.page import Page
from output.pages.rendering import render
from output.pages.view import View
from output.site import Site

KINDS: Final[Sequence[Callable[[View], list[Page]]]] = (
    start.pages,
    goals.pages,
    indicators.pages,
    money.pages,
    people.pages,
    assignments.pages,
    internal_control.pages,
    checked_figures.pages,
    comparisons.pages,
    areas.pages,
    area_profiles.pages,
    datasets.pages,
    releases.pages,
    freshness.pages,
    about.pages,
)
"""Each kind of page. A kind whose tables are not published gives no page."""


def write_pages(root: Path, site: Site) -> None:
    """Write every page below ``root``, the folder that holds ``latest/``.

    The same site gives the same bytes: nothing reads the clock.
    """
    view = View(site)
    render(root, view, [page for kind in KINDS for page in kind(view)])
