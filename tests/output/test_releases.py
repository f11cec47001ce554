"""Releases: made when content changed, never changed afterwards, kept as long as settings say."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from output.errors import PublicationError
from output.publication.generation import publish, verify
from output.publication.planning import Publication
from output.publication.releases import Index, Retention, read_index
from output.publication.withdrawing import withdraw
from output.site import ReleaseState
from tests.output.publishing import ABOUT, OCCASION, income, organisations

DAY = OCCASION.day


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


def _publish(
    public: Path, *outcomes: int, days: int = 0, home: str = "ett hem", retention: Retention | None = None
) -> Publication:
    occasion = replace(
        OCCASION, day=DAY + dt.timedelta(days=days), home=home, retention=retention or OCCASION.retention
    )
    tables = {"resultatrakning": income(*outcomes), "stickprov": organisations("Nämnden")}
    return publish(tables, public, ABOUT, occasion)


def _index(public: Path) -> Index:
    index = read_index(public)
    assert index
    return index


def _told(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_release_is_made_only_when_content_changed(public: Path) -> None:
    made = [_publish(public, outcome, days=day).release for day, outcome in enumerate((90, 90, 95, 95, 90))]
    assert made == ["2026-11-25", None, "2026-11-27", None, "2026-11-29"]
    assert [entry.id for entry in _index(public).releases] == ["2026-11-29", "2026-11-27", "2026-11-25"]
    assert verify(public) == []


def test_releases_of_one_day_are_numbered(public: Path) -> None:
    assert [_publish(public, n).release for n in (1, 2, 3)] == ["2026-11-25", "2026-11-25.2", "2026-11-25.3"]


def test_the_name_of_a_release_that_is_no_longer_kept_is_not_given_again(public: Path) -> None:
    one = Retention(releases=1)
    assert [_publish(public, n, retention=one).release for n in (1, 2, 3)][1:] == ["2026-11-25.2", "2026-11-25.3"]


def test_a_release_stays_as_it_was_made_and_costs_what_is_new_in_it(public: Path) -> None:
    _publish(public, 90)
    first = _told(public / "releases/2026-11-25")
    _publish(public, 95, days=1)
    assert _told(public / "releases/2026-11-25") == first
    assert (public / "releases/2026-11-25/resultatrakning.csv").read_bytes() != (
        public / "releases/2026-11-26/resultatrakning.csv"
    ).read_bytes()
    one, other, latest = (
        (public / folder / "stickprov.csv").stat().st_ino
        for folder in ("releases/2026-11-25", "releases/2026-11-26", "latest")
    )
    assert one == other == latest


def test_latest_does_not_tell_when_it_was_made(tmp_path: Path) -> None:
    _publish(tmp_path / "a", 90)
    _publish(tmp_path / "b", 95)
    _publish(tmp_path / "b", 90, days=4)
    one, other = ((tmp_path / name / "latest/SHA256SUMS").read_bytes() for name in "ab")
    assert one == other


@pytest.mark.parametrize(
    ("retention", "kept"),
    [
        (Retention(releases=2, days=100), ["2026-11-28", "2026-11-27"]),
        (Retention(releases=9, days=2), ["2026-11-28", "2026-11-27", "2026-11-26"]),
        (Retention(releases=1, days=1), ["2026-11-28"]),
    ],
)
def test_releases_are_kept_as_long_as_settings_say(public: Path, retention: Retention, kept: list[str]) -> None:
    for day in range(4):
        _publish(public, day, days=day, retention=retention)
    assert [entry.id for entry in _index(public).releases] == kept
    assert sorted(path.name for path in (public / "releases").iterdir() if path.is_dir()) == sorted(kept)
    assert verify(public) == []


def test_a_difference_is_made_within_one_home(public: Path) -> None:
    against = []
    for day, (outcome, home) in enumerate([(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "a")]):
        difference = _publish(public, outcome, days=day, home=home).difference
        assert difference
        against.append(difference.against)
    assert against == [None, "2026-11-25", None, "2026-11-27", "2026-11-26"]


def test_the_damaged_newest_release_is_made_again_as_it_was(public: Path) -> None:
    _publish(public, 90)
    _publish(public, 95, days=1)
    release = public / "releases/2026-11-26"
    before = {name: content for name, (content, _) in _told(release).items()}
    for name in ("difference.json", "resultatrakning.csv"):
        (release / name).write_text("skadad")
    assert len(verify(public)) == 3
    again = _publish(public, 95, days=2)
    assert (again.changed, again.release) == (True, None)
    assert {name: content for name, (content, _) in _told(release).items()} == before
    assert verify(public) == []


def test_an_older_release_that_is_damaged_is_named_and_what_readers_see_stays(public: Path) -> None:
    _publish(public, 90)
    _publish(public, 95, days=1)
    (public / "releases/2026-11-25/resultatrakning.csv").write_text("skadad")
    before = public.resolve()
    with pytest.raises(PublicationError, match=r"releases/2026-11-25: .*etappmal withdraw 2026-11-25"):
        _publish(public, 99, days=2)
    assert public.resolve() == before


@pytest.mark.parametrize("lost", ["resultatrakning.parquet", "manifest.json"])
def test_a_difference_that_cannot_be_told_is_no_release(public: Path, lost: str) -> None:
    """The last release is damaged where the difference has to read it."""
    _publish(public, 90)
    (public / "releases/2026-11-25" / lost).write_bytes(b"PAR1")
    before = public.resolve(), _told(public)
    with pytest.raises(PublicationError, match="what changed since release 2026-11-25 cannot be told: "):
        _publish(public, 95, days=1)
    assert (public.resolve(), _told(public)) == before


def test_what_changed_stands_in_the_release(public: Path) -> None:
    _publish(public, 90)
    _publish(public, 95, 80, days=1)
    told = json.loads((public / "releases/2026-11-26/difference.json").read_text())
    (table,) = told["tables"]
    assert (told["against"], table["dataset"], table["new_rows"], table["revised_rows"]) == (
        "2026-11-25",
        "resultatrakning",
        1,
        1,
    )
    (newest, _) = _index(public).releases
    assert (newest.state, newest.summary["sv"]) == (ReleaseState.PUBLISHED, "1 rad reviderad, 1 ny rad.")


@pytest.mark.parametrize(
    ("release", "why", "told"),
    [
        pytest.param("../..", "Fel siffra.", "there is no such release. Releases that stand: 2026-11-25", id="a path"),
        pytest.param("2026-11-25", " \n", "the reason: it is empty", id="an empty reason"),
        pytest.param("2026-11-25", "Fel\x1b[2J.", r"the reason: it holds U\+001B", id="a control character"),
        pytest.param("2026-11-25", "Se 19121212-1212.", "the reason: it holds a personal identity", id="personal data"),
    ],
)
def test_what_cannot_be_taken_back(public: Path, release: str, why: str, told: str) -> None:
    _publish(public, 90)
    before = public.resolve()
    with pytest.raises(PublicationError, match=told):
        withdraw(public, release, why, DAY)
    assert public.resolve() == before


def test_what_is_taken_back_is_not_taken_back_again(public: Path) -> None:
    _publish(public, 90)
    withdraw(public, "2026-11-25", "Fel siffra,\nsom syntes.", DAY)
    assert _index(public).releases[0].why == "Fel siffra, som syntes."
    with pytest.raises(PublicationError, match="it was withdrawn already, on 2026-11-25"):
        withdraw(public, "2026-11-25", "Igen.", DAY)


def test_a_withdrawn_release_leaves_its_reason_and_is_not_published_again(public: Path) -> None:
    for day, outcome in enumerate((90, 95)):
        _publish(public, outcome, days=day)
    withdraw(public, "2026-11-26", "Fel siffra.", DAY)
    assert verify(public) == []
    assert {path.name for path in (public / "releases/2026-11-26").iterdir()} == {"withdrawn.json", "index.html"}
    assert json.loads((public / "releases/2026-11-26/withdrawn.json").read_text())["why"] == "Fel siffra."
    assert "är återkallad" in (public / "feed.atom").read_text()
    assert "distribution-status/WITHDRAWN" in (public / "catalog.rdf").read_text()
    first = (public / "releases/2026-11-25/resultatrakning.csv").read_bytes()
    assert (public / "latest/resultatrakning.csv").read_bytes() == first
    with pytest.raises(PublicationError, match="was withdrawn: Fel siffra"):
        _publish(public, 95, days=2)
