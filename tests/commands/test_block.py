"""A contact blocked: nothing in, nothing out, Meta told, and what came of that shown."""

import json
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import receive as receiving
from chalicelib.commands.assign import to_agent
from chalicelib.commands.block import block, unblock
from chalicelib.commands.close import close
from chalicelib.commands.deliver import deliver
from chalicelib.commands.mark_read import mark_read
from chalicelib.commands.receive import receive
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, Status, callback_data
from chalicelib.domain.inbound import Failure, Person
from chalicelib.stores import channels, preferences
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.tables import AuditRow, IdentityRow, MemberRow, Row
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, client_key, join, message, put, says
from tests.builders import receipt as receipt_of
from tests.fakes import sqs_event

ANA = agent("ana")
HOLDER = agent("holder", permissions=frozenset({Permission.TAB_MINE}))
PHONE = "5511987654321"
IDENTITY = f"whatsapp#{ACCOUNT}#phone#{PHONE}"
OTHER = "106540352242999"
UNDELIVERABLE = Failure(131000, "Something went wrong")


@pytest.fixture(autouse=True)
def _people(world, monkeypatch):
    join(ANA, HOLDER)
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio="p")
    monkeypatch.setattr(triggers, "world", lambda: world)


def known(**facts):
    return put(chat(identities=(IDENTITY,), **facts))


def lines():
    found = store.page_of_messages(store.load("c1"), limit=50)
    return [one.line["code"] for one in found if one.line is not None]


def audited():
    rows = [row for row in Row.scan() if isinstance(row, AuditRow)]
    return [(row.what, row.by, row.subject) for row in rows]


def lane(world, stream):
    """What the stream puts on the outbound lane."""
    app.dispatch(stream.event(), None)
    entries = world.queues.entries["outbound"]
    found, entries[:] = list(entries), []
    return found


def delivered(world, entries, *, receives=1):
    """Whether the lane keeps any of them."""
    bodies = [one.body for one in entries]
    event = sqs_event(*bodies, groups=[one.group for one in entries], receives=receives)
    return app.deliver(event, None)["batchItemFailures"] != []


def told(world, stream, *, receives=1):
    return delivered(world, lane(world, stream), receives=receives)


# --- blocking ---------------------------------------------------------------------------------


def test_a_block_stands_at_once_and_is_told_to_meta(world, graph, stream):
    """BLOCK-1 BLOCK-3 CHAT-3"""
    known()
    stream.records()
    answer = block(world, ANA, "c1")
    after = store.load("c1")
    assert (after.blocked, after.meta_block) == (True, "pending")
    assert answer["chat"]["row"]["blocked"] is True
    assert answer["chat"]["meta_block"] == {"state": "pending", "failure": None}
    assert lines() == ["blocked"]
    assert audited() == [("contact_blocked", "ana", "c1")]
    (entry,) = lane(world, stream)
    assert (json.loads(entry.body), entry.group) == ({"chat_id": "c1", "call": "block"}, "c1")
    assert not delivered(world, [entry])
    assert graph.blocked == {(ACCOUNT, PHONE)}
    assert store.load("c1").meta_block is None


def test_unblocking_is_the_same_turned_round(world, graph, stream):
    """BLOCK-1 BLOCK-3"""
    graph.blocked.add((ACCOUNT, PHONE))
    known(blocked=True, last_inbound_at=MappingProxyType({ACCOUNT: NOON - timedelta(days=30)}))
    stream.records()
    unblock(world, ANA, "c1")
    told(world, stream)
    after = store.load("c1")
    assert (after.blocked, after.meta_block, graph.blocked) == (False, None, set())
    assert lines() == ["unblocked"]
    assert audited() == [("contact_unblocked", "ana", "c1")]


@pytest.mark.parametrize(
    ("heard", "may"),
    [
        ({ACCOUNT: timedelta(hours=24) - timedelta(milliseconds=1)}, True),
        ({ACCOUNT: timedelta(hours=24)}, False),
        ({ACCOUNT: timedelta(days=3), OTHER: timedelta(hours=1)}, True),
        ({}, False),
    ],
)
def test_a_block_needs_a_message_of_the_last_24_hours(world, heard, may):
    """BLOCK-1: to any account."""
    windows = MappingProxyType({account: NOON - ago for account, ago in heard.items()})
    known(last_inbound_at=windows)
    if may:
        assert block(world, ANA, "c1")["chat"]["row"]["blocked"]
        return
    with pytest.raises(errors.NothingHeardLately):
        block(world, ANA, "c1")
    assert store.load("c1").rev == 1


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_only_whatsapp_has_a_list_of_its_own(world, stream, channel):
    """BLOCK-1"""
    put(chat(channel=channel))
    block(world, ANA, "c1")
    after = store.load("c1")
    assert (after.blocked, after.meta_block) == (True, None)
    assert lane(world, stream) == []


