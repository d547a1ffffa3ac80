"""Where files of messages are fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def addresses(
    world: World, agent: Agent, chat_id: str, keys: Sequence[str]
) -> events.FileAddresses:
    """."""
    raise NotImplementedError
