"""The checks of a Messenger or Instagram send that need nothing but its body (META.md 8)."""

from typing import Any

from .errors import GraphError
from .wire import Json, as_object, as_objects

LONGEST_TEXT = 2000  # characters, Messenger
LONGEST_BYTES = 1000  # Instagram
LONGEST_TITLE = 20
LONGEST_PAYLOAD = 1000
MOST_QUICK_REPLIES = 13
MOST_IMAGES = 10
MOST_BUTTONS = 3
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
ATTACHMENTS = ("image", "audio", "video", "file", "template")
MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
CONTENTS = ("text", "attachment", "attachments", "sticker_id")


def bad(message: str, subcode: int | None = None) -> GraphError:
    """A parameter that Meta refuses, code 100."""
    return GraphError(100, "", message=f"(#100) {message}", subcode=subcode, product="page")


def recipient_of(body: Json) -> str:
    """The scoped id of whom it is for. Raises GraphError."""
    recipient = body.get("recipient")
    if recipient is None:
        raise bad("The parameter recipient is required")
    named = recipient.get("id") if isinstance(recipient, dict) else None
    if not isinstance(named, str) or not named.isdigit():
        raise bad("Param recipient[id] must be a string of digits")
    return named


def check_action(channel: str, body: Json) -> str:
    """The `sender_action`, alone and of this channel. Raises GraphError."""
    action = body["sender_action"]
    if action not in ACTIONS:
        raise bad(f"Param sender_action must be one of {{{', '.join(ACTIONS).upper()}}}")
    if "message" in body:
        raise bad("sender_action and message cannot be sent together", 2018014)
    if action in ("react", "unreact"):
        if channel != "instagram":
            raise bad("Reactions are not supported for this platform")
        payload = as_object(body.get("payload"))
        if not isinstance(payload.get("message_id"), str):
            raise bad("Param payload[message_id] is required")
        reaction = payload.get("reaction")
        if action == "react" and not (isinstance(reaction, str) and reaction):
            raise bad("Param payload[reaction] is required")
    return str(action)


def check_said(channel: str, body: Json) -> str:
    """What kind of message `body` holds, when it has Meta's shape. Raises GraphError."""
    _check_frame(channel, body)
    said = body.get("message")
    if not isinstance(said, dict):
        raise bad("The parameter message is required")
    present = [name for name in CONTENTS if said.get(name) not in (None, "", [])]
    if len(present) != 1:
        raise bad("Message cannot be empty, must provide exactly one of text, attachment", 2018034)
    reply = body.get("reply_to")
    if reply is not None and not isinstance(as_object(reply).get("mid"), str):
        raise bad("Param reply_to[mid] must be a string")
    metadata = said.get("metadata")
    if metadata is not None and (not isinstance(metadata, str) or len(metadata) > 1000):
        raise bad("Param message[metadata] must be a string of at most 1000 characters")
    _check_quick_replies(said)
    if present == ["text"]:
        _check_text(channel, said["text"])
        return "text"
    if present == ["sticker_id"]:
        if channel != "facebook":
            raise bad("Param message[sticker_id] is not supported for this platform")
        return "sticker"
    if present == ["attachments"]:
        return _check_several(channel, said["attachments"])
    return _check_attachment(channel, said["attachment"])


def _check_frame(channel: str, body: Json) -> None:
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind is None and channel == "facebook":
        raise bad("The parameter messaging_type is required")
    if kind is not None and kind not in MESSAGING_TYPES:
        raise bad(f"Param messaging_type must be one of {{{', '.join(MESSAGING_TYPES)}}}")
    if kind == "MESSAGE_TAG" and tag is None:
        raise bad("The parameter tag is required for MESSAGE_TAG")
    if tag is not None and kind != "MESSAGE_TAG":
        raise bad("Param tag needs messaging_type MESSAGE_TAG")
    if tag not in (None, "HUMAN_AGENT"):
        raise bad(f"Param tag {tag!r} is no longer available")


def _check_text(channel: str, text: Any) -> None:
    if not isinstance(text, str):
        raise bad("Param message[text] must be a string")
    if channel == "instagram":
        if len(text.encode("utf-8", "replace")) > LONGEST_BYTES:
            raise bad("Length of param message[text] must be less than or equal to 1000 bytes")
    elif len(text) > LONGEST_TEXT:
        raise bad("Length of param message[text] must be less than or equal to 2000")


def _check_quick_replies(said: Json) -> None:
    replies = said.get("quick_replies")
    if replies is None:
        return
    if not isinstance(replies, list) or not 1 <= len(replies) <= MOST_QUICK_REPLIES:
        raise bad("Param message[quick_replies] must have 1 to 13 elements")
    for one in replies:
        reply = as_object(one)
        if reply.get("content_type") not in ("text", "user_phone_number", "user_email"):
            raise bad("Param quick_replies[content_type] is not valid")
        if reply["content_type"] == "text":
            title = reply.get("title")
            if not isinstance(title, str) or not 1 <= len(title) <= LONGEST_TITLE:
                raise bad("Param quick_replies[title] must have 1 to 20 characters")
            payload = reply.get("payload")
            if not isinstance(payload, str):
                raise bad("Param quick_replies[payload] is required")
            if len(payload) > LONGEST_PAYLOAD:
                raise bad("Param quick_replies[payload] must have at most 1000 characters")


def _check_several(channel: str, attachments: Any) -> str:
    if channel != "instagram":
        raise bad("Param message[attachments] is not supported for this platform")
    if not isinstance(attachments, list) or not 1 <= len(attachments) <= MOST_IMAGES:
        raise bad("Param message[attachments] must have 1 to 10 images")
    for one in attachments:
        if as_object(one).get("type") != "image":
            raise bad("Param message[attachments] takes images only")
        _check_source(as_object(as_object(one).get("payload")))
    return "image"


def _check_attachment(channel: str, attachment: Any) -> str:
    kind = as_object(attachment).get("type")
    if channel == "instagram" and kind == "like_heart":
        return "like_heart"
    if kind not in ATTACHMENTS:
        raise bad(f"Param message[attachment][type] must be one of {{{', '.join(ATTACHMENTS)}}}")
    payload = as_object(attachment.get("payload"))
    if kind == "template":
        _check_buttons(payload)
    else:
        _check_source(payload)
    return str(kind)


def _check_source(payload: Json) -> None:
    named = [name for name in ("url", "attachment_id") if payload.get(name)]
    if len(named) != 1 and not payload.get("uploaded"):
        raise bad("Exactly one of payload[url] and payload[attachment_id] is required")
    url = payload.get("url")
    if url is not None and not str(url).startswith(("http://", "https://")):
        raise bad("Param payload[url] must be a valid URL", 2018008)


def _check_buttons(payload: Json) -> None:
    if payload.get("template_type") not in ("button", "generic", "media"):
        raise bad("Param payload[template_type] is not valid")
    buttons = as_objects(payload.get("buttons"))
    if payload["template_type"] == "button" and not 1 <= len(buttons) <= MOST_BUTTONS:
        raise bad("Param payload[buttons] must have 1 to 3 buttons")
    if payload["template_type"] == "button" and not isinstance(payload.get("text"), str):
        raise bad("Param payload[text] is required")
