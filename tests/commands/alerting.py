"""From what happens to a chat to bells, sounds and phones: the three lanes, driven by hand."""

from __future__ import annotations

import app
from chalicelib.commands import push
from chalicelib.domain.listing import Tab
from chalicelib.domain.notification import Presence
from chalicelib.stores import alerts, bells, connections
from tests.builders import NOON
from tests.fakes import sqs_event

P256DH, AUTH = "B" + "A" * 86, "a" * 22


class Alerting:
    """The lanes between the table and agents. `triggers.world` must be this world."""

    def __init__(self, world, stream):
        self.world = world
        self.stream = stream

    def follow(self):
        """All that follows from what was written, until nothing does."""
        entries = self.world.queues.entries
        for _ in range(20):
            app.dispatch(self.stream.event(), None)
            told, pushes = entries.pop("notify", []), entries.pop("push", [])
            if not told and not pushes:
                return
            for entry in told:
                assert app.notify(sqs_event(entry.body), None) == {"batchItemFailures": []}
            for entry in pushes:
                self.push(entry.body)
        raise AssertionError("it never comes to rest")

    def push(self, body, attempt=1):
        """One entry of the push lane; for how many seconds it is held, if it is."""
        answer = app.push(sqs_event(body, receives=attempt), None)
        if not answer["batchItemFailures"]:
            return None
        return self.world.queues.held[-1][2]

    def phone(self, agent, name="one", label="Celular"):
        """A phone that takes pushes; its endpoint."""
        endpoint = f"https://push.example/{name}"
        push.subscribe(self.world, agent, endpoint, P256DH, AUTH, label)
        return endpoint

    def sits(self, agent_id, page="chat", *, visible=True, device="browser", name=None):
        """A page that is open."""
        socket = name or f"{agent_id}-{page}-{device}"
        connections.save_pending(socket, agent_id, NOON.replace(year=2027))
        presence = Presence(page, visible=visible, device=device, seen_at=self.world.now())
        connections.say_hello(socket, Tab.ALL if page == "chat" else None, None, presence)

    def pushed(self):
        """What was pushed: to which phone, and the beginning of the message."""
        return [(endpoint[21:], told["preview"]) for endpoint, told in self.world.push.sent]


def rung(agent_id):
    """What stands at an agent's bell, newest first."""
    return [(one.kind, one.chat_id) for one in bells.load(agent_id)]


def why(agent_id):
    """Of each decision about an agent, newest first: bell, sound, push and its outcome."""
    found = alerts.decisions(agent_id, before=None, limit=100)
    return [(one.bell, one.sound, one.push, one.outcome) for one in found]
