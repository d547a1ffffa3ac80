"""Shapes of JSON: one table checks it, reads it, writes it and publishes it as JSON Schema.

A shape's `faults` tells what is wrong and where; what has none may be read. What a text names
beyond its own shape (nodes, tags, variables) is looked at by an `Eye`, who sees every name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.events import FlowFault

# A «variable» is a field or anything else that texts may name (INFO-9).
NameKind = Literal["node", "tag", "field", "variable", "agent", "department", "flow"]
# What variables a text may hold: none; in what is sent, also pictures; in what fills something.
Variables = Literal["none", "said", "pictures", "filled"]

ID = r"^[a-z0-9_-]{1,40}$"  # of nodes and options
NAME = r"^[0-9A-Za-z_.:-]{1,80}$"  # ids of what the agency has


class Eye(Protocol):
    """Who sees each name and each text with variables, and says what is wrong with it."""

    def name(self, kind: NameKind, name: str) -> str | None:
        """A reason, or None."""

    def text(self, text: str, holds: Variables, path: str) -> Iterator[FlowFault]:
        """What is wrong with a text that may hold variables."""


def fault(path: str, reason: str, name: object = None) -> FlowFault:
    """One fault; `name`: what is named, or the limit."""
    if name is None:
        return {"path": path, "reason": reason}
    return {"path": path, "reason": reason, "name": str(name)[:80]}


class Shape:
    """What a value may be; it is read and written as it stands, unless a kind says otherwise."""

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        """What is wrong with the value."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema, as far as that goes."""
        raise NotImplementedError

    def read(self, value: Any) -> Any:
        """What the value means. It has no faults."""
        return value

    def write(self, value: Any) -> Any:
        """The value that is read so."""
        return value


@dataclass(frozen=True)
class Text(Shape):
    """A text of so many characters that is not blank; `least` 0: it may be."""

    most: int
    least: int = 1
    variables: Variables = "none"
    pattern: str | None = None

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, str):
            yield fault(path, "wrong_kind")
        elif len(value) > self.most:
            yield fault(path, "too_long", self.most)
        elif self.least and not value.strip():
            yield fault(path, "empty")
        elif not _writable(value) or (self.pattern and not re.search(self.pattern, value)):
            yield fault(path, "malformed")
        elif self.variables != "none":
            yield from eye.text(value, self.variables, path)

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "string", "maxLength": self.most}
        if self.least:
            found["minLength"] = self.least
        return found if self.pattern is None else {**found, "pattern": self.pattern}


@dataclass(frozen=True)
class Name(Shape):
    """The id or name of something that is to exist; `nullable`: or nothing."""

    kind: NameKind
    nullable: bool = False

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if value is None and self.nullable:
            return
        if not isinstance(value, str):
            yield fault(path, "wrong_kind")
        elif not re.search(self._pattern, value) or value.endswith("\n"):
            yield fault(path, "malformed")
        elif reason := eye.name(self.kind, value):
            yield fault(path, reason, value)

    def schema(self) -> dict[str, Any]:
        kinds: str | list[str] = ["string", "null"] if self.nullable else "string"
        return {"type": kinds, "pattern": self._pattern}

    @property
    def _pattern(self) -> str:
        return ID if self.kind == "node" else NAME


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number, both bounds included."""

    least: int
    most: int

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault(path, "wrong_kind")
        elif value < self.least:
            yield fault(path, "too_small", self.least)
        elif value > self.most:
            yield fault(path, "too_large", self.most)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of some words."""

    words: tuple[str, ...]

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, str):
            yield fault(path, "wrong_kind")
        elif value not in self.words:
            yield fault(path, "unknown", value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Nothing(Shape):
    """Null."""

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if value is not None:
            yield fault(path, "wrong_kind")

    def schema(self) -> dict[str, Any]:
        return {"type": "null"}


@dataclass(frozen=True)
class Maybe(Shape):
    """The shape, or null."""

    of: Shape

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if value is not None:
            yield from self.of.faults(value, path, eye)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.of.schema(), {"type": "null"}]}

    def read(self, value: Any) -> Any:
        return None if value is None else self.of.read(value)

    def write(self, value: Any) -> Any:
        return None if value is None else self.of.write(value)


@dataclass(frozen=True)
class Several(Shape):
    """A list; it is read as a tuple."""

    of: Shape
    least: int
    most: int

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, list):
            yield fault(path, "wrong_kind")
            return
        if len(value) < self.least:
            yield fault(path, "too_few", self.least)
        if len(value) > self.most:
            yield fault(path, "too_many", self.most)
        for place, one in enumerate(value[: self.most]):
            yield from self.of.faults(one, f"{path}[{place}]", eye)

    def schema(self) -> dict[str, Any]:
        bounds = {"minItems": self.least, "maxItems": self.most}
        return {"type": "array", "items": self.of.schema(), **bounds}

    def read(self, value: Any) -> Any:
        return tuple(self.of.read(one) for one in value)

    def write(self, value: Any) -> Any:
        return [self.of.write(one) for one in value]


