"""What became of a message we sent: applied once, never backwards, whoever tells first."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.commands import settle as settling
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain.delivery import Status, callback_data, reaction_callback
from chalicelib.domain.inbound import Failure, Person, Watermark
from chalicelib.domain.message import Reaction
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, NOON, chat, message, put, receipt

OURS = message("olá", status=Status.SENT, provider_id="wamid.1")
CALLBACK = callback_data("c1", OURS.key)


def ours():
    return store.load_message("c1", OURS.key)


def test_a_receipt_ticks_the_message_and_moves_the_chats_revision(world):
    """CHAT-4 LIVE-4"""
    put(chat(), OURS)
    assert settle_receipts(world, [receipt("wamid.1", "delivered")]) == []
    after = store.load("c1")
    assert (ours().status, ours().rev) == (Status.DELIVERED, 2)
    assert (after.rev, after.row_rev, after.touched) == (2, 1, (OURS.key,))


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_any_order_of_receipts_ends_in_read(world, order):
    """CHAT-4 INB-4"""
    put(chat(), OURS)
    for word in order:
        settle_receipts(world, [receipt("wamid.1", word)])
    assert ours().status is Status.READ


def test_receipts_of_one_item_are_one_revision(world):
    """LIVE-4"""
    put(chat(), OURS, replace(OURS, key="1795521600001-0123456789abcdef", provider_id="wamid.2"))
    said = [receipt(one, word) for one in ("wamid.1", "wamid.2") for word in ("sent", "read")]
    settle_receipts(world, said)
    assert store.load("c1").rev == 2
    assert len(store.load("c1").touched) == 2


def test_a_receipt_that_says_nothing_new_writes_nothing(world):
    """INB-3"""
    put(chat(), OURS)
    for _ in range(3):
        settle_receipts(world, [receipt("wamid.1", "read"), receipt("wamid.1", "teleported")])
    assert store.load("c1").rev == 2


def test_a_receipt_may_come_before_our_own_answer(world):
    """CHAT-4: it finds the message by what we attached, not by an id we do not know yet."""
    put(chat(), replace(OURS, status=Status.SENDING, provider_id=None))
    settle_receipts(world, [receipt("wamid.1", "delivered", callback=CALLBACK)])
    assert (ours().status, ours().provider_id) == (Status.DELIVERED, "wamid.1")


@pytest.mark.parametrize(
    ("word", "status"),
    [("sent", Status.SENT), ("delivered", Status.DELIVERED), ("failed", Status.FAILED)],
)
def test_a_receipt_settles_what_was_unknown(world, word, status):
    """CHAT-4"""
    put(chat(), replace(OURS, status=Status.UNKNOWN, provider_id=None))
    settle_receipts(world, [receipt("wamid.1", word, callback=CALLBACK)])
    assert ours().status is status


def test_a_failure_keeps_its_code_until_proof_of_arrival(world):
    """CHAT-5 CHAT-4"""
    put(chat(), OURS)
    reason = Failure(131026, "Message undeliverable", "not on WhatsApp")
    settle_receipts(world, [receipt("wamid.1", "failed", failure=reason)])
    assert (ours().status, ours().failure) == (Status.FAILED, reason)
    settle_receipts(world, [receipt("wamid.1", "delivered")])
    assert (ours().status, ours().failure) == (Status.DELIVERED, None)


def test_a_failure_after_arrival_changes_nothing(world):
    """CHAT-4"""
    put(chat(), replace(OURS, status=Status.DELIVERED))
    settle_receipts(world, [receipt("wamid.1", "failed", failure=Failure(131026, "late"))])
    assert (ours().status, ours().failure) == (Status.DELIVERED, None)


def test_an_early_receipt_comes_back_while_it_is_young(world, clock):
    """INB-4"""
    early = receipt("wamid.1", "sent")
    assert settle_receipts(world, [early]) == [early]
    clock.forward(minutes=2)
    assert settle_receipts(world, [early]) == []


def test_a_receipt_with_our_address_is_never_early(world):
    """CHAT-4: what it names was committed before it was sent; if it is not there, it is erased."""
    assert settle_receipts(world, [receipt("wamid.1", "sent", callback=CALLBACK)]) == []


def test_an_early_receipt_holds_no_other_back(world):
    """INB-2"""
    put(chat(), OURS)
    early = receipt("wamid.9", "sent")
    assert settle_receipts(world, [early, receipt("wamid.1", "read")]) == [early]
    assert ours().status is Status.READ


def test_a_receipt_of_a_merged_chats_message_moves_the_winner(world):
    """INB-7 LIVE-4"""
    put(chat("c2", also=("c1",)))
    put(chat("c1", merged_into="c2"), OURS)
    settle_receipts(world, [receipt("wamid.1", "read")])
    winner = store.load("c2")
    assert (ours().status, ours().rev) == (Status.READ, winner.rev)
    assert winner.touched == (OURS.key,)


def test_a_receipt_of_what_the_contact_wrote_is_none_of_ours(world):
    """CHAT-4"""
    put(chat(), replace(OURS, author="contact", status=None))
    assert settle_receipts(world, [receipt("wamid.1", "read")]) == []
    assert ours().status is None


def test_a_refusal_that_is_the_accounts_fault_raises_the_banner(world):
    """INB-10"""
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio="p")
    put(chat(), OURS)
    billing = Failure(131042, "Business eligibility payment issue")
    settle_receipts(world, [receipt("wamid.1", "failed", failure=billing, at=NOON)])
    assert channels.problem("whatsapp", ACCOUNT) == "billing"


def test_a_late_word_of_an_unknown_message_is_let_go(world):
    """INB-2: another tool may send from the same number."""
    old = receipt("wamid.elsewhere", "read", at=NOON - timedelta(hours=1))
    assert settle_receipts(world, [old]) == []


MARIA = Person(user_id="U1")
DIRECT = {"channel": "facebook", "account": "PAGE"}


def sent(number, **facts):
    given = {"status": Status.SENT, "provider_id": f"mid.{number}", "account": "PAGE"}
    at = NOON + timedelta(seconds=number)
    return message(f"m{number}", at=at, **{**given, **facts})


def of_maria(*messages):
    put(chat(identities=("facebook#PAGE#user_id#U1",), user_id="U1", **DIRECT), *messages)


def watermark(status="delivered", after=None, target=None, **facts):
    up_to = None if after is None else NOON + timedelta(seconds=after)
    return Watermark(
        **{
            **DIRECT,
            "portfolio": "",
            "person": MARIA,
            "status": status,
            "at": NOON,
            "up_to": up_to,
            "target": target,
            **facts,
        }
    )


def statuses():
    found = store.page_of_messages(store.load("c1"), limit=300)
    return [one.status and one.status.value for one in found]


def test_a_watermark_ticks_everything_until_then(world):
    """CHAT-4 LIVE-4"""
    of_maria(*[sent(number) for number in range(1, 5)])
    assert settle_receipts(world, [watermark(after=3)]) == []
    assert statuses() == ["delivered", "delivered", "delivered", "sent"]
    assert store.load("c1").rev == 2, "one revision for all of them"
    settle_receipts(world, [watermark("read", after=2)])
    assert statuses() == ["read", "read", "delivered", "sent"]


def test_a_watermark_by_message_ticks_that_one_too(world):
    """CHAT-4: as Instagram tells it."""
    of_maria(*[sent(number) for number in range(1, 4)])
    assert settle_receipts(world, [watermark("read", target="mid.2")]) == []
    assert statuses() == ["read", "read", "sent"]


def test_a_watermark_again_writes_nothing(world):
    """INB-3"""
    of_maria(sent(1), sent(2))
    for _ in range(5):
        settle_receipts(world, [watermark("read", after=9)])
    assert store.load("c1").rev == 2


def test_a_watermark_says_nothing_of_what_has_no_answer_or_another_account(world):
    """CHAT-4"""
    of_maria(
        sent(1, status=Status.UNKNOWN, provider_id=None),
        sent(2, status=Status.QUEUED, provider_id=None),
        sent(3, status=Status.FAILED),
        sent(4, author="contact", status=None),
        sent(5, account="OTHER"),
        sent(6, internal=True, status=None, provider_id=None),
        sent(7),
    )
    settle_receipts(world, [watermark("read", after=9)])
    assert statuses() == ["unknown", "queued", "failed", None, "sent", None, "read"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_receipts_and_watermarks_end_the_same_in_any_order(world, order):
    """INB-4: one that names a message does not hide those before it."""
    of_maria(*[sent(number) for number in range(1, 5)])
    told = [
        receipt("mid.3", "delivered", **DIRECT),
        watermark("delivered", after=3),
        watermark("read", after=2),
    ]
    for number in order:
        settle_receipts(world, [told[number]])
    assert statuses() == ["read", "read", "delivered", "sent"]


def test_a_watermark_walks_back_in_steps_and_not_for_ever(world, monkeypatch):
    """CHAT-4"""
    monkeypatch.setattr(settling, "AT_ONCE", 3)
    monkeypatch.setattr(settling, "FURTHEST", 2)
    of_maria(*[sent(number) for number in range(1, 9)])
    settle_receipts(world, [watermark(after=8)])
    assert statuses() == ["sent"] * 2 + ["delivered"] * 6


@pytest.mark.parametrize(
    "early", [watermark(after=1, person=Person(user_id="U9")), watermark(target="mid.9")]
)
def test_a_watermark_of_what_is_not_here_comes_back_while_it_is_young(world, clock, early):
    """INB-4"""
    of_maria(sent(1))
    assert settle_receipts(world, [early]) == [early]
    clock.forward(minutes=2)
    assert settle_receipts(world, [early]) == []


def test_a_word_that_nobody_knows_is_let_go(world):
    """CHAT-4"""
    of_maria(sent(1))
    assert settle_receipts(world, [watermark("teleported", after=9)]) == []
    assert statuses() == ["sent"]


def test_a_reaction_of_ours_that_failed_later_says_so(world):
    """CHAT-7: and never changes its message's ticks."""
    reaction = Reaction("agent", "👍", NOON, agent_id="ana", state="sent")
    put(chat(), replace(OURS, reactions=(reaction,)))
    attached = reaction_callback("c1", OURS.key)
    reason = Failure(131009, "Parameter value is not valid")
    told = [
        receipt("wamid.r", "sent", callback=attached),
        receipt("wamid.r", "failed", callback=attached, failure=reason),
    ]
    for _ in range(2):
        assert settle_receipts(world, told) == []
    assert ours().status is Status.SENT
    assert [(one.state, one.failure) for one in ours().reactions] == [("failed", reason)]
