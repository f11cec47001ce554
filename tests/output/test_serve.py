"""The public folder as a browser, a harvester and a data reader meet it, over a real socket."""

import hashlib
import http.client
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import requests

from output.answers import FOR_EVER, SHORT
from output.publication.generation import publish
from output.publication.withdrawing import withdraw
from tests.output.publishing import ABOUT, OCCASION, income, organisations, published
from tests.servers.public import serving

CSV = "/latest/resultatrakning.csv"
PARQUET = "/latest/resultatrakning.parquet"
TIMEOUT = 10


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "public"
    publish({"resultatrakning": income(90, 110), "stickprov": organisations("Nämnden")}, folder, ABOUT, OCCASION)
    return folder


@pytest.fixture(scope="module")
def site(public: Path) -> Iterator[str]:
    with serving(public) as address:
        yield address


def _get(address: str, **headers: str) -> requests.Response:
    return requests.get(
        address, headers={name.replace("_", "-"): text for name, text in headers.items()}, timeout=TIMEOUT
    )


def _raw(site: str, path: str, method: str = "GET") -> http.client.HTTPResponse:
    """Ask for a path exactly as written; a client library would tidy it up first."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=TIMEOUT)
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        (CSV, "text/csv; charset=utf-8; header=present"),
        (PARQUET, "application/vnd.apache.parquet"),
        ("/latest/manifest.json", "application/json"),
        ("/catalog.rdf", "application/rdf+xml"),
        ("/catalog.ttl", "text/turtle; charset=utf-8"),
        ("/catalog.jsonld", "application/ld+json"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/latest/SHA256SUMS", "text/plain; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
    ],
)
def test_files_come_with_type_and_length(site: str, path: str, media_type: str) -> None:
    answer = _get(site + path)
    head = requests.head(site + path, timeout=TIMEOUT)
    assert answer.status_code == head.status_code == 200
    assert answer.headers["Content-Type"] == head.headers["Content-Type"] == media_type
    assert int(answer.headers["Content-Length"]) == int(head.headers["Content-Length"]) == len(answer.content)
    assert head.content == b""
    assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/releases/2026-11-25/resultatrakning.csv", FOR_EVER),
        ("/releases/2026-11-25/manifest.json", FOR_EVER),
        ("/releases/2026-11-25/SHA256SUMS", FOR_EVER),
        ("/releases/index.json", SHORT),
        ("/latest/resultatrakning.csv", SHORT),
        ("/catalog.rdf", SHORT),
        ("/utgavor/", SHORT),
    ],
)
def test_a_release_is_kept_for_ever_and_all_else_for_minutes(site: str, path: str, kept: str) -> None:
    whole = _get(site + path)
    part = _get(site + path, Range="bytes=0-3")
    known = _get(site + path, If_None_Match=whole.headers["ETag"])
    assert [answer.status_code for answer in (whole, part, known)] == [200, 206, 304]
    assert {answer.headers["Cache-Control"] for answer in (whole, part, known)} == {kept}


@pytest.mark.parametrize("path", ["/releases", "/releases/", "/releases/2026-11-25", "/releases/2026-11-25/"])
def test_who_looks_for_a_release_by_hand_is_shown_all_of_them(site: str, path: str) -> None:
    answer = _get(site + path)
    assert answer.url == f"{site}/utgavor/"
    assert "2026-11-25" in answer.text


def test_a_withdrawn_release_is_gone_and_its_page_says_why(tmp_path: Path) -> None:
    public = tmp_path / "public"
    published(public, 90)
    withdraw(public, "2026-11-25", "Fel siffra.", OCCASION.day)
    with serving(public) as site:
        gone = _get(f"{site}/releases/2026-11-25/resultatrakning.csv")
        assert (gone.status_code, "Cache-Control" in gone.headers) == (410, False)
        assert "återkallad" in gone.text
        for path in ("/releases/2026-11-25/", "/releases/2026-11-25", "/releases/2026-11-25/withdrawn.json"):
            answer = _get(site + path)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, SHORT)
            assert "Fel siffra." in answer.content.decode()
        assert _get(f"{site}/releases/2026-11-24/resultatrakning.csv").status_code == 404


def test_the_checksum_is_the_tag(site: str, public: Path) -> None:
    tag = _get(site + CSV).headers["ETag"]
    assert tag == f'"{hashlib.sha256((public / CSV[1:]).read_bytes()).hexdigest()}"'
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = _get(site + CSV, If_None_Match=known)
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert _get(site + CSV, If_None_Match='"other"').status_code == 200


def test_ranges(site: str, public: Path) -> None:
    whole = (public / PARQUET[1:]).read_bytes()
    for span, expected in (("0-3", whole[:4]), ("-4", whole[-4:]), ("10-", whole[10:])):
        answer = _get(site + PARQUET, Range=f"bytes={span}")
        assert (answer.status_code, answer.content) == (206, expected)
        assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")
    beyond = _get(site + PARQUET, Range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    other = _get(site + PARQUET, Range="rows=0-3")
    assert (other.status_code, other.content) == (200, whole)
    head = requests.head(site + PARQUET, headers={"Range": "bytes=0-3"}, timeout=TIMEOUT)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole)))
    stale = _get(site + PARQUET, Range="bytes=0-3", If_Range='"another generation"')
    assert (stale.status_code, stale.content) == (200, whole)


@pytest.mark.parametrize("path", ["/", CSV, "/saknas", "/latest/saknas.csv"])
def test_every_answer_is_open_to_pages_elsewhere_and_closed_to_scripts(site: str, path: str) -> None:
    for answer in (_get(site + path), _get(site + path, Origin="https://example.org", Range="bytes=999999999-")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Content-Range", "ETag"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_page_elsewhere_may_ask_for_ranges(site: str) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range",
    }
    answer = requests.options(site + PARQUET, headers=asked, timeout=TIMEOUT)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/latest/..%2f..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/latest/%00",
        "/.hidden",
        "/latest/.hidden",
        "/latest/out",
        "/latest/out/passwd",
        "/" + "a" * 5000,
    ],
)
def test_nothing_but_the_generation_is_shown(site: str, public: Path, path: str) -> None:
    latest = public.resolve() / "latest"
    (latest / ".hidden").write_text("hemligt")
    if not (latest / "out").is_symlink():
        (latest / "out").symlink_to("/etc")
    assert _raw(site, path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(site: str, method: str) -> None:
    answer = _raw(site, CSV, method)
    assert (answer.status, answer.getheader("Allow")) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/latest/", "/latest"])
def test_a_citizen_finds_the_files(site: str, path: str) -> None:
    page = _get(site + path).text
    assert '<html lang="sv">' in page
    assert "<h1>Öppna data</h1>" in page
    assert ABOUT.note in page
    assert '<a href="data/">' in page
    data = _get(f"{site}/data/").text
    assert '<a href="resultatrakning/">Resultaträkning</a>' in data
    for file in (CSV, PARQUET):
        assert f'<a href="..{file}">' in data
        assert _get(site + file).status_code == 200


def test_texts_never_become_markup(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\"'&"
    about = replace(ABOUT, publisher=hostile, note=hostile)
    publish({"resultatrakning": income(90)}, tmp_path / "public", about, OCCASION)
    with serving(tmp_path / "public") as site:
        page = _get(site).text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page


def test_what_is_missing_is_said_in_swedish(site: str, tmp_path: Path) -> None:
    answer = _get(f"{site}/saknas")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert "finns inte" in answer.text
    with serving(tmp_path / "public") as empty:
        assert _get(empty).status_code == 404
        published(tmp_path / "public", 90)
        assert _get(empty).status_code == 200


def test_a_page_of_the_generation_goes_before_the_list(tmp_path: Path) -> None:
    published(tmp_path / "public", 90)
    (tmp_path / "public" / "index.html").write_text("<p>Startsidan</p>")
    with serving(tmp_path / "public") as site:
        assert _get(site).text == "<p>Startsidan</p>"


def test_polars_reads_one_column_over_http(site: str) -> None:
    read = pl.scan_parquet(site + PARQUET).select("utfall_tkr").collect(engine="in-memory")
    assert read["utfall_tkr"].to_list() == [90, 110]


def test_a_request_keeps_its_generation_while_the_link_is_switched(tmp_path: Path) -> None:
    public = tmp_path / "public"
    published(public, 1)
    # More than a socket holds, so that the answer is still on its way when its generation is swept away.
    whole = random.Random(0).randbytes(32 << 20)  # noqa: S311 - any bytes will do
    (public / "latest" / "stor.parquet").write_bytes(whole)
    address = "/latest/stor.parquet"
    with serving(public) as site, requests.get(site + address, stream=True, timeout=TIMEOUT) as answer:
        parts = answer.iter_content(64 * 1024)
        received = [next(parts)]
        for outcome in (2, 3, 4):
            published(public, outcome)
        assert _get(site + address).status_code == 404
        received.extend(parts)
        assert hashlib.sha256(b"".join(received)).digest() == hashlib.sha256(whole).digest()
