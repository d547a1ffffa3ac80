"""POST /{page or Instagram account}/messages: what Meta accepts and refuses (META.md 8)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .access import answer, check_access, graph, json_object, world_of
from .answering import BadGatewayError, answered, break_down
from .contacts import Contact
from .direct_checks import bad, check_action, check_said, recipient_of
from .errors import GraphError, missing_object
from .fetching import fetched, kept
from .identifiers import new_mid
from .media import Media, link
from .threads import ThreadMessage
from .wire import Json, as_object, as_objects
from .world import World

LOVE = "❤️"
UNREACHABLE = 1545041


@dataclass
class Accepted:
    """A send that Meta took: the message that it made, if it made one, and the body of the 200."""

    channel: str
    contact: Contact
    kind: str
    answer: Json
    message: ThreadMessage | None = None
    callback_data: str | None = None
    recorded: bool = field(default=True)


async def send(request: Request) -> Response:
    """Send, react, or tell that somebody types or has read."""
    world = world_of(request)
    body = await _body(request)
    try:
        check_direct_access(request)
        break_down(world)
        accepted = await _accept(request, world, body)
    except GraphError as refusal:
        refusal.product = "page"
        record(world, request, body, error=refusal)
        return answer(refusal)
    except BadGatewayError as problem:
        record(world, request, body, error=GraphError(2, "502 Bad Gateway"))
        return problem.answer()
    if not accepted.recorded:
        return JSONResponse(accepted.answer)
    record(world, request, body, accepted=accepted)
    return await answered(request, world, accepted.message, accepted.answer, dialled=False)


def check_direct_access(request: Request) -> None:
    """That the token is of the account in the path. Raises GraphError."""
    world = world_of(request)
    page, instagram = (world.options.account(name) for name in ("facebook", "instagram"))
    object_id = request.path_params["object_id"]
    tokens = {page.id: {page.token}, instagram.id: {instagram.token}}
    tokens["me"] = {page.token, instagram.token}
    if object_id not in tokens:
        check_access(request, of_number=False)
        raise missing_object(object_id, request.method)
    check_access(request, of_number=False, tokens=tokens[object_id])


async def _body(request: Request) -> Json:
    """JSON, or a multipart form whose `filedata` is the attachment."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await json_object(request)
    body: Json = {}
    for name, value in (await request.form()).items():
        if isinstance(value, UploadFile):
            body.setdefault("filedata", value)
            continue
        try:
            body[name] = json.loads(value)
        except ValueError:
            body[name] = value
    file = body.pop("filedata", None)
    if file is not None:
        attachment = as_object(as_object(body.get("message")).get("attachment"))
        kind = str(attachment.get("type"))
        attachment["payload"] = as_object(attachment.get("payload")) | {"uploaded": True}
        request.state.uploaded = (kind, await file.read(), file.content_type or "", file.filename)
    return body


async def _accept(request: Request, world: World, body: Json) -> Accepted:
    channel, contact = _contact(request, world, body)
    if "sender_action" in body:
        return _act(world, channel, contact, body)
    kind = check_said(channel, body)
    if "reply_to" in body and request.path_params["object_id"] == world.options.instagram_id:
        raise bad("Param reply_to is not supported with Instagram Login")
    _check_wished(world, contact)
    _check_may_write(world, contact, body)
    if world.misbehaviour.pair_limit and not world.pairs.allows(contact.key, world.clock()):
        raise GraphError(613, "", message="(#613) Calls to this api have exceeded the rate limit.")
    files = await _files(request, world, channel, body["message"])
    message = ThreadMessage(
        id=new_mid(),
        contact=contact.key,
        from_business=True,
        at=world.clock(),
        type=kind,
        message=body,
        status="accepted",
        callback_data=body["message"].get("metadata"),
        channel=channel,
        files=files,
    )
    world.threads.add(message)
    reached = {"recipient_id": contact.user_id, "message_id": message.id}
    return Accepted(channel, contact, kind, reached, message, message.callback_data)


def _contact(request: Request, world: World, body: Json) -> tuple[str, Contact]:
    """Whom it is for. Who wrote to the page's Instagram account is reached through the page too."""
    address = recipient_of(body)
    contact = world.contacts.find(address)
    object_id = request.path_params["object_id"]
    instagram_alone = object_id == world.options.instagram_id
    channel = contact.channel if contact else ("instagram" if instagram_alone else "facebook")
    if contact is None or channel == "whatsapp" or (instagram_alone and channel != "instagram"):
        raise bad(
            "No matching user found",
            2534014 if instagram_alone or channel == "instagram" else 2018001,
        )
    return channel, contact


def _act(world: World, channel: str, contact: Contact, body: Json) -> Accepted:
    action = check_action(channel, body)
    accepted = Accepted(channel, contact, action, {"recipient_id": contact.user_id})
    if action == "mark_seen":
        for message in world.threads.of(contact.key):
            if not message.from_business and world.threads.advance(message, "read"):
                _tell(world, contact, message)
    if action in ("typing_on", "typing_off"):
        world.events.publish("typing", contact=contact.address, on=action == "typing_on")
    accepted.recorded = action in ("react", "unreact")
    if accepted.recorded:
        _check_wished(world, contact)
        _check_may_write(world, contact, body)
        _react(world, contact, body["payload"], action)
    return accepted


