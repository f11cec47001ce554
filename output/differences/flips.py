"""Statuses and grades that are another than in the last release, and why.

Here belongs the reading of the three tables of status. A cause is read off the rows themselves: an
outcome that came, was revised or is gone, a milestone that was changed, a rule with another version.
Everything that a status rests on and that is otherwise is told: which of two changes would have
flipped it alone is not worked out. Where nothing of it is otherwise, the rule did it without saying so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import polars as pl

from output.differences.difference import Cause, Flip

Frame = pl.DataFrame
Side = Callable[[str], Frame | None]
"""A table of one side by its name; nothing where that side does not hold it."""

INDICATORS: Final = "indikatorer"
GOALS: Final = "malbedomning"
OVERALL: Final = "samlad_bedomning"

REPORT: Final = ("kommun_id", "rapport")
INDICATOR: Final = (*REPORT, "indikator_id")
GOAL: Final = (*REPORT, "namndmal_id")

MILESTONE: Final = ("etappmal_ar", "etappmal_operator", "etappmal_varde")
STATUSES: Final[Mapping[str, str]] = {"etappmal_status": "utfall", "status_kalla": "utfall_kalla"}
"""The outcome that each status rests on."""

COMPUTED: Final = "beraknad_maluppfyllelse"
DECIDED: Final = "beslutad_maluppfyllelse"
RULE: Final = "regelversion"
COUNT: Final = "antal_indikatorer"

BEFORE: Final = "_fore"


def flips(before: Side, after: Side) -> list[Flip]:
    """The statuses that flipped: the report as a whole first, then goals, then indicators."""
    goals = before(GOALS), after(GOALS)
    decided, ruled = _decided(goals[0]), _ruled_otherwise(*goals)
    indicators = [
        flip
        for row in _pairs(before(INDICATORS), after(INDICATORS), INDICATOR)
        for flip in _indicator(
            row,
            late=(row["kommun_id"], row["rapport"]) in decided,
            rule=tuple(row[name] for name in GOAL) in ruled,
        )
    ]
    causes = _causes_by_goal(indicators, after(INDICATORS))
    found = [
        *_graded(OVERALL, _pairs(before(OVERALL), after(OVERALL), REPORT), REPORT, causes),
        *_graded(GOALS, _pairs(*goals, GOAL), GOAL, causes),
    ]
    return [*found, *indicators]


def _decided(goals: Frame | None) -> set[tuple[Any, ...]]:
    """The reports whose grades were decided already in the last release."""
    if goals is None or not {*REPORT, DECIDED} <= set(goals.columns):
        return set()
    return set(goals.filter(pl.col(DECIDED).is_not_null()).select(REPORT).iter_rows())


def _ruled_otherwise(before: Frame | None, after: Frame | None) -> set[tuple[Any, ...]]:
    """The goals that are assessed by another version of the rule than before."""
    if before is None or after is None or not {*GOAL, RULE} <= set(before.columns) & set(after.columns):
        return set()
    both = after.select(*GOAL, RULE).join(before.select(*GOAL, RULE), on=GOAL, how="inner", suffix=BEFORE)
    return set(both.filter(pl.col(RULE).ne_missing(pl.col(f"{RULE}{BEFORE}"))).select(GOAL).iter_rows())


def _pairs(before: Frame | None, after: Frame | None, key: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows that stand on both sides with another status or grade, the side before under names of its own."""
    if before is None or after is None or not set(key) <= set(before.columns):
        return iter(())
    watched = [name for name in (*STATUSES, COMPUTED, DECIDED) if name in before.columns and name in after.columns]
    both = after.join(before, on=key, how="inner", suffix=BEFORE).sort(key)
    other = [pl.col(name).ne_missing(pl.col(f"{name}{BEFORE}")) for name in watched]
    return both.filter(pl.any_horizontal(other)).iter_rows(named=True) if watched else iter(())


def _indicator(row: Mapping[str, Any], *, late: bool, rule: bool) -> Iterator[Flip]:
    """The statuses of an indicator that flipped."""
    for column, outcome in STATUSES.items():
        if _other(row, column):
            found = set(_indicator_causes(row, outcome, late=late))
            if rule or not found:
                found.add(Cause.RULE)
            yield _flip(INDICATORS, row, INDICATOR, column, found)


def _indicator_causes(row: Mapping[str, Any], outcome: str, *, late: bool) -> Iterator[Cause]:
    """What a status of an indicator rests on that is otherwise: its outcome, and its milestone."""
    if _other(row, outcome):
        if row[f"{outcome}{BEFORE}"] is None:
            yield Cause.LATE if late else Cause.NEW_OUTCOME
        else:
            yield Cause.REMOVED if row[outcome] is None else Cause.REVISED
    if any(_other(row, name) for name in MILESTONE):
        yield Cause.MILESTONE


def _causes_by_goal(indicators: Iterable[Flip], rows: Frame | None) -> dict[tuple[Any, ...], set[Cause]]:
    """Why indicators flipped, by goal and by report."""
    if rows is None:
        return {}
    goal_of = {tuple(row[:3]): row[3] for row in rows.select(*INDICATOR, "namndmal_id").iter_rows()}
    causes: dict[tuple[Any, ...], set[Cause]] = {}
    for flip in indicators:
        if flip.column == "etappmal_status":
            report = (flip.key["kommun_id"], flip.key["rapport"])
            goal = goal_of[(*report, flip.key["indikator_id"])]
            for place in (report, (*report, goal)):
                causes.setdefault(place, set()).update(flip.causes)
    return causes


def _graded(
    dataset: str,
    rows: Iterable[dict[str, Any]],
    key: Sequence[str],
    causes: Mapping[tuple[Any, ...], set[Cause]],
) -> Iterator[Flip]:
    """The grades that flipped."""
    for row in rows:
        if _other(row, COMPUTED):
            own = set(causes.get(tuple(row[name] for name in key), ()))
            if _other(row, COUNT):
                own.add(Cause.MILESTONE)
            if _other(row, RULE) or not own:
                own.add(Cause.RULE)
            yield _flip(dataset, row, key, COMPUTED, own)
        if _other(row, DECIDED):
            yield _flip(dataset, row, key, DECIDED, {Cause.DECISION})


def _flip(dataset: str, row: Mapping[str, Any], key: Sequence[str], column: str, causes: AbstractSet[Cause]) -> Flip:
    """One flip, named as people name the row."""
    label = next((row[name] for name in ("indikator", "namndmal", "rapport") if name in row), "")
    return Flip(
        dataset=dataset,
        key={name: row[name] for name in key},
        label=label,
        column=column,
        before=row[f"{column}{BEFORE}"],
        after=row[column],
        causes=tuple(cause for cause in Cause if cause in causes),
    )


def _other(row: Mapping[str, Any], name: str) -> bool:
    """Whether a cell is another than before. A column that was not there before tells nothing."""
    before = f"{name}{BEFORE}"
    return before in row and row[name] != row[before]
