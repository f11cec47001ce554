"""Settings: defaults, the environment, and values that are refused."""

from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings, SettingsError, variable
from pipelines.storage.places import File, place_of


def test_without_an_environment_every_setting_has_its_default() -> None:
    found = Settings.read({})
    assert (found.source, found.timeout, found.kolada_rate) == ("snapshot", 30.0, 5.0)
    assert (found.plan / "plan.toml").is_file()
    assert found.home.name == ".etappmal"
    assert all(each.metadata["meaning"] for each in fields(Settings))


CRON = "write minute, hour, day, month and weekday, say '15 2 * * *'"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("plan", "/en/plan", Path("/en/plan"), id="a folder"),
        pytest.param("home", "~/etappmal", Path.home() / "etappmal", id="a folder at home"),
        pytest.param("public", "ut", Path.cwd() / "ut", id="a folder from here"),
        pytest.param("source", "live", "live", id="the other mode"),
        pytest.param("kolada_url", "http://127.0.0.1:80/v3/", "http://127.0.0.1:80/v3", id="a slash at the end"),
        pytest.param("timeout", "2.5", 2.5, id="a number"),
        pytest.param("schedule", "*/20 1-3,5 * * 0", "*/20 1-3,5 * * 0", id="a schedule"),
        pytest.param("publisher", "Huddinge kommun", "Huddinge kommun", id="a text"),
        pytest.param("publisher", "", "Etappmål (exempel)", id="a blank is the default"),
        pytest.param("kolada_rate", "", 5.0, id="a blank number is the default"),
    ],
)
def test_the_environment_decides(name: str, text: str, expected: Any) -> None:
    assert getattr(Settings.read({variable(name): text}), name) == expected


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        pytest.param("source", "prod", "write snapshot or live", id="an unknown mode"),
        pytest.param("timeout", "0", "write a number above zero", id="zero"),
        pytest.param("timeout", "-1", "write a number above zero", id="below zero"),
        pytest.param("retry_seconds", "inf", "write a number above zero", id="without end"),
        pytest.param("kolada_rate", "nan", "write a number above zero", id="not a number"),
        pytest.param("kolada_rate", "fem", "write a number above zero", id="a word"),
        pytest.param("scb_url", "scb.se", "write an address that begins with https://", id="no address"),
        pytest.param("base_url", "ftp://x", "write an address that begins with https://", id="another protocol"),
        pytest.param("schedule", "02:15", CRON, id="a time"),
        pytest.param("schedule", "15 24 * * *", CRON, id="an hour too late"),
        pytest.param("schedule", "15 2 * *", CRON, id="a part too few"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({variable(name): text})
    assert str(caught.value) == f"ETAPPMAL_{name.upper()} is {text!r}: {told}."


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETAPPMAL_CONTACT", "registrator@example.se")
    assert Settings.read().contact == "registrator@example.se"


def test_the_two_modes_share_nothing_but_the_public_folder(tmp_path: Path) -> None:
    modes = [
        Settings.read({"ETAPPMAL_SOURCE": source, "ETAPPMAL_HOME": str(tmp_path)}) for source in ("snapshot", "live")
    ]
    places = [(mode.warehouse_file, mode.archive, mode.dagster_home, mode.summary, mode.runs) for mode in modes]
    assert not set(places[0]) & set(places[1])
    assert all(place.is_relative_to(tmp_path / "snapshot") for place in places[0])
    assert len(set(places[0])) == len(places[0])
    assert modes[0].public == modes[1].public


def test_a_setting_with_a_password_is_not_told(tmp_path: Path) -> None:
    lake = "ducklake:postgres:dbname=sjö host=db user=etappmal password=hemligt"
    found = Settings.read({"ETAPPMAL_WAREHOUSE": lake, "ETAPPMAL_MAIL_SERVER": "smtp://e:hemligt@post"})
    assert "hemligt" not in repr(found)
    assert str(place_of(found)) == "ducklake:postgres:dbname=sjö host=db user=etappmal password=***"
    with pytest.raises(SettingsError, match="ETAPPMAL_WAREHOUSE is no lake: write ducklake:") as caught:
        Settings.read({"ETAPPMAL_WAREHOUSE": "postgres://e:hemligt@db/sjö"})
    assert "hemligt" not in str(caught.value)
    elsewhere = found.elsewhere(tmp_path / "home", tmp_path / "public")
    assert place_of(elsewhere) == File(tmp_path / "home" / "snapshot" / "warehouse.duckdb")


def test_a_lake_without_its_extension_is_wrong_use(tmp_path: Path) -> None:
    if find_spec("duckdb_extension_ducklake") is not None:
        pytest.skip("the extra scale is installed here")
    settings = Settings.read({"ETAPPMAL_WAREHOUSE": "ducklake:postgres:dbname=x", "ETAPPMAL_HOME": str(tmp_path)})
    with pytest.raises(SettingsError, match=r"install the extra, pip install 'etappmal\[scale\]'"):
        place_of(settings).exists()


@pytest.mark.parametrize(
    ("name", "text"), [("broker", "amqp://e:hemligt@kö"), ("storage", "mysql://e:hemligt@db/dagster")]
)
def test_an_address_that_is_of_no_use_is_refused_without_its_password(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^ETAPPMAL_{name.upper()} is no {name}: write [rp]") as caught:
        Settings.read({variable(name): text})
    assert "hemligt" not in str(caught.value)


def test_storage_names_the_driver_that_is_there() -> None:
    named = "postgresql+psycopg2://etappmal@db/dagster"
    assert Settings.read({"ETAPPMAL_STORAGE": "postgresql://etappmal@db/dagster"}).storage == named
    assert Settings.read({"ETAPPMAL_STORAGE": named}).storage == named
