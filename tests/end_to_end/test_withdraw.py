"""A release that is taken back with the command: what readers, feed, catalogue and the next refresh say of it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from rdflib import Graph, URIRef

from output.catalogue.terms import ADMS, DCAT, WITHDRAWN
from output.pages.page import Language
from output.pages.wording import day
from output.publication.folder import PublicFolder
from output.publication.generation import publish, verify
from output.publication.releases import read_index
from tests.end_to_end.place import Place, rewrite
from tests.output.publishing import ABOUT, OCCASION, income, organisations

FIRST, SECOND, THIRD = "2026-11-25", "2026-11-26", "2026-11-27"
WHY: Final = "Resultaträkningen hade <fel> rad & summa."


@pytest.fixture
def released(place: Place) -> Place:
    """A place with two releases, of different figures."""
    release(place, 90)
    release(place, 95, days=1)
    return place


def release(place: Place, outcome: int, days: int = 0) -> str | None:
    """Publish another figure on a day; the release that it made."""
    occasion = replace(OCCASION, day=OCCASION.day + timedelta(days=days))
    tables = {"resultatrakning": income(outcome), "stickprov": organisations("Nämnden")}
    return publish(tables, place.public, ABOUT, occasion).release


def taken_back(place: Place, name: str) -> None:
    """Withdraw a release, and hold everything that is published to its checksums and links."""
    ended = place.run("withdraw", name, "--why", WHY)
    assert (ended.status, ended.out) == (0, f"{place.public}/releases/{name} is withdrawn.\n"), ended.err
    assert verify(place.public) == []


def text(page: Path) -> str:
    """What a page says, as it is read."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", page.read_text(encoding="utf-8"))))


def figure(place: Place) -> int:
    """The outcome that ``latest/`` holds."""
    found: int = pl.read_parquet(place.latest / "resultatrakning.parquet")["utfall_tkr"].item()
    return found


def status(place: Place, name: str) -> tuple[str | None, str | None]:
    """What has become of a release, and where to read of it, by the catalogue."""
    graph = Graph().parse(place.public / "catalog.rdf", format="xml")
    release = URIRef(f"{ABOUT.base_url}/id/distribution/{name}")
    found, where = graph.value(release, ADMS.status), graph.value(release, DCAT.accessURL)
    return str(found) if found else None, str(where) if where else None


def test_the_newest_of_two_leaves_the_one_before_as_the_latest(released: Place) -> None:
    taken_back(released, SECOND)
    assert figure(released) == 90
    folder = released.public / "releases" / SECOND
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "withdrawn.json"]
    assert json.loads((folder / "withdrawn.json").read_bytes())["why"] == WHY
    page = text(folder / "index.html")
    assert "Utgåva 2026-11-26 är återkallad" in page
    assert WHY in page
    assert "Utgåva 2026-11-25 är den senaste som gäller." in page
    assert "has been withdrawn" in text(released.public / "en" / "releases" / SECOND / "index.html")
    assert "<fel>" not in (folder / "index.html").read_text(encoding="utf-8")
    feed = (released.public / "feed.atom").read_text(encoding="utf-8")
    assert "<title>Utgåva 2026-11-26 är återkallad</title>" in feed
    assert "<summary>Resultaträkningen hade &lt;fel&gt; rad &amp; summa.</summary>" in feed
    assert status(released, SECOND) == (str(WITHDRAWN), f"{ABOUT.base_url}/releases/{SECOND}/")
    assert "COMPLETED" in str(status(released, FIRST)[0])
    assert "Utgåva 2026-11-26 är återkallad" in text(released.public / "index.html")
    assert ", utgåva 2026-11-25." in text(released.public / "data" / "resultatrakning" / "index.html")
    assert released.run("verify").status == 0
    held = [path.read_bytes() for path in PublicFolder(released.public).generations.rglob("resultatrakning.csv")]
    assert held
    assert all(b",95," not in content for content in held)


