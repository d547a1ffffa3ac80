"""What comes in: once, in order, from whomever, however it is written (INB)."""

import secrets
import time
from collections import Counter
from typing import Any

import pytest

from local.simulator.wire import serialise, signature
from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.phones import Phones, text_message
from tests.e2e.waiting import at_once, stays, until

Json = dict[str, Any]


def fresh_number() -> str:
    """A Brazilian mobile number, ninth digit included, that nobody has used."""
    return f"55219{secrets.randbelow(3) + 7}{secrets.randbelow(10**7):07}"


def fresh_name() -> str:
    """A name that no other contact has."""
    return f"Pessoa {secrets.token_hex(4)}"


def one_text(name: str, text: str, wa_id: str | None = None, **more: Any) -> Json:
    """A `value` part with a text written now."""
    return text_message(wa_id or fresh_number(), text, at=int(time.time()), name=name, **more)


def test_the_same_webhook_fifty_times_is_one_message(phones: Phones, ana: Agent) -> None:
    """INB-3"""
    name, wa_id = fresh_name(), fresh_number()
    part = one_text(name, "Bom dia!", wa_id)

    def told(copy: int) -> Json:
        """The same message; from the 41st copy on with one more field, so that it is no longer
        the same bytes, and no queue takes it for what it has had already."""
        message = {**part["messages"][0], **({"copy": copy} if copy > 40 else {})}
        return phones.envelope({**part, "messages": [message]})

    answers = at_once(phones.post, [told(copy) for copy in range(1, 51)], 16)
    assert {answer.status_code for answer in answers} == {200}
    chat_id = ana.chat_of(name)
    phones.post(phones.envelope(one_text(name, "Tudo bem?", wa_id)))
    until(lambda: len(ana.messages(chat_id)) == 2, "the second message")
    assert ana.row(chat_id)["unread"] == 2

    sent = ana.answer(chat_id, "Bom dia! Tudo bem.")
    ana.until_status(chat_id, sent["key"], "sent", "delivered", "failed")
    ana.read(chat_id, ana.messages(chat_id)[1]["key"])
    for copy in (1, 50, 51, 52):
        assert phones.post(told(copy)).status_code == 200
    phones.post(phones.envelope(one_text(name, "Até logo!", wa_id)))
    until(lambda: "Até logo!" in ana.texts(chat_id), "the message after the repeats")
    assert ana.texts(chat_id).count("Bom dia!") == 1
    assert ana.row(chat_id)["unread"] == 1
    assert [row["chat_id"] for row in ana.chats_of(name)] == [chat_id]


def test_ten_first_messages_at_once_make_one_chat(phones: Phones, ana: Agent) -> None:
    """INB-3, INB-7"""
    name, wa_id = fresh_name(), fresh_number()
    texts = [f"mensagem {number}" for number in range(10)]
    bodies = [phones.envelope(one_text(name, text, wa_id)) for text in texts]
    assert {one.status_code for one in at_once(phones.post, bodies, 10)} == {200}
    chat_id = ana.chat_of(name)
    until(lambda: len(ana.messages(chat_id)) == 10, "ten messages")
    assert sorted(ana.texts(chat_id)) == sorted(texts)
    assert ana.row(chat_id)["unread"] == 10
    assert len(ana.chats_of(name)) == 1


def test_any_order_of_a_batch_is_the_same_chat(phones: Phones, ana: Agent) -> None:
    """INB-4"""
    now, threads = int(time.time()) - 60, []
    for backwards in (False, True):
        name, wa_id = fresh_name(), fresh_number()
        parts = [
            text_message(wa_id, f"linha {number}", at=now + number, name=name)
            for number in range(5)
        ]
        phones.post(phones.envelope(*(reversed(parts) if backwards else parts)))
        chat_id = ana.chat_of(name)
        until(lambda chat_id=chat_id: len(ana.messages(chat_id)) == 5, "five messages")
        threads.append((ana.texts(chat_id), ana.row(chat_id)["preview"]))
    assert threads[0] == threads[1]
    assert threads[0] == ([f"linha {number}" for number in range(5)], "linha 4")


