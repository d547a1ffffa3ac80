"""What was scheduled is due: it goes out once, or it is said why not (SCH)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.commands import fill_template
from chalicelib.commands.attempts import until_settled
from chalicelib.commands.step_flow import Stepping
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, variables
from chalicelib.domain import schedule as rules
from chalicelib.domain import timer as timers
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import AgentId
from chalicelib.domain.instants import to_ms
from chalicelib.domain.message import Message, key_of, line, system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import counters, people, schedules
from chalicelib.stores import variables as values
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.attendance import Attendance
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ScheduleReason
    from chalicelib.domain.schedule import Schedule
    from chalicelib.domain.timer import Timer
    from chalicelib.domain.variables import Value
    from chalicelib.stores.chats import Write
    from chalicelib.world import World


def fire(world: World, timer: Timer) -> None:
    """Let go out what is due, or hold it, or say that it was not sent; each exactly once (SCH-5).

    Everything is looked at as it is now: the block (SCH-4), the template, its values, the channel,
    the flow. In one transaction with the chat's next revision the schedule has its outcome. Does
    nothing when the schedule does not promise this any more: twice, early or late is harmless.
    """
    _Firing(world).fire(timer)


class _NotSent(Exception):
    """It does not go out, for this reason."""

    def __init__(self, reason: ScheduleReason, lacks: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lacks = lacks


@dataclass(frozen=True)
class _Fired:
    """What it makes of the chat, which is no revision yet."""

    chat: Chat
    new: tuple[Message, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    beside: tuple[Write, ...] = ()


class _Firing:
    """One schedule that is due: each try loads, decides and commits anew."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stepping = Stepping(world)
        self.protocol: str | None = None

    def fire(self, timer: Timer) -> None:
        until_settled(self.world, lambda: self._decide(timer))

    def _decide(self, timer: Timer) -> None:
        one = schedules.find([timer.chat_id], timer.subject)
        if one is None or timer not in timers.of_schedule(one):
            return
        chat = store.resolve(timer.chat_id)
        if chat is None:
            return  # being erased, and this with it
        now = self.world.now()
        gate = rules.gate(one, chat, now)
        if gate == "hold":
            self._commit(chat, one, rules.held(one), _Fired(chat))
            return
        try:
            if gate == "refuse":
                raise _NotSent("contact_blocked")
            fired = self._sent(chat, one) if one.kind == "message" else self._fire_flow(chat, one)
        except _NotSent as no:
            said = line("schedule_not_sent", None, no.reason, one.name)
            told = system_line(chat, said, now, one.schedule_id)
            after = rules.not_sent(one, now, no.reason, no.lacks)
            self._commit(chat, one, after, _Fired(chat, (told,)))
            return
        self._commit(chat, one, rules.done(one, now), fired)

    def _commit(self, chat: Chat, before: Schedule, after: Schedule, fired: _Fired) -> None:
        described = chats.described_anew(fired.chat)
        revision = revised(chat, described, [message.key for message in fired.new])
        store.commit_or_again(
            Change(
                before=chat,
                after=revision,
                new=tuple(message.at_revision(revision.rev) for message in fired.new),
                attendances=fired.attendances,
                beside=(schedules.write(before, after), *fired.beside),
            )
        )

    # --- a flow ---------------------------------------------------------------------------------

    def _fire_flow(self, chat: Chat, one: Schedule) -> _Fired:
        """SCH-2: an open attendance is closed first, as FLOW-2 does; FLOW-13: not while it is off.

        Raises _NotSent.
        """
        if self.world.preferences()["chatbot_since"] is None:
            raise _NotSent("chatbot_off")
        try:
            stepped = self.stepping.begin(chat, one.flow_id or "", self.world.now())
        except errors.FileRefused:
            raise _NotSent("values_invalid") from None
        if stepped is None:
            raise _NotSent("flow_gone")
        return _Fired(stepped.chat, stepped.new, stepped.attendances, stepped.beside)

    # --- a template -----------------------------------------------------------------------------

    def _sent(self, chat: Chat, one: Schedule) -> _Fired:
        """SCH-1: the template is queued, and what «Abrir atendimento?» says is done.

        Raises _NotSent: then nothing is opened.
        """
        now = self.world.now()
        served = chat
        if one.opens and attendances.must_open(chat):
            served = attendances.opened(chat, self._number(), now, by=AgentId(one.by))
        message = self._message(served, one, now)
        after = chats.exchanged(chats.sent_by_template(served, now), message)
        opened = attendances.record(after) if served is not chat else ()
        return _Fired(after, (message,), opened)

    def _number(self) -> str:
        self.protocol = self.protocol or counters.next_protocol()
        return self.protocol

    def _message(self, chat: Chat, one: Schedule, now: datetime) -> Message:
        sender = self.world.sender(chat.channel, chat.account)
        if not sender.active:
            raise _NotSent("channel_disabled")
        if sender.problem == "token_invalid":
            raise _NotSent("token_invalid")

        def known(texts: Iterable[str]) -> Mapping[str, Value]:
            wanted = {name for text in texts for name in variables.names(text)}
            if not wanted:
                return {}
            protocol = None if chat.attendance is None else chat.attendance.protocol
            return values.known(chat, people.agent(one.by), protocol=protocol, wanted=wanted)

        try:
            part = fill_template.fill(chat, one.name, one.language or "", one.values, known)
        except (errors.TemplateGone, errors.NotOnThisChannel):
            raise _NotSent("template_gone") from None
        except errors.MarketingStopped:
            raise _NotSent("marketing_stopped") from None
        except errors.VariablesEmpty as empty:
            lacks = tuple(lacking["name"] for lacking in empty.fields["variables"])
            raise _NotSent("variable_empty", lacks) from None
        except errors.Invalid:
            raise _NotSent("values_invalid") from None
        if any(file.key is None or not self.world.files.holds(file.key) for file in one.files):
            raise _NotSent("values_invalid")
        return Message(
            chat_id=chat.chat_id,
            key=key_of(now, "schedule", one.schedule_id, str(to_ms(one.due_at))),
            rev=0,
            kind=part.kind,
            author="agent",
            text=part.text,
            at=now,
            account=chat.account,
            agent_id=one.by,
            author_name=one.by_name,
            status=Status.QUEUED,
            template=part.template,
            files=one.files,
            details=part.details,
            source="schedule",
        )
