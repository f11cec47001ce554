"""The texts of a plan: each with the file and the key that it stands under.

Here belongs how a key is told, and what no text of a plan may hold whatever it says. What the texts are
about is declared in ``sources.plan.register`` and beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.plain_text import INVISIBLE, MISLEADING
from sources.errors import PlanError

NAMED: Final = ("id", "table", "figure")
"""What an entry of a list is known by."""

SHOWN: Final = 10
"""How many faults of a plan are told at once."""

UNSEEN: Final = re.compile(rf"{INVISIBLE}|{MISLEADING}|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class PlanText:
    """A text of a plan: the file, where it stands in it, and what it says."""

    file: str
    key: str
    text: str


def texts_of(file: str, data: Any) -> Iterator[PlanText]:
    """Every text of a file of the plan, names of keys among them, in its order."""
    for location, text in _texts(data, ()):
        yield PlanText(file, key_of(data, location), text)


def _texts(data: Any, location: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Texts with their places."""
    if isinstance(data, str):
        yield location, data
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, part in parts:
        if isinstance(key, str):
            yield location, key
        yield from _texts(part, (*location, key))


def key_of(data: Any, location: Sequence[int | str]) -> str:
    """A key as a person finds it: ``goal 'klimat' > indicator 'fordon' > milestone``."""
    words: list[str] = []
    for part in location:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, int):
            named = [data.get(key) for key in NAMED] if isinstance(data, dict) else []
            name = next((one for one in named if one), None)
            number = f" {name!r}" if name else f" number {part + 1}"
            words = [*words[:-1], words[-1] + number] if words else [number.strip()]
        else:
            words.append(part)
    return " > ".join(words) or "the plan"


def require_seen(file: str, data: Any) -> None:
    """Refuse texts with signs that are not seen, or that turn the order of reading.

    Raises PlanError naming each key, and the sign by its number.
    """
    faults = [
        f"{each.key} holds U+{ord(found[0]):04X}, which is not seen"
        for each in texts_of(file, data)
        if (found := UNSEEN.search(each.text))
    ]
    if faults:
        more = f" (and {len(faults) - SHOWN} more)" if len(faults) > SHOWN else ""
        raise PlanError(f"{'; '.join(faults[:SHOWN])}{more}.", where=file, remedy="Remove the sign.")
