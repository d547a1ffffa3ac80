"""Who may call the Graph API: version, token, phone number; and how a refusal is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .errors import GraphError, missing_object
from .wire import Json

if TYPE_CHECKING:
    from .world import World

OLDEST_VERSION = 22
NEWEST_VERSION = 26
Door = Callable[[Request], Awaitable[Response]]


def world_of(request: Request) -> World:
    """The simulator that this request came to; it remembers by which address."""
    world = cast("World", request.app.state.world)
    world.origin = str(request.base_url).rstrip("/")
    return world


def graph(door: Door) -> Door:
    """A Graph endpoint: GraphError becomes its HTTP answer."""

    @wraps(door)
    async def guarded(request: Request) -> Response:
        try:
            check_version(request.path_params["version"])
            return await door(request)
        except GraphError as refusal:
            return answer(refusal)

    return guarded


def answer(refusal: GraphError) -> Response:
    """The HTTP answer of a refusal."""
    return JSONResponse(refusal.body(), refusal.http)


def check_version(version: str) -> None:
    """v22.0 to v26.0 work; older ones are refused, as is a path without a version."""
    match = re.fullmatch(r"v(\d+)\.\d+", version)
    if not match:
        raise GraphError(
            2500, "", message=f"Unknown path components: /{version}", kind="OAuthException"
        )
    if not OLDEST_VERSION <= int(match[1]) <= NEWEST_VERSION:
        raise GraphError(
            2635,
            "",
            message=f"(#2635) You are calling a deprecated or unknown version of the API,"
            f" {version}. Please use v{OLDEST_VERSION}.0 to v{NEWEST_VERSION}.0.",
        )


def check_access(
    request: Request, *, of_number: bool = True, tokens: Collection[str] | None = None
) -> None:
    """The bearer token, one of `tokens`, and that the path names our phone number.

    Without `tokens` it must be WhatsApp's; another account's is refused as having no permission.
    Raises GraphError.
    """
    world = world_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = request.query_params.get("access_token", "")
    if not token:
        raise GraphError(
            104, "", http=401, message="An access token is required to request this resource."
        )
    if token not in {account.token for account in world.options.accounts()}:
        raise GraphError(190, "", message="Invalid OAuth access token - Cannot parse access token")
    if token not in (tokens or {world.options.token}):
        raise missing_object(request.path_params["object_id"], request.method)
    if world.misbehaviour.expired_token:
        now = world.clock().strftime("%A, %d-%b-%y %H:%M:%S UTC")
        raise GraphError(
            190,
            "",
            message="Error validating access token: Session has expired on an earlier day. The"
            f" current time is {now}.",
            subcode=463,
        )
    object_id = request.path_params["object_id"]
    if of_number and object_id != world.options.phone_number_id:
        raise missing_object(object_id, request.method)


async def json_object(request: Request) -> Json:
    """The body as a JSON object. Raises GraphError."""
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        raise GraphError(
            100, "The request body is not valid JSON.", message="(#100) Invalid parameter"
        ) from None
    if not isinstance(body, dict):
        raise GraphError(100, "The request body must be a JSON object.")
    return body
