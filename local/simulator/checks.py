"""The checks of a send that need nothing but its body (META.md 4)."""

from collections.abc import Callable
from typing import Any

from .errors import GraphError
from .numbers import digits, is_bsuid
from .wire import Json, as_object, as_objects

LONGEST_CALLBACK_DATA = 512
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_CARDS = 257
MOST_BUTTONS = 3
MOST_SECTIONS = 10
MOST_ROWS = 10
TYPES = [
    "audio", "contacts", "document", "image", "interactive", "location", "reaction", "sticker",
    "template", "text", "video",
]  # fmt: skip
INTERACTIVE = [
    "button", "list", "cta_url", "location_request_message", "flow", "request_contact_info",
    "product", "product_list", "catalog_message", "call_permission_request",
]  # fmt: skip


def check_message(body: Json) -> None:
    """Refuse what Meta refuses at sight. Raises GraphError."""
    check_product(body)
    _check_addresses(body)
    _optional_text(body, "biz_opaque_callback_data", LONGEST_CALLBACK_DATA)
    kind = body.get("type", "text")
    if kind not in TYPES:
        wanted = ", ".join(known.upper() for known in TYPES)
        raise _not_one_of("type", wanted, kind)
    if body.get("recipient_type", "individual") not in ("individual", "group"):
        raise _not_one_of("recipient_type", "INDIVIDUAL, GROUP", body["recipient_type"])
    content = body.get(kind)
    if content is None:
        raise GraphError(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if kind != "contacts" and not isinstance(content, dict):
        raise GraphError(100, f"Param {kind} must be a JSON object.")
    context = body.get("context")
    if context is not None and not isinstance(as_object(context).get("message_id"), str):
        raise GraphError(100, "Param context['message_id'] must be a string.")
    CHECKS[kind](content, body)


def check_product(body: Json) -> None:
    """Every POST names the product it is for."""
    if "messaging_product" not in body:
        raise GraphError(100, "", message="(#100) The parameter messaging_product is required.")
    if body["messaging_product"] != "whatsapp":
        raise GraphError(
            100, "", message="(#100) Param messaging_product must be one of {FACEBOOK, WHATSAPP}"
        )


def _not_one_of(name: str, wanted: str, got: Any) -> GraphError:
    message = f'(#100) Param {name} must be one of {{{wanted}}} - got "{got}".'
    return GraphError(100, "", message=message)


def _check_addresses(body: Json) -> None:
    to, recipient = body.get("to"), body.get("recipient")
    if to is None and recipient is None:
        raise GraphError(100, "", message="(#100) The parameter to is required.")
    if to is not None and (not isinstance(to, str) or not 6 <= len(digits(to)) <= 20):
        raise GraphError(131009, f"Param to is not a valid WhatsApp phone number: {to!r}")
    if to is None and (not isinstance(recipient, str) or not is_bsuid(recipient)):
        raise GraphError(131009, "Param recipient is not a valid business-scoped user id")


def _text(content: Json, _body: Json) -> None:
    _required_text(content, "body", LONGEST_TEXT, "text['body']")
    if not isinstance(content.get("preview_url", False), bool):
        raise GraphError(100, "Param text['preview_url'] must be a boolean.")


def _media(kind: str, *, captioned: bool) -> Callable[[Json, Json], None]:
    def check(content: Json, _body: Json) -> None:
        named = [key for key in ("id", "link") if content.get(key)]
        if len(named) != 1:
            raise GraphError(131008, f"Exactly one of {kind}['id'] and {kind}['link'] is required")
        link = content.get("link")
        if link is not None and not str(link).startswith(("http://", "https://")):
            raise GraphError(100, f"Param {kind}['link'] is not a valid URL.")
        if "caption" in content and not captioned:
            raise GraphError(100, f"Param {kind}['caption'] is not supported.")
        _optional_text(content, "caption", LONGEST_CAPTION, f"{kind}['caption']")
        _optional_text(content, "filename", 240, f"{kind}['filename']")

    return check


def _location(content: Json, _body: Json) -> None:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        try:
            inside = abs(float(content[name])) <= limit
        except (KeyError, TypeError, ValueError):
            raise GraphError(131008, f"Parameter location['{name}'] is required") from None
        if not inside:
            raise GraphError(131009, f"Param location['{name}'] is out of range")


def _contacts(content: Any, _body: Json) -> None:
    if not isinstance(content, list) or not 1 <= len(content) <= MOST_CARDS:
        raise GraphError(100, f"Param contacts must be an array of 1 to {MOST_CARDS} cards.")
    for index, card in enumerate(content):
        name = card.get("name") if isinstance(card, dict) else None
        formatted = name.get("formatted_name") if isinstance(name, dict) else None
        if not isinstance(formatted, str) or not formatted:
            raise GraphError(131008, f"contacts[{index}]['name']['formatted_name'] is required")
        others = set(name or {}) - {"formatted_name"}
        if not others:
            raise GraphError(
                131009, f"contacts[{index}]['name'] needs one more part, like first_name"
            )


def _reaction(content: Json, body: Json) -> None:
    _required_text(content, "message_id", 1000, "reaction['message_id']")
    if not isinstance(content.get("emoji"), str):
        raise GraphError(131008, "Parameter reaction['emoji'] is required")
    if len(content["emoji"].encode()) > 64:
        raise GraphError(131009, "Param reaction['emoji'] must be one emoji")
    if "context" in body:
        raise GraphError(100, "Param context is not allowed for reactions.")


def _interactive(content: Json, _body: Json) -> None:
    kind = content.get("type")
    if kind not in INTERACTIVE:
        raise GraphError(100, f"Param interactive['type'] is not valid: {kind!r}")
    action = content.get("action")
    if not isinstance(action, dict):
        raise GraphError(131008, "Parameter interactive['action'] is required")
    longest = LONGEST_TEXT if kind == "list" else 1024
    text = content.get("body")
    if not isinstance(text, dict):
        raise GraphError(131008, "Parameter interactive['body'] is required")
    _required_text(text, "text", longest, "interactive['body']['text']")
    _optional_text(as_object(content.get("footer")), "text", 60, "interactive['footer']['text']")
    if kind == "button":
        _buttons(action.get("buttons"))
    if kind == "list":
        _sections(action)


def _buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
        raise GraphError(131009, "Invalid buttons count. Min allowed buttons: 1, Max: 3")
    replies = [as_object(button.get("reply")) for button in as_objects(buttons)]
    for reply in replies:
        _required_text(reply, "id", 256, "button reply id")
        _required_text(reply, "title", 20, "button reply title")
    for part in ("id", "title"):
        if len({reply[part] for reply in replies}) != len(buttons):
            raise GraphError(131009, f"Button {part}s must be unique")


def _sections(action: Json) -> None:
    _required_text(action, "button", 20, "interactive['action']['button']")
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= MOST_SECTIONS:
        raise GraphError(131009, f"Sections: 1 to {MOST_SECTIONS}")
    rows: list[Json] = []
    for section in as_objects(sections):
        _optional_text(section, "title", 24, "section title")
        if len(sections) > 1 and not section.get("title"):
            raise GraphError(131009, "Section title is required when there are several")
        rows += as_objects(section.get("rows"))
    if not 1 <= len(rows) <= MOST_ROWS:
        raise GraphError(131009, f"Total row count exceed max allowed count: {MOST_ROWS}")
    for row in rows:
        _required_text(row, "id", 200, "row id")
        _required_text(row, "title", 24, "row title")
        _optional_text(row, "description", 72, "row description")
    if len({row["id"] for row in rows}) != len(rows):
        raise GraphError(131009, "Duplicated row id")


def _template(content: Json, _body: Json) -> None:
    _required_text(content, "name", 512, "template['name']")
    language = content.get("language")
    if not isinstance(language, dict):
        raise GraphError(131008, "Parameter template['language'] is required")
    _required_text(language, "code", 20, "template['language']['code']")
    components = content.get("components", [])
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        raise GraphError(100, "Param template['components'] must be an array of objects.")


def _required_text(content: Any, key: str, longest: int, name: str) -> None:
    value = content.get(key) if isinstance(content, dict) else None
    if value is None:
        raise GraphError(131008, f"Parameter {name} is required")
    if not isinstance(value, str):
        raise GraphError(100, f"Param {name} must be a string.")
    if not value:
        raise GraphError(100, f"Param {name} cannot be empty.")
    _optional_text(content, key, longest, name)


def _optional_text(content: Json, key: str, longest: int, name: str | None = None) -> None:
    value = content.get(key)
    if value is None:
        return
    if not isinstance(value, str):
        raise GraphError(100, f"Param {name or key} must be a string.")
    if len(value) > longest:
        raise GraphError(100, f"Param {name or key} must be at most {longest} characters long.")


CHECKS: dict[str, Callable[[Any, Json], None]] = {
    "text": _text,
    "image": _media("image", captioned=True),
    "video": _media("video", captioned=True),
    "document": _media("document", captioned=True),
    "audio": _media("audio", captioned=False),
    "sticker": _media("sticker", captioned=False),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
