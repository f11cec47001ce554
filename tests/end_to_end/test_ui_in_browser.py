"""The UI as an engineer sees it in a real browser: the graph as a sentence, and why a table was refused."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.browser import CHROMIUM, Look, chromium, opened
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import rewrite
from tests.end_to_end.ui import the_ui

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

PATIENCE = 60_000
"""Milliseconds that a page of the UI may take on a machine that has much to do."""


@pytest.fixture(scope="module")
def url(example: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The UI of a place in which a refresh went well, and one since was refused for a row of the income statement."""
    place = example.place.copy_to(tmp_path_factory.mktemp("ui") / "place")
    rewrite(place.edit_plan() / "extracts" / "resultatrakning.csv", "Personal", "Pesronal")
    assert place.run("refresh").status == 1
    with the_ui(place) as ui:
        yield ui.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the module."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as wide as a desk has it, on which nothing may ask another host."""
    with opened(browser, Look("light", 1600)) as (shown, faults):
        shown.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield shown
        assert [fault for fault in faults if fault.startswith("left the host: http")] == []


def test_the_asset_graph_reads_as_the_sentence(page: Page, url: str) -> None:
    page.goto(f"{url}/asset-groups")
    sentence = ["sources", "contracts", "status", "open_data"]
    places = {}
    for group in sentence:
        # The last of them is that of the graph; the others stand in the list beside it.
        named = page.get_by_text(group, exact=True)
        expect(named).to_have_count(3)
        box = named.last.bounding_box()
        assert box is not None
        places[group] = box["x"]
    assert sorted(places, key=places.__getitem__) == sentence


def test_a_failed_check_shows_its_rows_within_two_clicks(page: Page, url: str) -> None:
    page.goto(f"{url}/assets/resultatrakning")
    page.get_by_text("Checks", exact=True).click()
    expect(page.get_by_text("extracts/resultatrakning.csv (resultatrakning): row 3, column").first).to_be_visible()
    page.get_by_text("[Show Markdown]").click()
    expect(page.get_by_role("dialog").get_by_role("cell", name="Pesronal")).to_be_visible()
    # How many rows were good and bad, from run to run.
    expect(page.locator("canvas").first).to_be_visible()


def test_late_at_the_source_late_by_us_and_not_due_are_three_things(page: Page, url: str) -> None:
    page.goto(f"{url}/assets/farskhet")
    expect(page.get_by_text("Freshness policy").first).to_be_visible()
    page.get_by_text("Checks", exact=True).click()
    for name in ("i_tid_hos_kallan", "i_tid_hos_oss", "kontrakt"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    page.goto(f"{url}/assets/farskhet?view=events")
    for name in ("inte_vantad", "sen_hos_kallan", "sen_hos_oss", "sekunder", "i karantän"):
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    page.get_by_text("[Show Markdown]").last.click()
    picture = page.locator("img[src^='data:image/svg+xml']")
    expect(picture).to_be_visible()
    drawn = picture.evaluate("image => image.complete && image.naturalWidth")
    assert drawn > 100
