"""A person writes on Messenger or Instagram: on their phone, and as a webhook (META.md 8)."""

from __future__ import annotations

from typing import Any

from .contacts import Contact
from .direct import described_file
from .direct_events import from_contact
from .identifiers import new_mid
from .incoming import BadMessageError, instant, open_window
from .media import Media
from .samples import SAMPLES
from .threads import ThreadMessage
from .updates import SHAPES, Update
from .wire import Json, as_object, as_objects
from .world import World

FILES = {
    "image": "image", "video": "video", "audio": "m4a", "voice": "m4a", "file": "document",
    "document": "document", "gif": "gif", "sticker": "sticker",
}  # fmt: skip
POST = {"title": "Coleção nova na loja", "url": "https://www.instagram.com/p/C0demo/"}
REEL = {
    "title": "Bastidores",
    "url": "https://www.instagram.com/reel/C0demo/",
    "reel_video_id": "1",
}
PLACE: Json = {
    "type": "location",
    "title": "Minha localização",
    "url": "https://www.facebook.com/l.php?u=https%3A%2F%2Fmaps.example",
    "payload": {"coordinates": {"lat": -23.5614, "long": -46.6559}},
}
POSTBACK: Json = {"title": "Falar com atendente", "payload": "FALAR"}
REFERRALS: dict[str, Json] = {
    "facebook": {"ref": "folheto", "source": "SHORTLINK", "type": "OPEN_THREAD"},
    "instagram": {
        "ref": "folheto", "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD",
        "referer_uri": "https://ig.me/m/loja",
    },
}  # fmt: skip
AD: Json = {
    "ref": "",
    "ad_id": "120226305854810726",
    "source": "ADS",
    "type": "OPEN_THREAD",
    "ads_context_data": {
        "ad_title": "Canecas personalizadas",
        "photo_url": "https://scontent.example/canecas.jpg",
        "post_id": "110200300400500_1",
    },
}
OPTIN: Json = {"ref": "avise-me", "user_ref": "user-ref-1"}
OTHER_APP = "263902037430900"  # the page's inbox
OUR_APP = "900100200300400"
HANDOVERS: dict[str, Json] = {
    "pass_thread_control": {
        "previous_owner_app_id": OTHER_APP, "new_owner_app_id": OUR_APP, "metadata": "é com vocês",
    },
    "take_thread_control": {
        "previous_owner_app_id": OUR_APP, "new_owner_app_id": OTHER_APP, "metadata": "",
    },
    "request_thread_control": {"requested_owner_app_id": OTHER_APP, "metadata": ""},
    "app_roles": {},
}  # fmt: skip


def write_direct(world: World, contact: Contact, asked: Json) -> tuple[ThreadMessage, list[Update]]:
    """Put a message on the phone and make its webhook, which the caller enqueues.

    `asked` is {"text": "..."}, {"type": kind, ...}, or {"message": raw}. Besides: `id`, `timestamp`
    (seconds, or milliseconds when that long), `quotes` (a mid), `count` of pictures, `fault` of a
    file, `shape` of the envelope, `standby`. The same id again is the same message, told once more.
    Raises BadMessageError.
    """
    known = world.threads.find(str(asked.get("id")))
    shape = _shape(contact, asked)
    if known:
        return known, _told(world, contact, known, shape)
    at = instant(seconds(asked.get("timestamp")), world.clock())
    kind, content, files = content_of(world, contact, asked)
    message_id = str(asked.get("id") or new_mid())
    if "message" in content:
        content["message"] = {"mid": message_id} | content["message"]
    elif kind in ("postback",):
        content[kind] = {"mid": message_id} | content[kind]
    entry = from_contact(world.options, contact, at, **content)
    message = ThreadMessage(
        id=message_id, contact=contact.key, from_business=False, at=at, type=kind, message=entry,
        status="sent", channel=contact.channel, files=files,
    )  # fmt: skip
    if kind not in HANDOVERS:
        world.threads.add(message)
        open_window(world, contact, at)
        world.events.publish(
            "message", contact=contact.address, message=message.to_json(), phone=True
        )
    return message, _told(world, contact, message, shape)


def media_wishes(medias: list[Media], kind: str) -> Json:
    """What `write_direct` is asked for files on the shelf, all of one kind."""
    return {"type": kind, "media": medias}


def _told(world: World, contact: Contact, message: ThreadMessage, shape: str) -> list[Update]:
    if contact.blocked:
        return []
    return [
        world.webhooks.new_event(
            contact.channel, message.message, message_id=message.id, shape=shape
        )
    ]


def _shape(contact: Contact, asked: Json) -> str:
    shape = "standby" if asked.get("standby") else str(asked.get("shape", ""))
    if shape and shape not in SHAPES:
        raise BadMessageError(f"shape is one of {list(SHAPES)}")
    if shape not in ("", "messaging", "standby") and contact.channel != "instagram":
        raise BadMessageError(f"{shape} is Instagram's")
    return shape


def seconds(given: Any) -> Any:
    """An instant in seconds, whether it was given in seconds or in milliseconds."""
    return given / 1000 if isinstance(given, int) and given > 10**11 else given


