"""Alerts: a message to a webhook, by e-mail, or both, as the settings say.

Here belongs how a message is delivered. What is worth one belongs in ``pipelines.operations.incidents``.
"""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

import requests

from pipelines.settings import Settings

TIMEOUT: Final = 10.0
SUBMISSION: Final = 587
"""The port at which a mail server takes messages over a connection that becomes secret."""


class Undelivered(Exception):  # noqa: N818 - it says what became of a message, not that the run is at fault
    """A message that did not reach everyone it was meant for; no address or password stands in it."""


def deliver(settings: Settings, title: str, text: str) -> None:
    """Send a message wherever the settings say; nowhere, where they say nothing.

    Raises Undelivered naming the ways that failed.
    """
    ways = (("webhook", settings.alert_webhook, _post), ("e-mail", settings.alert_email, _mail))
    failed = []
    for name, address, send in ways:
        if not address:
            continue
        try:
            send(settings, title, text)
        except (requests.RequestException, smtplib.SMTPException, OSError) as error:
            failed.append(f"{name} ({type(error).__name__})")
    if failed:
        raise Undelivered(f"an alert could not be sent by {' and '.join(failed)}: {title}. It is sent again next time.")


def _post(settings: Settings, title: str, text: str) -> None:
    """Post the message as JSON; ``text`` is the field that Slack, Mattermost and Teams read."""
    told = {"title": title, "text": f"{title}\n\n{text}"}
    requests.post(settings.alert_webhook, json=told, timeout=TIMEOUT, allow_redirects=False).raise_for_status()


def _mail(settings: Settings, title: str, text: str) -> None:
    """Mail the message from the contact of the settings."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.contact, settings.alert_email, title
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="etappmal.local")
    message.set_content(text)
    server = urlsplit(settings.mail_server)
    secret = server.scheme == "smtps"
    connect = smtplib.SMTP_SSL if secret else smtplib.SMTP
    with connect(server.hostname or "", server.port or 0, timeout=TIMEOUT) as smtp:
        if not secret and server.port == SUBMISSION:
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
