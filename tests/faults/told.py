"""Every story that is told: those of `stories`, and `STORIES` of each module `*_stories.py`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.faults import stories
from tests.faults.stories import Story

DELIVERIES = stories.DELIVERIES
STORIES: list[Story] = [
    *stories.STORIES,
    *(
        story
        for path in sorted(Path(__file__).parent.glob("*_stories.py"))
        for story in import_module(f"tests.faults.{path.stem}").STORIES
    ),
]
assert len({story.name for story in STORIES + DELIVERIES}) == len(STORIES + DELIVERIES)
