"""What holding a table to its contract costs beside the same rules written by hand in polars.

    python -m tests.benchmarks.check_table [ROWS]

The table is that of Kolada's observations. By hand, each rule is an expression, all are evaluated
in one pass, and rows that break one are told from the others with the rules they break. Both are
run in turn in one process, on rows that all keep the rules and on rows of which some break one.
Prints the medians of CPU seconds, and their ratio.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Final

import polars as pl

from contracts import check, contract
from contracts.vocabulary import Sex

RUNS: Final = 5
DECLARED: Final = contract("kolada_varden", "core")
BROKEN_EVERY: Final = 1000
"""One row in so many breaks a rule."""


def observations(rows: int) -> pl.DataFrame:
    """Rows that keep every rule."""
    number = pl.int_range(rows, eager=True).alias("i").to_frame()
    return number.select(
        kalla_id=pl.format("N{}", (pl.col("i") // 10_000).cast(pl.String).str.zfill(5)),
        kommun_id=(pl.col("i") % 300).cast(pl.String).str.zfill(4),
        ar=2000 + (pl.col("i") // 300) % 25,
        kon=pl.lit("T"),
        varde=pl.col("i") * 1.5,
        antal=pl.lit(None),
        status=pl.lit(None),
        kand_fran=pl.datetime(2024, 1, 1) + pl.duration(microseconds="i"),
        kand_till=pl.lit(None),
    ).cast(pl.Schema(DECLARED.polars_schema))


def broken(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, some of them with a year or a sex that is none."""
    row = pl.int_range(pl.len()) % BROKEN_EVERY
    return frame.with_columns(
        ar=pl.when(row == 0).then(1066).otherwise("ar"), kon=pl.when(row == 1).then(pl.lit("X")).otherwise("kon")
    )


def by_hand(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Good rows, and bad rows with the rules that each breaks."""
    keeps = {
        "kalla_id:ej_tom": pl.col("kalla_id").is_not_null(),
        "kommun_id:ej_tom": pl.col("kommun_id").is_not_null(),
        "kommun_id:str_matches": pl.col("kommun_id").str.contains(r"^\d{4}$"),
        "ar:ej_tom": pl.col("ar").is_not_null(),
        "ar:greater_than_or_equal_to": pl.col("ar") >= 1900,
        "ar:less_than_or_equal_to": pl.col("ar") <= 2200,
        "kon:ej_tom": pl.col("kon").is_not_null(),
        "kon:isin": pl.col("kon").is_in([str(word) for word in Sex]),
        "kand_fran:ej_tom": pl.col("kand_fran").is_not_null(),
        "nyckel:unik": ~pl.struct(DECLARED.key).is_duplicated(),
    }
    masks = frame.select(holds.fill_null(value=True).alias(rule) for rule, holds in keeps.items())
    good = masks.select(pl.all_horizontal(pl.all())).to_series()
    if good.all():
        return frame, frame.clear().with_columns(regler=pl.lit(None, pl.List(pl.String)))
    names = [pl.when(~pl.col(rule)).then(pl.lit(rule)) for rule in keeps]
    bad = masks.filter(~good).select(pl.concat_list(names).list.drop_nulls().alias("regler"))
    return frame.filter(good), frame.filter(~good).hstack(bad)


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU time of one run."""
    before = time.process_time()
    run()
    return time.process_time() - before


def measure(frame: pl.DataFrame, runs: int = RUNS) -> tuple[float, float]:
    """Median CPU seconds of the contract's check and of the rules by hand, run in turn after one of each to warm up."""
    ways: tuple[Callable[[], object], ...] = (lambda: check(frame, DECLARED), lambda: by_hand(frame))
    taken = [tuple(cpu_seconds(way) for way in ways) for _ in range(runs + 1)][1:]
    return median(each[0] for each in taken), median(each[1] for each in taken)


def main() -> None:
    """Measure both kinds of rows, and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    whole = observations(rows)
    for kind, frame in {"every row keeps the rules": whole, "two rows in a thousand break one": broken(whole)}.items():
        checked, hand = measure(frame)
        print(f"{rows:,} rows, {kind}: contract {checked:.3f} s, by hand {hand:.3f} s, ratio {checked / hand:.2f}")


if __name__ == "__main__":
    main()
