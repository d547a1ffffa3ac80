"""A send that nobody saw end is `unknown`: visible, never repeated by itself, settled by news."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.calls import Kill
from tests.faults.service import Habits
from tests.faults.stories import ANA, DELIVERIES, Story, receipt, webhook
from tests.faults.test_killed import points, undisturbed

if TYPE_CHECKING:
    from tests.faults.desk import Desk, Ending

DELIVERED = DELIVERIES[0]
LATE = Habits(back_after=timedelta(seconds=30))  # a lane's own, longer than the lease
FATE = ("status", "provider_id", "failure_code", "failure_title", "failure_details")
DOUBT = ("unknown_ms", "due_kind", "due_at", "to_do")  # it will be told, if no news comes
TRIES = ("version", "attempts")


def sends(story: Story) -> list[tuple[int, int, int]]:
    """Of each send: the places of its lease, of Graph's door, and of the keeping of the answer."""
    calls = story.calls["deliver"].split()
    keeping = ("TransactWriteItems", "PutItem")
    return [
        (graph - 1, graph, next(n for n in range(graph, len(calls)) if calls[n] in keeping))
        for graph, call in enumerate(calls)
        if call == "graph"
    ]


def in_doubt(story: Story, kill: Kill) -> bool:
    """Whether the process died with what nobody else knows: what became of its send."""
    at = 2 * kill.number + (kill.side == "after")
    return any(2 * lease < at <= 2 * kept for lease, _, kept in sends(story))


def went_out(story: Story, kill: Kill) -> bool:
    """Whether Graph had accepted by then what was in doubt."""
    at = 2 * kill.number + (kill.side == "after")
    accepting = sends(story)[1:] if story.name == "refused_for_now" else sends(story)
    return any(2 * graph < at <= 2 * kept for _, graph, kept in accepting)


POINTS = points(DELIVERIES)
DOUBTS = [point for point in POINTS if in_doubt(*point.values)]
OF_DELIVERED = [point for point in DOUBTS if point.values[0] is DELIVERED]


@pytest.mark.parametrize(("story", "kill"), [point for point in POINTS if point not in DOUBTS])
def test_elsewhere_it_ends_as_if_nobody_had_been_killed(story, kill):
    """CHAT-4, INB-10"""
    expected = undisturbed(story)
    with story.told(kill) as desk:
        story.go_on(desk)
        assert desk.calls.killed
        assert desk.ending() == expected


@pytest.mark.parametrize(("story", "kill"), DOUBTS)
def test_between_lease_and_answer_it_ends_unknown_and_visible(story, kill):
    """CHAT-4: everything else has happened as it should; Graph was asked at most once."""
    ends_unknown_and_visible(story, kill, Habits())


@pytest.mark.parametrize(("story", "kill"), OF_DELIVERED)
def test_so_it_does_when_the_lease_is_over_before_anybody_comes_back(story, kill):
    """CHAT-4"""
    ends_unknown_and_visible(story, kill, LATE)


def ends_unknown_and_visible(story: Story, kill: Kill, habits: Habits) -> None:
    """What is in doubt is shown as that, and nothing else suffers."""
    expected = undisturbed(story)
    with story.told(kill, habits) as desk:
        story.go_on(desk)
        assert desk.calls.killed
        ending = desk.ending()
        assert [screen.state() for screen in desk.screens] == desk.fresh_screens()
    (lost,) = [row for row in ending.rows if row.get("status") == {"S": "unknown"}]
    assert status_on_screen(ending, lost) == "unknown"
    assert but_for_the_fate(ending, lost) == but_for_the_fate(expected, lost)
    sent = [one["text"] for one in expected.sent]
    if sent and not went_out(story, kill):
        sent.remove(lost["text"]["S"])
    assert [one["text"] for one in ending.sent] == sent


@pytest.mark.parametrize(
    ("story", "kill"), [point for point in OF_DELIVERED if went_out(*point.values)]
)
def test_a_receipt_settles_what_was_unknown(story, kill):
    """CHAT-4: nothing tells afterwards that there was a doubt, down to the last revision."""
    endings = []
    for planned in (kill, None):
        with story.told(planned) as desk:
            story.go_on(desk)
            both_are_delivered(desk)
            endings.append(desk.ending())
    assert endings[0] == endings[1]


@pytest.mark.parametrize(
    ("story", "kill"), [point for point in OF_DELIVERED if went_out(*point.values)]
)
def test_a_receipt_that_comes_before_our_own_answer_is_kept(story, kill):
    """INB-4: whoever comes back to the lease finds that there is nothing left to do."""
    with story.told(kill, LATE) as desk:
        story.then(desk, desk.known)
        desk.service.until_quiet(or_until=lambda: desk.calls.killed)
        assert desk.calls.killed
        sent = desk.graph.sent[-1]
        provider_id = f"wamid.out.{sent['text']}"
        desk.meta_posts(webhook(statuses=(receipt(provider_id, "read", sent["callback"]),)))
        ending = desk.ending()
    assert sorted(statuses(ending)) == ["read", "sent"]
    assert [one["text"] for one in ending.sent] == ["um", "dois"]


@pytest.mark.parametrize(
    ("story", "kill"), [point for point in OF_DELIVERED if not went_out(*point.values)]
)
def test_what_never_went_out_goes_out_when_the_agent_says_so(story, kill):
    """CHAT-6"""
    with story.told(kill) as desk:
        story.then(desk, desk.known)
        desk.until_quiet()
        messages = desk.screens[0].state()["messages"]
        (lost,) = [one for one in messages if one["status"] == "unknown"]
        desk.retries(ANA, desk.known, lost["key"])
        ending = desk.ending()
    assert sorted(statuses(ending)) == ["sent", "sent", "unknown"]
    assert sorted(one["text"] for one in ending.sent) == ["dois", "um"]


def both_are_delivered(desk: Desk) -> None:
    """Meta's receipts of all that was sent."""
    found = [
        receipt(f"wamid.out.{sent['text']}", "delivered", sent["callback"])
        for sent in desk.graph.sent
    ]
    desk.meta_posts(webhook(statuses=tuple(found)))


def statuses(ending: Ending) -> list[str]:
    """Of our messages in the table, which Ana's screen shows too."""
    of_rows = [row["status"]["S"] for row in ending.rows if "status" in row]
    shown = [one["status"] for one in ending.screens[0]["messages"] if one["status"]]
    assert sorted(of_rows) == sorted(shown)
    return of_rows


def status_on_screen(ending: Ending, row: dict[str, Any]) -> str:
    """What Ana sees of that message."""
    key = row["sk"]["S"].removeprefix("MSG#")
    (shown,) = [one for one in ending.screens[0]["messages"] if one["key"] == key]
    return str(shown["status"])


def but_for_the_fate(ending: Ending, lost: dict[str, Any]) -> dict[str, Any]:
    """All but what became of that message, and what its answer would have said of the channel."""
    rows, screens = deepcopy(ending.rows), deepcopy(ending.screens)
    for row in rows:
        if row["sk"] == lost["sk"]:
            for name in FATE + TRIES + DOUBT:
                row.pop(name, None)
        if row["pk"]["S"] == "CHANNEL":
            row.pop("problem", None)
    for screen in screens:
        for message in screen["messages"]:
            if message["key"] == lost["sk"]["S"].removeprefix("MSG#"):
                message.update(status=None, failure=None)
    return {"rows": rows, "files": ending.files, "screens": screens}
