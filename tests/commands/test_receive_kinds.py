"""What a message brings along is kept with it: files, details, where it was forwarded from."""

import pytest

from chalicelib.commands.receive import receive
from chalicelib.domain.inbound import Attachment, Person
from chalicelib.domain.listing import Placement, placement
from chalicelib.queries import chats as queries
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import AttendanceRow, ChatRow, MessageRow, Row
from tests.builders import NOON, agent, arrival

INSTAGRAM = {"channel": "instagram", "account": "IG1", "portfolio": ""}
MARIA = Person(user_id="U1")


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def the_chat():
    (one,) = [to_chat(row) for row in rows(ChatRow)]
    return one


def the_message():
    (one,) = [to_message(row) for row in rows(MessageRow)]
    return one


def test_a_file_of_whatsapp_waits_to_be_fetched(world):
    """INB-6"""
    picture = Attachment("image", mime_type="image/jpeg", provider_id="123", sha256="x", size=9)
    receive(world, arrival("legenda", kind="image", files=(picture,), forwarded=True))
    kept = the_message()
    (file,) = kept.files
    assert (file.kind, file.state, file.provider_id, file.size) == ("image", "pending", "123", 9)
    assert (kept.to_do, kept.text, kept.forwarded) == ("fetch", "legenda", True)


def test_a_file_of_instagram_is_only_linked(world):
    """INB-6"""
    file = Attachment("video", url="https://lookaside.fbsbx.com/1")
    receive(world, arrival("", kind="video", files=(file,), person=MARIA, **INSTAGRAM))
    assert [(one.state, one.url) for one in the_message().files] == [("linked", file.url)]
    assert the_message().to_do is None


@pytest.mark.parametrize(
    ("code", "reason"), [(131052, "too_large"), (131000, "gone"), (None, "gone")]
)
def test_a_file_that_could_not_be_had_says_why(world, code, reason):
    """INB-6"""
    file = Attachment("video")
    receive(world, arrival("", kind="video", files=(file,), failed_with=code))
    assert [(one.state, one.reason) for one in the_message().files] == [("failed", reason)]


def test_details_are_kept_and_shown(world):
    """INB-5"""
    place = {"latitude": -23.5, "longitude": -46.6, "name": "Loja", "address": None}
    receive(world, arrival("Loja", kind="location", details={"location": place}))
    shown = queries.opened_chat(world, agent(), the_chat().chat_id)["page"]["messages"]
    assert shown[0]["details"] == {"location": place}
    assert (shown[0]["files"], shown[0]["quote"], shown[0]["forwarded"]) == ([], None, False)


def test_a_story_mention_is_unread_and_opens_nothing(world):
    """INB-9 TAB-5 SES-1"""
    facts = {"kind": "story_mention", "person": MARIA, **INSTAGRAM}
    story = {"story": {"what": "mention", "url": "https://example.com/s"}}
    receive(world, arrival("", details=story, **facts))
    one = the_chat()
    assert (one.unread, one.attendance, one.opened_at) == (1, None, None)
    assert placement(one) is Placement.CLOSED
    assert dict(one.last_inbound_at) == {"IG1": NOON}
    assert one.preview_kind == "story_mention"
    assert rows(AttendanceRow) == []


def test_an_answer_to_a_story_opens_as_any_message(world):
    """INB-9 TAB-5"""
    story = {"story": {"what": "reply", "url": None}}
    receive(world, arrival("lindo!", details=story, person=MARIA, **INSTAGRAM))
    assert the_chat().attendance is not None


@pytest.mark.parametrize(
    ("channel", "person", "asked"),
    [
        ("instagram", MARIA, "profile"),
        ("facebook", MARIA, "profile"),
        ("facebook", Person(user_id="U1", name="Maria"), None),
        ("whatsapp", Person(user_id="BR.1"), None),
    ],
)
def test_who_has_no_name_yet_is_asked_for(world, channel, person, asked):
    """INFO-1 INB-7"""
    receive(world, arrival("oi", channel=channel, person=person))
    (row,) = rows(ChatRow)
    assert row.to_do == (f"arm {asked}" if asked else "arm")  # its session's timer, too
    receive(world, arrival("de novo", channel=channel, person=person))
    (row,) = rows(ChatRow)
    assert row.to_do == asked, "until it was asked"


def test_what_was_written_before_the_number_came_here_is_read_and_opens_nothing(world):
    """INB-5 SORT-1"""
    receive(world, arrival("há um mês", from_contact=False))
    one = the_chat()
    assert (one.preview, one.unread, one.attendance, dict(one.last_inbound_at)) == (
        "há um mês",
        0,
        None,
        {},
    )


@pytest.mark.parametrize("kind", ["system", "referral", "unsupported"])
def test_what_nobody_wrote_changes_no_preview(world, kind):
    """SORT-1 INB-5"""
    receive(world, arrival("oi"))
    receive(world, arrival("x", kind=kind, from_contact=False, provider_id="wamid.x"))
    assert (the_chat().preview, the_chat().unread) == ("oi", 1)
    assert len(rows(MessageRow)) == 2


def test_who_only_followed_a_link_is_in_the_list_of_all(world):
    """TAB-1 TAB-5"""
    receive(world, arrival("anúncio", kind="referral", from_contact=False))
    assert queries.counts(agent())["counts"]["all"] == 1
