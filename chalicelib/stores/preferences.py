"""The agency's general settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.tables import SETTINGS, SettingsRow

if TYPE_CHECKING:
    from chalicelib.domain import events


def load() -> events.Settings:
    """The settings; what was never set stands at its default."""
    try:
        row = SettingsRow.get(SETTINGS, SETTINGS)
    except SettingsRow.DoesNotExist:
        return {"read_receipts": False}
    return {"read_receipts": bool(row.read_receipts)}


def from_settings(settings: events.Settings) -> SettingsRow:
    """Their row."""
    return SettingsRow(SETTINGS, SETTINGS, read_receipts=settings["read_receipts"])
