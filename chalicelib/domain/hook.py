"""Incoming webhooks: what another system's JSON says of a contact (FLOW-10)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.domain import flow_answers, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.events import Field, FieldValue, HookOutcome, HookReason

LARGEST = 64_000  # bytes of a call
SHOWN = 8_000  # characters of it that are kept
KEPT = timedelta(days=7)  # that a call is kept
CALLS_SHOWN = 10
ONE_EVENT = timedelta(days=30)  # that the id of an event is remembered
ONE_CALL = timedelta(minutes=10)  # that a call without such an id is the same when it comes again
LONGEST_NAME = 300
PHONE, NAME = "telefone", "nome"
NO_FRACTION = re.compile(r"\.0+$")  # «11987654321.0»: who keeps numbers in tables writes so


@dataclass(frozen=True)
class Hook:
    """A webhook; its id is the unguessable end of its address. `mapping`: path to field."""

    webhook_id: str
    name: str
    production: bool = False
    account: str | None = None
    foreign: bool = False
    event_path: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    flow_id: str | None = None
    version: int = 0
    updated_by: str | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it fills, phone and name aside."""
        return frozenset(name for _, name in self.mapping) - {PHONE, NAME}


@dataclass(frozen=True)
class Call:
    """What arrived, and what became of it."""

    call_id: str
    at: datetime
    test: bool
    outcome: HookOutcome
    body: str
    reason: HookReason | None = None
    skipped: tuple[str, ...] = ()  # fields whose value could not stand there


@dataclass(frozen=True)
class Told:
    """What a call says: the contact's number and name, what names the event, and the values."""

    phone: str | None = None
    name: str | None = None
    event: str | None = None
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class NotJson(Exception):
    """What came is no JSON, or more of it than is looked at."""


def parsed(body: bytes) -> Any:
    """The JSON of a call, its numbers as they were written. Raises NotJson."""
    if len(body) > LARGEST:
        raise NotJson
    try:
        return json.loads(body, parse_float=str, parse_int=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotJson from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def told(hook: Hook, document: Any) -> Told:
    """What the mapping finds in a document; the first path that finds something fills a field."""
    found: dict[str, str] = {}
    for path, name in hook.mapping:
        text = text_at(document, path)
        if text is not None:
            found.setdefault(name, text)
    phone, called = found.pop(PHONE, None), found.pop(NAME, None)
    event = text_at(document, hook.event_path) if hook.event_path else None
    return Told(
        None if phone is None else NO_FRACTION.sub("", phone),
        None if called is None else called[:LONGEST_NAME],
        event,
        MappingProxyType(found),
    )


def text_at(document: Any, path: str) -> str | None:
    """What stands at «cliente.telefone» or «itens.0.nome», as a text; None: nothing does."""
    at = document
    for step in path.split("."):
        if isinstance(at, dict):
            at = at.get(step)
        elif isinstance(at, list) and step.isascii() and step.isdecimal() and len(step) < 6:
            at = at[int(step)] if int(step) < len(at) else None
        else:
            return None
    return _text(at)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return variables.YES if value else variables.NO
    if isinstance(value, str):
        plain = value.encode("utf-8", "replace").decode()  # lone surrogates are no text
        return plain.strip() or None if len(plain) <= flow_answers.LONGEST else None
    if isinstance(value, list):
        texts = [_text(one) for one in value if not isinstance(one, list | dict)]
        return ", ".join(one for one in texts if one is not None) or None
    return None


def kept_values(
    values: Mapping[str, str], known: Sequence[Field], today: date
) -> tuple[dict[str, str | None], dict[str, FieldValue | None], tuple[str, ...]]:
    """The values as fields keep them: the system's, the custom ones by id, and who has none."""
    system: dict[str, str | None] = {}
    custom: dict[str, FieldValue | None] = {}
    skipped = []
    for name, text in values.items():
        target = flow_answers.target(name, known)
        value = None if target is None else flow_answers.kept(target, text, today)
        if target is None or value is None:
            skipped.append(name)
        elif isinstance(target, str):
            system[target] = str(value)
        else:
            custom[target["field_id"]] = value
    return system, custom, tuple(skipped)


def faults(hook: Hook, known: Sequence[Field]) -> list[dict[str, str]]:
    """What stands in the way of saving it: `unknown` and `repeated` fields, and `phone_missing`.

    A webhook in production must say whose data it brings.
    """
    wrong = []
    seen: set[str] = set()
    for number, (_, name) in enumerate(hook.mapping):
        if name not in (PHONE, NAME) and flow_answers.target(name, known) is None:
            wrong.append({"path": f"mapping.{number}.field", "reason": "unknown"})
        elif name in seen:
            wrong.append({"path": f"mapping.{number}.field", "reason": "repeated"})
        seen.add(name)
    if hook.production and PHONE not in seen:
        wrong.append({"path": "mapping", "reason": "phone_missing"})
    return wrong


def event_of(told: Told, body: bytes) -> tuple[str, timedelta]:
    """What a call is remembered by, and for how long: so that a repeat changes nothing."""
    if told.event is not None:
        return digest("event", told.event), ONE_EVENT
    return digest("body", body.decode("latin-1")), ONE_CALL


def digest(*words: str) -> str:
    """A short name for these words."""
    return sha256("\x1f".join(words).encode()).hexdigest()[:32]


def naming(
    hooks: Iterable[Hook], *, flow_id: str | None = None, slug: str | None = None
) -> list[str]:
    """The names of those that fire the flow, or fill the field."""
    return [
        one.name
        for one in hooks
        if (flow_id is not None and one.flow_id == flow_id) or slug in one.fields
    ]
