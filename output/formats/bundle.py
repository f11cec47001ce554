"""One zip of all files of a folder.

Here belongs the zip alone. It names no time of writing, so that the same files give the same bytes.
"""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

NAME: Final = "etappmal.zip"

COMPRESSED: Final = (".parquet", ".xlsx")
"""Files that are compressed already are stored as they are."""

LEVEL: Final = 1
"""Text shrinks to a fifth at the fastest level; the slower ones win little more."""

LARGE: Final = 2_000_000_000
"""Bytes of a file from which on its sizes stand as 64-bit figures: short of what 32 bits hold, should it not shrink."""


def write_bundle(path: Path, files: Sequence[Path]) -> None:
    """Write the files into one zip, in this order, without folders."""
    with zipfile.ZipFile(path, "w", compresslevel=LEVEL) as bundle:
        for file in files:
            bundle.compression = zipfile.ZIP_STORED if file.suffix in COMPRESSED else zipfile.ZIP_DEFLATED
            # Python before 3.11.4 tells another version in a header with 64-bit figures that need not be there.
            large = file.stat().st_size >= LARGE
            # A member that is opened by its name alone has the earliest time that a zip can tell.
            with file.open("rb") as source, bundle.open(file.name, "w", force_zip64=large) as target:
                shutil.copyfileobj(source, target, length=1 << 20)
