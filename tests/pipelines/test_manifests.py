"""Run manifests: what is written is read, in the order of time; a damaged one is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.runs.manifests import Input, Manifest, RunState, UnknownRunError, find, listed, manifests, settle, write

FIRST = Manifest(
    run_id="b1",
    started="2026-03-01T01:15:00+00:00",
    source="live",
    kommun_id="0126",
    rapport="2023-helar",
    state="published",
    ended="2026-03-01T01:16:00+00:00",
    content_sha256="0123456789abcdef" * 4,
    inputs=(Input("plan", "plan GET /plan.toml", "11"), Input("answer", "kolada GET /municipality", "22")),
)
SECOND = Manifest(
    "a2", "2026-03-02T01:15:00+00:00", "live", "0126", "2023-helar", "failed", "2026-03-02T01:15:09+00:00"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for manifest in (SECOND, FIRST):
        write(tmp_path, manifest)
    return tmp_path


def test_what_is_written_is_read_the_oldest_first(folder: Path) -> None:
    assert list(manifests(folder)) == [FIRST, SECOND]
    assert FIRST.pinned("answer") == {"kolada GET /municipality": "22"}


def test_a_run_is_found_by_the_beginning_of_its_id(folder: Path) -> None:
    assert find(folder, "a") == SECOND
    with pytest.raises(UnknownRunError, match="no runs begin with 'x'"):
        find(folder, "x")
    with pytest.raises(UnknownRunError, match="2 runs begin with ''"):
        find(folder, "")


def test_the_list_begins_with_the_newest(folder: Path) -> None:
    assert [(run["run_id"], run["release"]) for run in listed(folder)] == [("a2", ""), ("b1", "0123456789abcdef")]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run_id": "c3"}'])
def test_a_damaged_manifest_is_named(folder: Path, text: str) -> None:
    (folder / "20260303T011500.000000_c3.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnknownRunError, match=r"_c3\.json cannot be read"):
        list(manifests(folder))


@pytest.mark.parametrize("state", ["begun", "failed", "published"])
def test_only_a_last_run_that_was_at_work_was_broken_off(folder: Path, state: RunState) -> None:
    write(folder, replace(SECOND, state=state))
    settle(folder, lambda run_id: {f"of {run_id}"})
    first, last = manifests(folder)
    assert first == FIRST
    broken = replace(SECOND, state="broken off", remembered=("of a2",))
    assert last == (broken if state == "begun" else replace(SECOND, state=state))


def test_a_damaged_manifest_and_no_manifest_are_not_settled(folder: Path, tmp_path: Path) -> None:
    settle(tmp_path / "none", lambda _: ())
    damaged = max(folder.glob("*.json"))
    damaged.write_text("{", encoding="utf-8")
    settle(folder, lambda _: ())
    assert damaged.read_text(encoding="utf-8") == "{"
