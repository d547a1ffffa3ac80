"""One chat through anything that may happen to it, beside a plain model of the rules.

Random acts of the contact and of agents, time that passes, promises that are kept late, twice, in
any order or long after they were withdrawn: whatever comes, the desk and the model agree on who
holds the chat, where it is listed, what waits, what went out, and that nothing went out twice.
The model says again, in its own few words, what docs/spec.md says; it asks no rule of the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chalicelib.commands import close as closing
from chalicelib.commands import run_due
from chalicelib.commands import schedule as scheduling
from chalicelib.commands.assign import to_agent, to_department
from chalicelib.commands.assign_flow import to_flow
from chalicelib.commands.block import block, unblock
from chalicelib.commands.receive import receive
from chalicelib.commands.send import send
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import errors, timer
from chalicelib.domain.access import Permission, tabs_holding
from chalicelib.domain.instants import iso
from chalicelib.stores import channels, people, schedules
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, PORTFOLIO, TABS, agent, arrival, chat, client_key, join, put
from tests.commands.flow_fixtures import chatbot, publish
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock
from tests.reference import tabs_with

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.schedule import Schedule

MAY = TABS | {Permission.SCHEDULES, Permission.BLOCKING, Permission.CHANGE_AGENT}
ANA = agent("ana", permissions=MAY, department_ids=["sales"])
BRUNO = agent("bruno", permissions=MAY)
AGENTS = {one.agent_id: one for one in (ANA, BRUNO)}
DAY = timedelta(hours=24)
HALF_AN_HOUR = timedelta(minutes=30)
REMINDER = {
    "name": "lembrete",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Lembrete"}],
}
MENU = {
    "menu": {
        "type": "menu",
        "text": "Menu",
        "options": [
            {"id": "vendas", "title": "Vendas", "next": "vendas"},
            {"id": "tchau", "title": "Tchau", "next": "ate"},
        ],
        "fallback": {"text": "De novo", "tries": 1, "exit": "fim"},
        "limit": {"minutes": 60, "exit": "tempo"},
    },
    "vendas": {"type": "open_chat", "department_id": "sales", "agent": "none", "next": "vamos"},
    "vamos": {"type": "text", "text": "Já vamos", "next": None},
    "ate": {"type": "text", "text": "Até", "next": None},
    "fim": {"type": "text", "text": "Fim", "next": None},
    "tempo": {"type": "text", "text": "Tempo", "next": None},
}
SOON = st.sampled_from([1, 5, 10, 30, 90])
PASSING = st.sampled_from([1, 4, 5, 9, 10, 20, 25, 29, 30, 31, 60, 61, 24 * 60])

# What may happen, the likelier the more often.
ACTS = (
    *["contact_writes"] * 6,
    *["time_passes"] * 4,
    *["is_closed", "something_is_scheduled"] * 4,
    *["is_blocked_or_no_longer"] * 2,
    "a_message_is_told_again",
    "agent_answers",
    "is_given_to_an_agent",
    "is_given_to_a_department",
    "the_closing_is_cancelled",
    "is_put_into_the_flow",
    "the_chatbot_is_switched",
    "it_is_put_off",
    "it_is_removed",
    "flows_are_removed",
    "a_promise_comes_that_is_not_made_any_more_or_not_yet_due",
)
Draw = Callable[..., Any]


@dataclass
class Planned:
    """A message or a flow that is to go out."""

    kind: str
    due_at: datetime
    opens: bool
    state: str = "pending"


@dataclass
class Model:
    """What the specification says of the chat."""

    heard_at: datetime
    opened: bool = False
    agent: str | None = None
    department: str | None = None
    blocked: bool = False
    blocked_at: datetime | None = None
    freed_at: datetime | None = None
    close_at: datetime | None = None
    on_reply: str | None = None
    chatbot: bool = False
    waits: bool = False  # a flow, for the contact
    tries: int = 0
    planned: dict[str, Planned] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)

    def session(self, now: datetime) -> bool:
        """SES-1"""
        return now < self.heard_at + DAY

    def open_(self, agent: str | None = None, department: str | None = None) -> None:
        """ROUTE-3 FLOW-14: an attendance is open; no flow waits in it."""
        self.opened, self.waits = True, False
        self.agent, self.department = agent, department

    def close(self) -> None:
        """ROUTE-7 CLOSE-8"""
        self.opened, self.agent, self.department, self.close_at = False, None, None, None

    def begin(self, now: datetime) -> None:
        """FLOW-2 FLOW-3 SCH-2: the flow is a menu, which a shut session does not take."""
        self.close()
        self.waits, self.tries = False, 0
        if self.session(now):
            self.waits = True
            self.sent["Menu"] += 1

    def writes(self, text: str, now: datetime) -> None:
        """BLOCK-2 CLOSE-2 FLOW-1 FLOW-7 FLOW-13"""
        if self.blocked:
            return
        self.heard_at = now
        if self.on_reply == "cancel":
            self.close_at = None
        if self.opened:
            return
        if not self.chatbot:
            self.open_()
        elif not self.waits:
            self.begin(now)
        elif text == "Vendas":
            self.open_(department="sales")
            self.sent["Já vamos"] += 1
        elif text == "Tchau":
            self.waits = False
            self.sent["Até"] += 1
        elif self.tries == 0:
            self.tries = 1
            self.sent["De novo"] += 1
        else:
            self.waits = False
            self.sent["Fim"] += 1

    def answers(self, by: str, text: str) -> None:
        """ROUTE-4 ROUTE-5 ROUTE-6"""
        if not self.opened:
            self.open_()
        self.agent = self.agent or by
        self.sent[text] += 1

    def time_comes(self, what: str, subject: str, now: datetime) -> None:
        """A promise is kept, now, however long ago it was due."""
        if what == "closing":
            self.close()
        elif what == "flow":
            self.waits = False
            if self.session(now):
                self.sent["Tempo"] += 1
        elif what == "schedule":
            self.goes_out(self.planned[subject], now)

    def goes_out(self, one: Planned, now: datetime) -> None:
        """SCH-4 SCH-1 SCH-2"""
        last = one.due_at + HALF_AN_HOUR
        if self.blocked:
            one.state = "held" if now <= last else "not_sent"
            return
        was_blocked = one.state == "held" or (
            self.blocked_at is not None
            and self.freed_at is not None
            and self.blocked_at <= one.due_at < self.freed_at
        )
        if was_blocked and self.freed_at is not None and self.freed_at > last:
            one.state = "not_sent"
        elif one.kind == "message":
            one.state = "done"
            self.sent["Lembrete"] += 1
            if one.opens and not self.opened:
                self.open_()
        elif self.chatbot:
            one.state = "done"
            self.begin(now)
        else:
            one.state = "not_sent"

    def to_come(self, kind: str | None = None) -> list[str]:
        """What may still go out."""
        return [
            name
            for name, one in self.planned.items()
            if one.state in ("pending", "held") and kind in (None, one.kind)
        ]


class ChatMachine(RuleBasedStateMachine):
    """The desk and the model, step by step."""

    @initialize(on=st.booleans())
    def begins(self, on: bool) -> None:
        """Bia wrote an hour ago; nobody attends her."""
        self.tables = ExitStack()
        self.tables.enter_context(empty_tables())
        self.clock = Clock()
        self.world = world_of_fakes(self.clock)
        self.number = 0
        self.armed: set[timer.Timer] = set()
        self.told: list[object] = []
        join(ANA, BRUNO)
        people.save_department("sales", "Vendas", active=True)
        channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
        self.world.graph("token").told = [REMINDER]  # type: ignore[attr-defined]
        sync(self.world, PORTFOLIO, 1)
        publish("f1", MENU)
        chatbot(self.world, chatbot=on)
        ids = (f"whatsapp#{ACCOUNT}#phone#5511987654321",)
        put(replace(chat(open_=False), identities=ids))
        self.model = Model(self.clock() - timedelta(hours=1), chatbot=on)

    def teardown(self) -> None:
        if hasattr(self, "tables"):
            with self.tables:
                self.nothing_went_out_twice()

    # --- what is there --------------------------------------------------------------------------

    @property
    def chat(self):
        return store.load("c1")

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def seen(self) -> dict[str, str | None]:
        """What an up-to-date screen shows."""
        one = self.chat
        protocol = one.attendance.protocol if one.attendance else None
        return {"agent_id": one.agent_id, "department_id": one.department_id, "protocol": protocol}

    def key(self) -> str:
        """A new name for what is asked, a second after all that was before."""
        self.clock.forward(seconds=1)
        return client_key(self.clock())

    def promised(self) -> set[timer.Timer]:
        """What the rows promise now."""
        return promises(self.chat, schedules.load_all(["c1"]))

    def refused(self, *kinds: type[errors.Refusal], act) -> None:
        """Nothing happens, and it is said why."""
        with pytest.raises(kinds):
            act()

    # --- the contact ----------------------------------------------------------------------------

    def contact_writes(self, draw: Draw) -> None:
        """FLOW-1"""
        text = draw(st.sampled_from(["Vendas", "Tchau", "oi"]))
        self.clock.forward(seconds=1)
        self.number += 1
        one = arrival(text, at=self.now, provider_id=f"wamid.{self.number}")
        receive(self.world, one)
        if not self.model.blocked:
            self.told.append(one)
        self.model.writes(text, self.now)

    def a_message_is_told_again(self, draw: Draw) -> None:
        """INB-3: a week later, too."""
        if self.told:
            receive(self.world, draw(st.sampled_from(self.told)))

    # --- agents ---------------------------------------------------------------------------------

    def agent_answers(self, draw: Draw) -> None:
        """SEND-1 SEND-12 ROUTE-4"""
        by = draw(st.sampled_from(sorted(AGENTS)))
        key = self.key()
        text = f"Resposta {key}"

        def act():
            send(self.world, AGENTS[by], "c1", {"client_key": key, "text": text})

        if self.model.blocked or not self.model.session(self.now):
            self.refused(errors.ContactBlocked, errors.SessionClosed, act=act)
            return
        act()
        act()
        self.model.answers(by, text)

    def is_given_to_an_agent(self, draw: Draw) -> None:
        """ROUTE-1"""
        to = draw(st.sampled_from(sorted(AGENTS)))
        self.clock.forward(seconds=1)
        to_agent(self.world, ANA, "c1", to, self.seen)
        self.model.open_(agent=to)

    def is_given_to_a_department(self, _: Draw) -> None:
        """ROUTE-2"""
        self.clock.forward(seconds=1)
        to_department(self.world, ANA, "c1", "sales", self.seen)
        self.model.open_(department="sales")

    def is_closed(self, draw: Draw) -> None:
        """CLOSE-1 CLOSE-2"""
        if not self.model.opened:
            return
        minutes = draw(st.none() | SOON | SOON)
        on_reply = draw(st.sampled_from(["keep", "cancel"]))
        self.clock.forward(seconds=1)
        protocol = self.seen["protocol"]
        closing.close(
            self.world,
            ANA,
            "c1",
            str(protocol),
            farewell="",
            fields={},
            minutes=minutes,
            on_reply=on_reply,  # type: ignore[arg-type]
        )
        if minutes is None:
            self.model.close()
        else:
            self.model.close_at = self.now + timedelta(minutes=minutes)
            self.model.on_reply = on_reply

    def the_closing_is_cancelled(self, _: Draw) -> None:
        """CLOSE-3"""
        if not self.model.opened:
            return
        self.clock.forward(seconds=1)
        closing.cancel(self.world, ANA, "c1", str(self.seen["protocol"]))
        self.model.close_at = None

    def is_put_into_the_flow(self, _: Draw) -> None:
        """FLOW-2"""
        asked = {"client_key": self.key(), "flow_id": "f1", "seen": self.seen}

        def act():
            to_flow(self.world, ANA, "c1", asked)

        if self.model.blocked or not self.model.chatbot:
            self.refused(errors.ContactBlocked, errors.ChatbotOff, act=act)
            return
        act()
        act()
        self.model.begin(self.now)

    def is_blocked_or_no_longer(self, _: Draw) -> None:
        """BLOCK-1 SCH-4"""
        self.clock.forward(seconds=1)
        model = self.model
        if model.blocked:
            unblock(self.world, ANA, "c1")
            model.blocked, model.freed_at = False, self.now
        elif model.session(self.now):
            block(self.world, ANA, "c1")
            model.blocked, model.blocked_at, model.freed_at = True, self.now, None
            model.waits = False
        else:
            self.refused(errors.NothingHeardLately, act=lambda: block(self.world, ANA, "c1"))

    def the_chatbot_is_switched(self, _: Draw) -> None:
        """FLOW-13"""
        self.clock.forward(seconds=1)
        self.model.chatbot = not self.model.chatbot
        chatbot(self.world, chatbot=self.model.chatbot)
        if not self.model.chatbot:
            self.model.waits = False

    # --- schedules ------------------------------------------------------------------------------

    def asked(self, kind: str, minutes: int, opens: bool) -> dict:
        due_at = self.now + timedelta(minutes=minutes)
        template = {"name": "lembrete", "language": "pt_BR", "values": {}}
        return {
            "due_at": iso(due_at),
            "template": template if kind == "message" else None,
            "opens": opens and kind == "message",
            "flow_id": "f1" if kind == "flow" else None,
        }

    def something_is_scheduled(self, draw: Draw) -> None:
        """SCH-1 SCH-2 SCH-4"""
        kind, minutes = draw(st.sampled_from(["message", "flow"])), draw(SOON)
        opens = draw(st.booleans())
        key = self.key()
        asked = self.asked(kind, minutes, opens)

        def act():
            scheduling.add(self.world, ANA, "c1", key, asked)

        if self.model.blocked:
            self.refused(errors.ContactBlocked, act=act)
            return
        act()
        act()
        due_at = self.now + timedelta(minutes=minutes)
        self.model.planned[key] = Planned(kind, due_at, asked["opens"])

    def it_is_put_off(self, draw: Draw) -> None:
        """SCH-5: what was before never fires."""
        if self.model.blocked or not self.model.to_come():
            return
        minutes = draw(SOON)
        self.clock.forward(seconds=1)
        name = draw(st.sampled_from(self.model.to_come()))
        one = self.model.planned[name]
        asked = self.asked(one.kind, minutes, one.opens)
        version = schedules.find(["c1"], name).version

        def act():
            scheduling.edit(self.world, ANA, "c1", name, {"version": version, **asked})

        if one.state == "held" or one.due_at <= self.now:
            self.refused(errors.MovedOn, act=act)
            return
        act()
        one.due_at = self.now + timedelta(minutes=minutes)

    def it_is_removed(self, draw: Draw) -> None:
        """SCH-3"""
        if not self.model.to_come():
            return
        self.clock.forward(seconds=1)
        name = draw(st.sampled_from(self.model.to_come()))
        scheduling.remove(self.world, ANA, "c1", name)
        self.model.planned[name].state = "removed"

    def flows_are_removed(self, draw: Draw) -> None:
        """SCH-3: and brought back."""
        undone = draw(st.booleans())
        self.clock.forward(seconds=1)
        mine = self.model.to_come("flow")
        ids = scheduling.remove_flows(self.world, ANA, "c1")["schedule_ids"]
        assert sorted(ids) == sorted(mine)
        if undone and ids and not self.model.blocked:
            scheduling.restore_flows(self.world, ANA, "c1", ids)
        for name in mine:
            back = undone and not self.model.blocked
            self.model.planned[name].state = "pending" if back else "removed"

    # --- time -----------------------------------------------------------------------------------

    def time_passes(self, draw: Draw) -> None:
        """SCH-7: what was promised for meanwhile is brought now, in any order, each maybe twice."""
        self.clock.forward(minutes=draw(PASSING))
        for _ in range(40):
            due = sorted(
                (one for one in self.promised() if one.at <= self.now), key=lambda one: one.name
            )
            if not due:
                break
            self.keep(draw(st.sampled_from(due)), twice=draw(st.booleans()))
        else:
            raise AssertionError("what is due never ends")
        for one in self.model.planned.values():
            assert one.state != "pending" or one.due_at > self.now
            assert one.state != "held" or self.now <= one.due_at + HALF_AN_HOUR + A_MOMENT
        assert self.model.close_at is None or self.model.close_at > self.now
        self.nothing_went_out_twice()

    def keep(self, one: timer.Timer, *, twice: bool) -> None:
        """One promise that is due."""
        run_due.keep(self.world, one)
        self.model.time_comes(one.what, one.subject, self.now)
        if twice and one not in self.promised():
            run_due.keep(self.world, one)

    def a_promise_comes_that_is_not_made_any_more_or_not_yet_due(self, draw: Draw) -> None:
        """CLOSE-8 SCH-5: whatever the Scheduler brings, late or early, the rows decide."""
        if not self.armed:
            return
        one = draw(st.sampled_from(sorted(self.armed, key=lambda one: one.name)))
        if one in self.promised() and one.at <= self.now:
            self.keep(one, twice=True)
        else:
            run_due.keep(self.world, one)

    # One rule for all: hypothesis would leave most of them out of most of its runs.
    @rule(act=st.sampled_from(sorted(ACTS)), data=st.data())
    def happens(self, act: str, data: st.DataObject) -> None:
        """One act, or a while."""
        getattr(self, act)(data.draw)

    # --- both agree -----------------------------------------------------------------------------

    @invariant()
    def both_agree(self) -> None:
        """TAB-5 SES-2"""
        if not hasattr(self, "model"):
            return
        one, model, planned = self.chat, self.model, schedules.load_all(["c1"])
        self.armed |= promises(one, planned)
        assert (one.attendance is not None, one.agent_id, one.department_id, one.blocked) == (
            model.opened,
            model.agent,
            model.department,
            model.blocked,
        )
        closes = one.closing.at if one.closing and one.attendance else None
        assert closes == model.close_at
        since = self.world.preferences()["chatbot_since"]
        waits = one.flow is not None and since is not None and iso(one.flow.since) >= since
        assert waits == model.waits
        assert (one.session.state(self.now).value in ("open", "expiring")) == model.session(
            self.now
        )
        for who in AGENTS.values():
            shown = tabs_with(
                {"1", "2", "3", "4"},
                who.agent_id,
                who.department_ids,
                model.agent,
                model.department,
                model.opened,
            )
            assert {tab.value for tab in tabs_holding(one, who)} == shown
        states = {each.schedule_id: each.state for each in planned}
        assert states == {name: plan.state for name, plan in model.planned.items()}

    def nothing_went_out_twice(self) -> None:
        """SEND-12 INB-3 SCH-5: all that was asked for, once each, and nothing else."""
        page = store.page_of_messages(self.chat, limit=1_000)
        said = Counter(message.text for message in page if message.author == "agent")
        assert said == self.model.sent


def promises(one: Chat, planned: list[Schedule]) -> set[timer.Timer]:
    """What these rows promise."""
    return set(timer.of_chat(one)).union(*(timer.of_schedule(each) for each in planned))


A_MOMENT = timedelta(seconds=1)


def test_whatever_happens_to_a_chat_it_is_as_the_rules_say():
    """TAB-5 ROUTE-3 ROUTE-7 CLOSE-2 CLOSE-8 BLOCK-2 SCH-4 SCH-5 FLOW-1 FLOW-2 FLOW-13 FLOW-14"""
    run_state_machine_as_test(
        ChatMachine,
        settings=settings(
            max_examples=24,
            phases=(Phase.generate, Phase.shrink),
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
