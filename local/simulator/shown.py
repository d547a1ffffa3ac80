"""What a phone draws of a message, the same shape for every channel and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .wire import Json, as_object, as_objects

if TYPE_CHECKING:
    from .threads import ThreadMessage

WHATSAPP_FILES = ("image", "video", "audio", "document", "sticker")


def shown(message: ThreadMessage) -> Json:
    """`kind`, `text`, `files`, `quotes`, `buttons` and whatever else the kind has."""
    if message.deleted:
        return {"kind": "deleted", "text": "", "files": [], "buttons": []}
    drawn: Json = {"kind": message.type, "text": "", "files": [], "buttons": []}
    drawn |= _whatsapp(message) if message.channel == "whatsapp" else _direct(message)
    if message.edited is not None:
        drawn["text"] = message.edited
    return drawn


def _whatsapp(message: ThreadMessage) -> Json:
    body, kind = message.message, message.type
    content = body.get(kind)
    given = as_object(content)
    context = as_object(body.get("context"))
    drawn: Json = {"quotes": context.get("id") or context.get("message_id")}
    if context.get("forwarded") or context.get("frequently_forwarded"):
        drawn["forwarded"] = True
    if isinstance(body.get("referral"), dict):
        drawn["referral"] = body["referral"]
    if kind == "text":
        drawn["text"] = _string(given.get("body"))
    elif kind in WHATSAPP_FILES:
        drawn["text"] = _string(given.get("caption"))
        drawn["files"] = message.files or ([_whatsapp_file(kind, given)] if given else [])
        if not given:
            drawn["unsupported"] = kind
    elif kind == "location":
        drawn["location"] = given
    elif kind == "contacts":
        drawn["cards"] = [_card(card) for card in as_objects(content)]
    elif kind == "interactive":
        drawn |= _interactive(given, message)
    elif kind == "button":
        drawn["text"] = _string(given.get("text"))
    elif kind == "order":
        drawn |= {"order": as_objects(given.get("product_items")), "text": _string(given["text"])
                  if isinstance(given.get("text"), str) else ""}  # fmt: skip
    elif kind == "system":
        drawn["system"] = _string(given.get("body"))
    elif kind == "template":
        drawn |= _template(message)
    elif kind == "reaction":
        drawn["text"] = _string(given.get("emoji"))
    else:
        drawn["unsupported"] = _string(as_object(body.get("unsupported")).get("type")) or kind
    return drawn


def _whatsapp_file(kind: str, given: Json) -> Json:
    media_id = given.get("id")
    return {
        "kind": kind,
        "url": f"/media/{media_id}" if media_id else _string(given.get("link")),
        "name": _string(given.get("filename")),
        "mime_type": _string(given.get("mime_type")),
        "voice": bool(given.get("voice")),
        "animated": bool(given.get("animated")),
    }


def _card(card: Json) -> Json:
    name = as_object(card.get("name"))
    return {
        "name": _string(name.get("formatted_name")),
        "phones": [_string(one.get("phone")) for one in as_objects(card.get("phones"))],
        "emails": [_string(one.get("email")) for one in as_objects(card.get("emails"))],
        "company": _string(as_object(card.get("org")).get("company")),
    }


def _interactive(given: Json, message: ThreadMessage) -> Json:
    answer = as_object(given.get("button_reply")) or as_object(given.get("list_reply"))
    if answer:
        return {
            "choice": {
                "title": _string(answer.get("title")),
                "description": _string(answer.get("description")),
            },
            "text": _string(answer.get("title")),
        }
    if isinstance(given.get("nfm_reply"), dict):
        return {"text": _string(given["nfm_reply"].get("body"))}
    action = as_object(given.get("action"))
    context = {"id": message.id}
    header = as_object(given.get("header"))
    buttons = [
        {"title": _string(reply.get("title")), "answer": _choice("button_reply", reply, context)}
        for reply in (as_object(one.get("reply")) for one in as_objects(action.get("buttons")))
    ]
    for section in as_objects(action.get("sections")):
        buttons += [
            {
                "title": _string(row.get("title")),
                "description": _string(row.get("description")),
                "answer": _choice("list_reply", row, context),
            }
            for row in as_objects(section.get("rows"))
        ]
    if given.get("type") == "cta_url":
        parameters = as_object(action.get("parameters"))
        title, href = _string(parameters.get("display_text")), _string(parameters.get("url"))
        buttons.append({"title": title, "href": href})
    kind = _string(header.get("type"))
    return {
        "heading": _string(header.get("text")),
        "text": _string(as_object(given.get("body")).get("text")),
        "footer": _string(as_object(given.get("footer")).get("text")),
        "files": [_whatsapp_file(kind, as_object(header.get(kind)))]
        if kind in WHATSAPP_FILES
        else [],
        "buttons": buttons,
        "opener": _string(action.get("button")) if given.get("type") == "list" else "",
    }


def _choice(kind: str, reply: Json, context: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}, "context": context}


def _template(message: ThreadMessage) -> Json:
    rendered = message.rendered or {}
    media = as_object(rendered.get("header_media"))
    kind = _string(media.get("type"))
    buttons = []
    for button in as_objects(rendered.get("buttons")):
        one: Json = {"title": _string(button.get("text")), "kind": button.get("type")}
        if button.get("url"):
            one["href"] = _string(button["url"])
        if button.get("type") == "QUICK_REPLY":
            pressed = {"text": button.get("text"), "payload": button.get("payload")}
            one["answer"] = {"type": "button", "button": pressed, "context": {"id": message.id}}
        if button.get("code"):
            one["code"] = _string(button["code"])
        buttons.append(one)
    return {
        "heading": _string(rendered.get("header")),
        "text": _string(rendered.get("body")),
        "footer": _string(rendered.get("footer")),
        "files": [_whatsapp_file(kind, as_object(media.get(kind)))]
        if kind in WHATSAPP_FILES
        else [],
        "location": as_object(media.get("location")) or None if kind == "location" else None,
        "buttons": buttons,
    }


# --- Messenger and Instagram -----------------------------------------------------------------


def _direct(message: ThreadMessage) -> Json:
    event = message.message
    if message.from_business:
        said, reply = as_object(event.get("message")), as_object(event.get("reply_to"))
    else:
        said = as_object(event.get("message"))
        reply = as_object(said.get("reply_to"))
    drawn: Json = {
        "text": _string(said.get("text")),
        "quotes": reply.get("mid"),
        "files": message.files,
        "buttons": [
            {"title": _string(one.get("title")), "answer": _quick_reply(one)}
            for one in as_objects(said.get("quick_replies"))
        ],
    }
    story = as_object(reply.get("story"))
    if story:
        drawn["story"] = {"what": "reply", "url": _string(story.get("url"))}
    for name in ("postback", "referral", "optin"):
        if isinstance(event.get(name), dict):
            drawn[name] = event[name]
    if led_here := as_object(said.get("referral")) or as_object(event.get("optin")):
        drawn["referral"] = led_here
    postback = as_object(event.get("postback"))
    if postback:
        title = _string(postback.get("title"))
        drawn |= {"text": title, "choice": {"title": title}}
    if said.get("is_unsupported"):
        drawn["unsupported"] = "unsupported"
    for attachment in [as_object(said.get("attachment")), *as_objects(said.get("attachments"))]:
        drawn |= _attached(attachment, message)
    return drawn


def _attached(attachment: Json, message: ThreadMessage) -> Json:
    kind, payload = attachment.get("type"), as_object(attachment.get("payload"))
    if kind == "location":
        place = as_object(payload.get("coordinates"))
        return {
            "location": {
                "latitude": place.get("lat"), "longitude": place.get("long"),
                "name": _string(attachment.get("title")),
            }
        }  # fmt: skip
    if kind == "fallback":
        address = _string(attachment.get("url") or payload.get("url"))
        return {"link": {"url": address, "title": _string(attachment.get("title")) or address}}
    if kind in ("share", "ig_post", "ig_reel", "reel"):
        title = _string(payload.get("title")) or "Publicação"
        return {"link": {"url": _string(payload.get("url")), "title": title}}
    if kind in ("story_mention", "ig_story"):
        return {"story": {"what": "mention", "url": _string(payload.get("url"))}}
    if kind == "like_heart":
        return {"text": "❤️", "large": True}
    if kind == "ephemeral":
        return {"unsupported": "ephemeral"}
    if kind == "template":
        return {
            "text": _string(payload.get("text")),
            "buttons": [_direct_button(one, message) for one in as_objects(payload.get("buttons"))],
        }
    return {}


def _direct_button(button: Json, message: ThreadMessage) -> Json:
    title = _string(button.get("title"))
    if button.get("type") == "web_url":
        return {"title": title, "href": _string(button.get("url"))}
    answer = {
        "type": "postback",
        "title": title,
        "payload": button.get("payload"),
        "mid": message.id,
    }
    return {"title": title, "answer": answer}


def _quick_reply(reply: Json) -> Json:
    return {"text": _string(reply.get("title")), "quick_reply": reply.get("payload")}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