def test_an_older_one_leaves_the_latest_as_it_is(released: Place) -> None:
    before = released.published()
    taken_back(released, FIRST)
    assert released.published() == before
    assert status(released, FIRST)[0] == str(WITHDRAWN)
    assert "Senaste utgåvan är 2026-11-26" in text(released.public / "utgavor" / "index.html")
    assert release(released, 99, days=2) == THIRD
    assert verify(released.public) == []


def test_the_only_one_leaves_pages_that_say_so(place: Place) -> None:
    release(place, 90)
    taken_back(place, FIRST)
    assert sorted(place.published()) == ["SHA256SUMS", "manifest.json"]
    start = text(place.public / "index.html")
    assert "Inget är publicerat just nu" in start
    assert f"Utgåva 2026-11-25 togs tillbaka {day_of(place)}. Skäl: {WHY}" in start
    assert "Inga datamängder är publicerade just nu" in text(place.public / "data" / "index.html")
    assert "Ingen utgåva gäller just nu." in text(place.public / "releases" / FIRST / "index.html")
    assert not (place.public / "data" / "resultatrakning").exists()
    assert status(place, FIRST)[0] == str(WITHDRAWN)


def day_of(place: Place) -> str:
    """The day on which the newest release was withdrawn, in Swedish."""
    index = read_index(place.public)
    assert index
    return day(str(index.releases[0].withdrawn), Language.SWEDISH).replace("\N{NO-BREAK SPACE}", " ")


def test_after_the_only_one_the_next_figures_are_a_release_again(place: Place) -> None:
    release(place, 90)
    taken_back(place, FIRST)
    assert release(place, 91) == f"{FIRST}.2"
    assert figure(place) == 91
    assert "Det finns ingen tidigare utgåva att jämföra med." in text(place.public / "utgavor" / "index.html")
    assert verify(place.public) == []


@pytest.mark.parametrize(
    ("words", "exit_status", "said"),
    [
        pytest.param(("2026-11-24", "--why", WHY), 1, f"no such release. Releases that stand: {SECOND}", id="unknown"),
        pytest.param((SECOND,), 2, "Missing option '--why'", id="no reason"),
        pytest.param((SECOND, "--why", "Ring 070-123 45 67."), 2, "it holds a telephone number", id="personal data"),
        pytest.param(
            (SECOND, "--why", "Fel om 19900101-0017, fråga anna@example.se"),
            2,
            "it holds a personal identity number or a coordination number, an e-mail address",
            id="an identity number and an address",
        ),
    ],
)
def test_what_cannot_be_taken_back_leaves_everything_as_it_is(
    released: Place, words: tuple[str, ...], exit_status: int, said: str
) -> None:
    before = released.seen()
    ended = released.run("withdraw", *words)
    assert ended.status == exit_status
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert released.seen() == before


def test_another_that_writes_is_waited_for_by_who_asks(released: Place) -> None:
    before = released.seen()
    with PublicFolder(released.public).writing():
        ended = released.run("withdraw", SECOND, "--why", WHY)
    assert ended.status == 3
    assert "another publication is writing here" in ended.err
    assert released.seen() == before


@pytest.mark.slow
def test_the_refresh_after_a_withdrawal_waits_for_a_correction_and_then_releases(refreshed: Place) -> None:
    index = read_index(refreshed.public)
    assert index
    (only,) = index.releases
    taken_back(refreshed, only.id)
    before = refreshed.seen()
    same = refreshed.run("refresh")
    assert same.status == 1
    assert f"the content is that of release {only.id}, which was withdrawn: {WHY}" in same.err
    assert refreshed.seen() == before
    rewrite(refreshed.edit_plan() / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")
    corrected = refreshed.run("refresh")
    assert corrected.status == 0, corrected.err
    again = read_index(refreshed.public)
    assert again
    assert [entry.state for entry in again.releases] == ["published", "withdrawn"]
    assert refreshed.run("verify").status == 0
