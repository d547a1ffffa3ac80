"""A flow goes on in a chat: what its step needs is found, and what it does is made ready (FLOW).

Nothing is committed here: whatever makes a flow go on (a message, a time, an agent) commits what
the flow did with its own change, whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.commands import attach
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, flow, flow_step
from chalicelib.domain import template as templates
from chalicelib.domain import timer as timers
from chalicelib.domain.delivery import Status
from chalicelib.domain.flow import START, TIME, Facts, Needs
from chalicelib.domain.flow_position import alive
from chalicelib.domain.media import File, kept_key
from chalicelib.domain.message import Message, key_of, line, system_line, written_at
from chalicelib.domain.outgoing import Attached, Part
from chalicelib.domain.profile import edited, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.stores import (
    appointments,
    business_hours,
    counters,
    flow_runs,
    flows,
    labels,
    people,
    profiles,
)
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import templates as mirror
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from chalicelib.domain.access import Agent
    from chalicelib.domain.attendance import Attendance
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import Details, LineName
    from chalicelib.domain.flow import Decisions, Effect, Input, NeedKind
    from chalicelib.domain.flow_nodes import Flow
    from chalicelib.domain.profile import Profile
    from chalicelib.domain.timer import Timer
    from chalicelib.stores.chats import Write
    from chalicelib.world import World

AFTERWARDS = timedelta(milliseconds=1)
DRAWN = frozenset({"protocol", "turn", "chance"})  # once for all tries: see Stepping
MOST_WRITES = 60  # a transaction holds 100, with the chat's row and what follows from it
LATELY = 20  # attendances in which the agent who attended last is looked for


@dataclass(frozen=True)
class Stepped:
    """What a flow made of a chat, to be committed with what made it go on.

    `chat` is no revision yet; `new` are messages and lines in their order, `attendances` the
    records that were opened or closed.
    """

    chat: Chat
    new: tuple[Message, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    beside: tuple[Write, ...] = ()


class Stepping:
    """One command's way with flows. What was drawn stays drawn, however often it decides anew."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.drawn: dict[tuple[NeedKind, str], Any] = {}

    def begin(
        self,
        chat: Chat,
        flow_id: str,
        now: datetime,
        *,
        by: Agent | None = None,
        told: bool = True,
        client_key: str | None = None,
        profile: tuple[Profile, Profile] | None = None,
    ) -> Stepped | None:
        """The flow fires for the contact; None: there is no such flow that was published.

        An open attendance is closed first (FLOW-2), and a flow that waited is replaced (FLOW-3).
        `told`: the chat says that the flow began, and by whom; a `client_key` makes that line the
        same however often it is asked. `profile`: what the contact's said before, and says after
        what else is committed with this. From `now` on, messages are dated.
        """
        published = flows.published(flow_id)
        if published is None:
            return None
        work = _Work(self.world, chat, now, profile)
        if chat.attendance is not None:
            work.close()
        work.chat = replace(work.chat, flow=None)
        if told:
            work.say_line(
                "flow_started", published.flow_id, published.name, by=by, client_key=client_key
            )
        return self._run(work, published.flow, None, START)

    def go_on(self, chat: Chat, given: Input, now: datetime) -> Stepped:
        """The flow that waits gets an answer, or its time came. The chat has one that waits."""
        assert chat.flow is not None
        work = _Work(self.world, chat, now)
        found = flows.version(chat.flow.flow_id, chat.flow.version)
        if found is None:
            work.chat = replace(chat, flow=None)
            work.say_line("flow_gone", None, chat.flow.flow_id)
            return work.done(None)
        return self._run(work, found.flow, chat.flow, given)

    def _run(self, work: _Work, running: Flow, position: Any, given: Input) -> Stepped:
        found: dict[tuple[NeedKind, str], Any] = dict(self.drawn)
        if work.profile is not None:
            found["profile", ""] = work.profile
        zone: ZoneInfo = self.world.zone()  # type: ignore[assignment]
        while True:
            facts = Facts(work.chat, zone, MappingProxyType(found))
            try:
                decided = flow_step.step(running, position, facts, given, work.now)
                break
            except Needs as needs:
                wanted = (needs.kind, needs.key)
                found[wanted] = self._find(work.chat, needs.kind, needs.key)
                if needs.kind in DRAWN:
                    self.drawn[wanted] = found[wanted]
        if position is not None and decided.position == position:
            return work.done(None)
        for effect in decided.effects:
            work.make(effect, found)
        stepped = self._kept(work, decided)
        if len(stepped.new) + len(stepped.beside) > MOST_WRITES:
            return self._too_much(work)
        return stepped

    def _too_much(self, work: _Work) -> Stepped:
        """FLOW-12: more than one transaction holds: none of it happens, and the chat says so."""
        nothing = _Work(self.world, replace(work.before, flow=None), work.now)
        nothing.say_line("flow_loop")
        return nothing.done(None)

    def _kept(self, work: _Work, decided: Decisions) -> Stepped:
        work.chat = replace(work.chat, flow=decided.position)
        kept = None
        if decided.position is not None and decided.last_answer is not None:
            run = decided.position.run
            kept = flow_runs.write(work.chat.chat_id, run, decided.last_answer)
        return work.done(kept)

    def _find(self, chat: Chat, kind: NeedKind, key: str) -> Any:
        """What a step asks for: see flow.NeedKind."""
        match kind:
            case "profile":
                return profiles.load(*chat.partitions)
            case "fields":
                return labels.fields()
            case "tags":
                return {one["tag_id"] for one in labels.tags()}
            case "agents":
                return people.agents(consistent=True)
            case "departments":
                return _departments()
            case "last_agent":
                return _last_agent(chat)
            case "business_hours":
                return business_hours.open_at(self.world.now(), self.world.zone())
            case "protocol":
                return counters.next_protocol()
            case "turn":
                return counters.next_turn(key)
            case "chance":
                return int(self.world.new_id(), 16)
            case "template":
                name, _, language = key.rpartition("/")
                return _template(chat, name, language)
            case "flow":
                published = flows.published(key)
                return None if published is None else published.flow
            case "last_answer":
                return (
                    "" if chat.flow is None else flow_runs.last_answer(chat.chat_id, chat.flow.run)
                )
            case "file":
                return _file(self.world, key)