def test_every_way_to_name_a_person_is_one_chat(phones: Phones, ana: Agent) -> None:
    """INB-7: with and without the ninth digit, by number, by business-scoped id, by both."""
    with_ninth = fresh_number()
    without = with_ninth[:4] + with_ninth[5:]
    user_id = f"BR.{secrets.randbelow(10**17):017}"
    name = fresh_name()
    ways = [
        one_text(name, "com o nono dígito", with_ninth),
        one_text(name, "sem o nono dígito", without),
        one_text(name, "com os dois", with_ninth, user_id=user_id),
        text_message(None, "só o identificador", at=int(time.time()), name=name, user_id=user_id),
        one_text(name, "sem o nono, com o identificador", without, user_id=user_id),
    ]
    for count, part in enumerate(ways, 1):
        phones.post(phones.envelope(part))
        until(lambda count=count: held(ana, name) == count, f"message {count} of {name}")
    assert len(ana.chats_of(name)) == 1


def held(agent: Agent, name: str) -> int:
    """How many messages the chats of that name hold together."""
    return sum(len(agent.messages(row["chat_id"])) for row in agent.chats_of(name))


def test_two_chats_found_to_be_one_person_become_one(phones: Phones, ana: Agent) -> None:
    """INB-7: nothing is lost by the merge, and an answer goes on."""
    wa_id, user_id, name = fresh_number(), f"BR.{secrets.randbelow(10**17):017}", fresh_name()
    now = int(time.time())
    phones.post(phones.envelope(one_text(name, "pelo número", wa_id)))
    until(lambda: len(ana.chats_of(name)) == 1, "the chat by number")
    phones.post(
        phones.envelope(text_message(None, "pelo nome", at=now, name=name, user_id=user_id))
    )
    until(lambda: len(ana.chats_of(name)) == 2, "the chat by username")
    phones.post(phones.envelope(one_text(name, "sou eu", wa_id, user_id=user_id)))
    until(lambda: len(ana.chats_of(name)) == 1, "one chat")
    chat_id = ana.chat_of(name)
    until(lambda: len(ana.messages(chat_id)) == 3, "three messages")
    assert sorted(ana.texts(chat_id)) == ["pelo nome", "pelo número", "sou eu"]
    assert ana.row(chat_id)["unread"] == 3


def test_a_batch_of_a_thousand_updates_arrives_whole(
    stack: Stack, phones: Phones, ana: Agent
) -> None:
    """INB-2: 3 MB, acknowledged at once; 1,000 messages of 50 people, none lost, none doubled."""
    people = [(fresh_number(), fresh_name()) for _ in range(50)]
    now = int(time.time()) - 1000
    parts = [
        text_message(wa_id, f"{number:04} " + "x" * 2400, at=now + number, name=name)
        for number, (wa_id, name) in enumerate(people * 20)
    ]
    merged = {
        "contacts": [part["contacts"][0] for part in parts[:50]],
        "messages": [part["messages"][0] for part in parts],
    }
    body = serialise(phones.envelope(merged))
    assert 2_500_000 < len(body) <= 3_000_000
    began = time.monotonic()
    answer = phones.post(body)
    acknowledged = time.monotonic() - began
    assert answer.status_code == 200
    assert acknowledged < 20

    names = {name for _, name in people}

    def arrived() -> bool:
        unread = Counter({row["name"]: row["unread"] for row in ana.rows(pages=3)})
        assert all(unread[name] == 20 for name in names), sum(unread[name] for name in names)
        return True

    until(arrived, "a thousand messages", 150)
    rows = [row for row in ana.rows(pages=3) if row["name"] in names]
    assert len(rows) == 50
    for row in rows[:3]:
        numbers = [text[:4] for text in ana.texts(row["chat_id"])]
        assert numbers == sorted(numbers)
        assert len(set(numbers)) == 20


