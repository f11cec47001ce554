"""The archive: immutable, found again by request, honest about damage."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.archive import Answer, Archive, Request
from sources.errors import AnswerError

ASKED = Request("kolada", "/kpi/N00670", (("per_page", "5000"), ("page", "2")))


def answer(body: bytes = b"{}", day: int = 1, status: int = 200) -> Answer:
    """An answer of a day in March."""
    return Answer(status, {"Content-Type": "application/json"}, body, datetime(2026, 3, day, tzinfo=UTC))


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_request_is_the_same_whatever_the_order_of_its_query() -> None:
    turned = Request("kolada", "/kpi/N00670", (("page", "2"), ("per_page", "5000")))
    assert turned == ASKED
    assert ASKED.canonical == "kolada GET /kpi/N00670?page=2&per_page=5000"


def test_a_body_is_part_of_the_request() -> None:
    one = Request("scb", "/tables/TAB638/data", method="POST", body='{"a":"å"}'.encode())
    assert one.canonical == 'scb POST /tables/TAB638/data {"a":"å"}'


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("/kpi", "kolada GET /kpi", id="none"),
        pytest.param("/kpi/N00001,N00002,N00003", "kolada GET /kpi/N00001,N00002,N00003", id="three"),
        pytest.param(
            "/data/kpi/N00001,N00002,N00003,N00004/year/2020,2021,2022,2023,2024",
            "kolada GET /data/kpi/N00001…N00004 (4)/year/2020…2024 (5)",
            id="many",
        ),
    ],
)
def test_a_message_names_the_ends_of_a_long_list(path: str, name: str) -> None:
    assert Request("kolada", path).name == name


def test_an_answer_is_found_again_by_another_reader(tmp_path: Path) -> None:
    Archive(tmp_path).add(ASKED, answer(b'{"values":[]}'))
    assert Archive(tmp_path, read_only=True).find(ASKED) == answer(b'{"values":[]}')
    assert Archive(tmp_path, read_only=True).find(Request("kolada", "/kpi")) is None


def test_the_same_bytes_again_are_a_sighting(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(ASKED, answer(day=1))
    before = files(tmp_path)
    again = archive.add(ASKED, answer(day=5))
    assert again.received == datetime(2026, 3, 1, tzinfo=UTC)
    assert {name for name, content in files(tmp_path).items() if before.get(name) != content} == {"sightings.jsonl"}
    assert Archive(tmp_path).seen(ASKED) == datetime(2026, 3, 5, tzinfo=UTC)


def test_other_bytes_are_a_new_answer_and_the_old_ones_stay(archive: Archive) -> None:
    first = archive.add(ASKED, answer(b"[1]", day=1))
    archive.add(ASKED, answer(b"[2]", day=2))
    assert archive.find(ASKED) == answer(b"[2]", day=2)
    assert archive.find(ASKED, first.sha256) == first


def test_bytes_that_come_back_are_known_from_the_day_they_came_back(archive: Archive) -> None:
    for day, body in enumerate((b"[1]", b"[2]", b"[1]"), start=1):
        archive.add(ASKED, answer(body, day=day))
    assert archive.find(ASKED) == answer(b"[1]", day=3)


def test_a_refusal_is_kept_and_never_found(archive: Archive, tmp_path: Path) -> None:
    archive.add(ASKED, answer(b"[1]"))
    archive.add(ASKED, answer(b"Gone", day=2, status=410))
    assert archive.find(ASKED) == answer(b"[1]")
    assert '"status": 410' in (tmp_path / "archive" / "answers.jsonl").read_text("utf-8")


def test_bytes_that_were_refused_are_found_again_only_if_they_come_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(ASKED, answer(b"[1]", day=1))
    bad = archive.add(ASKED, answer(b"<html>", day=2))
    archive.refuse(ASKED, bad, "no JSON")
    for reader in (archive, Archive(tmp_path)):
        assert reader.find(ASKED) == answer(b"[1]", day=1)
    archive.add(ASKED, answer(b"<html>", day=3))
    assert Archive(tmp_path).find(ASKED) == answer(b"<html>", day=3)


def spoil(path: Path) -> None:
    """Change the last byte."""
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def shorten(path: Path) -> None:
    """Cut the file in half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replace(path: Path) -> None:
    """Put another answer's bytes there."""
    other = Archive(path.parent / "other")
    other.add(ASKED, answer(b"[9]"))
    path.write_bytes(next((path.parent / "other").rglob("*.zst")).read_bytes())


