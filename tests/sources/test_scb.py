"""SCB: the whole of what was asked for, by code and never by position, or an error."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count, product
from math import prod
from typing import Any, Final

import polars as pl
import pytest

from sources.archive import Archive
from sources.errors import AnswerError
from sources.http import Live
from sources.scb import Scb, data_request
from sources.transport import Replay
from tests.servers.loopback import Fault, Faults
from tests.servers.scb import ScbServer, Table
from tests.sources.conftest import NOW

Connect = Callable[..., Live]
CONFIG: Final = {
    "languages": [{"id": "sv"}, {"id": "en"}],
    "maxDataCells": 150_000,
    "maxCallsPerTimeWindow": 10_000,
    "timeWindow": 10,
}
CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "Region": ("00", "01", "0126", "0180"),
    "Alder": ("0-19", "20+", "tot"),
    "Kon": ("1", "2", "TotSa"),
    "Civilstand": ("OG", "G"),
    "ContentsCode": ("BE0101N1",),
    "Tid": ("2020", "2021", "2022", "2023"),
}
LABELS: Final = {"Kon": {"1": "män", "2": "kvinnor", "TotSa": "totalt, samtliga män och kvinnor"}}
TOTAL: Final = {"Alder": ("tot",), "Kon": ("TotSa",), "ContentsCode": ("BE0101N1",)}


def cells() -> pl.DataFrame:
    """Made-up values of all cells; some are missing, each with the mark of its kind."""
    marks: tuple[str | None, ...] = ("..", *[None] * 10)
    rows = [
        (*codes, None if marks[number % 11] else number / 4, marks[number % 11])
        for number, codes in enumerate(product(*CODES.values()))
    ]
    schema = {**dict.fromkeys(CODES, pl.String), "value": pl.Float64, "status": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


CELLS: Final = cells()
TABLE: Final = Table(
    CODES,
    CELLS,
    time="Tid",
    metric="ContentsCode",
    updated="2026-02-21T07:00:00Z",
    label="Folkmängden",
    labels=LABELS,
    eliminable=frozenset({"Region", "Civilstand", "Kon"}),
)


def server(config: Mapping[str, Any] = CONFIG, faults: Faults | None = None) -> ScbServer:
    """A server of that table."""
    return ScbServer(config, {"TAB1": TABLE}, faults=faults)


def rows(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    """A client's rows with the variables in the table's order, without when."""
    kept = [name for name in (*CODES, "value", "status") if name in frame.columns]
    return frame.select(kept).sort(kept[:-2]).rows()


def expected(**codes: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The cells with these codes."""
    found = CELLS.filter(pl.col(name).is_in(chosen) for name, chosen in codes.items())
    return found.sort(*CODES).rows()


def test_the_cells_come_by_code_with_their_marks(connect: Connect) -> None:
    asked = {**TOTAL, "Tid": ("2022", "2020", "2022"), "Region": ("0126", "00"), "Civilstand": ("G", "OG")}
    with server() as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", asked)
    assert found.columns == [*asked, "value", "status", "hamtad", "updated"]
    assert rows(found) == expected(**asked)
    assert ".." in found["status"].to_list()
    assert found["hamtad"].unique().to_list() == [NOW.replace(tzinfo=None)]
    assert found["updated"].unique().to_list() == [datetime(2026, 2, 21, 7)]  # noqa: DTZ001 - UTC, without its zone


def test_expressions_are_worked_out_from_the_metadata(connect: Connect) -> None:
    with server() as scb:
        found = Scb(connect("scb", scb.url)).observations(
            "TAB1", {**TOTAL, "Region": ["??", "0180"], "Civilstand": "*", "Tid": "top(2)"}
        )
    assert rows(found) == expected(**TOTAL, Region=("00", "01", "0180"), Tid=("2022", "2023"))


def test_variables_and_codes_are_known_in_whatever_case(connect: Connect) -> None:
    asked = {"ContentsCode": ("BE0101N1",), "kon": ("TOTSA", "TotSa"), "alder": ("TOT",), "Region": ("0126",)}
    with server() as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", {**asked, "TID": ("2020",), "Civilstand": ("og",)})
    assert found.select("alder", "Civilstand", "kon").rows() == [("tot", "OG", "TotSa")]


