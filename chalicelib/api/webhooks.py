"""Where the channels tell us what happened (INB-1, INB-2, INB-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalice.app import Response

from chalicelib.api.blueprint import Doors, raw_body
from chalicelib.commands import accept
from chalicelib.domain import errors

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName
    from chalicelib.world import World

api = Doors(__name__)

CHANNELS = ("whatsapp", "instagram", "facebook")
BODY_LIMIT = 4_000_000  # bytes; the channels send at most 3 MB


@api.hook("GET", "/webhooks/{channel}")
def get_webhook(world: World, request: Any, channel: str) -> Response:
    """The handshake: the challenge is echoed for the channel's verify token, 403 otherwise."""
    given = request.query_params or {}
    accept.verify(
        world, _channel(channel), given.get("hub.mode", ""), given.get("hub.verify_token", "")
    )
    return Response(
        given.get("hub.challenge", ""), headers={"Content-Type": "text/plain; charset=utf-8"}
    )


@api.hook("POST", "/webhooks/{channel}")
def post_webhook(world: World, request: Any, channel: str) -> dict[str, bool]:
    """Acknowledged once everything in the body is durable; 401 unless it is signed."""
    body = raw_body(request)
    if len(body) > BODY_LIMIT:
        raise errors.TooLarge(limit=BODY_LIMIT)
    accept.accept(world, _channel(channel), body, request.headers.get("x-hub-signature-256"))
    return {"received": True}


def _channel(name: str) -> ChannelName:
    if name not in CHANNELS:
        raise errors.NotFound()
    return cast("ChannelName", name)
