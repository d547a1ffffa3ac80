"""Chats found by name, phone or protocol (FIND-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def search(agent: Agent, q: str) -> events.SearchPage:
    """."""
    raise NotImplementedError


def candidates(q: str, *, keep: Callable[[Any], bool], limit: int) -> tuple[list[Any], bool]:
    """."""
    raise NotImplementedError
