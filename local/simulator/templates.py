"""Message templates: the catalogue, the checks of a send, how a phone renders one (META.md 6)."""

import json
import re
from pathlib import Path
from typing import Any

from .errors import GraphError
from .store import Store
from .wire import Json, as_object, as_objects

KIND = "template"
CATALOGUE = Path(__file__).with_name("templates.json")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
DELETED = "DELETED"
LONGEST_CODE = 20
SUB_TYPES = {"OTP": "URL"}
MEDIA_HEADERS = {"IMAGE", "VIDEO", "DOCUMENT", "GIF", "LOCATION"}


class Templates:
    """The templates of the business, by (name, language)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = {_key(document): document for document in store.all(KIND)}

    def all(self) -> list[Json]:
        """Every template: Meta's examples with the changes that tests made."""
        known = self._known().values()
        return [template for template in known if template["status"] != DELETED]

    def known(self, name: str, language: str) -> Json | None:
        """The template of that name and language, deleted or not."""
        return self._known().get((name, language))

    def put(self, changes: Json) -> Json:
        """Change a template, or add one when (name, language) is new."""
        known = self._known().get(_key(changes))
        fresh = {
            "id": str(700000000000000 + len(self._known())), "category": "UTILITY",
            "status": "APPROVED", "parameter_format": "POSITIONAL", "rejected_reason": "NONE",
            "quality_score": {"score": "UNKNOWN"}, "components": [],
        }  # fmt: skip
        template = (known or fresh) | changes
        self._changed[_key(template)] = template
        self._store.put(KIND, "/".join(_key(template)), template)
        return template

    def delete(self, name: str, language: str) -> bool:
        """Take a template away, as the business may at any time; whether it was there."""
        there = any(_key(one) == (name, language) for one in self.all())
        if there:
            self.put({"name": name, "language": language, "status": DELETED})
        return there

    def clear(self) -> None:
        """Back to Meta's examples."""
        self._changed.clear()
        self._store.clear(KIND)

    def _known(self) -> dict[tuple[str, str], Json]:
        shipped = {_key(template): template for template in json.loads(CATALOGUE.read_text())}
        return shipped | self._changed

    def render(self, asked: Json) -> Json:
        """What the phone shows for `template` of a send. Raises GraphError."""
        name, language = asked.get("name"), as_object(asked.get("language")).get("code")
        template = next((one for one in self.all() if _key(one) == (name, language)), None)
        if template is None:
            raise GraphError(
                132001, f"template name ({name}) does not exist in {language}",
                message="(#132001) Template name does not exist in the translation",
            )  # fmt: skip
        if template["status"] == "PAUSED":
            raise GraphError(132015)
        if template["status"] == "DISABLED":
            raise GraphError(132016)
        if template["status"] != "APPROVED":
            raise GraphError(132001, f"template ({name}) is not approved")
        return _rendered(template, as_objects(asked.get("components")))


def _rendered(template: Json, given: list[Json]) -> Json:
    named = template["parameter_format"] == "NAMED"
    shown: Json = {"name": template["name"], "category": template["category"], "buttons": []}
    for component in template["components"]:
        kind = component["type"]
        if kind == "BUTTONS":
            for index, button in enumerate(component["buttons"]):
                shown["buttons"].append(_button(button, index, given))
            continue
        parameters = _parameters(given, kind.lower())
        if component.get("format") in MEDIA_HEADERS:
            shown["header_media"] = _media(component["format"].lower(), parameters)
        else:
            shown[kind.lower()] = _filled(
                component.get("text", ""), parameters, kind.lower(), named=named
            )
    return shown


def _parameters(given: list[Json], kind: str) -> list[Json]:
    for component in given:
        if str(component.get("type", "")).lower() == kind:
            return as_objects(component.get("parameters"))
    return []


def _media(kind: str, parameters: list[Json]) -> Json:
    if len(parameters) != 1:
        raise GraphError(132012, f"header: Format mismatch, expected {kind.upper()}")
    parameter = parameters[0]
    if parameter.get("type") != kind or not isinstance(parameter.get(kind), dict):
        raise GraphError(
            132012,
            f"header: Format mismatch, expected {kind.upper()}, received"
            f" {str(parameter.get('type')).upper()}",
        )
    return {"type": kind, kind: parameter[kind]}


def _filled(text: str, parameters: list[Json], where: str, *, named: bool) -> str:
    wanted = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(parameters) != len(wanted):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the"
            f" expected number of params ({len(wanted)})",
        )
    values: dict[str, str] = {}
    for position, parameter in enumerate(parameters, 1):
        key = str(parameter.get("parameter_name") or "") if named else str(position)
        if key not in wanted:
            raise GraphError(132012, f"{where}: Parameter name is missing or empty")
        values[key] = _value(parameter, where)
    if len(values) != len(wanted):
        raise GraphError(132012, f"{where}: a parameter is given twice")
    return VARIABLE.sub(lambda match: values[match[1]], text)


def _value(parameter: Json, where: str) -> str:
    kind = parameter.get("type", "text")
    value: Any = parameter.get("text")
    if kind in ("currency", "date_time"):
        value = as_object(parameter.get(kind)).get("fallback_value")
    if not isinstance(value, str) or not value:
        raise GraphError(131008, f"Parameter of type {kind} is missing text value in {where}")
    if "\n" in value or "\t" in value or "     " in value:
        raise GraphError(
            100,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        )
    return value


def _button(button: Json, index: int, given: list[Json]) -> Json:
    shown = {"type": button["type"], "text": button["text"]}
    parameters: list[Json] = []
    for component in given:
        if str(component.get("type", "")).lower() != "button":
            continue
        if str(component.get("index")) != str(index):
            continue
        sub_type = str(component.get("sub_type", "")).upper()
        if sub_type != SUB_TYPES.get(button["type"], button["type"]):
            raise GraphError(
                132012, f"buttons: Button at index {index} is {button['type']}, not {sub_type}"
            )
        parameters = as_objects(component.get("parameters"))
    if button["type"] == "URL":
        if VARIABLE.search(button["url"]) and not parameters:
            raise GraphError(
                131008, f"buttons: Button at index {index} of type Url requires a parameter"
            )
        suffix = str(parameters[0].get("text", "")) if parameters else ""
        shown["url"] = VARIABLE.sub(lambda _: suffix, button["url"])
    if button["type"] == "COPY_CODE":
        code = parameters[0].get("coupon_code") if parameters else None
        if not isinstance(code, str) or not code:
            raise GraphError(
                131008, f"buttons: Button at index {index} of type CopyCode requires a parameter"
            )
        if len(code) > LONGEST_CODE:
            raise GraphError(
                132005, f"buttons: coupon_code has more than {LONGEST_CODE} characters"
            )
        shown["code"] = code
    if button["type"] == "QUICK_REPLY":
        payload = parameters[0].get("payload") if parameters else None
        shown["payload"] = payload or button["text"]
    return shown


def _key(template: Json) -> tuple[str, str]:
    return str(template.get("name")), str(template.get("language"))