def test_a_second_click_changes_nothing(world, stream):
    """BLOCK-3"""
    known()
    first = block(world, ANA, "c1")
    assert block(world, ANA, "c1") == first
    assert lines() == ["blocked"]
    assert len(lane(world, stream)) == 1
    assert len(audited()) == 1


@pytest.mark.parametrize("command", [block, unblock])
def test_a_chat_that_may_not_be_read_is_not_there(world, command):
    """PERM-2"""
    known()
    for who, chat_id in ((HOLDER, "c1"), (ANA, "unknown")):
        with pytest.raises(errors.NotFound):
            command(world, who, chat_id)


def test_a_blocked_contact_is_listed_as_one(world):
    """BLOCK-2"""
    known()
    block(world, ANA, "c1")
    assert [row.chat_id for row in Row.scan() if isinstance(row, MemberRow) and row.pk == "BLOCKED"]
    unblock(world, ANA, "c1")
    assert not [row for row in Row.scan() if isinstance(row, MemberRow) and row.pk == "BLOCKED"]


# --- what came of the call --------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [AnswerLost("cut"), NotSent("no route"), Refused(UNDELIVERABLE)]
)
def test_a_call_that_fails_for_now_is_tried_again_by_the_lane(world, graph, stream, failure):
    """BLOCK-3: also one whose answer was lost: saying it twice is as good as once."""
    known()
    stream.records()
    block(world, ANA, "c1")
    graph.outcomes.append(failure)
    entries = lane(world, stream)
    assert delivered(world, entries)
    assert len(world.queues.held) == 1
    assert store.load("c1").meta_block == "pending"
    assert not delivered(world, entries, receives=2)
    assert (store.load("c1").meta_block, graph.blocked) == (None, {(ACCOUNT, PHONE)})


def test_a_refusal_is_shown_and_the_block_stands(world, graph, stream):
    """BLOCK-3"""
    known()
    block(world, ANA, "c1")
    graph.outcomes.append(Refused(Failure(139101, "The blocklist is full")))
    assert not told(world, stream)
    after = store.load("c1")
    assert (after.blocked, after.meta_block) == (True, "failed")
    assert after.meta_block_failure == Failure(139101, "The blocklist is full")
    assert after.row_rev == 2, "no list shows it"


def test_the_lanes_patience_ends(world, graph, stream):
    """BLOCK-3"""
    known()
    block(world, ANA, "c1")
    graph.outcomes.append(AnswerLost("cut"))
    assert not told(world, stream, receives=50)
    assert store.load("c1").meta_block == "failed"


@pytest.mark.parametrize(("command", "blocked"), [(block, True), (unblock, False)])
def test_the_button_tries_a_failed_call_again(world, graph, stream, command, blocked):
    """BLOCK-3: without a second line, and however long ago the contact wrote."""
    long_ago = MappingProxyType({ACCOUNT: NOON - timedelta(days=2)})
    known(
        blocked=blocked,
        meta_block="failed",
        meta_block_failure=UNDELIVERABLE,
        last_inbound_at=long_ago,
    )
    stream.records()
    answer = command(world, ANA, "c1")
    assert answer["chat"]["meta_block"] == {"state": "pending", "failure": None}
    told(world, stream)
    assert (store.load("c1").meta_block, lines()) == (None, [])
    assert bool(graph.blocked) is blocked


def test_a_token_that_is_no_longer_valid_raises_the_banner(world, graph, stream):
    """BLOCK-3 INB-10"""
    known()
    block(world, ANA, "c1")
    graph.outcomes.append(Refused(Failure(190, "Error validating access token")))
    told(world, stream)
    assert store.load("c1").meta_block_failure.code == 190
    assert channels.problem("whatsapp", ACCOUNT) == "token_invalid"


