"""The summary of a run: the last one and the last success, readable at any time."""

from pathlib import Path

import pytest

from pipelines.runs.summary import State, Summary, finish, read


def ended(path: Path, run_id: str, state: State) -> None:
    """A run that ended so."""
    finish(path, Summary(run_id=run_id, source="snapshot", public="ut", state=state, goals=[{"namndmål": "Öka"}]))


def states(path: Path) -> tuple[str, str | None]:
    """The runs that the file names: the last, and the last success."""
    found = read(path)
    assert found is not None
    success = found["last_success"]
    return found["last"]["run_id"], success and success["run_id"]


def test_before_any_run_there_is_no_summary(tmp_path: Path) -> None:
    assert read(tmp_path / "last_run.json") is None


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([("1", "published")], ("1", "1"), id="a success"),
        pytest.param([("1", "unchanged")], ("1", "1"), id="nothing had changed"),
        pytest.param([("1", "failed")], ("1", None), id="a failure"),
        pytest.param([("1", "published"), ("2", "failed")], ("2", "1"), id="a failure keeps the success before"),
        pytest.param([("1", "published"), ("2", "failed"), ("3", "failed")], ("3", "1"), id="two failures"),
        pytest.param([("1", "published"), ("2", "failed"), ("3", "published")], ("3", "3"), id="a success again"),
        pytest.param([("1", "published"), ("2", "dry run")], ("2", "1"), id="a dry run has published nothing"),
    ],
)
def test_the_last_run_and_the_last_success(
    tmp_path: Path, runs: list[tuple[str, State]], expected: tuple[str, str | None]
) -> None:
    path = tmp_path / "made" / "last_run.json"
    for run_id, state in runs:
        ended(path, run_id, state)
    assert states(path) == expected
    assert [each.name for each in path.parent.iterdir()] == ["last_run.json"]


def test_a_run_that_says_nothing_has_failed(tmp_path: Path) -> None:
    summary = Summary(run_id="1", source="live", public="ut")
    assert summary.ended is None
    finish(tmp_path / "s.json", summary)
    found = read(tmp_path / "s.json")
    assert found is not None
    assert found["last"]["state"] == "failed"
    assert found["last"]["started"] <= found["last"]["ended"]


@pytest.mark.parametrize(
    "damage",
    [pytest.param(b"", id="empty"), pytest.param(b'{"last":', id="cut off"), pytest.param(b"\xff", id="bytes")],
)
def test_a_damaged_summary_is_none_and_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "last_run.json"
    path.write_bytes(damage)
    assert read(path) is None
    ended(path, "1", "published")
    assert states(path) == ("1", "1")


def test_anyone_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "last_run.json"
    ended(path, "1", "published")
    assert path.stat().st_mode & 0o777 == 0o644
    assert "Öka" in path.read_text(encoding="utf-8")
