"""Backups: what is packed comes back, and a damaged one changes nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from output.publication.folder import PublicFolder
from pipelines.settings import Settings
from pipelines.storage.backup import BackupError, backup, restore


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home and a public folder with something in them."""
    settings = replace(Settings.read({}), home=tmp_path / "home", public=tmp_path / "public")
    (settings.data_home / "runs").mkdir(parents=True)
    (settings.data_home / "runs" / "1.json").write_text("{}")
    (settings.data_home / "warehouse.duckdb").write_bytes(b"old")
    (settings.data_home / "dagster").mkdir()
    (settings.data_home / "dagster" / "history.db").write_bytes(b"history")
    show(settings.public, "before")
    return settings


def show(public: Path, text: str) -> None:
    """Publish a file, twice linked."""
    folder = PublicFolder(public)
    with folder.writing():
        build = folder.begin()
        (build / "latest").mkdir()
        (build / "latest" / "a.csv").write_text(text)
        (build / "releases").mkdir()
        (build / "releases" / "a.csv").hardlink_to(build / "latest" / "a.csv")
        folder.switch(folder.name(build, text))


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_backed_up_comes_back(settings: Settings, tmp_path: Path) -> None:
    home, public = held(settings.data_home), held(settings.public.resolve())
    file = backup(settings, tmp_path / "backups", keep=14, wait=0)
    (settings.data_home / "warehouse.duckdb").write_bytes(b"spoilt")
    (settings.data_home / "runs" / "2.json").write_text("{}")
    show(settings.public, "after")
    aside = restore(settings, file, wait=0)
    assert held(settings.data_home) == home
    assert held(settings.public.resolve()) == public
    assert aside is not None
    assert (aside / "warehouse.duckdb").read_bytes() == b"spoilt"


def test_a_home_that_is_gone_comes_back_without_dagsters_history(settings: Settings, tmp_path: Path) -> None:
    file = backup(settings, tmp_path / "backups", keep=14, wait=0)
    other = replace(settings, home=tmp_path / "elsewhere", public=tmp_path / "elsewhere_public")
    assert restore(other, file, wait=0) is None
    assert sorted(held(other.data_home)) == ["runs/1.json", "warehouse.duckdb"]
    assert held(other.public.resolve()) == held(settings.public.resolve())


@pytest.mark.parametrize("place", [pytest.param(0.3, id="early"), pytest.param(0.7, id="late")])
def test_a_damaged_backup_changes_nothing(settings: Settings, tmp_path: Path, place: float) -> None:
    file = backup(settings, tmp_path / "backups", keep=14, wait=0)
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    file.write_bytes(data)
    home, public = held(settings.data_home), held(settings.public.resolve())
    with pytest.raises(BackupError, match="Use another backup"):
        restore(settings, file, wait=0)
    assert held(settings.data_home) == home
    assert held(settings.public.resolve()) == public


def test_the_latest_are_kept(settings: Settings, tmp_path: Path) -> None:
    made = [backup(settings, tmp_path / "backups", keep=2, wait=0) for _ in range(4)]
    assert sorted((tmp_path / "backups").iterdir()) == made[-2:]


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    settings = replace(Settings.read({}), home=tmp_path / "none", public=tmp_path / "public")
    with pytest.raises(BackupError, match="Run etappmal refresh"):
        backup(settings, tmp_path / "backups", keep=1, wait=0)


def test_a_lake_is_no_file_to_back_up(settings: Settings, tmp_path: Path) -> None:
    lake = replace(settings, warehouse="ducklake:postgres:dbname=sjö password=hemligt")
    with pytest.raises(BackupError, match="back up its catalogue by pg_dump together with") as caught:
        backup(lake, tmp_path / "backups", keep=1, wait=0)
    assert "hemligt" not in str(caught.value)
    with pytest.raises(BackupError, match="pg_dump"):
        restore(lake, tmp_path / "any", wait=0)
