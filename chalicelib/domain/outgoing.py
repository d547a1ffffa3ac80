"""From what an agent wishes to send to the parts that become messages, one by one (SEND)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain import errors, media, variables
from chalicelib.domain import menu as menus
from chalicelib.domain.fields import system_value
from chalicelib.domain.media import LARGEST, RULES, File, length, rule_for
from chalicelib.domain.message import TEXT_LIMIT
from chalicelib.domain.phone import dialled, international

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import (
        Card,
        ChannelName,
        ChannelRules,
        Details,
        FileKind,
        KindName,
        Menu,
        Settings,
    )
    from chalicelib.domain.message import Message
    from chalicelib.domain.template import Filled
    from chalicelib.domain.variables import Piece, Value


@dataclass(frozen=True)
class Attached:
    """A file that is to be sent: where it lies, and what it is."""

    key: str
    name: str
    mime_type: str
    size: int
    voice: bool = False
    width: int | None = None  # of a picture, in pixels, as whoever sends it saw it
    height: int | None = None


@dataclass(frozen=True)
class Part:
    """What one message will hold. `files` are still where they were put."""

    kind: KindName
    text: str = ""
    files: tuple[Attached, ...] = ()
    details: Details | None = None
    template: Filled | None = None
    signature: str | None = None


@dataclass(frozen=True)
class Wish:
    """A free answer, with its variables known and its files found."""

    text: str = ""
    files: tuple[Attached, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    pictures: Mapping[str, Attached] = field(default_factory=dict)  # by the variable's name


@dataclass(frozen=True)
class Sender:
    """An account as far as sending from it goes.

    `page`: of Instagram through a linked page, that page; empty on WhatsApp, on Facebook, where the
    account is the page, and for Instagram Login. `human_agent`: Meta gave the permission of
    SEND-14.
    """

    channel: str
    account: str
    portfolio: str = ""
    page: str = ""
    active: bool = True
    human_agent: bool = False
    problem: str | None = None

    @property
    def by_instagram_login(self) -> bool:
        """Whether it sends at Instagram's own address, without a page (META.md §8)."""
        return self.channel == "instagram" and not self.page


# --- what may go out now ----------------------------------------------------------------------


class Way(StrEnum):
    """How a message may leave: within the session, or as a human's after it (SEND-14)."""

    FREE = "free"
    HUMAN_AGENT = "human_agent"


def way(chat: Chat, now: datetime, *, human: bool) -> Way | None:
    """How something that is no template may be sent now; None: it may not (SEND-1, SEND-14).

    `human`: a human typed it, and agency and Meta let such answers out for seven days.
    """
    if chat.session.may_write_freely(now):
        return Way.FREE
    if human and chat.channel != "whatsapp" and chat.session.may_a_human_write(now):
        return Way.HUMAN_AGENT
    return None


def typed_by_a_human(message: Message) -> bool:
    """SEND-14: neither farewells nor what the desk sends by itself."""
    return (
        message.author == "agent"
        and message.agent_id is not None
        and message.farewell_of is None
        and message.source is None
    )


class NeverLeaves(Exception):
    """An internal message came to where messages leave the desk: a fault of ours (SEND-7)."""


def check_may_leave(message: Message) -> None:
    """The last look at a message before it becomes a request. Raises NeverLeaves."""
    if message.internal or message.kind == "system" or message.status is None:
        raise NeverLeaves(message.key)


# --- parts ------------------------------------------------------------------------------------


def signature(channel: ChannelName, agent: Agent, settings: Callable[[], Settings]) -> str | None:
    """SEND-10: the line with the agent's name, as the channel has it; None: no such line.

    The agency's settings are asked for only where they matter.
    """
    form = RULES[channel]["signature"]
    if form is None or not settings()["name_prefix"]:
        return None
    return form.format(name=" ".join(agent.name.replace("*", "").split()))


def parts(channel: ChannelName, wish: Wish, signed: str | None) -> tuple[Part, ...]:
    """The messages that a free answer becomes, in order (SEND-4, SEND-5, SEND-8, SEND-10).

    The text is the caption of the first file that may have one; else it follows the files. Where
    the text holds pictures, each has the words before it, and the last those after it, too.
    Raises VariablesEmpty, TextTooLong or FileRefused.
    """
    found: list[Part] = []
    held = variables.pieces(wish.text, wish.values)
    if any(not isinstance(piece, str) for piece in held):
        for picture, words in _captioned(held):
            found += _with_words(channel, [wish.pictures[picture.name]], words, signed)
        found += _with_words(channel, wish.files, "", signed)
    else:
        words = "".join(piece for piece in held if isinstance(piece, str))
        found += _with_words(channel, wish.files, words, signed)
    return tuple(found)


def internal_part(text: str, files: tuple[Attached, ...]) -> Part:
    """SEND-7: an internal message is one, whatever it holds, and its braces are braces.

    Raises TextTooLong or FileRefused.
    """
    if len(text) > TEXT_LIMIT:
        raise errors.TextTooLong(limit=TEXT_LIMIT, unit="characters", length=len(text))
    for file in files:
        if file.size > LARGEST:
            raise errors.FileRefused(reason="too_large", limit=LARGEST, kind="document")
    return Part(_kind_of_any(files[0]) if files else "text", text, files)


