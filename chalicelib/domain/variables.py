"""What `{name}` stands for in a chat: names, values, and texts with the values in place (INFO-9).

A variable is exactly `{[a-z0-9_]+}`; every other brace is a brace. What a value holds is never read
as a variable again, so that nobody can write one into their own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from chalicelib.domain import errors
from chalicelib.domain.contact import BRAZIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue
    from chalicelib.domain.profile import Profile

VARIABLE = re.compile(r"\{([a-z0-9_]+)\}")
NATIONAL = re.compile(BRAZIL + r"([1-9][0-9])([0-9]{4,5})([0-9]{4})")
CHANNELS = {"whatsapp": "WhatsApp", "instagram": "Instagram", "facebook": "Facebook"}
YES, NO = "Sim", "Não"  # read by contacts, not by users of the desk

# In the order in which they are offered; then come the custom fields.
NAMES = (
    "nome",
    "telefone",
    "canal",
    "data_nascimento",
    "cpf",
    "rg",
    "codigo_cliente",
    "email",
    "protocolo",
    "agente",
    "departamento",
)
SYSTEM = {
    "data_nascimento": "birth_date",
    "cpf": "cpf",
    "rg": "rg",
    "codigo_cliente": "customer_code",
    "email": "email",
}
SECRET = frozenset({"cpf", "rg"})  # INFO-2: masked for who may not see contacts' records
NOBODY = "?"  # what a contact is called of whom nothing is known

Reason = Literal["unknown", "empty", "hidden", "not_here"]


@dataclass(frozen=True)
class Value:
    """What a variable stands for: a text, or the key of a picture. None: nothing.

    `hidden`: it has a value which is not for this agent.
    """

    name: str
    kind: Literal["text", "image"] = "text"
    told: str | None = None
    label: str | None = None
    hidden: bool = False

    @property
    def lacks(self) -> Reason | None:
        """Why it cannot be put into a text, or None."""
        if self.hidden:
            return "hidden"
        return None if self.told else "empty"


Piece = str | Value  # of a text: words, or a picture between them


def names(text: str) -> tuple[str, ...]:
    """The variables of a text, each once, in the order of reading."""
    return tuple(dict.fromkeys(VARIABLE.findall(text)))


def values(
    chat: Chat,
    profile: Profile,
    fields: Iterable[events.Field],
    *,
    agent_name: str | None,
    department_name: str | None,
    protocol: str | None,
    masked: bool,
) -> dict[str, Value]:
    """Every variable of the chat, in the order in which they are offered (INFO-9).

    `agent_name` is of whoever writes; `protocol` of the attendance that the message is part of, so
    also of the one that it opens. `masked`: whoever writes may not see CPF and RG.
    """
    told: dict[str, str | None] = {
        "nome": None if chat.name == NOBODY else chat.name,
        "telefone": None if chat.phone is None else phone(chat.phone),
        "canal": CHANNELS[chat.channel],
        "protocolo": protocol,
        "agente": agent_name,
        "departamento": department_name,
    }
    for name, field in SYSTEM.items():
        kept = profile.system.get(field)
        told[name] = None if kept is None else _SYSTEM_FORMS.get(field, str)(kept)
    found = {}
    for name in NAMES:
        hidden = masked and name in SECRET and bool(told[name])
        found[name] = Value(name, told=None if hidden else told[name] or None, hidden=hidden)
    for one in fields:
        if one["active"] and one["slug"] not in found:
            found[one["slug"]] = _of_field(one, profile.values.get(one["field_id"]))
    return found


def _of_field(field: events.Field, kept: FieldValue | None) -> Value:
    if field["kind"] == "image":
        key = kept if isinstance(kept, str) else None
        return Value(field["slug"], "image", key, field["name"])
    return Value(field["slug"], told=_shown(field["kind"], kept), label=field["name"])


def _shown(kind: str, kept: FieldValue | None) -> str | None:
    if kept is None:
        return None
    if isinstance(kept, bool):
        return YES if kept else NO
    if isinstance(kept, list):
        return ", ".join(kept)
    return _FIELD_FORMS.get(kind, str)(kept)


def phone(digits: str) -> str:
    """A number as people write it: Brazil's without the country, others with it."""
    found = NATIONAL.fullmatch(digits)
    return f"+{digits}" if found is None else f"({found[1]}) {found[2]}-{found[3]}"


def day(written: str) -> str:
    """A day as people write it: «24/11/2026»."""
    try:
        return date.fromisoformat(written).strftime("%d/%m/%Y")
    except ValueError:
        return written


def cpf(digits: str) -> str:
    """«123.456.789-09»"""
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


_SYSTEM_FORMS: dict[str, Callable[[str], str]] = {"birth_date": day, "cpf": cpf}
_FIELD_FORMS: dict[str, Callable[[str], str]] = {
    "date": day,
    "phone": phone,
    "number": lambda number: number.replace(".", ","),
}


# --- texts with variables ---------------------------------------------------------------------


def check(texts: Iterable[str], known: Mapping[str, Value], *, pictures: bool) -> None:
    """SEND-3: raises VariablesEmpty with all that cannot be filled in any of these texts.

    `pictures`: whether they may hold pictures.
    """
    wanted = dict.fromkeys(name for text in texts for name in names(text))
    lacking = [
        {"name": name, "reason": reason}
        for name in wanted
        if (reason := _lacks(known.get(name), pictures=pictures)) is not None
    ]
    if lacking:
        raise errors.VariablesEmpty(variables=lacking)


def _lacks(value: Value | None, *, pictures: bool) -> Reason | None:
    if value is None:
        return "unknown"
    if value.kind == "image" and not pictures:
        return "not_here"
    return value.lacks


def expanded(text: str, known: Mapping[str, Value]) -> str:
    """The text with its variables' values. Raises VariablesEmpty, also for pictures."""
    check([text], known, pictures=False)
    return VARIABLE.sub(lambda match: known[match[1]].told or "", text)


def pieces(text: str, known: Mapping[str, Value]) -> list[Piece]:
    """The text with its variables' values, cut where pictures stand (SEND-4): texts and pictures.

    Raises VariablesEmpty.
    """
    check([text], known, pictures=True)
    found: list[Piece] = []
    words = ""
    start = 0
    for match in VARIABLE.finditer(text):
        words += text[start : match.start()]
        start = match.end()
        value = known[match[1]]
        if value.kind == "image":
            found += [words, value] if words else [value]
            words = ""
        else:
            words += value.told or ""
    words += text[start:]
    return [*found, words] if words else found


def view(value: Value, address: str | None) -> events.Variable:
    """As the bar offers it; `address`: where its picture is, for one that has one."""
    return {
        "name": value.name,
        "kind": value.kind,
        "label": value.label,
        "value": address if value.kind == "image" else value.told,
        "hidden": value.hidden,
    }
