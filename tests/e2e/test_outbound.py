"""What goes out: once, in order per chat, with its fate told honestly (SEND, ROUTE, CHAT)."""

from collections import Counter
from collections.abc import Callable

from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import at_once, stays, until

# Of fifty at once, as many as the emulator on two cores starts functions for in their time.
IN_FLIGHT = 16


def written_by(phones: Phones, agent: Agent, **more: str) -> tuple[Contact, str]:
    """Somebody who wrote just now, and the id of their chat."""
    contact = phones.somebody(**more)
    contact.writes("oi")
    return contact, agent.chat_of(contact.name)


def test_an_answer_reaches_the_phone_and_its_ticks_come_back(phones: Phones, ana: Agent) -> None:
    """CHAT-4, ROUTE-4"""
    contact, chat_id = written_by(phones, ana)
    message = ana.answer(chat_id, "Olá, em que posso ajudar? 😀 ç")
    assert message["status"] == "queued"
    ana.until_status(chat_id, message["key"], "delivered")
    assert contact.received() == ["Olá, em que posso ajudar? 😀 ç"]
    assert contact.reads() == 1
    ana.until_status(chat_id, message["key"], "read")
    row = ana.row(chat_id)
    assert row["agent_id"] == ana.agent_id()
    assert row["closed"] is False


def test_fifty_agents_answer_one_chat_at_once(
    phones: Phones, ana: Agent, hire: Callable[[int], list[Agent]]
) -> None:
    """ROUTE-8: one of them holds it, all fifty messages stand and leave once each."""
    team = hire(50)
    contact, chat_id = written_by(phones, ana)
    texts = [f"resposta de {agent.name}" for agent in team]

    def answer(given: tuple[Agent, str]) -> str:
        """The message's key, asked for as a page does: again with the same key while it is busy."""
        agent, text = given
        body = {"client_key": client_key(), "text": text}
        for _ in range(10):
            found = agent.http.post(f"/chats/{chat_id}/messages", json=body)
            if found.status_code != 503:
                break
        assert found.status_code == 200, found.text
        return str(found.json()["messages"][0]["key"])

    keys = at_once(answer, list(zip(team, texts, strict=True)), IN_FLIGHT)
    assert len(set(keys)) == 50

    until(lambda: len(contact.sent()) >= 50, "fifty messages at Meta", 60)
    phones.quiet()
    assert Counter(contact.sent()) == Counter(texts)
    of_agents = [one for one in ana.messages(chat_id) if one["author"] == "agent"]
    assert [one["text"] for one in of_agents if one["text"] not in texts] == []
    assert Counter(one["text"] for one in of_agents) == Counter(texts)
    holder = ana.row(chat_id)["agent_id"]
    assert holder in {one["agent_id"] for one in of_agents}

    def settled() -> bool:
        statuses = Counter(one["status"] for one in ana.messages(chat_id) if one["agent_id"])
        assert statuses == {"delivered": 50}, statuses
        return True

    until(settled, "every message delivered", 60)
    took = [one["line"] for one in ana.messages(chat_id) if one["line"] is not None]
    assert [(one["code"], one["by"]) for one in took] == [("took", holder)]
    assert ana.row(chat_id)["agent_id"] == holder