def content_of(world: World, contact: Contact, asked: Json) -> tuple[str, Json, list[Json]]:
    """The kind, what the event holds beside its frame, and the files."""
    if isinstance(asked.get("message"), dict):
        raw = dict(asked["message"])
        kinds = [str(one.get("type")) for one in as_objects(raw.get("attachments"))]
        return (kinds[0] if kinds else "text"), {"message": raw}, _links(raw)
    kind = asked.get("type", "text" if isinstance(asked.get("text"), str) else None)
    if not isinstance(kind, str):
        raise BadMessageError('needs {"text": "..."} or a "type"')
    said: Json = {}
    if isinstance(asked.get("text"), str):
        said["text"] = asked["text"]
    if asked.get("quotes"):
        said["reply_to"] = {"mid": asked["quotes"]}
    if asked.get("quick_reply"):
        said["quick_reply"] = {"payload": asked["quick_reply"]}
    if asked.get("referral"):
        given = asked["referral"]
        said["referral"] = AD if given is True else given
    if kind in FILES:
        return _with_files(world, contact, kind, asked, said)
    return _without_files(world, contact, kind, asked, said)


def _without_files(
    world: World, contact: Contact, kind: str, asked: Json, said: Json
) -> tuple[str, Json, list[Json]]:
    if kind == "text":
        return kind, {"message": {"text": "oi"} | said}, []
    if kind == "quick_reply":
        return "text", {"message": {"text": "Sim", "quick_reply": {"payload": "SIM"}} | said}, []
    if kind in ("postback", "ice_breaker"):
        given = {key: asked[key] for key in ("title", "payload") if key in asked}
        return "postback", {"postback": POSTBACK | given}, []
    if kind == "referral":
        return (
            kind,
            {"referral": as_object(asked.get("referral")) or REFERRALS[contact.channel]},
            [],
        )
    if kind == "optin":
        return kind, {"optin": as_object(asked.get("optin")) or OPTIN}, []
    if kind in HANDOVERS:
        return kind, {kind: as_object(asked.get(kind)) or HANDOVERS[kind]}, []
    if kind == "unsupported":
        return kind, {"message": {"is_unsupported": True} | said}, []
    if kind == "story_reply":
        story = {"url": _sample_link(world, "image"), "id": "17900000000000001"}
        replied = {"text": "Que lindo!", "reply_to": {"story": story}} | said
        return "text", {"message": replied}, []
    attachment = _attachment(world, contact, kind, asked)
    return kind, {"message": {"attachments": [attachment]} | said}, []


def _attachment(world: World, contact: Contact, kind: str, asked: Json) -> Json:
    if kind == "story_mention":
        link = _sample_link(world, "image", str(asked.get("fault", "")))
        return {"type": kind, "payload": {"url": link}}
    if kind in ("share", "ig_post", "post"):
        name = "ig_post" if kind == "post" else kind
        return {"type": name, "payload": POST | as_object(asked.get("payload"))}
    if kind in ("ig_reel", "reel"):
        return {"type": kind, "payload": REEL | as_object(asked.get("payload"))}
    if kind == "like_heart" or kind == "ephemeral":
        return {"type": kind}
    if kind == "location":
        return PLACE
    if kind == "fallback":
        link = str(asked.get("url", "https://loja.example/canecas"))
        return {"type": "fallback", "url": link, "title": "Canecas", "payload": {"url": link}}
    if contact.channel == "whatsapp":
        raise BadMessageError(f"no kind {kind}")
    return {"type": kind, "payload": as_object(asked.get("payload"))}


def _with_files(
    world: World, contact: Contact, kind: str, asked: Json, said: Json
) -> tuple[str, Json, list[Json]]:
    medias: list[Media] = asked.get("media", [])
    if not medias:
        sample = SAMPLES[FILES[kind]]
        fault = str(asked.get("fault", ""))
        medias = [
            world.media.add(sample.content, sample.mime_type, sample.name, world.clock(), fault)
            for _ in range(int(asked.get("count", 1)))
        ]
    wire = {"document": "file", "voice": "audio", "gif": "image"}.get(kind, kind)
    if wire == "sticker" and contact.channel == "instagram":
        wire = "image"
    recorded = kind == "voice" and contact.channel == "facebook"
    address = f"audioclip-{int(world.clock().timestamp())}-3000.mp4" if recorded else ""
    files = [described_file(world, media, wire, address) for media in medias]
    attachments = []
    for file in files:
        payload: Json = {"url": file["cdn"]}
        if wire == "sticker":
            payload["sticker_id"] = 369239263222822
        attachments.append({"type": wire, "payload": payload})
    shown = "document" if wire == "file" else wire
    return shown, {"message": {"attachments": attachments} | said}, files


def _links(raw: Json) -> list[Json]:
    return [
        {"kind": one.get("type"), "url": str(as_object(one.get("payload")).get("url"))}
        for one in as_objects(raw.get("attachments"))
        if one.get("type") in ("image", "video", "audio", "file")
    ]


def _sample_link(world: World, name: str, fault: str = "") -> str:
    sample = SAMPLES[name]
    media = world.media.add(sample.content, sample.mime_type, sample.name, world.clock(), fault)
    return str(described_file(world, media, "image")["cdn"])
