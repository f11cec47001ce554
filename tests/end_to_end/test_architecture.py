"""The rules of the house that a machine can hold: directions, sizes, words, and what the README names."""

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from pipelines.cli import main
from pipelines.plans.approving import pending, to_publish
from pipelines.runs.exits import Exit
from pipelines.settings import Settings, variable
from sources.plan import load_plan
from tests.end_to_end.place import ROOT

PACKAGES = ("pipelines", "sources", "contracts", "output", "tests")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TOP = {"pyproject.toml", "README.md", "LICENSE", "requirements.txt", *PACKAGES}
LONGEST = 400
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_imports_go_the_way_of_the_sentence() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_opens_with_what_belongs_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert ast.get_docstring(ast.parse(text))


def test_the_top_of_the_repository_is_the_sentence() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone, so nothing tells what belongs to the repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the git that made the clone
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    top = {name.partition("/")[0] for name in listed.stdout.split("\0") if name}
    assert {name for name in top if not name.startswith(".")} == TOP


@pytest.mark.parametrize("setting", [variable(each.name) for each in fields(Settings)])
def test_the_readme_names_every_setting(setting: str) -> None:
    assert re.search(rf"\b{setting}\b", README)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_the_readme_names_every_command(command: str) -> None:
    assert re.search(rf"\betappmal {command}\b", README)


def test_the_readme_names_no_command_or_setting_that_is_not_there() -> None:
    spans = re.findall(r"`[^`]+`", README)
    named = {word for span in spans for word in re.findall(r"\betappmal ([a-z][a-z-]*)", span)}
    assert named <= set(main.commands)
    settings = set(re.findall(r"\bETAPPMAL_[A-Z_]*[A-Z]\b", README))
    assert settings == {variable(each.name) for each in fields(Settings)}


@pytest.mark.parametrize("status", Exit, ids=lambda status: status.name)
def test_the_readme_names_every_exit_status(status: Exit) -> None:
    assert f"**{int(status)}** " in README


def test_every_flag_is_explained() -> None:
    for command in main.commands.values():
        assert command.help
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help


def test_the_shipped_plan_approves_its_tables_as_they_are_declared(tmp_path: Path) -> None:
    settings = Settings.read({"ETAPPMAL_HOME": str(tmp_path)})
    plan = load_plan(settings.plan)
    waiting = [each.dataset for each in pending(settings, plan, to_publish(plan))]
    assert waiting == [], "look at the changed columns, then: etappmal approve --in-plan --as 'Etappmål, för exemplet'"


def test_the_lock_of_the_extra_scale_is_that_of_the_rest_and_what_it_adds() -> None:
    main, scale = (
        {line.partition("==")[0]: line for line in (ROOT / name).read_text(encoding="utf-8").splitlines()}
        for name in ("requirements.txt", ".ci/requirements-scale.txt")
    )
    assert main.keys() <= scale.keys()
    assert {name for name, line in main.items() if scale[name] != line} == {"duckdb"}
