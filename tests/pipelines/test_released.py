"""The release that a run is held against: what was public when it began, also when it is made again."""

from datetime import datetime
from pathlib import Path
from typing import Final

from contracts import contract
from output.publication.generation import publish
from output.publication.planning import Occasion
from pipelines.runs.manifests import find
from pipelines.runs.run import Again, Run, open_run
from pipelines.settings import Settings
from pipelines.storage.released import kept, standing
from sources.archive import Archive
from sources.transport import Replay
from tests.output.publishing import ABOUT, OCCASION, income
from tests.sources.plans import PLAN, written

LINES: Final = contract("resultatrakning")


def settings(tmp_path: Path) -> Settings:
    """A home, a public folder and a small plan."""
    folder = tmp_path / "plan"
    folder.mkdir()
    written(folder, PLAN)
    names = {"HOME": "home", "PUBLIC": "public", "PLAN": "plan"}
    return Settings.read({f"ETAPPMAL_{name}": str(tmp_path / value) for name, value in names.items()})


def released(public: Path, *outcomes: int, day: int) -> None:
    """Publish an income statement."""
    when = Occasion(day=OCCASION.day.replace(day=day), home=OCCASION.home)
    publish({"resultatrakning": income(*outcomes)}, public, ABOUT, when)


def told(run: Run, *outcomes: int) -> list[str]:
    """The rules that a statement breaks against the release that the run is held against."""
    rows = income(*outcomes).select(list(LINES.polars_schema))
    return [breach.rule for breach in run.check(rows, LINES).breaches if breach.rule.endswith("storlek")]


def test_a_run_that_is_made_again_is_held_against_what_was_public_then(tmp_path: Path) -> None:
    own = settings(tmp_path)
    released(own.public, 100, day=1)
    with open_run(own, "first", "test") as run:
        assert told(run, 1000)
    manifest = find(own.runs, "first")
    released(own.public, 1000, day=2)
    now = standing(own.public)
    assert now is not None
    assert now.content_sha256 != manifest.against
    with open_run(own, "second", "test") as run:
        assert told(run, 1000) == []
    again = Again(
        Replay(Archive(tmp_path / "empty")),
        datetime(2026, 11, 1),  # noqa: DTZ001 - the warehouse keeps UTC without a zone
        lambda _request, answer: answer,
        kept(own.public, manifest.against),
    )
    elsewhere = own.elsewhere(tmp_path / "again", tmp_path / "nothing")
    with open_run(elsewhere, "first", "replay", again) as run:
        assert told(run, 1000)


def test_a_release_that_is_no_longer_kept_is_held_against_nothing(tmp_path: Path) -> None:
    own = settings(tmp_path)
    assert standing(own.public) is None
    assert kept(own.public, None) is None
    released(own.public, 100, day=1)
    assert kept(own.public, "0" * 64) is None
    assert kept(own.public, None) is None
