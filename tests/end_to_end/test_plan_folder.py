"""The command ``etappmal plan``: a folder that holds, and every fault of one that does not."""

import csv
import json
import shutil
import tomllib
from collections.abc import Iterator

import polars as pl
import pytest

from tests.end_to_end.place import SHIPPED, Place, rewrite
from tests.end_to_end.services import CONFIG, kolada
from tests.end_to_end.test_exit_status import live, paragraphs
from tests.servers.kolada import KoladaServer
from tests.servers.loopback import Asked, Loopback, Reply
from tests.servers.scb import ScbServer, Table

BEGUN = ("--municipality", "0180", "--year", "2023", "--no-areas")


SQUARE = [[[18.0, 59.3], [18.1, 59.3], [18.1, 59.4], [18.0, 59.3]]]


class Geodata(Loopback):
    """SCB's borders of areas, with one area of Stockholm in each layer."""

    base = "/geoserver/stat/wfs"

    def reply(self, asked: Asked) -> Reply:
        """The area of the layer that is asked for."""
        own = {"regsokod": "0180R001", "regsonamn": "Norra", "kommunkod": "0180", "version": "v"}
        more = {"desokod": "0180C1010"} if "DeSO" in asked.query["typeName"] else {}
        shape = {"type": "Polygon", "coordinates": SQUARE}
        return Reply({"type": "FeatureCollection", "features": [{"properties": {**own, **more}, "geometry": shape}]})


@pytest.fixture
def served() -> Iterator[KoladaServer]:
    """Kolada on this machine."""
    with kolada() as server:
        yield server


def asking(server: KoladaServer) -> dict[str, str]:
    """The settings of a command that asks this Kolada."""
    return {"ETAPPMAL_KOLADA_URL": server.url, "ETAPPMAL_KOLADA_RATE": "1000", "ETAPPMAL_RETRY_SECONDS": "5"}


@pytest.mark.slow
def test_the_shipped_plan_holds_and_nothing_is_written(place: Place) -> None:
    ended = place.run("plan", "check", str(SHIPPED))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Huddinge 2023-helar: 9 goals, ")
    assert "10 KPIs" in ended.out
    assert "; recorded answers" in ended.out
    assert list(place.folder.iterdir()) == []


def test_every_fault_of_the_files_is_told_at_once(place: Place) -> None:
    plan = place.edit_plan()
    rewrite(plan / "plan.toml", '\ndirection = "lagre_ar_battre"', '\ndirecton = "lagre_ar_battre"')
    rewrite(plan / "claims.toml", "[[claim]]", "[[claim")
    rewrite(plan / "lines.toml", "kind = ", "kjnd = ")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 2
    register, lines, claims = paragraphs(ended.err)
    assert register.startswith("plan.toml: goal 'trygghet_delaktighet' > indicator 'oro_brottslighet'")
    assert "did you mean 'direction'?" in register
    assert lines.startswith("lines.toml: ")
    assert claims.startswith("claims.toml: is not TOML")


def test_every_refused_extract_and_lost_answer_is_told_at_once(place: Place) -> None:
    plan = place.edit_plan()
    extracts = plan / "extracts"
    rewrite(extracts / "resultatrakning.csv", "71 966", "71x966")
    rewrite(extracts / "uppdrag.csv", "\tNej\tklart", "\tNej\tsnart")
    (extracts / "stickprov.csv").unlink()
    next((plan / "archive" / "objects").glob("*/*.zst")).write_bytes(b"")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 1
    told = paragraphs(ended.err)
    assert any(each.startswith("extracts/resultatrakning.csv, row 2, column 'Utfall helår'") for each in told)
    assert any(each.startswith("extracts/uppdrag.csv") and "is not one of" in each for each in told)
    assert any(each.startswith("extracts/stickprov.csv: there is no such file.") for each in told)
    assert any("the archived answer" in each for each in told)
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        pytest.param("antal_anstallda.csv", "Kommunstyrelsens förvaltning", "!!!", "'!!!' has no letter", id="name"),
        pytest.param("uppdrag.csv", "Utredning om Huddinge", "=1+1", "begins with =, +, - or @", id="formula"),
    ],
)
def test_a_text_that_a_refresh_refuses_is_told(place: Place, file: str, old: str, new: str, told: str) -> None:
    plan = place.edit_plan()
    rewrite(plan / "extracts" / file, old, new)
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 1
    assert f"extracts/{file}" in ended.err
    assert "row " in ended.err
    assert told in ended.err


