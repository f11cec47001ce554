"""Grades of committee goals and of a report as a whole, computed beside those decided.

Here belongs counting what a rule is about; its versions stand in ``pipelines.transforms.rules``. A decided grade is
never changed here; the two stand side by side.
"""

from typing import Final

import polars as pl

from contracts.goal_columns import SUMMARY
from contracts.vocabulary import Grade, MilestoneStatus
from pipelines.transforms.reconciliation import of_goals, of_report
from pipelines.transforms.report import Report
from pipelines.transforms.rules import rule_of

SCALE: Final = {str(Grade.NOT): 0, str(Grade.PARTLY): 1, str(Grade.HIGH): 2, str(Grade.VERY_HIGH): 3}
"""The steps of the scale; a goal that cannot be assessed has no step."""

SUFFIXES: Final = {
    str(Grade.VERY_HIGH): "i_mycket_hog_grad",
    str(Grade.HIGH): "i_hog_grad",
    str(Grade.PARTLY): "delvis",
    str(Grade.NOT): "ej",
    str(Grade.NOT_ASSESSABLE): "kan_ej_bedomas",
}


def _counts(*, tie_is_reached: bool) -> list[pl.Expr]:
    """Counts of indicators by status. A tie counts as reached only where the rule says so."""
    status = pl.col("etappmal_status")
    reached = status == MilestoneStatus.REACHED
    if tie_is_reached:
        reached |= status == MilestoneStatus.TIE
    return [
        pl.len().cast(pl.Int64).alias("antal_indikatorer"),
        (status != MilestoneStatus.NOT_ASSESSABLE).sum().cast(pl.Int64).alias("antal_bedombara"),
        reached.sum().cast(pl.Int64).alias("antal_uppnadda"),
        (status == MilestoneStatus.TIE).sum().cast(pl.Int64).alias("antal_gransfall"),
    ]


def malbedomning(
    register: pl.DataFrame, indicators: pl.DataFrame, report: Report, *, rule: str, tie_is_reached: bool
) -> pl.DataFrame:
    """Each committee goal of ``core.malregister`` with its decided grade, and the one by the version ``rule``."""
    counts = indicators.group_by("namndmal_id").agg(_counts(tie_is_reached=tie_is_reached))
    frame = register.join(counts, on="namndmal_id", how="left", maintain_order="left").with_columns(
        pl.col("antal_indikatorer", "antal_bedombara", "antal_uppnadda", "antal_gransfall").fill_null(0)
    )
    frame = frame.with_columns(
        beraknad_maluppfyllelse=rule_of(rule).grade(pl.col("antal_uppnadda"), pl.col("antal_bedombara")),
        motivering_av=pl.when(pl.col("motivering").is_not_null()).then(pl.lit(SUMMARY)),
        regelversion=pl.lit(rule),
    )
    frame = frame.with_columns(**_agreement())
    return report.table("malbedomning", frame.with_columns(of_goals(frame, tie_is_reached=tie_is_reached)))


def _agreement() -> dict[str, pl.Expr]:
    """Whether decided and computed agree, and how many steps lie between them."""
    computed, decided = pl.col("beraknad_maluppfyllelse"), pl.col("beslutad_maluppfyllelse")
    steps = [word.replace_strict(SCALE, default=None, return_dtype=pl.Int64) for word in (decided, computed)]
    return {"stammer": computed == decided, "steg": steps[0] - steps[1]}


def samlad_bedomning(reports: pl.DataFrame, goals: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The report of ``core.rapporter`` as a whole.

    Two shares, of goals at a high grade or better and of indicators reached, each by the same steps
    as a goal; the lower of the two decides (``datasets.md``, "Overall").
    """
    high = goals["beraknad_maluppfyllelse"].is_in([str(Grade.HIGH), str(Grade.VERY_HIGH)]).sum()
    assessed = (goals["beraknad_maluppfyllelse"] != str(Grade.NOT_ASSESSABLE)).sum()
    sums = goals.select(pl.col("antal_indikatorer", "antal_bedombara", "antal_uppnadda", "antal_gransfall").sum())
    counted = {
        f"antal_{kind}_{suffix}": (goals[f"{kind}_maluppfyllelse"] == word).sum()
        for kind in ("beslutad", "beraknad")
        for word, suffix in SUFFIXES.items()
    }
    frame = reports.hstack(sums).with_columns(
        antal_namndmal=pl.lit(goals.height, pl.Int64),
        **{name: pl.lit(count, pl.Int64) for name, count in counted.items()},
    )
    grade = rule_of(reports["regelversion"][0]).grade
    by_goals = grade(pl.lit(high), pl.lit(assessed))
    by_indicators = grade(pl.col("antal_uppnadda"), pl.col("antal_bedombara"))
    frame = frame.with_columns(
        beraknad_maluppfyllelse=_lower(by_goals, by_indicators),
        tackning_procent=pl.when(pl.col("antal_indikatorer") > 0).then(
            pl.col("antal_bedombara") / pl.col("antal_indikatorer") * 100
        ),
        motivering_av=pl.when(pl.col("motivering").is_not_null()).then(pl.lit(SUMMARY)),
    )
    frame = frame.with_columns(stammer=_agreement()["stammer"])
    told = pl.Series("avstamning", [of_report(row) for row in frame.iter_rows(named=True)], dtype=pl.String)
    return report.table("samlad_bedomning", frame.with_columns(told))


def _lower(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """The lower of two grades; one that cannot be assessed leaves the other, two leave none.

    A report is not fulfilled only where both are: no goal at a high grade, but some milestones reached, is partly.
    """
    words = {step: word for word, step in SCALE.items()}
    both = [word.replace_strict(SCALE, default=None, return_dtype=pl.Int64) for word in (first, second)]
    lower = pl.min_horizontal(both)
    steps = pl.when(pl.max_horizontal(both) > SCALE[Grade.NOT]).then(lower.clip(SCALE[Grade.PARTLY])).otherwise(lower)
    return steps.replace_strict(words, default=str(Grade.NOT_ASSESSABLE), return_dtype=pl.String).fill_null(
        str(Grade.NOT_ASSESSABLE)
    )
