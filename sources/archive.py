"""The archive: every answer kept as it came, found again by its request.

Here belong the request, the answer and the folder that holds them. How an answer is fetched stands
in ``http``, what it says in ``kolada`` and ``scb``.

    objects/ab/<sha256>.zst   the bytes of an answer, compressed, named by the hash of the bytes
    answers.jsonl             one line for each new answer: request, status, headers, hash, time
    sightings.jsonl           one line each time the newest answer came again unchanged
    refused.jsonl             one line for each answer that came whole but was not what it should be

Nothing is ever rewritten. A line that a kill tore off is cut away by the next writer.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from threading import Lock, get_ident, local
from typing import Any, Final
from urllib.parse import urlencode

import zstandard

from sources.errors import AnswerError, LostAnswerError

COMPRESSION: Final = zstandard.ZstdCompressionParameters.from_level(1, window_log=17, hash_log=12, min_match=6)
"""Quick, with tables that fit in the nearest memory; more does not make answers of numbers smaller."""

LISTED: Final = re.compile(r"(\w+)((?:,\w+){2,}),(\w+)")
"""A list of four ids or more."""

REMEDY: Final = "Refresh again from the service: the answer is then fetched anew."


@dataclass(frozen=True)
class Request:
    """What is asked of a service, apart from the address the service happens to have.

    ``query`` holds pairs and is kept sorted. A next page is a request of its own.
    """

    service: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None

    def __post_init__(self) -> None:
        """Sort the query, so that the order in which it was written does not matter."""
        object.__setattr__(self, "query", tuple(sorted(self.query)))

    @cached_property
    def target(self) -> str:
        """Path and query, as they follow the base address."""
        return self.path + (f"?{urlencode(self.query, safe=',:')}" if self.query else "")

    @cached_property
    def canonical(self) -> str:
        """The one way to write this request; the archive's key."""
        asked = f"{self.service} {self.method} {self.target}"
        return asked if self.body is None else f"{asked} {self.body.decode(errors='backslashreplace')}"

    @property
    def name(self) -> str:
        """The request for an error message: the canonical form, of long lists the ends, shortened when it is long."""
        longest = 300
        name = LISTED.sub(lambda ids: f"{ids[1]}…{ids[3]} ({ids[0].count(',') + 1})", self.canonical)
        return name if len(name) <= longest else f"{name[:longest]} …"


@dataclass(frozen=True)
class Answer:
    """What came, byte for byte. ``received`` is when these bytes became the current answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received: datetime
    sha256: str = field(default="")

    def __post_init__(self) -> None:
        """Hash the bytes unless the hash is known."""
        if not self.sha256:
            object.__setattr__(self, "sha256", hashlib.sha256(self.body).hexdigest())


@dataclass(frozen=True)
class Damage:
    """An answer in the archive that is not what it was."""

    request: str
    sha256: str
    what: str


@dataclass
class _Entry:
    """An answer's line in the index, without its bytes."""

    request: str
    status: int
    headers: Mapping[str, str]
    sha256: str
    received: datetime
    seen: datetime
    refused: bool = False

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> "_Entry":
        """Read a line of ``answers.jsonl``."""
        received = datetime.fromisoformat(line["received"])
        return cls(line["request"], line["status"], line["headers"], line["sha256"], received, received)


