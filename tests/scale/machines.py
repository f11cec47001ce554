"""PostgreSQL, Redis and workers, started on free ports below a folder of their own, and stopped.

Here belongs what stands for several machines. What they do stands in the tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.end_to_end.place import ETAPPMAL, Place

PASSWORD: Final = "hemligt123"  # noqa: S105 - of servers that live as long as a test
LONGEST: Final = 60.0
"""Seconds within which anything has started."""


def postgres_folder() -> Path | None:
    """Where the programs of PostgreSQL lie, the newest; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def missing() -> str | None:
    """What this machine lacks; None where it has all."""
    if postgres_folder() is None:
        return "PostgreSQL is not installed"
    if shutil.which("redis-server") is None:
        return "Redis is not installed"
    return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Redis, each with a password."""

    postgres_port: int
    redis_port: int

    def database(self, name: str) -> None:
        """Make a database."""
        address = ["-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", "etappmal"]
        folder = postgres_folder()
        assert folder is not None
        subprocess.run([folder / "createdb", *address, name], env={**os.environ, "PGPASSWORD": PASSWORD}, check=True)

    def settings(self, name: str, number: int) -> dict[str, str]:
        """The settings by which a home uses them: its own databases, made here, and its own part of Redis."""
        self.database(f"sjo_{name}")
        self.database(f"dagster_{name}")
        return {
            "ETAPPMAL_EXECUTOR": "celery",
            "ETAPPMAL_WAREHOUSE": f"ducklake:postgres:dbname=sjo_{name} host=127.0.0.1 port={self.postgres_port} "
            f"user=etappmal password={PASSWORD}",
            "ETAPPMAL_STORAGE": f"postgresql://etappmal:{PASSWORD}@127.0.0.1:{self.postgres_port}/dagster_{name}",
            "ETAPPMAL_BROKER": f"redis://:{PASSWORD}@127.0.0.1:{self.redis_port}/{number}",
        }


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both, and stop them."""
    found = Servers(free_port(), free_port())
    with TemporaryDirectory(prefix="etappmal-scale-") as name:
        folder = Path(name)
        with _postgres(folder, found.postgres_port), _redis(folder, found.redis_port):
            yield found


@contextmanager
def _postgres(folder: Path, port: int) -> Iterator[None]:
    """PostgreSQL, as a user of its own: it does not run as root."""
    programs = postgres_folder()
    assert programs is not None
    own = folder / "postgres"
    own.mkdir()
    (own / "password").write_text(PASSWORD, encoding="ascii")
    as_user: list[str] = []
    if os.getuid() == 0:
        folder.chmod(0o755)
        for path in (own, own / "password"):
            shutil.chown(path, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = own / "data"
    made = ["-D", str(data), "-U", "etappmal", "-A", "scram-sha-256", "--pwfile", str(own / "password"), "--no-sync"]
    subprocess.run([*as_user, str(programs / "initdb"), *made], cwd=own, check=True, stdout=subprocess.DEVNULL)
    options = f"-p {port} -k {own} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(own / "log"), "-o", options]
    subprocess.run([*control, "start"], cwd=own, check=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        stopped = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop"]
        subprocess.run(stopped, cwd=own, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _redis(folder: Path, port: int) -> Iterator[None]:
    """Redis, in memory alone."""
    (folder / "redis").mkdir()
    (folder / "redis" / "redis.conf").write_text(
        f"port {port}\nbind 127.0.0.1\nsave ''\nrequirepass {PASSWORD}\ndir {folder / 'redis'}\n", encoding="ascii"
    )
    command = ["redis-server", str(folder / "redis" / "redis.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _until_listening(port)
        try:
            yield
        finally:
            process.terminate()


def _until_listening(port: int) -> None:
    """Wait for a server."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    message = f"nobody listens on port {port}"
    raise TimeoutError(message)


@dataclass
class Worker:
    """A worker process, with the process that does its steps, in a group of their own."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def did(self) -> int:
        """How many steps it has done."""
        return self.log.read_text(encoding="utf-8").count("succeeded in")

    def at_work(self) -> bool:
        """Whether it has received a step that it has not done."""
        text = self.log.read_text(encoding="utf-8")
        return text.count("] received") > text.count("succeeded in") + text.count("retry: ")

    def kill(self) -> None:
        """End all of it at once, by SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Site:
    """A home that several workers share, with its settings."""

    place: Place
    settings: dict[str, str]
    workers: list[Worker] = field(default_factory=list)

    def start(self, *names: str) -> None:
        """Start workers, and wait until they are ready."""
        begun = [self._begin(name) for name in names]
        until = time.monotonic() + LONGEST
        while not all(" ready." in worker.log.read_text(encoding="utf-8") for worker in begun):
            assert time.monotonic() < until, [worker.log.read_text(encoding="utf-8") for worker in begun]
            time.sleep(0.1)
        self.workers += begun

    def _begin(self, name: str) -> Worker:
        """Start a worker."""
        log = self.place.folder / f"worker-{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [str(ETAPPMAL), "worker", "--name", name],
                env={**self.place.environment, **self.settings},
                cwd=self.place.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Worker(name, log, process)

    def refresh(self) -> "subprocess.Popen[str]":
        """Begin a refresh."""
        return subprocess.Popen(
            [str(ETAPPMAL), "refresh"],
            env={**self.place.environment, **self.settings},
            cwd=self.place.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def written(self) -> str:
        """All that the workers have said, and all that stands in files of the home as text."""
        files = [worker.log for worker in self.workers]
        files += [path for path in self.place.home.rglob("*") if path.suffix in {".json", ".yaml", ".jsonl"}]
        return "\n".join(path.read_text(encoding="utf-8") for path in files)


@contextmanager
def site(folder: Path, settings: dict[str, str], *names: str) -> Iterator[Site]:
    """A home with these workers, which are killed in the end."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Site(Place(folder), settings)
    try:
        found.start(*names)
        yield found
    finally:
        for worker in found.workers:
            worker.kill()
