"""The server that all contenders load from, in a process of its own.

    python -m tests.benchmarks.rivals.serving FOLDER VALUES PAGE

Here belong the pages, written once before anything is measured, and their finding: by the path that
names the ids, or by the same ids as a query, which koladapy asks with. What the values are belongs in
``load_country``. Prints its address and what it has, then serves for ever.
"""

import json
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from tests.benchmarks.load_country import UNITS, asked, body, kpis

BASE: Final = "/v3"
VALUES_A_KPI: Final = 1640
"""About how many values ``load_country`` makes of a KPI."""


class Part(NamedTuple):
    """The records of a page: the file that holds them, and how many they are."""

    file: Path
    records: int


Pages = dict[str, list[Part]]


def prepare(folder: Path, values: int, size: int) -> tuple[Pages, int, float]:
    """Write the pages of all answers below a folder; find them by path, with the count and the sum of their values."""
    count = -(-values // VALUES_A_KPI)
    lists = {
        "/kpi": [{"id": kpi, "title": f"Nyckeltal {kpi}"} for kpi in kpis(count)],
        "/municipality": [{"id": unit, "title": f"Kommun {unit}", "type": "K"} for unit in UNITS],
    }
    pages = {path: paged(folder, path[1:], records, size) for path, records in lists.items()}
    told, total = 0, 0.0
    for number, request in enumerate(asked(count)):
        records = json.loads(body(request.path))["values"]
        values_told = [each["value"] for record in records for each in record["values"]]
        told += len(values_told)
        total += sum(value for value in values_told if value is not None)
        pages[request.path] = paged(folder, str(number), records, size)
    return pages, told, total


def paged(folder: Path, name: str, records: list[dict[str, Any]], size: int) -> list[Part]:
    """Records as pages of at most this size; an answer without records is one page too."""
    parts = []
    for start in range(0, max(len(records), 1), size):
        part = Part(folder / f"{name}_{start}.json", len(records[start : start + size]))
        part.file.write_text(json.dumps(records[start : start + size], separators=(",", ":")), encoding="utf-8")
        parts.append(part)
    return parts


class Handler(BaseHTTPRequestHandler):
    """Gives the pages."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def __init__(self, pages: Pages, *words: Any) -> None:
        """Give these."""
        self.pages = pages
        super().__init__(*words)

    def do_GET(self) -> None:
        """Give a page, with the address of the next."""
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        path = unquote(address.path).removeprefix(BASE)
        if path.strip("/") == "data":
            path = "/data/" + "/".join(
                f"{name}/{','.join(query.get(given, []))}"
                for name, given in (("kpi", "kpi_id"), ("municipality", "municipality_id"), ("year", "year"))
            )
        parts, number = self.pages.get(path, []), int(query.get("page", ["1"])[0])
        if not 1 <= number <= len(parts):
            self.send_error(404)
            return
        following = f"http://{self.headers['Host']}{BASE}{path}?page={number + 1}&per_page=5000"
        part = parts[number - 1]
        start = {"count": part.records, "next_url": following if number < len(parts) else None, "previous_url": None}
        answer = json.dumps(start)[:-1].encode() + b',"values":' + part.file.read_bytes() + b"}"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keep quiet."""


def main(folder: str, values: str, size: str) -> None:
    """Prepare, say so, serve."""
    pages, told, total = prepare(Path(folder), int(values), int(size))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, pages))
    found = {
        "address": f"http://127.0.0.1:{server.server_address[1]}{BASE}",
        "values": told,
        "sum": total,
        "pages": sum(len(parts) for parts in pages.values()),
    }
    print(json.dumps(found), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
