"""A chat is given to an agent or a department (ROUTE)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import errors, views
from chalicelib.domain.access import Permission, may_read
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.domain.message import line, system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import counters, people
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import SystemLine
    from chalicelib.stores.chats import Write
    from chalicelib.world import World

LINES_LOOKED_AT = 50


def to_agent(
    world: World, agent: Agent, chat_id: str, agent_id: str, seen: Mapping[str, str | None]
) -> events.Changed:
    """Give the chat to an agent: the department goes, an attendance opens if none is (ROUTE-1,
    ROUTE-3), and a line in the chat says who did it (CHAT-3).

    `seen` is what the asker's screen showed. A repeat, or what is so already, changes nothing and
    succeeds. Raises NotFound, MovedOn, Forbidden (somebody else holds the chat, and the asker may
    not change that: permission 5), AgentUnavailable or Contended; then nothing was changed.
    """

    def given() -> tuple[SystemLine, Write]:
        target = people.agent(agent_id, consistent=True)
        if target is None or not target.active:
            raise errors.AgentUnavailable()
        said = line("assigned_to_agent", agent, target.agent_id, target.name)
        return said, people.active_agent(agent_id)

    return _Assigning(
        world=world,
        agent=agent,
        seen=seen,
        wanted=(AgentId(agent_id), None),
        target=given,
        give=lambda chat, now: attendances.given_to_agent(
            chat, AgentId(agent_id), now, agent.agent_id
        ),
    ).give_it(chat_id)


def to_department(
    world: World, agent: Agent, chat_id: str, department_id: str, seen: Mapping[str, str | None]
) -> events.Changed:
    """Give the chat to a department: the agent goes, an attendance opens if none is (ROUTE-2,
    ROUTE-3), and a line in the chat says who did it (CHAT-3).

    Otherwise as `to_agent`, with DepartmentUnavailable.
    """

    def given() -> tuple[SystemLine, Write]:
        target = people.department_row(department_id)
        if target is None or not target.active:
            raise errors.DepartmentUnavailable()
        said = line("assigned_to_department", agent, department_id, target.name)
        return said, people.active_department(department_id)

    return _Assigning(
        world=world,
        agent=agent,
        seen=seen,
        wanted=(None, DepartmentId(department_id)),
        target=given,
        give=lambda chat, now: attendances.given_to_department(
            chat, DepartmentId(department_id), now, agent.agent_id
        ),
    ).give_it(chat_id)


class _Assigning:
    """One assignment: each try loads, decides and commits anew."""

    def __init__(
        self,
        *,
        world: World,
        agent: Agent,
        seen: Mapping[str, str | None],
        wanted: tuple[AgentId | None, DepartmentId | None],
        target: Callable[[], tuple[SystemLine, Write]],
        give: Callable[[Chat, datetime], Chat],
    ) -> None:
        self.world = world
        self.agent = agent
        self.seen = seen
        self.wanted = wanted
        self.target = target
        self.give = give
        self.protocol: str | None = None

    def give_it(self, chat_id: str) -> events.Changed:
        return until_settled(self.world, lambda: self._decide(chat_id))

    def _decide(self, chat_id: str) -> events.Changed:
        chat = store.resolve(chat_id)
        if chat is None:
            raise errors.NotFound()
        if not may_read(chat, self.agent):
            if self._is_so(chat) and self._did_it(chat):
                return {"chat": None}
            raise errors.NotFound()
        if self._is_so(chat):
            return {"chat": self._shown(chat)}
        if attendances.moved_on(chat, self.seen):
            raise errors.MovedOn(chat=self._shown(chat))
        held_by_another = chat.agent_id not in (None, self.agent.agent_id)
        if held_by_another and not self.agent.may(Permission.CHANGE_AGENT):
            raise errors.Forbidden()
        after = self._commit(chat)
        readable = may_read(after, self.agent)
        return {"chat": self._shown(after) if readable else None}

    def _shown(self, chat: Chat) -> events.Chat:
        human = self.world.may_answer_as_human(chat)
        return views.chat(chat, self.world.now(), human=human)

    def _is_so(self, chat: Chat) -> bool:
        holds = (chat.agent_id, chat.department_id)
        return chat.attendance is not None and holds == self.wanted

    def _did_it(self, chat: Chat) -> bool:
        """Whether the last assignment was this one, by the same agent: they may hear that again,

        although they gave the chat out of their own sight with it.
        """
        found = store.page_of_messages(chat, limit=LINES_LOOKED_AT)
        lines = [message.line for message in found if message.line is not None]
        last = next((one for one in reversed(lines) if one["code"] in ASSIGNING), None)
        if last is None:
            return False
        return last["by"] == self.agent.agent_id and last["subject"] in self.wanted

    def _commit(self, before: Chat) -> Chat:
        now = self.world.now()
        said, available = self.target()
        after = before
        if attendances.must_open(after):
            self.protocol = self.protocol or counters.next_protocol()
            after = attendances.opened(after, self.protocol, now, by=self.agent.agent_id)
        after = self.give(after, now)
        written = system_line(before, said, now, str(before.rev + 1))
        after = revised(before, after, [written.key])
        store.commit(
            Change(
                before=before,
                after=after,
                new=(written.at_revision(after.rev),),
                attendances=attendances.record(after),
                # A deactivation at the same moment comes first, and refuses this; or it comes
                # later, and finds the chat among those that its subject holds.
                beside=(available,),
            )
        )
        return after


ASSIGNING = ("took", "assigned_to_agent", "assigned_to_department", "closed")
