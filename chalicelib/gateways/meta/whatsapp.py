"""What the WhatsApp Cloud API is sent: bodies made of messages, without sending them (META.md §4).

What an internal message holds is no message of a channel, and no function here makes one of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import BRAZIL
from chalicelib.domain.delivery import Refused
from chalicelib.domain.inbound import Failure
from chalicelib.domain.menu import Form, form, numbered, opener
from chalicelib.domain.outgoing import check_may_leave, said

if TYPE_CHECKING:
    from chalicelib.domain.events import Card, Menu, MenuOption
    from chalicelib.domain.inbound import Person
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Message
    from chalicelib.domain.template import Filled

PRODUCT = {"messaging_product": "whatsapp"}
VOICE = "audio/ogg; codecs=opus"
FILENAME_LENGTH = 240
NO_ADDRESS = Failure(131009, "Parameter value is not valid", "No phone number and no user id")


def message(person: Person, message: Message, callback: str) -> dict[str, Any]:
    """The body that sends the message, whose files are uploaded, to that person.

    To their number if it is known, else to their business-scoped id. `callback` comes back with
    every status. Raises Refused when there is nobody to send to.
    """
    check_may_leave(message)
    body = {
        **PRODUCT,
        "recipient_type": "individual",
        **_address(person),
        **_content(message),
        "biz_opaque_callback_data": callback,
    }
    if message.quotes is not None:
        body["context"] = {"message_id": message.quotes}
    return body


def reaction(person: Person, provider_id: str, emoji: str | None, callback: str) -> dict[str, Any]:
    """The body that puts an emoji on a message, or takes it back."""
    return {
        **PRODUCT,
        "recipient_type": "individual",
        **_address(person),
        "type": "reaction",
        "reaction": {"message_id": provider_id, "emoji": emoji or ""},
        "biz_opaque_callback_data": callback,
    }


def read(provider_id: str) -> dict[str, Any]:
    """The body that says that this message, and all before it, were read."""
    return {**PRODUCT, "status": "read", "message_id": provider_id}


def upload_type(file: File) -> str:
    """As what a file is uploaded: a voice note has to name its codec."""
    return VOICE if _is_voice(file) else file.mime_type or "application/octet-stream"


def _content(message: Message) -> dict[str, Any]:
    if message.template is not None:
        return {"type": "template", "template": _template(message.template, message.files)}
    if message.kind == "contacts":
        cards = (message.details or {}).get("cards", [])
        return {"type": "contacts", "contacts": [_card(card) for card in cards]}
    if message.files:
        file = message.files[0]
        return {"type": file.kind, file.kind: _file(file, said(message))}
    menu = (message.details or {}).get("menu")
    return _text(said(message)) if menu is None else _menu(menu, said(message))


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": text, "preview_url": True}}


def _menu(menu: Menu, text: str) -> dict[str, Any]:
    """FLOW-4"""
    match form("whatsapp", menu, text):
        case Form.BUTTONS:
            kind = "button"
            replies = [{"id": one["payload"], "title": one["title"]} for one in menu["options"]]
            action: dict[str, Any] = {
                "buttons": [{"type": "reply", "reply": reply} for reply in replies]
            }
        case Form.LIST:
            kind = "list"
            rows = [_row(one) for one in menu["options"]]
            action = {"button": opener(menu), "sections": [{"rows": rows}]}
        case _:
            return _text(numbered(menu, text))
    interactive = {"type": kind, "body": {"text": text}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def _row(option: MenuOption) -> dict[str, str]:
    row = {"id": option["payload"], "title": option["title"]}
    return {**row, "description": option["description"]} if option["description"] else row


def _file(file: File, caption: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": file.remote_id}
    if file.kind == "document":
        told["filename"] = (file.name or "")[:FILENAME_LENGTH]
    if file.kind == "audio":
        return {**told, "voice": True} if _is_voice(file) else told
    return {**told, "caption": caption} if caption else told


def _is_voice(file: File) -> bool:
    return file.voice and (file.mime_type or "").partition(";")[0].strip() == "audio/ogg"


def _template(filled: Filled, files: tuple[File, ...]) -> dict[str, Any]:
    header: dict[str, str] | None = None
    if files:
        header = {"id": files[0].remote_id or ""}
        if files[0].kind == "document":
            header["filename"] = (files[0].name or "")[:FILENAME_LENGTH]
    return {
        "name": filled.name,
        "language": {"code": filled.language},
        "components": filled.components(header),
    }


def _card(card: Card) -> dict[str, Any]:
    """SEND-6. Without `wa_id` WhatsApp offers to invite the person instead of to write to them."""
    first, _, last = card["name"].partition(" ")
    name = {"formatted_name": card["name"], "first_name": first}
    if last:
        name["last_name"] = last
    told: dict[str, Any] = {"name": name}
    phones = [_phone(one["phone"]) for one in card["phones"]]
    if phones:
        told["phones"] = phones
    if card["emails"]:
        told["emails"] = [{"email": email, "type": "WORK"} for email in card["emails"]]
    return told


def _phone(phone: str) -> dict[str, str]:
    digits = phone.lstrip("+")
    told = {"phone": f"+{digits}", "type": "CELL"}
    return {**told, "wa_id": digits} if digits.startswith(BRAZIL) else told


def _address(person: Person) -> dict[str, str]:
    if person.phone:
        return {"to": f"+{person.phone.lstrip('+')}"}
    if person.user_id:
        return {"recipient": person.user_id}
    raise Refused(NO_ADDRESS)
