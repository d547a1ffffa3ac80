"""Who attends a chat, on the real stack: at once, against each other, and told to Meta."""

from collections.abc import Callable
from typing import Any

from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import at_once, stays, until

Json = dict[str, Any]


def written_by(phones: Phones, agent: Agent, **more: str) -> tuple[Contact, str]:
    """Somebody who wrote just now, and the id of their chat."""
    contact = phones.somebody(**more)
    contact.writes("oi")
    return contact, agent.chat_of(contact.name)


def seen(agent: Agent, chat_id: str) -> Json:
    """What an up-to-date screen shows of who holds the chat."""
    chat = agent.opened(chat_id)["chat"]
    return {
        "agent_id": chat["row"]["agent_id"],
        "department_id": chat["row"]["department_id"],
        "protocol": chat["protocol"],
    }


def give(who: Agent, chat_id: str, shown: Json, **target: str) -> tuple[int, Json]:
    """Assign, as a page does; the answer's status and body."""
    [(kind, one)] = target.items()
    answer = who.http.put(f"/chats/{chat_id}/{kind}", json={f"{kind}_id": one, "seen": shown})
    return answer.status_code, answer.json()


def close(agent: Agent, chat_id: str, protocol: str, **more: Any) -> tuple[int, Json]:
    """Close, as a page does, with a value for all that must have one; the answer's status, body."""
    fields = {
        one["field_id"]: one["options"][0] if one["options"] else "1"
        for one in agent.get("/labels")["fields"]
        if one["active"] and one["at_closing"] == "required"
    }
    body = {"protocol": protocol, "fields": fields, **more}
    answer = agent.http.post(f"/chats/{chat_id}/close", json=body)
    return answer.status_code, answer.json()


def lines(agent: Agent, chat_id: str) -> list[str]:
    """What the chat says of itself, in order."""
    return [one["line"]["code"] for one in agent.messages(chat_id) if one["line"] is not None]


def test_two_agents_do_opposite_things_at_once(phones: Phones, ana: Agent, bruno: Agent) -> None:
    """ROUTE-1 ROUTE-2: one of them is told how it is now, and the chat is as the other wanted."""
    _, chat_id = written_by(phones, ana)
    davi = next(one["agent_id"] for one in ana.get("/me")["agents"] if "Davi" in one["name"])
    for _ in range(5):
        they_disagree(chat_id, [(ana, {"agent": davi}), (bruno, {"department": "vendas"})])
        assert give(ana, chat_id, seen(ana, chat_id), agent=ana.agent_id())[0] == 200
        assert give(ana, chat_id, seen(ana, chat_id), department="suporte")[0] == 200


def they_disagree(chat_id: str, wishes: list[tuple[Agent, dict[str, str]]]) -> None:
    """Both click on what both see."""
    (ana, _), _ = wishes
    shown, before = seen(ana, chat_id), len(lines(ana, chat_id))
    answers = at_once(lambda wish: give(wish[0], chat_id, shown, **wish[1]), wishes, 2)
    now = seen(ana, chat_id)
    taken = [wish for (status, _), (_, wish) in zip(answers, wishes, strict=True) if status == 200]
    [done] = taken
    [refused] = [body for status, body in answers if status != 200]
    assert refused["code"] == "moved_on"
    told = refused["chat"]["row"]
    assert (told["agent_id"], told["department_id"]) == (now["agent_id"], now["department_id"])
    assert (now["agent_id"], now["department_id"]) == (done.get("agent"), done.get("department"))
    assert len(lines(ana, chat_id)) == before + 1


