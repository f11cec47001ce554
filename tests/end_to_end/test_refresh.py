"""A refresh of the shipped example, and the commands that look at what it left."""

import csv
import hashlib
import http.client
import json
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from contracts import contracts
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import Place, rewrite
from tests.end_to_end.serving import served

ROWS = {
    "antal_anstallda": 2,
    "budgetram": 8,
    "driftsredovisning": 15,
    "indikatorer": 22,
    "malbedomning": 9,
    "resultatrakning": 13,
    "samlad_bedomning": 1,
    "textuppgifter": 202,
    "uppdrag": 24,
}


def test_it_ends_well_and_says_what_it_is_doing(example: Refreshed) -> None:
    assert example.ended.status == 0, example.ended.err
    steps = re.findall(r"^ +(\d+)  (\w+)", example.ended.err, flags=re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    done = [name for _, name in steps]
    assert {declared.name for layer in ("core", "open") for declared in contracts(layer)} - {
        "kolada_hela_landet"
    } <= set(done)
    assert done[-1] == "publication"
    assert re.search(r"^ +\d+  uppdrag  24 rows$", example.ended.err, flags=re.MULTILINE)
    assert "Traceback" not in example.ended.err
    assert "dagster" not in example.ended.err.lower()


def test_it_uses_no_network(example: Refreshed) -> None:
    assert example.network, "the watch was not loaded"
    assert [line for line in example.network if not line.startswith("watching")] == []


@pytest.mark.parametrize(
    ("goal", "computed", "decided", "agree"),
    [
        ("Öka trygghet och delaktighet", "Ej uppfyllt", "Delvis uppfyllt", "no"),
        ("Goda och hållbara livsmiljöer", "Delvis uppfyllt", "I mycket hög grad uppfyllt", "no"),
        (
            "Biologisk mångfald värnas i den fysiska planeringen",
            "I mycket hög grad uppfyllt",
            "I mycket hög grad uppfyllt",
            "yes",
        ),
        ("Huddinge kommun är en attraktiv arbetsgivare", "I hög grad uppfyllt", "I hög grad uppfyllt", "yes"),
        ("The report as a whole", "Delvis uppfyllt", "Delvis uppfyllt", "yes"),
    ],
)
def test_the_table_at_the_end_has_both_grades(
    goal: str, computed: str, decided: str, agree: str, example: Refreshed
) -> None:
    (line,) = [line for line in example.ended.out.splitlines() if line.strip().startswith(goal)]
    assert re.split(r" {2,}", line.strip()) == [goal, computed, decided, agree]


def test_the_table_at_the_end_counts_and_points(example: Refreshed) -> None:
    out = example.ended.out
    assert "Indicators: 5 reached, 4 tie, 13 not reached, 0 not assessable" in out
    assert "Rows in quarantine: 0" in out
    assert str(example.place.latest) in out
    rows = dict(re.findall(r"(\w+) +(\d+) +added", out))
    assert {name: int(rows[name]) for name in ROWS} == ROWS
    published = {path.stem: pl.read_parquet(path).height for path in example.place.latest.glob("*.parquet")}
    assert {name: int(count) for name, count in rows.items()} == published


def test_checksums_and_manifest_hold(example: Refreshed) -> None:
    latest = example.place.latest
    lines = [line.split("  ", 1) for line in (latest / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    sums = {name: sha256 for sha256, name in lines}
    assert set(sums) == {path.name for path in latest.iterdir()} - {"SHA256SUMS"}
    for name, sha256 in sums.items():
        assert hashlib.sha256((latest / name).read_bytes()).hexdigest() == sha256
    manifest = json.loads((latest / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        path = latest / entry["path"]
        assert (entry["bytes"], entry["sha256"]) == (path.stat().st_size, sums[path.name])
    assert {entry["path"] for entry in manifest["files"]} == set(sums) - {"manifest.json"}
    assert {entry["dataset"]: entry["rows"] for entry in manifest["datasets"]}.items() >= ROWS.items()
    assert "exempel" in json.dumps(manifest, ensure_ascii=False)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on this machine")
def test_a_reader_can_check_with_sha256sum(example: Refreshed) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=example.place.latest, check=True)  # noqa: S607 - the reader's own


def test_csv_is_utf_8_with_commas_and_crlf_and_says_what_parquet_says(example: Refreshed) -> None:
    for parquet in sorted(example.place.latest.glob("*.parquet")):
        text = parquet.with_suffix(".csv").read_bytes().decode("utf-8")
        assert not text.startswith("\N{BYTE ORDER MARK}")
        assert text.endswith("\r\n")
        assert text.count("\n") == text.count("\r\n")
        header, *rows = csv.reader(text.splitlines())
        frame = pl.read_parquet(parquet)
        assert (header, len(rows)) == (frame.columns, frame.height)
        assert {len(row) for row in rows} <= {len(header)}


def test_the_same_again_changes_nothing(refreshed: Place) -> None:
    before = refreshed.seen()
    ended = refreshed.run("refresh")
    assert ended.status == 0, ended.err
    assert "2023-helar unchanged" in ended.out
    assert " added" not in ended.out
    assert refreshed.seen() == before


def test_a_dry_run_shows_the_difference_and_publishes_nothing(refreshed: Place) -> None:
    before = refreshed.seen()
    rewrite(refreshed.edit_plan() / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")
    ended = refreshed.run("refresh", "--dry-run")
    assert ended.status == 0, ended.err
    # The control of figures says of the changed figure what it is.
    assert set(re.findall(r"(\w+) +\d+ +changed\b", ended.out)) == {"antal_anstallda", "siffergranskning"}
    assert re.search(r"^Changes since release \d{4}-\d\d-\d\d:$", ended.out, flags=re.MULTILINE)
    assert "  antal_anstallda: 1 revised rows" in ended.out
    assert re.search(r"^    revised .*: varde 420 → 421", ended.out, flags=re.MULTILINE)
    assert "2023-helar dry run" in ended.out
    assert refreshed.seen() == before


def test_a_status_that_would_flip_is_shown_first_and_why(refreshed: Place) -> None:
    rewrite(refreshed.edit_plan() / "plan.toml", 'operator = ">", value = 15 }', 'operator = ">=", value = 15 }')
    ended = refreshed.run("refresh", "--dry-run")
    assert ended.status == 0, ended.err
    _, changes = ended.out.split("Changes since release", 1)
    first = [line.strip() for line in changes.splitlines()[1:4]]
    indicator = "Hyresrätter i Huddinge exklusive Vårby, Flemingsberg och Västra Skogås"
    assert f"{indicator}: gransfall → uppnatt (etappmal_status). The milestone was changed." in first
    grades = "Delvis uppfyllt → I hög grad uppfyllt (beraknad_maluppfyllelse)"
    assert f"Goda och hållbara livsmiljöer: {grades}. The milestone was changed." in first


def test_status_prints_the_last_table_and_needs_no_lock(example: Refreshed) -> None:
    ended = example.place.run("status")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == example.ended.out


def test_status_as_json(example: Refreshed) -> None:
    found = json.loads(example.place.run("status", "--json").out)
    assert found["last"] == found["last_success"]
    assert found["last"]["state"] == "published"
    assert found["last"]["indicators"] == {"uppnatt": 5, "ej_uppnatt": 13, "gransfall": 4, "kan_ej_bedomas": 0}
    assert {one["dataset"]: one["rows"] for one in found["last"]["datasets"]}.items() >= ROWS.items()


def test_status_of_an_old_success_fails(example: Refreshed, place: Place) -> None:
    assert example.place.run("status", "--max-age", "1d").status == 0
    found = json.loads((example.place.home / "snapshot" / "last_run.json").read_text(encoding="utf-8"))
    found["last_success"]["ended"] = (datetime.now(UTC) - timedelta(hours=27)).isoformat(timespec="seconds")
    (place.home / "snapshot").mkdir(parents=True)
    (place.home / "snapshot" / "last_run.json").write_text(json.dumps(found), encoding="utf-8")
    assert place.run("status", "--max-age", "28h").status == 0
    ended = place.run("status", "--max-age", "26h")
    assert ended.status == 1
    assert "more than 26h ago" in ended.err
    assert place.run("status", "--max-age", "a day").status == 2


def test_commands_before_the_first_refresh_say_so(place: Place) -> None:
    for words in (["status"], ["serve"]):
        ended = place.run(*words)
        assert ended.status == 1
        assert "etappmal refresh" in ended.err


def test_verify_names_a_file_that_is_not_as_published(refreshed: Place) -> None:
    ended = refreshed.run("verify")
    assert (ended.status, ended.err) == (0, "")
    damaged = refreshed.latest / "uppdrag.csv"
    damaged.chmod(0o644)
    rewrite(damaged, "klart", "KLART")
    ended = refreshed.run("verify")
    assert ended.status == 1
    assert "uppdrag.csv" in ended.err


def test_serve_answers_a_part_of_a_file(example: Refreshed) -> None:
    whole = (example.place.latest / "jamforelser.parquet").read_bytes()
    with served(example.place.public) as port, closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/latest/jamforelser.parquet", headers={"Range": "bytes=4-11"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Range")) == (206, f"bytes 4-11/{len(whole)}")
        assert answer.read() == whole[4:12]
        connection.request("GET", "/latest/manifest.json")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Type")) == (200, "application/json")
        assert answer.read() == (example.place.latest / "manifest.json").read_bytes()
