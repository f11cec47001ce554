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


def write_bundle(path: Path, files: Sequence[Path]) -> None:
    """Write the files into one zip, in this order, without folders."""
    with zipfile.ZipFile(path, "w", compresslevel=LEVEL) as bundle:
        for file in files:
            bundle.compression = zipfile.ZIP_STORED if file.suffix in COMPRESSED else zipfile.ZIP_DEFLATED
            # A member that is opened by its name alone has the earliest time that a zip can tell.
            with file.open("rb") as source, bundle.open(file.name, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, length=1 << 20)
