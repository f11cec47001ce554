"""Identifiers made of names, for rows that their source knows only by name.

Here belongs how a name becomes an identifier. What is named does not.
"""

import polars as pl


def slug(name: str) -> pl.Expr:
    """The column ``name`` as an identifier: lower-case a-z and digits with underscores between the words."""
    bare = pl.col(name).str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "_").str.strip_chars("_")
