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
VALUE_LIMIT = 1024
UNSENDABLE = re.compile(r"[\n\t]| {5}")  # Meta refuses these in a value (META.md §6)


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
        """As Graph wants it (META.md §4)."""
        found = []
        for part in ("header", "body"):
            parameters = [
                {
                    "type": "text",
                    **({"parameter_name": key.partition(".")[2]} if self.named else {}),
                    "text": value,
                }
                for key, value in self.values.items()
                if key.startswith(f"{part}.")
            ]
            if parameters:
                found.append({"type": part, "parameters": parameters})
        return found


def listed(told: Mapping[str, Any]) -> Template | None:
    """The template that an agent may choose, or None (SEND-2).

    Only approved ones, none for authentication, and none that asks for more than text: a picture
    in its header, or a value in a button's address.
    """
    category = CATEGORIES.get(str(told.get("category")))
    if told.get("status") != APPROVED or category is None:
        return None
    texts: dict[str, str] = {}
    buttons: list[str] = []
    for component in told.get("components") or ():
        kind = str(component.get("type")).lower()
        if kind == "buttons":
            for button in component.get("buttons") or ():
                if VARIABLE.search(str(button.get("url", ""))) or button.get("type") in (
                    "COPY_CODE",
                    "OTP",
                    "FLOW",
                    "CATALOG",
                    "MPM",
                ):
                    return None
                buttons.append(str(button.get("text", "")))
        elif kind in ("header", "body", "footer"):
            if str(component.get("format", "TEXT")) != "TEXT":
                return None
            texts[kind] = str(component.get("text", ""))
        else:
            return None
    return Template(
        name=str(told.get("name")),
        language=str(told.get("language")),
        category=category,
        named=told.get("parameter_format") == "NAMED",
        header=texts.get("header", ""),
        body=texts.get("body", ""),
        footer=texts.get("footer", ""),
        buttons=tuple(buttons),
    )


def fill(template: Template, values: Mapping[str, str]) -> Filled:
    """The template with a value for every variable and for nothing else; raises Invalid."""
    wanted = template.variables
    wrong = [
        {"path": f"values.{key}", "reason": reason}
        for key in dict.fromkeys((*wanted, *values))
        if (reason := _refused(key, wanted, values)) is not None
    ]
    if wrong:
        raise errors.Invalid(fields=wrong)
    return Filled(
        template.name,
        template.language,
        template.named,
        MappingProxyType({key: values[key].strip() for key in wanted}),
    )


def text_of(template: Template, values: Mapping[str, str]) -> str:
    """What the contact reads: header, body and footer, with the values in their places."""
    parts = (
        _with("header", template.header, values),
        _with("body", template.body, values),
        template.footer,
    )
    return "\n\n".join(part for part in parts if part)


def view(template: Template) -> events.Template:
    """As the page shows it, to be chosen and filled."""
    return {
        "name": template.name,
        "language": template.language,
        "category": cast("Any", template.category),
        "header": template.header,
        "body": template.body,
        "footer": template.footer,
        "buttons": list(template.buttons),
        "variables": list(template.variables),
    }


def _variables(part: str, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{part}.{name}" for name in VARIABLE.findall(text)))


def _with(part: str, text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda match: values[f"{part}.{match[1]}"], text)


def _refused(key: str, wanted: tuple[str, ...], values: Mapping[str, str]) -> str | None:
    if key not in wanted:
        return "unknown"
    value = values.get(key, "").strip()
    if not value:
        return "empty"
    if len(value) > VALUE_LIMIT:
        return "too_long"
    return "unsendable" if UNSENDABLE.search(value) else None
