"""A real HTTP server on this machine, which can be told to misbehave.

Here belong HTTP and its faults. What Kolada and SCB say stands in the modules beside this one.
"""

import gzip
import json
import socket
import struct
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from typing import Any, ClassVar, Final, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

HALF_A_BODY: Final = 2


class Fault(StrEnum):
    """What may go wrong on the way, whatever is asked."""

    TOO_MANY = "429 with seconds"
    TOO_MANY_DATE = "429 with a date"
    UNAVAILABLE = "503"
    BROKEN = "500 without a body"
    RESET = "connection reset"
    TRUNCATED = "fewer bytes than Content-Length"
    CUT = "half the body and the right Content-Length for it"
    DRIP = "a slow body"
    HANG = "no answer within the timeout"
    HTML = "an HTML page with status 200"
    GONE = "410"
    NOT_FOUND = "404"
    REDIRECT = "one redirect, to the same server"
    REDIRECT_SEE_OTHER = "a redirect that turns POST into GET"
    REDIRECT_LOOP = "redirects without end"
    REDIRECT_AWAY = "a redirect to another host"
    GZIP = "gzip"
    BOM = "a byte order mark"
    NAN = "NaN"


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


@dataclass
class Reply:
    """What the server means to say."""

    payload: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The payload as compact JSON, or as it is if it is bytes."""
        if isinstance(self.payload, bytes):
            return self.payload
        return json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()


class Faults:
    """Which fault each request meets: those listed, one after the other, then a share of all by lot."""

    def __init__(self, first: Iterable[Fault | None] = (), *, share: float = 0, of: Iterable[Fault] = ()) -> None:
        """``share`` of the requests that follow the first ones meet one of the faults in ``of``."""
        self._first = deque(first)
        self._share = share
        self._of = tuple(of)
        self._random = Random(1)  # noqa: S311 - the same lots in every run
        self._lock = threading.Lock()

    def draw(self) -> Fault | None:
        """The fault of the next request."""
        with self._lock:
            if self._first:
                return self._first.popleft()
            return self._random.choice(self._of) if self._of and self._random.random() < self._share else None


class Loopback(ABC):
    """A server on 127.0.0.1 for the length of a with-block."""

    base = ""

    def __init__(self, *, faults: Faults | None = None, edit: Callable[[Any], Any] | None = None) -> None:
        """``edit`` changes each payload that is sent with status 200."""
        self.faults = faults or Faults()
        self.edit = edit
        self.log: list[Asked] = []
        self.drip_seconds = 0.05
        self.hang_seconds = 1.0
        self.retry_after = "1"
        self._server: ThreadingHTTPServer | None = None

    @abstractmethod
    def reply(self, asked: Asked) -> Reply:
        """What is answered when nothing goes wrong."""

    @property
    def url(self) -> str:
        """The base address."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base}"

    def __enter__(self) -> Self:
        """Start to listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"loopback": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection to a server."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece, or else the kernel waits between them.
    wbufsize = -1
    disable_nagle_algorithm = True
    loopback: ClassVar[Loopback]

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keep quiet."""

    def _answer(self) -> None:
        """Answer, or fail to."""
        loopback = self.loopback
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        path = unquote(parts.path).removeprefix(loopback.base)
        query = dict(parse_qsl(parts.query))
        asked = Asked(self.command, path, query, self.rfile.read(length))
        loopback.log.append(asked)
        # A redirected request has had its fault, unless that is to be redirected for ever.
        fault = loopback.faults.draw() if "moved" not in query else None
        if query.get("moved") == Fault.REDIRECT_LOOP:
            fault = Fault.REDIRECT_LOOP
        reply = loopback.reply(asked)
        if loopback.edit is not None and reply.status == HTTPStatus.OK:
            reply.payload = loopback.edit(reply.payload)
        _FAULTS.get(fault, _as_meant)(self, fault, reply)
        self.wfile.flush()

    def send(self, reply: Reply, body: bytes, length: int) -> None:
        """Send headers with this length, and this body."""
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)


