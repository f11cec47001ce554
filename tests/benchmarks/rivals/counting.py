"""What a contender's file holds, as JSON: how many values, and their sum.

    python -m tests.benchmarks.rivals.counting FILE TABLE COLUMN

A module of its own: who measures must not hold what DuckDB and polars hold.
"""

import json
import sys

import duckdb


def main(file: str, table: str, column: str) -> None:
    """Print both."""
    with duckdb.connect(file, read_only=True) as connection:
        values = connection.table(table)
        count, total = values.aggregate(f"count(*), sum({column})").fetchall()[0]
    print(json.dumps({"values": count, "sum": total or 0.0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
