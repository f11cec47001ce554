"""Small plots: a picture that Markdown carries whole, and that no name can break out of."""

import re
from base64 import b64decode
from xml.etree import ElementTree as ET

from pipelines.assets.plots import bars


def drawn(markdown: str) -> ET.Element:
    """The picture of a plot."""
    found = re.fullmatch(r"!\[[^\]]*\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", markdown)
    assert found is not None
    return ET.fromstring(b64decode(found[1]))  # noqa: S314 - our own drawing


def widths(markdown: str) -> list[str]:
    """How long the bars are."""
    return [bar.attrib["width"] for bar in drawn(markdown).iter("{http://www.w3.org/2000/svg}rect")]


def test_the_longest_bar_is_as_long_as_there_is_room_and_the_others_by_it() -> None:
    assert widths(bars({"uppnått": 4, "ej uppnått": 2, "gränsfall": 0})) == ["220", "110", "0"]


def test_where_there_is_nothing_there_is_no_bar() -> None:
    assert widths(bars({"uppnått": 0})) == ["0"]
    assert widths(bars({})) == []


def test_a_name_stays_a_name() -> None:
    picture = drawn(bars({"<script>&'": 1}))
    assert "<script>&'" in [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
