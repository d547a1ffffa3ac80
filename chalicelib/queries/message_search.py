"""Words in one chat (FIND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def search(agent: Agent, chat_id: str, words: str, cursor: str | None) -> events.MessageHits:
    """."""
    raise NotImplementedError
