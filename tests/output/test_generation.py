"""One publication is one whole generation, whatever happens on the way."""

import hashlib
import multiprocessing
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from contracts import contract
from output.differences.difference import Kind
from output.errors import BusyFolderError, PublicationError
from output.publication.folder import PublicFolder
from output.publication.generation import publish, verify
from output.publication.manifest import Manifest
from output.publication.planning import Change
from output.publication.wholeness import faults_by_folder
from tests.output.publishing import (
    ABOUT,
    OCCASION,
    income,
    organisations,
    publish_until_file_event,
    publish_until_step,
    published,
)

KILLED = -9


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _generations(public: Path) -> list[str]:
    return sorted(path.name for path in PublicFolder(public).generations.iterdir())


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


def test_a_publication_is_files_manifest_and_checksums(public: Path) -> None:
    publication = publish(
        {"stickprov": organisations("Nämnden"), "resultatrakning": income(90, 110)}, public, ABOUT, OCCASION
    )
    assert publication.changed
    assert publication.datasets == (
        Change("resultatrakning", Kind.ADDED, None, 2),
        Change("stickprov", Kind.ADDED, None, 1),
    )
    forms = (".csv", ".csv-metadata.json", ".excel.csv", ".parquet")
    wholes = (
        "datapackage.json",
        "etappmal.xlsx",
        "etappmal.zip",
        "variabelforteckning.csv",
        "variabelforteckning.json",
    )
    data = {*wholes, *(f"{name}{form}" for name in ("resultatrakning", "stickprov") for form in forms)}
    files = _files(public)
    assert {path for path in files if path.startswith(("latest/", "releases/"))} == {
        *(f"latest/{name}" for name in (*data, "SHA256SUMS", "manifest.json")),
        *(f"releases/2026-11-25/{name}" for name in (*data, "SHA256SUMS", "difference.json", "manifest.json")),
        "releases/index.json",
    }
    assert {"SHA256SUMS", "index.html"} <= files.keys()
    manifest = Manifest.model_validate_json((public / "latest/manifest.json").read_bytes())
    assert manifest.publisher == ABOUT.publisher
    assert manifest.note == ABOUT.note
    assert manifest.content_sha256 == publication.content_sha256
    assert [(entry.dataset, entry.rows, entry.title["en"]) for entry in manifest.datasets] == [
        ("resultatrakning", 2, "Income statement"),
        ("stickprov", 1, contract("stickprov").title.en),
    ]
    assert {entry.path: entry.bytes for entry in manifest.files} == {
        name: (public / "latest" / name).stat().st_size for name in data
    }
    assert verify(public) == []


def test_checksums_stand_as_sha256sum_reads_them(public: Path) -> None:
    published(public, 90)
    latest = public / "latest"
    assert (latest / "SHA256SUMS").read_text() == "".join(
        f"{hashlib.sha256((latest / name).read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(path.name for path in latest.iterdir() if path.name != "SHA256SUMS")
    )


def test_the_same_input_gives_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    frame = income(90, 110, -20)
    publish({"resultatrakning": frame}, tmp_path / "a", ABOUT, OCCASION)
    publish({"resultatrakning": frame.reverse()}, tmp_path / "b", ABOUT, OCCASION)
    assert _files(tmp_path / "a") == _files(tmp_path / "b")
    assert (tmp_path / "a").readlink().name == (tmp_path / "b").readlink().name


def test_a_second_publication_of_the_same_writes_nothing(public: Path) -> None:
    first = published(public, 90)
    before = {path: path.stat(follow_symlinks=False) for path in public.parent.rglob("*")}
    second = published(public, 90)
    assert not second.changed
    assert second.content_sha256 == first.content_sha256
    assert second.datasets == (Change("resultatrakning", Kind.UNCHANGED, 1, 1),)
    assert {path: path.stat(follow_symlinks=False).st_mtime_ns for path in public.parent.rglob("*")} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }


def test_a_publication_says_what_changed(public: Path) -> None:
    publish({"resultatrakning": income(90), "stickprov": organisations("Nämnden")}, public, ABOUT, OCCASION)
    publication = published(public, 90, 110)
    assert publication.datasets == (
        Change("resultatrakning", Kind.CHANGED, 1, 2),
        Change("stickprov", Kind.REMOVED, 1, None),
    )
    assert not (public / "latest/stickprov.csv").exists()


def test_another_publisher_is_another_publication(public: Path) -> None:
    published(public, 90)
    other = publish({"resultatrakning": income(90)}, public, replace(ABOUT, publisher="En annan"), OCCASION)
    assert other.changed
    assert other.datasets == (Change("resultatrakning", Kind.UNCHANGED, 1, 1),)


def test_a_dry_run_tells_and_writes_nothing(public: Path) -> None:
    publication = publish({"resultatrakning": income(90)}, public, ABOUT, OCCASION, dry_run=True)
    assert publication.changed
    assert publication.generation is None
    assert list(public.parent.iterdir()) == []


def test_current_and_previous_generation_are_kept(public: Path) -> None:
    names = [generation.name for generation in (published(public, n).generation for n in (1, 2, 3)) if generation]
    assert _generations(public) == sorted(names[1:])


