"""What is known of a contact is changed (INFO)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, fields, profile
from chalicelib.domain.access import Permission, known
from chalicelib.domain.profile import edited, picture_keys, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.gateways.files import SAFE_TYPES, contact_pictures
from chalicelib.gateways.queues import Entry
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import labels, profiles
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
    from chalicelib.domain.profile import Profile
    from chalicelib.world import World

RECORDS = 2_000  # attendances of one contact, in whose records a picture is looked for
EXTENSIONS = {content_type: extension for extension, content_type in SAFE_TYPES.items()}


def edit(world: World, agent: Agent, chat_id: str, changes: Mapping[str, Any]) -> Chat:
    """Change what is named in `changes` (requests.EditContact) and nothing else; idempotent.

    A name given here stays, whatever the profile is called later (INFO-1). Null or blank removes a
    value. Who does not see CPF and RG does not change them either. The chat's `profile_rev` grows
    when anything changed, so that open panels follow. Returns the chat. Raises NotFound, Forbidden,
    Invalid with all that is wrong, or TooMany.
    """

    def decide() -> Chat:
        chat = known(store.resolve(chat_id), agent)
        before = profiles.load(*chat.partitions)
        after = _edited(world, agent, chat, before, changes)
        named = chat
        name = " ".join((changes.get("name") or "").split())
        if name and name != chat.name:
            named = chats.renamed(chat, name)
        if named is chat and says_the_same(before, after):
            return chat
        revision = revised(chat, chats.described_anew(named))
        written = () if says_the_same(before, after) else tuple(profiles.writes(before, after))
        store.commit(Change(before=chat, after=revision, beside=written))
        return revision

    return until_settled(world, decide)


def picture(
    world: World, agent: Agent, chat_id: str, content_type: str, size: int
) -> events.Upload:
    """Where the browser sends a picture of `size` bytes for a field of type image (SEND-4).

    The key is what to save in the field, once the file is there. Raises NotFound.
    """
    chat = known(store.resolve(chat_id), agent)
    key = f"{contact_pictures(chat.chat_id)}{world.new_id()}.{EXTENSIONS[content_type]}"
    return world.files.upload(key, content_type, size)


def look_through(world: World, replaced: Mapping[str, Iterable[str]]) -> None:
    """Have pictures deleted that were values of these contacts; twice is harmless."""
    entries = [
        Entry(json.dumps({"what": "forget_pictures", "chat_id": chat_id, "keys": sorted(keys)}))
        for chat_id, keys in replaced.items()
    ]
    if entries:
        world.queues.send(world.settings.due_queue, entries)


def forget_pictures(world: World, chat_id: str, keys: Iterable[str]) -> None:
    """Delete those of the contact's pictures that are no longer a value of theirs.

    One that the record of an attendance names stays, as what it was when that closed (CLOSE-7).
    """
    chat = store.resolve(chat_id)
    if chat is None:
        return  # being erased, with all pictures
    kept = set(picture_keys(profiles.load(*chat.partitions), chat.partitions))
    for one in records.of_partitions(chat.partitions, limit=RECORDS):
        kept.update(attendances.picture_keys(one, chat))
    left = [key for key in keys if fields.is_picture_of(key, chat.partitions) and key not in kept]
    if left:
        world.files.delete(left)


def check_pictures(
    world: World, chat: Chat, given: Mapping[str, FieldValue | None], kinds: Iterable[events.Field]
) -> None:
    """Raises Invalid, `image_missing`, for a picture that is not there, or not of this contact."""
    images = {field["field_id"] for field in kinds if field["kind"] == "image"}
    for field_id in sorted(images & given.keys()):
        key = given[field_id]
        if isinstance(key, str) and not (
            fields.is_picture_of(key, chat.partitions) and world.files.holds(key)
        ):
            raise errors.Invalid(fields=[{"path": f"fields.{field_id}", "reason": "image_missing"}])


def _edited(
    world: World, agent: Agent, chat: Chat, before: Profile, changes: Mapping[str, Any]
) -> Profile:
    """The profile with the changes, checked; what is given as it stands needs no check."""
    system = _new(before.system, changes.get("system") or {})
    values = _new(before.values, changes.get("fields") or {})
    hidden = {"cpf", "rg"} & (changes.get("system") or {}).keys()
    if hidden and not agent.may(Permission.CONTACTS):
        raise errors.Forbidden()
    wrong: list[dict[str, str]] = []
    checked: dict[str, str | None] = {}
    for name in profile.SYSTEM_FIELDS:
        if name in system:
            try:
                checked[name] = _system_value(world, name, system[name])
            except errors.Invalid as refusal:
                wrong.extend(refusal.fields["fields"])
    kinds = labels.fields() if values else []
    kept: dict[str, FieldValue | None] = {}
    try:
        kept = fields.values(kinds, values)
    except errors.Invalid as refusal:
        wrong.extend(refusal.fields["fields"])
    if wrong:
        raise errors.Invalid(fields=wrong)
    check_pictures(world, chat, kept, kinds)
    return edited(
        before,
        system=checked,
        values=kept,
        broadcasts=changes.get("broadcasts"),
        session_farewell=changes.get("session_farewell"),
    )


def _new(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in given.items() if one != kept.get(name)}


def _system_value(world: World, name: str, given: str | None) -> str | None:
    if fields.is_blank(given):
        return None
    assert given is not None
    return fields.system_value(name, given, path=f"system.{name}", today=world.today())
