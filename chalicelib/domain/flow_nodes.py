"""What a flow is made of: its nodes, a type for each (FLOW-4, FLOW-5, FLOW-6).

`next`, `yes`, `no` and `exit` are ids of nodes; None: the flow ends there. Texts may hold
variables (INFO-9). How a flow is written as JSON is in flow_format.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import ChannelName, FileKind, SessionName
    from chalicelib.domain.outgoing import Attached

# Where files of flows lie: a document may come from outside, and names nothing else.
FILE_KEY = r"^flow/[0-9A-Za-z_-]{1,64}(\.[0-9a-z]{1,10})?$"
TRIES = 3  # where a node does not say how often it asks again

AnswerKind = Literal["text", "number", "date", "email", "cpf", "phone", "yes_no", "choice"]
AgentChoice = Literal["none", "specific", "random", "last", "sequence"]
FieldRelation = Literal["filled", "empty", "equals", "differs", "contains", "greater", "less"]
AnswerRelation = Literal["filled", "empty", "equals", "differs", "contains"]
Match = Literal["all", "any"]


# --- what waits (FLOW-4, FLOW-7) --------------------------------------------------------------


@dataclass(frozen=True)
class Fallback:
    """FLOW-7: what is said to an answer that does not fit, how often, and where it goes then."""

    text: str
    tries: int = TRIES
    exit: str | None = None


@dataclass(frozen=True)
class Limit:
    """FLOW-7: how long a node waits, and where it goes then."""

    minutes: int
    exit: str | None = None


@dataclass(frozen=True)
class Option:
    """What may be chosen of a menu. `id` is short, and part of what a tap sends back."""

    id: str
    title: str
    next: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Menu:
    """Buttons, a list, or numbered text, as the channel has it. `button` opens a list."""

    text: str
    options: tuple[Option, ...]
    button: str | None = None
    fallback: Fallback | None = None
    limit: Limit | None = None


@dataclass(frozen=True)
class Reply:
    """Where an answer goes that says what a template's button says."""

    title: str
    next: str | None = None


@dataclass(frozen=True)
class Template:
    """A template that waits for an answer: any, unless it is one of the options."""

    name: str
    language: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    options: tuple[Reply, ...] = ()
    next: str | None = None
    fallback: Fallback | None = None  # only beside options: else every answer fits
    limit: Limit | None = None


@dataclass(frozen=True)
class Answer:
    """What a question takes. `options` of a choice."""

    kind: AnswerKind
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Save:
    """Where an answer is kept: the name of a system field, its variable, or a custom slug."""

    field: str


@dataclass(frozen=True)
class Question:
    """A text whose answer is checked, and saved in a field."""

    text: str
    answer: Answer
    save: Save | None = None
    next: str | None = None
    fallback: Fallback | None = None
    limit: Limit | None = None


@dataclass(frozen=True)
class Wait:
    """Goes on after a time, whatever the contact writes until then."""

    minutes: int
    next: str | None = None


# --- what is said (FLOW-4) --------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A text message."""

    text: str
    next: str | None = None


@dataclass(frozen=True)
class Media:
    """A file; `text` is its caption."""

    kind: FileKind
    file: Attached
    text: str = ""
    next: str | None = None


