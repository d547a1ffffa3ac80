"""In which form a menu reaches a contact: what taps the channel has, else numbers (FLOW-4)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.media import RULES, length

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName, Menu, MenuOption

OPEN = "Opções"  # on what opens a list; read by contacts, not by users of the desk
MOST_OPTIONS = 10

# META.md §4, in characters.
MOST_BUTTONS = 3
BUTTON_TITLE, BUTTON_PAYLOAD, BUTTONS_TEXT = 20, 256, 1024
ROW_TITLE, ROW_DESCRIPTION, ROW_PAYLOAD, LIST_TEXT = 24, 72, 200, 4096
OPENER = 20
# META.md §8
REPLY_TITLE, REPLY_PAYLOAD = 20, 1000


class Form(StrEnum):
    """How the options are shown."""

    BUTTONS = "buttons"  # of WhatsApp, below the text
    LIST = "list"  # of WhatsApp, behind a button
    QUICK_REPLIES = "quick_replies"  # of Messenger and Instagram
    NUMBERED = "numbered"  # lines of the text itself: the contact types one


def form(channel: ChannelName, menu: Menu, text: str) -> Form:
    """The best form that the channel takes for these options below this text."""
    if not text.strip():
        return Form.NUMBERED
    options = menu["options"]
    if channel != "whatsapp":
        taken = length(channel, explained(menu, text)) <= RULES[channel]["text_limit"]
        fits = _fit(options, title=REPLY_TITLE, payload=REPLY_PAYLOAD)
        return Form.QUICK_REPLIES if taken and fits else Form.NUMBERED
    if (
        len(options) <= MOST_BUTTONS
        and len(text) <= BUTTONS_TEXT
        and not any(one["description"] for one in options)
        and _fit(options, title=BUTTON_TITLE, payload=BUTTON_PAYLOAD)
        and len({one["title"] for one in options}) == len(options)
    ):
        return Form.BUTTONS
    if (
        len(text) <= LIST_TEXT
        and all(len(one["description"] or "") <= ROW_DESCRIPTION for one in options)
        and _fit(options, title=ROW_TITLE, payload=ROW_PAYLOAD)
    ):
        return Form.LIST
    return Form.NUMBERED


def opener(menu: Menu) -> str:
    """What is written on the button that opens a list."""
    button = (menu["button"] or "").strip()
    return button if 1 <= len(button) <= OPENER else OPEN


def numbered(menu: Menu, text: str) -> str:
    """The text with a line for each option: «1. Financeiro», and what it is about."""
    lines = [f"{number}. {_explained(one)}" for number, one in enumerate(menu["options"], start=1)]
    return "\n".join([text, "", *lines] if text.strip() else lines)


def explained(menu: Menu, text: str) -> str:
    """The text, and below it what options are about: quick replies have no room for that."""
    lines = [_explained(one) for one in menu["options"] if one["description"]]
    return "\n".join([text, "", *lines]) if lines else text


def said(channel: ChannelName, menu: Menu, text: str) -> str:
    """The text that goes out with the menu, in the form that it takes there."""
    chosen = form(channel, menu, text)
    if chosen is Form.NUMBERED:
        return numbered(menu, text)
    return explained(menu, text) if chosen is Form.QUICK_REPLIES else text


def _explained(option: MenuOption) -> str:
    about = option["description"]
    return f"{option['title']}: {about}" if about else option["title"]


def _fit(options: list[MenuOption], *, title: int, payload: int) -> bool:
    """Whether titles and payloads are such as the channel takes, and payloads tell them apart."""
    return (
        1 <= len(options) <= MOST_OPTIONS
        and all(len(one["title"].strip()) >= 1 and len(one["title"]) <= title for one in options)
        and all(1 <= len(one["payload"]) <= payload for one in options)
        and len({one["payload"] for one in options}) == len(options)
    )
