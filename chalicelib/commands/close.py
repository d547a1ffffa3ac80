"""An attendance is closed (CLOSE)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands import attach
from chalicelib.commands.attempts import until_settled
from chalicelib.commands.edit_contact import check_pictures
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, fields, outgoing, variables, views
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import Status
from chalicelib.domain.message import TEXT_LIMIT, Message, key_of, line, system_line
from chalicelib.domain.outgoing import Wish
from chalicelib.domain.profile import edited, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.stores import attendances as records
from chalicelib.stores import audit, labels, profiles
from chalicelib.stores import chats as store
from chalicelib.stores import variables as values
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.attendance import FarewellFate
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
    from chalicelib.domain.outgoing import Part
    from chalicelib.domain.profile import Profile
    from chalicelib.stores.chats import Write
    from chalicelib.world import World

AFTERWARDS = timedelta(milliseconds=1)


def close(
    world: World,
    agent: Agent,
    chat_id: str,
    protocol: str,
    *,
    farewell: str,
    fields: Mapping[str, Any],
) -> events.Closed:
    """Close the attendance of that protocol now: agent and department go (CLOSE-1, ROUTE-7).

    In the same transaction the farewell is queued, unless it is blank, the session is shut, the
    contact blocked (CLOSE-4: it opens nothing and assigns nobody), or a variable in it empty, which
    is then named (SEND-3); what the closing window asked
    is written to the profile and into the attendance's record (CLOSE-6, CLOSE-7); a line in the
    chat and a row of the audit say who closed it. Closing it again is answered as the first time.

    Raises Invalid (a field that is required and has no value, is not asked at closing, or has a
    value that it cannot hold; a farewell that is too long for the channel), NotFound, MovedOn (it
    is no longer the open one, and somebody else closed it) or Contended; then nothing was changed.
    """
    if len(farewell) > TEXT_LIMIT:
        raise errors.Invalid(fields=[{"path": "farewell", "reason": "too_long"}])
    return _Closing(world, agent, protocol, farewell.strip(), fields).close(chat_id)


class _Closing:
    """One closing: each try loads, decides and commits anew."""

    def __init__(
        self,
        world: World,
        agent: Agent,
        protocol: str,
        farewell: str,
        given: Mapping[str, FieldValue | None],
    ) -> None:
        self.world = world
        self.agent = agent
        self.protocol = protocol
        self.farewell = farewell
        self.given = given

    def close(self, chat_id: str) -> events.Closed:
        return until_settled(self.world, lambda: self._decide(chat_id))

    def _decide(self, chat_id: str) -> events.Closed:
        chat = store.resolve(chat_id)
        if chat is None or chat.gone:
            raise errors.NotFound()
        if chat.attendance is None or chat.attendance.protocol != self.protocol:
            return self._already(chat)
        if not may_read(chat, self.agent):
            raise errors.NotFound()
        return self._commit(chat)

    def _already(self, chat: Chat) -> events.Closed:
        """What was answered when this agent closed it; they may not see the chat any more."""
        closed = records.load(chat.partitions, self.protocol)
        if closed is not None and closed.closed_by == self.agent.agent_id:
            return self._answer(chat, closed.farewell_fate or "none", closed.farewell_lacks)
        if may_read(chat, self.agent):
            raise errors.MovedOn(chat=self._shown(chat))
        raise errors.NotFound()

    def _answer(self, chat: Chat, fate: FarewellFate, lacks: tuple[str, ...] = ()) -> events.Closed:
        readable = may_read(chat, self.agent)
        return {
            "chat": self._shown(chat) if readable else None,
            "farewell": fate,
            "farewell_lacks": list(lacks),
        }

    def _shown(self, chat: Chat) -> events.Chat:
        human = self.world.may_answer_as_human(chat)
        return views.chat(chat, self.world.now(), human=human)

    def _commit(self, before: Chat) -> events.Closed:
        now = self.world.now()
        asked = attendances.asked_at_closing(labels.fields())
        given = self._checked(before, asked)
        known = profiles.load(*before.partitions) if asked else None
        kept = None if known is None else edited(known, values=given)
        fate = attendances.farewell_fate(before, self.farewell, now)
        after = chats.described_anew(attendances.closed(before))
        goodbyes: list[Message] = []
        lacks: tuple[str, ...] = ()
        if fate == "queued":
            try:
                goodbyes = self._goodbyes(before, now)
            except errors.VariablesEmpty as empty:
                fate = "variable_empty"
                lacks = tuple(one["name"] for one in empty.fields["variables"])
        for goodbye in goodbyes:
            after = chats.exchanged(after, goodbye)
        new = [*goodbyes, self._line(before, now + len(goodbyes) * AFTERWARDS)]
        said = "\n".join(goodbye.text for goodbye in goodbyes if goodbye.text)
        after = revised(before, after, [message.key for message in new])
        ended = attendances.ended(
            before,
            now,
            self.agent.agent_id,
            farewell=said or self.farewell,
            fate=fate,
            lacks=lacks,
            values=attendances.closing_values(asked, {} if kept is None else kept.values),
        )
        store.commit(
            Change(
                before=before,
                after=after,
                new=tuple(message.at_revision(after.rev) for message in new),
                attendances=(ended,),
                beside=(self._audited(before, now), *_changed(known, kept)),
            )
        )
        return self._answer(after, fate, lacks)

    def _checked(self, chat: Chat, asked: list[events.Field]) -> dict[str, FieldValue | None]:
        """CLOSE-6: what was typed, as it is kept. Raises Invalid with all that is wrong."""
        wrong = [
            {"path": f"fields.{field['field_id']}", "reason": "required"}
            for field in asked
            if field["at_closing"] == "required"
            and fields.is_blank(self.given.get(field["field_id"]))
        ]
        missing = {one["path"] for one in wrong}
        given = {one: told for one, told in self.given.items() if f"fields.{one}" not in missing}
        kept: dict[str, FieldValue | None] = {}
        try:
            kept = fields.values(asked, given)
        except errors.Invalid as refusal:
            wrong += refusal.fields["fields"]
        if wrong:
            raise errors.Invalid(fields=wrong)
        check_pictures(self.world, chat, kept, asked)
        return kept

    def _line(self, chat: Chat, at: datetime) -> Message:
        said = line("closed", self.agent, self.protocol)
        return system_line(chat, said, at, str(chat.rev + 1))

    def _goodbyes(self, chat: Chat, now: datetime) -> list[Message]:
        """The farewell as messages, its variables filled (SEND-3, SEND-4, SEND-10).

        Raises VariablesEmpty, also for a picture that cannot be sent, and Invalid for a text that
        its channel does not take.
        """
        wanted = variables.names(self.farewell)
        known = (
            values.known(chat, self.agent, protocol=self.protocol, wanted=wanted) if wanted else {}
        )
        variables.check([self.farewell], known, pictures=True)
        shown = [known[name] for name in wanted]
        signed = outgoing.signature(chat.channel, self.agent, self.world.preferences)
        try:
            pictures = attach.pictures(self.world, chat, shown)
            wish = Wish(self.farewell, values=known, pictures=pictures)
            parts = outgoing.parts(chat.channel, wish, signed)
        except errors.TextTooLong:
            raise errors.Invalid(fields=[{"path": "farewell", "reason": "too_long"}]) from None
        except errors.FileRefused:
            lacking = [{"name": one.name} for one in shown if one.kind == "image"]
            raise errors.VariablesEmpty(variables=lacking) from None
        return [self._goodbye(chat, part, number, now) for number, part in enumerate(parts)]

    def _goodbye(self, chat: Chat, part: Part, number: int, now: datetime) -> Message:
        at = now + number * AFTERWARDS
        more = (str(number),) if number else ()
        key = key_of(at, "farewell", chat.chat_id, self.protocol, *more)
        return Message(
            chat_id=chat.chat_id,
            key=key,
            rev=0,
            kind=part.kind,
            author="agent",
            text=part.text,
            at=at,
            account=chat.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            farewell_of=self.protocol,
            files=attach.keep(self.world, chat.chat_id, chat.channel, part.files, key),
            signature=part.signature,
        )

    def _audited(self, chat: Chat, now: datetime) -> Write:
        return audit.entry(
            "attendance_closed",
            self.agent,
            chat.chat_id,
            now,
            f"closed-{self.protocol}",
            protocol=self.protocol,
        )


def _changed(before: Profile | None, after: Profile | None) -> Iterable[Write]:
    """The profile's rows, if it says anything new."""
    if before is None or after is None or says_the_same(before, after):
        return ()
    return profiles.writes(before, after)
