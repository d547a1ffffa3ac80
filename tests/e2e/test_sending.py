"""What agents send on three channels is the real thing there, and nothing internal is anywhere."""

import random
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.simulator.samples import SAMPLES
from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

Json = dict[str, Any]
CHANNELS = ("whatsapp", "instagram", "facebook")
PATIENCE = 60.0
WAITING = ("queued", "sending")


def written(phones: Phones, agent: Agent, channel: str) -> tuple[Contact, str]:
    """Somebody new who wrote to us on that channel, and their chat."""
    contact = phones.somebody() if channel == "whatsapp" else phones.somebody_on(channel)
    contact.writes("bom dia")
    return contact, agent.chat_of(contact.name, PATIENCE)


def uploaded(
    agent: Agent, sample: str, channel: str | None, *, name: str = "", voice: bool = False
) -> Json:
    """A sample file, put where it is to be sent from, as the page does."""
    file = SAMPLES[sample]
    mime_type = file.mime_type.partition(";")[0]
    asked = {
        "channel": channel,
        "content_type": mime_type,
        "size": len(file.content),
        "name": name or file.name,
    }
    given = agent.ask("POST", "/uploads", json=asked)
    answer = httpx.post(given["url"], data=given["fields"], files={"file": ("x", file.content)})
    assert answer.status_code in (200, 204), answer.text
    return {"key": given["key"], "name": name or file.name, "voice": voice}


def say(agent: Agent, chat_id: str, *, expect: int = 200, **wish: Any) -> list[Json]:
    """What the agent says becomes these messages; a refusal has none."""
    body = {"client_key": client_key(), **wish}
    answer = agent.ask("POST", f"/chats/{chat_id}/messages", json=body, expect=expect)
    found: list[Json] = answer.get("messages", [])
    return found


def arrive(contact: Contact, agent: Agent, chat_id: str, messages: list[Json]) -> list[Json]:
    """What the phone shows of these messages, once all of them got there."""
    for message in messages:
        agent.until_status(chat_id, message["key"], "sent", "delivered", "read", seconds=PATIENCE)
    accepted = len([one for one in contact.attempts() if one["accepted"]])

    def look() -> list[Json]:
        found = contact.shown()
        assert len(found) == accepted, found
        return found[-len(messages) :]

    return until(look, "the phone shows what was accepted", PATIENCE)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_kind_arrives_as_what_it_is(channel: str, phones: Phones, ana: Agent) -> None:
    """SEND-5 SEND-6 CHAT-7"""
    contact, chat_id = written(phones, ana, channel)
    heard = ana.messages(chat_id)[0]
    [quoting] = arrive(
        contact, ana, chat_id, say(ana, chat_id, text="pois não?", quotes=heard["key"])
    )
    assert (quoting["text"], bool(quoting["quotes"])) == ("pois não?", True)
    photo = uploaded(ana, "image", channel)
    shown = arrive(contact, ana, chat_id, say(ana, chat_id, text="veja", files=[photo]))
    if channel == "whatsapp":
        [picture] = shown
        assert (picture["kind"], picture["text"], len(picture["files"])) == ("image", "veja", 1)
    else:
        assert [len(one["files"]) for one in shown] == [1, 0], shown
        assert [one["text"] for one in shown] == ["", "veja"]
    [paper] = arrive(
        contact, ana, chat_id, say(ana, chat_id, files=[uploaded(ana, "document", channel)])
    )
    assert len(paper["files"]) == 1
    card = {"name": "Rui Sá", "phone": "(11) 98888-7777", "email": "rui@example.com"}
    [known] = arrive(contact, ana, chat_id, say(ana, chat_id, card=card))
    if channel == "whatsapp":
        assert known["kind"] == "contacts"
        assert "Rui" in str(known["cards"])
    else:
        assert known["text"] == "Rui Sá\n+5511988887777\nrui@example.com"


@pytest.mark.parametrize(
    ("channel", "sample"), [("whatsapp", "voice"), ("instagram", "m4a"), ("facebook", "m4a")]
)
def test_a_voice_note_arrives_as_one(channel: str, sample: str, phones: Phones, ana: Agent) -> None:
    """SEND-8"""
    contact, chat_id = written(phones, ana, channel)
    note = uploaded(ana, sample, channel, voice=True)
    [shown] = arrive(contact, ana, chat_id, say(ana, chat_id, files=[note]))
    assert len(shown["files"]) == 1
    if channel == "whatsapp":
        [sent] = [one["body"] for one in contact.attempts() if one["body"].get("type") == "audio"]
        assert sent["audio"]["voice"] is True


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_a_reaction_is_on_the_phone_until_it_is_taken_back(
    channel: str, phones: Phones, ana: Agent
) -> None:
    """CHAT-7"""
    _, chat_id = written(phones, ana, channel)
    key = ana.messages(chat_id)[0]["key"]
    path = f"/chats/{chat_id}/messages/{key}/reaction"
    for emoji, count in (("❤️", 1), (None, 0)):
        ana.ask("PUT", path, json={"emoji": emoji})

        def settled(count: int = count) -> bool:
            reactions = ana.message(chat_id, key)["reactions"]
            assert [one["state"] for one in reactions] == ["sent"] * count, reactions
            return True

        until(settled, "the reaction is where it should be", PATIENCE)
    assert ana.row(chat_id)["agent_id"] is None, "it is no answer"