def test_a_blank_file_of_assignments_is_told_once(place: Place) -> None:
    plan = place.edit_plan()
    (plan / "extracts" / "uppdrag.csv").write_text(" \n")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 1
    assert paragraphs(ended.err) == ["extracts/uppdrag.csv: is empty. Export the table again."]


CORRECTION = """
[[correction]]
id = "fel"
table = "kolada_varden"
column = "varde"
rows = {{ kalla_id = "N00670", kommun_id = "0126", ar = 1950 }}
action = "flaggas"
wrong = 1.0
reason = "{reason}"
reported_to = "Kolada"
reported = 2026-01-01
valid_until = 2099-01-01
"""


def test_personal_data_in_the_reason_of_a_correction_is_told(place: Place) -> None:
    plan = place.edit_plan()
    (plan / "corrections.toml").write_text(CORRECTION.format(reason="Ärendet 811218-9876"), encoding="utf-8")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 2
    assert "corrections.toml: correction number 1 > reason" in ended.err.replace("'fel'", "number 1")
    assert "811218" not in ended.err


@pytest.mark.slow
def test_what_only_a_refresh_finds_is_told(place: Place) -> None:
    plan = place.edit_plan()
    (plan / "corrections.toml").write_text(CORRECTION.format(reason="Fel"), encoding="utf-8")
    ended = place.run("plan", "check", str(plan))
    assert ended.status == 1
    assert "'fel': kolada_varden has no such row" in ended.err
    assert not place.home.exists()
    assert not place.public.exists()


def test_a_plan_without_recorded_answers_holds_and_says_what_to_set(place: Place) -> None:
    plan = place.edit_plan()
    shutil.rmtree(plan / "archive")
    ended = place.run("plan", "check", str(plan))
    assert (ended.status, ended.err) == (0, "")
    assert "set ETAPPMAL_SOURCE=live" in ended.out
    asked = place.run("plan", "check", str(plan), "--source", "live")
    assert (asked.status, asked.err) == (0, "")
    assert asked.out.endswith("; the services are asked: what they say is not tried here\n")


def test_a_folder_that_is_no_plan_is_wrong_use(place: Place) -> None:
    ended = place.run("plan", "check", str(place.folder))
    assert ended.status == 2
    assert "plan.toml: there is no such file." in ended.err


def test_a_first_plan_holds_and_is_not_written_over(place: Place, served: KoladaServer) -> None:
    begun = place.run("plan", "new", *BEGUN, "--to", "stad", settings=asking(served))
    assert (begun.status, begun.err) == (0, "")
    assert "Stockholm 2023, 6 KPIs, " in begun.out
    folder = place.folder / "stad"
    assert sorted(path.name for path in folder.iterdir()) == ["extracts", "mallar", "plan.toml"]
    assert (folder / "mallar" / "LAS_MIG.md").exists()
    register = (folder / "plan.toml").read_bytes()
    assert "version" not in tomllib.loads(register.decode())["rule"], "the rule is the one in force"
    checked = place.run("plan", "check", "stad")
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith("Stockholm 2023-helar: 1 goals, 6 indicators, 0 extracts, 6 KPIs, 0 series;")

    again = place.run("plan", "new", *BEGUN, "--to", "stad", settings=asking(served))
    assert again.status == 2
    assert "is not empty" in again.err
    assert (folder / "plan.toml").read_bytes() == register
    assert [path.name for path in place.folder.iterdir()] == ["stad"]


def test_a_first_plan_has_the_areas_of_its_municipality(place: Place, served: KoladaServer) -> None:
    with Geodata() as geodata:
        settings = {**asking(served), "ETAPPMAL_SCB_WFS_URL": geodata.url}
        begun = place.run("plan", "new", *BEGUN[:-1], "--to", "stad", settings=settings)
    assert (begun.status, begun.err) == (0, "")
    listed = (place.folder / "stad" / "extracts" / "omraden.csv").read_text(encoding="utf-8").splitlines()
    assert "0180R001;regso;Norra;2025;0180" in listed
    checked = place.run("plan", "check", "stad")
    assert (checked.status, checked.err) == (0, "")
    assert "1 extracts, 6 KPIs, 1 series" in checked.out


