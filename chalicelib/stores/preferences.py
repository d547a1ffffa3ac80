"""The agency's general settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import SETTINGS, SettingsRow

if TYPE_CHECKING:
    from chalicelib.domain import events

NAMES = ("read_receipts", "audio_confirmation", "name_prefix", "human_agent")
DEFAULTS: events.Settings = {
    "read_receipts": False,
    "audio_confirmation": False,
    "name_prefix": False,
    "human_agent": False,
}


def load(*, consistent: bool = False) -> events.Settings:
    """The settings; what was never set stands at its default."""
    try:
        row = SettingsRow.get(SETTINGS, SETTINGS, consistent_read=consistent)
    except SettingsRow.DoesNotExist:
        return DEFAULTS
    return to_settings(row)


def to_settings(row: SettingsRow) -> events.Settings:
    """The settings of their row."""
    return {name: bool(getattr(row, name)) for name in NAMES}  # type: ignore[return-value]


def from_settings(settings: events.Settings) -> SettingsRow:
    """Their row."""
    return SettingsRow(SETTINGS, SETTINGS, **settings)


def changed(before: events.Settings, after: events.Settings) -> Write:
    """Their row, as long as it still says what was read."""
    same = None
    for name in NAMES:
        attribute = getattr(SettingsRow, name)
        is_so = attribute == before[name]  # type: ignore[literal-required]
        if not before[name]:  # type: ignore[literal-required]  # its default
            is_so = is_so | attribute.does_not_exist()
        same = is_so if same is None else same & is_so
    return Write(from_settings(after), same)
