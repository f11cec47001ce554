"""Which version of this project's own text writes pages and catalogue.

Here belongs the hash that tells that they would come out otherwise now: of every module, template
and style sheet of ``output`` and ``contracts``. It costs a few milliseconds and is never forgotten.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import contracts
import output


@cache
def software_sha256() -> str:
    """The hash of the files that decide how what is published looks."""
    digest = hashlib.sha256()
    for package in (contracts, output):
        root = Path(str(package.__file__)).parent
        for path in _own_files(root):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _own_files(root: Path) -> Iterator[Path]:
    """The files of a package, in order. In a checkout the public folder lies beside them, which may be large."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name != "__pycache__" and not name.startswith("public"))
        yield from (Path(folder) / name for name in sorted(files))