def test_two_agents_answer_at_once_and_one_of_them_took_it(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """ROUTE-4 ROUTE-6 CHAT-3: the chat says so once."""
    _, chat_id = written_by(phones, ana)
    answers = [(who, f"resposta {number}") for number in range(3) for who in (ana, bruno)]
    at_once(lambda one: one[0].answer(chat_id, one[1]), answers, 4)
    holder = ana.row(chat_id)["agent_id"]
    took = [one["line"] for one in ana.messages(chat_id) if one["line"] is not None]
    assert [(one["code"], one["by"]) for one in took] == [("took", holder)]
    assert sorted(filter(None, ana.texts(chat_id)))[1:] == sorted(text for _, text in answers)


def test_a_double_click_assigns_once(phones: Phones, ana: Agent) -> None:
    """ROUTE-1 CHAT-3: eight clicks at the same instant, one line."""
    _, chat_id = written_by(phones, ana)
    shown, wanted = seen(ana, chat_id), ana.agent_id()
    answers = at_once(lambda _: give(ana, chat_id, shown, agent=wanted), list(range(8)), 8)
    assert {status for status, _ in answers} == {200}
    assert lines(ana, chat_id) == ["assigned_to_agent"]


def test_a_closing_and_the_contacts_messages_race(phones: Phones, ana: Agent) -> None:
    """CLOSE-4 FLOW-13: whichever is first, nothing is lost and every attendance is whole."""
    for _ in range(4):
        they_race(phones, ana)


def they_race(phones: Phones, ana: Agent) -> None:
    """She closes while the contact goes on writing."""
    contact, chat_id = written_by(phones, ana)
    protocol = seen(ana, chat_id)["protocol"]
    acts: list[Callable[[], Any]] = [
        lambda: contact.wrote("um", "dois"),
        lambda: close(ana, chat_id, protocol, farewell="até logo"),
    ]
    _, (status, closed) = at_once(lambda act: act(), acts, 2)
    assert (status, closed["farewell"]) == (200, "queued")
    phones.quiet()
    until(lambda: "até logo" in contact.received(), "the farewell on the phone")
    until(lambda: {"oi", "um", "dois"} <= set(ana.texts(chat_id)), "every message in the chat")
    texts = ana.texts(chat_id)
    assert [texts.count(text) for text in ("oi", "um", "dois", "até logo")] == [1, 1, 1, 1]
    assert lines(ana, chat_id) == ["closed"]
    records = ana.get(f"/chats/{chat_id}/attendances")["attendances"]
    assert records[-1]["protocol"] == protocol
    assert records[-1]["closed_by"] == ana.agent_id()
    assert records[-1]["farewell"] == "até logo"
    assert [one["protocol"] for one in records if one["closed_at"] is None] == [
        now for now in [seen(ana, chat_id)["protocol"]] if now is not None
    ]
    assert len(records) <= 2


def test_protocols_are_unique_when_many_open_at_once(phones: Phones, ana: Agent) -> None:
    """CHAT-8: by the contacts' first messages, and by answers to closed chats."""
    people = [phones.somebody() for _ in range(16)]
    at_once(lambda one: one.writes("oi"), people, 16)
    chats = [ana.chat_of(one.name) for one in people]
    first = [seen(ana, chat_id)["protocol"] for chat_id in chats]
    assert len({*first}) == 16
    at_once(lambda one: close(ana, *one), list(zip(chats, first, strict=True)), 8)
    at_once(lambda chat_id: ana.answer(chat_id, "ainda aí?"), chats, 8)
    second = [seen(ana, chat_id)["protocol"] for chat_id in chats]
    assert len({*first, *second}) == 32
    assert all(one.isdigit() and len(one) == 6 for one in (*first, *second))
    found: list[str] = []
    cursor: str | None = None
    while not {*first, *second} <= {*found}:
        page = ana.get("/attendances", **({"cursor": cursor} if cursor else {}))
        found += [one["protocol"] for one in page["attendances"]]
        cursor = page["cursor"]
        assert cursor or {*first, *second} <= {*found}
    assert found == sorted(found, key=int, reverse=True)


def test_a_chat_is_passed_on_and_closed(phones: Phones, ana: Agent, bruno: Agent) -> None:
    """ROUTE-2 ROUTE-5 ROUTE-7 CLOSE-7: the morning of one attendance, kept in its record."""
    contact, chat_id = written_by(phones, ana)
    assert give(ana, chat_id, seen(ana, chat_id), department="suporte")[0] == 200
    bruno.answer(chat_id, "Suporte, bom dia!")
    row = ana.row(chat_id)
    assert (row["agent_id"], row["department_id"]) == (bruno.agent_id(), "suporte")
    protocol = seen(ana, chat_id)["protocol"]
    status, closed = close(bruno, chat_id, protocol, farewell="Até logo!")
    assert (status, closed["farewell"]) == (200, "queued")
    status, again = close(bruno, chat_id, protocol, farewell="Até logo!")
    assert (status, again["farewell"], again["chat"]["protocol"]) == (200, "queued", None)
    until(lambda: contact.received() == ["Suporte, bom dia!", "Até logo!"], "the farewell")
    assert ana.row(chat_id)["closed"] is True
    assert lines(ana, chat_id) == ["assigned_to_department", "took", "closed"]
    status, body = close(ana, chat_id, protocol)
    assert (status, body["code"], body["chat"]["protocol"]) == (409, "moved_on", None)
    [record] = ana.get(f"/chats/{chat_id}/attendances")["attendances"]
    assert (record["agent_ids"], record["department_ids"]) == ([bruno.agent_id()], ["suporte"])
    assert (record["closed_by"], record["farewell"]) == (bruno.agent_id(), "Até logo!")


# --- blocking ---------------------------------------------------------------------------------


def blocked_at_meta(phones: Phones, contact: Contact) -> bool:
    """Whether Meta keeps the contact's messages from us."""
    found = phones.ask("GET", "/contacts")
    everybody = found["contacts"] if isinstance(found, dict) else found
    return bool(next(one["blocked"] for one in everybody if one["wa_id"] == contact.wa_id))


def meta_block(agent: Agent, chat_id: str) -> Any:
    """What became of the call to Meta; None when it is done."""
    return agent.opened(chat_id)["chat"]["meta_block"]


def test_a_block_reaches_meta_and_so_does_its_end(phones: Phones, ana: Agent) -> None:
    """BLOCK-1 BLOCK-2 BLOCK-3"""
    contact, chat_id = written_by(phones, ana)
    assert ana.ask("PUT", f"/chats/{chat_id}/block")["chat"]["row"]["blocked"] is True
    until(lambda: blocked_at_meta(phones, contact), "blocked at Meta")
    until(lambda: meta_block(ana, chat_id) is None, "the desk knows it")
    answer = {"client_key": client_key(), "text": "oi"}
    refusal = ana.ask("POST", f"/chats/{chat_id}/messages", json=answer, expect=409)
    assert refusal["code"] == "contact_blocked"
    contact.writes("alguém aí?")
    assert stays(lambda: ana.texts(chat_id), 2) == ["oi", ""]
    assert ana.ask("DELETE", f"/chats/{chat_id}/block")["chat"]["row"]["blocked"] is False
    until(lambda: not blocked_at_meta(phones, contact), "heard again at Meta")
    contact.writes("voltei")
    until(lambda: "voltei" in ana.texts(chat_id), "the next message in the chat")
    assert lines(ana, chat_id) == ["blocked", "unblocked"]


def test_what_meta_has_under_way_is_neither_shown_nor_kept(phones: Phones, ana: Agent) -> None:
    """BLOCK-2: the local block stands by itself, whatever Meta still lets through."""
    contact, chat_id = written_by(phones, ana)
    ana.ask("PUT", f"/chats/{chat_id}/block")
    until(lambda: blocked_at_meta(phones, contact), "blocked at Meta")
    phones.ask("POST", "/contacts", json={"wa_id": contact.wa_id, "blocked": False})
    contact.writes("passou por pouco")
    phones.quiet()
    row = ana.row(chat_id)
    assert stays(lambda: ana.texts(chat_id), 2) == ["oi", ""]
    assert row["unread"] == 1


def test_meta_refuses_a_block_that_stands_all_the_same(phones: Phones, ana: Agent) -> None:
    """BLOCK-3: a part of the users failed (HTTP 400): shown, and tried again by the button."""
    contact, chat_id = written_by(phones, ana)
    phones.ask("POST", "/contacts", json={"wa_id": contact.wa_id, "on_whatsapp": False})
    ana.ask("PUT", f"/chats/{chat_id}/block")

    def failed() -> bool:
        told = meta_block(ana, chat_id)
        assert told is not None
        assert (told["state"], told["failure"] and told["failure"]["code"]) == ("failed", 131047)
        return True

    until(failed, "Meta's refusal is shown")
    assert ana.row(chat_id)["blocked"] is True
    phones.ask("POST", "/contacts", json={"wa_id": contact.wa_id, "on_whatsapp": True})
    ana.ask("PUT", f"/chats/{chat_id}/block")
    until(lambda: blocked_at_meta(phones, contact), "blocked at Meta")
    until(lambda: meta_block(ana, chat_id) is None, "the desk knows it")
    assert lines(ana, chat_id) == ["blocked"]


# --- read receipts ----------------------------------------------------------------------------


def test_the_contact_is_told_that_we_read_only_if_the_agency_says_so(
    phones: Phones, ana: Agent
) -> None:
    """READ-1"""
    contact, chat_id = written_by(phones, ana)
    settings = ana.get("/settings")
    assert settings["read_receipts"] is False
    ana.read(chat_id, ana.messages(chat_id)[-1]["key"])
    ana.ask("PUT", "/settings", json={"read_receipts": True})
    try:
        until(lambda: stays(lambda: contact.thread()[0]["status"], 5) == "delivered", "unread")
        contact.writes("e agora?")
        until(lambda: "e agora?" in ana.texts(chat_id), "the message in the chat")
        ana.read(chat_id, ana.messages(chat_id)[-1]["key"])
        until(
            lambda: [one["status"] for one in contact.thread()] == ["read", "read"],
            "read receipts on the phone",
        )
    finally:
        ana.put_back_settings(settings)
