"""What a contact's answer means to the node that waits for it (FLOW-4, FLOW-7).

People tap, type a number, a title or a value in their own way; None everywhere: it does not fit.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain import errors, fields, variables
from chalicelib.domain.profile import SYSTEM_FIELDS
from chalicelib.domain.words import WORD, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.events import Field, FieldKind, FieldValue, KindName
    from chalicelib.domain.flow_nodes import Answer

LONGEST = fields.LONG_TEXT_LENGTH
NUMBER = re.compile(r"\W*([0-9]{1,2})\W*")  # «2», «2)», «2️⃣»
DAY = re.compile(r"([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4})|([0-9]{8})")
LISTED = re.compile(r"[,;\n]")
YES_NO = {
    **dict.fromkeys(("s", "sim", "yes", "y", "claro", "com certeza", "quero", "isso"), True),
    **dict.fromkeys(("n", "nao", "no", "negativo", "agora nao", "nao quero"), False),
}
TYPED: frozenset[KindName] = frozenset({"text", "choice"})  # what can be an answer


def payload(run: str, node: str, option: str) -> str:
    """What a tap sends back: of which run and node it is, so that an old menu's is known."""
    return f"{run}/{node}/{option}"


def tapped(choice: str | None, run: str, node: str) -> str | None:
    """The option of a tap on this very menu; None: of an older one, or of something else."""
    start = payload(run, node, "")
    return choice.removeprefix(start) if choice and choice.startswith(start) else None


def said_as(text: str) -> str:
    """What two texts have in common that mean the same title: no case, accents or punctuation."""
    told = plain(text)
    return " ".join(WORD.findall(told)) or " ".join(told.split())


def chosen(text: str, titles: Sequence[str], *, numbered: bool) -> int | None:
    """Which of the titles was typed, or its number where they have one, from 0 on."""
    told = said_as(text[:LONGEST])
    for place, title in enumerate(titles):
        if told and said_as(title) == told:
            return place
    found = NUMBER.fullmatch(text.strip()[:40])
    if not numbered or found is None or not 1 <= int(found[1]) <= len(titles):
        return None
    return int(found[1]) - 1


def options(answer: Answer) -> tuple[str, ...]:
    """What a question offers to be tapped."""
    if answer.kind == "yes_no":
        return (variables.YES, variables.NO)
    return answer.options if answer.kind == "choice" else ()


def understood(answer: Answer, text: str, today: date) -> str | None:
    """The answer in one form: a text as typed, a day «2026-11-24», a choice's own words."""
    told = text.strip()
    if not told or len(told) > LONGEST:
        return None
    if answer.kind == "text":
        return told
    if answer.kind == "yes_no":
        says = _yes_or_no(told)
        return None if says is None else (variables.YES if says else variables.NO)
    if answer.kind == "choice":
        place = chosen(told, answer.options, numbered=True)
        return None if place is None else answer.options[place]
    try:
        if answer.kind == "cpf" or answer.kind == "email":
            return fields.system_value(answer.kind, told, path="answer", today=today)
        written = _day(told) if answer.kind == "date" else told
        value = fields.value(of_any(answer.kind), written, path="answer")
    except errors.Invalid:
        return None
    return value if isinstance(value, str) else None


def target(name: str, known: Sequence[Field]) -> Field | str | None:
    """The custom field or the system's that is called so; None: there is none, or no longer."""
    for one in known:
        if one["slug"] == name:
            return one if one["active"] else None
    system = variables.SYSTEM.get(name, name)
    return system if system in SYSTEM_FIELDS else None


def kept(field: Field | str, text: str, today: date) -> FieldValue | None:
    """The text as the field keeps it; None: it cannot stand there."""
    try:
        if isinstance(field, str):
            told = _day(text) if field == "birth_date" else text
            return fields.system_value(field, told, path="answer", today=today)
        given = _given(field, text.strip())
        return None if given is None else fields.value(field, given, path="answer")
    except errors.Invalid:
        return None


def _given(field: Field, text: str) -> FieldValue | None:
    kind = field["kind"]
    if kind == "yes_no":
        return _yes_or_no(text)
    if kind in ("choice", "choices"):
        options = field["options"]
        place = chosen(text, options, numbered=False)
        if place is not None:
            return options[place] if kind == "choice" else [options[place]]
        if kind == "choice":
            return None
        several = [chosen(one, options, numbered=False) for one in LISTED.split(text)]
        return None if None in several else [options[one] for one in several if one is not None]
    return _day(text) if kind == "date" else text


def _yes_or_no(text: str) -> bool | None:
    place = chosen(text, (variables.YES, variables.NO), numbered=True)
    return YES_NO.get(said_as(text)) if place is None else place == 0


def _day(text: str) -> str:
    """«24/12/1990», «24.12.1990» and «24121990» as fields know days; anything else as it is."""
    found = DAY.fullmatch(text.strip())
    if found is None:
        return text
    whole = found[4]
    day, month, year = (whole[:2], whole[2:4], whole[4:]) if whole else found.groups()[:3]
    return f"{year}-{int(month):02d}-{int(day):02d}"


def of_any(kind: FieldKind) -> Field:
    """A custom field of that kind, which asks for nothing else."""
    return {
        "field_id": "",
        "slug": "",
        "name": "",
        "kind": kind,
        "options": [],
        "at_closing": "no",
        "active": True,
    }
