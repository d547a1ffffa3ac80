"""An attendance is closed (CLOSE)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.edit_contact import check_pictures
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, fields, views
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import Status
from chalicelib.domain.message import TEXT_LIMIT, Message, key_of, line, system_line
from chalicelib.domain.profile import edited, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.stores import attendances as records
from chalicelib.stores import audit, labels, profiles
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.attendance import FarewellFate
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
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

    In the same transaction the farewell is queued, unless it is blank, the session is shut or the
    contact blocked (CLOSE-4: it opens nothing and assigns nobody); what the closing window asked
    is written to the profile and into the attendance's record (CLOSE-6, CLOSE-7); a line in the
    chat and a row of the audit say who closed it. Closing it again is answered as the first time.

    Raises Invalid (a field that is required and has no value, is not asked at closing, or has a
    value that it cannot hold; a farewell that is too long), NotFound, MovedOn (it is no longer the
    open one, and somebody else closed it) or Contended; then nothing was changed.
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
            return self._answer(chat, closed.farewell_fate or "none")
        if may_read(chat, self.agent):
            raise errors.MovedOn(chat=views.chat(chat, self.world.now()))
        raise errors.NotFound()

    def _answer(self, chat: Chat, fate: FarewellFate) -> events.Closed:
        readable = may_read(chat, self.agent)
        return {
            "chat": views.chat(chat, self.world.now()) if readable else None,
            "farewell": fate,
        }

    def _commit(self, before: Chat) -> events.Closed:
        now = self.world.now()
        asked = attendances.asked_at_closing(labels.fields())
        values = self._checked(before, asked)
        known = profiles.load(*before.partitions) if asked else None
        kept = None if known is None else edited(known, values=values)
        fate = attendances.farewell_fate(before, self.farewell, now)
        after = chats.described_anew(attendances.closed(before))
        new = [self._line(before, now)]
        if fate == "queued":
            new = [self._goodbye(before, now), self._line(before, now + AFTERWARDS)]
            after = chats.exchanged(after, new[0])
        after = revised(before, after, [message.key for message in new])
        ended = attendances.ended(
            before,
            now,
            self.agent.agent_id,
            farewell=self.farewell,
            fate=fate,
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
        return self._answer(after, fate)

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
        values: dict[str, FieldValue | None] = {}
        try:
            values = fields.values(asked, given)
        except errors.Invalid as refusal:
            wrong += refusal.fields["fields"]
        if wrong:
            raise errors.Invalid(fields=wrong)
        check_pictures(self.world, chat, values, asked)
        return values

    def _line(self, chat: Chat, at: datetime) -> Message:
        said = line("closed", self.agent, self.protocol)
        return system_line(chat, said, at, str(chat.rev + 1))

    def _goodbye(self, chat: Chat, now: datetime) -> Message:
        return Message(
            chat_id=chat.chat_id,
            key=key_of(now, "farewell", chat.chat_id, self.protocol),
            rev=0,
            kind="text",
            author="agent",
            text=self.farewell,
            at=now,
            account=chat.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            farewell_of=self.protocol,
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
