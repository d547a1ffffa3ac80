"""An attendance is closed (CLOSE)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.commands import farewell as farewells
from chalicelib.commands.attempts import until_settled
from chalicelib.commands.edit_contact import check_pictures
from chalicelib.commands.step_flow import Stepping
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, fields, views
from chalicelib.domain import timer as timers
from chalicelib.domain.access import may_read
from chalicelib.domain.chat import Closing
from chalicelib.domain.instants import iso
from chalicelib.domain.message import TEXT_LIMIT, line, system_line
from chalicelib.domain.profile import edited, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.stores import attendances as records
from chalicelib.stores import audit, closings, labels, people, profiles
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from chalicelib.commands.step_flow import Stepped
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.attendance import FarewellFate
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue, OnReply
    from chalicelib.domain.message import Message
    from chalicelib.domain.profile import Profile
    from chalicelib.domain.timer import Timer
    from chalicelib.stores.chats import Write
    from chalicelib.world import World

AFTERWARDS = timedelta(milliseconds=1)
A_MOMENT = timedelta(seconds=30)


def close(
    world: World,
    agent: Agent,
    chat_id: str,
    protocol: str,
    *,
    farewell: str,
    fields: Mapping[str, Any],
    minutes: int | None = None,
    on_reply: OnReply = "keep",
) -> events.Closed:
    """Close the attendance of that protocol now: agent and department go (CLOSE-1, ROUTE-7).

    With `minutes` it is closed by itself after so many, with what was given here; an earlier such
    promise is replaced (CLOSE-2, CLOSE-8). What is asked of the fields holds now (CLOSE-6).

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
    closing = _Closing(world, agent, protocol, farewell.strip(), fields)
    if minutes is None:
        return closing.close(chat_id)
    return closing.schedule(chat_id, timedelta(minutes=minutes), on_reply)


def on_time(world: World, timer: Timer) -> None:
    """Close the attendance whose time it is, with what was given when that was decided (CLOSE-2).

    Nothing, when the chat does not promise that any more: the attendance was closed earlier, the
    closing cancelled, or put off.
    """

    def decide() -> None:
        chat = store.load(timer.chat_id)
        if chat is None or timer not in timers.of_chat(chat) or chat.closing is None:
            return
        kept = closings.load(chat.chat_id, timer.subject)
        agent = people.agent(chat.closing.by)
        if agent is None:
            raise ValueError(f"there is no agent {chat.closing.by}")
        farewell, given = ("", {}) if kept is None else (kept.farewell, kept.fields)
        _Closing(world, agent, timer.subject, farewell, given, code="closed_on_time").commit(chat)

    until_settled(world, decide)


def cancel(world: World, agent: Agent, chat_id: str, protocol: str) -> events.Changed:
    """Let the attendance stay open: its scheduled closing is no more (CLOSE-3).

    Cancelling again succeeds. Raises NotFound, MovedOn (it is no longer the open one) or Contended.
    """

    def decide() -> events.Changed:
        before = store.resolve(chat_id)
        if before is None or not may_read(before, agent):
            raise errors.NotFound()
        now = world.now()
        human = world.may_answer_as_human(before)
        if before.attendance is None or before.attendance.protocol != protocol:
            raise errors.MovedOn(chat=views.chat(before, now, human=human))
        if before.closing is None:
            return {"chat": views.chat(before, now, human=human)}
        said = line("closing_cancelled", agent, protocol)
        written = system_line(before, said, now, str(before.rev + 1))
        after = revised(before, replace(before, closing=None), [written.key])
        store.commit(
            Change(before=before, after=after, new=(written.at_revision(after.rev),)),
        )
        return {"chat": views.chat(after, now, human=human)}

    return until_settled(world, decide)


