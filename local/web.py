"""The page's origin on a developer's machine: the page, its settings, and the doors behind /api."""

import argparse
import json
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from infra import headers

# Of the connection, not of the message: a proxy must not pass these on (RFC 9110, 7.6.1).
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer "
    b"transfer-encoding upgrade".split()
)
# The doors' own headers, none of the server's.
AS_GIVEN: dict[str, Any] = {"date_header": False, "server_header": False}
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]


def application(
    page: Path,
    doors: str,
    configuration: dict[str, Any],
    connect: list[str],
    media: list[str],
    linked: list[str],
) -> Starlette:
    """`page` is the built page, `doors` the address that stands behind /api.

    `connect`, `media` and `linked` are the origins that the page's security policy lets it reach.
    """
    policy = headers.content_security_policy(connect, media, linked, secure=False)
    security = headers.plain(policy)
    behind = httpx.AsyncClient(
        timeout=60, limits=httpx.Limits(max_connections=100, max_keepalive_connections=40)
    )

    async def forward(request: Request) -> Response:
        """Pass a request on byte for byte, and its answer back."""
        path = request.scope["raw_path"].decode("latin-1").removeprefix("/api")
        query = request.scope["query_string"].decode("latin-1")
        body = await request.body()
        passed = [
            (name, value)
            for name, value in request.headers.raw
            if name not in HOP_BY_HOP and name not in (b"host", b"content-length")
        ]
        try:
            async with behind.stream(
                request.method,
                f"{doors}{path}{'?' + query if query else ''}",
                headers=passed,
                content=body or None,
            ) as answer:
                content = b"".join([part async for part in answer.aiter_raw()])
        except httpx.TransportError:
            return JSONResponse({"code": "unavailable"}, 502)
        response = Response(content, answer.status_code)
        response.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower() not in HOP_BY_HOP and name.lower() != b"content-length"
        ] + [(b"content-length", str(len(content)).encode())]
        return response

    async def settings(_: Request) -> Response:
        """What the page has to know before it can log in."""
        return JSONResponse(configuration, headers={**security, "Cache-Control": "no-cache"})

    async def serve(request: Request) -> Response:
        """A file of the page, or the page itself for every place inside it."""
        asked = (page / request.path_params["path"]).resolve()
        inside = asked.is_relative_to(page.resolve()) and asked.is_file()
        if not inside and "." in asked.name:
            return PlainTextResponse("not found", 404, security)
        file = asked if inside else page / "index.html"
        if not file.is_file():
            return PlainTextResponse("The page is not built: npm run build", 503, security)
        kept = "assets" in file.relative_to(page.resolve() if inside else page).parts[:1]
        cache = "public, max-age=31536000, immutable" if kept else "no-cache"
        return FileResponse(file, headers={**security, "Cache-Control": cache})

    return Starlette(
        routes=[
            Route("/api/{path:path}", forward, methods=METHODS),
            Route("/config.json", settings),
            Route("/{path:path}", serve),
        ]
    )


def main() -> None:
    """`python -m local.web`, started by local.stack."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--page", type=Path, required=True)
    options.add_argument("--doors", required=True)
    options.add_argument("--config", type=Path, required=True)
    options.add_argument("--connect", nargs="*", default=[])
    options.add_argument("--media", nargs="*", default=[])
    options.add_argument("--linked", nargs="*", default=[])
    given = options.parse_args()
    configuration = json.loads(given.config.read_text())
    application_ = application(
        given.page, given.doors, configuration, given.connect, given.media, given.linked
    )
    uvicorn.run(application_, host="127.0.0.1", port=given.port, log_level="warning", **AS_GIVEN)


if __name__ == "__main__":
    main()
