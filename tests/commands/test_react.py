"""An agent's reaction: shown at once, on its way, and settled by what the channel says of it."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from chalicelib.commands.dispatch import Written, dispatch
from chalicelib.commands.react import react
from chalicelib.commands.settle import settle_receipts
from chalicelib.commands.tell_channel import tell_reaction
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import AnswerLost, Refused, Status, reaction_callback
from chalicelib.domain.inbound import Failure
from chalicelib.domain.message import Reaction, our_reaction
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, NOON, agent, message, receipt
from tests.commands.channels import connected, talk

ANA, BRUNO = agent("ana"), agent("bruno")
HEARD = message(
    "oi",
    author="contact",
    agent_id=None,
    author_name="Bia",
    status=None,
    provider_id="wamid.IN",
    at=NOON - timedelta(hours=1),
)
KEY = HEARD.key


def now():
    return store.load_message("c1", KEY)


def ours():
    return our_reaction(now())


@pytest.mark.parametrize(("channel", "shown"), [("whatsapp", "👍"), ("instagram", "👍")])
def test_a_reaction_is_shown_on_its_way_and_then_sent(world, graph, channel, shown):
    """CHAT-7"""
    before = talk(world, channel, HEARD)
    marked = react(world, ANA, "c1", KEY, "👍")
    assert (ours().emoji, ours().state, ours().agent_id) == (shown, "pending", "ana")
    after = store.load("c1")
    assert replace(after, rev=before.rev, touched=before.touched) == before, "it is no answer"
    dispatch(world, [Written(HEARD, marked)])
    (entry,) = world.queues.entries["outbound"]
    assert '"call": "react"' in entry.body
    assert tell_reaction(world, "c1", KEY, 1) is None
    assert graph.reactions == {"wamid.IN": shown}
    assert (ours().state, now().to_do) == ("sent", None)


def test_the_same_again_changes_nothing(world, graph):
    """CHAT-7"""
    talk(world, "whatsapp", HEARD)
    first = react(world, ANA, "c1", KEY, "👍")
    assert react(world, BRUNO, "c1", KEY, "👍") == first
    tell_reaction(world, "c1", KEY, 1)
    rev = store.load("c1").rev
    react(world, ANA, "c1", KEY, "👍")
    tell_reaction(world, "c1", KEY, 1)
    assert (store.load("c1").rev, len(graph.requests)) == (rev, 1)


def test_one_reaction_is_ours_whoever_made_it(world, graph):
    """CHAT-7"""
    theirs = Reaction("contact", "🎉", NOON)
    elsewhere = Reaction("device", "😀", NOON)
    talk(world, "whatsapp", replace(HEARD, reactions=(theirs, elsewhere)))
    react(world, ANA, "c1", KEY, "👍")
    react(world, BRUNO, "c1", KEY, "❤️")
    assert [one.emoji for one in now().reactions] == ["🎉", "❤️"]
    tell_reaction(world, "c1", KEY, 1)
    assert graph.reactions == {"wamid.IN": "❤️"}


def test_it_is_taken_back_with_nothing(world, graph):
    """CHAT-7"""
    talk(world, "instagram", HEARD)
    assert react(world, ANA, "c1", KEY, None).version == 0, "there is nothing to take back"
    react(world, ANA, "c1", KEY, "👍")
    tell_reaction(world, "c1", KEY, 1)
    react(world, ANA, "c1", KEY, None)
    assert (ours().emoji, ours().state) == ("", "pending")
    tell_reaction(world, "c1", KEY, 1)
    assert graph.reactions == {"wamid.IN": ""}


def test_a_newer_reaction_is_not_settled_by_the_answer_to_an_older(world, graph):
    """CHAT-7"""
    talk(world, "whatsapp", HEARD)
    react(world, ANA, "c1", KEY, "👍")

    def meanwhile(*_, **__):
        react(world, BRUNO, "c1", KEY, "🎉")

    graph.tell = meanwhile
    tell_reaction(world, "c1", KEY, 1)
    assert (ours().emoji, ours().state) == ("🎉", "pending")


@pytest.mark.parametrize("bad", [Refused(Failure(131009, "too old")), Refused(Failure(190, "x"))])
def test_a_refused_reaction_is_shown_as_that_and_may_be_tried_again(world, graph, bad):
    """CHAT-7 CHAT-5"""
    talk(world, "whatsapp", HEARD)
    react(world, ANA, "c1", KEY, "👍")
    graph.outcomes = [bad]
    assert tell_reaction(world, "c1", KEY, 1) is None
    assert (ours().state, ours().failure.code) == ("failed", bad.failure.code)
    react(world, ANA, "c1", KEY, "👍")
    tell_reaction(world, "c1", KEY, 1)
    assert ours().state == "sent"


def test_a_lost_answer_is_asked_for_again(world, graph):
    """CHAT-7: the same reaction twice is one."""
    talk(world, "whatsapp", HEARD)
    react(world, ANA, "c1", KEY, "👍")
    graph.outcomes = [AnswerLost("cut")]
    assert tell_reaction(world, "c1", KEY, 1) == timedelta(seconds=1)
    assert ours().state == "pending"
    assert tell_reaction(world, "c1", KEY, 2) is None


def test_a_failure_that_comes_later_marks_the_reaction_and_not_the_message(world):
    """CHAT-7 INB-4"""
    answered = replace(HEARD, author="agent", status=Status.SENT)
    talk(world, "whatsapp", answered)
    react(world, ANA, "c1", KEY, "👍")
    tell_reaction(world, "c1", KEY, 1)
    callback = reaction_callback("c1", KEY)
    later = NOON + timedelta(seconds=5)
    told = [
        receipt("wamid.R", "sent", callback=callback, at=later),
        receipt("wamid.R", "failed", callback=callback, at=later, failure=Failure(131009, "x")),
    ]
    assert settle_receipts(world, told) == []
    assert (ours().state, ours().failure.code, now().status) == ("failed", 131009, Status.SENT)


@pytest.mark.parametrize(
    ("channel", "message", "chat", "refusal"),
    [
        ("facebook", {}, {}, errors.NotOnThisChannel),
        ("whatsapp", {"internal": True}, {}, errors.NotOnThisChannel),
        ("whatsapp", {"provider_id": None}, {}, errors.NotOnThisChannel),
        ("whatsapp", {"deleted_at": NOON}, {}, errors.NotFound),
        ("whatsapp", {}, {"blocked": True}, errors.ContactBlocked),
        (
            "whatsapp",
            {},
            {"last_inbound_at": MappingProxyType({ACCOUNT: NOON - timedelta(hours=25)})},
            errors.SessionClosed,
        ),
    ],
)
def test_where_no_reaction_can_go_there_is_none(world, channel, message, chat, refusal):
    """CHAT-7 BLOCK-2 SEND-7"""
    talk(world, channel, replace(HEARD, **message), **chat)
    with pytest.raises(refusal):
        react(world, ANA, "c1", KEY, "👍")
    assert store.load("c1").rev == 1


def test_a_channel_that_is_switched_off_sends_none(world, graph, clock):
    """INB-10"""
    talk(world, "whatsapp", HEARD)
    react(world, ANA, "c1", KEY, "👍")
    connected(world, "whatsapp", inactive=True)
    clock.forward(seconds=5)
    tell_reaction(world, "c1", KEY, 1)
    assert (ours().state, ours().failure.code, graph.requests) == ("failed", 900, [])
    with pytest.raises(errors.ChannelUnavailable):
        react(world, ANA, "c1", KEY, "👍")


def test_what_one_may_not_read_one_may_not_react_to(world):
    """PERM-2"""
    talk(world, "whatsapp", HEARD, agent_id="bruno")
    only_open = agent("eva", permissions=frozenset({Permission.TAB_OPEN}))
    for chat_id, key in (("c1", KEY), ("c9", KEY)):
        with pytest.raises(errors.NotFound):
            react(world, only_open, chat_id, key, "👍")
    with pytest.raises(errors.NotFound):
        react(world, ANA, "c1", "1795521600000-00000000000000ff", "👍")
