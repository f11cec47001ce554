"""How an answer is fetched from a service: one session policy for all of them.

Here belong timeouts, retries, the pace, redirects and what is asked again. What an answer must say
stands in ``kolada`` and ``scb``; how it is kept in ``archive``; the archive alone in ``transport``.

An answer with status 200 goes into the archive before anyone reads it. A final refusal (400, 404,
410 …) is kept there too, with its status, and is never given as an answer. What is asked again
(429, 5xx, a broken connection, a cut-off body) leaves no trace.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from random import SystemRandom
from threading import Event, Lock
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError as BrokenBody

from sources.archive import Answer, Archive, Request
from sources.capped import CappedAdapter, until
from sources.errors import AnswerError
from sources.pace import Pace, SharedPace
from sources.transport import Item, Result

AGENT: Final = "etappmal (open data from municipal goals)"
CHUNK: Final = 1 << 20
LARGEST_BODY: Final = 256 << 20
LONGEST_PAUSE: Final = 60.0
KEPT_HEADERS: Final = ("Content-Type", "Content-Language", "ETag", "Last-Modified")
ASKED_AGAIN: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
FOLLOWED_BY_ANY: Final = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
FOLLOWED_BY_GET: Final = FOLLOWED_BY_ANY | {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}
QUOTED: Final = 300


class StatusError(AnswerError):
    """A service's final refusal; ``status`` is its code and ``title`` the title of its problem body."""

    def __init__(self, status: int, title: str, *, where: str, remedy: str) -> None:
        """Say what came."""
        super().__init__(f"the service answered {status}{f': {title}' if title else ''}.", where=where, remedy=remedy)
        self.status = status
        self.title = title


