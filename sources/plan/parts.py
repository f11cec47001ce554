"""What the parts of a plan are made of: how an id is written, how a table is read, what a table of TOML may hold.

Here belongs what more than one part of the register is declared with.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]


class Strict(BaseModel):
    """A table of the plan: unknown keys are refused and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SeriesPart(Strict):
    """A table of SCB, the codes selected in it, and the variables left out because their total is wanted."""

    table: Annotated[str, StringConstraints(pattern=r"^TAB\d+$")]
    region: Words
    time: Words
    selection: dict[str, tuple[str, ...]]
    totals: tuple[str, ...] = ()

    @property
    def asked(self) -> Mapping[str, tuple[str, ...]]:
        """What is asked of the table: codes and expressions by variable."""
        return self.selection


def no_doubles(where: str, ids: Iterable[str]) -> None:
    """Refuse an id that stands twice."""
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"{where}: id {twice[0]!r} stands twice: give each its own id")


def must_exist(where: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that nothing is declared under."""
    if name not in known:
        raise ValueError(f"{where} {name!r} is not declared: declared are {', '.join(sorted(known)) or 'none'}")
