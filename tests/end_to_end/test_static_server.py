"""nginx, started on the configuration that a deployment writes, answers as ``etappmal serve`` does."""

import hashlib
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from output.publication.withdrawing import withdraw
from tests.end_to_end.place import Place
from tests.end_to_end.serving import served
from tests.output.publishing import OCCASION, published

NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

AROUND: Final = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/deployment/nginx/etappmal.conf;
}}
"""
"""What a machine's own configuration says around ours."""

TIMEOUT: Final = 30
CSV: Final = "/latest/resultatrakning.csv"
OLD_CSV: Final = "/releases/2026-11-25.2/resultatrakning.csv"
GONE: Final = "/releases/2026-11-25/resultatrakning.csv"

SAME: Final = (
    "Accept-Ranges",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Allow",
    "Cache-Control",
    "Content-Length",
    "Content-Range",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "Last-Modified",
    "Location",
    "Referrer-Policy",
    "X-Content-Type-Options",
)
"""What both servers say of an answer in the same words."""


@dataclass(frozen=True)
class Both:
    """The two servers of one public folder, by their addresses."""

    public: Path
    ours: str
    nginx: str


@contextmanager
def nginx(place: Place) -> Iterator[str]:
    """Start nginx on what ``etappmal deploy`` writes for a place, and say at which address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    folder = place.folder
    ended = place.run("deploy", str(folder / "deployment"), "--listen", address)
    assert ended.status == 0, ended.err
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder), encoding="utf-8")
    words = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until and process.poll() is None:
            try:
                requests.head(f"http://{address}/", timeout=TIMEOUT)
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=TIMEOUT)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A public folder with a release that stands and one that is withdrawn, shown by both servers."""
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    place = Place(tmp_path_factory.mktemp("site"))
    published(place.public, 90)
    published(place.public, 95)
    withdraw(place.public, "2026-11-25", "Fel siffra.", OCCASION.day)
    latest = place.public.resolve() / "latest"
    (latest / ".hidden").write_text("hemligt")
    (latest / "out").symlink_to("/etc")
    with served(place.public) as port, nginx(place) as address:
        yield Both(place.public, f"http://127.0.0.1:{port}", address)


def asked(server: str, path: str, method: str = "GET", **headers: str) -> requests.Response:
    """Ask for an address exactly as it is written, and follow nothing."""
    request = requests.Request(method, server, headers=headers).prepare()
    request.url = server + path
    with requests.Session() as session:
        return session.send(request, allow_redirects=False, timeout=TIMEOUT)


def said(answer: requests.Response) -> dict[str, Any]:
    """What an answer says that must not depend on the server."""
    headers = {name: answer.headers[name] for name in SAME if name in answer.headers}
    return {"status": answer.status_code, "body": answer.content, **headers}


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/utgavor/",
        CSV,
        "/latest/resultatrakning.excel.csv",
        "/latest/resultatrakning.parquet",
        "/latest/resultatrakning.csv-metadata.json",
        "/latest/etappmal.xlsx",
        "/latest/etappmal.zip",
        "/latest/SHA256SUMS",
        "/latest/manifest.json",
        OLD_CSV,
        "/releases/2026-11-25.2/SHA256SUMS",
        "/releases/index.json",
        "/releases/2026-11-25/",
        "/releases/2026-11-25/withdrawn.json",
        "/catalog.rdf",
        "/catalog.ttl",
        "/catalog.jsonld",
        "/feed.atom",
        "/sitemap.xml",
        "/assets/style.css",
        "/assets/inter.woff2",
        "/assets/icon.svg",
        "/assets/inter-license.txt",
    ],
)
def test_a_file_comes_the_same_from_both(both: Both, path: str, method: str) -> None:
    ours, theirs = (asked(server, path, method) for server in (both.ours, both.nginx))
    assert said(theirs) == said(ours)
    assert ours.status_code == 200
    assert ours.headers["ETag"]
    assert theirs.headers["ETag"]
    assert "Content-Encoding" not in theirs.headers


@pytest.mark.slow
@pytest.mark.parametrize("path", [CSV, OLD_CSV])
@pytest.mark.parametrize("span", ["0-3", "-4", "10-", "999999999-"])
def test_a_part_of_a_file_comes_the_same_from_both(both: Both, path: str, span: str) -> None:
    ours, theirs = (asked(server, path, Range=f"bytes={span}") for server in (both.ours, both.nginx))
    assert ours.status_code == (416 if span.startswith("9") else 206)
    if ours.status_code == 206:
        # A part says by itself that parts can be had; nginx leaves it at that.
        assert {"Accept-Ranges": "bytes", **said(theirs)} == said(ours)
    else:
        assert (theirs.status_code, theirs.headers["Content-Range"]) == (416, ours.headers["Content-Range"])


