"""What changed from one release to the next, as data: statuses that flipped first, then values, rows and columns.

Here belongs what a difference is made of. How it is found stands in ``output.differences.comparing``; what is
made of it for readers (page, feed, terminal) does not belong here.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.vocabulary import Word

Scalar = str | int | float | bool | None
"""A value of a cell as JSON holds it. Dates and times stand in ISO 8601."""


class Kind(StrEnum):
    """What a publication does to a dataset."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


class Cause(Word):
    """Why a status is another than in the release before, in the order in which several of them are told."""

    NEW_OUTCOME = "nytt_utfall", "Utfallet har kommit.", "The outcome has come."
    LATE = "sena_data", "Utfallet kom efter att graden beslutades.", "The outcome came after the grade was decided."
    REVISED = "reviderad_kalla", "Utfallet har ändrats vid källan.", "The outcome was revised at its source."
    REMOVED = (
        "borttaget_utfall",
        "Utfallet är borttaget eller får inte längre visas.",
        "The outcome was removed, or may no longer be shown.",
    )
    MILESTONE = "andrat_etappmal", "Etappmålet har ändrats.", "The milestone was changed."
    RULE = "andrad_regel", "Regeln för bedömningen har ändrats.", "The rule of assessment was changed."
    DECISION = "nytt_beslut", "Beslutet har kommit eller ändrats.", "The decision has come or was changed."


class _Part(BaseModel):
    """A part of a difference. What a later version adds is passed over."""

    model_config = ConfigDict(frozen=True)


class Flip(_Part):
    """A status or a grade that is another than before.

    ``key`` identifies the row in ``dataset``, ``label`` is its name in Swedish, ``column`` the status
    or grade that flipped. Each side is blank where there was none.
    """

    dataset: str
    key: dict[str, Scalar]
    label: str
    column: str
    before: str | None
    after: str | None
    causes: tuple[Cause, ...]


class Sample(_Part):
    """A row that is new (no ``before``), lost (no ``after``), or revised (both hold what differs alone)."""

    key: dict[str, Scalar]
    before: dict[str, Scalar]
    after: dict[str, Scalar]


class TableDifference(_Part):
    """What changed in a dataset. Counts are of rows; ``revised_values`` counts cells by column.

    ``columns_changed`` are those that are declared otherwise than before: type, unit, title, words.
    Of new, lost and revised rows there are at most three samples each.
    """

    dataset: str
    title: dict[str, str]
    kind: Kind
    rows_before: int | None
    rows_after: int | None
    new_rows: int = 0
    lost_rows: int = 0
    revised_rows: int = 0
    revised_values: dict[str, int] = {}
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_changed: tuple[str, ...] = ()
    new_samples: tuple[Sample, ...] = ()
    lost_samples: tuple[Sample, ...] = ()
    revised_samples: tuple[Sample, ...] = ()


class Difference(_Part):
    """What changed since the release ``against``; blank where the history begins anew with this one.

    ``about`` names what is told otherwise of publisher, licence or address. ``tables`` holds the
    datasets that changed, and no others.
    """

    against: str | None
    about: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()
    tables: tuple[TableDifference, ...] = ()
