"""Everything that Meta can do wrong, switched on and off by tests and by the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .updates import SHAPES
from .wire import Json

FAULTS = (
    "", "missing", "slow", "truncated", "wrong_type", "redirect", "huge", "huge_hidden",
    "sha_mismatch", "expired",
)  # fmt: skip
WORDS = {"media_fault": FAULTS, "instagram_shape": SHAPES}


class BadMisbehaviourError(ValueError):
    """The request to misbehave names an unknown wish or gives it a value of the wrong shape."""


@dataclass
class ErrorRule:
    """Sends to `contact` (any of their addresses, or * for all) end in `code`.

    `times` sends, or all while it is None. Asynchronous ones are accepted and fail by webhook.
    """

    code: int
    contact: str = "*"
    times: int | None = None
    asynchronous: bool = False
    subcode: int | None = None

    def to_json(self) -> Json:
        """In the words of the API."""
        told = {
            "contact": self.contact, "code": self.code,
            "times": self.times, "async": self.asynchronous,
        }  # fmt: skip
        return told if self.subcode is None else told | {"subcode": self.subcode}

    @classmethod
    def from_json(cls, wish: Any) -> ErrorRule:
        """The rule asked for. Raises BadMisbehaviourError."""
        if not isinstance(wish, dict) or not isinstance(wish.get("code"), int):
            raise BadMisbehaviourError("error needs {code: number, contact?, times?, async?}")
        unknown = set(wish) - {"contact", "code", "times", "async", "subcode"}
        if unknown:
            raise BadMisbehaviourError(f"error has no {sorted(unknown)}")
        return cls(
            code=wish["code"],
            contact=str(wish.get("contact", "*")),
            times=wish.get("times"),
            asynchronous=bool(wish.get("async", False)),
            subcode=wish.get("subcode"),
        )


@dataclass
class Misbehaviour:
    """The wishes in force. A number that counts sends goes down by itself; 0 and false are off."""

    duplicate: int = 0
    reorder: bool = False
    one_at_a_time: bool = False
    batch: int = 0
    delay_ms: int = 0
    drop_answer: int = 0
    error: list[ErrorRule] = field(default_factory=list)
    expired_token: bool = False
    server_error: int = 0
    bad_gateway: int = 0
    bad_gateway_after: int = 0
    slow_answer_ms: int = 0
    slow_media_ms: int = 0
    hold_statuses: bool = False
    statuses_before_answer: bool = False
    pair_limit: bool = False
    async_refusals: bool = False
    no_human_agent: bool = False
    plain_number: bool = False
    expired_links: bool = False
    media_fault: str = ""
    instagram_shape: str = "messaging"

    def change(self, wishes: Json) -> None:
        """Apply some wishes, leaving the others; `reset` first. Raises BadMisbehaviourError."""
        known = {part.name: part.type for part in fields(self)}
        unknown = set(wishes) - set(known) - {"reset"}
        if unknown:
            raise BadMisbehaviourError(f"unknown: {sorted(unknown)}; known: {sorted(known)}")
        changes: Json = {}
        for name, value in wishes.items():
            if name == "error":
                changes[name] = self._rules(value)
            elif name != "reset":
                changes[name] = _checked(name, value, kind=str(known[name]))
        if wishes.get("reset"):
            vars(self).update(vars(Misbehaviour()))
        for name, value in changes.items():
            setattr(self, name, value)

    def take(self, name: str) -> bool:
        """Whether a counted wish applies to this send; counts it."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True

    def take_error(self, addresses: set[str]) -> ErrorRule | None:
        """The error wished for a send to a contact with these addresses; counts it."""
        for rule in self.error:
            if rule.contact == "*" or rule.contact in addresses:
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self.error.remove(rule)
                return rule
        return None

    def to_json(self) -> Json:
        """The present wishes, in the words of POST /misbehave."""
        return asdict(self) | {"error": [rule.to_json() for rule in self.error]}

    def _rules(self, wish: Any) -> list[ErrorRule]:
        if not wish:
            return []
        asked = [ErrorRule.from_json(one) for one in (wish if isinstance(wish, list) else [wish])]
        renewed = {rule.contact for rule in asked}
        return [rule for rule in self.error if rule.contact not in renewed] + asked


def _checked(name: str, value: Any, *, kind: str) -> int | bool | str:
    if kind == "str":
        if value not in WORDS[name]:
            raise BadMisbehaviourError(f"{name} is one of {list(WORDS[name])}")
        return str(value)
    if kind == "bool":
        if not isinstance(value, bool):
            raise BadMisbehaviourError(f"{name} is true or false")
        return value
    if not isinstance(value, int) or value < 0:
        raise BadMisbehaviourError(f"{name} is a number, 0 or more")
    return int(value)
