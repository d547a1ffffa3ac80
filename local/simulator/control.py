"""The API for tests and for the phone page; docs/simulator.md lists it."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from secrets import token_hex
from typing import Any

import httpx
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from .access import world_of
from .contacts import CHANGEABLE, Contact
from .direct_incoming import write_direct
from .incoming import BadMessageError, media_message, write
from .marks import change_number, happen
from .misbehaviour import FAULTS, BadMisbehaviourError
from .notices import notice, policy, template_changed
from .numbers import digits
from .options import CHANNELS
from .updates import Update, envelope
from .wire import Json, serialise
from .world import World


class BadRequestError(ValueError):
    """The caller of the control API made a mistake; answered as 400."""


class UnknownContactError(LookupError):
    """No such contact; answered as 404."""


def door(
    inner: Callable[[Request, World], Awaitable[Response | Json | list[Json]]],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that may return plain JSON and whose mistakes are answered with a sentence."""

    @wraps(inner)
    async def outer(request: Request) -> Response:
        try:
            answer = await inner(request, world_of(request))
        except (BadRequestError, BadMessageError, BadMisbehaviourError) as mistake:
            return JSONResponse({"error": str(mistake)}, 400)
        except UnknownContactError as mistake:
            return JSONResponse({"error": f"no contact {mistake}"}, 404)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return outer


@door
async def health(_request: Request, world: World) -> Json:
    """Alive; and how much is still under way."""
    return {
        "ok": True,
        **world.webhooks.counts(),
        "pending_statuses": world.statuses.pending(),
        "webhook": world.options.webhook,
        "phone_number_id": world.options.phone_number_id,
        "display": world.options.display,
        "verified_name": world.options.verified_name,
        "accounts": [
            {"channel": one.channel, "id": one.id, "display": one.display}
            for one in world.options.accounts()
        ],
    }


@door
async def list_contacts(_request: Request, world: World) -> list[Json]:
    """Every contact."""
    return [contact.to_json() for contact in world.contacts]


@door
async def put_contact(request: Request, world: World) -> Json:
    """Create a contact, or change the one with this wa_id or user_id."""
    wishes = await _object(request)
    unknown = set(wishes) - set(CHANGEABLE)
    if unknown:
        raise BadRequestError(f"unknown: {sorted(unknown)}; known: {sorted(CHANGEABLE)}")
    for name, value in wishes.items():
        if value is not None and not isinstance(value, CHANGEABLE[name]):
            raise BadRequestError(f"{name} is a {CHANGEABLE[name].__name__}")
    wa_id = digits(wishes.get("wa_id") or "") or None
    user_id = wishes.get("user_id")
    channel = wishes.get("channel") or "whatsapp"
    if channel not in CHANNELS:
        raise BadRequestError(f"channel is one of {list(CHANNELS)}")
    if channel != "whatsapp" and (wa_id or (user_id and not user_id.isdigit())):
        raise BadRequestError("a scoped id is digits, and there is no number beside it")
    if channel == "whatsapp" and not (wa_id or user_id or wishes.get("username")):
        raise BadRequestError("needs a wa_id, a user_id or a username")
    contact = (user_id and world.contacts.find(user_id)) or (wa_id and world.contacts.find(wa_id))
    if contact and "channel" in wishes and contact.channel != channel:
        raise BadRequestError("a contact stays on its channel")
    if not contact:
        contact = world.contacts.create(
            wa_id=wa_id, user_id=user_id, name=wishes.get("name"), channel=channel
        )
        contact.shows_number = not wishes.get("username")
    was_online = contact.online
    _change(contact, wishes, wa_id)
    world.contacts.save(contact)
    if contact.online and not was_online:
        world.statuses.come_online(contact)
    world.events.publish("contact", contact=contact.to_json())
    return contact.to_json()


def _change(contact: Contact, wishes: Json, wa_id: str | None) -> None:
    for name, value in wishes.items():
        if name == "username":
            contact.username = value.lstrip("@") if value else None
        elif name == "wa_id":
            contact.wa_id = contact.wa_id or wa_id
        elif name == "channel":
            continue
        elif name == "last_inbound_at" and value:
            contact.last_inbound_at = _aware(value)
        elif value is not None:
            setattr(contact, name, value)