def test_a_query_under_the_known_limit_needs_neither_config_nor_metadata(connect: Connect, archive: Archive) -> None:
    asked = {**TOTAL, "Region": ("0126",), "Tid": ("2020",), "Civilstand": ("OG",)}
    with server() as scb:
        live = Scb(connect("scb", scb.url), ask_first=False).observations("TAB1", asked)
    assert [(one.method, one.path) for one in scb.log] == [("POST", "/tables/TAB1/data")]
    assert scb.log[0].query == {"lang": "sv", "outputFormat": "json-stat2"}
    assert (
        Scb(Replay(archive), ask_first=False)
        .observations("TAB1", dict(reversed(asked.items())))
        .select(live.columns)
        .equals(live)
    )


def test_a_query_above_the_limit_is_split_over_several_variables(connect: Connect) -> None:
    asked = {name: codes for name, codes in CODES.items() if name != "Civilstand"} | {"Civilstand": "*"}
    with server({**CONFIG, "maxDataCells": 5}) as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", asked)
    assert rows(found) == CELLS.sort(*CODES).rows()
    assert len(scb.log) > prod(map(len, CODES.values())) / 5


LEFT_OUT: Final[Mapping[str, tuple[dict[str, Any], tuple[str, ...], str]]] = {
    "a variable is left out": ({**TOTAL, "Tid": ["2020"], "Region": ["0126"]}, (), "Civilstand is left out"),
    "the region too": ({**TOTAL, "Tid": ["2020"]}, ("Civilstand",), "Region is left out"),
    "a total that cannot be left out": (
        {"Kon": ["TotSa"], "ContentsCode": ["BE0101N1"], "Tid": ["2020"], "Region": ["0126"]},
        ("Civilstand", "Alder"),
        "Alder is not had by leaving it out",
    ),
    "an unknown variable": ({**TOTAL, "Tid": ["2020"], "Ort": ["0126"]}, ("Civilstand",), "no variable 'Ort'"),
    "an unknown total": ({**TOTAL, "Tid": ["2020"], "Region": ["01"]}, ("Civilstand", "X"), "no variable 'X'"),
    "both": ({**TOTAL, "Tid": ["2020"], "Region": ["01"]}, ("Region",), "region is both"),
    "an expression of nothing": (
        {**TOTAL, "Tid": "from(1950)", "Region": ["01"]},
        ("Civilstand",),
        r"'from\(1950\)' is no code",
    ),
    "a pattern of nothing": ({**TOTAL, "Tid": "19*", "Region": ["01"]}, ("Civilstand",), "Tid selects nothing"),
}


