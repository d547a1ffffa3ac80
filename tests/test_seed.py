"""The demonstration keeps the desk's own rules, and everybody in it can be found."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain import fields, labels
from chalicelib.domain.session import State
from chalicelib.stores.counters import FIRST_PROTOCOL
from chalicelib.stores.members import places, protocol_place
from chalicelib.stores.tables import MemberRow
from local import marks, seed
from tests.builders import NOON, agent
from tests.simulator.conftest import begin
from tests.simulator.running import Product

AGENTS = [agent(name) for name in ("ana", "bruno", "carla", "davi", "elisa", "fabio")]


@pytest.fixture(scope="module")
def simulator():
    """The phones of those who sent more than texts."""
    running = begin(Product())
    yield running
    running.stop()


@pytest.fixture(scope="module")
def files():
    """What was stored, by key."""
    return {}


@pytest.fixture(scope="module")
def stories(simulator, files):
    found = list(seed._stories(AGENTS, NOON, Random(1)))
    found += every_kind(simulator, files)
    seed._number(found)
    return found


def every_kind(simulator, files):
    def put(key, content, mime_type):
        files[key] = (mime_type, content.read())

    return list(seed._every_kind(simulator.http, put, AGENTS, NOON, Random(2)))


@pytest.fixture(scope="module")
def rows(stories):
    return [row for story in stories for row in seed._rows(story)]


def test_no_two_rows_share_a_key(rows):
    """OPS-1"""
    assert not [
        key for key, count in Counter((row.pk, row.sk) for row in rows).items() if count > 1
    ]


def test_everybody_is_found_by_name_phone_tag_and_protocol(stories, rows):
    """FIND-1 FILT-1"""
    members = {(row.pk, row.sk) for row in rows if isinstance(row, MemberRow)}
    for story in stories:
        assert places(story.chat) <= members
        assert {protocol_place(record.protocol) for record in story.records} <= members


def test_protocols_are_given_in_the_order_of_opening(stories):
    """CHAT-8 CLOSE-7"""
    records = [record for story in stories for record in story.records]
    records.sort(key=lambda record: int(record.protocol))
    numbers = [int(record.protocol) for record in records]
    assert numbers == list(range(FIRST_PROTOCOL + 1, FIRST_PROTOCOL + 1 + len(records)))
    assert records == sorted(records, key=lambda record: record.opened_at)
    for story in stories:
        if story.chat.attendance is not None:
            assert story.chat.attendance.protocol in {one.protocol for one in story.records}


def test_it_shows_every_mark(stories):
    """FILT-1 ROW-3 ROW-6 BLOCK-2"""
    chats = [story.chat for story in stories]
    states = {chat.session.state(NOON + timedelta(minutes=2)) for chat in chats}
    assert states == {State.OPEN, State.EXPIRING, State.EXPIRED}
    assert {tag for chat in chats for tag in chat.tags} == {tag["tag_id"] for tag in marks.TAGS}
    assert {tag["color"] for tag in marks.TAGS} <= set(labels.COLORS)
    assert len({campaign for chat in chats for campaign in chat.campaigns}) == 2
    assert any(chat.blocked for chat in chats)
    assert any(len(story.records) > 2 for story in stories)


@pytest.mark.parametrize("number", range(0, 3000, 271))
def test_a_made_up_cpf_has_right_check_digits(number):
    """INFO-2"""
    cpf = marks.cpf(number)
    kept = fields.system_value("cpf", cpf, path="cpf", today=NOON.date())
    assert kept == cpf


def messages_of(stories, channel):
    return [one for story in stories if story.chat.channel == channel for one in story.messages]


@pytest.mark.parametrize(
    ("channel", "people", "kinds"),
    [
        (
            "whatsapp",
            303,
            {
                "text", "image", "audio", "video", "document", "sticker", "location", "contacts",
                "order", "choice", "unsupported",
            },
        ),
        (
            "instagram",
            12,
            {
                "text", "image", "audio", "video", "story_mention", "share", "choice",
                "referral", "unsupported",
            },
        ),
        (
            "facebook",
            12,
            {
                "text", "image", "audio", "video", "document", "sticker", "location", "share",
                "choice", "referral", "unsupported",
            },
        ),
    ],
)  # fmt: skip
def test_every_channel_shows_every_kind(stories, channel, people, kinds):
    """INB-5"""
    assert sum(story.chat.channel == channel for story in stories) == people
    messages = messages_of(stories, channel)
    assert kinds <= {message.kind for message in messages}
    assert any(message.deleted_at for message in messages)
    assert any(message.reactions for message in messages)


def test_files_are_stored_and_instagrams_only_linked(stories, files):
    """INB-6"""
    held = [file for channel in ("whatsapp", "facebook") for message in
            messages_of(stories, channel) for file in message.files]  # fmt: skip
    assert {file.state for file in held} == {"ready", "failed"}
    assert {file.key for file in held if file.key} == set(files)
    for file in held:
        if file.key:
            assert (file.size, file.mime_type) == (len(files[file.key][1]), files[file.key][0])
    linked = [file for message in messages_of(stories, "instagram") for file in message.files]
    assert {file.state for file in linked} == {"linked"}


def test_the_phones_show_the_same(stories, simulator):
    """INB-8"""
    for story in stories[-12:]:
        told = simulator.ask("GET", f"/contacts/{story.person.user_id}/messages")
        kept = [one.provider_id for one in story.messages if one.kind != "referral"]
        assert [one["id"] for one in told if one["type"] != "referral"] == kept


def test_the_same_seed_gives_the_same_people(stories, simulator):
    """OPS-1"""
    simulator.ask("POST", "/reset")
    again = every_kind(simulator, {})
    told = [[(one.key, one.kind, one.text) for one in story.messages] for story in again]
    assert told == [
        [(one.key, one.kind, one.text) for one in story.messages] for story in stories[-27:]
    ]