def card_part(channel: ChannelName, card: Card, signed: str | None) -> Part:
    """SEND-6: a real card on WhatsApp, elsewhere the same as text. Raises TextTooLong."""
    if RULES[channel]["cards"]:
        return Part("contacts", card["name"], details={"cards": [card]})
    lines = [card["name"], *(f"+{one['phone']}" for one in card["phones"]), *card["emails"]]
    return _text(channel, "\n".join(lines), signed)


def menu_part(channel: ChannelName, text: str, menu: Menu, signed: str | None = None) -> Part:
    """FLOW-4: a text with options below it, in whatever form they go. Raises TextTooLong."""
    part = _text(channel, text, signed)
    _text(channel, menus.said(channel, menu, f"{signed or ''}{text}"), None)
    return replace(part, kind="menu", details={"menu": menu})


def card(asked: Mapping[str, str], today: date) -> Card:
    """SEND-6: the card as it is kept, digits first. Raises Invalid, also without e-mail and phone.

    A number without a country is Brazil's.
    """
    name, phone, email = (asked[part].strip() for part in ("name", "phone", "email"))
    if not (phone or email):
        raise errors.Invalid(fields=[{"path": "card.phone", "reason": "required"}])
    phones = []
    if phone:
        try:
            phones.append(dialled(phone, foreign=international(phone)))
        except errors.Invalid as refusal:
            wrong = [{**one, "path": "card.phone"} for one in refusal.fields["fields"]]
            raise errors.Invalid(fields=wrong) from None
    emails = [system_value("email", email, path="card.email", today=today)] if email else []
    return {
        "name": " ".join(name.split()),
        "phones": [{"phone": one, "label": None} for one in phones],
        "emails": emails,
        "company": None,
    }


def said(message: Message) -> str:
    """What the contact reads of a message: the agent's name before it, where it is signed."""
    return f"{message.signature or ''}{message.text}"


def _with_words(
    channel: ChannelName, files: Iterable[Attached], words: str, signed: str | None
) -> list[Part]:
    """Files, each a message, and a text as caption or as the last message."""
    found: list[Part] = []
    limit = RULES[channel]["caption_limit"]
    words_left = words
    for file in files:
        kind = _kind(channel, file)
        if limit is not None and kind != "audio" and words_left.strip():
            taken = len(signed or "") + len(words_left)
            if taken > limit:
                raise errors.FileRefused(
                    reason="caption_too_long", limit=limit, kind=kind, length=taken
                )
            found.append(Part(kind, words_left, (file,), signature=signed))
            words_left = ""
        else:
            found.append(Part(kind, files=(file,)))
    if words_left.strip():
        found.append(_text(channel, words_left, signed))
    return found


def _text(channel: ChannelName, text: str, signed: str | None) -> Part:
    rules: ChannelRules = RULES[channel]
    taken = length(channel, f"{signed or ''}{text}")
    if taken > rules["text_limit"]:
        raise errors.TextTooLong(limit=rules["text_limit"], unit=rules["text_unit"], length=taken)
    return Part("text", text, signature=signed)


def _kind(channel: ChannelName, file: Attached) -> FileKind:
    """As what the channel takes the file. Raises FileRefused."""
    rule = rule_for(channel, file.mime_type)
    plain = file.mime_type.partition(";")[0].strip().lower()
    if rule is None or (file.voice and plain not in RULES[channel]["voice_types"]):
        raise errors.FileRefused(reason="type")
    if file.size > rule["limit"]:
        raise errors.FileRefused(reason="too_large", limit=rule["limit"], kind=rule["kind"])
    return rule["kind"]


def _kind_of_any(file: Attached) -> FileKind:
    family = file.mime_type.partition("/")[0]
    if file.mime_type in media.SAFE_TYPES and family in ("image", "audio", "video"):
        return family  # type: ignore[return-value]
    return "document"


def kept(channel: ChannelName | None, file: Attached, key: str) -> File:
    """The file as a message has it, kept under that key; `channel` None: of an internal one."""
    kind = _kind_of_any(file) if channel is None else _kind(channel, file)
    return File(
        kind=kind,
        state="ready",
        name=file.name,
        mime_type=file.mime_type,
        size=file.size,
        key=key,
        width=file.width,
        height=file.height,
        voice=file.voice,
    )


def _captioned(held: list[Piece]) -> list[tuple[Value, str]]:
    """SEND-4: each picture with the words that go with it."""
    found: list[tuple[Value, str]] = []
    words = ""
    for piece in held:
        if isinstance(piece, str):
            words = piece
        else:
            found.append((piece, words.strip()))
            words = ""
    if words.strip():
        last, before = found[-1]
        found[-1] = (last, _joined(before, words))
    return found


def _joined(before: str, after: str) -> str:
    """Two texts with nothing between them any more but a blank, or a line where one was broken."""
    if not before:
        return after.strip()
    broken = "\n" in after[: len(after) - len(after.lstrip())]
    return f"{before}{chr(10) if broken else ' '}{after.strip()}"
