"""Incidents: told once when they begin and once when they end, by a real webhook and a real mail server."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipelines.operations.incidents import settle
from pipelines.settings import Settings

FAILED = {"state": "failed", "ended": "2026-01-02", "errors": ["extracts/a.csv, row 3: is blank. Correct it."]}
WELL = {"state": "published", "ended": "2026-01-03"}
HELD = {"state": "unchanged", "ended": "2026-01-04", "held_back": ["N00670 is called 'X' in Kolada. Accept it."]}


@contextmanager
def webhook(*statuses: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that takes messages, and answers with these statuses and then with 200."""
    taken: list[dict[str, str]] = []
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        """Keeps what is posted."""

        def do_POST(self) -> None:
            """Keep the message if it is answered well."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = left.pop(0) if left else 200
            if status == 200:
                taken.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by the base class
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(tmp_path: Path, runs: Sequence[dict[str, Any]], *statuses: int) -> list[str]:
    """The titles of the messages that these runs lead to."""
    with webhook(*statuses) as (url, taken):
        settings = replace(Settings.read({}), home=tmp_path, alert_webhook=url)
        for run in runs:
            settle(settings, run)
    return [message["title"] for message in taken]


BEGAN, OVER = "Etappmål: refresh failed", "Etappmål: over: refresh"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([WELL, WELL], [], id="nothing is wrong"),
        pytest.param([FAILED, FAILED, FAILED], [BEGAN], id="once for an incident"),
        pytest.param([FAILED, WELL, WELL], [BEGAN, OVER], id="and once for its end"),
        pytest.param([FAILED, WELL, FAILED], [BEGAN, OVER, BEGAN], id="a new one is told"),
        pytest.param(
            [HELD, HELD, WELL], ["Etappmål: held back: N00670", "Etappmål: over: held back: N00670"], id="KPI"
        ),
        pytest.param(
            [HELD, FAILED, HELD],
            ["Etappmål: held back: N00670", BEGAN, OVER],
            id="a failed run says nothing of what was held back before it",
        ),
        pytest.param([{**FAILED, "state": "dry run"}], [], id="a dry run is nobody's business"),
    ],
)
def test_what_is_told(tmp_path: Path, runs: list[dict[str, Any]], expected: list[str]) -> None:
    assert told(tmp_path, runs) == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([FAILED, FAILED], [BEGAN], id="is told the next time"),
        pytest.param([FAILED, WELL], [], id="unless it is over by then"),
    ],
)
def test_what_was_not_delivered(tmp_path: Path, runs: list[dict[str, Any]], expected: list[str]) -> None:
    assert told(tmp_path, runs, 500) == expected


def test_a_message_says_what_is_wrong_and_since_when(tmp_path: Path) -> None:
    with webhook() as (url, taken):
        settle(replace(Settings.read({}), home=tmp_path, alert_webhook=url), FAILED)
    assert "extracts/a.csv, row 3: is blank. Correct it." in taken[0]["text"]
    assert "2026-01-02" in taken[0]["text"]


def test_what_fails_says_neither_address_nor_password(tmp_path: Path) -> None:
    settings = replace(
        Settings.read({}),
        home=tmp_path,
        alert_webhook="http://127.0.0.1:9/secret-token",
        alert_email="drift@example.se",
        mail_server="smtp://user:hunter2@127.0.0.1:9",
    )
    (fault,) = settle(settings, FAILED)
    assert "webhook (ConnectionError) and e-mail (ConnectionRefusedError)" in fault
    assert "secret-token" not in fault
    assert "hunter2" not in fault


def test_without_settings_nothing_is_sent_and_the_incident_is_kept(tmp_path: Path) -> None:
    settings = replace(Settings.read({}), home=tmp_path)
    assert settle(settings, FAILED) == []
    assert [each["subject"] for each in json.loads((settings.data_home / "incidents.json").read_text())] == ["refresh"]


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    settings = replace(Settings.read({}), home=tmp_path)
    settings.data_home.mkdir(parents=True)
    (settings.data_home / "incidents.json").write_text("{")
    assert told(tmp_path, [FAILED]) == [BEGAN]


class Mailbox:
    """Takes mail."""

    def __init__(self) -> None:
        """Nothing has come."""
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Take a message."""
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 OK"


def test_a_mail_comes_from_the_contact(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings = replace(
            Settings.read({}), home=tmp_path, alert_email="drift@example.se", mail_server=f"smtp://127.0.0.1:{port}"
        )
        assert settle(settings, FAILED) == []
    finally:
        controller.stop()
    message = message_from_bytes(mailbox.taken[0], policy=policy.default)
    assert (message["From"], message["To"]) == (settings.contact, "drift@example.se")
    assert message["Subject"] == BEGAN
    assert "extracts/a.csv, row 3: is blank. Correct it." in message.get_content()
