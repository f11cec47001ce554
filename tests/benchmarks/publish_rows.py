"""What publishing a table of millions of rows costs, against a bare ``write_parquet`` plus ``write_csv``.

    python -m tests.benchmarks.publish_rows [ROWS]

Values of Kolada lie unsorted in a warehouse and are published with every file that a dataset has: Parquet, CSV, CSV
for Excel, the zip, each file hashed and read back. Each measurement is a process of its own, at a tenth of ROWS
(10,000,000) and at ROWS. Prints wall and CPU seconds, peak memory, and the ratios.

- *bare* has the sorted frame in memory already, and writes it as Parquet and CSV.
- *read* is what it takes to have it there.
- *forms* writes barely what is published beside that too: the CSV for Excel and the zip, each file hashed twice. What
  a publication costs beyond *read* and *forms* is what it asks of the rows, and that it never holds them all.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from contracts import contract
from output.formats.bundle import write_bundle
from output.publication.manifest import file_sha256

ROWS: Final = 10_000_000
DATASET: Final = "jamforelsetal_kolada"
VALUES: Final = """
SELECT printf('N%05d', i // 5800) AS kpi_id, printf('Nyckeltal %d, andel av alla (%%)', i // 5800) AS kpi,
       printf('%04d', i // 20 % 290) AS kommun_id, 2005 + i % 20 AS ar, 'T' AS kon,
       round(random() * 1000, 1) AS varde, NULL AS status, 'Kolada' AS kalla, TIMESTAMP '2024-01-01' AS hamtad
FROM range($rows) AS numbers(i) ORDER BY hash(i)
"""
"""Values of 290 municipalities in 20 years, for as many KPIs as it takes."""


def fill(folder: Path, rows: int) -> None:
    """Put values into a warehouse of its own, in no order.

    In a process of its own too: Linux tells of a process's peak memory also what its parent had.
    """
    from pipelines.storage.warehouse import Warehouse  # noqa: PLC0415 - not a part of the bare writing

    declared, file = contract(DATASET), folder / "warehouse.duckdb"
    Warehouse(file).close()
    with duckdb.connect(str(file)) as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(declared.ddl)
        connection.execute(f"INSERT INTO {declared.table} BY NAME {VALUES}", {"rows": rows})


def sorted_frame(folder: Path) -> pl.DataFrame:
    """All rows in memory, in their order."""
    from pipelines.storage.warehouse import Warehouse  # noqa: PLC0415

    warehouse = Warehouse(folder / "warehouse.duckdb")
    frame = warehouse.read_open(contract(DATASET))
    warehouse.close()
    return frame


def read(folder: Path) -> dict[str, float]:
    """Have the sorted frame in memory."""
    return measured(lambda: sorted_frame(folder))


def bare(folder: Path) -> dict[str, float]:
    """Write the sorted frame as polars does, and nothing else."""
    frame = sorted_frame(folder)
    return measured(lambda: write_bare(frame, folder))


def write_bare(frame: pl.DataFrame, folder: Path) -> None:
    """Write a frame as Parquet and CSV."""
    frame.write_parquet(folder / "bare.parquet")
    frame.write_csv(folder / "bare.csv")


def forms(folder: Path) -> dict[str, float]:
    """Write the sorted frame in each form that is published, and hash each file as often."""
    frame = sorted_frame(folder)

    def run() -> None:
        """As polars, zlib and hashlib do it."""
        write_bare(frame, folder)
        frame.write_csv(folder / "bare.excel.csv", separator=";", decimal_comma=True)
        files = [folder / f"bare{ending}" for ending in (".parquet", ".csv", ".excel.csv")]
        write_bundle(folder / "bare.zip", files)
        for file in (*files, folder / "bare.zip") * 2:
            file_sha256(file)

    return measured(run)


def publishing(folder: Path) -> dict[str, float]:
    """Publish the table from the warehouse."""
    from output.publication.generation import publish  # noqa: PLC0415
    from pipelines.storage.long_tables import OpenTables  # noqa: PLC0415
    from pipelines.storage.warehouse import Warehouse  # noqa: PLC0415
    from tests.output.publishing import ABOUT, OCCASION  # noqa: PLC0415

    warehouse = Warehouse(folder / "warehouse.duckdb")

    def run() -> None:
        """From the warehouse to what readers see."""
        tables = {DATASET: OpenTables(warehouse, folder, long=0).read(contract(DATASET))}
        publish(tables, folder / "public", ABOUT, OCCASION)

    return measured(run)


def measured(run: Any) -> dict[str, float]:
    """Wall and CPU seconds of a call, and the process's peak memory in MB."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak}


MEASURED: Final = {"bare": bare, "read": read, "forms": forms, "publishing": publishing}


def main() -> None:
    """Measure each in a process of its own, at a tenth and at all of the rows."""
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]))
        return
    if len(sys.argv) == 3:
        print(json.dumps(MEASURED[sys.argv[1]](Path(sys.argv[2]))))
        return
    most = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    for rows in (most // 10, most):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.benchmarks.publish_rows"]
            subprocess.run([*command, "fill", folder, str(rows)], check=True)
            found = {}
            for name in MEASURED:
                found[name] = json.loads(
                    subprocess.run([*command, name, folder], check=True, capture_output=True).stdout
                )
            for name, said in found.items():
                print(
                    f"{rows:>10,} rows  {name:10}  wall {said['wall']:6.1f} s   cpu {said['cpu']:6.1f} s   "
                    f"peak {said['peak']:6.0f} MB"
                )
            for part in ("wall", "cpu"):
                spent = {name: said[part] for name, said in found.items()}
                print(
                    f"{rows:>10,} rows  ratio, {part:4}  {spent['publishing'] / spent['bare']:.2f} to bare, "
                    f"{spent['publishing'] / (spent['read'] + spent['bare']):.2f} to read and bare, "
                    f"{spent['publishing'] / (spent['read'] + spent['forms']):.2f} to read and forms"
                )
            published = pl.scan_parquet(Path(folder) / "public" / "latest" / f"{DATASET}.parquet")
            assert published.select(pl.len()).collect().item() == rows


if __name__ == "__main__":
    main()
