"""Cutting an HTTP connection without a single byte of answer."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CuttableProtocol(H11Protocol):
    """Uvicorn's protocol, which lets a request reach its own transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the transport where the request's state will show it."""
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


class NoAnswer(Response):
    """Instead of an answer, the end of the connection."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._transport: asyncio.Transport = request.state.transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort, and wait until uvicorn has noticed, so that it does not answer 500."""
        self._transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
