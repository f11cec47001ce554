"""Links inside what is published: the ones that lead somewhere, and the ones that do not."""

from pathlib import Path

import pytest

from output.publication.links import broken_links

FILES = {
    "index.html": '<a href="mal/">Mål</a>',
    "mal/index.html": '<h2 id="etappmål">x</h2>',
    "latest/a.csv": "",
    "assets/å.css": "",
}


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("../latest/a.csv", id="a file"),
        pytest.param("../", id="the start"),
        pytest.param("../mal/", id="a folder with a page"),
        pytest.param("", id="the page itself"),
        pytest.param("#etappmål", id="a place in the page"),
        pytest.param("../mal/#etappm%C3%A5l", id="a place, in signs of an address"),
        pytest.param("../assets/%C3%A5.css", id="a file, in signs of an address"),
        pytest.param("https://www.kolada.se/x", id="another's address"),
        pytest.param("mailto:oppnadata@example.se", id="a mailbox"),
        pytest.param("../latest/a.csv?x=1&amp;y=2", id="a query"),
    ],
)
def test_a_link_that_leads_somewhere(tmp_path: Path, link: str) -> None:
    assert broken(tmp_path, link) == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        pytest.param("../latest/b.csv", "latest/b.csv", id="no such file"),
        pytest.param("../ekonomi/", "ekonomi/index.html", id="no such page"),
        pytest.param("#nowhere", "mal/index.html#nowhere", id="no such place"),
        pytest.param("../../outside", "../outside", id="out of the generation"),
        pytest.param("/latest/a.csv", "/latest/a.csv", id="from the root of the host"),
        pytest.param("../latest", "latest", id="a folder without a page"),
    ],
)
def test_a_link_that_leads_nowhere(tmp_path: Path, link: str, told: str) -> None:
    assert broken(tmp_path, link) == [f"mal/index.html leads to {told}, which is not there"]


def broken(folder: Path, link: str) -> list[str]:
    """What is wrong where a page has this link."""
    for name, text in {**FILES, "mal/index.html": f'{FILES["mal/index.html"]}<a href="{link}">x</a>'}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return broken_links(folder, frozenset(FILES))
