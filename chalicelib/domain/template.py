"""Message templates: as Meta defined them, filled and checked before anything is sent (SEND-2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.events import HeaderKind, TemplateStatus

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
HEADER_FILE = "header.file"
CATEGORIES = {"UTILITY": "utility", "MARKETING": "marketing", "AUTHENTICATION": "authentication"}
MEDIA_HEADERS: dict[str, HeaderKind] = {
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
}
# Meta's words, of the list and of its webhooks; one that is not here says nothing that we know.
STATUSES: dict[str, TemplateStatus] = {
    "APPROVED": "approved",
    "REINSTATED": "approved",
    "FLAGGED": "approved",  # a warning: it may be sent until it is paused
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "DISABLED": "disabled",
    "LOCKED": "disabled",
    "ARCHIVED": "disabled",
    "LIMIT_EXCEEDED": "disabled",
    "PENDING_DELETION": "deleted",
    "DELETED": "deleted",
}
# Buttons that ask for nothing when the template is sent.
PLAIN_BUTTONS = frozenset(
    {"QUICK_REPLY", "URL", "PHONE_NUMBER", "VOICE_CALL", "REQUEST_CONTACT_INFO"}
)
COUPON = "copy_code"
LENGTHS = {"header": 60, "body": 1024}  # with the values in their places (META.md §6)
BUTTON_LENGTHS = {"url": 2000, COUPON: 20}  # of what a button is given
UNSENDABLE = re.compile(r"[\r\n\t]| {5}")  # Meta refuses these in a value (META.md §6)


@dataclass(frozen=True)
class Button:
    """A button. `kind` is Meta's word in lower case; `variable`: what it needs filled, or None."""

    kind: str
    text: str
    variable: str | None = None


@dataclass(frozen=True)
class Template:
    """A template as Meta last told of it. Texts hold «{{1}}» or «{{name}}».

    `supported`: it has nothing but what this desk can fill and show.
    """

    name: str
    language: str
    category: str
    named: bool
    header: str
    body: str
    footer: str
    buttons: tuple[Button, ...] = ()
    header_kind: HeaderKind = "none"
    status: TemplateStatus = "approved"
    supported: bool = True
    reason: str | None = None
    quality: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """What must be filled, «header.1», «body.1», «button.0», in the order of reading."""
        file = (HEADER_FILE,) if self.header_kind in MEDIA_HEADERS.values() else ()
        buttons = [one.variable for one in self.buttons if one.variable is not None]
        texts = (*_variables("header", self.header), *_variables("body", self.body))
        return (*file, *texts, *buttons)

    @property
    def unsendable_because(self) -> str | None:
        """Why no agent may send it: `status`, `authentication`, `unsupported`; None: they may."""
        if self.status != "approved":
            return "status"
        if self.category == "authentication":
            return "authentication"
        return None if self.supported else "unsupported"

    @property
    def sendable(self) -> bool:
        """Whether an agent may send it (SEND-2)."""
        return self.unsendable_because is None


