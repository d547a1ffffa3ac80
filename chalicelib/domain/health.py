"""What a notice says of an account's health, in the words of Meta (META.md §2.2, INB-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

RESTRICTED = "restricted"
# `account_update`: what happened, and whether the account may send after it.
ACCOUNT_EVENTS = {
    "ACCOUNT_DELETED": True,
    "ACCOUNT_RESTRICTION": True,
    "DISABLED_UPDATE": True,
    "PARTNER_REMOVED": True,
    "ACCOUNT_RESTORED": False,
    "ACCOUNT_REINSTATED": False,
}
BANS = {"DISABLE": True, "SCHEDULE_FOR_DISABLE": None, "REINSTATE": False}
POLICY_ACTIONS = {"block": True, "unblock": False}
QUALITIES = {"FLAGGED": "RED", "UNFLAGGED": ""}


@dataclass(frozen=True)
class Health:
    """What changed: None stays as it is; an empty word is none."""

    problem: str | None = None
    quality: str | None = None


def health_told(field: str, value: Mapping[str, Any]) -> Health | None:
    """The account's health by this notice; None when it says nothing clear of it.

    A ban that is only announced changes nothing yet.
    """
    if field == "account_update":
        return _problem(_restricted(value))
    if field == "messaging_policy_enforcement":
        return _problem(POLICY_ACTIONS.get(str(value.get("action")).lower()))
    if field == "phone_number_quality_update":
        quality = QUALITIES.get(str(value.get("event")).upper())
        return None if quality is None else Health(quality=quality)
    return None


def _restricted(value: Mapping[str, Any]) -> bool | None:
    ban = value.get("ban_info")
    state = ban.get("waba_ban_state") if isinstance(ban, dict) else None
    words = [str(one).upper() for one in (state if isinstance(state, list) else [state])]
    told = next((BANS[word] for word in words if word in BANS), None)
    if told is not None or any(word in BANS for word in words):
        return told
    return ACCOUNT_EVENTS.get(str(value.get("event")).upper())


def _problem(restricted: bool | None) -> Health | None:
    if restricted is None:
        return None
    return Health(problem=RESTRICTED if restricted else "")
