"""Profiles: what the panel keeps of a person, in a row beside the chat's."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.domain.profile import Profile
from chalicelib.stores.chats import Write
from chalicelib.stores.members import value_place
from chalicelib.stores.tables import PROFILE_SK, MemberRow, ProfileRow, chat_pk

if TYPE_CHECKING:
    from collections.abc import Iterable


def load(chat_id: str) -> Profile:
    """The profile of that chat's own partition; an empty one when nothing was ever kept."""
    try:
        return to_profile(ProfileRow.get(chat_pk(chat_id), PROFILE_SK, consistent_read=True))
    except ProfileRow.DoesNotExist:
        return Profile(chat_id)


def writes(before: Profile, after: Profile) -> Iterable[Write]:
    """What a command's transaction must write beside, Stale when `before` is no longer so.

    The profile's row, one version on, and the member rows of fields that got or lost a value.
    """
    yield Write(
        from_profile(after, before.version + 1),
        ProfileRow.pk.does_not_exist()
        if before.version == 0
        else ProfileRow.version == before.version,
    )
    for field_id in sorted(after.values.keys() - before.values.keys()):
        yield Write(MemberRow(*value_place(field_id, after.chat_id), chat_id=after.chat_id))
    for field_id in sorted(before.values.keys() - after.values.keys()):
        place = value_place(field_id, after.chat_id)
        yield Write(MemberRow(*place, chat_id=after.chat_id), delete=True)


def to_profile(row: ProfileRow) -> Profile:
    """The domain's profile of a row."""
    return Profile(
        chat_id=row.pk.removeprefix("CHAT#"),
        version=int(row.version),
        system=MappingProxyType(row.system.as_dict() if row.system else {}),  # type: ignore[no-untyped-call]
        values=MappingProxyType(json.loads(row.values) if row.values else {}),
        broadcasts=row.broadcasts is not False,
    )


def from_profile(profile: Profile, version: int) -> ProfileRow:
    """The profile's row."""
    return ProfileRow(
        chat_pk(profile.chat_id),
        PROFILE_SK,
        version=version,
        system=dict(profile.system) or None,
        values=json.dumps(dict(profile.values), ensure_ascii=False) if profile.values else None,
        broadcasts=profile.broadcasts,
    )