@dataclass(frozen=True)
class Filled:
    """A template on its way: its name, its language, and a value for each variable.

    `buttons` says of which kind the buttons are that have one. The value of `header.file` is the
    key under which the file was uploaded; what Meta calls it is known only when it is sent.
    """

    name: str
    language: str
    named: bool
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    header_kind: HeaderKind = "none"
    buttons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def file(self) -> str | None:
        """The key of the header's file, for a template that has one."""
        return None if self.header_kind == "none" else self.values.get(HEADER_FILE)

    def components(self, file: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """As Graph wants it (META.md §4): without names, in the order of their numbers.

        `file` is the header's: `{"id": …}` or `{"link": …}`, and of a document its `filename`.
        """
        found: list[dict[str, Any]] = []
        if self.file is not None:
            shown = {"type": self.header_kind, self.header_kind: dict(file or {})}
            found.append({"type": "header", "parameters": [shown]})
        for part in LENGTHS:
            parameters = self._texts(part)
            if parameters:
                found.append({"type": part, "parameters": parameters})
        for variable, kind in self.buttons.items():
            value = self.values[variable]
            given = (
                {"type": "coupon_code", "coupon_code": value}
                if kind == COUPON
                else {"type": "text", "text": value}
            )
            index = variable.partition(".")[2]
            found.append(
                {"type": "button", "sub_type": kind, "index": index, "parameters": [given]}
            )
        return found

    def _texts(self, part: str) -> list[dict[str, str]]:
        values = {
            key.partition(".")[2]: value
            for key, value in self.values.items()
            if key.startswith(f"{part}.") and key != HEADER_FILE
        }
        if self.named:
            return [
                {"type": "text", "parameter_name": name, "text": value}
                for name, value in values.items()
            ]
        return [{"type": "text", "text": values[number]} for number in sorted(values, key=int)]


# --- as Meta tells of it ----------------------------------------------------------------------


def defined(
    told: Mapping[str, Any],
    *,
    status: TemplateStatus | None = None,
    reason: str | None = None,
    quality: str | None = None,
) -> Template | None:
    """The template of Meta's JSON; None for what has no name, language or category that we know.

    What was told apart of its status, reason and quality stands above what the JSON says. One with
    more than this desk can fill (cards to leaf through, a place in its header, a form) is there,
    to be seen and not to be sent.
    """
    name, language = told.get("name"), told.get("language")
    category = CATEGORIES.get(str(told.get("category")))
    if not (isinstance(name, str) and name and isinstance(language, str) and language):
        return None
    if category is None:
        return None
    parts = _Parts.of(told.get("components"))
    texts = (parts.header, parts.body)
    numbered = all(variable.isdecimal() for text in texts for variable in _names(text))
    return Template(
        name=name,
        language=language,
        category=category,
        named=told.get("parameter_format") == "NAMED" or not numbered,
        header=parts.header,
        body=parts.body,
        footer=parts.footer,
        buttons=parts.buttons,
        header_kind=parts.header_kind,
        status=status or status_of(told) or "pending",
        supported=parts.supported,
        reason=reason,
        quality=quality,
    )


def status_of(told: Mapping[str, Any]) -> TemplateStatus | None:
    """Meta's word for its status, in ours; None for a word that we do not know."""
    return STATUSES.get(str(told.get("status")).upper())


def reason_of(told: Mapping[str, Any]) -> str | None:
    """Meta's reason for a rejection or a pause, if there is one."""
    reason = told.get("rejected_reason") or told.get("reason")
    return reason[:300] if isinstance(reason, str) and reason.upper() != "NONE" else None


def quality_of(told: Mapping[str, Any]) -> str | None:
    """Meta's word for how it is received: GREEN, YELLOW, RED; None while it is unknown."""
    score = told.get("quality_score")
    word = score.get("score") if isinstance(score, dict) else score
    return word if isinstance(word, str) and word not in ("", "UNKNOWN") else None


@dataclass
class _Parts:
    """What the components of a template say."""

    header: str = ""
    header_kind: HeaderKind = "none"
    body: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    supported: bool = True

    @staticmethod
    def of(components: object) -> _Parts:
        """Read them; whatever is not understood makes the template one that cannot be sent."""
        found = _Parts()
        for component in components if isinstance(components, list) else ():
            found._read(component)
        if not found.body or _names(found.footer):
            found.supported = False
        if HEADER_FILE in _variables("header", found.header):
            found.supported = False  # it would be taken for a file's
        return found

    def _read(self, component: object) -> None:
        match component:
            case {"type": "BUTTONS", "buttons": list(several)}:
                for button in several:
                    self._read_button(button)
            case {"type": "HEADER", "format": "TEXT", "text": str(text)}:
                self.header, self.header_kind = text, "text"
            case {"type": "HEADER", "format": str(kind)} if kind in MEDIA_HEADERS:
                self.header_kind = MEDIA_HEADERS[kind]
            case {"type": "BODY", "text": str(text)}:
                self.body = text
            case {"type": "FOOTER", "text": str(text)}:
                self.footer = text
            case _:
                self.supported = False

    def _read_button(self, button: object) -> None:
        variable = f"button.{len(self.buttons)}"
        match button:
            case {"type": "COPY_CODE", **more}:
                text = more.get("text")
                shown = text if isinstance(text, str) else ""
                self._add(Button(COUPON, shown, variable))
            case {"type": "URL", "text": str(text), "url": str(url)}:
                asks = VARIABLE.search(url) is not None
                self._add(Button("url", text, variable if asks else None))
            case {"type": str(kind), "text": str(text)}:
                self._add(Button(kind.lower(), text))
                self.supported = self.supported and kind in PLAIN_BUTTONS
            case _:
                self.supported = False

    def _add(self, button: Button) -> None:
        self.buttons = (*self.buttons, button)


# --- filled -----------------------------------------------------------------------------------


def fill(template: Template, values: Mapping[str, str]) -> Filled:
    """The template with a value for every variable and for nothing else.

    Raises Invalid, with `values.<variable>` and the reason `unknown`, `empty`, `unsendable` (a line
    break, a tab, five blanks) or `too_long` (the part is, with all of its values). Whether there is
    a file under the key that `header.file` has is not asked here.
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
        } | {
            one.variable: "too_long"
            for one in template.buttons
            if one.variable is not None and len(given[one.variable]) > BUTTON_LENGTHS[one.kind]
        }
    if wrong:
        fields = [{"path": f"values.{key}", "reason": reason} for key, reason in wrong.items()]
        raise errors.Invalid(fields=fields)
    return Filled(
        name=template.name,
        language=template.language,
        named=template.named,
        values=MappingProxyType({key: given[key] for key in template.variables}),
        header_kind=template.header_kind if template.header_kind != "text" else "none",
        buttons=MappingProxyType(
            {one.variable: one.kind for one in template.buttons if one.variable is not None}
        ),
    )


def text_of(template: Template, filled: Filled) -> str:
    """What the contact reads: header, body and footer, with the values in their places."""
    shown = parts(template, filled)
    return "\n\n".join(part for part in (shown["header"], shown["body"], shown["footer"]) if part)


def parts(template: Template, filled: Filled) -> events.TemplateParts:
    """The same, part by part, with the buttons under it: what the message keeps of it."""
    return {
        "name": template.name,
        "header": _with("header", template.header, filled.values),
        "body": _with("body", template.body, filled.values),
        "footer": template.footer,
        "buttons": [one.text for one in template.buttons],
    }


def check_bindings(template: Template, bindings: Mapping[str, str]) -> dict[str, str]:
    """What its variables are filled with unless something else is typed; blanks bind nothing.

    A file is chosen each time. Raises Invalid, at `bindings.<variable>`: `unknown`, `unsendable`.
    """
    kept = {key: value.strip() for key, value in bindings.items() if value.strip()}
    bindable = [one for one in template.variables if one != HEADER_FILE]
    wrong = [
        {"path": f"bindings.{key}", "reason": reason}
        for key in kept
        if (reason := _refused(key, tuple(bindable), kept)) is not None
    ]
    if wrong:
        raise errors.Invalid(fields=wrong)
    return kept


def view(
    template: Template,
    template_id: str,
    *,
    bindings: Mapping[str, str] | None = None,
    price: events.Price | None = None,
) -> events.Template:
    """As the page shows it, to be looked at, or to be chosen and filled."""
    known = template.variables
    return {
        "template_id": template_id,
        "name": template.name,
        "language": template.language,
        "category": cast("Any", template.category),
        "status": template.status,
        "sendable": template.sendable,
        "unsendable_because": cast("Any", template.unsendable_because),
        "reason": template.reason,
        "quality": template.quality,
        "header_kind": template.header_kind,
        "header": template.header,
        "body": template.body,
        "footer": template.footer,
        "buttons": [
            {"kind": one.kind, "text": one.text, "variable": one.variable}
            for one in template.buttons
        ],
        "variables": list(known),
        # Of variables that it has no longer nothing is left to be filled.
        "bindings": {key: text for key, text in (bindings or {}).items() if key in known},
        "price": price,
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
