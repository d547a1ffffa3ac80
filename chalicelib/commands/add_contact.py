"""Contacts are added by hand or from a list (ADM-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add(
    world: World, agent: Agent, name: str, phone: str, *, foreign: bool, account: str | None
) -> events.ContactSummary:
    """."""
    raise NotImplementedError


def add_all(
    world: World, agent: Agent, lines: Sequence[tuple[int, str, str]], *, account: str | None
) -> events.ImportOutcome:
    """."""
    raise NotImplementedError
