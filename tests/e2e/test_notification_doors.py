"""Bell, sound and phone over the doors and sockets of a whole stack (NOTIF)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.handsets import Handset
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import stays, until

Json = dict[str, Any]


@pytest.fixture(scope="module")
def rita(hire: Callable[..., list[Agent]]) -> Agent:
    """An agent with the four tabs, without a page and of no department."""
    return hire(1)[0]


def seen(agent: Agent, chat_id: str) -> Json:
    """What the agent's page shows of who has the chat."""
    chat = agent.opened(chat_id)["chat"]
    row = chat["row"]
    return {
        "agent_id": row["agent_id"],
        "department_id": row["department_id"],
        "protocol": chat["protocol"],
    }


def give(by: Agent, chat_id: str, to: Agent) -> None:
    """One agent gives a chat to another."""
    body = {"agent_id": to.agent_id(), "seen": seen(by, chat_id)}
    by.ask("PUT", f"/chats/{chat_id}/agent", json=body)


def give_department(by: Agent, chat_id: str, name: str) -> None:
    """One agent gives a chat to a department."""
    departments = by.get("/me")["departments"]
    department = next(one["department_id"] for one in departments if one["name"] == name)
    body = {"department_id": department, "seen": seen(by, chat_id)}
    by.ask("PUT", f"/chats/{chat_id}/department", json=body)


def held_by(agent: Agent, ana: Agent, phones: Phones) -> tuple[Contact, str]:
    """A contact who wrote, whose chat the agent was given."""
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    give(ana, chat_id, agent)
    until_told(agent, chat_id, "assignment")
    return contact, chat_id


def why(agent: Agent, chat_id: str, kind: str = "message") -> list[Json]:
    """Of the chat's decisions about the agent, those of a kind, oldest first."""
    page = agent.get("/me/decisions")["decisions"]
    return [one for one in reversed(page) if (one["chat_id"], one["kind"]) == (chat_id, kind)]


def until_told(agent: Agent, chat_id: str, kind: str = "message", count: int = 1) -> list[Json]:
    """Those decisions, once there are so many."""

    def look() -> list[Json]:
        found = why(agent, chat_id, kind)
        assert len(found) == count, found
        return found

    return until(look, f"{count} decisions")


def rung(agent: Agent, chat_id: str) -> list[tuple[str, str]]:
    """What stands at the agent's bell of a chat, oldest first."""
    entries = agent.get("/me/notifications")["entries"]
    return [(one["kind"], one["text"]) for one in reversed(entries) if one["chat_id"] == chat_id]


def test_twenty_messages_are_one_push_on_each_phone_and_twenty_at_the_bell(
    stack: Stack, phones: Phones, ana: Agent, rita: Agent
) -> None:
    """NOTIF-2, NOTIF-4, NOTIF-7, ROUTE-1"""
    contact, chat_id = held_by(rita, ana, phones)
    one, two = Handset(stack.push, rita), Handset(stack.push, rita, "Safari no iPhone")
    contact.wrote(*(f"mensagem {number}" for number in range(20)))
    until_told(rita, chat_id, count=20)
    for handset in (one, two):
        (first,) = handset.until_shown("mensagem 0")
        assert first.keys() == {"id", "chat_id", "name", "preview", "kind", "at"}
        assert (first["chat_id"], first["name"]) == (chat_id, contact.name)
    told = why(rita, chat_id)
    assert [one["push"]["because"] for one in told] == ["told"] + ["pushed_already"] * 19
    assert told[0]["push"]["outcome"] == "sent"
    assert all(one["bell"]["told"] and one["sound"]["because"] == "no_page_open" for one in told)
    bell = rung(rita, chat_id)
    assert bell.count(("assignment", "")) == 1
    said = [text for kind, text in bell if kind == "message"]
    assert said == [f"mensagem {number}" for number in range(20)]
    labels = [one["label"] for one in rita.get("/me/push")["devices"]]
    assert sorted(labels) == ["Chrome no Android", "Safari no iPhone"]

    one.answers(chat_id, expect=404, auth="x" * 22)
    one.answers(chat_id)
    contact.writes("ainda aí?")
    for handset in (one, two):
        handset.until_shown("mensagem 0", "ainda aí?")
    for handset in (one, two):
        rita.ask("POST", "/me/push/remove", json={"device_id": handset.device_id})
    contact.writes("alô?")
    assert until_told(rita, chat_id, count=22)[-1]["push"]["because"] == "no_device"


