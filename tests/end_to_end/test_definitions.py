"""What Dagster is told of the project: every table an asset, well described, in its place in the lineage."""

import ast
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest
from dagster import AssetKey

from contracts import Contract, contract, contracts
from pipelines.assets.follow_up import MODULES, transforms
from pipelines.assets.statistics import LATE
from pipelines.assets.table_asset import CHECK, NIGHTLY
from pipelines.assets.upstream import extract_key
from pipelines.definitions import JOB, build_definitions
from tests.end_to_end.conftest import Refreshed
from tests.end_to_end.place import ROOT

APART = "kolada_hela_landet"
"""The whole country is taken in by a load of its own, in partitions, and is no part of the night."""

TABLES = {
    f"{declared.layer}.{declared.name}": declared
    for layer in ("core", "open", "drift")
    for declared in contracts(layer)
    if declared.name != APART
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    """The definitions, built anew."""
    built = build_definitions()
    dg.Definitions.validate_loadable(built)
    return built


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_an_asset_of_its_name(table: str, definitions: dg.Definitions) -> None:
    declared = TABLES[table]
    node = definitions.resolve_asset_graph().get(AssetKey(declared.name))
    assert node.is_materializable
    assert declared.description.sv in (node.description or "")
    assert declared.description.en in (node.description or "")
    assert node.group_name not in (None, "default")
    assert node.owners
    assert {"duckdb"} < node.kinds
    assert node.metadata["dagster/table_name"] == table
    beside = {verdict.name for verdict in LATE} if declared.name == "farskhet" else set()
    assert {key.name for key in node.check_keys} == {CHECK, *beside}


@pytest.mark.parametrize("table", TABLES)
def test_the_column_schema_is_the_contract(table: str, definitions: dg.Definitions) -> None:
    declared = TABLES[table]
    schema = definitions.resolve_asset_graph().get(AssetKey(declared.name)).metadata["dagster/column_schema"]
    assert [(column.name, column.type) for column in schema.columns] == [
        (column.name, column.duckdb_type) for column in declared.columns
    ]
    for column, promised in zip(schema.columns, declared.columns, strict=True):
        assert promised.title.sv in (column.description or "")
        assert promised.source.text.sv in (column.description or "")
        assert promised.unit is None or f"Enhet: {promised.unit}." in (column.description or "")
        assert column.tags == {"avslöjande": str(promised.disclosure), "källa": str(promised.source)}
        assert column.constraints.nullable == promised.nullable
        assert ("key" in column.constraints.other) == (column.name in declared.key)


def test_no_asset_is_without_a_table(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    made = {node.key.to_user_string() for node in graph.asset_nodes if node.is_materializable}
    assert made == {declared.name for declared in TABLES.values()} | {"publication", APART}


def test_publication_waits_for_every_published_table(definitions: dg.Definitions) -> None:
    parents = definitions.resolve_asset_graph().get(AssetKey("publication")).parent_keys
    assert parents == {AssetKey(declared.name) for layer in ("open", "drift") for declared in contracts(layer)}


def from_extract() -> list[Contract]:
    """The tables that are read from an extract."""
    return [declared for declared in contracts("open") if any(column.heading for column in declared.columns)]


@pytest.mark.parametrize("declared", from_extract(), ids=lambda declared: declared.name)
def test_every_extract_stands_in_the_lineage(declared: Contract, definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    file = AssetKey(list(extract_key(declared.name)))
    assert file in graph.get(AssetKey(declared.name)).parent_keys
    assert graph.get(file).is_external
    assert graph.get(file).group_name == "sources"


@pytest.mark.parametrize(
    ("asset", "upstream"),
    [
        ("rapporter", ["plan", "register"]),
        ("resultatrakning", ["plan", "lines"]),
        ("kolada_varden", ["api", "kolada"]),
        ("scb_varden", ["api", "scb"]),
        ("indikatorutfall", ["kolada_varden"]),
        ("indikatorutfall", ["scb_varden"]),
        ("indikatorer", ["indikatorutfall"]),
        ("malbedomning", ["indikatorer"]),
        ("samlad_bedomning", ["malbedomning"]),
        ("jamforelser", ["kolada_varden"]),
        ("siffergranskning", ["driftsredovisning"]),
    ],
)
def test_lineage(asset: str, upstream: list[str], definitions: dg.Definitions) -> None:
    assert AssetKey(upstream) in definitions.resolve_asset_graph().get(AssetKey(asset)).parent_keys


def test_the_night_runs_the_whole_refresh(definitions: dg.Definitions, tmp_path: Path) -> None:
    schedule = definitions.resolve_schedule_def("nightly")
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 2 * * *", "Europe/Stockholm")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert schedule.job_name == JOB
    repository = definitions.get_repository_def()
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.build_schedule_context(instance=instance, repository_def=repository) as context,
    ):
        (asked,) = schedule.evaluate_tick(context).run_requests or ()
    assert asked.tags["dagster/partition"] == "2023-helar"
    graph = definitions.resolve_asset_graph()
    every = {node.key for node in graph.asset_nodes if node.is_materializable} - {AssetKey(APART)}
    job = definitions.resolve_job_def(JOB)
    assert job.asset_layer.selected_asset_keys == every
    assert {key.asset_key for key in graph.asset_check_keys} == every


def test_what_no_night_has_made_is_late_by_us(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    made = [node for node in graph.asset_nodes if node.is_materializable and node.key != AssetKey(APART)]
    assert {node.freshness_policy for node in made} == {NIGHTLY}


def test_the_graph_reads_as_a_sentence(definitions: dg.Definitions) -> None:
    graph, sentence = definitions.resolve_asset_graph(), ["sources", "contracts", "status", "open_data"]
    place = {node.key: sentence.index(node.group_name or "") for node in graph.asset_nodes}
    steps = {(place[parent], place[node.key]) for node in graph.asset_nodes for parent in node.parent_keys}
    assert {(before, after) for before, after in steps if before > after} == set()
    assert set(place.values()) == set(range(4))


def test_the_instance_tells_nobody(example: Refreshed) -> None:
    written = example.place.home / "snapshot" / "dagster" / "dagster.yaml"
    configured = written.read_text(encoding="utf-8").splitlines()
    assert "telemetry: {enabled: false}" in configured
    assert "nux: {enabled: false}" in configured


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_transform_of_an_extract_is_a_table(module: ModuleType) -> None:
    defined = {
        name
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
    }
    tables = {name for name in transforms() if hasattr(module, name)}
    assert tables
    assert {name for name in defined if name in {each.name for each in contracts("open")}} == tables
    for name in tables:
        assert contract(name).extract.columns


def test_every_transform_is_used() -> None:
    folder = ROOT / "pipelines"
    used = {name for path in folder.rglob("*.py") for name in names_read(path)}
    unused = [
        f"{path.name}: {each.name}"
        for path in (folder / "transforms").glob("*.py")
        for each in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef) and each.name not in used | set(transforms())
    ]
    assert unused == []


def names_read(path: Path) -> set[str]:
    """Every name and attribute that a module reads, but for those that it defines or imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
