"""An attendance is closed (CLOSE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def close(
    world: World,
    agent: Agent,
    chat_id: str,
    protocol: str,
    *,
    farewell: str,
    fields: Mapping[str, Any],
) -> events.Closed:
    """."""
    raise NotImplementedError
