"""Small plots for the UI: bars of a few counts, as a picture that its Markdown shows.

Here belongs the drawing alone. The UI strips SVG that stands in Markdown, and shows it as an image with its
data in the address; what is a number over time it plots itself.
"""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Final

ROW, LABEL, BAR, FIGURE, FONT = 18, 150, 220, 50, 12
COLOURS: Final = ("#3b6ea5", "#8a94a0")
"""Of bars and of words: both read on light and on dark ground."""


def bars(counts: Mapping[str, int]) -> str:
    """Each count as a bar with its name, the longest as long as there is room: Markdown with one picture."""
    longest = max(counts.values(), default=0) or 1
    rows = "".join(
        f"<text x='{LABEL - 6}' y='{top + FONT}' text-anchor='end'>{escape(name)}</text>"
        f"<rect x='{LABEL}' y='{top + 2}' width='{BAR * count / longest:.0f}' height='{ROW - 5}' fill='{COLOURS[0]}'/>"
        f"<text x='{LABEL + BAR * count / longest + 5:.0f}' y='{top + FONT}'>{count}</text>"
        for top, (name, count) in ((number * ROW, each) for number, each in enumerate(counts.items()))
    )
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{LABEL + BAR + FIGURE}' height='{ROW * len(counts)}' "
        f"font-family='sans-serif' font-size='{FONT}' fill='{COLOURS[1]}'>{rows}</svg>"
    )
    words = ", ".join(f"{escape(name)} {count}" for name, count in counts.items())
    return f"![{words}](data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()})"
