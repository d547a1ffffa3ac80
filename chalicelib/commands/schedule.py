"""Messages and flows are scheduled, changed, removed and brought back (SCH)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.commands import fill_template, template_file
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, variables, views
from chalicelib.domain import schedule as rules
from chalicelib.domain.access import may_read
from chalicelib.domain.instants import iso
from chalicelib.domain.message import line, system_line, written_at
from chalicelib.domain.revision import revised
from chalicelib.domain.schedule import Schedule, shown
from chalicelib.domain.template import HEADER_FILE
from chalicelib.domain.variables import Value
from chalicelib.stores import chats as store
from chalicelib.stores import flows, schedules
from chalicelib.stores import variables as values
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import LineName
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Message
    from chalicelib.world import World

AT_ONCE = 40  # in one transaction, each with its line
AFTERWARDS = timedelta(milliseconds=1)
# What may be empty when a template is scheduled: the time until then may fill it (SEND-3).
OF_ITS_TIME = ("protocolo", "departamento")
STAND_IN = "0" * 12


def add(
    world: World, agent: Agent, chat_id: str, client_key: str, asked: Mapping[str, Any]
) -> events.Schedule:
    """Have a template or a flow go out at its time, once for each client key (SCH-1, SCH-2).

    `asked` is api.requests.AddSchedule without its key. What is wrong by now is refused now; it is
    all looked at again when it is due (SCH-5). Returns the schedule, also when it was there
    already, whatever became of it since. Raises NotFound, Invalid (`past`, `too_far`; a flow that
    is not published), ContactBlocked (SCH-4), TemplateGone, MarketingStopped, VariablesEmpty,
    FileRefused, NotOnThisChannel, TooMany, ClientKeyReused, ClockSkew, ClientKeyExpired or
    Contended; then nothing was changed.
    """
    written_at(client_key, world.now())
    wish = sha256(json.dumps(dict(asked), sort_keys=True).encode()).hexdigest()[:16]

    def decide() -> events.Schedule:
        chat = _readable(chat_id, agent)
        there = schedules.find(chat.partitions, client_key)
        if there is not None:
            if there.wish != wish:
                raise errors.ClientKeyReused()
            return shown(there, chat)
        now = world.now()
        if chat.blocked:
            raise errors.ContactBlocked()
        due_at = _instant(asked["due_at"])
        _check_due(due_at, now)
        made = Schedule(
            chat_id=chat.chat_id,
            schedule_id=client_key,
            kind="message" if asked["template"] is not None else "flow",
            due_at=due_at,
            name="",
            by=agent.agent_id,
            by_name=agent.name,
            created_at=now,
            look_at=due_at,
            wish=wish,
        )
        made = _filled(world, agent, chat, made, asked)
        ahead = [one for one in schedules.load_all(chat.partitions) if one.to_come]
        if sum(one.kind == made.kind for one in ahead) >= rules.MOST_TO_COME:
            raise errors.TooMany(limit=rules.MOST_TO_COME)
        code: LineName = "message_scheduled" if made.kind == "message" else "flow_scheduled"
        _commit(world, agent, chat, [(None, made, code)])
        return shown(made, chat)

    return until_settled(world, decide)


def edit(
    world: World, agent: Agent, chat_id: str, schedule_id: str, asked: Mapping[str, Any]
) -> events.Schedule:
    """Change what is scheduled, until it is due: as it was before, it never fires (SCH-5).

    `asked` is api.requests.EditSchedule; a schedule stays a message's or a flow's. Asking for what
    stands already changes nothing. Raises MovedOn (it is due, over, removed, or not what the screen
    showed), and what `add` raises of what is wrong with it.
    """

    def decide() -> events.Schedule:
        chat = _readable(chat_id, agent)
        before = schedules.find(chat.partitions, schedule_id)
        if before is None:
            raise errors.NotFound()
        now = world.now()
        if (asked["template"] is None) is (before.kind == "message"):
            path = "template" if before.kind == "message" else "flow_id"
            raise errors.Invalid(fields=[{"path": path, "reason": "required"}])
        due_at = _instant(asked["due_at"])
        if _stands(before, asked, due_at):
            return shown(before, chat)
        if before.version != asked["version"] or not before.may_be_edited(now):
            raise _moved_on(world, chat)
        if chat.blocked:
            raise errors.ContactBlocked()
        _check_due(due_at, now)
        after = replace(before, due_at=due_at, look_at=due_at, version=before.version + 1)
        after = _filled(world, agent, chat, after, asked)
        _commit(world, agent, chat, [(before, after, "schedule_changed")])
        return shown(after, chat)

    return until_settled(world, decide)


def remove(world: World, agent: Agent, chat_id: str, schedule_id: str) -> events.Done:
    """Have it never go out (SCH-3); what is not there, or was removed, is fine.

    Raises NotFound of the contact, MovedOn (it went out, or was given up) or Contended.
    """

    def decide() -> events.Done:
        chat = _readable(chat_id, agent)
        before = schedules.find(chat.partitions, schedule_id)
        if before is None or before.state == "removed":
            return {"done": True}
        if not before.to_come:
            raise _moved_on(world, chat)
        after = rules.removed(before, world.now())
        _commit(world, agent, chat, [(before, after, "schedule_removed")])
        return {"done": True}

    return until_settled(world, decide)


def remove_flows(world: World, agent: Agent, chat_id: str) -> events.RemovedFlows:
    """«Remover fluxos»: none of the contact's scheduled flows fires any more (SCH-3).

    Returns which they were, for the undo. Raises NotFound or Contended.
    """
    gone: list[str] = []

    def decide() -> int:
        chat = _readable(chat_id, agent)
        found = [
            one for one in schedules.load_all(chat.partitions) if one.to_come and one.kind == "flow"
        ][:AT_ONCE]
        now = world.now()
        ended = [(one, rules.removed(one, now)) for one in found]
        if ended:
            lines = [(before, after, _REMOVED) for before, after in ended]
            _commit(world, agent, chat, lines)
        gone.extend(one.schedule_id for one in found)
        return len(found)

    while until_settled(world, decide) == AT_ONCE:
        pass
    return {"schedule_ids": gone}


def restore_flows(
    world: World, agent: Agent, chat_id: str, schedule_ids: Sequence[str]
) -> events.Schedules:
    """The undo of «Remover fluxos», for half an hour: they stand as they did (SCH-3).

    Those that became due meanwhile fire at once. What is no removed flow of this contact is left
    out. Returns those that stand now. Raises NotFound or Contended.
    """
    wanted = list(dict.fromkeys(schedule_ids))
    back: list[events.Schedule] = []
    for start in range(0, len(wanted), AT_ONCE):

        def decide(some: Sequence[str] = wanted[start : start + AT_ONCE]) -> list[events.Schedule]:
            chat = _readable(chat_id, agent)
            now = world.now()
            found = schedules.named((part, one) for part in chat.partitions for one in some)
            found.sort(key=lambda one: (one.due_at, one.schedule_id))
            gone = [one for one in found if rules.may_be_restored(one, now)]
            again = [(one, rules.restored(one)) for one in gone]
            if again:
                lines = [(before, after, _RESTORED) for before, after in again]
                _commit(world, agent, chat, lines)
            stands = [one for one in found if one.to_come and one.kind == "flow"]
            return [shown(one, chat) for one in (*stands, *(after for _, after in again))]

        back += until_settled(world, decide)
    return {"schedules": sorted(back, key=lambda one: (one["due_at"], one["schedule_id"]))}


_REMOVED: LineName = "schedule_removed"
_RESTORED: LineName = "schedule_restored"


# --- what is scheduled ------------------------------------------------------------------------


def _filled(
    world: World, agent: Agent, chat: Chat, one: Schedule, asked: Mapping[str, Any]
) -> Schedule:
    """The schedule with the template or the flow that is asked for, checked."""
    template = asked["template"]
    if template is None:
        published = flows.published(asked["flow_id"])
        if published is None:
            raise errors.Invalid(fields=[{"path": "flow_id", "reason": "unknown"}])
        return replace(one, flow_id=published.flow_id, name=published.name)
    given = {key: text.strip() for key, text in (template["values"] or {}).items()}
    return replace(
        one,
        name=template["name"],
        language=template["language"],
        values=MappingProxyType(given),
        files=_files(world, agent, chat, one, template, given),
        opens=asked["opens"],
    )


def _files(
    world: World,
    agent: Agent,
    chat: Chat,
    one: Schedule,
    template: Mapping[str, Any],
    given: Mapping[str, str],
) -> tuple[File, ...]:
    """Checks the template as its sending would, and keeps the file of its header."""

    def known(texts: Iterable[str]) -> Mapping[str, Value]:
        wanted = {name for text in texts for name in variables.names(text)}
        if not wanted:
            return {}
        protocol = None if chat.attendance is None else chat.attendance.protocol
        found = values.known(chat, agent, protocol=protocol, wanted=wanted)
        later = {name: Value(name, told=STAND_IN) for name in OF_ITS_TIME if name in wanted}
        return {name: later.get(name, told) if told.lacks else told for name, told in found.items()}

    part = fill_template.fill(chat, template["name"], template["language"], given, known)
    assert part.template is not None
    if one.files and one.values.get(HEADER_FILE) == given.get(HEADER_FILE):
        return one.files
    return template_file.take(world, agent, chat.chat_id, part.template)


def _instant(asked: str) -> datetime:
    try:
        return datetime.fromisoformat(asked)
    except ValueError:
        raise errors.Invalid(fields=[{"path": "due_at", "reason": "not_a_date"}]) from None


def _check_due(due_at: datetime, now: datetime) -> None:
    wrong = rules.too_soon_or_late(due_at, now)
    if wrong is not None:
        raise errors.Invalid(fields=[{"path": "due_at", "reason": wrong}])


def _stands(one: Schedule, asked: Mapping[str, Any], due_at: datetime) -> bool:
    """Whether it is so already: an answer that was lost, or a save that changes nothing."""
    if not one.to_come or one.due_at != due_at:
        return False
    template = asked["template"]
    if template is None:
        same_flow: bool = one.flow_id == asked["flow_id"]
        return same_flow
    given = {key: text.strip() for key, text in (template["values"] or {}).items()}
    same = (template["name"], template["language"], given, asked["opens"])
    return same == (one.name, one.language, dict(one.values), one.opens)


# --- committed --------------------------------------------------------------------------------


def _readable(chat_id: str, agent: Agent) -> Chat:
    chat = store.resolve(chat_id)
    if chat is None or not may_read(chat, agent):
        raise errors.NotFound()
    return chat


def _moved_on(world: World, chat: Chat) -> errors.MovedOn:
    human = world.may_answer_as_human(chat)
    return errors.MovedOn(chat=views.chat(chat, world.now(), human=human))


def _commit(
    world: World,
    agent: Agent,
    chat: Chat,
    changes: Sequence[tuple[Schedule | None, Schedule, LineName]],
) -> None:
    """Each schedule as it is now, with a line that says so, in the chat's next revision."""
    now = world.now()
    lines = [
        _line(agent, chat, one, code, now + number * AFTERWARDS)
        for number, (_, one, code) in enumerate(changes)
    ]
    after = revised(chat, chats.described_anew(chat), [one.key for one in lines])
    store.commit_or_again(
        Change(
            before=chat,
            after=after,
            new=tuple(one.at_revision(after.rev) for one in lines),
            beside=tuple(schedules.write(before, one) for before, one, _ in changes),
        )
    )


def _line(agent: Agent, chat: Chat, one: Schedule, code: LineName, at: datetime) -> Message:
    said = line(code, agent, iso(one.due_at), one.name)
    return system_line(chat, said, at, str(chat.rev + 1), one.schedule_id)