@pytest.mark.slow
@pytest.mark.parametrize("path", [CSV, OLD_CSV, "/", "/catalog.rdf"])
def test_what_is_known_is_not_sent_again(both: Both, path: str) -> None:
    for server in (both.ours, both.nginx):
        whole = asked(server, path)
        known = asked(server, path, **{"If-None-Match": whole.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["Cache-Control"] == whole.headers["Cache-Control"]
        stale = asked(server, path, Range="bytes=0-3", **{"If-Range": '"another"'})
        assert (stale.status_code, stale.content) == (200, whole.content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/saknas", 404),
        ("/latest/saknas.csv", 404),
        ("/releases/2026-11-24/resultatrakning.csv", 404),
        ("/releases/2026-11-24/", 404),
        (GONE, 410),
        ("/.hidden", 404),
        ("/latest/.hidden", 404),
        ("/latest/out", 404),
        ("/latest/out/passwd", 404),
        ("//etc/passwd", 404),
        ("/latest", 303),
        ("/latest/", 303),
        ("/releases/", 303),
        ("/releases/2026-11-25.2/", 303),
    ],
)
def test_what_is_not_there_is_told_the_same_by_both(both: Both, path: str, status: int) -> None:
    ours, theirs = (said(asked(server, path)) for server in (both.ours, both.nginx))
    assert theirs["status"] == ours["status"] == status
    if status == 303:
        # nginx writes a page around the way.
        for answer in (ours, theirs):
            for name in ("body", "Content-Length", "Content-Type"):
                answer.pop(name, None)
    assert theirs == ours


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/latest/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/latest/%00",
        "/" + "a" * 5000,
    ],
)
def test_neither_leads_out_of_the_generation(both: Both, path: str) -> None:
    for server in (both.ours, both.nginx):
        answer = asked(server, path)
        assert answer.status_code in {400, 404}
        assert b"root:" not in answer.content


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written_to_either(both: Both, method: str) -> None:
    ours, theirs = (said(asked(server, CSV, method)) for server in (both.ours, both.nginx))
    assert ours["status"] == 405
    assert theirs == ours


@pytest.mark.slow
def test_a_page_elsewhere_may_ask_both_for_ranges(both: Both) -> None:
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    for server in (both.ours, both.nginx):
        answer = asked(server, CSV, "OPTIONS", **asks, **{"Access-Control-Request-Headers": "range"})
        assert answer.ok
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert {"Range", "If-Range", "If-None-Match"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))


@pytest.mark.slow
def test_both_show_the_next_publication_at_once_and_end_what_they_began(both: Both) -> None:
    """The link is switched while an answer is on its way, and what it is from is swept away."""
    whole = random.Random(0).randbytes(32 << 20)  # noqa: S311 - any bytes will do
    for number, server in enumerate((both.ours, both.nginx)):
        (both.public / "latest" / "stor.parquet").write_bytes(whole)
        with requests.get(f"{server}/latest/stor.parquet", stream=True, timeout=TIMEOUT) as answer:
            parts = answer.iter_content(64 * 1024)
            received = [next(parts)]
            for outcome in (10, 20, 30):
                published(both.public, outcome + number)
                assert asked(server, CSV).content == (both.public / CSV[1:]).read_bytes()
            received.extend(parts)
        assert hashlib.sha256(b"".join(received)).digest() == hashlib.sha256(whole).digest()
        assert asked(server, "/latest/stor.parquet").status_code == 404


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("--listen", "80; include /etc/x"), "--listen is", id="more than a port"),
        pytest.param(("--base-url", "https://a;b.se"), "names no host", id="a host that is none"),
        pytest.param(("--public", "/srv/$x/public"), "nginx takes no", id="a path with a variable"),
    ],
)
def test_what_cannot_stand_in_the_configuration_is_refused(place: Place, words: tuple[str, ...], told: str) -> None:
    ended = place.run("deploy", str(place.folder / "deployment"), *words)
    assert ended.status == 2
    assert told in ended.err
    assert not (place.folder / "deployment").exists()