def test_facebook_has_no_reactions_of_ours(phones: Phones, ana: Agent) -> None:
    """CHAT-7"""
    _, chat_id = written(phones, ana, "facebook")
    key = ana.messages(chat_id)[0]["key"]
    refusal = ana.ask(
        "PUT", f"/chats/{chat_id}/messages/{key}/reaction", json={"emoji": "👍"}, expect=409
    )
    assert refusal["code"] == "not_on_this_channel"


def test_a_template_is_filled_and_reaches_a_closed_chat(phones: Phones, ana: Agent) -> None:
    """SEND-2 SEND-3 ROUTE-4"""
    contact, chat_id = written(phones, ana, "whatsapp")
    listed = ana.get("/templates", chat_id=chat_id)["templates"]
    template = next(
        one
        for one in listed
        if one["sendable"] and one["variables"] and "header.file" not in one["variables"]
    )
    values = dict.fromkeys(template["variables"], "{canal}")
    values = {name: "1" if name.startswith("button") else told for name, told in values.items()}
    wish = {"name": template["name"], "language": template["language"], "values": values}
    [shown] = arrive(contact, ana, chat_id, say(ana, chat_id, template=wish))
    assert "WhatsApp" in str(shown)
    gone = say(ana, chat_id, template={**wish, "name": "outro"}, expect=409)
    assert gone == []


def test_what_cannot_be_filled_or_is_too_long_goes_nowhere(phones: Phones, ana: Agent) -> None:
    """SEND-1 SEND-3"""
    contact, chat_id = written(phones, ana, "instagram")
    for text, code in (
        ("Oi {nada}", "variables_empty"),
        ("é" * 501, "text_too_long"),
    ):
        body = {"client_key": client_key(), "text": text}
        path = f"/chats/{chat_id}/messages"
        assert ana.ask("POST", path, json=body, expect=409)["code"] == code
    exactly = say(ana, chat_id, text="é" * 500)
    assert arrive(contact, ana, chat_id, exactly)[0]["text"] == "é" * 500
    assert len(contact.attempts()) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_internal_is_in_anything_that_meta_saw(
    channel: str, phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """SEND-7: a random day, and then the whole log of the simulator."""
    chance = random.Random(f"7-{channel}")
    contact, chat_id = written(phones, ana, channel)
    mark = f"interno-{secrets.token_hex(8)}"
    hidden = uploaded(ana, "png", None, name=f"{mark}.png")
    open_file = uploaded(ana, "image", channel)
    path = f"/chats/{chat_id}/messages"

    def quote() -> str:
        return str(chance.choice(ana.messages(chat_id))["key"])

    def ask(agent: Agent, method: str, where: str, body: Json) -> None:
        agent.http.request(method, where, json=body)  # refused or not: the day goes on

    def does(agent: Agent, **wish: Any) -> None:
        ask(agent, "POST", path, {"client_key": client_key(), **wish})

    day: list[Callable[[Agent], None]] = [
        lambda one: does(one, text="aberto"),
        lambda one: does(one, text=f"{mark} {{nome}}", internal=True),
        lambda one: does(one, text=mark, files=[hidden], internal=True),
        lambda one: does(one, text="veja", files=[open_file]),
        lambda one: does(one, text="sobre isso", quotes=quote()),
        lambda one: does(one, text=f"{mark} sobre", quotes=quote(), internal=True),
        lambda one: ask(one, "POST", f"{path}/{quote()}/retry", {"client_key": client_key()}),
        lambda one: ask(one, "PUT", f"{path}/{quote()}/reaction", {"emoji": "👍"}),
        lambda one: contact.writes("e então?"),
    ]
    phones.misbehave(error={"contact": contact.wa_id, "code": 131026, "times": 2})
    done = [chance.randrange(len(day)) for _ in range(18)]
    for step in (1, 2, *done):
        day[step](chance.choice([ana, bruno]))

    def settled() -> bool:
        left = [one["status"] for one in ana.messages(chat_id) if one["status"] in WAITING]
        assert left == [], left
        return True

    until(settled, "everything went out or failed", PATIENCE)
    phones.quiet()
    internal = [one for one in ana.messages(chat_id) if one["internal"]]
    assert len(internal) >= 2
    assert all(one["status"] is None for one in internal)
    log = str(phones.sent())
    assert mark not in log
    assert not [one["key"] for one in internal if one["key"] in log]
    assert mark not in str(contact.thread())
