"""Files as they are taken in: regular ones, and no larger than they may be.

Here belongs what holds of any file that somebody hands in. What is said of it, and what stands in it, is the
business of who reads it.
"""

import os
import stat
from pathlib import Path


class UnfitFileError(Exception):
    """A path that leads to no file, or to one that is too large: what is wrong, without a full stop."""


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises UnfitFileError for a folder, a pipe or a device, and for more than ``limit`` bytes; OSError where
    it cannot be read, and ValueError where the path cannot be one.
    """
    # A pipe that nobody writes to would be waited for without end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnfitFileError("is not a file")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnfitFileError(f"is larger than {limit // 1_000_000} MB")
    return data