def _as_meant(handler: Handler, fault: Fault | None, reply: Reply) -> None:
    """Nothing goes wrong, or only in what the bytes look like."""
    body = reply.body
    if fault is Fault.GZIP:
        body, reply.headers["Content-Encoding"] = gzip.compress(body), "gzip"
    if fault is Fault.BOM:
        body = b"\xef\xbb\xbf" + body
    if fault is Fault.NAN:
        body = body.replace(b'"value":', b'"value":NaN,"was":', 1).replace(b'NaN,"was":[', b"[NaN,")
    handler.send(reply, body, len(body))


def _status(handler: Handler, fault: Fault | None, reply: Reply) -> None:
    """Another status."""
    del reply
    after = handler.loopback.retry_after
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=float(after)), usegmt=True)
    replies = {
        Fault.TOO_MANY: Reply({"title": "Too many requests"}, 429, {"Retry-After": after}),
        Fault.TOO_MANY_DATE: Reply({"title": "Too many requests"}, 429, {"Retry-After": soon}),
        Fault.UNAVAILABLE: Reply(b"<html>busy</html>", 503),
        Fault.BROKEN: Reply(b"", 500),
        Fault.HTML: Reply(b"<!doctype html><title>Underh\xc3\xa5ll</title>", 200, {"Content-Type": "text/html"}),
        Fault.GONE: Reply(b"Gone", 410),
        Fault.NOT_FOUND: Reply({"type": "Not found", "title": "Non-existent table", "status": 404}, 404),
    }
    chosen = replies[Fault(str(fault))]
    handler.send(chosen, chosen.body, len(chosen.body))


def _reset(handler: Handler, fault: Fault | None, reply: Reply) -> None:
    """Close the connection hard, before or in the middle of the body."""
    body = reply.body
    if fault is Fault.CUT:
        half = body[: len(body) // HALF_A_BODY]
        handler.send(reply, half, len(half))
        return
    if fault is Fault.TRUNCATED:
        handler.send(reply, body[: len(body) // HALF_A_BODY], len(body))
        handler.wfile.flush()
    else:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def _slow(handler: Handler, fault: Fault | None, reply: Reply) -> None:
    """Take time."""
    body = reply.body
    if fault is Fault.HANG:
        time.sleep(handler.loopback.hang_seconds)
        handler.close_connection = True
        return
    handler.send(reply, b"", len(body))
    step = max(1, len(body) // 4)
    for start in range(0, len(body), step):
        handler.wfile.write(body[start : start + step])
        handler.wfile.flush()
        time.sleep(handler.loopback.drip_seconds)


def _redirect(handler: Handler, fault: Fault | None, reply: Reply) -> None:
    """Point elsewhere."""
    del reply
    asked = handler.path.partition("moved=")[0].rstrip("?&")
    host = handler.loopback.url.removesuffix(handler.loopback.base)
    target = f"{host}{asked}{'&' if '?' in asked else '?'}{urlencode({'moved': str(fault)})}"
    if fault is Fault.REDIRECT_AWAY:
        target = f"http://localhost.invalid{handler.path}"
    status = 303 if fault is Fault.REDIRECT_SEE_OTHER else 307
    handler.send(Reply(b"", status, {"Location": target}), b"", 0)


_FAULTS: Final[Mapping[Fault | None, Callable[[Handler, Fault | None, Reply], None]]] = {
    **dict.fromkeys((Fault.TOO_MANY, Fault.TOO_MANY_DATE, Fault.UNAVAILABLE, Fault.BROKEN), _status),
    **dict.fromkeys((Fault.HTML, Fault.GONE, Fault.NOT_FOUND), _status),
    **dict.fromkeys((Fault.RESET, Fault.TRUNCATED, Fault.CUT), _reset),
    **dict.fromkeys((Fault.DRIP, Fault.HANG), _slow),
    **dict.fromkeys(
        (Fault.REDIRECT, Fault.REDIRECT_SEE_OTHER, Fault.REDIRECT_LOOP, Fault.REDIRECT_AWAY),
        _redirect,
    ),
}
