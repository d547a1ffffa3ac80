"""The agency's general settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import SETTINGS, SettingsRow

if TYPE_CHECKING:
    from chalicelib.domain import events


def load(*, consistent: bool = False) -> events.Settings:
    """The settings; what was never set stands at its default."""
    try:
        row = SettingsRow.get(SETTINGS, SETTINGS, consistent_read=consistent)
    except SettingsRow.DoesNotExist:
        return {"read_receipts": False}
    return {"read_receipts": bool(row.read_receipts)}


def from_settings(settings: events.Settings) -> SettingsRow:
    """Their row."""
    return SettingsRow(SETTINGS, SETTINGS, read_receipts=settings["read_receipts"])


def changed(before: events.Settings, after: events.Settings) -> Write:
    """Their row, as long as it still says what was read."""
    same = SettingsRow.read_receipts == before["read_receipts"]
    if not before["read_receipts"]:  # its default
        same = same | SettingsRow.read_receipts.does_not_exist()
    return Write(from_settings(after), same)
