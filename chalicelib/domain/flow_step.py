"""A flow's next step: what is said and done, and where it waits then (FLOW).

`step` is a function of its arguments alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, cast

from chalicelib.domain import attendance as attendances
from chalicelib.domain import errors, flow_answers, menu, outgoing, profile, variables
from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain import template as templates
from chalicelib.domain.flow import (
    AddTag,
    Book,
    Close,
    Decisions,
    Effect,
    Line,
    Needs,
    Open,
    Reason,
    RemoveTag,
    Say,
    SayMenu,
    SayTemplate,
    SetField,
)
from chalicelib.domain.flow_conditions import met, related
from chalicelib.domain.flow_nodes import is_file_of_flow
from chalicelib.domain.flow_position import Position
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.domain.media import RULES, length

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ChannelName, FieldValue, LineName, Menu
    from chalicelib.domain.flow import Department, Facts, Input, NeedKind
    from chalicelib.domain.flow_nodes import Flow, Test
    from chalicelib.domain.outgoing import Attached
    from chalicelib.domain.profile import Profile
    from chalicelib.domain.template import Template
    from chalicelib.domain.variables import Value

MOST_NODES = 100  # of one step (FLOW-12)
TITLE_LENGTH = 120  # of an appointment


def step(
    flow: Flow, position: Position | None, facts: Facts, given: Input, now: datetime
) -> Decisions:
    """What the flow does now. `position` None: it begins. Raises nothing but `Needs`.

    `flow` is the version that `position` names. Who is blocked gets nothing, and the flow ends
    (BLOCK-2); so does one that waits while somebody attends (FLOW-14). A step that cannot go on
    says why in a line, and leaves all else as it was (FLOW-12).
    """
    begins = position is None or given.kind == "start"
    if facts.chat.blocked or not (begins or facts.chat.attendance is None):
        return Decisions("ended")
    run = _Run(flow, None if begins else position, facts, now)
    try:
        if run.position is None:
            return run.go(flow.start)
        return run.time_passed() if given.kind == "time" else run.answer(given)
    except _Stopped as stopped:
        return run.stopped(stopped)


def opened(chat: Chat, by: Open, now: datetime) -> Chat:
    """The chat as the open-chat action leaves it: agent and department both stay (FLOW-5)."""
    after = chat if by.protocol is None else attendances.opened(chat, by.protocol, now)
    after = replace(after, agent_id=None, department_id=None)
    if by.department_id is None:
        if by.agent_id is None:
            return after
        return attendances.given_to_agent(after, AgentId(by.agent_id), now)
    department_id = DepartmentId(by.department_id)
    if by.agent_id is None:
        return attendances.given_to_department(after, department_id, now)
    return attendances.given_to_both(after, department_id, AgentId(by.agent_id), now)


class _Stopped(Exception):
    """The flow goes no further, and why."""

    def __init__(self, reason: Reason, subject: str | None = None, name: str | None = None) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.line = Line(cast("LineName", f"flow_{reason}"), subject, name)


class _Run:
    """One step on its way. What it has changed so far is seen by the nodes that follow."""

    def __init__(self, flow: Flow, position: Position | None, facts: Facts, now: datetime) -> None:
        self.flow = flow
        self.position = position
        self.facts = facts
        self.now = now
        self.chat = facts.chat
        self.today: date = now.astimezone(facts.zone).date()
        self.run = position.run if position is not None else self._named()
        self.last_answer: str | None = None
        self.effects: list[Effect] = []
        self.nodes_run = 0
        self.visited: dict[tuple[str, str], None] = {}
        self.once: int | None = None  # the effects until a node was run for the second time
        self.system: dict[str, str | None] = {}
        self.values: dict[str, FieldValue | None] = {}

    # --- on its way -------------------------------------------------------------------------

    def go(self, node_id: str | None) -> Decisions:
        """Run nodes until one waits, or there is none left."""
        while node_id is not None:
            if self.nodes_run == MOST_NODES:
                del self.effects[self.once if self.once is not None else len(self.effects) :]
                raise _Stopped("loop")
            node = self._node(node_id)
            self.nodes_run += 1
            if (self.flow.flow_id, node_id) in self.visited and self.once is None:
                self.once = len(self.effects)
            self.visited[self.flow.flow_id, node_id] = None
            if isinstance(node, nodes.Menu | nodes.Template | nodes.Question | nodes.Wait):
                return self._wait(node_id, node)
            node_id = DOES[type(node)](self, node, node_id)
        return self._decided("ended")

    def time_passed(self) -> Decisions:
        """Time went by: the limit of a node, or what a wait waited for (FLOW-7)."""
        position, node = self._waiting()
        if position.until is None or self.now < position.until:
            return self._unchanged()
        if isinstance(node, nodes.Wait):
            return self.go(node.next)
        return self._exit(None if node.limit is None else node.limit.exit)

    def answer(self, given: Input) -> Decisions:
        """The contact wrote something (FLOW-4, FLOW-7)."""
        _, node = self._waiting()
        if isinstance(node, nodes.Wait):
            return self._unchanged()
        if isinstance(node, nodes.Menu):
            place = self._chosen(given, [one.title for one in node.options], node.options)
            if place is None:
                return self._again(node, node.text)
            self.last_answer = node.options[place].title
            return self.go(node.options[place].next)
        if isinstance(node, nodes.Question):
            return self._answered(node, given)
        place = self._chosen(given, [one.title for one in node.options], (), numbered=False)
        if place is None and node.options and node.fallback is not None:
            return self._again(node, node.fallback.text)
        self.last_answer = given.text[: flow_answers.LONGEST]
        return self.go(node.next if place is None else node.options[place].next)

    def stopped(self, why: _Stopped) -> Decisions:
        """It goes no further, and the chat says so."""
        self.effects.append(why.line)
        return replace(self._decided("stopped"), reason=why.reason)

    def _node(self, node_id: str) -> nodes.Node:
        node = self.flow.nodes.get(node_id)
        if node is None:
            raise _Stopped("gone", "node", node_id)
        return node

    def _waiting(self) -> tuple[Position, nodes.Waiting]:
        assert self.position is not None
        node = self._node(self.position.node)
        if not isinstance(node, nodes.Menu | nodes.Template | nodes.Question | nodes.Wait):
            raise _Stopped("gone", "node", self.position.node)
        return self.position, node

    def _decided(
        self, outcome: Literal["waiting", "ended", "stopped"], position: Position | None = None
    ) -> Decisions:
        return Decisions(
            outcome,
            tuple(self.effects),
            position,
            last_answer=self.last_answer,
            nodes_run=self.nodes_run,
        )

    def _unchanged(self) -> Decisions:
        return self._decided("waiting", self.position)

    def _exit(self, node_id: str | None) -> Decisions:
        """FLOW-7: the chosen exit; without one the flow ends, and the chat says so."""
        if node_id is None:
            raise _Stopped("unanswered")
        return self.go(node_id)

    def _named(self) -> str:
        """Of what it is of, so that it is the same however often this is decided."""
        whole = f"{self.chat.chat_id}/{self.flow.flow_id}/{self.chat.rev}"
        return sha256(whole.encode()).hexdigest()[:12]

    # --- waiting ----------------------------------------------------------------------------

    def _wait(self, node_id: str, node: nodes.Waiting) -> Decisions:
        """FLOW-14: in an attendance no flow waits for an answer."""
        if self.chat.attendance is not None:
            return self._decided("ended")
        self._ask(node_id, node, None)
        minutes: int | None
        if isinstance(node, nodes.Wait):
            minutes = node.minutes
        else:
            minutes = None if node.limit is None else node.limit.minutes
        position = Position(
            flow_id=self.flow.flow_id,
            version=self.flow.version,
            node=node_id,
            since=self.now,
            run=self.run,
            until=None if minutes is None else self.now + timedelta(minutes=minutes),
            pausing=isinstance(node, nodes.Wait),
        )
        return self._decided("waiting", position)

    def _ask(self, node_id: str, node: nodes.Waiting, instead: str | None) -> None:
        """Say what a node asks, or its fallback, with all that may be tapped."""
        if isinstance(node, nodes.Menu):
            shown = [(one.id, one.title, one.description) for one in node.options]
            self._say_menu(node_id, instead or node.text, shown, node.button)
        elif isinstance(node, nodes.Question):
            offered = flow_answers.options(node.answer)
            if offered:
                numbers = [(str(at), title, None) for at, title in enumerate(offered, start=1)]
                self._say_menu(node_id, instead or node.text, numbers, None)
            else:
                self._say(instead or node.text)
        elif isinstance(node, nodes.Template):
            if instead is None:
                self._say_template(node)
            else:
                self._say(instead)

    def _again(self, node: nodes.Menu | nodes.Template | nodes.Question, text: str) -> Decisions:
        """FLOW-7: an answer that does not fit: asked again, or, asked often enough, the exit."""
        assert self.position is not None
        fallback = node.fallback or nodes.Fallback(text)
        tries = self.position.tries + 1
        if tries > fallback.tries:
            return self._exit(fallback.exit)
        self._ask(self.position.node, node, fallback.text)
        return self._decided("waiting", replace(self.position, tries=tries))

    def _chosen(
        self,
        given: Input,
        titles: Sequence[str],
        options: Sequence[nodes.Option],
        *,
        numbered: bool = True,
    ) -> int | None:
        """Which was tapped or typed: by its title, its number, or its id."""
        assert self.position is not None
        if given.message_kind not in flow_answers.TYPED:
            return None
        ids = [one.id for one in options] or [str(at) for at in range(1, len(titles) + 1)]
        option = flow_answers.tapped(given.choice, self.position.run, self.position.node)
        if option in ids:
            return ids.index(option)
        place = flow_answers.chosen(given.text, titles, numbered=numbered)
        told = given.text.strip().lower()
        return ids.index(told) if place is None and options and told in ids else place

    def _answered(self, node: nodes.Question, given: Input) -> Decisions:
        """FLOW-4: the answer is checked, and saved as its field keeps it."""
        told = self._understood(node, given)
        if told is None:
            return self._again(node, node.text)
        if node.save is not None:
            field = self._field(node.save.field)
            value = flow_answers.kept(field, told, self.today)
            if value is None:
                return self._again(node, node.text)
            self._set(field, value)
        self.last_answer = told
        return self.go(node.next)

    def _understood(self, node: nodes.Question, given: Input) -> str | None:
        if given.message_kind not in flow_answers.TYPED:
            return None
        offered = flow_answers.options(node.answer)
        place = self._chosen(given, offered, ()) if offered else None
        if place is not None:
            return offered[place]
        return flow_answers.understood(node.answer, given.text, self.today)

    # --- saying -----------------------------------------------------------------------------

    def _say(self, text: str, file: Attached | None = None) -> None:
        """Text with its variables' values, pictures among them (SEND-3, SEND-4), and a file."""
        self._may_say()
        channel = self.chat.channel
        known = self._known([text], pictures=True)
        pieces = variables.pieces(text, known)
        pictures = {
            one.name: self._file(one.told or "", one.name)
            for one in pieces
            if not isinstance(one, str)
        }
        files = () if file is None else (file,)
        if pictures:
            self._say_parts(outgoing.Wish(text, files, known, pictures))
            return
        words = "".join(one for one in pieces if isinstance(one, str))
        if files:
            captions = RULES[channel]["caption_limit"]
            fits = captions is not None and len(words) <= captions
            self._say_parts(outgoing.Wish(text if fits else "", files, known))
            words = "" if fits else words
        if words.strip():
            pieces_of = fitting(channel, words, RULES[channel]["text_limit"])
            self.effects += [Say(outgoing.Part("text", piece)) for piece in pieces_of]

    def _say_parts(self, wish: outgoing.Wish) -> None:
        try:
            parts = outgoing.parts(self.chat.channel, wish, None)
        except (errors.FileRefused, errors.TextTooLong):
            names = ", ".join(one.name for one in (*wish.files, *wish.pictures.values()))
            raise _Stopped("gone", "file", names) from None
        self.effects += [Say(part) for part in parts]

    def _say_menu(
        self,
        node_id: str,
        text: str,
        options: Iterable[tuple[str, str, str | None]],
        button: str | None,
    ) -> None:
        """A menu; what of its text does not fit above the options goes before it."""
        self._may_say()
        whole = variables.expanded(text, self._known([text]))
        shown: Menu = {
            "button": button,
            "options": [
                {
                    "payload": flow_answers.payload(self.run, node_id, option),
                    "title": title,
                    "description": description,
                }
                for option, title, description in options
            ],
        }
        channel = self.chat.channel
        limit = RULES[channel]["text_limit"]
        if length(channel, menu.said(channel, shown, whole)) > limit:
            room = limit - length(channel, menu.numbered(shown, "")) - 2
            if room < limit // 4:
                for one in shown["options"]:
                    one["description"] = None
                room = max(limit - length(channel, menu.numbered(shown, "")) - 2, limit // 10)
            *before, whole = fitting(channel, whole, room)
            self.effects += [Say(outgoing.Part("text", piece)) for piece in before]
        self.effects.append(SayMenu(whole, shown))

    def _say_template(self, node: nodes.Template | nodes.SendTemplate) -> None:
        """FLOW-8: a template that is gone, or is no longer what the flow fills, stops it."""
        template: Template | None = self._need("template", f"{node.name}/{node.language}")
        if template is None or not template.sendable:
            raise _Stopped("template_gone", None, node.name)
        file = node.values.get(templates.HEADER_FILE)
        if file is not None and not is_file_of_flow(file):
            raise _Stopped("template_gone", None, node.name)
        known = self._known(node.values.values())
        values = {
            name: " ".join(variables.expanded(text, known).split())
            for name, text in node.values.items()
        }
        try:
            filled = templates.fill(template, values)
        except errors.Invalid:
            raise _Stopped("template_gone", None, node.name) from None
        if filled.file is not None:
            self._file(filled.file, node.name)
        self.effects.append(SayTemplate(template, filled))

    def _may_say(self) -> None:
        """SCH-2: with the session shut nothing goes out but templates."""
        if not self.chat.session.may_write_freely(self.now):
            raise _Stopped("session_closed")

    # --- doing ------------------------------------------------------------------------------
    # Each does what its node is for, and returns the id of the next.

    def text(self, node: nodes.Text, node_id: str) -> str | None:
        self._say(node.text)
        return node.next

    def media(self, node: nodes.Media, node_id: str) -> str | None:
        self._may_say()
        if not is_file_of_flow(node.file.key):
            raise _Stopped("gone", "file", node.file.name)
        self._file(node.file.key, node.file.name)
        self._say(node.text, node.file)
        return node.next

    def contact(self, node: nodes.Contact, node_id: str) -> str | None:
        self._may_say()
        typed = {"name": node.card.name, "phone": node.card.phone, "email": node.card.email}
        try:
            card = outgoing.card(typed, self.today)
        except errors.Invalid:
            raise _Stopped("gone", "card", node.card.name) from None
        self.effects.append(Say(outgoing.card_part(self.chat.channel, card, None)))
        return node.next

    def send_template(self, node: nodes.SendTemplate, node_id: str) -> str | None:
        self._say_template(node)
        return node.next

    def open_chat(self, node: nodes.OpenChat, node_id: str) -> str | None:
        """FLOW-5, FLOW-15: whoever is inactive is nobody."""
        department = self._open_department(node.department_id)
        agent = self._open_agent(node, department, node_id)
        if node.agent == "last" and agent is not None:
            department = None  # it is only for when there is no last agent
        opens = self.chat.attendance is None
        effect = Open(
            agent_id=None if agent is None else agent.agent_id,
            department_id=None if department is None else department.department_id,
            protocol=self._need("protocol") if opens else None,
        )
        self.chat = opened(self.chat, effect, self.now)
        self.effects.append(effect)
        return node.next

    def add_tag(self, node: nodes.AddTag, node_id: str) -> str | None:
        self._tag(node.tag_id)
        if node.tag_id not in self.chat.tags:
            self.chat = replace(self.chat, tags=(*self.chat.tags, node.tag_id))
            self.effects.append(AddTag(node.tag_id))
        return node.next

    def remove_tag(self, node: nodes.RemoveTag, node_id: str) -> str | None:
        self._tag(node.tag_id)
        if node.tag_id in self.chat.tags:
            left = tuple(one for one in self.chat.tags if one != node.tag_id)
            self.chat = replace(self.chat, tags=left)
            self.effects.append(RemoveTag(node.tag_id))
        return node.next

    def set_field(self, node: nodes.SetField, node_id: str) -> str | None:
        """A variable without a value stands for nothing here; what cannot stand changes nothing."""
        field = self._field(node.field)
        known = self._known([node.value], empty=True)
        text = variables.VARIABLE.sub(lambda one: known[one[1]].told or "", node.value)
        if not text.strip():
            self._set(field, None)
        elif (value := flow_answers.kept(field, text, self.today)) is not None:
            self._set(field, value)
        return node.next

    def book(self, node: nodes.Book, node_id: str) -> str | None:
        """INFO-8. A time of today that is over is that time of tomorrow."""
        title = variables.expanded(node.title, self._known([node.title]))
        agent = None if node.agent_id is None else self._active_agent(node.agent_id)
        clock = time.fromisoformat(node.time)
        at = self._local(self.today + timedelta(days=node.days), clock)
        if at <= self.now:
            at = self._local(self.today + timedelta(days=node.days + 1), clock)
        holder = None if agent is None else agent.agent_id
        self.effects.append(Book(title[:TITLE_LENGTH], at, holder))
        return node.next

    def close(self, node: nodes.Close, node_id: str) -> str | None:
        if self.chat.attendance is not None:
            self.chat = attendances.closed(self.chat)
            self.effects.append(Close())
        return None

    def go_to(self, node: nodes.GoTo, node_id: str) -> str | None:
        return node.node

    def start_flow(self, node: nodes.StartFlow, node_id: str) -> str | None:
        """Another flow goes on in this one's place, within the same bound (FLOW-12)."""
        flow: Flow | None = self._need("flow", node.flow_id)
        if flow is None:
            raise _Stopped("gone", "flow", node.flow_id)
        self.flow = flow
        return flow.start

    def condition(self, node: nodes.Condition, node_id: str) -> str | None:
        return node.yes if met(node.match, node.tests, self._holds) else node.no

    # --- whom a chat is opened for (FLOW-5) ---------------------------------------------------

    def _open_department(self, department_id: str | None) -> Department | None:
        if department_id is None:
            return None
        every: Iterable[Department] = self._need("departments")
        active = (one for one in every if one.active)
        return next((one for one in active if one.department_id == department_id), None)

    def _open_agent(
        self, node: nodes.OpenChat, department: Department | None, node_id: str
    ) -> Agent | None:
        if node.agent == "none":
            if department is None or not department.to_last_agent:
                return None
            last = self._last_agent()
            return last if last and department.department_id in last.department_ids else None
        if node.agent == "last":
            return self._last_agent()
        if node.agent == "specific":
            return None if node.agent_id is None else self._active_agent(node.agent_id)
        among = self._among(node)
        if not among:
            return None
        draw: int = self._need(
            "chance" if node.agent == "random" else "turn", f"{self.flow.flow_id}/{node_id}"
        )
        return among[draw % len(among)]

    def _among(self, node: nodes.OpenChat) -> list[Agent]:
        """The active ones of those that the node names; else of its department; else all."""
        every: Sequence[Agent] = self._need("agents")
        active = {one.agent_id: one for one in every if one.active}
        if node.agent_ids:
            named = dict.fromkeys(AgentId(one) for one in node.agent_ids)
            return [active[one] for one in named if one in active]
        return sorted(
            (
                one
                for one in active.values()
                if node.department_id is None or node.department_id in one.department_ids
            ),
            key=lambda one: (one.name, one.agent_id),
        )

    def _active_agent(self, agent_id: str) -> Agent | None:
        every: Iterable[Agent] = self._need("agents")
        return next((one for one in every if one.active and one.agent_id == agent_id), None)

    def _last_agent(self) -> Agent | None:
        last: str | None = self._need("last_agent")
        return None if last is None else self._active_agent(last)

    # --- conditions (FLOW-6) ------------------------------------------------------------------

    def _holds(self, test: Test) -> bool:
        return HOLDS[type(test)](self, test)

    def field_test(self, test: nodes.FieldTest) -> bool:
        every: Sequence[events.Field] = self._need("fields") if self._is_custom(test.field) else ()
        field = flow_answers.target(test.field, every)
        has: FieldValue | None
        if field is None:
            if test.field not in variables.NAMES:
                raise _Stopped("gone", "field", test.field)
            field, has = (
                flow_answers.of_any("long_text"),
                self._known([f"{{{test.field}}}"], empty=True)[test.field].told,
            )
        elif isinstance(field, str):
            has = self._profile().system.get(field)
        else:
            has = self._profile().values.get(field["field_id"])
        return related(test.relation, has, test.value, field, self.today)

    def tag_test(self, test: nodes.TagTest) -> bool:
        self._tag(test.tag_id)
        return (test.tag_id in self.chat.tags) is (test.relation == "has")

    def channel_test(self, test: nodes.ChannelTest) -> bool:
        return self.chat.channel == test.relation

    def department_test(self, test: nodes.DepartmentTest) -> bool:
        return self.chat.department_id == test.department_id

    def hours_test(self, test: nodes.HoursTest) -> bool:
        attends: bool = self._need("business_hours")
        return attends is (test.relation == "open")

    def session_test(self, test: nodes.SessionTest) -> bool:
        return self.chat.session.state(self.now) == test.relation

    def answer_test(self, test: nodes.AnswerTest) -> bool:
        has = self._need("last_answer") if self.last_answer is None else self.last_answer
        return related(test.relation, has, test.value, flow_answers.of_any("long_text"), self.today)

    # --- facts --------------------------------------------------------------------------------

    def _need(self, kind: NeedKind, key: str = "") -> Any:
        try:
            return self.facts.found[kind, key]
        except KeyError:
            raise Needs(kind, key) from None

    def _profile(self) -> Profile:
        """As the nodes before have left it."""
        whole: Profile = self._need("profile")
        return profile.edited(whole, system=self.system, values=self.values)

    def _tag(self, tag_id: str) -> None:
        if tag_id not in self._need("tags"):
            raise _Stopped("gone", "tag", tag_id)

    def _file(self, key: str, name: str) -> Attached:
        found: Attached | None = self._need("file", key)
        if found is None:
            raise _Stopped("gone", "file", name)
        return found

    def _is_custom(self, name: str) -> bool:
        return name not in variables.NAMES

    def _field(self, name: str) -> events.Field | str:
        every: Sequence[events.Field] = self._need("fields") if self._is_custom(name) else ()
        field = flow_answers.target(name, every)
        if field is None:
            raise _Stopped("gone", "field", name)
        return field

    def _set(self, field: events.Field | str, value: FieldValue | None) -> None:
        if isinstance(field, str):
            assert value is None or isinstance(value, str)
            self.system[field] = value
            self.effects.append(SetField(value, system=field))
        else:
            self.values[field["field_id"]] = value
            self.effects.append(SetField(value, field_id=field["field_id"]))

    def _known(
        self, texts: Iterable[str], *, pictures: bool = False, empty: bool = False
    ) -> Mapping[str, Value]:
        """What the variables of these texts stand for, or the flow stops (SEND-3).

        `pictures`: they may be pictures; `empty`: they may stand for nothing.
        """
        texts = tuple(texts)
        names = {name for text in texts for name in variables.names(text)}
        if not names:
            return {}
        known = self._values(names)
        try:
            variables.check(texts, known, pictures=pictures)
        except errors.VariablesEmpty as lacking:
            wrong = lacking.fields["variables"]
            if not (empty and all(one["reason"] == "empty" for one in wrong)):
                told = ", ".join(one["name"] for one in wrong)
                raise _Stopped("variable_empty", None, told) from None
        return known

    def _values(self, names: set[str]) -> Mapping[str, Value]:
        agent = department = None
        if "agente" in names and self.chat.agent_id is not None:
            holder = self._active_agent(self.chat.agent_id)
            agent = None if holder is None else holder.name
        if "departamento" in names and self.chat.department_id is not None:
            held_by = self._open_department(self.chat.department_id)
            department = None if held_by is None else held_by.name
        custom = any(map(self._is_custom, names))
        asks = custom or not names.isdisjoint(variables.SYSTEM)
        return variables.values(
            self.chat,
            self._profile() if asks else profile.Profile(self.chat.chat_id),
            self._need("fields") if custom else (),
            agent_name=agent,
            department_name=department,
            protocol=None if self.chat.attendance is None else self.chat.attendance.protocol,
            masked=False,
        )

    def _local(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.facts.zone).astimezone(UTC)


DOES: Mapping[type, Callable[[_Run, Any, str], str | None]] = {
    nodes.Text: _Run.text,
    nodes.Media: _Run.media,
    nodes.Contact: _Run.contact,
    nodes.SendTemplate: _Run.send_template,
    nodes.OpenChat: _Run.open_chat,
    nodes.AddTag: _Run.add_tag,
    nodes.RemoveTag: _Run.remove_tag,
    nodes.SetField: _Run.set_field,
    nodes.Book: _Run.book,
    nodes.Close: _Run.close,
    nodes.GoTo: _Run.go_to,
    nodes.StartFlow: _Run.start_flow,
    nodes.Condition: _Run.condition,
}
HOLDS: Mapping[type, Callable[[_Run, Any], bool]] = {
    nodes.FieldTest: _Run.field_test,
    nodes.TagTest: _Run.tag_test,
    nodes.ChannelTest: _Run.channel_test,
    nodes.DepartmentTest: _Run.department_test,
    nodes.HoursTest: _Run.hours_test,
    nodes.SessionTest: _Run.session_test,
    nodes.AnswerTest: _Run.answer_test,
}


def fitting(channel: ChannelName, text: str, limit: int) -> list[str]:
    """The text in pieces that are no longer than that as the channel counts; cut between words."""
    found: list[str] = []
    left = text.strip()
    while length(channel, left) > limit:
        piece = left[:limit]
        if RULES[channel]["text_unit"] == "bytes":
            piece = piece.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
        cut = max(piece.rfind("\n"), piece.rfind(" "))
        cut = cut if cut > 0 else max(len(piece), 1)
        found.append(left[:cut].rstrip())
        left = left[cut:].lstrip()
    return [*found, left]
