"""The agency's general settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import SETTINGS, SettingsRow

if TYPE_CHECKING:
    from chalicelib.domain import events

DEFAULTS: events.Settings = {
    "read_receipts": False,
    "audio_confirmation": False,
    "name_prefix": False,
    "human_agent": False,
    "chatbot": False,
    "main_flow_id": None,
    "closing_flow_id": None,
    "auto_close": False,
    "session_farewell": "",
    "chatbot_since": None,
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
    return {name: getattr(row, name) or default for name, default in DEFAULTS.items()}  # type: ignore[return-value]


def from_settings(settings: events.Settings) -> SettingsRow:
    """Their row."""
    told: dict[str, Any] = {name: one or None for name, one in settings.items()}
    return SettingsRow(SETTINGS, SETTINGS, **told)


def changed(before: events.Settings, after: events.Settings) -> Write:
    """Their row, as long as it still says what was read."""
    same = None
    for name, told in before.items():
        attribute = getattr(SettingsRow, name)
        # What stands at its default may be absent; of old, «no» was written.
        is_so = attribute == told if told else attribute.does_not_exist()
        if told is False:
            is_so = is_so | (attribute == False)  # noqa: E712
        same = is_so if same is None else same & is_so
    return Write(from_settings(after), same)
