"""Message templates: what Meta approved, filled and checked before anything is sent (SEND-2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
APPROVED = "APPROVED"
CATEGORIES = {"UTILITY": "utility", "MARKETING": "marketing"}
# Buttons that ask for nothing when the template is sent.
PLAIN_BUTTONS = frozenset(
    {"QUICK_REPLY", "URL", "PHONE_NUMBER", "VOICE_CALL", "REQUEST_CONTACT_INFO"}
)
LENGTHS = {"header": 60, "body": 1024}  # with the values in their places (META.md §6)
UNSENDABLE = re.compile(r"[\r\n\t]| {5}")  # Meta refuses these in a value (META.md §6)


@dataclass(frozen=True)
class Template:
    """A template as Meta has it now, as far as text goes. Texts hold «{{1}}» or «{{name}}»."""

    name: str
    language: str
    category: str
    named: bool
    header: str
    body: str
    footer: str
    buttons: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """What must be filled, «header.1», «body.1», in the order of reading."""
        return (*_variables("header", self.header), *_variables("body", self.body))


@dataclass(frozen=True)
class Filled:
    """A template on its way: its name, its language, and a value for each variable."""

    name: str
    language: str
    named: bool
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def components(self) -> list[dict[str, Any]]:
        """As Graph wants it (META.md §4): without names, in the order of their numbers."""
        found = []
        for part in LENGTHS:
            values = {
                key.partition(".")[2]: value
                for key, value in self.values.items()
                if key.startswith(f"{part}.")
            }
            parameters: list[dict[str, str]]
            if self.named:
                parameters = [
                    {"type": "text", "parameter_name": name, "text": value}
                    for name, value in values.items()
                ]
            else:
                parameters = [
                    {"type": "text", "text": values[number]} for number in sorted(values, key=int)
                ]
            if parameters:
                found.append({"type": part, "parameters": parameters})
        return found


def listed(told: Mapping[str, Any]) -> Template | None:
    """The template that an agent may choose, or None (SEND-2).

    Only approved ones, none for authentication, and, so far, none that asks for more than text: a
    picture in its header, a value in a button's address, a coupon, cards to leaf through.
    """
    name, language = told.get("name"), told.get("language")
    category = CATEGORIES.get(str(told.get("category")))
    parts = _parts(told.get("components"))
    if told.get("status") != APPROVED or category is None or parts is None:
        return None
    if not (isinstance(name, str) and isinstance(language, str)):
        return None
    texts, buttons = parts
    numbered = all(variable.isdecimal() for text in texts.values() for variable in _names(text))
    if not texts.get("body") or _names(texts.get("footer", "")):
        return None
    return Template(
        name=name,
        language=language,
        category=category,
        named=told.get("parameter_format") == "NAMED" or not numbered,
        header=texts.get("header", ""),
        body=texts["body"],
        footer=texts.get("footer", ""),
        buttons=buttons,
    )


def _parts(components: object) -> tuple[dict[str, str], tuple[str, ...]] | None:
    """The texts by their part, and the buttons' words; None when there is more than text."""
    texts: dict[str, str] = {}
    buttons: list[str] = []
    for component in components if isinstance(components, list) else ():
        match component:
            case {"type": "BUTTONS", "buttons": list(several)}:
                if not all(_is_plain(button) for button in several):
                    return None
                buttons += [button["text"] for button in several]
            case {"type": "HEADER", "format": "TEXT", "text": str(text)}:
                texts["header"] = text
            case {"type": "BODY" | "FOOTER" as part, "text": str(text)}:
                texts[part.lower()] = text
            case _:
                return None
    return texts, tuple(buttons)


def _is_plain(button: object) -> bool:
    match button:
        case {"type": str(kind), "text": str(), "url": str(url)}:
            return kind in PLAIN_BUTTONS and VARIABLE.search(url) is None
        case {"type": str(kind), "text": str()}:
            return kind in PLAIN_BUTTONS
    return False


def fill(template: Template, values: Mapping[str, str]) -> Filled:
    """The template with a value for every variable and for nothing else.

    Raises Invalid, with `values.<variable>` and the reason `unknown`, `empty`, `unsendable` (a line
    break, a tab, five blanks) or `too_long` (the part is, with all of its values).
    """
    given = {key: value.strip() for key, value in values.items()}
    wrong = {
        key: reason
        for key in dict.fromkeys((*template.variables, *given))
        if (reason := _refused(key, template.variables, given)) is not None
    }
    if not wrong:
        wrong = {
            key: "too_long"
            for part, text in (("header", template.header), ("body", template.body))
            for key in _variables(part, text)
            if len(_with(part, text, given)) > LENGTHS[part]
        }
    if wrong:
        fields = [{"path": f"values.{key}", "reason": reason} for key, reason in wrong.items()]
        raise errors.Invalid(fields=fields)
    filled = MappingProxyType({key: given[key] for key in template.variables})
    return Filled(template.name, template.language, template.named, filled)


def text_of(template: Template, filled: Filled) -> str:
    """What the contact reads: header, body and footer, with the values in their places."""
    parts = (
        _with("header", template.header, filled.values),
        _with("body", template.body, filled.values),
        template.footer,
    )
    return "\n\n".join(part for part in parts if part)


def view(template: Template) -> events.Template:
    """As the page shows it, to be chosen and filled."""
    return {
        "template_id": f"{template.name}-{template.language}",
        "name": template.name,
        "language": template.language,
        "category": cast("Any", template.category),
        "status": "approved",
        "sendable": True,
        "unsendable_because": None,
        "reason": None,
        "quality": None,
        "header_kind": "text" if template.header else "none",
        "header": template.header,
        "body": template.body,
        "footer": template.footer,
        "buttons": [
            {"kind": "quick_reply", "text": text, "variable": None} for text in template.buttons
        ],
        "variables": list(template.variables),
        "bindings": {},
        "price": None,
    }


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(VARIABLE.findall(text)))


def _variables(part: str, text: str) -> tuple[str, ...]:
    return tuple(f"{part}.{name}" for name in _names(text))


def _with(part: str, text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda match: values[f"{part}.{match[1]}"], text)


def _refused(key: str, wanted: tuple[str, ...], given: Mapping[str, str]) -> str | None:
    if key not in wanted:
        return "unknown"
    value = given.get(key, "")
    if not value:
        return "empty"
    return "unsendable" if UNSENDABLE.search(value) else None