class _Closing:
    """One closing: each try loads, decides and commits anew."""

    def __init__(
        self,
        world: World,
        agent: Agent,
        protocol: str,
        farewell: str,
        given: Mapping[str, FieldValue | None],
        code: Literal["closed", "closed_on_time"] = "closed",
    ) -> None:
        self.world = world
        self.agent = agent
        self.protocol = protocol
        self.farewell = farewell
        self.given = given
        self.code = code
        self.stepping = Stepping(world)

    def close(self, chat_id: str) -> events.Closed:
        return until_settled(self.world, lambda: self._decide(chat_id, self.commit))

    def schedule(self, chat_id: str, after: timedelta, on_reply: OnReply) -> events.Closed:
        def put_off(chat: Chat) -> events.Closed:
            return self._promise(chat, after, on_reply)

        return until_settled(self.world, lambda: self._decide(chat_id, put_off))

    def _decide(self, chat_id: str, act: Callable[[Chat], events.Closed]) -> events.Closed:
        chat = store.resolve(chat_id)
        if chat is None or chat.gone:
            raise errors.NotFound()
        if chat.attendance is None or chat.attendance.protocol != self.protocol:
            return self._already(chat)
        if not may_read(chat, self.agent):
            raise errors.NotFound()
        return act(chat)

    def _promise(self, before: Chat, length: timedelta, on_reply: OnReply) -> events.Closed:
        now = self.world.now()
        self._checked(before, attendances.asked_at_closing(labels.fields()))
        closing = Closing(now + length, on_reply, self.agent.agent_id, self.agent.name)
        kept = closings.Kept(self.farewell, self.given)
        if self._is_promised(before, closing, kept):
            return self._answer(before, "none")
        said = line("closing_scheduled", self.agent, iso(closing.at), on_reply)
        written = system_line(before, said, now, str(before.rev + 1))
        after = revised(before, replace(before, closing=closing), [written.key])
        store.commit(
            Change(
                before=before,
                after=after,
                new=(written.at_revision(after.rev),),
                beside=(closings.write(before.chat_id, self.protocol, kept),),
            )
        )
        return self._answer(after, "none")

    def _is_promised(self, chat: Chat, wanted: Closing, kept: closings.Kept) -> bool:
        """Whether it was asked a moment ago already: a double click, or an answer that was lost."""
        known = chat.closing
        if known is None or replace(wanted, at=known.at) != known:
            return False
        same = closings.load(chat.chat_id, self.protocol) == kept
        return same and wanted.at - known.at < A_MOMENT

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

    def commit(self, before: Chat) -> events.Closed:
        """Close it, now."""
        now = self.world.now()
        asked = attendances.asked_at_closing(labels.fields())
        given = self._still_valid(before, asked) if self.on_time else self._checked(before, asked)
        known = profiles.load(*before.partitions) if asked else None
        kept = None if known is None else edited(known, values=given)
        fate = attendances.farewell_fate(before, self.farewell, now)
        after = chats.described_anew(attendances.closed(before))
        goodbyes: list[Message] = []
        lacks: tuple[str, ...] = ()
        if fate == "queued":
            try:
                goodbyes = farewells.messages(
                    self.world,
                    before,
                    self.farewell,
                    self.agent,
                    protocol=self.protocol,
                    now=now,
                )
            except errors.VariablesEmpty as empty:
                fate = "variable_empty"
                lacks = tuple(one["name"] for one in empty.fields["variables"])
            except errors.Invalid:
                if not self.on_time:
                    raise
                fate = "too_long"  # its variables have grown since; a closing still closes
        for goodbye in goodbyes:
            after = chats.exchanged(after, goodbye)
        new = [*goodbyes, self._line(before, now + len(goodbyes) * AFTERWARDS)]
        changed: Iterable[Write] = _changed(known, kept)
        opened: tuple[attendances.Attendance, ...] = ()
        then = self._flow(after, now + len(new) * AFTERWARDS, known, kept)
        if then is not None:
            after, opened, changed = then.chat, then.attendances, then.beside
            new += then.new
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
                attendances=(ended, *opened),
                beside=(self._audited(before, now), *changed),
            )
        )
        return self._answer(after, fate, lacks)

    def _flow(
        self, closed: Chat, at: datetime, known: Profile | None, kept: Profile | None
    ) -> Stepped | None:
        """CLOSE-5: the flow that fires after closing, if the agency has one."""
        settings = self.world.preferences()
        flow_id = settings["closing_flow_id"]
        if flow_id is None or settings["chatbot_since"] is None or closed.blocked:
            return None
        profile = None if known is None or kept is None else (known, kept)
        return self.stepping.begin(closed, flow_id, at, profile=profile)

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

    @property
    def on_time(self) -> bool:
        """Whether it was decided earlier: nobody is there any more to be asked anything."""
        return self.code == "closed_on_time"

    def _still_valid(self, chat: Chat, asked: list[events.Field]) -> dict[str, FieldValue | None]:
        """What was typed then, without what no field can hold any more."""
        kept: dict[str, FieldValue | None] = {}
        for field in asked:
            if field["field_id"] not in self.given:
                continue
            one = {field["field_id"]: self.given[field["field_id"]]}
            try:
                value = fields.values([field], one)
                check_pictures(self.world, chat, value, [field])
            except errors.Invalid:
                continue
            kept |= value
        return kept

    def _line(self, chat: Chat, at: datetime) -> Message:
        said = line(self.code, self.agent, self.protocol)
        return system_line(chat, said, at, str(chat.rev + 1))

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