@pytest.mark.parametrize(("selection", "totals", "message"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_query_that_is_not_what_it_seems_is_refused(
    connect: Connect, selection: dict[str, Any], totals: tuple[str, ...], message: str
) -> None:
    with server() as scb, pytest.raises(AnswerError, match=message):
        Scb(connect("scb", scb.url)).observations("TAB1", selection, totals=totals)
    assert all(one.method == "GET" for one in scb.log)


def test_a_total_that_has_a_code_is_asked_for_by_it(connect: Connect) -> None:
    asked = {"Alder": ["tot"], "ContentsCode": ["BE0101N1"], "Tid": ["2020", "2021"], "Region": ["0126"]}
    with server() as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", asked, totals=("civilstand", "KON"))
    assert json.loads(scb.log[-1].body)["selection"][2] == {"variableCode": "Kon", "valueCodes": ["TotSa"]}
    assert found["Kon"].unique().to_list() == ["TotSa"]
    assert found.height == 2


def test_which_of_several_totals_is_meant_is_asked(connect: Connect) -> None:
    labels = {**LABELS, "Alder": {"0-19": "0-19 år", "20+": "totalt, vuxna", "tot": "totalt ålder"}}
    with ScbServer(CONFIG, {"TAB1": replace(TABLE, labels=labels)}) as scb:
        client = Scb(connect("scb", scb.url))
        with pytest.raises(
            AnswerError, match=r"Alder has several totals.*20\+ \(totalt, vuxna\), tot \(totalt ålder\)"
        ):
            client.observations("TAB1", {"Region": ["0126"], "Tid": ["2020"]}, totals=("Alder", "Civilstand", "Kon"))


def test_a_table_that_is_updated_between_two_parts_of_a_query_is_not_read(connect: Connect) -> None:
    with server({**CONFIG, "maxDataCells": 4}) as scb:
        later = count(1)
        scb.edit = lambda payload: (
            {**payload, "updated": f"2026-02-2{next(later)}T07:00:00Z"} if payload.get("value") else payload
        )
        with pytest.raises(AnswerError, match="TAB1: was updated while it was read"):
            Scb(connect("scb", scb.url)).observations("TAB1", SELECTED)


def test_a_total_may_be_left_out_when_it_is_named(connect: Connect) -> None:
    asked = {**TOTAL, "Region": ["0126"], "Tid": ["2020"]}
    with server() as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", asked, totals=("Civilstand",))
    [total] = found["value"].to_list()
    assert total == CELLS.filter(pl.col(name).is_in(codes) for name, codes in asked.items())["value"].sum()


SELECTED: Final = {**TOTAL, "Region": ("0126", "00"), "Tid": ("2020", "2021"), "Civilstand": ("OG", "G")}
Edit = Callable[[dict[str, Any]], Any]


def changed(**members: object) -> Edit:
    """Change members of the dataset."""
    return lambda payload: {**payload, **members}


def without(member: str) -> Edit:
    """Leave out a member."""
    return lambda payload: {name: content for name, content in payload.items() if name != member}


def another_index(payload: dict[str, Any]) -> dict[str, Any]:
    """Give two codes the same position."""
    payload["dimension"]["Tid"]["category"]["index"] = {"2020": 0, "2021": 0}
    return payload


def numbered(payload: dict[str, Any]) -> dict[str, Any]:
    """Codes as numbers."""
    payload["dimension"]["Tid"]["category"]["index"] = [2020, 2021]
    return payload


def other_codes(payload: dict[str, Any]) -> dict[str, Any]:
    """Answer for another region."""
    payload["dimension"]["Region"]["category"]["index"] = {"0126": 0, "0180": 1}
    return payload


def divided(payload: dict[str, Any]) -> dict[str, Any]:
    """Divide the answer by a variable that was not asked for."""
    payload["dimension"]["Bakgrund"] = {"category": {"index": {"a": 0}}}
    return {**payload, "id": [*payload["id"], "Bakgrund"], "size": [*payload["size"], 1]}


WRONG: Final[Mapping[str, tuple[Edit, str]]] = {
    "too few values": (lambda payload: {**payload, "value": payload["value"][:-1]}, "7 cells, size says 8"),
    "a cell beyond the size": (changed(value={"8": 1}), "'8', size says 8"),
    "a value that is a string": (changed(value=["1"] * 8), "'1' is no number"),
    "a value that is true": (changed(value=[True] * 8), "True is no number"),
    "values that are a text": (changed(value="1"), "neither a list nor an object"),
    "a status that is a number": (changed(status={"0": 1}), "status 1 is no text"),
    "another size": (changed(size=[1, 1, 1, 1, 1, 1]), "size is"),
    "codes that are numbers": (numbered, "are not texts"),
    "two codes in one place": (another_index, "positions"),
    "another region": (other_codes, "codes of Region are not those asked for"),
    "a variable more": (divided, "divided by Bakgrund"),
    "a variable less": (changed(id=["Tid"], size=[2], value=[1, 2]), "is not in the answer"),
    "version 1": (changed(version="1.0"), "no json-stat 2"),
    "a list": (lambda payload: [payload], "no JSON object"),
    "an odd time": (changed(updated="i går"), "which is no time"),
    "an odd dimension": (changed(dimension=[]), "not built as json-stat 2"),
    "an object beyond bounds": (lambda _: b'{"value":Infinity}', "Infinity"),
    **{f"no {name}": (without(name), f"lacks '{name}'") for name in ("id", "size", "dimension", "value")},
}


@pytest.mark.parametrize(("edit", "message"), WRONG.values(), ids=WRONG)
def test_a_body_that_is_not_as_it_should_be_is_refused(
    connect: Connect, archive: Archive, edit: Edit, message: str
) -> None:
    with server() as scb:
        scb.edit = edit
        with pytest.raises(AnswerError, match="/tables/TAB1/data") as refusal:
            Scb(connect("scb", scb.url), ask_first=False).observations("TAB1", SELECTED)
    assert message in str(refusal.value)
    assert archive.find(data_request("TAB1", SELECTED)) is None


def listed_index(payload: dict[str, Any]) -> dict[str, Any]:
    """The index as a list of codes."""
    for dimension in payload["dimension"].values():
        index = dimension["category"]["index"]
        dimension["category"]["index"] = sorted(index, key=index.__getitem__)
    return payload


def turned_keys(payload: dict[str, Any]) -> dict[str, Any]:
    """The keys of the index in another order, which means nothing."""
    for dimension in payload["dimension"].values():
        dimension["category"]["index"] = dict(reversed(dimension["category"]["index"].items()))
    return payload


def sparse(payload: dict[str, Any]) -> dict[str, Any]:
    """Values as an object, without those that are missing."""
    values = {str(place): value for place, value in enumerate(payload["value"]) if value is not None}
    return {**payload, "value": values}


def listed_status(payload: dict[str, Any]) -> dict[str, Any]:
    """Status as a list."""
    return {**payload, "status": [payload.get("status", {}).get(str(place), "") for place in range(8)]}


@pytest.mark.parametrize("edit", [listed_index, turned_keys, sparse, listed_status, changed(new={"a": 1})])
def test_all_ways_to_write_a_dataset_are_read(connect: Connect, edit: Edit) -> None:
    with server() as scb:
        scb.edit = edit
        found = Scb(connect("scb", scb.url), ask_first=False).observations("TAB1", SELECTED)
    assert rows(found) == expected(**SELECTED)


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.NAN])
def test_a_body_that_is_no_json_is_refused(connect: Connect, fault: Fault) -> None:
    with server(faults=Faults([fault])) as scb, pytest.raises(AnswerError, match="TAB1"):
        Scb(connect("scb", scb.url), ask_first=False).observations("TAB1", SELECTED)