def _react(world: World, contact: Contact, payload: Json, action: str) -> None:
    message = world.threads.find(payload["message_id"])
    if message is None or message.contact != contact.key or message.deleted:
        raise bad("The message to react to does not exist", 2534021)
    message.reactions.pop("business", None)
    if action == "react":
        reaction = payload["reaction"]
        message.reactions["business"] = LOVE if reaction == "love" else reaction
    world.threads.keep(message)
    _tell(world, contact, message)


def _check_wished(world: World, contact: Contact) -> None:
    rule = world.misbehaviour.take_error({contact.user_id})
    if rule is not None:
        raise GraphError(rule.code, "", subcode=rule.subcode, product="page")


def _check_may_write(world: World, contact: Contact, body: Json) -> None:
    if contact.blocked or not contact.on_whatsapp:
        raise GraphError(551, "", message="(#551) This person isn't available right now.",
                         subcode=UNREACHABLE)  # fmt: skip
    now = world.clock()
    if contact.window_is_open(now):
        return
    if body.get("tag") == "HUMAN_AGENT":
        if world.misbehaviour.no_human_agent:
            raise GraphError(
                10, "", message="(#10) Application does not have permission for this action"
            )
        if contact.human_window_is_open(now):
            return
    raise GraphError(
        10,
        "",
        message="(#10) This message is sent outside of allowed window.",
        subcode=2534022 if contact.channel == "instagram" else 2018278,
    )


async def _files(request: Request, world: World, channel: str, said: Json) -> list[Json]:
    attachments = [as_object(said.get("attachment")), *as_objects(said.get("attachments"))]
    files = []
    for attachment in attachments:
        kind, payload = attachment.get("type"), as_object(attachment.get("payload"))
        if kind in ("image", "audio", "video", "file"):
            media = await _media(request, world, channel, kind, payload)
            files.append(described_file(world, media, kind))
    return files


async def _media(request: Request, world: World, channel: str, kind: str, payload: Json) -> Media:
    if payload.get("uploaded"):
        _, content, declared, name = request.state.uploaded
        return kept(world, channel, kind, content, declared, name or "")
    if payload.get("url"):
        return await fetched(world, channel, kind, str(payload["url"]))
    media = world.media.find(str(payload["attachment_id"]))
    if media is None:
        raise bad("Param payload[attachment_id] is not a valid attachment", 2018074)
    return media


def described_file(world: World, media: Media, kind: str, address: str = "") -> Json:
    """A file as threads keep it: `url` for the phone page, `cdn` for the product.

    `address` is how the latter calls it.
    """
    return {
        "kind": "document" if kind == "file" else kind,
        "url": f"/media/{media.id}",
        "cdn": link(world, media, address),
        "name": media.filename,
        "mime_type": media.mime_type,
        "size": media.size,
        "voice": kind == "audio",
    }


def record(
    world: World,
    request: Request,
    body: Json,
    *,
    accepted: Accepted | None = None,
    error: GraphError | None = None,
) -> None:
    """Write the send into what GET /sent answers."""
    recipient = as_object(body.get("recipient")).get("id")
    contact = accepted.contact if accepted else world.contacts.find(str(recipient))
    object_id = request.path_params["object_id"]
    guessed = "instagram" if object_id == world.options.instagram_id else "facebook"
    entry = world.sent.record(
        body,
        at=world.clock(),
        phone_number_id=object_id,
        message_id=accepted.message.id if accepted and accepted.message else None,
        error=error.body()["error"] if error else None,
        contact=contact.address if contact else None,
        channel=contact.channel if contact else guessed,
        kind=accepted.kind if accepted else _kind_of(body),
        recipient=str(recipient) if recipient else None,
        callback_data=as_object(body.get("message")).get("metadata"),
    )
    world.events.publish("sent", sent=entry.to_json())


def _kind_of(body: Json) -> str:
    said = as_object(body.get("message"))
    attachment = as_object(said.get("attachment"))
    return str(body.get("sender_action") or attachment.get("type") or "text")


def _tell(world: World, contact: Contact, message: ThreadMessage) -> None:
    world.events.publish(
        "message", contact=contact.address, message=message.to_json(), phone=message.on_phone
    )


@graph
async def message_attachments(request: Request) -> Response:
    """POST /{page}/message_attachments: a file to be sent later, by address or multipart."""
    world = world_of(request)
    body = await _body(request)
    check_direct_access(request)
    attachment = as_object(as_object(body.get("message")).get("attachment"))
    kind = attachment.get("type")
    if kind not in ("image", "audio", "video", "file"):
        raise bad("Param message[attachment][type] must be one of {image, audio, video, file}")
    platform = body.get("platform", "messenger")
    channel = "instagram" if platform == "instagram" else "facebook"
    payload = as_object(attachment.get("payload"))
    if not (payload.get("uploaded") or payload.get("url")):
        raise bad("Param payload[url] is required")
    media = await _media(request, world, channel, kind, payload)
    return JSONResponse({"attachment_id": media.id})
