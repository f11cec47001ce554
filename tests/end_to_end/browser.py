"""A real browser that looks at the published pages, and what it finds wrong with one.

Here belongs how a page is looked at. Which pages are, and in which light, stands in the tests.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM: Final = shutil.which("chromium")
"""Debian's Chromium; the tests that need it are left out where it is not installed."""

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE: Final = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

FOCUSABLE: Final = "a[href], summary, [tabindex='0']"

TABBED: Final = """() => {
  const element = document.activeElement;
  return element === document.body ? null : element.dataset.number ?? element.className;
}"""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: in light or dark, and how wide."""

    scheme: str
    width: int

    def __str__(self) -> str:
        """A name for a test."""
        return f"{self.scheme}, {self.width} px"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        # A container has no sandbox to give; the pages are our own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, look: Look) -> Iterator[tuple[Page, list[str]]]:
    """A page that notes what goes wrong on it: errors of the console, requests that fail or leave the host."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.scheme == "dark" else "light",
    )
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            faults.append(f"left the host: {request.url}") if urlsplit(request.url).hostname != "127.0.0.1" else None
        ),
    )
    yield page, faults
    context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA on the page that is open."""
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate(f"axe.run({json.dumps(options)})")
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """How far the page itself scrolls sideways, in pixels."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def missed_by_keyboard(page: Page) -> list[str]:
    """What can be used on the page but is not reached by the tab key."""
    count: int = page.evaluate(
        """(selector) => {
          const shown = [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
          shown.forEach((each, number) => { each.dataset.number = number; });
          return shown.length;
        }""",
        FOCUSABLE,
    )
    reached = set()
    for _ in range(count + 1):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(TABBED))
    return [
        page.evaluate("(number) => document.querySelector(`[data-number='${number}']`).outerHTML", number)
        for number in range(count)
        if str(number) not in reached
    ]