def nested(depth: int) -> bytes:
    """JSON so deep that a careless parser runs out of stack."""
    return b'{"object":"whatsapp_business_account","entry":' + b"[" * depth + b"]" * depth + b"}"


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "not json": b"hello",
    "half a json": b'{"object":"whatsapp_business_account","entry":[{',
    "not utf-8": b'{"object":"\xff\xfe"}',
    "a number": b"7",
    "a null": b"null",
    "a list": b"[[],{}]",
    "an empty object": b"{}",
    "no entry": b'{"object":"whatsapp_business_account"}',
    "entry is a word": b'{"object":"whatsapp_business_account","entry":"x"}',
    "entries of every type": b'{"object":"whatsapp_business_account","entry":[1,null,"a",[],{}]}',
    "changes of every type": (
        b'{"object":"whatsapp_business_account","entry":[{"id":1,"changes":{"a":1}},'
        b'{"id":null,"changes":[null,1,"x",{"field":7,"value":[]},{"value":{"messages":5}}]}]}'
    ),
    "another object": b'{"object":"page","entry":[{"id":"1","messaging":[{}]}]}',
    "deep": nested(200_000),
    "huge numbers": b'{"object":"whatsapp_business_account","entry":[{"id":1e999,"time":-1e400}]}',
    "a very long number": b'{"object":' + b"9" * 10_000 + b"}",
    "control characters": b'{"object":"\x00\x01\x1f","entry":[]}',
    "lone surrogates": b'{"object":"whatsapp_business_account","entry":[{"id":"\\ud800"}]}',
    "five megabytes": b'{"object":"' + b"x" * 5_000_000 + b'"}',
}
# Meta writes ASCII, and 3 MB at most: these may be refused, also with a good signature.
NOT_FROM_META = {"not utf-8", "five megabytes"}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_answered_clearly(name: str, phones: Phones) -> None:
    """INB-2: signed by Meta or not, never a 5xx, which would be seven days of repeats."""
    body = MALFORMED[name]
    signed = phones.post(body)
    assert signed.status_code == 200 or 400 <= signed.status_code < 500, signed.text
    acceptable = name in NOT_FROM_META or signed.status_code == 200
    assert acceptable, signed.text
    unsigned = phones.post(body, sign=None)
    assert 400 <= unsigned.status_code < 500, unsigned.text


BAD_NEIGHBOURS: dict[str, Any] = {
    "wrong types": {"from": 5, "id": [], "timestamp": {}, "type": 9, "text": "x"},
    "nulls": {"from": None, "id": None, "timestamp": None, "type": None},
    "no fields": {},
    "a word": "x",
    "nothing": None,
    "a number": 3.5,
    "time out of range": {"from": "551199", "id": "wamid.X", "timestamp": "9" * 30, "type": "text"},
    "no time": {"from": "5511988887777", "id": "wamid.Y", "timestamp": "", "type": "text"},
    "no body": {
        "from": "5511988887777",
        "id": "wamid.Z",
        "timestamp": "1",
        "type": "text",
        "text": {},
    },
    "a body in a body": {
        "from": "5511988887777",
        "id": "wamid.W",
        "timestamp": "1",
        "type": "text",
        "text": {"body": {"body": 1}},
    },
    "surrogates": {
        "from": "\ud800",
        "id": "\udfff",
        "timestamp": "1",
        "type": "\ud83d",
        "text": {"body": "\ud800"},
    },
}


@pytest.mark.parametrize("bad", BAD_NEIGHBOURS)
def test_a_bad_item_spoils_no_neighbour(bad: str, phones: Phones, ana: Agent) -> None:
    """INB-2: what stands beside it in the same list, before and after, arrives."""
    name, wa_id = fresh_name(), fresh_number()
    before, after = one_text(name, "antes", wa_id), one_text(name, "depois", wa_id)
    part = {
        "contacts": ["x", None, *before["contacts"]],
        "messages": [before["messages"][0], BAD_NEIGHBOURS[bad], after["messages"][0]],
        "statuses": [BAD_NEIGHBOURS[bad], {"id": 1, "status": None, "errors": "x"}],
        "errors": "x",
    }
    answer = phones.post(phones.envelope(part, {"messages": "x", "contacts": 7}))
    assert answer.status_code == 200, answer.text
    chat_id = ana.chat_of(name)
    until(lambda: len(ana.messages(chat_id)) == 2, "both neighbours")
    assert sorted(ana.texts(chat_id)) == ["antes", "depois"]


