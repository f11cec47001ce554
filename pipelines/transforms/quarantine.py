"""Quarantine in numbers: rows by rule, table and source, and since when.

Here belongs what is told of rows that were set aside. Their values are told nowhere.
"""

from datetime import datetime

import polars as pl

from contracts import Contract, contract
from contracts.rulebook import rule_text


def karantan(broken: pl.DataFrame, before: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The dataset ``karantan``.

    ``broken`` counts rows (``antal``) by ``table_name`` (with its layer), ``regel`` and ``kalla``;
    ``before`` is the dataset as it was. What was broken before is broken since then.
    """
    declared = contract("karantan", "drift")
    layer, name = pl.col("table_name").str.split(".").list.first(), pl.col("table_name").str.split(".").list.last()
    named = broken.select("regel", "kalla", "antal", lager=layer, tabell=name)
    texts = named.select("lager", "tabell", "regel").unique().rows()
    prose = pl.DataFrame(
        [(*each, rule_text(_table(each[0], each[1]), each[2]).sv) for each in texts],
        schema={"lager": pl.String, "tabell": pl.String, "regel": pl.String, "beskrivning": pl.String},
        orient="row",
    )
    counted = (
        named.join(prose, on=["lager", "tabell", "regel"])
        .group_by(declared.key)
        .agg(pl.col("antal").sum(), pl.col("beskrivning").first())
    )
    since = before.select(*declared.key, "sedan")
    return (
        counted.join(since, on=declared.key, how="left")
        .with_columns(pl.col("sedan").fill_null(pl.lit(now, pl.Datetime("us"))))
        .select(pl.col(name).cast(kind) for name, kind in declared.polars_schema.items())
        .sort(declared.key)
    )


def _table(layer: str, name: str) -> Contract:
    """The contract of a table by its layer; ``raw`` is the extract of a published table."""
    return contract(name).extract if layer == "raw" else contract(name, layer)
