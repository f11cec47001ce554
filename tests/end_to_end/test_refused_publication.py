"""A refresh whose publication is refused at the last moment: what readers see stays, and the error says what to do."""

from typing import Final

import pytest

from output.publication.releases import read_index
from tests.end_to_end.conftest import python_path
from tests.end_to_end.place import Place, rewrite
from tests.end_to_end.test_exit_status import paragraphs

pytestmark = pytest.mark.slow

BREAKER: Final = '''
"""Loaded by Python at its start: the page about the site gets a link that leads nowhere, once the pages are written."""

import os
import sys

broken = []


def watch(event, arguments):
    if event != "open" or broken or not str(arguments[0]).endswith(os.path.join(".build", "feed.atom")):
        return
    broken.append(arguments[0])
    page = os.path.join(os.path.dirname(arguments[0]), "om", "index.html")
    with open(page, "a", encoding="utf-8") as file:
        file.write('<a href="../saknas/">x</a>')


sys.addaudithook(watch)
'''


@pytest.fixture
def changed(refreshed: Place) -> Place:
    """A place where the example is published, and an extract has another figure now."""
    rewrite(refreshed.edit_plan() / "extracts" / "antal_anstallda.csv", ";420;39;", ";421;40;")
    return refreshed


def test_a_link_inside_that_leads_nowhere(changed: Place) -> None:
    before = changed.seen()
    folder = changed.folder / "breaker"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BREAKER, encoding="utf-8")
    ended = changed.run("refresh", settings={"PYTHONPATH": python_path(folder)})
    assert ended.status == 1
    assert "Traceback" not in ended.err
    error, *_ = paragraphs(ended.err)
    assert "a link leads nowhere: om/index.html leads to saknas/index.html, which is not there." in error
    assert "What was published before stays." in error
    assert without_build(changed.seen()) == before
    assert changed.run("verify").status == 0


def test_a_difference_that_cannot_be_told(changed: Place) -> None:
    index = read_index(changed.public)
    assert index
    release = f"releases/{index.releases[0].id}"
    (changed.public / release / "malbedomning.parquet").write_bytes(b"PAR1")
    before = changed.seen()
    ended = changed.run("refresh")
    assert ended.status == 1
    assert "Traceback" not in ended.err
    error, *_ = paragraphs(ended.err)
    assert f"what changed since release {index.releases[0].id} cannot be told" in error
    assert release in error
    assert "etappmal withdraw" in error
    assert changed.seen() == before


def without_build(seen: dict[str, tuple[str | bytes, int]]) -> dict[str, tuple[str | bytes, int]]:
    """What was seen, without the build that nobody is shown and the next publication sweeps away."""
    return {name: said for name, said in seen.items() if "/.build" not in name}