def test_going_back_to_older_content_is_a_new_generation(public: Path) -> None:
    first, _, third = (published(public, n) for n in (1, 2, 1))
    assert third.changed
    assert first.generation
    assert third.generation
    assert third.generation.name == f"{first.generation.name}.2"
    assert verify(public) == []


def _change_byte(latest: Path) -> None:
    path = latest / "resultatrakning.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        pytest.param(_change_byte, "latest/resultatrakning.parquet is damaged", id="a byte"),
        pytest.param(lambda latest: (latest / "resultatrakning.csv").unlink(), "is missing", id="a lost file"),
        pytest.param(lambda latest: (latest / "SHA256SUMS").unlink(), "SHA256SUMS is missing", id="lost checksums"),
        pytest.param(lambda latest: (latest / "manifest.json").write_text("{"), "cannot be read", id="the manifest"),
        pytest.param(lambda latest: (latest / "ny.csv").write_text("a"), "was never published", id="a strange file"),
        pytest.param(lambda latest: (latest / "ny").symlink_to("/"), "was never published", id="a link out"),
        pytest.param(lambda latest: shutil.rmtree(latest.parent), "manifest.json is missing", id="all gone"),
    ],
)
def test_a_damaged_generation_is_told_and_published_anew(
    public: Path, damage: Callable[[Path], object], fault: str
) -> None:
    published(public, 90)
    damage(public.resolve() / "latest")
    assert any(fault in said for said in verify(public))
    repaired = published(public, 90)
    assert repaired.changed
    assert any(fault in said for said in repaired.faults)
    assert verify(public) == []


def test_an_empty_folder_becomes_the_link(public: Path) -> None:
    public.mkdir()
    published(public, 90)
    assert public.is_symlink()
    assert verify(public) == []


def test_a_folder_with_something_else_in_it_stays(public: Path) -> None:
    public.mkdir()
    (public / "viktigt.txt").write_text("x")
    with pytest.raises(PublicationError, match="Move it away"):
        published(public, 90)
    assert [path.name for path in public.iterdir()] == ["viktigt.txt"]


def test_a_link_to_elsewhere_stays(public: Path, tmp_path: Path) -> None:
    (tmp_path / "annat").mkdir()
    public.symlink_to("annat")
    with pytest.raises(PublicationError, match="none of its generations"):
        published(public, 90)
    assert public.readlink() == Path("annat")


def test_two_cannot_write_at_once(public: Path) -> None:
    with PublicFolder(public).writing(), pytest.raises(BusyFolderError):
        published(public, 90)
    assert published(public, 90).changed


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        pytest.param({}, "no table", id="no table"),
        pytest.param(
            {"resultatrakning": pl.concat([income(1), income(1)])},
            "row 2, column kommun_id, rapport, rad_id: the same key stands on more than one row",
            id="a repeated key",
        ),
        pytest.param(
            {"resultatrakning": income(1).with_columns(radtyp=pl.lit("okänd"))}, "radtyp:isin", id="a broken rule"
        ),
        pytest.param({"stickprov": organisations("=1+1")}, "row 2, column organisation", id="a formula"),
    ],
)
def test_what_must_not_be_published_leaves_the_last_publication(
    public: Path, tables: dict[str, pl.DataFrame], what: str
) -> None:
    published(public, 90)
    before = _files(public)
    with pytest.raises(PublicationError, match=what):
        publish(tables, public, ABOUT, OCCASION)
    assert _files(public) == before
    assert len(_generations(public)) == 1


def test_a_link_that_leads_nowhere_leaves_the_last_publication(public: Path) -> None:
    published(public, 90)
    before = _files(public)

    def break_a_page(step: str) -> None:
        """Add a link to a page once it is written, before checksums are."""
        if step == "pages":
            page = PublicFolder(public).generations / ".build" / "om" / "index.html"
            page.write_text(page.read_text(encoding="utf-8") + '<a href="../saknas/">x</a>', encoding="utf-8")

    told = r"a link leads nowhere: om/index.html leads to saknas/index.html, which is not there\."
    with pytest.raises(PublicationError, match=told):
        publish({"resultatrakning": income(95)}, public, ABOUT, OCCASION, step=break_a_page)
    assert _files(public) == before
    assert published(public, 95).changed
    assert _generations(public) == sorted(path.name for path in PublicFolder(public).newest_first())


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(publish_until_step, id="each step", marks=pytest.mark.slow),
        pytest.param(publish_until_file_event, id="each file", marks=pytest.mark.soak),
    ],
)
def test_killed_anywhere_a_reader_has_one_whole_generation(public: Path, until: Callable[..., None]) -> None:
    # Forked from a process that has the modules but has never run polars: its threads don't survive a fork.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "tests.output.publishing"])
    published(public, 1)
    seen = set()
    fatal = 0
    exitcode: int | None = KILLED
    while exitcode == KILLED:
        outcome = fatal + 2
        before = _files(public)
        child = context.Process(target=until, args=(public, fatal, outcome))
        child.start()
        child.join(timeout=30)
        exitcode = child.exitcode
        assert verify(public) == []
        assert exitcode in {KILLED, 0}
        seen.add(_files(public) == before)
        fatal += 1
    assert seen == {True, False}
    assert fatal > 5
    published(public, 1)
    published(public, 2)
    assert len(_generations(public)) == 2
    assert all(faults_by_folder(generation) == {} for generation in PublicFolder(public).generations.iterdir())
