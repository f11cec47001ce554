"""The drop folder: which files are whole, and what the sensor makes of them."""

import os
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.intake import drop
from sources.plan import Plan, load_plan
from tests.end_to_end.place import SHIPPED


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The shipped plan."""
    return load_plan(SHIPPED)


def left(folder: Path, name: str, seconds_ago: float = 3600) -> Path:
    """A file that was last written to so long ago."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("x", encoding="utf-8")
    then = time.time() - seconds_ago
    os.utime(path, (then, then))
    return path


@pytest.mark.parametrize(
    ("name", "seconds_ago", "expected"),
    [
        pytest.param("resultatrakning.csv", 3600, ("resultatrakning", "", ""), id="whole"),
        pytest.param("investeringar.xlsx", 61, ("investeringar", "", ""), id="whole since a minute"),
        pytest.param("resultatrakning.csv", 5, ("", "resultatrakning.csv", ""), id="still written to"),
        pytest.param("resultat.csv", 3600, ("", "", "resultat.csv"), id="no extract is named so"),
        pytest.param("resultatrakning.csv.part", 3600, ("", "", ""), id="unfinished by its name"),
        pytest.param("~$investeringar.xlsx", 3600, ("", "", ""), id="the mark of an open workbook"),
        pytest.param(".resultatrakning.csv", 3600, ("", "", ""), id="hidden"),
    ],
)
def test_what_lies_in_the_folder(
    tmp_path: Path, plan: Plan, name: str, seconds_ago: float, expected: tuple[str, str, str]
) -> None:
    left(tmp_path, name, seconds_ago)
    found = drop.contents(tmp_path, plan)
    names = [",".join(path.name for path in paths) for paths in (found.waiting, found.strange)]
    assert (",".join(found.whole), *names) == expected


def test_links_and_folders_are_passed_over(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "resultatrakning.csv").symlink_to("/etc/hostname")
    (tmp_path / "investeringar.xlsx").mkdir()
    assert drop.contents(tmp_path, plan) == drop.Contents()
    assert drop.contents(tmp_path / "nowhere", plan) == drop.Contents()


def test_a_file_that_changed_meanwhile_waits_for_the_next_run(tmp_path: Path) -> None:
    path, place = left(tmp_path, "a.csv"), tmp_path / "plan" / "extracts" / "a.csv"
    drop.accept(path, place, b"what was read")
    assert place.read_bytes() == b"what was read"
    assert path.exists()
    drop.accept(path, place, path.read_bytes())
    assert not path.exists()


@pytest.fixture
def sensor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.SensorDefinition:
    """The sensor, on a home of its own."""
    monkeypatch.setenv("ETAPPMAL_HOME", str(tmp_path))
    monkeypatch.setenv("ETAPPMAL_PLAN", str(SHIPPED))
    return build_definitions().resolve_sensor_def("drop_folder")


def asked_for(sensor: dg.SensorDefinition) -> tuple[list[str | None], str | None]:
    """The runs that the sensor asks for now, and why it asks for none."""
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance) as context:
        data = sensor.evaluate_tick(context)
    return [request.run_key for request in data.run_requests or ()], data.skip_message


def test_a_whole_file_begins_one_run_and_a_changed_one_another(sensor: dg.SensorDefinition, tmp_path: Path) -> None:
    assert "empty" in str(asked_for(sensor)[1])
    path = left(tmp_path / "drop", "resultatrakning.csv", 5)
    assert "resultatrakning.csv may still be written to" in str(asked_for(sensor)[1])
    left(tmp_path / "drop", "resultatrakning.csv", 300)
    ((first,), _), ((again,), _) = asked_for(sensor), asked_for(sensor)
    assert first == again
    path.write_text("xy", encoding="utf-8")
    os.utime(path, (0, 0))
    assert asked_for(sensor)[0] not in ([first], [])


def test_a_stranger_is_moved_aside_with_its_error(sensor: dg.SensorDefinition, tmp_path: Path) -> None:
    left(tmp_path / "drop", "löner.csv")
    assert asked_for(sensor)[0] == []
    error, moved = sorted((tmp_path / "drop" / "refused").iterdir(), key=lambda path: path.suffix != ".txt")
    assert moved.name.endswith("-löner.csv")
    assert "no extract of the plan has this name" in error.read_text(encoding="utf-8")
