"""Profiles: what the panel keeps of a person, in a row beside the chat's."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.profile import Profile, together
from chalicelib.stores.chats import Write
from chalicelib.stores.members import value_place
from chalicelib.stores.tables import PROFILE_SK, MemberRow, ProfileRow, Row, chat_pk

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITES_LIMIT = 60  # a transaction holds 100, the chat's row and its search rows included


def load(chat_id: str, *also: str) -> Profile:
    """The profile of a chat, `chat.partitions` given: that of its own, filled by merged ones'.

    An empty one when nothing was ever kept. One consistent read.
    """
    keys = [(chat_pk(one), PROFILE_SK) for one in (chat_id, *also)]
    rows = Row.batch_get(keys, consistent_read=True)
    kept = {
        one.chat_id: one for row in rows if isinstance(row, ProfileRow) and (one := to_profile(row))
    }
    own = kept.get(chat_id) or Profile(chat_id)
    return together(own, tuple(kept[one] for one in also if one in kept))


def writes(before: Profile, after: Profile) -> Iterable[Write]:
    """What a command's transaction must write beside, Stale when `before` is no longer so.

    The profile's row, one version on, and the member rows of fields that got or lost a value. The
    rows of merged chats, which it takes the place of, go. Raises TooMany when that is more than
    one transaction can hold.
    """
    found = list(_writes(before, after))
    if len(found) > WRITES_LIMIT:
        raise errors.TooMany(limit=WRITES_LIMIT)
    return found


def _writes(before: Profile, after: Profile) -> Iterable[Write]:
    yield Write(
        from_profile(after, before.version + 1),
        ProfileRow.pk.does_not_exist()
        if before.version == 0
        else ProfileRow.version == before.version,
    )
    for field_id in sorted(after.values.keys() - before.own_values):
        yield Write(MemberRow(*value_place(field_id, after.chat_id), chat_id=after.chat_id))
    for field_id in sorted(before.own_values - after.values.keys()):
        place = value_place(field_id, after.chat_id)
        yield Write(MemberRow(*place, chat_id=after.chat_id), delete=True)
    for other in before.others:
        row = ProfileRow(chat_pk(other.chat_id), PROFILE_SK)
        yield Write(row, ProfileRow.version == other.version, delete=True)
        for field_id in sorted(other.values):
            place = value_place(field_id, other.chat_id)
            yield Write(MemberRow(*place, chat_id=other.chat_id), delete=True)


def to_profile(row: ProfileRow) -> Profile:
    """The domain's profile of a row."""
    return Profile(
        chat_id=row.pk.removeprefix("CHAT#"),
        version=int(row.version),
        system=MappingProxyType(row.system.as_dict() if row.system else {}),  # type: ignore[no-untyped-call]
        values=MappingProxyType(json.loads(row.values) if row.values else {}),
        broadcasts=row.broadcasts is not False,
        session_farewell=row.session_farewell,
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
        session_farewell=profile.session_farewell,
    )
