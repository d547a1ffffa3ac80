"""Blocking users, with Meta's partial success (META.md 7)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .access import check_access, graph, json_object, world_of
from .checks import check_product
from .contacts import Contact
from .errors import GraphError
from .numbers import digits
from .paging import page
from .wire import Json
from .world import World

MOST_USERS = 1000
LONGEST_LIST = 64_000


@graph
async def blocks(request: Request) -> Response:
    """GET lists, POST blocks, DELETE unblocks."""
    check_access(request)
    world = world_of(request)
    if request.method == "GET":
        return JSONResponse(page(request, [_listed(one) for one in _blocked(world)], MOST_USERS))
    body = await json_object(request)
    check_product(body)
    users = body.get("block_users")
    if not isinstance(users, list) or not 1 <= len(users) <= MOST_USERS:
        raise GraphError(100, f"Param block_users must be an array of 1 to {MOST_USERS} users.")
    blocking = request.method == "POST"
    done: list[Json] = []
    failed: list[Json] = []
    for user in users:
        try:
            done.append(_apply(world, user, blocking=blocking))
        except GraphError as refusal:
            failed.append(_failed(user, refusal))
    outcome: Json = {"added_users" if blocking else "removed_users": done}
    if not failed:
        return JSONResponse({"messaging_product": "whatsapp", "block_users": outcome})
    raise GraphError(
        139100,
        "Failed to block some users." if blocking else "Failed to unblock some users.",
        extra={
            "messaging_product": "whatsapp",
            "block_users": outcome | {"failed_users": failed},
        },
    )


def _apply(world: World, user: Any, *, blocking: bool) -> Json:
    given = _input(user)
    if digits(given) == digits(world.options.display):
        raise GraphError(131021)
    contact = world.contacts.find(given)
    if contact is None or not contact.on_whatsapp:
        raise GraphError(131047)
    if blocking and not contact.window_is_open(world.clock()):
        raise GraphError(131047)
    if blocking and len(_blocked(world)) >= LONGEST_LIST:
        raise GraphError(139101)
    contact.blocked = blocking
    world.contacts.save(contact)
    world.events.publish("contact", contact=contact.to_json())
    return {"input": given} | _listed(contact)


def _listed(contact: Contact) -> Json:
    shown: Json = {"messaging_product": "whatsapp"}
    if contact.wa_id:
        shown["wa_id"] = contact.wa_id
    return shown | {"user_id": contact.user_id}


def _failed(user: Any, refusal: GraphError) -> Json:
    given = _input(user)
    failure: Json = {"input": given}
    if digits(given):
        failure["wa_id"] = digits(given)
    error = {"message": refusal.title, "code": refusal.code}
    return failure | {"errors": [error | {"error_data": {"details": refusal.details}}]}


def _input(user: Any) -> str:
    given = (user.get("user") or user.get("user_id")) if isinstance(user, dict) else None
    return given if isinstance(given, str) else ""


def _blocked(world: World) -> list[Contact]:
    return [contact for contact in world.contacts if contact.blocked]
