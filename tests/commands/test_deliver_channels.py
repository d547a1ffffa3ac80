"""Files, cards and templates on their way; Messenger and Instagram; what does not leave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands.deliver import LONG_UPLOAD, TAKEN, deliver
from chalicelib.commands.send import retry, send
from chalicelib.commands.tell_channel import tell_read
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, Status, callback_data
from chalicelib.domain.inbound import Failure
from chalicelib.domain.media import File
from chalicelib.domain.outgoing import menu_part, typed_by_a_human
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, agent, client_key, message, put, says
from tests.commands.channels import (
    LINKED_PAGE,
    PERSONS,
    connected,
    settings,
    talk,
    template,
    uploaded,
)

ANA = agent("ana")
STORED = "media/c1/0123456789abcdef.png"


def image(**facts):
    given = {"kind": "image", "state": "ready", "name": "foto.png", "mime_type": "image/png"}
    return File(**{**given, "key": STORED, "size": 3, **facts})


def picture(world, channel="whatsapp", text="veja", **facts):
    """A queued message with a picture; its key."""
    world.files.put(STORED, b"png", "image/png")
    one = message(text, kind="image", files=(image(**facts),))
    talk(world, channel, one)
    return one.key


def now(key):
    return store.load_message("c1", key)


# --- files to WhatsApp ------------------------------------------------------------------------


def test_a_file_is_uploaded_and_then_sent(world, graph):
    """SEND-5"""
    key = picture(world)
    assert deliver(world, "c1", key) is None
    assert graph.uploads == [(ACCOUNT, b"png", "image/png")]
    (sent,) = graph.sent
    assert sent["image"] == {"id": "media.1", "caption": "veja"}
    assert (now(key).status, now(key).files[0].remote_id) == (Status.SENT, "media.1")


def test_what_was_uploaded_is_not_uploaded_again(world, graph, clock):
    """SEND-5 CHAT-6: for as long as Meta keeps it."""
    later = int((clock() + timedelta(days=29)).timestamp() * 1000)
    deliver(world, "c1", picture(world, remote_id="media.9", remote_until_ms=later))
    assert (graph.uploads, graph.sent[0]["image"]["id"]) == ([], "media.9")


def test_what_meta_keeps_no_longer_is_uploaded_anew(world, graph, clock):
    """CHAT-6"""
    soon = int((clock() + timedelta(minutes=59)).timestamp() * 1000)
    deliver(world, "c1", picture(world, remote_id="media.9", remote_until_ms=soon))
    assert graph.sent[0]["image"]["id"] == "media.1"


@pytest.mark.parametrize("outcome", [AnswerLost("cut"), NotSent("x"), Refused(Failure(2, "busy"))])
def test_an_upload_whose_answer_is_lost_is_just_tried_again(world, graph, outcome):
    """CHAT-4: nothing is in doubt before the lease."""
    key = picture(world)
    graph.outcomes = [outcome]
    assert deliver(world, "c1", key) == timedelta(seconds=1)
    assert (now(key).status, now(key).attempts) == (Status.QUEUED, 1)
    assert store.load("c1").rev == 1
    assert deliver(world, "c1", key) is None
    assert (now(key).status, len(graph.sent)) == (Status.SENT, 1)


def test_uploads_are_not_tried_for_ever(world, graph):
    """CHAT-5"""
    key = picture(world)
    graph.outcomes = [AnswerLost("cut")] * 20
    waits = [deliver(world, "c1", key) for _ in range(10)]
    assert waits[-1] is None
    assert now(key).status is Status.FAILED


def test_a_file_that_meta_refuses_fails_with_its_code(world, graph):
    """CHAT-5"""
    key = picture(world)
    graph.outcomes = [Refused(Failure(131053, "Media upload error"))]
    assert deliver(world, "c1", key) is None
    assert (now(key).status, now(key).failure.code) == (Status.FAILED, 131053)
    assert graph.sent == []


def test_a_file_that_is_no_more_fails_visibly(world, graph):
    """CHAT-5"""
    key = picture(world)
    world.files.stored.clear()
    deliver(world, "c1", key)
    assert (now(key).status, now(key).failure.code) == (Status.FAILED, 131053)
    assert (graph.uploads, graph.sent) == ([], [])


def test_after_a_long_upload_the_send_has_a_function_of_its_own(world, graph, clock):
    """CHAT-4: it is not killed between its lease and its answer."""
    key = picture(world)
    keep = graph.upload

    def slow(*given, **named):
        clock.forward(seconds=LONG_UPLOAD.total_seconds() + 1)
        return keep(*given, **named)

    graph.upload = slow
    assert deliver(world, "c1", key) == TAKEN
    assert (now(key).status, graph.sent) == (Status.QUEUED, [])
    assert deliver(world, "c1", key) is None
    assert (len(graph.uploads), len(graph.sent)) == (1, 1)


def test_a_token_that_ends_between_two_files_fails_the_second_only(world, graph):
    """CHAT-5: each message shows its own outcome."""
    talk(world, "whatsapp")
    files = [uploaded(world), uploaded(world, number=2)]
    first, second = send(world, ANA, "c1", {"client_key": client_key(), "files": files})
    deliver(world, "c1", first.key)
    world.secrets.accounts = {ACCOUNT: ChannelSecrets("", "secret", "verify")}
    deliver(world, "c1", second.key)
    assert [now(one.key).status for one in (first, second)] == [Status.SENT, Status.FAILED]
    assert now(second.key).failure.code == 190
    assert channels.problem("whatsapp", ACCOUNT) == "token_invalid"


def test_a_templates_picture_is_uploaded_too(world, graph):
    """SEND-2"""
    talk(world, "whatsapp")
    template(
        "foto", "UTILITY", {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "V"}
    )
    values = {"header.file": uploaded(world)["key"]}
    asked = {"name": "foto", "language": "pt_BR", "values": values}
    (sent,) = send(world, ANA, "c1", {"client_key": client_key(), "template": asked})
    deliver(world, "c1", sent.key)
    (header,) = graph.sent[0]["components"]
    assert header["parameters"] == [{"type": "image", "image": {"id": "media.1"}}]


# --- Messenger and Instagram ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "facts", "place"),
    [
        ("facebook", {}, ACCOUNT),
        ("instagram", {"page": LINKED_PAGE}, LINKED_PAGE),
        ("instagram", {}, ACCOUNT),
    ],
)
def test_a_text_goes_to_the_person_from_the_page(world, graph, channel, facts, place):
    """SEND-1 INB-7"""
    talk(world, channel)
    connected(world, channel, **facts)
    sent = says(world, ANA, "c1", client_key())
    assert deliver(world, "c1", sent.key) is None
    (told,) = graph.sent
    assert (told["to"], told["text"]) == (PERSONS[channel], "olá")
    assert graph.requests[0].startswith(f'["{place}"')
    assert now(sent.key).provider_id == "wamid.out1"


def test_messengers_echo_brings_back_whose_it_is(world, graph):
    """INB-8"""
    talk(world, "facebook")
    sent = says(world, ANA, "c1", client_key())
    deliver(world, "c1", sent.key)
    assert graph.sent[0]["callback"] == callback_data("c1", sent.key)


@pytest.mark.parametrize("channel", ["facebook", "instagram"])
def test_their_files_are_fetched_by_meta_and_not_uploaded(world, graph, channel):
    """SEND-5"""
    deliver(world, "c1", picture(world, channel, text=""))
    url = f"https://files.invalid/{STORED}?meta=image/png"
    assert graph.sent[0]["attachment"] == {"type": "image", "payload": {"url": url}}
    assert graph.uploads == []


def test_an_account_by_instagram_login_sends_at_instagrams_own_host(world, graph):
    """META.md §8"""
    other = type(graph)()
    world.instagram = lambda token: other
    talk(world, "instagram")
    deliver(world, "c1", says(world, ANA, "c1", client_key()).key)
    assert (len(graph.sent), len(other.sent)) == (0, 1)


@pytest.mark.parametrize(
    ("after", "facts", "tag"),
    [
        ({"hours": 22}, {}, None),
        ({"hours": 24}, {}, "HUMAN_AGENT"),
        ({"days": 8}, {}, None),  # too late: Meta says so
        ({"hours": 24}, {"farewell_of": "100001"}, None),
        ({"hours": 24}, {"agent_id": None, "author": "device"}, None),
        ({"hours": 24}, {"source": "schedule"}, None),
        ({"hours": 24}, {"source": "flow", "agent_id": None}, None),
    ],
)
def test_whether_it_goes_out_as_a_humans_is_decided_when_it_leaves(
    world, graph, clock, after, facts, tag
):
    """SEND-14: never farewells, nor what the desk sends by itself."""
    one = message("olá", **facts)
    talk(world, "facebook", one)
    connected(world, "facebook", human_agent=True)
    settings(human_agent=True)
    clock.forward(**after)
    deliver(world, "c1", one.key)
    assert graph.sent[0].get("tag") == tag


MENU = {
    "button": None,
    "options": [
        {"payload": f"r1/inicio/{number}", "title": title, "description": None}
        for number, title in enumerate(["Vendas", "Financeiro"])
    ],
}


def asked(world, channel, text="Como podemos ajudar?", menu=MENU):
    """A queued menu of a flow; its key."""
    part = menu_part(channel, text, menu)
    facts = {"kind": part.kind, "details": part.details, "source": "flow", "agent_id": None}
    one = message(part.text, author_name=None, **facts)
    talk(world, channel, one)
    return one.key


@pytest.mark.parametrize("channel", ["whatsapp", "facebook", "instagram"])
def test_a_menu_leaves_with_its_options(world, graph, channel):
    """FLOW-4"""
    key = asked(world, channel)
    assert deliver(world, "c1", key) is None
    (told,) = graph.sent
    if channel == "whatsapp":
        replies = [one["reply"] for one in told["interactive"]["action"]["buttons"]]
        found = [(one["id"], one["title"]) for one in replies]
    else:
        assert told["text"] == "Como podemos ajudar?"
        found = [(one["payload"], one["title"]) for one in told["quick_replies"]]
    assert found == [(one["payload"], one["title"]) for one in MENU["options"]]
    left = now(key)
    assert (left.status, left.kind, left.source) == (Status.SENT, "menu", "flow")
    assert left.details == {"menu": MENU}


@pytest.mark.parametrize("channel", ["whatsapp", "facebook", "instagram"])
def test_a_menu_goes_out_once_however_often_it_is_delivered(world, graph, channel):
    """FLOW-4 CHAT-4"""
    key = asked(world, channel)
    graph.outcomes = [AnswerLost("cut")]
    for _ in range(3):
        assert deliver(world, "c1", key) is None
    assert (now(key).status, graph.sent) == (Status.UNKNOWN, [])


def test_a_menu_that_failed_is_sent_again_with_its_options(world, graph):
    """CHAT-6 FLOW-4: and is still no words of a human (SEND-14)."""
    key = asked(world, "whatsapp")
    graph.outcomes = [Refused(Failure(131009, "Parameter value is not valid"))]
    deliver(world, "c1", key)
    again = retry(world, ANA, "c1", key, client_key())
    deliver(world, "c1", again.key)
    assert (again.kind, again.source, again.agent_id) == ("menu", "flow", "ana")
    assert not typed_by_a_human(again)
    assert graph.sent[-1]["interactive"]["body"] == {"text": "Como podemos ajudar?"}


def test_a_window_that_is_shut_is_no_fault_of_the_channel(world, graph):
    """CHAT-5 INB-10"""
    talk(world, "facebook")
    sent = says(world, ANA, "c1", client_key())
    graph.outcomes = [Refused(Failure(10, "outside of the window", None, 2018278))]
    deliver(world, "c1", sent.key)
    assert (now(sent.key).status, now(sent.key).failure.subcode) == (Status.FAILED, 2018278)
    assert channels.problem("facebook", ACCOUNT) is None


def test_a_lost_answer_is_unknown_there_too(world, graph):
    """CHAT-4"""
    talk(world, "instagram")
    sent = says(world, ANA, "c1", client_key())
    graph.outcomes = [AnswerLost("cut")]
    for _ in range(3):
        assert deliver(world, "c1", sent.key) is None
    assert (now(sent.key).status, graph.sent) == (Status.UNKNOWN, [])


@pytest.mark.parametrize(
    ("channel", "facts", "read"),
    [
        ("facebook", {}, {PERSONS["facebook"]}),
        ("instagram", {"page": LINKED_PAGE}, {PERSONS["instagram"]}),
        ("instagram", {}, set()),  # Instagram Login has no such call
        ("whatsapp", {}, {"wamid.IN"}),
    ],
)
def test_the_read_receipt_of_each_channel(world, graph, channel, facts, read):
    """READ-1"""
    heard = message("oi", author="contact", agent_id=None, status=None, provider_id="wamid.IN")
    talk(world, channel, heard, receipt_for=heard.key)
    connected(world, channel, **facts)
    assert tell_read(world, "c1", heard.key, 1) is None
    assert graph.read == read


# --- what does not leave ----------------------------------------------------------------------


def test_a_channel_that_is_switched_off_sends_nothing(world, graph, clock):
    """INB-10"""
    talk(world, "whatsapp")
    sent = says(world, ANA, "c1", client_key())
    connected(world, "whatsapp", inactive=True)
    clock.forward(seconds=5)
    deliver(world, "c1", sent.key)
    assert (now(sent.key).status, now(sent.key).failure.code) == (Status.FAILED, 900)
    assert (graph.requests, channels.problem("whatsapp", ACCOUNT)) == ([], None)


@pytest.mark.parametrize("status", [None, Status.QUEUED])
def test_an_internal_message_on_the_lane_is_let_go(world, graph, status):
    """SEND-7: even if it were queued."""
    one = message("segredo", internal=True, status=status)
    talk(world, "whatsapp", one)
    assert deliver(world, "c1", one.key) is None
    assert (graph.requests, now(one.key).status) == ([], status)


def test_a_merged_chats_message_leaves_by_the_account_that_it_was_written_for(world, graph):
    """INB-7"""
    talk(world, "whatsapp")
    connected(world, "whatsapp", "2")
    one = replace(message("olá"), account="2")
    put(
        store.load("c1") and replace(store.load("c1"), chat_id="c2", rev=0),
        replace(one, chat_id="c2"),
    )
    deliver(world, "c2", one.key)
    assert graph.requests[0].startswith('["2"')