@dataclass(frozen=True)
class Service:
    """A service's base address and the number of requests a second it is asked."""

    url: str
    rate: float

    def __post_init__(self) -> None:
        """Refuse an address that is none, and a rate that never comes to anything."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise AnswerError("is not a base address.", where=repr(self.url), remedy="Give it as https://host/path.")
        if not self.rate > 0:
            raise AnswerError(f"is asked {self.rate} times a second.", where=self.url, remedy="Give a rate above 0.")


class _AskAgainError(Exception):
    """What came is worth asking again, at the earliest after so many seconds."""

    def __init__(self, what: str, after: float = 0.0) -> None:
        """Say what came."""
        super().__init__(what)
        self.what = what
        self.after = after


@dataclass
class Live:
    """Answers from the services themselves, each kept in the archive before it is read.

    ``timeout`` is for a connection and for each read, ``retry_seconds`` for one request with all its
    retries. ``backoff`` is the first pause between two tries; it doubles, with some chance in it.
    With ``since``, an answer that came at or after that time is taken from the archive: so a load
    that was killed goes on without asking again. ``taken`` tells which answers were used, and
    ``asked`` how many times a service was asked, retries included; ``received`` counts the bytes of bodies.
    With ``turns``, a folder, the pace is that of all processes which share it.

    A service that has not answered anything for the time of a whole request is not asked again: what else is
    wanted of it fails at once, with what went wrong the first time.
    """

    services: Mapping[str, Service]
    archive: Archive
    timeout: float = 30.0
    retry_seconds: float = 600.0
    workers: int = 12
    backoff: float = 0.5
    largest_body: int = LARGEST_BODY
    since: datetime | None = None
    turns: Path | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    taken: dict[str, str] = field(default_factory=dict, init=False)
    asked: int = field(default=0, init=False)
    received: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Make a pace for each service."""
        self._paces = {
            name: Pace(service.rate) if self.turns is None else SharedPace(service.rate, self.turns / name)
            for name, service in self.services.items()
        }
        self._down: dict[str, str] = {}
        self._left: set[str] = set()
        self._answered: dict[str, float] = {}
        self._stop = Event()
        self._counting = Lock()
        self._random = SystemRandom()
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": AGENT, "Accept": "application/json"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CappedAdapter(pool_maxsize=self.workers))

    def __enter__(self) -> Self:
        """Use the connections until the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close them."""
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def pace(self, service: str, rate: float) -> None:
        """Ask a service at most so many times a second from now on."""
        self._paces[service].set(rate)

    def refuse(self, request: Request, answer: Answer, why: str) -> None:
        """Keep the answer as evidence, never to be taken for a good one."""
        self.archive.refuse(request, answer, why)
        self.taken.pop(request.canonical, None)

    def was_left(self, request: Request) -> bool:
        """Whether the answer was in the archive already, since the time that answers are taken from there."""
        return request.canonical in self._left

    def gather(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Do the task for several items at once; results in order, the first failure ends it all.

        Only a few more items are begun than there are workers, so that results do not pile up.
        """
        rest, failed = iter(items), list[Exception]()

        def done(item: Item) -> Result:
            """Do one; what fails wakes those that wait to ask again."""
            try:
                return task(item)
            except Exception as error:
                failed.append(error)
                self._stop.set()
                raise

        with ThreadPoolExecutor(self.workers, thread_name_prefix="fetch") as pool:
            begun: deque[Future[Result]] = deque(
                pool.submit(done, item) for item in islice(rest, self.workers + self.workers // 2)
            )
            try:
                while begun:
                    if (error := begun[0].exception()) is not None:
                        raise failed[0] if failed else error
                    yield begun.popleft().result()
                    begun.extend(pool.submit(done, item) for item in islice(rest, 1))
            finally:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                self._stop.clear()

    def fetch(self, request: Request) -> Answer:
        """The answer to a request; an AnswerError says what was asked and what came."""
        answer = self._held(request)
        if answer is None:
            self._left.discard(request.canonical)
            answer = self.archive.add(request, self._ask_until_answered(request))
        else:
            self._left.add(request.canonical)
        if answer.status != HTTPStatus.OK:
            raise _refusal(request, self._url(request), answer)
        self.taken[request.canonical] = answer.sha256
        return answer

    def _held(self, request: Request) -> Answer | None:
        """The archived answer, if it is recent enough and undamaged."""
        if self.since is None:
            return None
        seen = self.archive.seen(request)
        if seen is None or seen < self.since:
            return None
        with suppress(AnswerError):
            return self.archive.find(request)
        return None

    def _ask_until_answered(self, request: Request) -> Answer:
        """Ask, and ask again with longer and longer pauses, until the time is up.

        The time runs from the first turn: to wait for it behind other requests is the pace, no fault.
        """
        if request.service in self._down:
            raise AnswerError(
                f"was not asked: {self._down[request.service]}.",
                where=f"{request.name} ({self._url(request)})",
                remedy="Try later, or allow more time in ETAPPMAL_RETRY_SECONDS.",
            )
        pace = self._paces[request.service]
        deadline, pause, tries = 0.0, self.backoff, 0
        while True:
            if pace.paused_until > (deadline or monotonic() + self.retry_seconds):
                raise AnswerError(
                    f"the service wants no more requests for another {pace.paused_until - monotonic():.0f} seconds.",
                    where=f"{request.name} ({self._url(request)})",
                    remedy="Try later, or allow more time in ETAPPMAL_RETRY_SECONDS.",
                )
            pace.wait(self._stop)
            if self._stop.is_set():
                raise AnswerError("was not asked: another request failed first.", where=request.name, remedy="")
            tries += 1
            deadline = deadline or monotonic() + self.retry_seconds
            try:
                answer = self._ask(request, deadline)
            except _AskAgainError as again:
                if again.after:
                    pace.pause(again.after)
                wait = max(again.after, self._random.uniform(pause / 2, pause))
                pause = min(pause * 2, LONGEST_PAUSE)
                if monotonic() + wait > deadline:
                    told = f"no answer after {tries} tries in {self.retry_seconds:g} seconds; at last: {again.what}"
                    answered = self._answered.get(request.service, 0.0) > deadline - self.retry_seconds
                    if not answered and not again.after:
                        self._down[request.service] = f"{request.name} had {told}"
                    raise AnswerError(
                        f"{told}.",
                        where=f"{request.name} ({self._url(request)})",
                        remedy="Try later, or allow more time in ETAPPMAL_RETRY_SECONDS.",
                    ) from again
                self._stop.wait(wait)
            else:
                self._answered[request.service] = monotonic()
                return answer

    def _ask(self, request: Request, deadline: float) -> Answer:
        """Ask once, with at most one redirect."""
        url = self._url(request)
        for hop in range(2):
            try:
                answer, location = self._send(request, url, deadline)
            except requests.exceptions.SSLError as error:
                raise AnswerError(
                    f"the connection is not secure: {error}.",
                    where=url,
                    remedy="See to the certificates of this machine.",
                ) from error
            except requests.RequestException as error:
                raise _AskAgainError(f"{type(error).__name__}: {error}"[:QUOTED]) from error
            except (BrokenBody, OSError) as error:
                raise _AskAgainError(f"the body broke off ({type(error).__name__}: {error})"[:QUOTED]) from error
            if location is None:
                return answer
            url = _redirected(request, url, location, answer.status, hop)
        raise AnswerError("was redirected twice.", where=request.name, remedy="Correct the base address.")

    def _send(self, request: Request, url: str, deadline: float) -> tuple[Answer, str | None]:
        """Send the request; the answer, and where it is redirected to if it is."""
        headers = {"Content-Type": "application/json"} if request.body is not None else {}
        with self._counting:
            self.asked += 1
        with until(deadline):
            sent = self._session.request(
                request.method,
                url,
                data=request.body,
                headers=headers,
                timeout=(self.timeout, self.timeout),
                allow_redirects=False,
                stream=True,
            )
        with sent as response:
            status = response.status_code
            if status in FOLLOWED_BY_GET:
                return Answer(status, {}, b"", self.clock()), response.headers.get("Location", "")
            if status in ASKED_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _AskAgainError(f"status {status}", _retry_after(response.headers))
            body = self._body(request, response, deadline)
            with self._counting:
                self.received += len(body)
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        if status == HTTPStatus.OK and _cut_off(body):
            raise _AskAgainError("the body broke off (it begins as JSON and ends as none)")
        return Answer(status, kept, body, self.clock()), None

    def _body(self, request: Request, response: requests.Response, deadline: float) -> bytes:
        """Read the body while time and size allow."""
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self.largest_body:
                raise AnswerError(
                    f"the body is larger than {self.largest_body} bytes.",
                    where=request.name,
                    remedy="See to the base address: no answer of this service is that large.",
                )
            late = monotonic() > deadline or self._stop.is_set()
            if late and response.raw.length_remaining != 0:
                raise _AskAgainError(f"the body was still coming after {size} bytes")
        left = response.raw.length_remaining
        if left:
            raise _AskAgainError(f"the body broke off ({left} bytes are missing)")
        return b"".join(parts)

    def _url(self, request: Request) -> str:
        """The request's full address."""
        base = self.services[request.service].url.rstrip("/")
        path, _, query = request.target.partition("?")
        return base + quote(path, safe="/,:%()") + (f"?{query}" if query else "")


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that a Retry-After header asks for; it holds seconds or, by the service's clock, a time."""
    after = headers.get("Retry-After", "").strip()
    if after.isdecimal():
        return float(after)
    with suppress(ValueError, TypeError):
        now = parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (parsedate_to_datetime(after) - now).total_seconds())
    return 0.0