@pytest.mark.parametrize("fault", [Fault.BOM, Fault.GZIP, Fault.DRIP, Fault.REDIRECT, Fault.CUT, Fault.RESET])
def test_trouble_on_the_way_changes_nothing(connect: Connect, fault: Fault) -> None:
    with server(faults=Faults([None, None, fault])) as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", SELECTED)
    assert rows(found) == expected(**SELECTED)


@pytest.mark.parametrize(
    ("selection", "title"),
    [
        ({**SELECTED, "Region": ("9999",)}, "Non-existent value"),
        ({name: SELECTED[name] for name in SELECTED if name != "Tid"}, "mandantory variable"),
    ],
)
def test_a_problem_is_quoted(connect: Connect, selection: dict[str, Any], title: str) -> None:
    with server() as scb, pytest.raises(AnswerError, match=f"400: .*{title}"):
        Scb(connect("scb", scb.url), ask_first=False).observations("TAB1", selection)


def test_the_config_is_asked_for_once(connect: Connect) -> None:
    with server() as scb:
        client = Scb(connect("scb", scb.url))
        config = client.config()
        assert client.config() is config
    assert (config.most_cells, config.calls, config.seconds) == (150_000, 10_000, 10)
    assert len(scb.log) == 1


@pytest.mark.parametrize("limit", [None, 0, "many", True])
def test_a_config_without_a_limit_is_refused(connect: Connect, limit: object) -> None:
    with server({**CONFIG, "maxDataCells": limit}) as scb, pytest.raises(AnswerError, match="maxDataCells"):
        Scb(connect("scb", scb.url)).config()


@pytest.mark.parametrize(("calls", "seconds"), [(1, 86_400), (10, 10**9), (1, 10**400)])
def test_a_config_by_which_nothing_would_ever_be_asked_is_refused(connect: Connect, calls: int, seconds: int) -> None:
    config = {**CONFIG, "maxCallsPerTimeWindow": calls, "timeWindow": seconds}
    with (
        server(config) as scb,
        pytest.raises(AnswerError, match=r"/config: timeWindow is \d+ for"),
    ):
        Scb(connect("scb", scb.url)).config()


def test_a_config_that_allows_anything_is_taken_with_care(connect: Connect) -> None:
    config = {**CONFIG, "maxDataCells": 10**400, "maxCallsPerTimeWindow": 10**400}
    with server(config) as scb:
        found = Scb(connect("scb", scb.url)).observations("TAB1", SELECTED)
    assert rows(found) == expected(**SELECTED)


def test_metadata_hold_labels_and_the_time_of_the_last_update(connect: Connect) -> None:
    with server() as scb:
        metadata = Scb(connect("scb", scb.url), lang="en").metadata("TAB1")
    kon = metadata.dimension("kon")
    assert kon is not None
    assert kon.labels["1"] == "män"
    assert metadata.updated == datetime(2026, 2, 21, 7)  # noqa: DTZ001 - UTC, without its zone
    assert scb.log[0].query == {"lang": "en"}
