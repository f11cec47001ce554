"""The public folder over HTTP, as the web server of a municipality should show it.

Here belongs finding a file in one generation and answering with it. What is said about it stands in
``output.answers``, which a deployment's static server goes by too.
"""

import os
import re
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.answers import (
    ALWAYS,
    ASKED_WITH,
    FAULTS,
    INSTEAD,
    MEDIA_TYPES,
    METHODS,
    PLAIN,
    RELEASE,
    RELEASE_FOLDER,
    SHORT,
    caching,
)
from output.publication.manifest import SUMS, read_sums
from output.publication.releases import TOMBSTONE
from output.site import RELEASES


class PublicFiles(StaticFiles):
    """The files of the current generation, found anew for each request."""

    def __init__(self, public: Path) -> None:
        """Serve what ``public`` points at whenever a request comes; it may not exist yet."""
        super().__init__(directory=public, html=True, check_dir=False)
        self.public = public
        # The folder may be published after the server has started.
        self.config_checked = True

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file in one generation, the link read once, so that a switch cannot mix two.

        Hidden files are nobody's, and no link leads out of the generation.
        """
        if any(part.startswith(".") for part in PurePosixPath(path).parts):
            return "", None
        generation = self.public.resolve()
        found = (generation / path).resolve()
        if not found.is_relative_to(generation):
            return "", None
        try:
            return str(found), found.stat()
        except (FileNotFoundError, NotADirectoryError):
            return "", None

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, or with the way to a page for a folder without one."""
        address = _address(path)
        if address in INSTEAD:
            return _elsewhere(INSTEAD[address])
        asked = MutableHeaders(scope=scope)
        if scope["method"] != "GET" or not asked.get("Range", "").startswith("bytes="):
            # A range in another unit, or of a head, is passed over (RFC 9110, section 14.2).
            del asked["Range"]
        try:
            return await super().get_response(path, scope)
        except HTTPException as fault:
            if fault.status_code != HTTPStatus.NOT_FOUND:
                raise
            if re.search(RELEASE_FOLDER, address) and self.lookup_path(path)[1]:
                return _elsewhere(INSTEAD[f"/{RELEASES}"])
            release = re.search(RELEASE, address)
            if release and self.lookup_path(f"{RELEASES}/{release[1]}/{TOMBSTONE}")[1]:
                raise HTTPException(HTTPStatus.GONE) from fault
            raise

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with a file under its published checksum."""
        path = Path(full_path)
        sha256 = _published_sha256(path)
        cache = caching(_address(self.get_path(scope)))
        headers = {"Cache-Control": cache, **({"ETag": f'"{sha256}"'} if sha256 else {})}
        response = FileResponse(
            path,
            status_code=status_code,
            headers=headers,
            media_type=MEDIA_TYPES.get(path.suffix, PLAIN),
            stat_result=stat_result,
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


class AlwaysSaid:
    """Adds what every answer says."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""

        async def said(message: Message) -> None:
            """Add the headers where the answer starts."""
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(ALWAYS)
            await send(message)

        await self.app(scope, receive, said)


def application(public: Path) -> Starlette:
    """The web application that shows a public folder, whichever generation it points at."""
    return Starlette(
        routes=[Mount("/", PublicFiles(public))],
        middleware=[
            Middleware(AlwaysSaid),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=METHODS,
                allow_headers=ASKED_WITH,
            ),
        ],
        exception_handlers={HTTPException: _fault},
    )


def serve(public: Path, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Show a public folder until stopped."""
    uvicorn.run(application(public), host=host, port=port, log_level="warning", server_header=False)


async def _fault(_: Request, fault: Exception) -> Response:
    """Say in Swedish what went wrong."""
    if not isinstance(fault, HTTPException):
        raise fault
    text = FAULTS.get(fault.status_code, fault.detail)
    return PlainTextResponse(f"{text}\n", status_code=fault.status_code, headers=fault.headers)


def _address(path: str) -> str:
    """An address from the root of the site, of a path in the generation."""
    return f"/{PurePosixPath(path)}"


def _elsewhere(address: str) -> Response:
    """The way to a page."""
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": SHORT})


def _published_sha256(path: Path) -> str | None:
    """The checksum that a file was published with; nothing for a file that stands in no ``SHA256SUMS``."""
    sums = path.parent / SUMS
    try:
        written = sums.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _sums(sums.parent, written).get(path.name)


@lru_cache(maxsize=64)
def _sums(folder: Path, _: int) -> dict[str, str]:
    """The checksums of a folder, read once for each time they were written."""
    return read_sums(folder)
