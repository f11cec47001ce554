"""The areas: which there are in each division, what became of them, and which belong to a group of the plan.

Here belongs what follows from SCB's lists and its log of changes. Figures about areas belong in
``area_cells`` and what is built on it.

A division holds for some years: codes of 2018 (DeSO) and 2020 (RegSO) to 2023, those of 2025 from 2024. An
area can be followed over the change if its code stands in both divisions and the log says nothing of it, or
if it was divided into new areas that got ground from nobody else. Else it cannot. A RegSO between whose DeSO
and those of another the log moves ground is unclear: SCB's log of RegSO does not know of it.
"""

from typing import Final

import polars as pl

from contracts.areas import ALL
from contracts.vocabulary import Level, Sureness
from pipelines.transforms.report import Report
from sources.plan.areas import AreaGroup, Areas

LAST_OF_OLD: Final = 2023
"""The last year of the codes of 2018 and 2020; those of 2025 follow."""

NEW: Final = "2025"
SPLIT: Final = "Upphör"
"""How the log begins the row of an area that has ceased."""

SOURCE: Final = "SCB"

NO_SIZES: Final = pl.DataFrame(schema={"omrade_id": pl.String, "indelning": pl.String, "areal_km2": pl.Float64})
"""What is known of the size of areas without their borders."""


def omradesforandringar(extract: pl.DataFrame, report: Report) -> pl.DataFrame:
    """SCB's log as handed in."""
    return report.table("omradesforandringar", extract.with_columns(kalla=pl.lit(SOURCE)))


def omraden(
    extract: pl.DataFrame,
    log: pl.DataFrame,
    report: Report,
    sizes: pl.DataFrame = NO_SIZES,
    *,
    logged: bool = True,
) -> pl.DataFrame:
    """The areas with their years, their size and whether they can be followed over the change of division.

    ``log`` is SCB's log of changes, as handed in or published; ``sizes`` are those of the borders at hand.
    Where no log was handed in, it is unclear whether an area of both divisions is the same.
    """
    divided = pl.col("indelning") != ALL
    both = extract.filter(divided).group_by("omrade_id").agg(editions=pl.len())
    followed = _followed(extract, log)
    frame = (
        extract.join(sizes, on=["omrade_id", "indelning"], how="left", maintain_order="left")
        .join(both, on="omrade_id", how="left", maintain_order="left")
        .join(followed, on=["omrade_id", "niva"], how="left", maintain_order="left")
        .with_columns(
            galler_fran=pl.when(pl.col("indelning") == NEW).then(LAST_OF_OLD + 1),
            galler_till=pl.when(divided & (pl.col("indelning") != NEW)).then(LAST_OF_OLD),
            jamforbar=pl.when(divided).then(
                pl.coalesce(
                    "told",
                    pl.when(pl.col("editions") > 1)
                    .then(pl.lit(str(Sureness.YES if logged else Sureness.UNCLEAR)))
                    .otherwise(pl.lit(str(Sureness.NO))),
                )
            ),
            kalla=pl.lit(SOURCE),
        )
    )
    return report.table("omraden", frame)


def splits(log: pl.DataFrame) -> pl.DataFrame:
    """The areas that were divided and nothing else: ``fran`` and each ``till``.

    All that came of one got ground from it alone, and it gave nothing to an area that was there before.
    """
    givers = log.group_by("till").agg(givers=pl.col("fran").n_unique())
    rows = log.join(givers, on="till", maintain_order="left").with_columns(
        pure=pl.col("typ").str.starts_with(SPLIT) & (pl.col("fran") != pl.col("till")) & (pl.col("givers") == 1)
    )
    return rows.filter(pl.col("pure").all().over("fran")).select("fran", "till")


def _followed(extract: pl.DataFrame, log: pl.DataFrame) -> pl.DataFrame:
    """What the log says of areas: ``omrade_id``, ``niva``, ``told`` (a sureness) and ``forandring``."""
    pure = splits(log)
    parents = (
        pure.group_by("fran")
        .agg(pl.col("till").sort())
        .select(
            omrade_id="fran",
            told=pl.lit(str(Sureness.YES)),
            forandring=pl.format("Delad i {}.", pl.col("till").list.join(" och ")),
        )
    )
    children = pure.select(
        omrade_id="till", told=pl.lit(str(Sureness.NO)), forandring=pl.format("Del av {} till och med 2023.", "fran")
    )
    moved = log.join(pure, on=["fran", "till"], how="anti")
    touched = (
        pl.concat(
            [moved.select("typ", omrade_id="fran", other="till"), moved.select("typ", omrade_id="till", other="fran")]
        )
        .group_by("omrade_id")
        .agg(others=pl.col("other").filter(pl.col("other") != pl.col("omrade_id")).unique().sort())
        .select(
            "omrade_id",
            told=pl.lit(str(Sureness.NO)),
            forandring=pl.when(pl.col("others").list.len() > 0)
            .then(pl.format("Mark har flyttats till eller från {}.", pl.col("others").list.join(" och ")))
            .otherwise(pl.lit("Gränsen har ändrats.")),
        )
    )
    told = pl.concat([parents, children, touched]).join(
        extract.select("omrade_id", "niva").unique(), on="omrade_id", maintain_order="left"
    )
    return pl.concat([told, _unclear(extract, log, moved)], how="diagonal")


def _unclear(extract: pl.DataFrame, log: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """The RegSO between which the log of DeSO moves ground, while no row of the log names them."""
    over = extract.filter(pl.col("niva") == str(Level.DESO)).select("omrade_id", "over_id").unique()
    crossing = (
        moved.join(over.select(fran="omrade_id", regso_fran="over_id"), on="fran")
        .join(over.select(till="omrade_id", regso_till="over_id"), on="till")
        .filter(pl.col("regso_fran") != pl.col("regso_till"))
    )
    named = pl.concat([log["fran"], log["till"]])
    regso = pl.concat([crossing["regso_fran"], crossing["regso_till"]]).unique().sort()
    return pl.DataFrame({"omrade_id": regso.filter(~regso.is_in(named.implode()))}).select(
        "omrade_id",
        niva=pl.lit(str(Level.REGSO)),
        told=pl.lit(str(Sureness.UNCLEAR)),
        forandring=pl.lit("Loggen för DeSO flyttar mark över gränsen, loggen för RegSO gör det inte."),
    )


def omradesgrupper(areas: Areas | None, known: pl.DataFrame, report: Report) -> pl.DataFrame:
    """The members of each group, in each division; ``known`` is the dataset ``omraden``."""
    regso = known.filter(pl.col("niva") == str(Level.REGSO)).select("omrade_id", "indelning")
    members: dict[str, set[str]] = {}
    frames = []
    for group in areas.group if areas else ():
        members[group.id] = _members(group, members, set(regso["omrade_id"]))
        frames.append(
            regso.filter(pl.col("omrade_id").is_in(sorted(members[group.id]))).with_columns(
                grupp_id=pl.lit(group.id), grupp=pl.lit(group.name), belagg=pl.lit(group.basis)
            )
        )
    empty = regso.clear().with_columns(pl.lit("").alias(name) for name in ("grupp_id", "grupp", "belagg"))
    return report.table("omradesgrupper", pl.concat([empty, *frames]))


def _members(group: AreaGroup, before: dict[str, set[str]], every: set[str]) -> set[str]:
    """The codes of a group, given those of the groups before it and all there are."""
    if group.members:
        return set(group.members)
    if group.groups:
        return set().union(*(before[name] for name in group.groups))
    return every - set().union(*(before[name] for name in group.outside))