class _Work:
    """What the effects of one step make of a chat, one after the other."""

    def __init__(
        self,
        world: World,
        chat: Chat,
        now: datetime,
        profile: tuple[Profile, Profile] | None = None,
    ) -> None:
        self.world = world
        self.before = chat
        self.chat = chat
        self.now = now
        self.new: list[Message] = []
        self.ended: list[Attendance] = []
        self.beside: dict[tuple[str, str], Write] = {}
        self.known: Profile | None
        self.profile: Profile | None
        self.known, self.profile = profile or (None, None)
        self.described = False

    @property
    def at(self) -> datetime:
        """When the next message is: each a moment after the one before."""
        return self.now + len(self.new) * AFTERWARDS

    def done(self, kept: Write | None) -> Stepped:
        """All of it."""
        known, profile = self.known, self.profile
        if known is not None and profile is not None and not says_the_same(known, profile):
            self._write(*profiles.writes(known, profile))
            self.described = True
        if kept is not None:
            self._write(kept)
        chat = chats.described_anew(self.chat) if self.described else self.chat
        opened = attendances.record(chat) if chat.attendance != self.before.attendance else ()
        return Stepped(chat, tuple(self.new), (*self.ended, *opened), tuple(self.beside.values()))

    def make(self, effect: Effect, found: Mapping[tuple[NeedKind, str], Any]) -> None:
        """Have this happen, after all that happened so far."""
        match effect:
            case flow.Say(part):
                self._say(part)
            case flow.SayMenu(text, menu):
                self._say(Part("menu", text, details={"menu": menu}))
            case flow.SayTemplate(template, filled):
                parts = templates.parts(template, filled)
                text = templates.text_of(template, filled)
                self._say(Part("template", text, details={"template": parts}, template=filled))
                self.chat = chats.sent_by_template(self.chat, self.now)
            case flow.AddTag(tag_id):
                self.chat = replace(self.chat, tags=(*self.chat.tags, tag_id))
                self.described = True
            case flow.RemoveTag(tag_id):
                tags = tuple(one for one in self.chat.tags if one != tag_id)
                self.chat = replace(self.chat, tags=tags)
                self.described = True
            case flow.SetField():
                self._set(effect, found)
            case flow.Open():
                self._open(effect, found)
            case flow.Book(title, at, agent_id):
                self._book(title, at, agent_id)
            case flow.Close():
                self.close()
            case flow.Line(code, subject, name):
                self.say_line(code, subject, name)

    def say_line(
        self,
        code: LineName,
        subject: str | None = None,
        name: str | None = None,
        *,
        by: Agent | None = None,
        client_key: str | None = None,
    ) -> None:
        """A line of the chat (CHAT-3)."""
        said = line(code, by, subject, name)
        at, names = self.at, str(self.before.rev + 1)
        if client_key is not None:
            at, names = written_at(client_key, self.world.now()), client_key
        self.new.append(system_line(self.chat, said, at, names))

    def close(self) -> None:
        """FLOW-2: no farewell, no fields, no flow of CLOSE-5."""
        if self.chat.attendance is None:
            return
        self.ended.append(attendances.ended(self.chat, self.now, attendances.BY_FLOW))
        protocol = self.chat.attendance.protocol
        self.chat = attendances.closed(self.chat)
        self.described = True
        self.say_line("closed_by_flow", protocol)

    def _say(self, part: Part) -> None:
        chat = self.chat
        key = key_of(self.at, "flow", chat.chat_id, str(self.before.rev), str(len(self.new)))
        files = attach.keep(self.world, chat.chat_id, chat.channel, part.files, key)
        details: Details | None = part.details
        if part.template is not None:
            files = _header(self.world, chat, part)
        message = Message(
            chat_id=chat.chat_id,
            key=key,
            rev=0,
            kind=part.kind,
            author="agent",
            text=part.text,
            at=self.at,
            account=chat.account,
            status=Status.QUEUED,
            template=part.template,
            files=files,
            details=details,
            source="flow",
        )
        self.new.append(message)
        self.chat = chats.exchanged(chat, message)

    def _set(self, effect: flow.SetField, found: Mapping[tuple[NeedKind, str], Any]) -> None:
        if self.known is None:
            loaded = found.get(("profile", ""))
            self.known = loaded or profiles.load(*self.chat.partitions)
            self.profile = self.known
        assert self.profile is not None
        if effect.field_id is not None:
            self.profile = edited(self.profile, values={effect.field_id: effect.value})
        else:
            value = None if effect.value is None else str(effect.value)
            self.profile = edited(self.profile, system={effect.system or "": value})

    def _open(self, effect: flow.Open, found: Mapping[tuple[NeedKind, str], Any]) -> None:
        """FLOW-5: who is deactivated at the same moment is not given a chat."""
        self.chat = flow_step.opened(self.chat, effect, self.now)
        if effect.department_id is not None:
            name = _name(found.get(("departments", "")), "department_id", effect.department_id)
            self.say_line("assigned_to_department", effect.department_id, name)
            self._write(people.active_department(effect.department_id))
        if effect.agent_id is not None:
            name = _name(found.get(("agents", "")), "agent_id", effect.agent_id)
            self.say_line("assigned_to_agent", effect.agent_id, name)
            self._write(people.active_agent(effect.agent_id))

    def _book(self, title: str, at: datetime, agent_id: str | None) -> None:
        key = key_of(self.now, "booked", self.chat.chat_id, title, str(len(self.new)))
        self._write(appointments.booked(self.chat, key, title, at, agent_id, self.now))
        self.described = True

    def _write(self, *writes: Write) -> None:
        for one in writes:
            self.beside[one.row.pk, one.row.sk] = one


