"""Goals and indicators followed from report to report: what came, went on under another name, split, or ended.

Here belongs telling one report from the next of the same kind. That a goal carries another on is declared in the
plan (``continues``); the same id is the same goal.
"""

from typing import Final

import polars as pl

from contracts import contract
from contracts.history_words import Beginning, Continuation, Tracked
from pipelines.transforms.register import SEPARATOR
from sources.errors import PlanError

TABLE: Final = "malhistorik"
KIND: Final = "_kind"
PLACE: Final = ("kommun_id", "rapport", "slag", "id")
BOUNDS: Final = ("enhet", "etappmal_operator", "etappmal_varde", "malvarde_ar", "malvarde_operator", "malvarde")
"""What a milestone and a target are: another year of the milestone alone is none."""


def malhistorik(goals: pl.DataFrame, indicators: pl.DataFrame, stood: pl.DataFrame | None = None) -> pl.DataFrame:
    """Every goal and indicator of every report, with those before and after it.

    ``goals`` and ``indicators`` are ``core.malregister`` and ``core.indikatorregister`` of reports, ``stood`` what this
    table said of others, whose registers are not to be gone by. Raises PlanError where one continues what does not
    stand in the report before.
    """
    items = _items(goals, indicators, *([] if stood is None else [_as_registered(stood)]))
    reports = items.select("kommun_id", KIND, "rapport").unique().sort("kommun_id", KIND, "rapport")
    beside = [pl.col("rapport").shift(step).over("kommun_id", KIND, order_by="rapport") for step in (1, -1)]
    known = items.join(
        reports.with_columns(foregaende_rapport=beside[0], nasta_rapport=beside[1]),
        on=["kommun_id", KIND, "rapport"],
        maintain_order="left",
    )
    links = _links(known)
    before = links.group_by(PLACE).agg(
        pl.col("before").sort().str.join(SEPARATOR).alias("foregangare"),
        pl.len().alias("from"),
        pl.col("split", "renamed", "bounds").any(),
    )
    after = links.group_by("kommun_id", "slag", rapport="foregaende_rapport", id="before").agg(
        pl.col("id").sort().str.join(SEPARATOR).alias("efterfoljare"),
        pl.len().alias("to"),
        pl.col("merged", "renamed").any().name.suffix("_after"),
    )
    frame = known.join(before, on=PLACE, how="left").join(after, on=PLACE, how="left")
    frame = frame.with_columns(uppkomst=_beginning(), fortsattning=_continuation())
    ended = pl.col("fortsattning").is_null() | (pl.col("fortsattning") == Continuation.ENDS)
    declared = contract(TABLE)
    return (
        frame.with_columns(upphor_motivering=pl.when(ended).then("upphor"))
        .select(pl.col(name).cast(dtype) for name, dtype in declared.polars_schema.items())
        .sort(declared.sort)
    )


def _as_registered(stood: pl.DataFrame) -> pl.DataFrame:
    """Rows of this table as the register that they came of."""
    return stood.select(
        *("kommun_id", "rapport", "slag", "id", "namn", "namndmal_id", "beslutad_maluppfyllelse"),
        *("etappmal_ar", *BOUNDS, "kalla", "kalla_rad"),
        fortsatter="foregangare",
        upphor="upphor_motivering",
    )


def _items(goals: pl.DataFrame, indicators: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
    """Goals and indicators as rows of one table."""
    both = [
        goals.with_columns(slag=pl.lit(str(Tracked.GOAL)), id=pl.col("namndmal_id"), namn=pl.col("namndmal")),
        indicators.with_columns(
            slag=pl.lit(str(Tracked.INDICATOR)), id=pl.col("indikator_id"), namn=pl.col("indikator")
        ),
    ]
    items = pl.concat([*both, *others], how="diagonal")
    return items.with_columns(items["rapport"].str.tail(-5).alias(KIND))


def _links(known: pl.DataFrame) -> pl.DataFrame:
    """Each item with each that it carries on, and how the two differ."""
    earlier = known.select(
        "kommun_id",
        "slag",
        foregaende_rapport="rapport",
        before="id",
        name_before="namn",
        **{f"{name}_before": name for name in BOUNDS},
    )
    told = known.filter(pl.col("foregaende_rapport").is_not_null()).with_columns(
        before=pl.coalesce("fortsatter", "id").str.split(SEPARATOR)
    )
    keys = ["kommun_id", "slag", "foregaende_rapport", "before"]
    links = told.explode("before")
    _require_known(links.filter(pl.col("fortsatter").is_not_null()).join(earlier, on=keys, how="anti"))
    links = links.join(earlier, on=keys)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in BOUNDS)
    return links.with_columns(
        split=pl.len().over(keys) > 1,
        merged=pl.len().over(PLACE) > 1,
        renamed=(pl.col("id") != pl.col("before")) | (pl.col("namn") != pl.col("name_before")),
        bounds=differs,
    )


def _require_known(lost: pl.DataFrame) -> None:
    """Refuse to carry on what is not there."""
    if lost.is_empty():
        return
    row = lost.sort(PLACE).row(0, named=True)
    word = "goal" if row["slag"] == Tracked.GOAL else "indicator"
    raise PlanError(
        f"continues {row['before']!r}, which is no {word} of {row['foregaende_rapport']}.",
        where=f"plan.toml of {row['rapport']}, {word} {row['id']!r}",
        remedy=f"Write the id of a {word} of {row['foregaende_rapport']}, or leave continues out.",
    )


def _beginning() -> pl.Expr:
    """How an item came into its report."""
    return (
        pl.when(pl.col("foregaende_rapport").is_null())
        .then(pl.lit(str(Beginning.FIRST)))
        .when(pl.col("from").is_null())
        .then(pl.lit(str(Beginning.NEW)))
        .when(pl.col("from") > 1)
        .then(pl.lit(str(Beginning.MERGED)))
        .when(pl.col("split"))
        .then(pl.lit(str(Beginning.SPLIT)))
        .when(pl.col("renamed"))
        .then(pl.lit(str(Beginning.RENAMED)))
        .when(pl.col("bounds"))
        .then(pl.lit(str(Beginning.OTHER_BOUND)))
        .otherwise(pl.lit(str(Beginning.UNCHANGED)))
    )


def _continuation() -> pl.Expr:
    """How an item goes on; blank where no next report is known."""
    return (
        pl.when(pl.col("nasta_rapport").is_null())
        .then(None)
        .when(pl.col("to").is_null())
        .then(pl.lit(str(Continuation.ENDS)))
        .when(pl.col("to") > 1)
        .then(pl.lit(str(Continuation.SPLIT)))
        .when(pl.col("merged_after"))
        .then(pl.lit(str(Continuation.MERGED)))
        .when(pl.col("renamed_after"))
        .then(pl.lit(str(Continuation.RENAMED)))
        .otherwise(pl.lit(str(Continuation.GOES_ON)))
    )