def test_the_call_says_what_is_wanted_when_it_is_made(world, graph, stream):
    """BLOCK-3: blocked and unblocked before the lane came to it; each call is made once."""
    known()
    stream.records()
    block(world, ANA, "c1")
    unblock(world, ANA, "c1")
    entries = lane(world, stream)
    assert len(entries) == 2
    graph.blocked.add((ACCOUNT, PHONE))
    assert not delivered(world, entries)
    assert graph.blocked == set()
    graph.outcomes.append(AssertionError("asked again"))
    assert not delivered(world, entries)


def test_a_newer_wish_is_not_taken_for_done(world, graph, stream):
    """BLOCK-3: unblocked while the call that blocks was on its way."""
    known()
    block(world, ANA, "c1")
    real = graph.block_user

    def slow(account, person, *, blocked):
        real(account, person, blocked=blocked)
        if blocked:
            unblock(world, ANA, "c1")

    graph.block_user = slow
    told(world, stream)
    assert store.load("c1").meta_block == "pending"
    told(world, stream)
    assert (store.load("c1").meta_block, graph.blocked) == (None, set())


def test_every_number_that_the_contact_wrote_to_lately_is_told(world, graph, stream):
    """BLOCK-1: Meta's list belongs to one number."""
    world.secrets.accounts[OTHER] = world.secrets.accounts[ACCOUNT]
    hours = {ACCOUNT: 1, OTHER: 2, "third": 30}
    windows = MappingProxyType({one: NOON - timedelta(hours=ago) for one, ago in hours.items()})
    known(last_inbound_at=windows)
    block(world, ANA, "c1")
    told(world, stream)
    assert graph.blocked == {(ACCOUNT, PHONE), (OTHER, PHONE)}


def test_other_changes_meanwhile_make_no_other_call(world, graph, stream):
    """BLOCK-3"""
    known()
    block(world, ANA, "c1")
    seen = {"agent_id": None, "department_id": None, "protocol": "100001"}
    to_agent(world, ANA, "c1", "ana", seen)
    entries = [json.loads(one.body) for one in lane(world, stream)]
    assert entries == [{"chat_id": "c1", "call": "block"}]


def test_a_row_that_went_aside_is_told_of_as_it_is(world, graph, stream):
    """BLOCK-3: by the function that makes up for a stream record that could not be read."""
    known(blocked=True, meta_block="pending")
    app.redo(sqs_event(json.dumps({"pk": "CHAT#c1", "sk": "CHAT"})), None)
    assert not delivered(world, world.queues.entries["outbound"])
    assert graph.blocked == {(ACCOUNT, PHONE)}


# --- while blocked ----------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch):
    found = []
    monkeypatch.setattr(receiving, "count", found.append)
    return found


def test_what_a_blocked_contact_writes_is_counted_and_nothing_else(world, counted):
    """BLOCK-2"""
    before = known(blocked=True, open_=False)
    assert receive(world, arrival("oi")) is None
    assert receive(world, arrival("👍", kind="reaction", from_contact=False)) is None
    assert store.load("c1") == before
    assert store.page_of_messages(before, limit=50) == []
    assert counted == ["BlockedMessages"] * 2


def test_a_message_kept_before_the_block_comes_again_and_changes_nothing(world, counted):
    """BLOCK-2 INB-3"""
    known()
    receive(world, arrival("oi"))
    block(world, ANA, "c1")
    before = store.load("c1")
    assert receive(world, arrival("oi")) is None
    assert store.load("c1") == before
    assert counted == []


def test_another_id_does_not_get_round_the_block(world, counted):
    """BLOCK-2 INB-7: what it teaches of ids is kept, and nothing that the contact says."""
    known(blocked=True)
    both = Person(phone=PHONE, user_id="BR.7", name="Outro Nome")
    receive(world, arrival("oi", person=both))
    only_id = Person(user_id="BR.7", name="Outro Nome")
    assert receive(world, arrival("de novo", person=only_id)) is None
    after = store.load("c1")
    assert (after.user_id, after.given_name, after.name) == ("BR.7", None, "Bia")
    assert {row.chat_id for row in Row.scan() if isinstance(row, IdentityRow)} == {"c1"}
    assert len(counted) == 2