def test_chosen_kpis_and_all_their_faults(place: Place, served: KoladaServer) -> None:
    begun = place.run("plan", "new", *BEGUN, "--kpi", "N02201", "--kpi", "N00672", settings=asking(served))
    assert begun.status == 0, begun.err
    register = (place.folder / "plan-0180-2023" / "plan.toml").read_text(encoding="utf-8")
    assert 'source = { kolada = "N02201", unit = "antal" }' in register
    assert 'source = { kolada = "N00672", unit = "index" }' in register
    wrong = place.run("plan", "new", *BEGUN, "--kpi", "N99999", "--kpi", "U07451", "--to", "x", settings=asking(served))
    assert wrong.status == 2
    (told,) = paragraphs(wrong.err)
    assert told.startswith("--kpi: N99999 is not in Kolada's list; U07451 is retired: ")
    assert not (place.folder / "x").exists()


@pytest.mark.parametrize(
    ("words", "status", "named"),
    [
        pytest.param(("--municipality", "9999", "--year", "2023"), 2, "--municipality '9999'", id="no municipality"),
        pytest.param(("--municipality", "0001", "--year", "2023"), 2, "--municipality '0001'", id="a region"),
        pytest.param(("--municipality", "0180", "--year", "2999"), 2, "--year 2999", id="a year to come"),
        pytest.param(("--municipality", "0180", "--year", "1898"), 2, "--year 1898", id="a year before Kolada"),
    ],
)
def test_what_no_plan_can_be_about_is_wrong_use(
    words: tuple[str, ...], status: int, named: str, place: Place, served: KoladaServer
) -> None:
    ended = place.run("plan", "new", *words, settings=asking(served))
    assert ended.status == status
    assert named in ended.err
    assert list(place.folder.iterdir()) == []


def dwellings(content: str, year: str, suffixes: tuple[str, str]) -> Table:
    """The dwellings of the one RegSO and the one DeSO, 30 of 120 rented."""
    regions = tuple(f"{code}{suffix}" for code, suffix in zip(("0180R001", "0180C1010"), suffixes, strict=True))
    counts = {"1": 30.0, "2": 60.0, "3": 24.0, "ÖVRIGT": 6.0}
    cells = [(region, form, content, year, count, None) for region in regions for form, count in counts.items()]
    codes = {"Region": regions, "Upplatelseform": tuple(counts), "ContentsCode": (content,), "Tid": (year,)}
    kinds = {**dict.fromkeys(codes, pl.String), "value": pl.Float64, "status": pl.String}
    told = pl.DataFrame(cells, schema=kinds, orient="row")
    return Table(codes, told, time="Tid", metric="ContentsCode", updated="2026-09-30T00:00:00Z")


def tables() -> ScbServer:
    """SCB, with the dwellings by area in both divisions."""
    old, new = ("000006OC", "2023", ("", "")), ("00000864", "2024", ("_RegSO2025", "_DeSO2025"))
    return ScbServer(CONFIG, {"TAB6258": dwellings(*old), "TAB6638": dwellings(*new)})


@pytest.mark.slow
def test_a_first_plan_is_checked_approved_and_published_live_with_its_areas(place: Place) -> None:
    with kolada() as one, tables() as other, Geodata() as geodata:
        settings = {**live((one, other)), "ETAPPMAL_SCB_WFS_URL": geodata.url}
        assert place.run("plan", "new", *BEGUN[:-1], "--to", "plan", settings=settings).status == 0
        assert place.run("plan", "check", "plan", settings=settings).status == 0
        waiting = place.run("refresh", settings=settings)
        assert waiting.status == 1
        assert "waits for an approval" in waiting.err
        assert place.run("approve", "--as", "Informationssäkerhet", settings=settings).status == 0
        ended = place.run("refresh", settings=settings)
    assert ended.status in {0, 5}, ended.err
    outcomes = (place.latest / "indikatorutfall.csv").read_text(encoding="utf-8")
    assert ",u00200,2022,T,80.416667," in outcomes
    graded = list(csv.DictReader((place.latest / "malbedomning.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["namndmal_id"], row["antal_indikatorer"], row["antal_bedombara"]) for row in graded] == [
        ("namndmal", "6", "0")
    ]
    areas = pl.read_parquet(place.latest / "omradesserier.parquet").filter(pl.col("niva") == "regso")
    assert areas.select("omrade_id", "ar", "varde").rows() == [("0180R001", 2023, 25.0), ("0180R001", 2024, 25.0)]
    borders = json.loads((place.latest / "omradesgranser.geojson").read_text(encoding="utf-8"))
    assert [each["id"] for each in borders["features"]] == ["0180R001"]
    page = (place.public / "omraden" / "0180R001" / "index.html").read_text(encoding="utf-8")
    assert "Norra mot hela kommunen" in page
