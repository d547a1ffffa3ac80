"""What Meta tells of the business itself: its number, its account, its templates (META.md 2.2)."""

from __future__ import annotations

from typing import Any

from .clock import unix_seconds
from .updates import Update
from .wire import Json, as_object
from .world import World


def _defaults(world: World) -> dict[str, Json]:
    number = "".join(character for character in world.options.display if character.isdigit())
    return {
        "phone_number_quality_update": {
            "display_phone_number": number, "event": "FLAGGED", "old_limit": "TIER_2K",
            "current_limit": "TIER_2K",
        },
        "phone_number_name_update": {
            "display_phone_number": number, "decision": "APPROVED",
            "requested_verified_name": world.options.verified_name, "rejection_reason": None,
        },
        "account_update": {"phone_number": number, "event": "VERIFIED_ACCOUNT"},
        "account_alerts": {
            "entity_type": "PHONE_NUMBER", "entity_id": world.options.phone_number_id,
            "alert_info": {
                "alert_severity": "WARNING", "alert_status": "ACTIVE",
                "alert_type": "MESSAGING_LIMIT", "alert_description": "Limit",
            },
        },
        "account_review_update": {"decision": "APPROVED"},
        "business_capability_update": {"max_daily_conversation_per_phone": 2000},
        "security": {"display_phone_number": number, "event": "PIN_CHANGED", "requester": "1"},
    }  # fmt: skip


# Of the quality event, what GET of the number says from then on.
QUALITY = {"FLAGGED": "RED", "UNFLAGGED": "GREEN", "UPGRADE": "GREEN", "DOWNGRADE": "YELLOW"}


def notice(world: World, field: str, value: Json) -> list[Update]:
    """A webhook of any field of the WhatsApp account, over what Meta usually says in it."""
    whole = _defaults(world).get(field, {}) | value
    if field == "phone_number_quality_update":
        rating = QUALITY.get(str(whole.get("event")), "UNKNOWN")
        world.facts.change(world.options.phone_number_id, {"quality_rating": rating})
    return [_update(world, field, whole)]


def policy(world: World, action: str) -> list[Update]:
    """Meta restricts the page, or lifts it (messaging_policy_enforcement)."""
    entry: Json = {
        "recipient": {"id": world.options.page_id},
        "timestamp": int(world.clock().timestamp() * 1000),
        "policy-enforcement": {"action": action, "reason": "Demonstração"},
    }
    return [world.webhooks.new_event("facebook", entry)]


def template_changed(world: World, before: Json | None, after: Json) -> list[Update]:
    """What Meta tells when a template changed from one to the other."""
    about: Json = {
        "message_template_id": int(after["id"]),
        "message_template_name": after["name"],
        "message_template_language": after["language"],
    }
    old = before or {}
    updates = []
    if old.get("status") != after["status"]:
        updates.append(_status(world, about, after))
    if before and old.get("category") != after["category"]:
        change = {"previous_category": old["category"], "new_category": after["category"]}
        updates.append(_update(world, "template_category_update", about | change))
    if before and _score(old) != _score(after):
        change = {"previous_quality_score": _score(old), "new_quality_score": _score(after)}
        updates.append(_update(world, "message_template_quality_update", about | change))
    if before and old.get("components") != after["components"]:
        change = _texts(after)
        updates.append(_update(world, "message_template_components_update", about | change))
    return updates


def _status(world: World, about: Json, after: Json) -> Update:
    told = about | {"event": after["status"], "reason": after.get("rejected_reason") or "NONE"}
    if after["status"] == "DISABLED":
        told["disable_info"] = {"disable_date": unix_seconds(world.clock())}
    if after["status"] == "PAUSED":
        told["other_info"] = {"title": "FIRST_PAUSE", "description": "Paused for 3 hours"}
    return _update(world, "message_template_status_update", told)


def _texts(template: Json) -> Json:
    names = {"HEADER": "title", "BODY": "element", "FOOTER": "footer"}
    return {
        f"message_template_{names[part['type']]}": part["text"]
        for part in template["components"]
        if part.get("type") in names and isinstance(part.get("text"), str)
    }


def _score(template: Json) -> Any:
    return as_object(template.get("quality_score")).get("score")


def _update(world: World, field: str, value: Json) -> Update:
    return world.webhooks.new_update(field, [], value)
