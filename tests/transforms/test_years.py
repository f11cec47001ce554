"""Years: the year before is the one just before, of the same rows."""

import polars as pl

from pipelines.transforms.years import year_before


def test_the_year_before_is_found_in_any_order_and_never_across_a_gap() -> None:
    frame = pl.DataFrame(
        {
            "rad": ["a", "a", "a", "b", "b"],
            "ar": [2023, 2021, 2020, 2023, 2022],
            "varde": [4, 2, 1, 6, None],
        }
    )
    assert frame.select(year_before("varde", "rad"))["varde"].to_list() == [None, 1, None, None, None]
