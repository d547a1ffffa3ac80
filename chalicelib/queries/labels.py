"""What contacts are marked and described by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events


def labels() -> events.Labels:
    """."""
    raise NotImplementedError
