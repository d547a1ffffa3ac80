"""Everything told twice, late, or in another order: the desk ends the same."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.desk import continued
from tests.faults.service import CONSUMERS, Habits
from tests.faults.stories import (
    USER_ID,
    ana_answered,
    begun,
    lists_are_open,
    receipt,
    text,
    webhook,
)
from tests.faults.test_killed import undisturbed
from tests.faults.told import DELIVERIES, STORIES

if TYPE_CHECKING:
    from tests.faults.desk import Desk, Ending

every_story = pytest.mark.parametrize("story", STORIES + DELIVERIES, ids=lambda story: story.name)
# What counts the changes, and therefore depends on how many there were.
REVISIONS = {"rev", "row_rev", "profile_rev"}


@every_story
def test_every_event_delivered_twice(story):
    """INB-3, LIVE-4"""
    expected = undisturbed(story)
    with story.told(habits=Habits(twice=True)) as desk:
        story.go_on(desk)
        assert desk.ending() == expected


@every_story
def test_the_stream_in_another_order_of_rows(story):
    """LIVE-4: the order of a stream holds per row, not per transaction."""
    expected = undisturbed(story)
    with story.told(habits=Habits(rows_reversed=True)) as desk:
        story.go_on(desk)
        assert desk.ending() == expected


@every_story
@pytest.mark.parametrize("minutes", [0, 10], ids=["at_once", "after_the_lane_forgot"])
def test_the_whole_stream_again_after_everything_else(story, minutes):
    """LIVE-4, SEND-12: what is derived from an old record is already there."""
    expected = undisturbed(story)
    with story.told() as desk:
        story.go_on(desk)
        desk.clock.forward(minutes=minutes)
        for function in CONSUMERS:
            desk.service.deliver_again(function, desk.service.batches[function])
        assert desk.ending() == expected


WRITTEN = (text("um", 1), text("dois", 2, user_id=USER_ID), text("três", 3))


@pytest.mark.parametrize(
    "order", list(permutations(WRITTEN)), ids=lambda order: "-".join(map(said, order))
)
def test_first_messages_in_any_order(order):
    """INB-4: one chat, all of it unread since the oldest, whatever came first."""
    assert shown_after(*order) == shown_after(*WRITTEN)


def test_webhooks_again_after_everything_else():
    """INB-3: the lane has forgotten them, the table has not."""
    with continued(begun(lists_are_open)) as desk:
        bodies = [webhook(one) for one in WRITTEN]
        for body in bodies:
            desk.meta_posts(body)
        before = desk.ending()
        desk.clock.forward(minutes=10)
        for body in (*reversed(bodies), *bodies):
            desk.meta_posts(body)
        assert desk.ending() == before


WORDS = ("sent", "delivered", "read", "failed")


@pytest.mark.parametrize("together", [True, False], ids=["together", "one_by_one"])
@pytest.mark.parametrize("order", list(permutations(WORDS)), ids="-".join)
def test_receipts_in_any_order(order, together):
    """CHAT-4, INB-4: what says more stays, whatever came last."""
    assert status_after(order, together=together) == ("read", None)


@pytest.mark.parametrize("order", list(permutations(("sent", "failed"))), ids="-".join)
def test_a_failure_beats_sent_in_any_order(order):
    """CHAT-5"""
    status, failure = status_after(order, together=False)
    assert (status, failure["code"]) == ("failed", 131026)


def said(*messages: dict[str, Any]) -> str:
    """What somebody wrote."""
    return "-".join(one["text"]["body"] for one in messages)


def shown_after(*messages: dict[str, Any]) -> Any:
    """A fresh page after these webhooks, without what counts changes."""
    with continued(begun(lists_are_open)) as desk:
        for one in messages:
            desk.meta_posts(webhook(one))
            desk.until_quiet()
        ending = desk.ending()
    return [without_revisions(row) for row in ending.rows if "touched" not in row], [
        without_revisions(screen) for screen in ending.screens
    ]


def without_revisions(told: Any) -> Any:
    """The same without what depends on how many changes there were."""
    if isinstance(told, dict):
        return {
            name: without_revisions(value) for name, value in told.items() if name not in REVISIONS
        }
    return [without_revisions(one) for one in told] if isinstance(told, list) else told


def status_after(order: tuple[str, ...], *, together: bool) -> tuple[str, Any]:
    """What Ana sees of her first message after these receipts."""
    with continued(begun(ana_answered)) as desk:
        told = [_receipt(desk, word) for word in order]
        for statuses in [tuple(told)] if together else [(one,) for one in told]:
            desk.meta_posts(webhook(statuses=statuses))
            desk.until_quiet()
        ending: Ending = desk.ending()
    (message,) = [one for one in ending.screens[0]["messages"] if one["text"] == "um"]
    return message["status"], message["failure"]


def _receipt(desk: Desk, word: str) -> Any:
    errors = [{"code": 131026, "title": "Message undeliverable"}]
    more = {"errors": errors} if word == "failed" else {}
    return receipt("wamid.out.um", word, desk.graph.sent[0]["callback"], **more)
