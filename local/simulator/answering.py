"""What goes wrong around a send, whatever was sent: breakdowns before it, lost answers after."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from .connection import NoAnswer
from .errors import GraphError
from .threads import ThreadMessage
from .wire import Json
from .world import World

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class BadGatewayError(Exception):
    """Something between the product and Meta answers instead of Meta."""

    def answer(self) -> Response:
        """HTML, as proxies write it."""
        return HTMLResponse(BAD_GATEWAY, 502)


def break_down(world: World) -> None:
    """Fail before anything was accepted, if that is wished."""
    if world.misbehaviour.take("server_error"):
        raise GraphError(2)
    if world.misbehaviour.take("bad_gateway"):
        raise BadGatewayError


async def answered(
    request: Request, world: World, message: ThreadMessage | None, body: Json, *, dialled: bool
) -> Response:
    """The answer of an accepted send, late or lost if that is wished; its statuses begin."""
    slow = world.misbehaviour.slow_answer_ms / 1000
    if message and world.misbehaviour.statuses_before_answer:
        await world.statuses.run_at_once(message, dialled=dialled)
    elif message:
        world.statuses.begin(message, dialled=dialled, after=slow)
    dropped = world.misbehaviour.take("drop_answer")
    lost = not dropped and world.misbehaviour.take("bad_gateway_after")
    await asyncio.sleep(slow)
    if dropped:
        return NoAnswer(request)
    return BadGatewayError().answer() if lost else JSONResponse(body)
