"""What is said at the end of an attendance, as messages that are ready to go (CLOSE-4, SES-4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands import attach
from chalicelib.domain import errors, outgoing, variables
from chalicelib.domain.delivery import Status
from chalicelib.domain.message import Message, key_of
from chalicelib.domain.outgoing import Wish
from chalicelib.stores import variables as values

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import SourceName
    from chalicelib.domain.outgoing import Part
    from chalicelib.world import World

AFTERWARDS = timedelta(milliseconds=1)


def messages(
    world: World,
    chat: Chat,
    text: str,
    agent: Agent | None,
    *,
    protocol: str,
    now: datetime,
    source: SourceName | None = None,
) -> list[Message]:
    """The farewell as messages, its variables filled (SEND-3, SEND-4, SEND-10), from `now` on.

    `agent` is who says it; None: the desk by itself. They open no attendance and assign nobody.
    Raises VariablesEmpty, also for a picture that cannot be sent, and Invalid for a text that its
    channel does not take.
    """
    wanted = variables.names(text)
    known = values.known(chat, agent, protocol=protocol, wanted=wanted) if wanted else {}
    variables.check([text], known, pictures=True)
    shown = [known[name] for name in wanted]
    signed = None
    if agent is not None:
        signed = outgoing.signature(chat.channel, agent, world.preferences)
    try:
        pictures = attach.pictures(world, chat, shown)
        wish = Wish(text, values=known, pictures=pictures)
        parts = outgoing.parts(chat.channel, wish, signed)
    except errors.TextTooLong:
        raise errors.Invalid(fields=[{"path": "farewell", "reason": "too_long"}]) from None
    except errors.FileRefused:
        lacking = [{"name": one.name} for one in shown if one.kind == "image"]
        raise errors.VariablesEmpty(variables=lacking) from None

    def said(part: Part, number: int) -> Message:
        at = now + number * AFTERWARDS
        more = (str(number),) if number else ()
        key = key_of(at, source or "farewell", chat.chat_id, protocol, *more)
        return Message(
            chat_id=chat.chat_id,
            key=key,
            rev=0,
            kind=part.kind,
            author="agent",
            text=part.text,
            at=at,
            account=chat.account,
            agent_id=agent.agent_id if agent else None,
            author_name=agent.name if agent else None,
            status=Status.QUEUED,
            farewell_of=protocol,
            files=attach.keep(world, chat.chat_id, chat.channel, part.files, key),
            signature=part.signature,
            source=source,
        )

    return [said(part, number) for number, part in enumerate(parts)]
