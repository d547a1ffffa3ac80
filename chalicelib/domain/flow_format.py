"""Flows as JSON, «atendente-flow/1»: the one table of all nodes and their parts (FLOW-9).

docs/flow.schema.json is generated from it. What is wrong with a document: flow_faults.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.events import ChannelName, SessionName
from chalicelib.domain.flow_shapes import (
    ID,
    Maybe,
    Name,
    Named,
    Nothing,
    OneOf,
    Record,
    Several,
    Shape,
    Tagged,
    Text,
    Whole,
    tagged,
)
from chalicelib.domain.media import LARGEST
from chalicelib.domain.menu import MOST_OPTIONS, OPENER, ROW_DESCRIPTION
from chalicelib.domain.outgoing import Attached

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "atendente-flow/1"
MOST_NODES = 300
LARGEST_FILE = 256 * 1024  # bytes of a document
TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
TITLE_LENGTH = 60  # of an option; what is too long for taps is numbered
LONGEST_WAIT = 10_080  # minutes: a week
MOST_TRIES = 10
MOST_DAYS = 365
MOST_TESTS = 20
DEEPEST = 3  # groups of tests in one another
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
VARIABLE = r"^[a-z0-9_.]{1,60}$"  # of a template: «body.1», «header.file»


@dataclass(frozen=True)
class Document:
    """A flow as a file has it."""

    format: str
    name: str
    start: str
    nodes: Mapping[str, nodes.Node]
    category: str | None = None


@dataclass(frozen=True)
class Spot:
    """Where a builder drew a node."""

    x: int
    y: int


NEXT = Name("node", nullable=True)
SAID = Text(TEXT_LENGTH, variables="said")
SAID_WITH_PICTURES = Text(TEXT_LENGTH, variables="pictures")
MINUTES = Whole(1, LONGEST_WAIT)
FALLBACK = Maybe(
    Record(nodes.Fallback, {"text": SAID, "tries": Whole(1, MOST_TRIES), "exit": NEXT})
)
LIMIT = Maybe(Record(nodes.Limit, {"minutes": MINUTES, "exit": NEXT}))
ASKED_AGAIN: dict[str, Shape] = {"fallback": FALLBACK, "limit": LIMIT}
TITLE = Text(TITLE_LENGTH)
FIELD = Name("field")
FILE = Record(
    Attached,
    {
        "key": Text(100, pattern=nodes.FILE_KEY),
        "name": Text(240),
        "mime_type": Text(
            120, pattern=r"^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*(; ?[a-z]+=[^;]+)?$"
        ),
        "size": Whole(1, LARGEST),
    },
)
FILLED: dict[str, Shape] = {
    "name": Text(512),
    "language": Text(20),
    "values": Named(Text(1024, variables="filled"), VARIABLE, 0, 30),
}


def _media(kind: str) -> Record:
    caption: dict[str, Shape] = {} if kind == "audio" else {"text": _CAPTION}
    return Record(nodes.Media, {"file": FILE, **caption, "next": NEXT}, always={"kind": kind})


_CAPTION = Text(CAPTION_LENGTH, least=0, variables="pictures")


def _tests(depth: int) -> Tagged:
    """What a condition asks, with groups of it up to a depth."""
    relation = {"is": "relation"}
    value = Text(300, least=0)
    fields = OneOf(get_args(nodes.FieldRelation))
    answers = OneOf(get_args(nodes.AnswerRelation))
    group = (
        Record(
            nodes.Group,
            {
                "match": OneOf(get_args(nodes.Match)),
                "tests": Several(_tests(depth - 1), 1, MOST_TESTS),
            },
        )
        if depth
        else None
    )
    return tagged(
        "fact",
        {
            "field": Record(
                nodes.FieldTest,
                {"field": Name("variable"), "is": fields, "value": value},
                relation,
            ),
            "tag": Record(
                nodes.TagTest, {"tag_id": Name("tag"), "is": OneOf(("has", "lacks"))}, relation
            ),
            "channel": Record(nodes.ChannelTest, {"is": OneOf(get_args(ChannelName))}, relation),
            "department": Record(
                nodes.DepartmentTest, {"department_id": Name("department", nullable=True)}
            ),
            "business_hours": Record(nodes.HoursTest, {"is": OneOf(("open", "closed"))}, relation),
            "session": Record(nodes.SessionTest, {"is": OneOf(get_args(SessionName))}, relation),
            "answer": Record(nodes.AnswerTest, {"is": answers, "value": value}, relation),
        },
        group,
    )


OPTION = Record(
    nodes.Option,
    {
        "id": Text(40, pattern=ID),
        "title": TITLE,
        "description": Maybe(Text(ROW_DESCRIPTION)),
        "next": NEXT,
    },
)
REPLY = Record(nodes.Reply, {"title": TITLE, "next": NEXT})
ANSWER = Record(
    nodes.Answer,
    {"kind": OneOf(get_args(nodes.AnswerKind)), "options": Several(TITLE, 0, MOST_OPTIONS)},
)
AGENT = Name("agent", nullable=True)
NODES: dict[str, Record] = {
    "text": Record(nodes.Text, {"text": SAID_WITH_PICTURES, "next": NEXT}),
    **{kind: _media(kind) for kind in ("image", "audio", "video", "document")},
    "contact": Record(
        nodes.Contact,
        {
            "card": Record(
                nodes.Card,
                {"name": Text(120), "phone": Text(40, least=0), "email": Text(254, least=0)},
            ),
            "next": NEXT,
        },
    ),
    "menu": Record(
        nodes.Menu,
        {
            "text": SAID,
            "options": Several(OPTION, 1, MOST_OPTIONS),
            "button": Maybe(Text(OPENER)),
            **ASKED_AGAIN,
        },
    ),
    "template": Record(
        nodes.Template,
        {**FILLED, "options": Several(REPLY, 0, MOST_OPTIONS), "next": NEXT, **ASKED_AGAIN},
    ),
    "question": Record(
        nodes.Question,
        {
            "text": SAID,
            "answer": ANSWER,
            "save": Maybe(Record(nodes.Save, {"field": FIELD})),
            "next": NEXT,
            **ASKED_AGAIN,
        },
    ),
    "open_chat": Record(
        nodes.OpenChat,
        {
            "department_id": Name("department", nullable=True),
            "agent": OneOf(get_args(nodes.AgentChoice)),
            "agent_id": AGENT,
            "agent_ids": Several(Name("agent"), 0, 200),
            "next": NEXT,
        },
    ),
    "add_tag": Record(nodes.AddTag, {"tag_id": Name("tag"), "next": NEXT}),
    "remove_tag": Record(nodes.RemoveTag, {"tag_id": Name("tag"), "next": NEXT}),
    "set_field": Record(
        nodes.SetField,
        {"field": FIELD, "value": Text(4000, least=0, variables="filled"), "next": NEXT},
    ),
    "send_template": Record(nodes.SendTemplate, {**FILLED, "next": NEXT}),
    "book": Record(
        nodes.Book,
        {
            "title": Text(120, variables="filled"),
            "days": Whole(0, MOST_DAYS),
            "time": Text(5, pattern=CLOCK),
            "agent_id": AGENT,
            "next": NEXT,
        },
    ),
    "close": Record(nodes.Close, {}, aside={"next": Nothing()}),
    "wait": Record(nodes.Wait, {"minutes": MINUTES, "next": NEXT}),
    "go_to": Record(nodes.GoTo, {"node": Name("node")}),
    "start_flow": Record(nodes.StartFlow, {"flow_id": Name("flow")}),
    "condition": Record(
        nodes.Condition,
        {
            "match": OneOf(get_args(nodes.Match)),
            "tests": Several(_tests(DEEPEST - 1), 1, MOST_TESTS),
            "yes": NEXT,
            "no": NEXT,
        },
    ),
}
SPOT = Record(Spot, {"x": Whole(-100_000, 100_000), "y": Whole(-100_000, 100_000)})
NODE = tagged(
    "type",
    {
        name: Record(one.make, one.parts, one.called, one.always, {**one.aside, "at": Maybe(SPOT)})
        for name, one in NODES.items()
    },
)
DOCUMENT = Record(
    Document,
    {
        "format": OneOf((FORMAT,)),
        "name": Text(80),
        "category": Maybe(Text(80)),
        "start": Name("node"),
        "nodes": Named(NODE, ID, 1, MOST_NODES),
    },
)


def read(document: Mapping[str, Any], flow_id: str, version: int) -> nodes.Flow:
    """The flow of a document that has no faults."""
    told: Document = DOCUMENT.read(document)
    return nodes.Flow(flow_id, version, told.name, told.start, told.nodes, told.category)


def write(flow: nodes.Flow) -> dict[str, Any]:
    """The document that is read so; what is as it is by itself is left out."""
    told = Document(FORMAT, flow.name, flow.start, flow.nodes, flow.category)
    return DOCUMENT.write(told)


def schema() -> dict[str, Any]:
    """What a document may be, as JSON Schema; beyond it, names have to be of what there is."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A conversation flow of Atendente",
        **DOCUMENT.schema(),
    }
