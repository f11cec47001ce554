"""A table of SCB in words: Swedish and English labels beside the codes, through the command."""

import json
from collections.abc import Iterator
from typing import Any, Final

import polars as pl
import pytest

from pipelines.plans.describing import described, lines
from pipelines.settings import Settings
from sources.errors import AnswerError
from tests.end_to_end.place import Place
from tests.servers.loopback import Asked, Reply
from tests.servers.scb import ScbServer, Table, render

CODES: Final = {
    "Region": ("00", "0126"),
    "Kon": ("1", "2"),
    "ContentsCode": ("BE0101N1",),
    "Tid": tuple(map(str, range(2000, 2020))),
}
LABELS: Final = {
    "sv": {"Region": {"00": "Riket", "0126": "Huddinge"}, "Kon": {"1": "män", "2": "kvinnor"}},
    "en": {"Region": {"00": "Sweden", "0126": "Huddinge"}, "Kon": {"1": "men", "2": "women"}},
}
NAMES: Final = {"sv": "Folkmängden", "en": "Population"}


class TwoLanguages(ScbServer):
    """SCB with a table that is labelled in both languages."""

    def reply(self, asked: Asked) -> Reply:
        """The metadata in the language that is asked for."""
        if not asked.path.endswith("/TAB638/metadata"):
            return super().reply(asked)
        language = asked.query["lang"]
        table = Table(
            CODES,
            pl.DataFrame(),
            time="Tid",
            metric="ContentsCode",
            updated="2026-02-21T07:00:00Z",
            label=NAMES[language],
            labels=LABELS[language],
            eliminable=frozenset({"Kon"}),
        )
        return Reply(render(table, CODES, None))


@pytest.fixture
def scb() -> Iterator[ScbServer]:
    """The server."""
    config = {"maxDataCells": 150_000, "maxCallsPerTimeWindow": 3000, "timeWindow": 10}
    with TwoLanguages(config, {}) as server:
        yield server


def settings(scb: ScbServer) -> Settings:
    """The settings of one who asks this server."""
    return Settings.read({"ETAPPMAL_SCB_URL": scb.url, "ETAPPMAL_RETRY_SECONDS": "1"})


@pytest.mark.parametrize(
    ("language", "table", "man", "country"),
    [("sv", "Folkmängden", "män", "Riket"), ("en", "Population", "men", "Sweden")],
)
def test_codes_stand_beside_their_labels_in_the_language_asked_for(
    scb: ScbServer, language: Any, table: str, man: str, country: str
) -> None:
    told = described(settings(scb), "TAB638", language)
    assert told["label"] == table
    region, sex, _, time = told["variables"]
    assert region["codes"] == {"00": country, "0126": "Huddinge"}
    assert (sex["codes"]["1"], sex["left_out"], region["left_out"], time["time"]) == (man, True, False, True)
    text = list(lines(told))
    assert text[0] == f"TAB638: {table} (updated 2026-02-21T07:00:00)"
    assert f"    1  {man}" in text
    assert text[-1] == "    … and 8 more, which --json has"


def test_a_table_that_scb_does_not_have_is_told(scb: ScbServer) -> None:
    with pytest.raises(AnswerError, match="TAB1"):
        described(settings(scb), "TAB1", "sv")


def test_the_command_prints_it_and_leaves_nothing_behind(scb: ScbServer, tmp_path: Any) -> None:
    place = Place(tmp_path)
    asked = {"ETAPPMAL_SCB_URL": scb.url}
    ended = place.run("plan", "table", "TAB638", "--language", "en", "--json", settings=asked)
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["variables"][1]["codes"] == {"1": "men", "2": "women"}
    assert "kvinnor" in place.run("plan", "table", "TAB638", settings=asked).out
    assert place.run("plan", "table", "befolkning", settings=asked).status == 2
    assert list(tmp_path.iterdir()) == []
