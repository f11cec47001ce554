"""The exit status of the command, as the README lists it.

Here belong the numbers alone: what ends with which stands where it is found out.
"""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    LOCKED = 3
    FAULT = 4
    HELD_BACK = 5
