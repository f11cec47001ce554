"""The picture of the README: the table at the end of a refresh of the shipped example, as SVG.

    python -m tests.picture .github/refresh.svg

Reads the summary of the last run, so ``etappmal refresh`` goes first. The picture names no font of
another host and no folder of this machine.
"""

import io
import re
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from pipelines.runs import summary
from pipelines.runs.terminal import show
from pipelines.settings import Settings

PAPER, INK = (251, 250, 246), (25, 29, 33)
THEME = TerminalTheme(PAPER, INK, [INK] * 8)
WIDTH = 132


def picture(last: dict[str, Any]) -> str:
    """The summary as an SVG."""
    console = Console(record=True, file=io.StringIO(), width=WIDTH, highlight=False, markup=False, emoji=False)
    show({**last, "public": "output/public", "ended": ""}, console)
    svg = console.export_svg(title="etappmal refresh", theme=THEME, unique_id="etappmal")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Write the picture to the file that is named."""
    found = summary.read(Settings.read().summary)
    if found is None:
        sys.exit("there has been no refresh: run etappmal refresh first")
    Path(sys.argv[1]).write_text(picture(found["last_success"]), encoding="utf-8")


if __name__ == "__main__":
    main()
