"""What the panel keeps of a person beside the chat: fields, and whether broadcasts may reach them.

It lies in a row of its own, which lists never read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain import fields, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
    from chalicelib.domain.note import Note

Kept = TypeVar("Kept")

SYSTEM_FIELDS = ("birth_date", "cpf", "rg", "customer_code", "email")


@dataclass(frozen=True)
class Profile:
    """INFO-2, INFO-3. `system` by SYSTEM_FIELDS, `values` by field id; absent: no value.

    `version` grows with every write of its row; 0 was never written. `own` is what that row has,
    and `others` the profiles of merged chats which are shown in this one, until it is next written.
    """

    chat_id: str
    version: int = 0
    system: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, FieldValue] = field(default_factory=lambda: MappingProxyType({}))
    broadcasts: bool = True
    session_farewell: str | None = None  # SES-4
    others: tuple[Profile, ...] = ()
    own: frozenset[str] | None = None  # fields with a value in the row itself; None: all

    @property
    def own_values(self) -> frozenset[str]:
        """The fields that have a value in the profile's own row."""
        return frozenset(self.values) if self.own is None else self.own


def together(own: Profile, others: tuple[Profile, ...]) -> Profile:
    """One person's profile after a merge (INB-7): its own, filled by those of the merged chats.

    Who wanted no broadcasts under any of them wants none.
    """
    if not others:
        return own
    system, values, broadcasts = dict(own.system), dict(own.values), own.broadcasts
    farewells = [one.session_farewell for one in (own, *others) if one.session_farewell]
    for other in others:
        system = {**other.system, **system}
        values = {**other.values, **values}
        broadcasts = broadcasts and other.broadcasts
    return replace(
        own,
        system=MappingProxyType(system),
        values=MappingProxyType(values),
        broadcasts=broadcasts,
        session_farewell=next(iter(farewells), None),
        others=others,
        own=frozenset(own.values),
    )


def edited(
    profile: Profile,
    *,
    system: Mapping[str, str | None] = MappingProxyType({}),
    values: Mapping[str, FieldValue | None] = MappingProxyType({}),
    broadcasts: bool | None = None,
    session_farewell: str | None = None,
) -> Profile:
    """The profile with these changes: what is absent stays, what is None goes.

    An empty `session_farewell` leaves the contact to the general one (SES-4).
    """
    return replace(
        profile,
        system=_changed(profile.system, system),
        values=_changed(profile.values, values),
        broadcasts=profile.broadcasts if broadcasts is None else broadcasts,
        session_farewell=profile.session_farewell
        if session_farewell is None
        else session_farewell.strip() or None,
    )


def says_the_same(one: Profile, other: Profile) -> bool:
    """Whether both say the same of the person."""
    return _said(one) == _said(other)


def _said(profile: Profile) -> object:
    return profile.system, profile.values, profile.broadcasts, profile.session_farewell


def _changed(kept: Mapping[str, Kept], changes: Mapping[str, Kept | None]) -> Mapping[str, Kept]:
    merged = {**kept, **changes}
    return MappingProxyType({name: one for name, one in merged.items() if one is not None})


def picture_keys(profile: Profile, chat_ids: Iterable[str]) -> list[str]:
    """The keys of the contact's own pictures among the values."""
    own = set(chat_ids)
    keys = (one for one in profile.values.values() if isinstance(one, str))
    return [key for key in keys if fields.is_picture_of(key, own)]


def pictures_in(profile: Profile) -> set[str]:
    """The keys of pictures among the values, whoever they were uploaded for."""
    keys = (one for one in profile.values.values() if isinstance(one, str))
    return {key for key in keys if fields.CONTACT_PICTURE.fullmatch(key)}


def shown(
    chat: Chat,
    profile: Profile,
    *,
    masked: bool,
    pictures: Mapping[str, str],
    notes: Iterable[Note] | None,
) -> events.Contact:
    """The contact as the panel shows them; `notes` None: not for this viewer."""
    system = profile.system
    cpf, rg = system.get("cpf"), system.get("rg")
    if masked:
        cpf, rg = cpf and fields.masked_cpf(cpf), rg and fields.masked_rg(rg)
    return {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "given_name": chat.given_name,
        "phone": chat.phone,
        "username": chat.username,
        "channel": chat.channel,
        "account": chat.account,
        "system": {
            "birth_date": system.get("birth_date"),
            "cpf": cpf,
            "rg": rg,
            "customer_code": system.get("customer_code"),
            "email": system.get("email"),
        },
        "masked": masked,
        "fields": dict(profile.values),
        "pictures": dict(pictures),
        "tags": list(chat.tags),
        "blocked": chat.blocked,
        "broadcasts": profile.broadcasts,
        "session_farewell": profile.session_farewell,
        "notes": None if notes is None else [note.shown(one) for one in notes],
        "profile_rev": chat.profile_rev,
    }