def test_statuses_still_apply_and_echoes_are_kept(world):
    """BLOCK-2"""
    known()
    sent = message(status=Status.SENT, provider_id="wamid.1")
    now = store.load("c1")
    store.commit(store.Change(before=now, after=replace(now, rev=2), new=(replace(sent, rev=2),)))
    block(world, ANA, "c1")
    settle_receipts(world, [receipt_of("wamid.1", "read", callback=callback_data("c1", sent.key))])
    assert store.load_message("c1", sent.key).status is Status.READ
    echo = arrival("do celular", echo=True, from_contact=False, provider_id="wamid.echo")
    assert receive(world, echo).author == "device"


def test_what_was_queued_before_is_not_sent_and_says_so(world, graph):
    """BLOCK-2"""
    known()
    queued = says(world, ANA, "c1", client_key(), "olá")
    block(world, ANA, "c1")
    deliver(world, "c1", queued.key)
    failed = store.load_message("c1", queued.key)
    assert (failed.status, failed.failure.code) == (Status.FAILED, 130403)
    assert graph.sent == []
    with pytest.raises(errors.ContactBlocked):
        says(world, ANA, "c1", client_key(number=2), "olá")


def test_a_blocked_contacts_chat_is_still_assigned_and_closed(world):
    """BLOCK-2"""
    known()
    block(world, ANA, "c1")
    seen = {"agent_id": None, "department_id": None, "protocol": "100001"}
    to_agent(world, ANA, "c1", "ana", seen)
    close(world, ANA, "c1", "100001", farewell="Até logo!", fields={})
    assert set(lines()) == {"blocked", "assigned_to_agent", "closed"}
    assert store.load("c1").attendance is None


def test_a_merge_blocks_the_whole_person_and_goes_on_telling(world):
    """INB-7 BLOCK-2"""
    both = Person(phone=PHONE, user_id="BR.7", name="Bia")
    by_id = "whatsapp#102290129340398#user_id#BR.7"
    put(chat("c0", created_at=NOON - timedelta(days=1), identities=(by_id,), phone=None))
    known(blocked=True, meta_block="pending")
    assert receive(world, arrival("oi", person=both)) is None
    after = store.load("c0")
    assert (after.blocked, after.meta_block, after.also) == (True, "pending", ("c1",))


# --- read receipts ----------------------------------------------------------------------------


def receipts_are(*, on):
    before = preferences.load()
    commit_rows(preferences.changed(before, {**before, "read_receipts": on}))


def test_reading_tells_the_contact_once_when_the_agency_says_so(world, graph, stream):
    """READ-1"""
    receipts_are(on=True)
    known()
    oi = receive(world, arrival("oi"))
    stream.records()
    mark_read(world, ANA, "c1", oi.key)
    (entry,) = lane(world, stream)
    assert entry.group == "c1/read", "it holds no message back"
    assert not delivered(world, [entry])
    assert graph.read == {"wamid.oi"}
    graph.read.clear()
    now = store.load("c1")
    store.commit(store.Change(before=now, after=replace(now, rev=now.rev + 1, unread=1)))
    mark_read(world, ANA, "c1", oi.key)
    assert lane(world, stream) == [], "marked unread, and read again"
    nova = receive(world, arrival("tem alguém?", at=NOON + timedelta(minutes=1)))
    mark_read(world, ANA, "c1", nova.key)
    told(world, stream)
    assert graph.read == {"wamid.tem alguém?"}


def test_by_default_the_contact_is_told_nothing(world, stream):
    """READ-1"""
    known()
    oi = receive(world, arrival("oi"))
    mark_read(world, ANA, "c1", oi.key)
    assert lane(world, stream) == []
    assert store.load("c1").receipt_for is None


def test_the_setting_takes_effect_within_seconds(world, clock):
    """READ-1"""
    assert not world.preferences()["read_receipts"]
    receipts_are(on=True)
    clock.forward(seconds=5)
    assert world.preferences()["read_receipts"]


def test_a_receipt_that_cannot_be_sent_is_given_up_in_silence(world, graph, stream):
    """READ-1"""
    receipts_are(on=True)
    known()
    oi = receive(world, arrival("oi"))
    mark_read(world, ANA, "c1", oi.key)
    before = store.load("c1")
    entries = lane(world, stream)
    graph.outcomes.append(AnswerLost("cut"))
    assert delivered(world, entries), "it is tried again"
    graph.outcomes.append(Refused(Failure(131009, "too old")))
    assert not delivered(world, entries, receives=2)
    assert store.load("c1") == before
    graph.outcomes.append(AssertionError("asked for a blocked contact"))
    block(world, ANA, "c1")
    assert not delivered(world, entries)
