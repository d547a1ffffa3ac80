"""The socket: who gets in, what it hears, and what is left when it is gone (LIVE)."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from infra.place import Place
from local.stack import Stack
from tests.e2e.agent import Agent, Socket, knock
from tests.e2e.phones import Contact, Phones
from tests.e2e.waiting import until

Json = dict[str, Any]


def written_by(phones: Phones, agent: Agent) -> tuple[Contact, str]:
    """Somebody who wrote just now, and the id of their chat."""
    contact = phones.somebody()
    contact.writes("oi")
    return contact, agent.chat_of(contact.name)


def connections(stack: Stack) -> list[Json]:
    """The rows of the sockets that the desk believes in."""
    rows = stack.client("dynamodb").scan(TableName=stack.outputs["ConnectionsTable"])["Items"]
    return [row for row in rows if row["pk"]["S"] == "LIVE"]


def about(chat_id: str) -> Any:
    """Whether an event concerns that chat."""
    return lambda event: event.get("chat_id") == chat_id


def test_a_ticket_opens_one_socket(ana: Agent) -> None:
    """LIVE-1"""
    ticket = ana.ticket()
    url = f"{ticket['url']}?ticket={ticket['ticket']}"
    with knock(url, ana.origin) as connection:
        Socket(connection).hello("all")
        with pytest.raises(InvalidStatus) as refused:
            knock(url, ana.origin)
        assert refused.value.response.status_code in (401, 403)


@pytest.mark.parametrize("ticket", ["", "?ticket=", "?ticket=x", "?ticket=%F0%9F%98%80", "?x=1"])
def test_no_socket_opens_without_a_ticket(ticket: str, ana: Agent) -> None:
    """LIVE-1"""
    with pytest.raises(InvalidStatus) as refused:
        knock(f"{ana.ticket()['url']}{ticket}", ana.origin)
    assert refused.value.response.status_code in (401, 403)


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1"])
def test_no_socket_opens_from_another_page(origin: str | None, ana: Agent) -> None:
    """LIVE-1: and the ticket is not used up by the attempt."""
    ticket = ana.ticket()
    url = f"{ticket['url']}?ticket={ticket['ticket']}"
    with pytest.raises(InvalidStatus) as refused:
        knock(url, origin)
    assert refused.value.response.status_code in (401, 403)
    with knock(url, ana.origin) as connection:
        Socket(connection).hello("all")


def test_nothing_is_heard_before_hello(phones: Phones, ana: Agent) -> None:
    """LIVE-1: and everything after it."""
    ticket = ana.ticket()
    with (
        knock(f"{ticket['url']}?ticket={ticket['ticket']}", ana.origin) as connection,
        ana.socket() as other,
    ):
        silent = Socket(connection)
        contact, chat_id = written_by(phones, ana)
        other.event(about(chat_id))
        assert silent.listen(1) == []
        silent.hello("all", chat_id)
        contact.writes("agora sim")
        heard = silent.event(lambda event: event["type"] == "message")
        assert heard["message"]["text"] == "agora sim"


def test_ping_is_answered_and_nonsense_is_not(ana: Agent) -> None:
    """LIVE-1"""
    with ana.socket() as page:
        for nonsense in (
            "",
            "x",
            "[]",
            "7",
            '{"action":"hello"}',
            '{"action":"hello","tab":"x"}',
            '{"action":{}}',
            '{"action":"hello","tab":["all"]}',
            "[" * 100,
        ):
            page.connection.send(nonsense)
        page.say("ping")
        page.hear(lambda frame: frame == {"type": "pong"})


def test_an_agent_hears_nothing_of_a_chat_they_may_not_read(
    phones: Phones, bruno: Agent, davi: Agent
) -> None:
    """TAB-7: also when their page says that it has it open."""
    contact, chat_id = written_by(phones, bruno)
    with bruno.socket("all", chat_id) as seen, davi.socket("mine", chat_id) as unseen:
        contact.writes("só para quem pode")
        seen.event(lambda event: event["type"] == "message")
        bruno.answer(chat_id, "Pois não?")
        seen.event(
            lambda event: event["type"] == "message" and event["message"]["text"] == "Pois não?"
        )
        assert [event for event in unseen.listen(1.5) if event.get("chat_id") == chat_id] == []


def test_a_page_hears_messages_of_the_chat_it_shows_only(phones: Phones, ana: Agent) -> None:
    """LIVE-1"""
    shown, shown_id = written_by(phones, ana)
    hidden, hidden_id = written_by(phones, ana)
    with ana.socket("all", shown_id) as page:
        hidden.writes("no outro chat")
        shown.writes("neste chat")
        page.event(lambda event: event["type"] == "message")
        page.event(
            lambda event: (
                event["type"] == "row"
                and event["chat_id"] == hidden_id
                and event["row"]["unread"] == 2
            )
        )
        messages = [event for event in page.events if event["type"] == "message"]
        assert {event["chat_id"] for event in messages} == {shown_id}


def test_what_a_page_heard_makes_what_it_would_load(phones: Phones, ana: Agent) -> None:
    """LIVE-4: after the events of a conversation, row and messages equal a fresh load."""
    contact, chat_id = written_by(phones, ana)
    with ana.socket("all", chat_id) as page:
        known = {one["key"]: one for one in ana.messages(chat_id)}
        contact.writes("um", "dois")
        sent = ana.answer(chat_id, "três")
        ana.until_status(chat_id, sent["key"], "delivered")
        contact.reads()
        ana.until_status(chat_id, sent["key"], "read")
        fresh = ana.opened(chat_id)
        rev = fresh["chat"]["rev"]
        page.event(lambda event: event["type"] == "chat" and event["rev"] == rev)
        page.listen(1)
        for event in page.events:
            if event["type"] == "message":
                message = event["message"]
                if message["rev"] > known.get(message["key"], {"rev": -1})["rev"]:
                    known[message["key"]] = message
        assert sorted(known.values(), key=lambda one: one["key"]) == fresh["page"]["messages"]
        rows = [event for event in page.events if event["type"] == "row"]
        assert max(rows, key=lambda event: event["row_rev"])["row"] == fresh["chat"]["row"]


def test_counts_move_with_the_chat(phones: Phones, ana: Agent, bruno: Agent) -> None:
    """TAB-8: who answers takes the chat into «mine», for the others it leaves «open»."""
    _, chat_id = written_by(phones, ana)
    with ana.socket("open") as page:
        bruno.answer(chat_id, "Eu atendo.")
        moved = page.event(lambda event: event["type"] == "counts" and about(chat_id)(event))
    assert moved["before"] == ["all", "open"]
    assert moved["after"] == ["all", "in_service"]


def test_a_socket_that_is_gone_leaves_no_row(stack: Stack, phones: Phones, ana: Agent) -> None:
    """DESIGN §6: closed by the page, cut by the gateway, or just vanished."""
    before = {row["sk"]["S"] for row in connections(stack)}

    def opened() -> set[str]:
        return {row["sk"]["S"] for row in connections(stack)} - before

    with ana.socket():
        assert len(opened()) == 1
    until(lambda: not opened(), "the closed socket's row is gone")

    with ana.socket() as page:
        cut_connection(stack, opened().pop())
        page.until_closed()
    until(lambda: not opened(), "the cut socket's row is gone")

    ghost = vanished(stack, ana)
    stack.client("dynamodb").put_item(TableName=stack.outputs["ConnectionsTable"], Item=ghost)
    assert ghost["sk"]["S"] in opened()
    written_by(phones, ana)
    until(lambda: not opened(), "the vanished socket's row is gone")


def cut_connection(stack: Stack, connection_id: str) -> None:
    """Cut a socket as the gateway does after two hours."""
    place = stack.place
    gateway = Place(place.region, stack.live.replace("ws://", "http://"), place.credentials)
    gateway.client("apigatewaymanagementapi").delete_connection(ConnectionId=connection_id)


def vanished(stack: Stack, agent: Agent) -> Json:
    """The row of a socket that closed without a word: a real one's, under another name."""
    with agent.socket():
        row = max(connections(stack), key=lambda one: int(one["expires_at"]["N"]))
    return {**row, "sk": {"S": secrets.token_urlsafe(9)}}


def test_whoever_is_deactivated_hears_no_more(
    stack: Stack, phones: Phones, ana: Agent, hire: Callable[[int], list[Agent]]
) -> None:
    """PERM-3: the socket is cut at the next change."""
    [leaver] = hire(1)
    agents = stack.client("dynamodb")
    where = {
        "TableName": stack.outputs["DeskTable"],
        "Key": {"pk": {"S": "AGENT"}, "sk": {"S": leaver.agent_id()}},
        "UpdateExpression": "SET active = :to",
        "ConditionExpression": "attribute_exists(pk)",
    }
    with leaver.socket() as page:
        agents.update_item(**where, ExpressionAttributeValues={":to": {"BOOL": False}})
        try:
            leaver.ask("GET", "/me", expect=403)
            contact, _ = written_by(phones, ana)
            until(lambda: cut(page, contact), "the socket is cut")
        finally:
            agents.update_item(**where, ExpressionAttributeValues={":to": {"BOOL": True}})


def cut(page: Socket, contact: Contact) -> bool:
    """Whether the page's socket is closed after one more message."""
    contact.writes("mais uma")
    try:
        page.until_closed(2)
    except AssertionError:
        return False
    return True
