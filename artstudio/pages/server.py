"""The studio over HTTP, for one person on this machine: the page, full-quality renders, and the galleries.

The server listens on 127.0.0.1, but every web page that is open in the same browser can reach that address too.
So the `Host` must be this server's own (against DNS rebinding), nothing is handed to another site's page, and
what changes anything needs this run's token, which only the studio's own page can read.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from artstudio.errors import ArtstudioError, BadInput
from artstudio.pages import renders
from artstudio.pages.policy import CLOSED, served_policy
from artstudio.pages.shelf import Shelf
from artstudio.version import VERSION

TOKEN_HEADER = "x-artstudio-token"

MAX_BODY = 1 << 16
"""Bytes of a request's body: a recipe is far smaller."""

_TICK = 0.1
"""Seconds between looks at a picture's progress."""

_ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers too old to know frame-ancestors, which wins over it
}


def studio_app(page: str, folder: Path, port: int, ancestors: Sequence[str] = ()) -> Starlette:
    """Return the application: `page` is the studio's HTML, `folder` the output folder, `port` where it listens.
    Pages of the origins `ancestors` may show it in a frame.

    Its state has `token` and `renders`; call `renders.close()` when the server has ended.
    """
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/api/session", _session),
            Route("/api/renders", _start, methods=["POST"]),
            Route("/api/renders/{id}", _cancel, methods=["DELETE"]),
            Route("/api/renders/{id}/events", _events),
            Route("/api/galleries", _galleries),
            Route("/api/pictures", _pictures),
            Route("/pictures/{name:path}", _picture),
            Route("/thumbnails/{name:path}", _thumbnail),
            Route("/favicon.ico", _no_icon),
        ],
        exception_handlers={HTTPException: _no_page, ArtstudioError: _refusal, Exception: _failure},
    )
    app.state.page = page
    app.state.policy = served_policy(page, ancestors)
    app.state.token = secrets.token_urlsafe(24)
    app.state.shelf = Shelf(folder)
    app.state.renders = renders.Renders(folder)
    app.add_middleware(Guard, port=port, token=app.state.token)
    return app


class Guard:
    """Lets requests through that come from this server's own page, and adds the headers that every answer has."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".removesuffix(":80") for name in ("127.0.0.1", "localhost")}
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name for name, _ in message["headers"]}
                extra = {"content-security-policy": CLOSED, **_ALWAYS}
                new = [(k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in there]
                message["headers"] = [*message["headers"], *new]
            await send(message)

        refusal = self._refuse(scope)
        if not refusal and scope["method"] in ("POST", "DELETE"):
            body = await _read(receive)
            if body is None:
                refusal = 413, f"expected at most {MAX_BODY} bytes"
            receive = _replay(body or b"", receive)
        if refusal:
            status, words = refusal
            await JSONResponse({"error": words}, status)(scope, receive, dressed)
            return
        await self._app(scope, receive, dressed)

    def _refuse(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the reason to turn a request away with, None for a good one."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        host = headers.get("host", [])
        if len(host) != 1 or host[0].lower() not in self._hosts:
            return 421, f"expected a request to {' or '.join(sorted(self._hosts))}"
        site = headers.get("sec-fetch-site", ["same-origin"])
        if scope["method"] in ("GET", "HEAD"):
            # The page itself may be reached by a link; what it reads may not be read, or shown, by others.
            own = scope["path"] == "/" or site in (["same-origin"], ["none"])
            return None if own else (403, "another site may not read this")
        if scope["method"] not in ("POST", "DELETE"):
            return 405, "expected GET, POST or DELETE"
        if site != ["same-origin"] or headers.get("origin", [f"http://{host[0]}"]) != [f"http://{host[0]}"]:
            return 403, "another site may not change anything here"
        if not secrets.compare_digest("".join(headers.get(TOKEN_HEADER, [])).encode(), self._token.encode()):
            return 403, "the studio was started anew; reload the page"
        if _too_long(headers.get("content-length", ["0"])):
            return 413, f"expected at most {MAX_BODY} bytes"
        return None


def _too_long(lengths: list[str]) -> bool:
    return any(not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY for length in lengths)


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body, or None as soon as it is longer than `MAX_BODY`."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _page(request: Request) -> Response:
    state = request.app.state
    return HTMLResponse(state.page, headers={"content-security-policy": state.policy})


async def _session(request: Request) -> Response:
    state = request.app.state
    about = {"token": state.token, "version": VERSION, "folder": str(state.shelf.root)}
    return JSONResponse(about | renders.choices())


async def _start(request: Request) -> Response:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "expected application/json")
    try:
        document = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise BadInput("expected a JSON document") from None
    # On a thread: reading an expression of the recipe's takes its time.
    started = await run_in_threadpool(lambda: request.app.state.renders.start(renders.Wish.read(document)))
    return JSONResponse(started.to_dict(), 202)


async def _cancel(request: Request) -> Response:
    render = request.app.state.renders.find(request.path_params["id"])
    render.stop.set()
    return JSONResponse(render.to_dict())


async def _events(request: Request) -> Response:
    render = request.app.state.renders.find(request.path_params["id"])
    return StreamingResponse(_follow(render), media_type="text/event-stream")


async def _follow(render: renders.Render) -> AsyncIterator[str]:
    last: Mapping[str, Any] = {}
    while True:
        finished, now = render.finished, render.to_dict()
        if now != last:
            yield f"data: {json.dumps(now)}\n\n"
        if finished:
            return
        last = now
        await asyncio.sleep(_TICK)


async def _galleries(request: Request) -> Response:
    return JSONResponse(await run_in_threadpool(request.app.state.shelf.galleries))


async def _pictures(request: Request) -> Response:
    name = request.query_params.get("gallery", "")
    return JSONResponse(await run_in_threadpool(request.app.state.shelf.pictures, name))


async def _picture(request: Request) -> Response:
    path, media_type = await run_in_threadpool(request.app.state.shelf.picture, request.path_params["name"])
    return FileResponse(path, media_type=media_type)


async def _thumbnail(request: Request) -> Response:
    data = await run_in_threadpool(request.app.state.shelf.thumbnail, request.path_params["name"])
    return Response(data, media_type="image/webp")


async def _no_icon(request: Request) -> Response:
    return Response(status_code=204)  # browsers ask for one whatever the page says


async def _no_page(request: Request, error: Exception) -> Response:
    status, words = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return JSONResponse({"error": words}, status)


async def _refusal(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400 if isinstance(error, BadInput) else 500)


async def _failure(request: Request, error: Exception) -> Response:
    # This answer is given outside of the guard.
    headers = {"content-security-policy": CLOSED, **_ALWAYS}
    return JSONResponse({"error": f"internal error: {type(error).__name__}"}, 500, headers)
