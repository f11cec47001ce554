"""Fetching: what is asked again, what is refused, how fast, and what the archive keeps of it."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from sources.archive import Archive, Request
from sources.errors import AnswerError
from sources.http import Live, Service, StatusError
from sources.transport import Replay
from tests.servers.loopback import Asked, Fault, Faults, Loopback, Reply
from tests.sources.conftest import NOW

ASKED = Request("kolada", "/kpi/N00670,N00590", (("per_page", "5000"),))
POSTED = Request("kolada", "/data", method="POST", body=b'{"selection":[]}')
PAYLOAD = {"title": "Sjukfrånvaro", "values": list(range(200))}
Connect = Callable[..., Live]


class Echo(Loopback):
    """Answers everything with the same object."""

    base = "/v3"

    def reply(self, asked: Asked) -> Reply:
        """The object, with the headers worth keeping and one that is not."""
        return Reply({**PAYLOAD, "method": asked.method}, headers={"ETag": '"1"', "X-Other": "2"})


@dataclass(frozen=True)
class Trouble:
    """Faults that a request meets, one after the other, and the number of times it is then asked."""

    name: str
    faults: tuple[Fault, ...]
    tries: int
    seconds: float = 0


OVERCOME = [
    Trouble("503 twice", (Fault.UNAVAILABLE, Fault.UNAVAILABLE), 3),
    Trouble("500 with an empty body", (Fault.BROKEN,), 2),
    Trouble("429 with seconds", (Fault.TOO_MANY,), 2, seconds=1),
    Trouble("429 with a date", (Fault.TOO_MANY_DATE,), 2),
    Trouble("reset", (Fault.RESET, Fault.RESET), 3),
    Trouble("fewer bytes than promised", (Fault.TRUNCATED,), 2),
    Trouble("half a JSON body", (Fault.CUT,), 2),
    Trouble("no answer in time", (Fault.HANG,), 2),
    Trouble("slow, within the timeout", (Fault.DRIP,), 1),
    Trouble("gzip", (Fault.GZIP,), 1),
    Trouble("a redirect to the same host", (Fault.REDIRECT,), 2),
]


@pytest.mark.parametrize("trouble", OVERCOME, ids=lambda trouble: trouble.name)
@pytest.mark.parametrize("request_", [ASKED, POSTED], ids=["GET", "POST"])
def test_overcome(connect: Connect, archive: Archive, trouble: Trouble, request_: Request) -> None:
    with Echo(faults=Faults(trouble.faults)) as server:
        server.hang_seconds = 0.5
        live = connect("kolada", server.url, timeout=0.3)
        begun = monotonic()
        answer = live.fetch(request_)
    assert json.loads(answer.body) == {**PAYLOAD, "method": request_.method}
    assert dict(answer.headers) == {"Content-Type": "application/json", "ETag": '"1"'}
    assert [asked.method for asked in server.log] == [request_.method] * trouble.tries
    assert {asked.body for asked in server.log} == {request_.body or b""}
    assert monotonic() - begun >= trouble.seconds
    assert archive.find(request_) == answer


REFUSED = [
    (Fault.GONE, ASKED, r"410: Gone.*ETAPPMAL_KOLADA_URL"),
    (Fault.NOT_FOUND, ASKED, "404: Non-existent table"),
    (Fault.REDIRECT_AWAY, ASKED, r"redirects to 'http://localhost\.invalid/v3/kpi"),
    (Fault.REDIRECT_LOOP, ASKED, "307 and redirects to"),
    (Fault.REDIRECT_SEE_OTHER, POSTED, "303 and redirects to"),
]


@pytest.mark.parametrize(("fault", "request_", "message"), REFUSED, ids=[fault.name for fault, _, _ in REFUSED])
def test_refused_at_once(connect: Connect, archive: Archive, fault: Fault, request_: Request, message: str) -> None:
    with Echo(faults=Faults([fault] * 2)) as server, pytest.raises(AnswerError, match=message):
        connect("kolada", server.url).fetch(request_)
    assert len(server.log) <= 2
    assert archive.find(request_) is None


def test_a_problem_body_is_quoted_and_kept(connect: Connect, tmp_path: Path) -> None:
    with Echo(faults=Faults([Fault.NOT_FOUND])) as server, pytest.raises(StatusError) as refusal:
        connect("kolada", server.url).fetch(ASKED)
    assert (refusal.value.status, refusal.value.title) == (404, "Non-existent table")
    [line] = (tmp_path / "archive" / "answers.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["status"] == 404


def test_when_the_time_is_up_the_error_names_what_was_asked_and_what_came(connect: Connect) -> None:
    faults = Faults(share=1, of=[Fault.UNAVAILABLE])
    with Echo(faults=faults) as server, pytest.raises(AnswerError, match=r"N00670,N00590.*tries.*status 503"):
        connect("kolada", server.url, retry_seconds=0.3).fetch(ASKED)
    assert len(server.log) > 2


def test_a_pause_longer_than_the_time_left_is_not_waited_for(connect: Connect) -> None:
    with Echo(faults=Faults([Fault.TOO_MANY])) as server:
        begun = monotonic()
        with pytest.raises(AnswerError, match="429"):
            connect("kolada", server.url, retry_seconds=0.5).fetch(ASKED)
        assert monotonic() - begun < 0.5


def test_a_pause_that_one_request_was_told_to_make_keeps_no_other_waiting_beyond_its_time(connect: Connect) -> None:
    begun = monotonic()
    with Echo(faults=Faults([Fault.TOO_MANY])) as server:
        server.retry_after = "3600"
        live = connect("kolada", server.url, retry_seconds=0.5)
        with pytest.raises(AnswerError, match="429"):
            live.fetch(ASKED)
        with pytest.raises(AnswerError, match=r"N00590 .*no more requests for another 3\d\d\d seconds"):
            live.fetch(Request("kolada", "/kpi/N00590"))
        assert len(server.log) == 1
    assert monotonic() - begun < 5


def test_to_wait_for_a_turn_behind_others_is_no_fault(connect: Connect) -> None:
    with Echo() as server:
        live = connect("kolada", server.url, rate=20, retry_seconds=0.2)
        assert len(list(live.gather(live.fetch, numbered(20)))) == 20


def test_nobody_there(connect: Connect) -> None:
    with Echo() as server:
        url = server.url
    with pytest.raises(AnswerError, match=r"N00670.*ConnectionError"):
        connect("kolada", url, retry_seconds=0.1).fetch(ASKED)


def test_a_body_that_is_too_large_is_refused(connect: Connect) -> None:
    with Echo() as server, pytest.raises(AnswerError, match="larger than 100 bytes"):
        connect("kolada", server.url, largest_body=100).fetch(ASKED)


def test_a_body_that_comes_for_ever_ends_with_the_time(connect: Connect) -> None:
    with Echo(faults=Faults(share=1, of=[Fault.DRIP])) as server:
        server.drip_seconds = 0.2
        live = connect("kolada", server.url, retry_seconds=0.3)
        with pytest.raises(AnswerError, match="still coming"):
            live.fetch(ASKED)


@contextmanager
def dripping_headers() -> Iterator[str]:
    """A server that begins an answer and never comes to its body; its address."""
    over = Event()

    def answer(server: socket.socket) -> None:
        """One connection after the other, a byte at a time."""
        while not over.is_set():
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not over.wait(0.02):
                        connection.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        thread = Thread(target=answer, args=(server,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/v3"
        finally:
            over.set()
            thread.join()


def test_headers_that_come_for_ever_end_with_the_time(connect: Connect) -> None:
    with dripping_headers() as url:
        live = connect("kolada", url, retry_seconds=0.5, timeout=30)
        began = monotonic()
        with pytest.raises(AnswerError, match=r"no answer after 1 tries in 0\.5 seconds"):
            live.fetch(ASKED)
    assert monotonic() - began < 5


OTHER = Request("kolada", "/municipality")


def test_a_service_that_is_down_is_waited_for_once(connect: Connect) -> None:
    with Echo(faults=Faults(share=1, of=[Fault.UNAVAILABLE])) as server:
        live = connect("kolada", server.url, retry_seconds=0.5, backoff=0.1)
        with pytest.raises(AnswerError, match="at last: status 503"):
            live.fetch(ASKED)
        asked = len(server.log)
        with pytest.raises(AnswerError, match=r"/municipality .* was not asked: .*/kpi/N00670,N00590.*503") as told:
            live.fetch(OTHER)
        assert "ETAPPMAL_RETRY_SECONDS" in str(told.value)
        assert len(server.log) == asked


def test_a_service_that_answers_others_is_asked_on(connect: Connect) -> None:
    with Echo(faults=Faults(share=1, of=[Fault.UNAVAILABLE])) as server:
        live = connect("kolada", server.url, retry_seconds=1, backoff=0.1)

        def well() -> None:
            """Answer one request well, while another is waited for."""
            while len(server.log) < 2:
                sleep(0.01)
            server.faults = Faults([None])
            live.fetch(OTHER)
            server.faults = Faults(share=1, of=[Fault.UNAVAILABLE])

        other = Thread(target=well)
        other.start()
        with suppress(AnswerError):
            live.fetch(ASKED)
        other.join()
        server.faults = Faults()
        assert live.fetch(POSTED).status == 200


def numbered(count: int) -> list[Request]:
    """So many requests."""
    return [Request("kolada", f"/kpi/N{number:05}") for number in range(count)]


def test_many_are_fetched_in_order_through_one_request_in_three_failing(connect: Connect) -> None:
    troubles = [Fault.UNAVAILABLE, Fault.RESET, Fault.TRUNCATED, Fault.CUT, Fault.GZIP, Fault.REDIRECT]
    asked = numbered(60)
    with Echo(faults=Faults(share=1 / 3, of=troubles)) as server:
        live = connect("kolada", server.url)
        paths = list(live.gather(lambda request: (live.fetch(request), request.path)[1], asked))
    assert paths == [request.path for request in asked]
    assert set(live.taken) == {request.canonical for request in asked}


def test_the_first_failure_ends_it_all(connect: Connect) -> None:
    begun = monotonic()
    with Echo(faults=Faults([Fault.GONE], share=1, of=[Fault.UNAVAILABLE])) as server:
        live = connect("kolada", server.url, retry_seconds=30, backoff=10, workers=2)
        with pytest.raises(AnswerError):
            list(live.gather(live.fetch, numbered(50)))
    assert monotonic() - begun < 5
    assert len(server.log) <= 4


def test_the_pace_is_kept_and_is_the_bottleneck(connect: Connect) -> None:
    took = []
    with Echo(faults=Faults(share=1, of=[Fault.DRIP])) as server:
        server.drip_seconds = 0.02
        # Whatever else the machine does makes a round slower, never quicker: one that is not held up shows the pace.
        for _ in range(5):
            live = connect("kolada", server.url, rate=80, workers=12)
            begun = monotonic()
            list(live.gather(live.fetch, numbered(40)))
            took.append(monotonic() - begun)
            if took[-1] < 1.25 * 40 / 80:
                break
    assert min(took) >= 39 / 80
    assert took[-1] < 1.25 * 40 / 80


def test_a_load_that_was_killed_goes_on_without_asking_again(connect: Connect, archive: Archive) -> None:
    asked = numbered(3)
    with Echo() as server:
        connect("kolada", server.url).fetch(asked[0])
        again = connect("kolada", server.url, since=NOW - timedelta(hours=1))
        answers = list(again.gather(again.fetch, asked))
        later = connect("kolada", server.url, since=NOW + timedelta(hours=1))
        later.fetch(asked[0])
    assert [asked.path for asked in server.log][1:3].count("/kpi/N00000") == 0
    assert [archive.find(request) for request in asked] == answers
    assert len(server.log) == 4


def test_a_damaged_answer_is_fetched_again(connect: Connect, archive: Archive, tmp_path: Path) -> None:
    with Echo() as server:
        connect("kolada", server.url).fetch(ASKED)
        next(tmp_path.rglob("*.zst")).write_bytes(b"")
        answer = connect("kolada", server.url, since=NOW).fetch(ASKED)
    assert len(server.log) == 2
    assert archive.find(ASKED) == answer


def test_replay_gives_what_was_archived_and_names_what_was_not(connect: Connect, archive: Archive) -> None:
    with Echo() as server:
        live = connect("kolada", server.url)
        answer = live.fetch(ASKED)
    replay = Replay(archive)
    assert replay.fetch(ASKED) == answer
    assert replay.taken == live.taken
    with pytest.raises(AnswerError, match="kolada GET /municipality"):
        replay.fetch(Request("kolada", "/municipality"))


def test_a_pinned_replay_gives_the_answer_that_the_run_used(connect: Connect, archive: Archive) -> None:
    with Echo() as server:
        live = connect("kolada", server.url)
        first = live.fetch(ASKED)
        pinned = dict(live.taken)
        server.edit = lambda payload: {**payload, "title": "ny"}
        second = live.fetch(ASKED)
    assert Replay(archive).fetch(ASKED) == second
    assert Replay(archive, pinned).fetch(ASKED) == first
    with pytest.raises(AnswerError):
        Replay(archive, {}).fetch(ASKED)


@pytest.mark.parametrize(
    ("url", "rate"),
    [("api.kolada.se/v3", 5), ("ftp://api.kolada.se", 5), ("https://api.kolada.se/v3?a=1", 5), ("https://a.se", 0)],
)
def test_an_address_or_rate_that_cannot_be_is_refused(url: str, rate: float) -> None:
    with pytest.raises(AnswerError):
        Service(url, rate)