@pytest.mark.parametrize("damage", [spoil, shorten, replace, Path.unlink])
def test_damage_is_named_and_mended_by_the_next_answer(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    archive = Archive(tmp_path)
    kept = archive.add(ASKED, answer(b'{"values": [1, 2, 3]}' * 50))
    assert archive.verify() == []
    damage(next(tmp_path.glob("objects/*/*.zst")))
    [found] = archive.verify()
    assert (found.request, found.sha256) == (ASKED.canonical, kept.sha256)
    with pytest.raises(AnswerError, match="/kpi/N00670"):
        archive.find(ASKED)
    archive.add(ASKED, kept)
    assert archive.verify() == []


def test_a_torn_last_line_is_not_there_and_is_cut_away_by_the_next_writer(tmp_path: Path) -> None:
    Archive(tmp_path).add(ASKED, answer(b"[1]"))
    with (tmp_path / "answers.jsonl").open("ab") as file:
        file.write(b'{"request": "kolada GET /kpi", "sta')
    archive = Archive(tmp_path)
    assert archive.find(ASKED) == answer(b"[1]")
    archive.add(ASKED, answer(b"[2]", day=2))
    assert Archive(tmp_path).find(ASKED) == answer(b"[2]", day=2)


@pytest.mark.parametrize("line", [b'{"request": "kol', b"{}", b"[]", b'{"request": "kolada GET /kpi", "status": 200}'])
def test_a_broken_line_in_the_middle_is_named(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "answers.jsonl").write_bytes(line + b"\n{}\n")
    archive = Archive(tmp_path)
    for _ in range(2):
        with pytest.raises(AnswerError, match=r"answers\.jsonl, line 1"):
            archive.find(ASKED)


def test_a_read_only_archive_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="read only"):
        Archive(tmp_path, read_only=True).add(ASKED, answer())
    assert files(tmp_path) == {}


def test_several_threads_may_add_at_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    asked = [Request("kolada", f"/kpi/{number % 20}") for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda request: archive.add(request, answer(request.path.encode())), asked))
    again = Archive(tmp_path)
    assert again.verify() == []
    for request in asked:
        found = again.find(request)
        assert found is not None
        assert found.body == request.path.encode()
    assert len((tmp_path / "answers.jsonl").read_bytes().splitlines()) == 20


def test_no_answer_is_given_before_its_line_is_on_the_disk(tmp_path: Path) -> None:
    archive = Archive(tmp_path)

    def added(number: int) -> bool:
        """Add an answer; whether another reader finds it at once."""
        asked = Request("kolada", f"/kpi/N{number:05d}")
        archive.add(asked, answer(str(number).encode()))
        return Archive(tmp_path, read_only=True).find(asked) is not None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(added, range(60)))
    assert len((tmp_path / "answers.jsonl").read_bytes().splitlines()) == 60


def test_an_index_that_cannot_be_written_fails_every_answer(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(ASKED, answer())
    (tmp_path / "answers.jsonl").unlink()
    (tmp_path / "answers.jsonl").mkdir()
    with ThreadPoolExecutor(4) as pool:
        added = [pool.submit(archive.add, ASKED, answer(str(number).encode())) for number in range(8)]
    assert all(isinstance(each.exception(), IsADirectoryError) for each in added)
