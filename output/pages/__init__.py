"""The pages that citizens read, written from one ``Site``.

Here belongs how what is published is shown. What is published, and when, does not.
"""

from pathlib import Path
from typing import Final

from output.pages.listing import listing
from output.site import Site

START: Final = "index.html"


def write_pages(root: Path, site: Site) -> None:
    """Write every page below ``root``, the folder that holds ``latest/``."""
    (root / START).write_text(listing(site), encoding="utf-8", newline="\n")