def test_a_second_agent_takes_nothing_from_the_first(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """ROUTE-6"""
    _, chat_id = written_by(phones, ana)
    bruno.answer(chat_id, "Eu atendo.")
    ana.answer(chat_id, "Eu também.")
    assert ana.row(chat_id)["agent_id"] == bruno.agent_id()


def test_a_double_click_is_one_message(phones: Phones, ana: Agent) -> None:
    """SEND-12: the same key at the same instant, again after it was sent, and with another text."""
    contact, chat_id = written_by(phones, ana)
    key = client_key()
    answers = at_once(lambda _: ana.answer(chat_id, "uma vez só", key), list(range(8)), 8)
    [message_key] = {message["key"] for message in answers}
    ana.until_status(chat_id, message_key, "delivered")
    assert ana.answer(chat_id, "uma vez só", key)["key"] == message_key
    refusal = ana.ask(
        "POST",
        f"/chats/{chat_id}/messages",
        json={"client_key": key, "text": "outra coisa"},
        expect=409,
    )
    assert refusal["code"] == "client_key_reused"
    assert ana.texts(chat_id).count("uma vez só") == 1
    assert contact.sent() == ["uma vez só"]


def test_answers_leave_in_the_order_in_which_they_were_written(phones: Phones, ana: Agent) -> None:
    """DESIGN §5: one lane for each chat."""
    contact, chat_id = written_by(phones, ana)
    texts = [f"parte {number}" for number in range(8)]
    for text in texts:
        ana.answer(chat_id, text)
    until(lambda: len(contact.sent()) == 8, "eight messages at Meta")
    assert contact.sent() == texts


def test_a_lost_answer_is_unknown_until_a_status_settles_it(phones: Phones, ana: Agent) -> None:
    """CHAT-4: visible as unknown, never sent twice, and put right by Meta's own news."""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(drop_answer=1, hold_statuses=True)
    message = ana.answer(chat_id, "chegou?")
    ana.until_status(chat_id, message["key"], "unknown")
    assert stays(lambda: (contact.sent(), ana.message(chat_id, message["key"])["status"]), 3) == (
        ["chegou?"],
        "unknown",
    )
    phones.misbehave(hold_statuses=False)
    ana.until_status(chat_id, message["key"], "delivered")
    after = ana.answer(chat_id, "e depois?")
    ana.until_status(chat_id, after["key"], "delivered")
    assert contact.sent() == ["chegou?", "e depois?"]


def test_a_dropped_answer_whose_status_comes_is_just_sent(phones: Phones, ana: Agent) -> None:
    """CHAT-4"""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(drop_answer=1)
    message = ana.answer(chat_id, "sem resposta da Meta")
    ana.until_status(chat_id, message["key"], "delivered")
    assert contact.sent() == ["sem resposta da Meta"]


def test_a_gateway_that_breaks_after_accepting_doubles_nothing(phones: Phones, ana: Agent) -> None:
    """CHAT-4: a 502 says nothing of what Meta did."""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(bad_gateway_after=1)
    message = ana.answer(chat_id, "uma vez")
    ana.until_status(chat_id, message["key"], "delivered")
    assert stays(contact.sent, 1) == ["uma vez"]


def test_statuses_before_the_answer_settle_the_message(phones: Phones, ana: Agent) -> None:
    """INB-4"""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(statuses_before_answer=True)
    message = ana.answer(chat_id, "primeiro o status")
    ana.until_status(chat_id, message["key"], "delivered")
    assert contact.sent() == ["primeiro o status"]


def test_a_refusal_is_shown_with_its_code_and_can_be_retried(phones: Phones, ana: Agent) -> None:
    """CHAT-5, CHAT-6: a new attempt, the old one kept, once."""
    contact, chat_id = written_by(phones, ana)
    phones.error(contact, 131026, times=1)
    failed = ana.answer(chat_id, "não chega")
    message = ana.until_status(chat_id, failed["key"], "failed")
    assert message["failure"]["code"] == 131026
    assert len(contact.attempts()) == 1

    path = f"/chats/{chat_id}/messages/{failed['key']}/retry"
    again = {"client_key": client_key()}
    attempts = at_once(lambda _: ana.ask("POST", path, json=again)["messages"][0], [1, 2, 3], 3)
    [retry_key] = {one["key"] for one in attempts}
    assert attempts[0]["retry_of"] == failed["key"]
    ana.until_status(chat_id, retry_key, "delivered")
    kept = ana.message(chat_id, failed["key"])
    assert (kept["status"], kept["retried_by"]) == ("failed", retry_key)
    assert contact.sent() == ["não chega"]
    refusal = ana.ask("POST", path, json={"client_key": client_key()}, expect=409)
    assert refusal["code"] == "not_failed"


def test_an_asynchronous_failure_is_shown_too(phones: Phones, ana: Agent) -> None:
    """CHAT-5: accepted first, failed by webhook."""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(error={"contact": contact.wa_id, "code": 131049, "times": 1, "async": True})
    message = ana.answer(chat_id, "aceita, depois recusada")
    failed = ana.until_status(chat_id, message["key"], "failed")
    assert failed["failure"]["code"] == 131049


def test_the_pair_limit_is_waited_out_in_order(phones: Phones, ana: Agent) -> None:
    """DESIGN §5: the chat's later messages wait behind the one that is held."""
    contact, chat_id = written_by(phones, ana)
    phones.error(contact, 131056, times=2)
    texts = ["um", "dois", "três"]
    messages = [ana.answer(chat_id, text) for text in texts]
    ana.until_status(chat_id, messages[-1]["key"], "delivered", seconds=60)
    assert contact.sent() == texts
    tried = [one["body"]["text"]["body"] for one in contact.attempts()]
    assert tried == ["um", "um", "um", "dois", "três"]


def test_a_broken_meta_is_tried_again_in_order(phones: Phones, ana: Agent) -> None:
    """DESIGN §5: a 503 with Meta's own body sent nothing."""
    contact, chat_id = written_by(phones, ana)
    phones.misbehave(server_error=2)
    messages = [ana.answer(chat_id, text) for text in ("um", "dois")]
    ana.until_status(chat_id, messages[-1]["key"], "delivered", seconds=60)
    assert contact.sent() == ["um", "dois"]


def test_one_chats_trouble_holds_no_other_chat(phones: Phones, ana: Agent) -> None:
    """DESIGN §5"""
    held, held_id = written_by(phones, ana)
    free, free_id = written_by(phones, ana)
    phones.error(held, 131056, times=2)
    waiting = ana.answer(held_id, "espera")
    passing = ana.answer(free_id, "passa")
    ana.until_status(free_id, passing["key"], "delivered")
    ana.until_status(held_id, waiting["key"], "delivered", seconds=60)
    assert (held.sent(), free.sent()) == (["espera"], ["passa"])


def test_an_expired_token_stops_sends_and_no_inbound(phones: Phones, ana: Agent) -> None:
    """INB-10, CHAT-5: failed with 190, a banner for everyone, the contact's messages go on."""
    contact, chat_id = written_by(phones, ana)

    def problems() -> list[str | None]:
        channels = ana.get("/me")["channels"]
        return [one["problem"] for one in channels if one["channel"] == "whatsapp"]

    assert problems() == [None]
    with ana.socket() as page:
        phones.misbehave(expired_token=True)
        message = ana.answer(chat_id, "com o token vencido")
        failed = ana.until_status(chat_id, message["key"], "failed")
        assert failed["failure"]["code"] == 190
        until(lambda: problems() == ["token_invalid"], "the channel's problem")
        told = page.event(lambda event: event["type"] == "channel")
        assert told["channel"]["problem"] == "token_invalid"
        contact.writes("ainda estou aqui")
        until(lambda: "ainda estou aqui" in ana.texts(chat_id), "the contact's message")

        phones.misbehave(expired_token=False)
        retry = ana.ask(
            "POST",
            f"/chats/{chat_id}/messages/{message['key']}/retry",
            json={"client_key": client_key()},
        )["messages"][0]
        ana.until_status(chat_id, retry["key"], "delivered")
        until(lambda: problems() == [None], "the channel is well again")
        page.event(lambda event: event["type"] == "channel" and not event["channel"]["problem"])


def test_nobody_writes_into_a_closed_window(phones: Phones, ana: Agent) -> None:
    """SEND-1, SES-1"""
    rows = ana.rows("all", order="oldest", pages=1)
    expired = next(
        row for row in rows if ana.opened(row["chat_id"])["chat"]["session"]["state"] == "expired"
    )
    refusal = ana.ask(
        "POST",
        f"/chats/{expired['chat_id']}/messages",
        json={"client_key": client_key(), "text": "oi"},
        expect=409,
    )
    assert refusal["code"] in ("session_closed", "contact_blocked")
