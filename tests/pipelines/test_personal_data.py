"""Personal data in what is published beside the tables: the texts of the plan, and settings about who publishes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines.intake.personal_data import require_publishable_texts
from pipelines.settings import Settings, SettingsError
from sources.errors import PlanError
from sources.plan import load_plan
from tests.end_to_end.place import SHIPPED
from tests.sources.plans import PLAN, changed, written

TOLD = "ring 070-174 06 05 eller 811218-9876 eller anna.svensson@huddinge.se"


def settings(**given: str) -> Settings:
    """Settings with some of their own."""
    return Settings.read({f"ETAPPMAL_{name.upper()}": text for name, text in given.items()})


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param("Ett exempel.", TOLD, "report > note", id="note"),
        pytest.param('committee = "', f'committee = "{TOLD} ', "report > committee", id="committee"),
        pytest.param('name = "Huddinge"', f'name = "{TOLD}"', "municipality > name", id="municipality"),
        pytest.param('name = "Fossilfria', f'name = "{TOLD}', "goal 'fordon' > name", id="goal"),
        pytest.param('"Andel fossil', f'"{TOLD}', "goal 'fordon' > indicator 'andel' > name", id="indicator"),
        pytest.param('"Folkmängd"', f'"{TOLD}"', "scb > series 'folkmangd' > title", id="title"),
    ],
)
def test_a_text_of_the_plan_with_personal_data_is_refused(tmp_path: Path, old: str, new: str, key: str) -> None:
    plan = load_plan(written(tmp_path, changed(PLAN, old, new)))
    with pytest.raises(PlanError) as refused:
        require_publishable_texts(settings(), plan)
    told = str(refused.value)
    assert told.startswith("plan.toml: ")
    for what in ("a personal identity number", "an e-mail address", "a telephone number"):
        assert f"{key} holds {what}" in told
    assert not any(part in told for part in ("070", "811218", "anna"))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param({"publisher": "Kommunen 811218-9876"}, "ETAPPMAL_PUBLISHER holds a personal", id="publisher"),
        pytest.param({"license": "Fråga anna@example.se"}, "ETAPPMAL_LICENSE holds an e-mail", id="licence"),
        pytest.param({"contact": "Anna <anna@example.se>"}, "ETAPPMAL_CONTACT holds an e-mail", id="contact"),
        pytest.param({"contact": "070-174 06 05"}, "ETAPPMAL_CONTACT holds a telephone", id="a number as contact"),
        pytest.param({"publisher": "Kommunen\u202e"}, "ETAPPMAL_PUBLISHER holds a sign that is not", id="not seen"),
    ],
)
def test_a_setting_with_personal_data_is_refused(tmp_path: Path, given: Mapping[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        require_publishable_texts(settings(**given), load_plan(written(tmp_path)))
    assert not any(part in str(refused.value) for part in given.values())


def test_the_mailbox_of_a_function_may_stand_anywhere(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, changed(PLAN, "Ett exempel.", "Fråga data@example.se")))
    require_publishable_texts(settings(contact="data@example.se"), plan)
    with pytest.raises(PlanError, match="report > note holds an e-mail address"):
        require_publishable_texts(settings(), plan)


def test_the_shipped_plan_holds_no_personal_data() -> None:
    require_publishable_texts(settings(), load_plan(SHIPPED))
