"""Every function, killed before and after every call that it makes, and told again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.faults.calls import Kill
from tests.faults.desk import Ending
from tests.faults.told import DELIVERIES, STORIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.stories import Story


def points(stories: Iterable[Story]) -> list[object]:
    """Every point of these stories at which a process can end."""
    return [
        pytest.param(
            story,
            Kill(function, number, side),
            id=f"{story.name}-{function}-{number}-{side}-{operation}",
        )
        for story in stories
        for function, calls in story.calls.items()
        for number, operation in enumerate(calls.split())
        for side in ("before", "after")
    ]


@cache
def undisturbed(story: Story) -> Ending:
    """How the story ends when nothing goes wrong: screens show by their events what is there."""
    with story.told() as desk:
        story.go_on(desk)
        ending = desk.ending()
        assert [screen.state() for screen in desk.screens] == desk.fresh_screens()
        assert story.name == "merge" or not any(screen.refetched for screen in desk.screens)
        return ending


@pytest.mark.parametrize("story", STORIES + DELIVERIES, ids=lambda story: story.name)
def test_these_are_the_calls_of_each_function(story):
    """A call that nobody counted would be one at which nobody was killed."""
    with story.told() as desk:
        story.go_on(desk)
    assert {name: " ".join(desk.calls.made[name]) for name in story.calls} == story.calls


@pytest.mark.parametrize(("story", "kill"), points(STORIES))
def test_it_ends_as_if_nobody_had_been_killed(story, kill):
    """INB-1, INB-3, SEND-12, LIVE-4"""
    expected = undisturbed(story)
    with story.told(kill) as desk:
        story.go_on(desk)
        assert desk.calls.killed
        assert desk.ending() == expected