def test_an_unknown_kind_is_shown_as_a_placeholder(phones: Phones, ana: Agent) -> None:
    """INB-5"""
    name, wa_id = fresh_name(), fresh_number()
    part = one_text(name, "", wa_id)
    part["messages"] = [
        {**part["messages"][0], "type": "hologram", "hologram": {"id": 1}, "text": None}
    ]
    assert phones.post(phones.envelope(part)).status_code == 200
    chat_id = ana.chat_of(name)
    [message] = ana.messages(chat_id)
    assert (message["kind"], message["raw_kind"]) == ("unsupported", "hologram")
    assert ana.row(chat_id)["unread"] == 1


def test_text_arrives_character_by_character(phones: Phones, ana: Agent) -> None:
    """INB-5: escapes of the wire, emoji of several code points, bidi; no control characters."""
    name = fresh_name()
    text = 'Olá 👩‍👩‍👧‍👦 <b>\u202e\\u0041 / "aspas" \n\tçãé 漢字 \U0001f600'
    phones.post(phones.envelope(one_text(name, f"{text}\u0000\u0007")))
    chat_id = ana.chat_of(name)
    assert ana.texts(chat_id) == [text]


def test_a_body_that_meta_did_not_sign_is_refused(phones: Phones, ana: Agent) -> None:
    """INB-1: and it leaves nothing behind."""
    name = fresh_name()
    raw = serialise(phones.envelope(one_text(name, "falso")))
    right = signature(raw, phones.app_secret)
    headers: list[dict[str, str]] = [
        {"x-hub-signature-256": signature(raw, "another secret")},
        {"x-hub-signature-256": signature(raw + b" ", phones.app_secret)},
        {"x-hub-signature-256": right.removeprefix("sha256=")},
        {"x-hub-signature-256": right.replace("sha256=", "sha1=")},
        {"x-hub-signature-256": right[:-1]},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": "sha256=" + "ç" * 64},
        {"x-hub-signature-256": ""},
        {"x-hub-signature": right},
        {},
    ]
    for given in headers:
        raw_headers = {key: value.encode("latin-1") for key, value in given.items()}
        answer = phones.webhook.post("", content=raw, headers=raw_headers)
        assert answer.status_code == 401, (given, answer.status_code, answer.text)
        assert answer.json()["code"] == "unauthenticated"
    assert stays(lambda: ana.chats_of(name), 1.0) == []


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_under_any_of_its_names_is_taken(
    content_type: str, phones: Phones, ana: Agent
) -> None:
    """INB-1"""
    name = fresh_name()
    body = phones.envelope(one_text(name, "oi, ação"))
    answer = phones.post(body, **{"content-type": content_type})
    assert answer.status_code == 200, answer.text
    assert ana.texts(ana.chat_of(name)) == ["oi, ação"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "image/png",
        "",
    ],
)
def test_what_calls_itself_something_else_is_refused_clearly(
    content_type: str, phones: Phones, ana: Agent
) -> None:
    """INB-1: Meta sends JSON; a good signature does not change that."""
    name = fresh_name()
    body = phones.envelope(one_text(name, "não sou JSON"))
    answer = phones.post(body, **{"content-type": content_type})
    assert answer.status_code == 415, answer.text
    assert phones.post(phones.envelope(one_text(name, "sou JSON"))).status_code == 200
    assert ana.texts(ana.chat_of(name)) == ["sou JSON"]


def test_the_handshake_echoes_the_challenge_for_the_right_token_only(
    stack: Stack, phones: Phones
) -> None:
    """INB-11"""
    right = {
        "hub.mode": "subscribe",
        "hub.verify_token": stack.verify_token,
        "hub.challenge": "1158201444",
    }
    answer = phones.webhook.get("", params=right)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in (
        {**right, "hub.verify_token": "x"},
        {**right, "hub.verify_token": ""},
        {**right, "hub.mode": "unsubscribe"},
        {key: value for key, value in right.items() if key != "hub.verify_token"},
        {},
    ):
        assert phones.webhook.get("", params=wrong).status_code == 403
