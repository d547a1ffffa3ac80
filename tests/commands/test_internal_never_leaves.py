"""SEND-7: whatever is done, in whatever order, nothing internal is in any request to Meta."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.commands.deliver import deliver
from chalicelib.commands.dispatch import Written, dispatch
from chalicelib.commands.mark_read import mark_read
from chalicelib.commands.react import react
from chalicelib.commands.receive import receive
from chalicelib.commands.send import retry, send
from chalicelib.commands.tell_channel import tell_reaction, tell_read
from chalicelib.domain import errors
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Failure
from chalicelib.stores.rows import to_message
from chalicelib.stores.tables import MessageRow, Row
from tests.builders import agent, arrival, client_key, message
from tests.commands.channels import talk, template, uploaded
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

if TYPE_CHECKING:
    from chalicelib.domain.message import Message
    from chalicelib.world import World

ANA, BRUNO = agent("ana"), agent("bruno")
CHANNELS = st.sampled_from(["whatsapp", "facebook", "instagram"])
OUTCOMES = (None, None, None, Refused(Failure(2, "busy")), NotSent("x"), AnswerLost("cut"))
OUTCOMES = (*OUTCOMES, Refused(Failure(131026, "no")), Refused(Failure(190, "token")))
ACTIONS = (
    "public",
    "internal",
    "internal",
    "file",
    "internal_file",
    "quote",
    "quote_internally",
    "retry",
    "react",
    "template",
    "card",
    "hear",
    "read",
    "again",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 20), st.sampled_from(range(len(OUTCOMES)))),
    min_size=4,
    max_size=14,
)


@dataclass
class Day:
    """A desk on which things are done; what is internal is noted as it is made."""

    world: World
    clock: Clock
    channel: Any
    secret: set[str] = field(default_factory=set)
    wishes: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def messages(self) -> list[Message]:
        """All of the chat, in their order."""
        rows = [to_message(row) for row in Row.scan() if isinstance(row, MessageRow)]
        return sorted(rows, key=lambda one: one.key)

    def does(self, action: str, place: int) -> None:
        """One action; what the desk refuses is refused, and the day goes on."""
        self.clock.forward(seconds=7)
        self.number += 1
        found = self.messages()
        target = found[place % len(found)] if found else None
        with suppress(errors.Refusal):
            getattr(self, f"_{action}")(target)

    def _send(self, **wish: Any) -> None:
        asked = {"client_key": client_key(self.clock(), self.number), **wish}
        self.wishes.append(asked)
        send(self.world, ANA, "c1", asked)

    def _public(self, _: Message | None) -> None:
        self._send(text=f"aberto {self.number}")

    def _internal(self, _: Message | None) -> None:
        self._send(text=self._hidden("texto {nome}"), internal=True)

    def _file(self, _: Message | None) -> None:
        self._send(text="veja", files=[self._uploaded("aberta")])

    def _internal_file(self, _: Message | None) -> None:
        file = self._uploaded(self._hidden("arquivo"), content=self._hidden("bytes").encode())
        self.secret.add(file["key"])
        self._send(text=self._hidden("legenda"), files=[file], internal=True)

    def _quote(self, target: Message | None) -> None:
        self._send(text=f"sobre isso {self.number}", quotes=target and target.key)

    def _quote_internally(self, target: Message | None) -> None:
        self._send(text=self._hidden("sobre"), quotes=target and target.key, internal=True)

    def _retry(self, target: Message | None) -> None:
        if target is not None:
            retry(self.world, BRUNO, "c1", target.key, client_key(self.clock(), self.number))

    def _react(self, target: Message | None) -> None:
        if target is not None:
            react(self.world, ANA, "c1", target.key, "👍" if self.number % 3 else None)

    def _template(self, _: Message | None) -> None:
        values = {"body.1": "{nome}"}
        self._send(template={"name": "retomar", "language": "pt_BR", "values": values})

    def _card(self, _: Message | None) -> None:
        self._send(card={"name": "Rui", "phone": "11988887777", "email": ""})

    def _hear(self, target: Message | None) -> None:
        if self.channel == "whatsapp":
            quotes = target.provider_id if target is not None else None
            receive(self.world, arrival(f"oi {self.number}", at=self.clock(), quotes=quotes))

    def _read(self, target: Message | None) -> None:
        if target is not None:
            mark_read(self.world, ANA, "c1", target.key)

    def _again(self, _: Message | None) -> None:
        if self.wishes:
            send(self.world, ANA, "c1", self.wishes[-1])

    def _hidden(self, what: str) -> str:
        secret = f"interno-{self.number}-{what}"
        self.secret.add(secret)
        return secret

    def _uploaded(self, name: str, **more: Any) -> dict[str, Any]:
        return uploaded(self.world, f"{name}.png", number=self.number, **more)

    def leaves(self, *, all_of_it: bool = False) -> None:
        """What is to be done is done; with `all_of_it`, every message is put on the lane."""
        found = self.messages()
        dispatch(self.world, [Written(None, one) for one in found])
        entries = self.world.queues.entries.pop("outbound", [])  # type: ignore[attr-defined]
        bodies = [json.loads(entry.body) for entry in entries]
        if all_of_it:
            bodies += [{"chat_id": "c1", "key": one.key} for one in found]
            bodies += [{"chat_id": "c1", "call": "react", "key": one.key} for one in found]
        for body in bodies:
            for attempt in (1, 2):
                if body.get("call") == "react":
                    tell_reaction(self.world, body["chat_id"], body["key"], attempt)
                elif "call" not in body:
                    deliver(self.world, body["chat_id"], body["key"])
                self.clock.forward(seconds=1)
        for one in found if all_of_it else ():
            tell_read(self.world, "c1", one.key, 1)


@given(CHANNELS, STEPS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_internal_is_in_any_request(channel, steps):
    """SEND-7"""
    clock = Clock()
    with empty_tables():
        world = world_of_fakes(clock)
        graph: Any = world.graph("token")
        heard = message("oi", author="contact", agent_id=None, status=None, provider_id="wamid.IN")
        identities = ("whatsapp#106540352242922#phone#5511987654321",)
        talk(world, channel, heard, identities=identities)
        template()
        day = Day(world, clock, channel)
        for action, place, outcome in steps:
            day.does(action, place)
            graph.outcomes = [OUTCOMES[outcome]]
            day.leaves()
        day.leaves(all_of_it=True)
        written = day.messages()
    internal = [one for one in written if one.internal]
    assert all(one.status is None and one.provider_id is None for one in internal)
    day.secret |= {one.key for one in internal}
    day.secret |= {file.key for one in internal for file in one.files}
    everything = "\n".join(graph.requests)
    everything += "".join(content.decode("latin-1") for _, content, _ in graph.uploads)
    assert not [one for one in day.secret if one in everything]
    assert "interno" not in everything
    public = [one for one in written if one.provider_id and one.author == "agent"]
    assert len(public) <= len(graph.sent)
