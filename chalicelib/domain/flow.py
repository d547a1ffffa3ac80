"""What a flow's step is told, and what it makes happen (FLOW); the step itself: flow_step.py.

Facts that are only sometimes needed are asked for by raising `Needs`: whoever calls finds them
and calls again, with all that is known by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import FieldValue, KindName, LineName, Menu
    from chalicelib.domain.flow_position import Position
    from chalicelib.domain.outgoing import Part
    from chalicelib.domain.template import Filled, Template

# What may be needed, and what is then to be found under (kind, key):
NeedKind = Literal[
    "profile",  # "": profile.Profile of the contact, together with those of merged chats
    "fields",  # "": a sequence of events.Field, all of the agency
    "tags",  # "": a set of the ids of all tags
    "agents",  # "": a sequence of access.Agent, all of them
    "departments",  # "": a sequence of flow.Department, all of them
    "last_agent",  # "": the id of the agent who attended the contact last, or None
    "business_hours",  # "": whether the agency attends now: bool
    "protocol",  # "": the number of the attendance that opens: drawn from the counter
    "turn",  # "<flow id>/<node>": a number that grows by one with each draw (FLOW-5)
    "chance",  # "<flow id>/<node>": a number of at least 32 bits by chance
    "template",  # "<name>/<language>": template.Template of the chat's account, or None
    "flow",  # a flow's id: flow_nodes.Flow as it is published, or None
    "last_answer",  # "": what the contact answered last in this run of the flow
    "file",  # a key: outgoing.Attached as it lies there, or None
]


class Needs(Exception):
    """A fact is missing: find it, and call `step` again with it."""

    def __init__(self, kind: NeedKind, key: str = "") -> None:
        super().__init__(f"{kind} {key}")
        self.kind: NeedKind = kind
        self.key = key


@dataclass(frozen=True)
class Department:
    """A department as far as opening for it goes (FLOW-5)."""

    department_id: str
    name: str
    active: bool = True
    to_last_agent: bool = False  # «Abrir para último agente?»


@dataclass(frozen=True)
class Facts:
    """What is known. `found`: by kind and key, what was needed so far (NeedKind)."""

    chat: Chat
    zone: ZoneInfo  # the agency's
    found: Mapping[tuple[NeedKind, str], Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Input:
    """What makes the flow go on: that it starts, a message of the contact, or that time went by.

    `choice` is the payload of what was tapped; `text` is then its title.
    """

    kind: Literal["start", "message", "time"]
    text: str = ""
    choice: str | None = None
    message_kind: KindName = "text"


START = Input("start")
TIME = Input("time")


# --- effects ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Say:
    """One message; its files lie where the flow has them."""

    part: Part


@dataclass(frozen=True)
class SayMenu:
    """A menu."""

    text: str
    menu: Menu


@dataclass(frozen=True)
class SayTemplate:
    """A template with its values in place."""

    template: Template
    filled: Filled


@dataclass(frozen=True)
class AddTag:
    """The contact gets a tag that they do not have."""

    tag_id: str


@dataclass(frozen=True)
class RemoveTag:
    """The contact loses a tag that they have."""

    tag_id: str


@dataclass(frozen=True)
class SetField:
    """A value as it is kept; None: removed. `field_id` of a custom field, else `system`'s name."""

    value: FieldValue | None
    field_id: str | None = None
    system: str | None = None


@dataclass(frozen=True)
class Open:
    """An attendance is open from now on, held by these (`opened`).

    `protocol`: what was drawn for it; None: one was open already, and is only given to these.
    """

    agent_id: str | None
    department_id: str | None
    protocol: str | None


@dataclass(frozen=True)
class Book:
    """An appointment (INFO-8)."""

    title: str
    at: datetime
    agent_id: str | None


@dataclass(frozen=True)
class Close:
    """The open attendance is closed (no farewell, no fields, no CLOSE-5 flow)."""


@dataclass(frozen=True)
class Line:
    """What the chat shows agents, of what the flow did or why it stopped."""

    code: LineName
    subject: str | None = None
    subject_name: str | None = None


Effect = Say | SayMenu | SayTemplate | AddTag | RemoveTag | SetField | Open | Book | Close | Line
Reason = Literal["loop", "gone", "template_gone", "session_closed", "variable_empty", "unanswered"]


@dataclass(frozen=True)
class Decisions:
    """What one step makes happen, in order, and where the flow is then.

    `position` is set if and only if it waits; the same one as before: nothing changed.
    `last_answer`: what the contact answered now, to be kept for the steps that come; None: nothing.
    """

    outcome: Literal["waiting", "ended", "stopped"]
    effects: tuple[Effect, ...] = ()
    position: Position | None = None
    reason: Reason | None = None  # why it stopped
    last_answer: str | None = None
    nodes_run: int = 0