@dataclass(frozen=True)
class Card:
    """A contact card as it was typed (SEND-6): a phone or an e-mail at least."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Contact:
    """A contact card."""

    card: Card
    next: str | None = None


@dataclass(frozen=True)
class SendTemplate:
    """A template that waits for nothing."""

    name: str
    language: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    next: str | None = None


# --- what is done (FLOW-5) --------------------------------------------------------------------


@dataclass(frozen=True)
class OpenChat:
    """«Abrir conversa». `agent_id` of the specific one; `agent_ids` empty: every active agent."""

    department_id: str | None = None
    agent: AgentChoice = "none"
    agent_id: str | None = None
    agent_ids: tuple[str, ...] = ()
    next: str | None = None


@dataclass(frozen=True)
class AddTag:
    """The contact gets the tag."""

    tag_id: str
    next: str | None = None


@dataclass(frozen=True)
class RemoveTag:
    """The contact loses the tag."""

    tag_id: str
    next: str | None = None


@dataclass(frozen=True)
class SetField:
    """The field gets the value, as `Save` names it; an empty one removes what it has."""

    field: str
    value: str
    next: str | None = None


@dataclass(frozen=True)
class Book:
    """An appointment so many days from today, at a time of the agency's zone: «14:30» (INFO-8)."""

    title: str
    days: int
    time: str
    agent_id: str | None = None
    next: str | None = None


@dataclass(frozen=True)
class Close:
    """The attendance, if one is open, is closed; the flow ends."""


@dataclass(frozen=True)
class GoTo:
    """Another node of this flow."""

    node: str


@dataclass(frozen=True)
class StartFlow:
    """Another flow goes on in this one's place."""

    flow_id: str


# --- what is asked of the facts (FLOW-6) ------------------------------------------------------


@dataclass(frozen=True)
class FieldTest:
    """A field's value; `field` as `Save` names it, or any other variable."""

    field: str
    relation: FieldRelation
    value: str = ""


@dataclass(frozen=True)
class TagTest:
    """Whether the contact has a tag."""

    tag_id: str
    relation: Literal["has", "lacks"]


@dataclass(frozen=True)
class ChannelTest:
    """On which channel they write."""

    relation: ChannelName


@dataclass(frozen=True)
class DepartmentTest:
    """Which department has the chat; None: none has."""

    department_id: str | None


@dataclass(frozen=True)
class HoursTest:
    """Whether the agency attends now."""

    relation: Literal["open", "closed"]


@dataclass(frozen=True)
class SessionTest:
    """Where the session stands (SES-2)."""

    relation: SessionName


@dataclass(frozen=True)
class AnswerTest:
    """The last answer that a node of the flow took."""

    relation: AnswerRelation
    value: str = ""


@dataclass(frozen=True)
class Group:
    """All of these, or any."""

    match: Match
    tests: tuple[Test, ...]


Test = (
    FieldTest
    | TagTest
    | ChannelTest
    | DepartmentTest
    | HoursTest
    | SessionTest
    | AnswerTest
    | Group
)


@dataclass(frozen=True)
class Condition:
    """One of two ways."""

    match: Match
    tests: tuple[Test, ...]
    yes: str | None = None
    no: str | None = None


Content = Text | Media | Contact | SendTemplate
Action = OpenChat | AddTag | RemoveTag | SetField | Book | Close | GoTo | StartFlow
Waiting = Menu | Template | Question | Wait
Node = Content | Action | Waiting | Condition


@dataclass(frozen=True)
class Flow:
    """One version of a flow. `category` is a name that goes along with a file (FLOW-9)."""

    flow_id: str
    version: int
    name: str
    start: str
    nodes: Mapping[str, Node]
    category: str | None = None


def exits(node: Node) -> tuple[str | None, ...]:
    """Every way that leads out of a node, at once or after an answer or a time."""
    ways: list[str | None] = []
    match node:
        case Condition():
            ways = [node.yes, node.no]
        case Menu():
            ways = [option.next for option in node.options]
        case Template():
            ways = [*(option.next for option in node.options), node.next]
        case GoTo():
            ways = [node.node]
        case Close() | StartFlow():
            return ()
        case _:
            ways = [node.next]
    if isinstance(node, Menu | Template | Question):
        ways += [one.exit for one in (node.fallback, node.limit) if one is not None]
    return tuple(ways)


def is_file_of_flow(key: str) -> bool:
    """Whether a file key is one that flows may send: «flow/<id>.<extension>»."""
    return re.search(FILE_KEY, key, re.ASCII) is not None and not key.endswith("\n")
