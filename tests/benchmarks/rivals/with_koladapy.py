"""Loads the country with koladapy and pandas, as a script of an environment of its own.

    python with_koladapy.py ADDRESS FILE

Here belongs what somebody would write who has koladapy: nothing of the project is imported. The rate
of five requests a second is lifted by the client's own argument. A call takes the 25 KPIs that fit in
a request, so that memory holds no more than their values.
"""

import sys
from datetime import UTC, datetime

import duckdb
from koladapy import KoladaAPI


def main(address: str, file: str) -> None:
    """Read the lists, then all values, into the table ``observations``."""
    kolada = KoladaAPI(base_url=f"{address}/", max_requests_per_second=float("inf"))
    kpis = [each["id"] for each in kolada.search_kpis()]
    units = [each["id"] for each in kolada.get_municipalities()]
    now = datetime.now(UTC).year
    with duckdb.connect(file) as connection:
        connection.execute(
            "CREATE TABLE observations (kpi VARCHAR, municipality VARCHAR, period INTEGER, gender VARCHAR, "
            '"count" BIGINT, status VARCHAR, "value" DOUBLE, isdeleted BOOLEAN)'
        )
        for start in range(0, len(kpis), kolada.MAX_BATCH_SIZE):
            frame = kolada.get_data_as_dataframe(
                kpi_id=kpis[start : start + kolada.MAX_BATCH_SIZE],
                municipality_id=units,
                years=list(range(now - 24, now + 1)),
            )
            if len(frame):
                connection.append("observations", frame, by_name=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