def _cut_off(body: bytes) -> bool:
    """Whether a body begins as a JSON object or list and does not end as one."""
    ends = {b"{": b"}", b"[": b"]"}
    begins = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return not body.strip() or (begins in ends and body[-64:].rstrip()[-1:] != ends[begins])


def _redirected(request: Request, url: str, location: str, status: int, hop: int) -> str:
    """Where a redirect leads, if it may be followed: once, to the same host, as what it was."""
    try:
        target = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(target)
    except ValueError:
        target, before, after = location, urlsplit(url), urlsplit("")
    allowed = FOLLOWED_BY_GET if request.method == "GET" else FOLLOWED_BY_ANY
    same_host = after.hostname == before.hostname and after.scheme in {before.scheme, "https"}
    if not location or hop or status not in allowed or not same_host:
        raise AnswerError(
            f"the service answered {status} and redirects to {target!r}.",
            where=f"{request.method} {url}",
            remedy="If that is its new address, set it in "
            f"ETAPPMAL_{request.service.upper()}_URL; it is not followed by itself.",
        )
    return target


def _refusal(request: Request, url: str, answer: Answer) -> StatusError:
    """The error for a final refusal, with the problem body quoted."""
    remedies: Mapping[int, str] = {
        HTTPStatus.GONE: "This address is shut down: set the service's present one in "
        f"ETAPPMAL_{request.service.upper()}_URL.",
        HTTPStatus.NOT_FOUND: f"See to the ids, and to the base address in ETAPPMAL_{request.service.upper()}_URL.",
    }
    remedy = remedies.get(answer.status, "Correct what is asked for in the plan.")
    return StatusError(answer.status, _problem(answer.body), where=f"{request.name} ({url})", remedy=remedy)


def _problem(body: bytes) -> str:
    """Title and detail of a problem body, or the beginning of whatever came."""
    with suppress(ValueError, RecursionError):
        problem: Any = json.loads(body)
        if isinstance(problem, dict) and "title" in problem:
            return ". ".join(str(problem[part]) for part in ("title", "detail") if problem.get(part))
    return " ".join(body[:QUOTED].decode(errors="replace").split())