def _aware(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadRequestError("last_inbound_at is an ISO 8601 instant") from error
    if at.tzinfo is None:
        raise BadRequestError("last_inbound_at names its offset")
    return at


@door
async def thread(request: Request, world: World) -> list[Json]:
    """The conversation as this contact's phone shows it; `all=1` also what did not arrive."""
    contact = _contact(request, world)
    everything = request.query_params.get("all") == "1"
    messages = world.threads.of(contact.key)
    return [one.to_json() for one in messages if everything or one.on_phone]


@door
async def write_messages(request: Request, world: World) -> Any:
    """The contact writes one message, or, given a list, several at once.

    With `told` false the product is told nothing; the answer then has the webhook as `wire`.
    """
    wishes = await _json(request)
    several = wishes if isinstance(wishes, list) else [wishes]
    if not all(isinstance(wish, dict) for wish in several):
        raise BadRequestError("a message is a JSON object")
    answers: list[Json] = []
    updates: list[Update] = []
    for wish in several:
        contact = world.contacts.find(request.path_params["address"])
        if contact is None:
            contact = world.contacts.find_or_create(
                _address(request), wish.get("name"), _channel(wish)
            )
            world.events.publish("contact", contact=contact.to_json())
        writing = write if contact.channel == "whatsapp" else write_direct
        message, told = writing(world, contact, wish)
        quiet = wish.get("told") is False
        updates += [] if quiet else told
        if quiet:  # whoever asks so has it already
            world.threads.advance(message, "delivered")
        answer = {
            "id": message.id, "timestamp": message.message["timestamp"],
            "wa_id": contact.wa_id, "user_id": contact.user_id, "blocked": contact.blocked,
        }  # fmt: skip
        if quiet and told:
            answer["wire"] = envelope(told, world.options)
        answers.append(answer)
    world.webhooks.enqueue(updates)
    return answers if isinstance(wishes, list) else answers[0]


@door
async def write_media(request: Request, world: World) -> Json:
    """The contact sends a file: multipart with `file`, and `caption`, `type` if wished."""
    form = await request.form()
    channel = _channel({"channel": form.get("channel") or "whatsapp"})
    contact = world.contacts.find_or_create(_address(request), None, channel)
    fault = _fault(form.get("fault"))
    files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
    if not files:
        raise BadRequestError("needs a file")
    medias = []
    for file in files:
        mime_type = file.content_type or "application/octet-stream"
        medias.append(
            world.media.add(
                await file.read(), mime_type, file.filename or "arquivo", world.clock(), fault
            )
        )
    family = medias[0].mime_type.split("/")[0]
    guessed = family if family in ("image", "audio", "video") else "document"
    kind = str(form.get("type") or guessed)
    caption = form.get("caption")
    if contact.channel != "whatsapp":
        wishes: Json = {"type": kind, "media": medias}
        message, updates = write_direct(
            world, contact, wishes | ({"text": str(caption)} if caption else {})
        )
    else:
        message, updates = write(
            world, contact, media_message(kind, medias[0], str(caption) if caption else None)
        )
    world.webhooks.enqueue(updates)
    return {"id": message.id, "media_id": medias[0].id}


@door
async def happenings(request: Request, world: World) -> Json:
    """The contact reacts, edits, deletes, reads, presses, moves…: {"what": ..., ...}."""
    return happen(world, _contact(request, world), await _object(request))


@door
async def notices(request: Request, world: World) -> Json:
    """Meta tells of the business: {"field", "value"}, or {"policy": action} of the page."""
    wishes = await _object(request)
    if "policy" in wishes:
        updates = policy(world, str(wishes["policy"]))
    elif isinstance(wishes.get("field"), str):
        value = wishes.get("value", {})
        if not isinstance(value, dict):
            raise BadRequestError("value is a JSON object")
        updates = notice(world, wishes["field"], value)
    else:
        raise BadRequestError("needs a field or a policy")
    world.webhooks.enqueue(updates)
    return {"updates": len(updates)}


@door
async def accounts(request: Request, world: World) -> Any:
    """The business's accounts; POST {"id", fields...} changes what Meta says of one, untold."""
    if request.method == "POST":
        wishes = await _object(request)
        object_id = str(wishes.pop("id", ""))
        if object_id not in {one.id for one in world.options.accounts()}:
            raise BadRequestError("needs the id of an account")
        world.facts.change(object_id, wishes)
    return [
        {"channel": one.channel, "id": one.id, "display": one.display}
        | {"webhook": one.webhook, "fields": world.facts.of(one.id)}
        for one in world.options.accounts()
    ]


@door
async def strangers(request: Request, world: World) -> Any:
    """What another host, to which a download was redirected, was asked; DELETE forgets it."""
    if request.method == "DELETE":
        world.strangers.clear()
    return list(world.strangers)


@door
async def read(request: Request, world: World) -> Json:
    """The contact opens the conversation: what arrived is read."""
    return {"read": world.statuses.read_all(_contact(request, world))}


@door
async def move(request: Request, world: World) -> Json:
    """The contact changes number: {"wa_id": "..."}."""
    contact = _contact(request, world)
    wa_id = digits(str((await _object(request)).get("wa_id", "")))
    if not wa_id:
        raise BadRequestError("needs the new wa_id")
    if contact.channel != "whatsapp":
        raise BadRequestError("only WhatsApp has numbers")
    world.webhooks.enqueue(change_number(world, contact, wa_id))
    return contact.to_json()


@door
async def sent(request: Request, world: World) -> Any:
    """What the product sent, in order; DELETE forgets it."""
    if request.method == "DELETE":
        world.sent.clear()
        return {"ok": True}
    query = request.query_params
    after = query.get("after", "0")
    if not after.isdigit():
        raise BadRequestError("after is a seq")
    entries = [entry.to_json() for entry in world.sent.after(int(after))]
    for name in ("contact", "type", "channel"):
        if name in query:
            entries = [entry for entry in entries if entry[name] == query[name]]
    if "accepted" in query:
        entries = [one for one in entries if one["accepted"] == (query["accepted"] == "true")]
    return entries


@door
async def misbehave(request: Request, world: World) -> Json:
    """GET the wishes in force; POST changes some of them."""
    if request.method == "POST":
        world.misbehaviour.change(await _object(request))
        world.webhooks.wake()
        world.events.publish("misbehaviour", misbehaviour=world.misbehaviour.to_json())
    return world.misbehaviour.to_json()


@door
async def raw_webhook(request: Request, world: World) -> Json:
    """One arbitrary webhook {"body" or "raw", "signature", "content_type"}; what was answered."""
    wishes = await _object(request)
    signed = wishes.get("signature", "valid")
    if signed not in ("valid", "wrong", "none"):
        raise BadRequestError("signature is valid, wrong or none")
    raw = str(wishes["raw"]).encode() if "raw" in wishes else serialise(wishes.get("body"))
    try:
        answer = await world.webhooks.post(
            raw,
            channel=_channel(wishes),
            signed=signed,
            content_type=wishes.get("content_type", "application/json"),
        )
    except httpx.HTTPError as problem:
        raise BadRequestError(f"the product did not answer: {type(problem).__name__}") from problem
    return {"status": answer.status_code, "body": answer.text}


@door
async def deliveries(request: Request, world: World) -> Json:
    """What waits and what was posted; POST tries everything that failed again now."""
    if request.method == "POST":
        world.webhooks.retry_now()
    return world.webhooks.report()


@door
async def verify(request: Request, world: World) -> Json:
    """Meta's handshake with the product (META.md 1.1), of one `channel`."""
    account = world.options.account(_channel(await _object(request)))
    challenge = str(int(token_hex(4), 16))
    asked = {
        "hub.mode": "subscribe",
        "hub.verify_token": account.verify_token,
        "hub.challenge": challenge,
    }
    try:
        answer = await world.client.get(account.webhook, params=asked)
    except httpx.HTTPError as problem:
        raise BadRequestError(f"the product did not answer: {type(problem).__name__}") from problem
    verified = answer.status_code == 200 and answer.text == challenge
    return {"verified": verified, "status": answer.status_code, "body": answer.text}


@door
async def templates(request: Request, world: World) -> Any:
    """GET all; POST changes or adds the one with this name and language, DELETE takes it away."""
    if request.method == "GET":
        return world.templates.all()
    if request.method == "DELETE":
        query = request.query_params
        name, language = query.get("name", ""), query.get("language", "")
        before = world.templates.known(name, language)
        if not before or not world.templates.delete(name, language):
            raise BadRequestError("no such template")
        _tell_template(request, world, before, before | {"status": "DELETED"})
        return {"ok": True}
    wishes = await _object(request)
    if not isinstance(wishes.get("name"), str) or not isinstance(wishes.get("language"), str):
        raise BadRequestError("a template has a name and a language")
    before = world.templates.known(wishes["name"], wishes["language"])
    after = world.templates.put(wishes)
    _tell_template(request, world, before, after)
    return after


def _tell_template(request: Request, world: World, before: Json | None, after: Json) -> None:
    """As Meta does, unless `told=no`."""
    if request.query_params.get("told") != "no":
        world.webhooks.enqueue(template_changed(world, before, after))


@door
async def reset(_request: Request, world: World) -> Json:
    """Forget everything."""
    world.reset()
    return {"ok": True}


@door
async def events(request: Request, world: World) -> Response:
    """Server-sent events; `open` names the phones whose conversation is on the screen."""
    addresses = [one for one in request.query_params.get("open", "").split(",") if one]
    contacts = [world.contacts.find(address) for address in addresses]
    open_phones = frozenset(contact.key for contact in contacts if contact)
    stream = StreamingResponse(
        world.events.listen(open_phones),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )
    for contact in contacts:
        if contact:
            world.statuses.read_all(contact)
    return stream


def _channel(wishes: Json) -> str:
    channel = wishes.get("channel", "whatsapp")
    if channel not in CHANNELS:
        raise BadRequestError(f"channel is one of {list(CHANNELS)}")
    return str(channel)


def _fault(wished: Any) -> str:
    fault = str(wished or "")
    if fault not in FAULTS:
        raise BadRequestError(f"fault is one of {list(FAULTS)}")
    return fault


def _address(request: Request) -> str:
    address = str(request.path_params["address"])
    if not digits(address):
        raise BadRequestError("a contact's address is a phone number or a BSUID")
    return address


def _contact(request: Request, world: World) -> Contact:
    contact = world.contacts.find(request.path_params["address"])
    if contact is None:
        raise UnknownContactError(request.path_params["address"])
    return contact


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body() or b"{}")
    except ValueError:
        raise BadRequestError("the body is not JSON") from None


async def _object(request: Request) -> Json:
    wishes = await _json(request)
    if not isinstance(wishes, dict):
        raise BadRequestError("the body is a JSON object")
    return wishes