def on_reply(message: Message) -> flow.Input:
    """What the contact's message is to a flow that waits for it."""
    choice = (message.details or {}).get("choice")
    return flow.Input(
        "message",
        message.text or (choice["title"] if choice else ""),
        choice["payload"] if choice else None,
        message.kind,
    )


def on_time(world: World, timer: Timer) -> None:
    """The time of a flow that waits has come: its limit, or the end of a wait (FLOW-7).

    Nothing, when the chat does not promise that any more: the contact answered, an agent took
    over. A flow that the chatbot's switch ended is ended here, too (FLOW-13).
    """
    stepping = Stepping(world)

    def decide() -> None:
        before = store.load(timer.chat_id)
        if before is None or before.flow is None or timer not in timers.of_chat(before):
            return
        if alive(before.flow, world.preferences()):
            commit(before, stepping.go_on(before, TIME, world.now()))
        else:
            commit(before, Stepped(replace(before, flow=None)))

    until_settled(world, decide)


def commit(before: Chat, stepped: Stepped) -> Chat:
    """Commit what a flow did, alone; the chat as it then stands. Raises Stale or AlreadyThere."""
    after = revised(before, stepped.chat, [one.key for one in stepped.new])
    store.commit(
        Change(
            before=before,
            after=after,
            new=tuple(one.at_revision(after.rev) for one in stepped.new),
            attendances=stepped.attendances,
            beside=stepped.beside,
        )
    )
    return after


def _header(world: World, chat: Chat, part: Part) -> tuple[File, ...]:
    """The file of a template's header, kept with those of the chat."""
    filled = part.template
    if filled is None or filled.file is None:
        return ()
    facts = world.files.facts(filled.file)
    if facts is None:
        raise errors.FileRefused(reason="missing")
    name = filled.file.rpartition("/")[2]
    kept = kept_key(chat.chat_id, name)
    world.files.copy(filled.file, kept)
    return (
        File(
            kind=filled.header_kind,  # type: ignore[arg-type]  # it has a file
            state="ready",
            name=f"{filled.name}.{name.rpartition('.')[2]}",
            mime_type=facts.mime_type,
            size=facts.size,
            key=kept,
        ),
    )


def _departments() -> list[flow.Department]:
    return [
        flow.Department(row.sk, row.name, row.active, bool(row.to_last_agent))
        for row in people.department_rows()
    ]


def _last_agent(chat: Chat) -> str | None:
    """The agent who attended last, in the latest attendance that had one."""
    for one in records.of_partitions(chat.partitions, limit=LATELY):
        if one.agent_ids:
            return one.agent_ids[-1]
    return None


def _template(chat: Chat, name: str, language: str) -> Any:
    try:
        return mirror.sendable(chat.portfolio, name, language)
    except errors.TemplateGone:
        return None


def _file(world: World, key: str) -> Attached | None:
    facts = world.files.facts(key)
    if facts is None:
        return None
    return Attached(key, key.rpartition("/")[2], facts.mime_type, facts.size)


def _name(known: Any, key: str, wanted: str) -> str | None:
    return next((one.name for one in known or () if getattr(one, key) == wanted), None)