class Archive:
    """A folder of answers. Several threads and processes may use it at once; a process reads the index once."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Name the folder; it is read at the first question and made at the first answer."""
        self._folder = folder
        self._read_only = read_only
        self._lock = Lock()
        self._writing = Lock()
        self._noted: list[tuple[str, Mapping[str, Any]]] = []
        self._local = local()
        self._index: dict[str, list[_Entry]] | None = None

    def find(self, request: Request, sha256: str | None = None, until: datetime | None = None) -> Answer | None:
        """The newest good answer to the request, or the one with this hash; None if there is none.

        With ``until``, the one with this hash that had come by then: bytes may come back, and what was
        good to one reader may be refused by a later one. An AnswerError names the entry when its bytes
        are damaged or missing.
        """
        with self._lock:
            entry = self._newest(request.canonical, sha256, until)
        if entry is None:
            return None
        return Answer(entry.status, entry.headers, self._bytes(entry), entry.received, entry.sha256)

    def seen(self, request: Request) -> datetime | None:
        """When the newest good answer to the request last came."""
        with self._lock:
            entry = self._newest(request.canonical)
            return entry.seen if entry else None

    def add(self, request: Request, answer: Answer) -> Answer:
        """Keep an answer. The same bytes as last time add only a sighting.

        Gives the answer back with the time from which these bytes have been the current answer.
        """
        if self._read_only:
            raise AnswerError(
                "the archive is read only.", where=str(self._folder), remedy="Name a home of your own in ETAPPMAL_HOME."
            )
        self._keep(answer)
        with self._lock:
            newest = self._newest(request.canonical) if answer.status == HTTPStatus.OK else None
            stamp = answer.received.astimezone(UTC).isoformat()
            if newest is not None and newest.sha256 == answer.sha256:
                sighting = {"request": newest.request, "sha256": newest.sha256, "seen": stamp}
                self._noted.append(("sightings.jsonl", sighting))
                self._see(sighting)
                answer = Answer(newest.status, newest.headers, answer.body, newest.received, newest.sha256)
            else:
                line = {
                    "request": request.canonical,
                    "status": answer.status,
                    "headers": dict(answer.headers),
                    "sha256": answer.sha256,
                    "bytes": len(answer.body),
                    "received": stamp,
                }
                self._noted.append(("answers.jsonl", line))
                self._know(line)
        self._settle()
        return answer

    def refuse(self, request: Request, answer: Answer, why: str) -> None:
        """Remember that these bytes are no good answer to the request; they stay as evidence."""
        if self._read_only:
            return
        with self._lock:
            until = answer.received.astimezone(UTC).isoformat()
            line = {"request": request.canonical, "sha256": answer.sha256, "received": until, "why": why}
            self._noted.append(("refused.jsonl", line))
            self._forget(line)
        self._settle()

    def verify(self) -> list[Damage]:
        """Hash everything again; what is damaged or missing."""
        with self._lock:
            entries = [entry for known in self._entries().values() for entry in known]
        return [damage for entry in entries for damage in self._damage(entry)]

    def _damage(self, entry: _Entry) -> Iterator[Damage]:
        """What is wrong with the bytes of an entry, if anything."""
        try:
            self._bytes(entry)
        except AnswerError as error:
            yield Damage(entry.request, entry.sha256, error.what)

    def _newest(self, canonical: str, sha256: str | None = None, until: datetime | None = None) -> _Entry | None:
        """The last good entry of a request; with ``until``, the last that had come by then. The lock is held."""
        good = (
            entry
            for entry in reversed(self._entries().get(canonical, ()))
            if entry.status == HTTPStatus.OK
            and sha256 in (None, entry.sha256)
            and (not entry.refused if until is None else entry.received <= until)
        )
        return next(good, None)

    def _path(self, sha256: str) -> Path:
        """Where bytes with this hash lie."""
        return self._folder / "objects" / sha256[:2] / f"{sha256}.zst"

    def _bytes(self, entry: _Entry) -> bytes:
        """The bytes of an entry, held to their hash."""
        path = self._path(entry.sha256)
        where = f"{path} ({entry.request})"
        try:
            body = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
        except OSError:
            raise LostAnswerError("the archived answer is missing.", where=where, remedy=REMEDY) from None
        except zstandard.ZstdError:
            raise LostAnswerError("the archived answer cannot be unpacked.", where=where, remedy=REMEDY) from None
        if hashlib.sha256(body).hexdigest() != entry.sha256:
            raise LostAnswerError("the archived answer is not the one that came.", where=where, remedy=REMEDY)
        return body

    def _keep(self, answer: Answer) -> None:
        """Write the bytes unless they lie there, whole, already."""
        path = self._path(answer.sha256)
        if path.exists():
            held = _Entry("", answer.status, {}, answer.sha256, answer.received, answer.received)
            if not list(self._damage(held)):
                return
        # A new file lies near its folder: in one folder, which file systems make sooner than in hundreds.
        part = path.parent.with_name(f"{answer.sha256}.{os.getpid()}-{get_ident()}.part")
        file = _created(part)
        try:
            _write(file, self._compressor.compress(answer.body))
            os.fsync(file)
        finally:
            os.close(file)
        _moved(part, path)

    @property
    def _compressor(self) -> zstandard.ZstdCompressor:
        """This thread's own, kept for its memory."""
        if not hasattr(self._local, "compressor"):
            self._local.compressor = zstandard.ZstdCompressor(compression_params=COMPRESSION)
        compressor: zstandard.ZstdCompressor = self._local.compressor
        return compressor

    def _entries(self) -> dict[str, list[_Entry]]:
        """The index, read once. The lock is held."""
        if self._index is None:
            self._index = {}
            try:
                self._each("answers.jsonl", self._know)
                self._each("sightings.jsonl", self._see)
                self._each("refused.jsonl", self._forget)
            except AnswerError:
                self._index = None
                raise
        return self._index

    def _know(self, line: Mapping[str, Any]) -> None:
        """Take an answer into the index. The lock is held."""
        entry = _Entry.read(line)
        self._entries().setdefault(entry.request, []).append(entry)

    def _see(self, line: Mapping[str, str]) -> None:
        """Note when an answer last came. The lock is held."""
        seen = datetime.fromisoformat(line["seen"])
        for entry in self._entries().get(line["request"], ()):
            if entry.sha256 == line["sha256"]:
                entry.seen = max(entry.seen, seen)

    def _forget(self, line: Mapping[str, str]) -> None:
        """Leave refused bytes out of the answers to a request. The lock is held.

        The same bytes may come again, and be good to a reader that has learnt better.
        """
        until = datetime.fromisoformat(line["received"])
        for entry in self._entries().get(line["request"], ()):
            if entry.sha256 == line["sha256"] and entry.received <= until:
                entry.refused = True

    def _each(self, name: str, take: Callable[[Mapping[str, Any]], None]) -> None:
        """Take each line of an index file; a torn last line is not there."""
        path = self._folder / name
        if not path.exists():
            return
        for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
            try:
                take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                raise AnswerError(
                    "the line of the archive's index cannot be read.",
                    where=f"{path}, line {number}",
                    remedy="Restore the file from a backup, or begin a new archive.",
                ) from None

    def _settle(self) -> None:
        """See to the disk all lines that are noted by now; whoever waits for his turn finds that it is done."""
        with self._writing:
            with self._lock:
                noted, self._noted = self._noted, []
            try:
                for name in dict(noted):
                    self._append(name, [line for file, line in noted if file == name])
            except OSError:
                with self._lock:
                    self._noted = noted + self._noted
                raise

    def _append(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Add lines to an index file and see them to the disk."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / name).open("a+b") as file:
            # Others may add lines to the same archive: what looks torn could be a line that one of them is writing.
            fcntl.flock(file, fcntl.LOCK_EX)
            _cut_torn_line(file.fileno())
            file.write(b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())


def _created(path: Path) -> int:
    """Open a new file; its folder is made only if it is not there, since nearly always it is."""
    for_writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        return os.open(path, for_writing, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, for_writing, 0o666)


def _write(file: int, content: bytes) -> None:
    """Write all of it."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _moved(part: Path, path: Path) -> None:
    """Move a file to its place; the folder is made only if it is not there."""
    try:
        part.replace(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)


def _cut_torn_line(file: int) -> None:
    """Cut away what follows the last line break of an open file."""
    size = os.fstat(file).st_size
    if size == 0 or os.pread(file, 1, size - 1) == b"\n":
        return
    tail = os.pread(file, size, 0)
    os.ftruncate(file, tail.rfind(b"\n") + 1)
