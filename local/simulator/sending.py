"""POST /{phone_number_id}/messages: what Meta accepts, refuses, and remembers (META.md 4, 9)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import direct
from .access import answer, check_access, graph, json_object, world_of
from .answering import BadGatewayError, answered, break_down
from .checks import check_message, check_product
from .contacts import Contact
from .errors import GraphError
from .identifiers import new_wamid
from .numbers import digits
from .threads import ThreadMessage
from .wire import Json, as_object
from .world import World

MEDIA_TYPES = {"image", "video", "audio", "document", "sticker"}


@dataclass(frozen=True)
class Accepted:
    """A send that Meta took, and its body of the 200."""

    message: ThreadMessage
    dialled: bool
    answer: Json


@graph
async def messages(request: Request) -> Response:
    """Send, or mark as read; of Messenger and Instagram where the path names their account."""
    world = world_of(request)
    if request.path_params["object_id"] in direct_ids(world):
        return await direct.send(request)
    body = await json_object(request)
    if "status" in body:
        check_access(request)
        return _mark_read(world, body)
    try:
        break_down(world)
        check_access(request)
        accepted = _accept(world, body)
    except GraphError as refusal:
        _record(world, request, body, error=refusal)
        return answer(refusal)
    except BadGatewayError as problem:
        _record(world, request, body, error=GraphError(2, "502 Bad Gateway"))
        return problem.answer()
    _record(world, request, body, accepted=accepted)
    return await answered(
        request, world, accepted.message, accepted.answer, dialled=accepted.dialled
    )


def direct_ids(world: World) -> set[str]:
    """The ids in a path that are not the WhatsApp number's."""
    return {world.options.page_id, world.options.instagram_id, "me"}


def _accept(world: World, body: Json) -> Accepted:
    check_message(body)
    dialled = body.get("to") is not None
    address = body["to"] if dialled else body["recipient"]
    kind = body.get("type", "text")
    if dialled and digits(address) == digits(world.options.display):
        raise GraphError(131021)
    contact = world.contacts.find(address)
    rendered = world.templates.render(body["template"]) if kind == "template" else None
    _check_content(world, body, kind, rendered)
    late_error = _wished_error(world, address, contact) or _refused(world, contact, kind)
    if world.misbehaviour.pair_limit and contact:
        _check_pair(world, contact)
    if contact is None:
        contact = world.contacts.find_or_create(address)
        world.events.publish("contact", contact=contact.to_json())
    message = ThreadMessage(
        id=new_wamid(contact.wa_id or contact.user_id[3:], from_business=True),
        contact=contact.key,
        from_business=True,
        at=world.clock(),
        type=kind,
        message=body,
        status="accepted",
        rendered=rendered,
        callback_data=body.get("biz_opaque_callback_data"),
        errors=[late_error.in_status()] if late_error else [],
    )
    world.threads.add(message)
    if kind == "reaction":
        _react(world, contact, body["reaction"])
    return Accepted(message, dialled, _accepted_body(message, contact, address, dialled=dialled))


def _react(world: World, contact: Contact, reaction: Json) -> None:
    target = world.threads.find(reaction["message_id"])
    if target is None or target.contact != contact.key:
        return
    target.reactions.pop("business", None)
    if reaction["emoji"]:
        target.reactions["business"] = reaction["emoji"]
    world.threads.keep(target)
    world.events.publish(
        "message", contact=contact.address, message=target.to_json(), phone=target.on_phone
    )


def _accepted_body(
    message: ThreadMessage, contact: Contact, address: str, *, dialled: bool
) -> Json:
    reached = {"wa_id": contact.wa_id} if dialled else {"user_id": contact.user_id}
    sent: Json = {"id": message.id}
    if message.type == "template":
        sent["message_status"] = "accepted"
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": address} | reached],
        "messages": [sent],
    }


def _check_content(world: World, body: Json, kind: str, rendered: Json | None) -> None:
    content = body[kind]
    header = as_object((rendered or {}).get("header_media"))
    header_id = as_object(header.get(str(header.get("type")))).get("id")
    if header_id and world.media.find(str(header_id)) is None:
        raise GraphError(131009, "header: media id is not a valid whatsapp business media id")
    if kind in MEDIA_TYPES and content.get("id"):
        media = world.media.find(str(content["id"]))
        if media is None:
            raise GraphError(100, f"Param {kind}['id'] is not a valid whatsapp business media id.")
        if kind == "sticker" and not media.mime_type.startswith("image/webp"):
            raise GraphError(131053, "A sticker must be image/webp.")
        if kind == "audio" and content.get("voice") and "ogg" not in media.mime_type:
            raise GraphError(131053, "A voice message must be audio/ogg; codecs=opus.")


def _wished_error(world: World, address: str, contact: Contact | None) -> GraphError | None:
    addresses = {address, digits(address)}
    if contact:
        addresses |= {contact.user_id, contact.wa_id or contact.user_id}
    rule = world.misbehaviour.take_error(addresses)
    if rule is None:
        return None
    if not rule.asynchronous:
        raise GraphError(rule.code)
    return GraphError(rule.code)


def _refused(world: World, contact: Contact | None, kind: str) -> GraphError | None:
    refusal = None
    if contact and contact.blocked:
        refusal = GraphError(130403)
    elif contact and not contact.on_whatsapp:
        refusal = GraphError(131026)
    elif kind != "template" and not (contact and contact.window_is_open(world.clock())):
        refusal = GraphError(131047)
    if refusal and not world.misbehaviour.async_refusals:
        raise refusal
    return refusal


def _check_pair(world: World, contact: Contact) -> None:
    if not world.pairs.allows(contact.key, world.clock()):
        raise GraphError(131056)


def _record(
    world: World,
    request: Request,
    body: Json,
    *,
    accepted: Accepted | None = None,
    error: GraphError | None = None,
) -> None:
    contact = None
    if accepted:
        contact = world.contacts[accepted.message.contact]
    elif isinstance(body.get("to") or body.get("recipient"), str):
        contact = world.contacts.find(body.get("to") or body["recipient"])
    entry = world.sent.record(
        body,
        at=world.clock(),
        phone_number_id=request.path_params["object_id"],
        message_id=accepted.message.id if accepted else None,
        error=error.body()["error"] if error else None,
        contact=contact.address if contact else None,
    )
    world.events.publish("sent", sent=entry.to_json())


def _mark_read(world: World, body: Json) -> Response:
    check_product(body)
    if body["status"] != "read":
        raise GraphError(100, "", message="(#100) Param status must be one of {READ}")
    message = world.threads.find(str(body.get("message_id", "")))
    if message is None or message.from_business:
        raise GraphError(131009, "Param message_id is not the id of a received message")
    contact = world.contacts[message.contact]
    for earlier in world.threads.of(contact.key):
        if not earlier.from_business and earlier.at <= message.at:
            world.threads.advance(earlier, "read")
            world.events.publish(
                "message", contact=contact.address, message=earlier.to_json(), phone=True
            )
    typing = body.get("typing_indicator")
    if typing is not None:
        if not isinstance(typing, dict) or typing.get("type") != "text":
            raise GraphError(100, "Param typing_indicator['type'] must be one of {TEXT}")
        world.events.publish("typing", contact=contact.address)
    return JSONResponse({"success": True})
