"""The published pages in a real browser: accessible, never wider than the screen, quiet, reached by keyboard.

One page of each kind is looked at in the slow tier, all of them in the soak tier.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.end_to_end.browser import CHROMIUM, Look, chromium, missed_by_keyboard, opened, overflow, violations
from tests.end_to_end.conftest import Refreshed
from tests.servers.public import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")

LOOKS = [Look(scheme, width) for scheme in ("light", "dark") for width in (320, 1280)]

KINDS = [
    "",
    "mal/hallbara_livsmiljoer/",
    "indikator/sjukfranvaro_kommunen/",
    "ekonomi/",
    "personal/",
    "uppdrag/",
    "internkontroll/",
    "kontroll/",
    "jamforelser/",
    "data/",
    "data/indikatorer/",
    "data/ordlista/",
    "utgavor/",
    "omraden/",
    "omraden/0126R001/",
    "omraden/matt/arbetslosa/",
    "omraden/jamfor/",
    "farskhet/",
    "om/",
    "tillganglighet/",
    "en/",
    "en/indikator/sjukfranvaro_kommunen/",
]
"""One page of each kind, and the English start."""


@pytest.fixture(scope="module")
def site(example: Refreshed) -> Iterator[str]:
    with serving(example.place.public) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def _faults(browser: Browser, site: str, addresses: list[str], look: Look) -> list[str]:
    """What is wrong with these pages, looked at in one way."""
    found = []
    with opened(browser, look) as (page, noted):
        for address in addresses:
            answer = page.goto(f"{site}/{address}")
            assert answer is not None
            assert answer.ok, f"/{address} answers {answer.status}"
            faults = [*violations(page), *noted]
            noted.clear()
            if overflow(page) > 0:
                faults.append(f"scrolls {overflow(page)} px sideways")
            found += [f"/{address}: {fault}" for fault in faults]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_one_page_of_each_kind_is_accessible_and_quiet(browser: Browser, site: str, look: Look) -> None:
    assert _faults(browser, site, KINDS, look) == []


@pytest.mark.soak
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("look", [Look("light", 1280), Look("dark", 320)], ids=str)
def test_every_page_is_accessible_and_quiet(
    browser: Browser, site: str, example: Refreshed, look: Look, language: str
) -> None:
    root = example.place.public.resolve()
    every = sorted(path.relative_to(root).as_posix().removesuffix("index.html") for path in root.rglob("index.html"))
    addresses = [address for address in every if address.startswith("en/") == (language == "en")]
    assert len(addresses) > len(KINDS)
    assert _faults(browser, site, addresses, look) == []


@pytest.mark.slow
@pytest.mark.parametrize("address", KINDS)
def test_the_keyboard_reaches_all_that_can_be_used(browser: Browser, site: str, address: str) -> None:
    with opened(browser, Look("light", 320)) as (page, _):
        page.goto(f"{site}/{address}")
        assert missed_by_keyboard(page) == []


@pytest.mark.slow
def test_a_citizen_finds_promise_outcome_and_data_in_under_three_clicks(browser: Browser, site: str) -> None:
    with opened(browser, Look("light", 390)) as (page, _):
        page.goto(site)
        assert "etappmål nåddes" in (page.text_content("h1") or "")
        page.click("text=Sjukfrånvaro i hela kommunen")
        assert "Etappmålet var mindre än 7,8" in (page.text_content("main") or "")
        with page.expect_download() as download:
            page.click("a.button:has-text('CSV') >> nth=0")
        assert download.value.suggested_filename.startswith("indikatorutfall")


@pytest.mark.slow
def test_the_figures_of_a_chart_are_printed_with_it(browser: Browser, site: str) -> None:
    with opened(browser, LOOKS[0]) as (page, _):
        page.goto(f"{site}/indikator/sjukfranvaro_kommunen/")
        figures = page.locator("details table").first
        assert not figures.is_visible()
        page.emulate_media(media="print")
        assert figures.is_visible()