def test_a_department_is_pushed_to_once_for_each_assignment(
    stack: Stack, phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """NOTIF-3, NOTIF-4, ROUTE-2: everyone of it who may see the chat."""
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    handset = Handset(stack.push, bruno)
    give_department(ana, chat_id, "Suporte")
    until_told(bruno, chat_id, "assignment")
    contact.writes("um", "dois")
    until_told(bruno, chat_id, count=2)
    handset.until_shown("um")
    handset.answers(chat_id)
    contact.writes("três")
    assert until_told(bruno, chat_id, count=3)[-1]["push"]["because"] == "pushed_already"
    give(ana, chat_id, ana)
    give_department(ana, chat_id, "Suporte")
    contact.writes("quatro")
    handset.until_shown("um", "quatro")
    bruno.ask("POST", "/me/push/remove", json={"device_id": handset.device_id})


def test_a_push_service_that_is_down_is_tried_again_and_holds_nothing_back(
    stack: Stack, phones: Phones, ana: Agent, rita: Agent
) -> None:
    """NOTIF-4, LIVE-1"""
    contact, chat_id = held_by(rita, ana, phones)
    down, up = Handset(stack.push, rita, "fora"), Handset(stack.push, rita, "no ar")
    down.service("down", 2)
    with ana.socket("all", chat_id) as page:
        contact.writes("urgente")
        page.event(lambda event: event["type"] == "message" and event["chat_id"] == chat_id, 5)
    up.until_shown("urgente")
    assert down.shown() == []
    down.until_shown("urgente")
    assert until_told(rita, chat_id)[0]["push"]["outcome"] == "sent"
    down.service("gone")
    up.answers(chat_id)
    contact.writes("de novo")
    up.until_shown("urgente", "de novo")

    def one_is_left() -> bool:
        return [one["label"] for one in rita.get("/me/push")["devices"]] == ["no ar"]

    until(one_is_left, "the dead phone is forgotten")
    rita.ask("POST", "/me/push/remove", json={"device_id": up.device_id})


def test_what_was_decided_a_second_before_a_permission_went_does_not_leave(
    stack: Stack, phones: Phones, ana: Agent, hire: Callable[..., list[Agent]]
) -> None:
    """PERM-2, NOTIF-3"""
    (sam,) = hire(1)
    contact, chat_id = held_by(sam, ana, phones)
    handset = Handset(stack.push, sam)
    handset.service("down", 3)  # some seconds in which it is decided and not there yet
    contact.writes("segredo")
    until_told(sam, chat_id)
    user = next(one for one in ana.get("/users")["users"] if one["agent_id"] == sam.agent_id())
    body = {"name": user["name"], "active": True, "department_ids": [], "permissions": []}
    ana.ask("PUT", f"/users/{user['agent_id']}", json=body)
    assert sam.get("/me/notifications")["entries"] == []
    assert sam.get("/me/decisions")["decisions"] == []
    assert stays(handset.shown, 8) == []


def test_the_open_pages_of_an_agent_hear_of_their_bell_at_once(
    phones: Phones, ana: Agent, rita: Agent
) -> None:
    """NOTIF-1, NOTIF-2, LIVE-1: and nobody else's do; the chat page, seen, silences both."""
    contact, chat_id = held_by(rita, ana, phones)
    with other_page(rita) as first, other_page(rita) as second, ana.socket() as somebody:
        contact.writes("um")
        for page in (first, second):
            page.event(lambda event: event["type"] == "bell")
            sound = page.event(lambda event: event["type"] == "sound")
            assert sound["id"] == until_told(rita, chat_id)[0]["id"]
        newest = rita.get("/me/notifications")["newest"]
        first.events.clear()
        rita.ask("POST", "/me/notifications/clear", json={"through": newest})
        first.event(lambda event: event["type"] == "bell")
        assert rung(rita, chat_id) == []
        somebody.listen(1)
        assert not [one for one in somebody.events if one["type"] in ("bell", "sound")]
    with rita.socket("all") as page:
        contact.writes("dois")
        last = until_told(rita, chat_id, count=2)[-1]
        assert last["bell"]["because"] == "chat_page_open"
        assert last["sound"]["because"] == "chat_page_visible"
        page.say("ping", visible=False)
        time.sleep(1)
        contact.writes("três")
        page.event(lambda event: event["type"] == "sound")
        assert until_told(rita, chat_id, count=3)[-1]["bell"]["because"] == "chat_page_open"
        rita.ask("PUT", "/me/sound", json={"muted": True})
        contact.writes("quatro")
        assert until_told(rita, chat_id, count=4)[-1]["sound"]["because"] == "muted"
        rita.ask("PUT", "/me/sound", json={"muted": False})


def other_page(agent: Agent) -> Any:
    """A socket of a page beside the chat."""
    return agent.socket(None, page="other")


def test_whoever_has_the_chat_by_then_is_told(
    stack: Stack, phones: Phones, ana: Agent, rita: Agent, bruno: Agent
) -> None:
    """NOTIF-3, ROUTE-1: the former agent hears of it no more."""
    contact, chat_id = held_by(rita, ana, phones)
    of_rita, of_bruno = Handset(stack.push, rita), Handset(stack.push, bruno)
    give(ana, chat_id, bruno)
    contact.writes("para quem?")
    of_bruno.until_shown("para quem?")
    assert (of_rita.shown(), why(rita, chat_id)) == ([], [])
    for agent, handset in ((rita, of_rita), (bruno, of_bruno)):
        agent.ask("POST", "/me/push/remove", json={"device_id": handset.device_id})


def test_a_phone_is_whoever_logged_in_last(stack: Stack, rita: Agent, bruno: Agent) -> None:
    """NOTIF-4, PERM-2"""
    handset = Handset(stack.push, rita)
    body = {name: handset.device[name] for name in ("endpoint", "p256dh", "auth")}
    bruno.ask("PUT", "/me/push", json={**body, "label": "o mesmo"})
    assert rita.get("/me/push")["devices"] == []
    assert [one["label"] for one in bruno.get("/me/push")["devices"]] == ["o mesmo"]
    bruno.ask("POST", "/me/push/remove", json={"device_id": handset.device_id})


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/push",
        "http://127.0.0.1:1/push",
        "https://fcm.googleapis.com.evil.example/x",
        "file:///etc/passwd",
    ],
)
def test_nobody_has_the_desk_write_to_strangers(endpoint: str, rita: Agent) -> None:
    """NOTIF-4"""
    body = {"endpoint": endpoint, "p256dh": "B" + "A" * 86, "auth": "a" * 22, "label": "x"}
    refused = rita.ask("PUT", "/me/push", expect=400, json=body)
    assert refused["code"] == "invalid"
