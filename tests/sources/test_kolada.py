"""Kolada: complete and right, or an error that says what was asked and what came."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError
from sources.http import Live, Replay
from sources.kolada import Fault as KpiFault
from sources.kolada import Kolada, Observations, findings, requests
from sources.kolada_bodies import OBSERVATIONS, read_values
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Fault, Faults, Reply
from tests.sources.conftest import NOW

Connect = Callable[..., Live]
KPIS: Final = ("N00090", "N00670", "U00200")
UNITS: Final = ("0000", "0126", "0180")
YEARS: Final = (2020, 2021, 2022)
TITLES: Final = {
    "N00090": "Sjukfrånvaro, andel (%)",
    "N00670": "Kan rekommendera andra att flytta, andel (%)",
    "U00200": "Medarbetarengagemang, gammal definition (-2024)",
}
SHAPE: Final = ("kalla_id", "kommun_id", "ar", "kon", "varde", "antal", "status", "borttagen")


def values(units: tuple[str, ...] = (*UNITS, "G33612")) -> pl.DataFrame:
    """Made-up values for every KPI, unit, year and gender; every fifth is missing, and one is deleted."""
    keys = [(kpi, unit, year, kon) for kpi in KPIS for unit in units for year in YEARS for kon in "TKM"]
    return (
        pl.DataFrame(keys, schema=["kpi", "municipality", "period", "gender"], orient="row")
        .with_row_index("number")
        .with_columns(
            pl.when(pl.col("number") % 5 > 0).then(pl.col("number") / 8).alias("value"),
            pl.lit("").alias("status"),
            (pl.col("number") == 10).alias("isdeleted"),
            pl.date(2026, 1 + pl.col("number") % 3, 1).alias("changed"),
        )
        .with_columns(pl.col("value").is_not_null().cast(pl.Int64).alias("count"))
    )


VALUES: Final = values()


def expected(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that a client gives back for rows of the server."""
    renamed = {
        "kpi": "kalla_id",
        "municipality": "kommun_id",
        "period": "ar",
        "gender": "kon",
        "value": "varde",
        "count": "antal",
        "isdeleted": "borttagen",
    }
    return frame.filter(~pl.col("municipality").str.starts_with("G")).rename(renamed).select(SHAPE)


def rows(frame: pl.DataFrame) -> pl.DataFrame:
    """A client's rows, without where and when, in one order."""
    return frame.select(SHAPE).sort(SHAPE[:4])


def server(frame: pl.DataFrame = VALUES, **more: Any) -> KoladaServer:
    """A server of these values."""
    units = [{"id": "0000", "title": "Riket", "type": "L"}, {"id": "0126", "title": "Huddinge", "type": "K"}]
    kpis = [{"id": id_, "title": title, "description": None, "has_ou_data": False} for id_, title in TITLES.items()]
    return KoladaServer(kpis, units, frame, **more)


def ask(live: Live) -> Observations:
    """All observations."""
    return Kolada(live).observations(KPIS, UNITS, YEARS)


def test_observations_are_complete_over_all_pages(connect: Connect) -> None:
    with server(page_size=4) as kolada:
        found = ask(connect("kolada", kolada.url))
    assert found.frame.schema == OBSERVATIONS
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))
    assert found.frame["hamtad"].unique().to_list() == [NOW.replace(tzinfo=None)]
    assert len(found.requests) == len(kolada.log) == 7


def test_the_requests_are_the_same_whatever_the_order_of_the_ids() -> None:
    [first] = requests(("U00200", "N00090"), iter(("0126", "0000", "0126")), range(2020, 2022))
    assert first.canonical == "kolada GET /data/kpi/N00090,U00200/municipality/0000,0126/year/2020,2021?per_page=5000"
    assert [first] == requests(("N00090", "U00200"), ("0000", "0126"), (2021, 2020))


def test_at_most_25_ids_stand_in_each_dimension(connect: Connect) -> None:
    kpis = [f"N{number:05}" for number in range(30)]
    units = [f"{number:04}" for number in range(60)]
    made = requests(kpis, units, range(1990, 2020))
    assert len(made) == 2 * 3 * 2
    with server() as kolada:
        assert Kolada(connect("kolada", kolada.url)).observations(kpis, units, range(1990, 2020)).frame.is_empty()


def test_one_dimension_may_be_open_and_groups_are_left_out(connect: Connect) -> None:
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, None, YEARS)
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))
    with pytest.raises(ValueError, match="at least two"):
        requests(KPIS, None, None)