@dataclass(frozen=True)
class Named(Shape):
    """Values by names that have a pattern."""

    of: Shape
    pattern: str
    least: int
    most: int

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, dict):
            yield fault(path, "wrong_kind")
            return
        if len(value) < self.least:
            yield fault(path, "too_few", self.least)
        if len(value) > self.most:
            yield fault(path, "too_many", self.most)
        for name, one in list(value.items())[: self.most]:
            if not re.search(self.pattern, str(name)) or str(name).endswith("\n"):
                yield fault(path, "malformed", name)
            else:
                yield from self.of.faults(one, f"{path}.{name}", eye)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": self.pattern},
            "additionalProperties": self.of.schema(),
            "minProperties": self.least,
            "maxProperties": self.most,
        }

    def read(self, value: Any) -> Any:
        return MappingProxyType({name: self.of.read(one) for name, one in value.items()})

    def write(self, value: Any) -> Any:
        return {name: self.of.write(one) for name, one in value.items()}


@dataclass(frozen=True)
class Record(Shape):
    """An object that is read as `make`, whose attributes are called as the keys are.

    What `make` has no default for is required. `called`: keys whose attribute has another name.
    `always`: the arguments that tell records of one `make` apart. `aside`: keys that are
    checked, and kept by whoever keeps the document, but mean nothing here. `marks`: keys with the
    word by which `Tagged` knows it.
    """

    make: Any
    parts: Mapping[str, Shape]
    called: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    aside: Mapping[str, Shape] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, dict):
            yield fault(path, "wrong_kind")
            return
        start = f"{path}." if path else ""
        known = {**self.parts, **self.aside}
        for key in self.required:
            if key not in value:
                yield fault(f"{start}{key}", "missing")
        for key, one in value.items():
            if key in known:
                yield from known[key].faults(one, f"{start}{key}", eye)
            elif key not in self.marks:
                yield fault(f"{start}{str(key)[:40]}", "unknown")

    def schema(self) -> dict[str, Any]:
        marks = {key: {"const": word} for key, word in self.marks.items()}
        parts = {key: shape.schema() for key, shape in {**self.parts, **self.aside}.items()}
        return {
            "type": "object",
            "properties": {**marks, **parts},
            "required": [*marks, *self.required],
            "additionalProperties": False,
        }

    def read(self, value: Any) -> Any:
        told = {self._attribute(key): value[key] for key in self.parts if key in value}
        shapes = {self._attribute(key): shape for key, shape in self.parts.items()}
        return self.make(
            **self.always, **{name: shapes[name].read(one) for name, one in told.items()}
        )

    def write(self, value: Any) -> dict[str, Any]:
        found = dict(self.marks)
        defaults = {one.name: one.default for one in fields(self.make)}
        for key, shape in self.parts.items():
            one = getattr(value, self._attribute(key))
            if isinstance(shape, Name) and shape.kind == "node":
                found[key] = one  # where it leads is always told
            elif one != defaults[self._attribute(key)] and one not in ((), {}):
                found[key] = shape.write(one)
        return found

    def holds(self, value: object) -> bool:
        """Whether the value is one of these."""
        return type(value) is self.make and all(
            getattr(value, name) == one for name, one in self.always.items()
        )

    @property
    def required(self) -> list[str]:
        """The keys that have to be there."""
        needed = {
            one.name
            for one in fields(self.make)
            if one.default is MISSING and one.default_factory is MISSING
        }
        return [key for key in self.parts if self._attribute(key) in needed]

    def _attribute(self, key: str) -> str:
        return self.called.get(key, key)


@dataclass(frozen=True)
class Tagged(Shape):
    """One of several records: which, one key says."""

    key: str
    records: Mapping[str, Record]
    otherwise: Record | None = None  # without that key

    def faults(self, value: Any, path: str, eye: Eye) -> Iterator[FlowFault]:
        if not isinstance(value, dict):
            yield fault(path, "wrong_kind")
            return
        record = self._record(value)
        if record is not None:
            yield from record.faults(value, path, eye)
        elif self.key not in value:
            yield fault(f"{path}.{self.key}", "missing")
        else:
            yield fault(f"{path}.{self.key}", "unknown", value[self.key])

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [record.schema() for record in self._every()]}

    def read(self, value: Any) -> Any:
        record = self._record(value)
        assert record is not None
        return record.read(value)

    def write(self, value: Any) -> Any:
        return next(one for one in self._every() if one.holds(value)).write(value)

    def _record(self, value: Mapping[str, Any]) -> Record | None:
        if self.key not in value:
            return self.otherwise
        word = value[self.key]
        return self.records.get(word) if isinstance(word, str) else None

    def _every(self) -> list[Record]:
        return [*self.records.values(), *([self.otherwise] if self.otherwise else [])]


def tagged(key: str, records: Mapping[str, Record], otherwise: Record | None = None) -> Tagged:
    """Records, each with the word by which it is told apart."""
    marked = {word: replace(one, marks={key: word}) for word, one in records.items()}
    return Tagged(key, marked, otherwise)


def _writable(text: str) -> bool:
    """Whether it is text: no half of a character, nothing that nobody can type."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
