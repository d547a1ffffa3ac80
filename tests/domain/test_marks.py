"""What reactions, edits and deletions make of a message, in whatever order they come."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.marks import applied, arrived_marked
from chalicelib.domain.media import File
from chalicelib.domain.message import Quote, Reaction
from tests.builders import NOON, mark, message

OI = message("oi", author="contact", agent_id=None, status=None, provider_id="wamid.oi")
STORED = File("image", "ready", key="media/c1/a", thumbnail="media/c1/a.webp")


def seconds(number):
    return NOON + timedelta(seconds=number)


def reacted(emoji, second=1, **facts):
    return mark("reaction", "wamid.oi", emoji=emoji, at=seconds(second), **facts)


def edited(text, second=1):
    return mark("edit", "wamid.oi", text=text, at=seconds(second))


def deleted(second=1):
    return mark("deletion", "wamid.oi", at=seconds(second))


def after(*marks, of=OI):
    for one in marks:
        of = applied(of, one)
    return of


def emojis(of):
    return [(one.author, one.emoji) for one in of.reactions]


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([reacted("👍")], [("contact", "👍")]),
        ([reacted("👍", 1), reacted("❤", 2)], [("contact", "❤")]),
        ([reacted("❤", 2), reacted("👍", 1)], [("contact", "❤")]),
        ([reacted("👍", 1), reacted("", 2)], [("contact", "")]),
        ([reacted("", 2), reacted("👍", 1)], [("contact", "")]),
        ([reacted("", 1), reacted("👍", 1)], [("contact", "")]),
        ([reacted("", 1), reacted("👍", 2)], [("contact", "👍")]),
        ([reacted("👍", 2, echo=True), reacted("❤", 1)], [("contact", "❤"), ("device", "👍")]),
    ],
)
def test_of_each_side_the_last_reaction_stands(marks, shown):
    """CHAT-7 INB-4"""
    assert emojis(after(*marks)) == shown


def test_our_own_reaction_that_comes_back_stays_ours():
    """CHAT-7 INB-8"""
    ours = replace(OI, reactions=(Reaction("agent", "👍", NOON, agent_id="ana", state="sent"),))
    assert after(reacted("👍", 1, echo=True), of=ours) == ours
    assert emojis(after(reacted("❤", 1, echo=True), of=ours)) == [("device", "❤")]


def test_of_edits_the_newest_text_stands():
    """CHAT-7 INB-4"""
    for order in ([edited("b", 1), edited("c", 2)], [edited("c", 2), edited("b", 1)]):
        found = after(*order)
        assert (found.text, found.edited_at) == ("c", seconds(2))


def test_a_deletion_leaves_nothing_of_what_was_said():
    """CHAT-7"""
    said = replace(
        OI,
        files=(STORED,),
        details={"link": "https://example.com"},
        reactions=(Reaction("contact", "👍", NOON),),
        quote=Quote(key=None),
    )
    gone = after(edited("oi!"), deleted(2), of=said)
    assert (gone.text, gone.files, gone.details, gone.reactions) == ("", (), None, ())
    assert (gone.deleted_at, gone.edited_at, gone.to_do) == (seconds(2), None, "forget")
    assert gone.doomed == ("media/c1/a", "media/c1/a.webp")
    assert (gone.kind, gone.quote) == (said.kind, said.quote), "what it was, and what it answered"


def test_a_message_that_arrives_deleted_has_nothing_to_be_forgotten():
    """CHAT-7 INB-4"""
    gone = arrived_marked(OI, [deleted(1)])
    assert (gone.text, gone.deleted_at, gone.to_do) == ("", seconds(1), None)


MARKS = st.lists(
    st.one_of(
        st.builds(
            reacted,
            st.sampled_from(["", "👍", "❤"]),
            st.integers(0, 3),
            echo=st.booleans(),
        ),
        st.builds(edited, st.sampled_from(["um", "dois"]), st.integers(0, 3)),
        st.builds(deleted, st.integers(0, 3)),
    ),
    max_size=7,
)


@given(MARKS, st.randoms())
def test_any_order_and_repetition_of_marks_ends_the_same(marks, random):
    """INB-3 INB-4 CHAT-7"""
    again = [*marks, *marks]
    random.shuffle(again)
    assert after(*again) == after(*marks)
