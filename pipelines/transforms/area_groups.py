"""Measures of groups of areas: the counts of the members added, and the share of the sums.

Here belongs what a plan's own groups amount to, also as outcomes of indicators with their history.
A group is worked out in each division from its members there; a group with a member that has no cell
has no value.
"""

from typing import Final

import polars as pl

from contracts import contract
from pipelines.transforms.area_cells import ADDED, cells
from pipelines.transforms.area_values import VALUE, measured
from sources.plan.areas import Areas

GROUP: Final = ("grupp_id", "kalla_id", "ar")


def group_values(observations: pl.DataFrame, known: pl.DataFrame, groups: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """The measures of each group and year, as ``area_values.VALUE`` with ``grupp_id`` as ``omrade_id``.

    ``known`` and ``groups`` are the datasets ``omraden`` and ``omradesgrupper``.
    """
    members = groups.select("grupp_id", "omrade_id", "indelning")
    sizes = members.group_by("grupp_id", "indelning").agg(medlemmar=pl.len())
    added = (
        cells(observations, known, areas)
        .join(members, on=["omrade_id", "indelning"])
        .group_by(*GROUP, "indelning", maintain_order=True)
        .agg(
            *ADDED,
            finns=pl.len(),
        )
        .join(sizes, on=["grupp_id", "indelning"])
        .filter(pl.col("finns") == pl.col("medlemmar"))
        .rename({"grupp_id": "omrade_id"})
        .with_columns(niva=pl.lit("grupp"))
    )
    # A median or a share of one area says nothing of several: only counts are added.
    shares = Areas(
        smallest_denominator=areas.smallest_denominator,
        series=areas.series,
        measure=tuple(each for each in areas.measure if each.numerator),
    )
    return measured(added, shares)


def group_outcomes(
    observations: pl.DataFrame, known: pl.DataFrame, groups: pl.DataFrame, areas: Areas | None
) -> pl.DataFrame:
    """The measures of groups as observations with their history, ``kalla_id`` being ``measure:group``.

    What was known is worked out anew for each moment at which a cell came or went.
    """
    schema = contract("omradesceller", "core").polars_schema
    if areas is None or known.is_empty():
        return pl.DataFrame(schema=schema)
    moments = pl.concat([observations["kand_fran"], observations["kand_till"].drop_nulls()]).unique().sort()
    frames = [VALUE.to_frame().with_columns(moment=pl.lit(None, pl.Datetime("us")))]
    for moment in moments:
        at = observations.filter(
            (pl.col("kand_fran") <= moment) & (pl.col("kand_till").is_null() | (pl.col("kand_till") > moment))
        ).with_columns(kand_till=pl.lit(None, pl.Datetime("us")))
        found = group_values(at, known, groups, areas)
        frames.append(found.with_columns(moment=pl.lit(moment, pl.Datetime("us"))))
    about = ["matt_id", "omrade_id", "ar"]
    values = pl.concat(frames).sort(*about, "moment")
    # A value holds from the first moment that gives it to the first that gives another, or none.
    ends = dict(zip(moments.to_list(), [*moments.to_list()[1:], None], strict=True)) if len(moments) else {}
    runs = values.with_columns(
        slut=pl.col("moment").replace_strict(ends, return_dtype=pl.Datetime("us")),
        run=pl.col("varde").ne_missing(pl.col("varde").shift()).fill_null(value=True).cum_sum().over(*about),
    )
    spans = runs.group_by(*about, "run", maintain_order=True).agg(
        pl.col("varde").first(), pl.col("moment").first().alias("kand_fran"), pl.col("slut").last().alias("kand_till")
    )
    return spans.select(
        kalla_id=pl.format("{}:{}", "matt_id", "omrade_id"),
        kommun_id=pl.lit(known["kommun_id"][0]),
        ar="ar",
        kon=pl.lit("T"),
        varde="varde",
        antal=pl.lit(None, pl.Int64),
        status=pl.lit(None, pl.String),
        kand_fran="kand_fran",
        kand_till="kand_till",
    ).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