def test_a_group_is_refused_unless_asked_for(connect: Connect) -> None:
    with pytest.raises(ValueError, match="G33612 is a group"):
        requests(KPIS, ("G33612",), YEARS)
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, ("G33612",), YEARS, groups=True)
    assert len(found.frame) == 27


def test_only_changes_are_asked_for(connect: Connect) -> None:
    with server() as kolada:
        found = Kolada(connect("kolada", kolada.url)).observations(KPIS, UNITS, YEARS, from_date=date(2026, 3, 1))
    changed = VALUES.filter(pl.col("changed") >= date(2026, 3, 1))
    assert rows(found.frame).equals(expected(changed).sort(SHAPE[:4]))
    assert kolada.log[0].query == {"from_date": "2026-03-01", "per_page": "5000"}


def test_a_server_behind_another_address_is_still_asked_where_we_ask_it(connect: Connect) -> None:
    with server(page_size=4, public="https://api.kolada.se/v3") as kolada:
        assert rows(ask(connect("kolada", kolada.url)).frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_the_lists(connect: Connect) -> None:
    with server(page_size=2) as kolada:
        client = Kolada(connect("kolada", kolada.url))
        kpis = client.kpis(("U00200", "N00090", "N99999"))
        everything = client.kpis()
        units = client.municipalities()
    assert kpis.select("id", "title").rows() == [(id_, TITLES[id_]) for id_ in ("N00090", "U00200")]
    assert dict(everything.select("id", "title").iter_rows()) == TITLES
    assert units.rows() == [("0000", "Riket", "L"), ("0126", "Huddinge", "K")]


Edit = Callable[[dict[str, Any]], Any]


def first(payload: dict[str, Any]) -> dict[str, Any]:
    """The first value of the first record."""
    value: dict[str, Any] = payload["values"][0]["values"][0]
    return value


def changed(**fields: object) -> Edit:
    """Change fields of the first value."""
    return lambda payload: (first(payload).update(fields), payload)[1]


def changed_record(**fields: object) -> Edit:
    """Change fields of the first record."""
    return lambda payload: (payload["values"][0].update(fields), payload)[1]


def without(field: str) -> Edit:
    """Leave out a field of the first value."""
    return lambda payload: (first(payload).pop(field), payload)[1]


def without_in_record(field: str) -> Edit:
    """Leave out a field of the first record."""
    return lambda payload: (payload["values"][0].pop(field), payload)[1]


def without_in_envelope(field: str) -> Edit:
    """Leave out a field of the envelope."""
    return lambda payload: (payload.pop(field), payload)[1]


def version_2(payload: dict[str, Any]) -> dict[str, Any]:
    """The envelope of version 2."""
    return {"next_page" if name == "next_url" else name: content for name, content in payload.items()}


def repeated(**fields: object) -> Edit:
    """Give the first value of the first record once more, perhaps changed."""
    return lambda payload: (payload["values"][0]["values"].append({**first(payload), **fields}), payload)[1]


def shortened(payload: dict[str, Any]) -> dict[str, Any]:
    """Lose a record."""
    return {**payload, "values": payload["values"][1:]}


def enveloped(**fields: object) -> Edit:
    """Change the envelope."""
    return lambda payload: {**payload, **fields}


WRONG: Final[Mapping[str, tuple[Edit, str]]] = {
    "version 2": (version_2, "version 2"),
    "version 2 with both": (enveloped(next_page="x"), "version 2"),
    "a value that is a string": (changed(value="12.3"), "number to string"),
    "a value that is true": (changed(value=True), "boolean"),
    "a period as text": (changed_record(period="2020"), "number to string"),
    "a period with decimals": (changed_record(period=2020.5), "2020.5"),
    "an id as a number": (changed_record(kpi=90), "string to number"),
    "isdeleted as a number": (changed(isdeleted=0), "boolean to number"),
    "a count that is null": (changed(count=None), "'count'"),
    "an unknown gender": (changed(gender="F"), "gender 'F' is in the answer"),
    "another unit": (changed_record(municipality="1480"), "'1480' is in the answer"),
    "another KPI": (changed_record(kpi="N00001"), "'N00001' is in the answer"),
    "another year": (changed_record(period=1999), "1999 is in the answer"),
    "values that are null": (changed_record(values=None), "'values'"),
    "a record that is null": (enveloped(values=[None], count=1), "'kpi'"),
    "two values for one": (repeated(value=99.5), "has two values"),
    "a lost record": (shortened, "26 records and says 27"),
    "no record at all": (enveloped(values=None), "lacks the field 'values'"),
    "a list": (lambda payload: [payload], "no JSON object"),
    "two documents": (lambda _: b'{"count":0,"next_url":null,"values":[]}\n' * 2, "2 JSON documents"),
    "an empty object": (lambda _: {}, "lacks the field 'next_url'"),
    "a page that leads to itself": (enveloped(next_url="?page=1"), "never end"),
    "another resource": (enveloped(next_url="https://a.se/v3/kpi?page=2"), "another resource"),
    "an empty page that leads on": (enveloped(values=[], count=0, next_url="?page=2"), "empty page"),
    "a value given twice": (lambda _: body('"value":1,"value":2'), "twice"),
    "decimals of a count": (changed(count=1.5), "1.5"),
    "a value that is false": (changed(value=False), "boolean"),
    "true after a blank": (lambda _: body('"value": true'), "boolean"),
    "true after a line break": (lambda _: body('"value":\ntrue'), "boolean"),
    "a renamed value": (lambda _: body('"varde":1.5'), "'value'"),
    "a number beyond bounds": (lambda _: body('"value":1e999'), "too big"),
    "infinity": (lambda _: body('"value":-Infinity'), "NaN or infinite"),
    "not UTF-8": (lambda _: body('"value":null').replace(b'"status":""', b'"status":"\xff"'), "not UTF-8"),
    **{f"no {name}": (without(name), f"'{name}'") for name in ("gender", "count", "status", "value", "isdeleted")},
    **{f"no {name}": (without_in_record(name), f"'{name}'") for name in ("kpi", "municipality", "period", "values")},
    **{f"no {name} in the envelope": (without_in_envelope(name), f"'{name}'") for name in ("count", "next_url")},
}


def body(value: str) -> bytes:
    """A whole body with one value, to be spoilt as bytes."""
    return (
        '{"count":1,"next_url":null,"values":[{"kpi":"N00090","municipality":"0000","period":2020,'
        f'"values":[{{"gender":"T","count":1,"status":"",{value},"isdeleted":false}}]}}]}}'
    ).encode()


@pytest.mark.parametrize(("edit", "message"), WRONG.values(), ids=WRONG)
def test_a_body_that_is_not_as_it_should_be_is_refused(
    connect: Connect, archive: Archive, edit: Edit, message: str
) -> None:
    with server() as kolada:
        kolada.edit = edit
        live = connect("kolada", kolada.url)
        with pytest.raises(AnswerError, match="/data/kpi/N00090") as refusal:
            ask(live)
    assert message in str(refusal.value)
    assert len(kolada.log) <= 2
    [asked] = requests(KPIS, UNITS, YEARS)
    assert archive.find(asked) is None
    assert archive.verify() == []


def test_a_page_of_html_is_quoted(connect: Connect) -> None:
    with server(faults=Faults([Fault.HTML])) as kolada, pytest.raises(AnswerError, match="<!doctype html>"):
        ask(connect("kolada", kolada.url))


def test_nan_is_refused(connect: Connect) -> None:
    with server(faults=Faults([Fault.NAN])) as kolada, pytest.raises(AnswerError, match="NaN"):
        ask(connect("kolada", kolada.url))


def pretty(payload: dict[str, Any]) -> bytes:
    """The same with line breaks."""
    compact = Reply(payload).body
    return compact.replace(b",", b",\n  ")


TOLERATED: Final[Mapping[str, Edit]] = {
    "a new field": changed(quality={"value": 1, "notes": ["x"]}),
    "a new field in a record": changed_record(updated="2026-01-01"),
    "a new field in the envelope": enveloped(total=27, links=[]),
    "an identical duplicate": repeated(),
    "line breaks": pretty,
    "no previous_url": without_in_envelope("previous_url"),
}


@pytest.mark.parametrize("edit", TOLERATED.values(), ids=TOLERATED)
def test_what_does_no_harm_is_tolerated(connect: Connect, edit: Edit) -> None:
    with server() as kolada:
        kolada.edit = edit
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


@pytest.mark.parametrize("fault", [Fault.BOM, Fault.GZIP, Fault.DRIP, Fault.REDIRECT, Fault.CUT, Fault.UNAVAILABLE])
def test_trouble_on_the_way_changes_nothing(connect: Connect, fault: Fault) -> None:
    with server(faults=Faults([fault]), page_size=10) as kolada:
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_a_record_without_values_is_no_observation(connect: Connect) -> None:
    with server() as kolada:
        kolada.edit = changed_record(values=[])
        assert len(ask(connect("kolada", kolada.url)).frame) == len(expected(VALUES)) - 3


def test_pages_that_overlap_are_one(connect: Connect) -> None:
    with server(page_size=10) as kolada:
        last: list[Any] = []

        def overlap(payload: dict[str, Any]) -> dict[str, Any]:
            """Begin each page with the end of the one before."""
            both = last + payload["values"]
            last[:] = payload["values"][-2:]
            return {**payload, "values": both, "count": len(both)}

        kolada.edit = overlap
        found = ask(connect("kolada", kolada.url))
    assert rows(found.frame).equals(expected(VALUES).sort(SHAPE[:4]))


def test_a_replay_gives_the_same_and_needs_no_server(connect: Connect, archive: Archive) -> None:
    with server(page_size=4) as kolada:
        live = ask(connect("kolada", kolada.url))
    replayed = Kolada(Replay(archive)).observations(KPIS, UNITS, YEARS)
    assert replayed.frame.equals(live.frame)
    assert replayed.requests == live.requests


@pytest.fixture(scope="module")
def shared_server() -> Iterator[KoladaServer]:
    """One server for all examples of a property."""
    with server() as kolada:
        yield kolada


@given(
    kpis=st.sets(st.sampled_from(KPIS), min_size=1, max_size=2),
    years=st.sets(st.sampled_from(YEARS), min_size=1, max_size=2),
    page_size=st.integers(1, 30),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_of_a_query_gives_the_union_of_the_parts(
    connect: Connect, shared_server: KoladaServer, kpis: set[str], years: set[int], page_size: int
) -> None:
    shared_server.page_size = page_size
    client = Kolada(connect("kolada", shared_server.url))
    parts = [
        client.observations(some, UNITS, when).frame
        for some in (kpis, set(KPIS) - kpis)
        for when in (years, set(YEARS) - years)
    ]
    assert rows(pl.concat(parts)).equals(expected(VALUES).sort(SHAPE[:4]))


@given(values=st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_reading_gives_exactly_the_numbers_that_were_written(values: list[float | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Float64}).with_columns(
        kpi=pl.lit("N00090"),
        municipality=pl.lit("0126"),
        period=pl.int_range(pl.len()) + 1990,
        gender=pl.lit("T"),
        count=pl.lit(1),
        status=pl.lit(""),
        isdeleted=pl.lit(value=False),
    )
    records = frame.group_by("kpi", "municipality", "period", maintain_order=True).agg(
        pl.struct("gender", "count", "status", "value", "isdeleted").alias("values")
    )
    payload = {"count": len(records), "next_url": None, "values": records.to_dicts()}
    answer = Answer(200, {}, Reply(payload).body, datetime(2026, 1, 1, tzinfo=UTC))
    page = read_values(Request("kolada", "/data/x"), answer, {"kpi": ["N00090"]})
    assert page.frame["varde"].to_list() == values


def test_findings_name_what_is_the_matter_with_a_kpi() -> None:
    catalogue = pl.DataFrame({"id": list(TITLES), "title": list(TITLES.values())})
    plan = {"N00090": TITLES["N00090"], "N00670": "Rekommenderar, andel (%)", "U00200": TITLES["U00200"], "N99999": "X"}
    assert [(found.kpi, found.fault) for found in findings(catalogue, plan)] == [
        ("N00670", KpiFault.RENAMED),
        ("U00200", KpiFault.RETIRED),
        ("N99999", KpiFault.UNKNOWN),
    ]
    assert [found.kpi for found in findings(catalogue, plan, retired=("U00200",))] == ["N00670", "N99999"]


@pytest.mark.parametrize(
    ("title", "retired"),
    [
        ("Totalt, Index, gammal definition", True),
        ("Totalt, Index (-2024)", True),
        ("Totalt, Index (\N{EN DASH}2024)", True),
        ("Totalt, Index, ny definition", False),
        ("Elever (2020-2024)", False),
    ],
)
def test_a_retired_kpi_is_known_by_its_title(title: str, *, retired: bool) -> None:
    catalogue = pl.DataFrame({"id": ["U07451"], "title": [title]})
    assert bool(findings(catalogue, {"U07451": title})) == retired
