"""Flows as JSON: read, written, published as a schema, and what is wrong with them."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.flow_faults import REASONS, Directory, faults, references, warnings
from chalicelib.domain.flow_format import FORMAT, MOST_NODES, NODES, read, schema, write
from local import marks, seed
from tests.domain.flows import AGENTS, DEPARTMENTS, FIELDS, WELCOME

EXAMPLES = sorted((Path(seed.__file__).parent / "flows").glob("*.json"))
FILE = {"key": "flow/abc.png", "name": "loja.png", "mime_type": "image/png", "size": 1000}
DIRECTORY = Directory(
    tags=("t1", "t2"),
    fields=FIELDS,
    agents=tuple(one.agent_id for one in AGENTS),
    departments=tuple(one.department_id for one in DEPARTMENTS),
    flows=("f2",),
    templates={"boas_vindas/pt_BR": WELCOME},
)
SEEDED = Directory(
    tags=[one["tag_id"] for one in marks.TAGS],
    fields=marks.FIELDS,
    departments=[one[0] for one in seed.DEPARTMENTS],
)

# One of each node, with everything that it may have.
EVERY = {
    "format": FORMAT,
    "name": "Tudo",
    "category": "Testes",
    "start": "text",
    "nodes": {
        "text": {
            "type": "text",
            "text": "Olá {nome} {foto}",
            "next": "image",
            "at": {"x": 1, "y": -2},
        },
        "image": {"type": "image", "file": FILE, "text": "Veja", "next": "audio"},
        "audio": {
            "type": "audio",
            "file": {**FILE, "key": "flow/a.ogg", "mime_type": "audio/ogg"},
            "next": "video",
        },
        "video": {
            "type": "video",
            "file": {**FILE, "key": "flow/v.mp4", "mime_type": "video/mp4"},
            "next": "document",
        },
        "document": {
            "type": "document",
            "file": {**FILE, "key": "flow/d.pdf", "mime_type": "application/pdf"},
            "text": "Leia",
            "next": "contact",
        },
        "contact": {
            "type": "contact",
            "card": {"name": "Loja", "phone": "11 4000-1234", "email": "loja@x.com.br"},
            "next": "menu",
        },
        "menu": {
            "type": "menu",
            "text": "Escolha",
            "options": [
                {"id": "a", "title": "Um", "description": "O primeiro", "next": "template"},
                {"id": "b", "title": "Dois", "next": None},
            ],
            "button": "Ver",
            "fallback": {"text": "Não entendi", "tries": 2, "exit": "question"},
            "limit": {"minutes": 30, "exit": "close"},
        },
        "template": {
            "type": "template",
            "name": "boas_vindas",
            "language": "pt_BR",
            "values": {"body.1": "{nome}"},
            "options": [{"title": "Quero saber mais", "next": "question"}],
            "next": "question",
            "fallback": {"text": "Toque", "exit": None},
            "limit": {"minutes": 10080, "exit": None},
        },
        "question": {
            "type": "question",
            "text": "Cor?",
            "answer": {"kind": "choice", "options": ["Verde", "Azul"]},
            "save": {"field": "cor"},
            "next": "open_chat",
            "fallback": {"text": "Qual?", "exit": None},
            "limit": {"minutes": 1, "exit": None},
        },
        "open_chat": {
            "type": "open_chat",
            "department_id": "vendas",
            "agent": "sequence",
            "agent_ids": ["ana", "bruno"],
            "next": "specific",
        },
        "specific": {"type": "open_chat", "agent": "specific", "agent_id": "ana", "next": "add"},
        "add": {"type": "add_tag", "tag_id": "t1", "next": "remove"},
        "remove": {"type": "remove_tag", "tag_id": "t2", "next": "set"},
        "set": {"type": "set_field", "field": "email", "value": "{email}", "next": "send"},
        "send": {
            "type": "send_template",
            "name": "boas_vindas",
            "language": "pt_BR",
            "values": {"body.1": "Bia"},
            "next": "book",
        },
        "book": {
            "type": "book",
            "title": "Retorno",
            "days": 1,
            "time": "09:30",
            "agent_id": "ana",
            "next": "wait",
        },
        "wait": {"type": "wait", "minutes": 5, "next": "condition"},
        "condition": {
            "type": "condition",
            "match": "any",
            "tests": [
                {"fact": "field", "field": "saldo", "is": "greater", "value": "10"},
                {"fact": "field", "field": "nome", "is": "filled"},
                {"fact": "tag", "tag_id": "t1", "is": "has"},
                {"fact": "channel", "is": "whatsapp"},
                {"fact": "department", "department_id": None},
                {"fact": "business_hours", "is": "open"},
                {
                    "match": "all",
                    "tests": [
                        {"fact": "session", "is": "expiring"},
                        {"fact": "answer", "is": "equals", "value": "sim"},
                    ],
                },
            ],
            "yes": "go",
            "no": "start",
        },
        "go": {"type": "go_to", "node": "close"},
        "start": {"type": "start_flow", "flow_id": "f2"},
        "close": {"type": "close"},
    },
}


def changed(path, value=...):
    """The document with one place of it changed, or (without a value) taken out."""
    document = copy.deepcopy(EVERY)
    *way, last = path
    place = document
    for key in way:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


def told(found):
    return [(one["path"], one["reason"]) for one in found]


def test_every_kind_of_node_is_in_the_document_of_these_tests():
    """FLOW-9"""
    assert {one["type"] for one in EVERY["nodes"].values()} == set(NODES)


def test_a_flow_with_everything_has_no_faults_and_is_read():
    """FLOW-9"""
    assert faults(EVERY, DIRECTORY) == []
    flow = read(EVERY, "f1", 7)
    assert (flow.flow_id, flow.version, flow.name, flow.category) == ("f1", 7, "Tudo", "Testes")
    assert flow.nodes["book"] == nodes.Book("Retorno", 1, "09:30", "ana", "wait")
    assert flow.nodes["menu"].fallback == nodes.Fallback("Não entendi", 2, "question")
    assert flow.nodes["image"].kind == "image"
    assert flow.nodes["condition"].tests[-1] == nodes.Group(
        "all", (nodes.SessionTest("expiring"), nodes.AnswerTest("equals", "sim"))
    )


def test_what_is_written_is_what_was_read():
    """FLOW-9"""
    flow = read(EVERY, "f1", 7)
    document = write(flow)
    assert document == changed([N, "text", "at"])  # where it was drawn is no part of a flow
    assert read(json.loads(json.dumps(document)), "f1", 7) == flow


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_may_be_published_with_the_seed(path):
    """FLOW-9"""
    document = json.loads(path.read_text())
    assert faults(document, SEEDED) == []
    assert warnings(document, SEEDED) == []
    jsonschema_rs.validator_for(schema()).validate(document)
    assert len(path.read_bytes()) < 10_000


def test_there_are_three_examples():
    """FLOW-9"""
    assert len(EXAMPLES) == 3


# --- what is wrong ----------------------------------------------------------------------------

N = "nodes"
BY_ITSELF = [
    # the document
    (changed(["format"], "other/1"), "format", "unknown"),
    (changed(["format"]), "format", "missing"),
    (changed(["name"], " "), "name", "empty"),
    (changed(["name"], "x" * 81), "name", "too_long"),
    (changed(["extra"], 1), "extra", "unknown"),
    (changed(["start"], "nowhere"), "start", "unknown"),
    (changed([N], []), "nodes", "wrong_kind"),
    (changed([N, "Not An Id"], {"type": "close"}), "nodes", "malformed"),
    (changed([N, "x\n"], {"type": "close"}), "nodes", "malformed"),
    # nodes
    (changed([N, "text", "type"], "dance"), "nodes.text.type", "unknown"),
    (changed([N, "text", "type"]), "nodes.text.type", "missing"),
    (changed([N, "text", "type"], ["text"]), "nodes.text.type", "unknown"),
    (changed([N, "text"], "text"), "nodes.text", "wrong_kind"),
    (changed([N, "text", "next"], "nowhere"), "nodes.text.next", "unknown"),
    (changed([N, "text", "next"], 5), "nodes.text.next", "wrong_kind"),
    (changed([N, "text", "text"], ""), "nodes.text.text", "empty"),
    (changed([N, "text", "text"], "é" * 501), "nodes.text.text", "too_long"),
    (changed([N, "text", "text"], "a\ud800"), "nodes.text.text", "malformed"),
    (changed([N, "text", "txt"], "a"), "nodes.text.txt", "unknown"),
    (changed([N, "text", "at", "x"], 1.5), "nodes.text.at.x", "wrong_kind"),
    # files: nothing but what lies where flows have theirs
    (
        changed([N, "image", "file", "key"], "media/c1/secret.png"),
        "nodes.image.file.key",
        "malformed",
    ),
    (changed([N, "image", "file", "key"], "flow/../a.png"), "nodes.image.file.key", "malformed"),
    (changed([N, "image", "file", "size"], 0), "nodes.image.file.size", "too_small"),
    (
        changed([N, "image", "file", "mime_type"], "audio/ogg"),
        "nodes.image.file",
        "not_of_this_kind",
    ),
    (changed([N, "audio", "text"], "x"), "nodes.audio.text", "unknown"),
    (changed([N, "contact", "card", "phone"], "12"), "nodes.contact.card.phone", "malformed"),
    (changed([N, "contact", "card"], {"name": "X"}), "nodes.contact.card.phone", "missing"),
    # menus
    (changed([N, "menu", "options"], []), "nodes.menu.options", "too_few"),
    (changed([N, "menu", "options", 1, "title"], "UM!"), "nodes.menu.options[1].title", "repeated"),
    (changed([N, "menu", "options", 1, "id"], "a"), "nodes.menu.options[1].id", "repeated"),
    (changed([N, "menu", "options", 1, "next"], "x"), "nodes.menu.options[1].next", "unknown"),
    (
        changed([N, "menu", "options", 1, "title"], "x" * 61),
        "nodes.menu.options[1].title",
        "too_long",
    ),
    (changed([N, "menu", "fallback", "tries"], 0), "nodes.menu.fallback.tries", "too_small"),
    (changed([N, "menu", "fallback", "tries"], True), "nodes.menu.fallback.tries", "wrong_kind"),
    (changed([N, "menu", "fallback", "exit"], "x"), "nodes.menu.fallback.exit", "unknown"),
    (changed([N, "menu", "limit", "minutes"], 10081), "nodes.menu.limit.minutes", "too_large"),
    # questions
    (changed([N, "question", "answer", "kind"], "song"), "nodes.question.answer.kind", "unknown"),
    (changed([N, "question", "answer", "options"], []), "nodes.question.answer.options", "missing"),
    (
        changed([N, "question", "answer", "options"], ["Azul", "azul"]),
        "nodes.question.answer.options[1]",
        "repeated",
    ),
    (
        changed([N, "question", "answer", "kind"], "email"),
        "nodes.question.answer.options",
        "not_of_this_kind",
    ),
    # actions and conditions
    (changed([N, "specific", "agent_id"]), "nodes.specific.agent_id", "missing"),
    (changed([N, "book", "time"], "24:00"), "nodes.book.time", "malformed"),
    (changed([N, "book", "days"], 366), "nodes.book.days", "too_large"),
    (changed([N, "wait", "minutes"]), "nodes.wait.minutes", "missing"),
    (changed([N, "go", "node"], None), "nodes.go.node", "wrong_kind"),
    (changed([N, "condition", "tests"], []), "nodes.condition.tests", "too_few"),
    (
        changed([N, "condition", "tests", 0, "value"]),
        "nodes.condition.tests[0].value",
        "missing",
    ),
    (
        changed([N, "condition", "tests", 6, "tests", 0, "is"], "late"),
        "nodes.condition.tests[6].tests[0].is",
        "unknown",
    ),
    (
        changed([N, "condition", "tests", 0, "fact"], "x"),
        "nodes.condition.tests[0].fact",
        "unknown",
    ),
    (
        changed([N, "template", "values", "header.file"], "media/c1/a.png"),
        "nodes.template.values.header.file",
        "malformed",
    ),
]
AGAINST_THE_AGENCY = [
    (changed([N, "add", "tag_id"], "gone"), "nodes.add.tag_id", "unknown"),
    (changed([N, "set", "field"], "gone"), "nodes.set.field", "unknown"),
    (changed([N, "set", "field"], "antigo"), "nodes.set.field", "inactive"),
    (
        changed([N, "open_chat", "department_id"], "gone"),
        "nodes.open_chat.department_id",
        "unknown",
    ),
    (changed([N, "open_chat", "agent_ids", 1], "gone"), "nodes.open_chat.agent_ids[1]", "unknown"),
    (changed([N, "start", "flow_id"], "gone"), "nodes.start.flow_id", "unknown"),
    (
        changed([N, "condition", "tests", 2, "tag_id"], "x"),
        "nodes.condition.tests[2].tag_id",
        "unknown",
    ),
    (changed([N, "text", "text"], "{nada}"), "nodes.text.text", "variable_unknown"),
    (changed([N, "menu", "text"], "{foto}"), "nodes.menu.text", "picture_here"),
    (changed([N, "send", "name"], "gone"), "nodes.send.name", "unknown"),
    (changed([N, "send", "values"], {}), "nodes.send.values.body.1", "missing"),
    (changed([N, "send", "values", "body.2"], "x"), "nodes.send.values.body.2", "unknown"),
    (
        changed([N, "template", "options", 0, "title"], "Outro"),
        "nodes.template.options[0].title",
        "unknown",
    ),
    (
        changed([N, "question", "answer", "options", 1], "Roxo"),
        "nodes.question.answer.options[1]",
        "does_not_fit",
    ),
    (
        changed([N, "question", "save", "field"], "foto"),
        "nodes.question.save.field",
        "does_not_fit",
    ),
    (
        changed(
            [N, "set"], {"type": "set_field", "field": "saldo", "value": "muito", "next": "send"}
        ),
        "nodes.set.value",
        "does_not_fit",
    ),
]


@pytest.mark.parametrize(("document", "path", "reason"), BY_ITSELF)
def test_what_is_wrong_is_told_with_its_place(document, path, reason):
    """FLOW-9, FLOW-12"""
    assert (path, reason) in told(faults(document))
    assert (path, reason) in told(faults(document, DIRECTORY))
    assert reason in REASONS


@pytest.mark.parametrize(("document", "path", "reason"), AGAINST_THE_AGENCY)
def test_what_names_something_gone_is_told_where_the_agency_is_known(document, path, reason):
    """FLOW-12"""
    assert faults(document) == []
    assert told(faults(document, DIRECTORY)) == [(path, reason)]
    assert reason in REASONS


def test_a_text_is_held_to_the_strictest_channel_that_the_agency_has():
    """FLOW-4"""
    long = changed([N, "text", "text"], "é" * 2000)
    only = replace(DIRECTORY, channels=("whatsapp",))
    assert faults(long, only) == []
    assert told(faults(long, DIRECTORY)) == [("nodes.text.text", "too_long")]


def test_a_menu_whose_numbered_titles_leave_no_room_is_too_long():
    """FLOW-4"""
    options = [
        {"id": f"o{place}", "title": f"{place}{'ã' * 55}", "next": None} for place in range(9)
    ]
    long = changed([N, "menu", "options"], options)
    assert ("nodes.menu.options", "too_long") in told(faults(long, DIRECTORY))
    only = replace(DIRECTORY, channels=("whatsapp",))
    assert ("nodes.menu.options", "too_long") not in told(faults(long, only))


def test_a_paused_template_cannot_be_published():
    """FLOW-8"""
    paused = replace(WELCOME, status="paused")
    directory = replace(DIRECTORY, templates={"boas_vindas/pt_BR": paused})
    assert told(faults(EVERY, directory)) == [
        ("nodes.template.name", "unsendable"),
        ("nodes.send.name", "unsendable"),
    ]


def document(**given):
    every = {name: {"type": kind, **more} for name, (kind, more) in given.items()}
    return {"format": FORMAT, "name": "x", "start": next(iter(every)), "nodes": every}


def test_a_way_round_on_which_nothing_waits_is_a_fault_of_its_nodes():
    """FLOW-12"""
    found = document(
        before=("text", {"text": "x", "next": "a"}),
        a=(
            "condition",
            {
                "match": "all",
                "tests": [{"fact": "business_hours", "is": "open"}],
                "yes": "b",
                "no": "after",
            },
        ),
        b=("go_to", {"node": "a"}),
        after=("text", {"text": "x", "next": None}),
    )
    assert told(faults(found)) == [("nodes.a", "loop"), ("nodes.b", "loop")]


def test_a_way_round_through_a_menu_is_how_menus_are_made():
    """FLOW-12"""
    found = document(
        menu=("menu", {"text": "x", "options": [{"id": "a", "title": "A", "next": "b"}]}),
        b=("go_to", {"node": "menu"}),
        c=("wait", {"minutes": 5, "next": "c"}),
    )
    assert faults(found) == []
    assert told(warnings(found)) == [("nodes.c", "unreachable")]


def test_a_file_that_only_some_channels_take_is_a_warning():
    """FLOW-4"""
    assert told(warnings(EVERY)) == [
        ("nodes.audio.file", "not_on_channel"),  # Ogg goes out on WhatsApp only
        ("nodes.audio.file", "not_on_channel"),
    ]


def test_bounds_of_a_document():
    """FLOW-9"""
    node = ("close", {})
    most = {f"n{place}": node for place in range(MOST_NODES)}
    assert faults(document(**most)) == []
    assert ("nodes", "too_many") in told(faults(document(**most, more=node)))
    large = document(**{f"n{place}": ("text", {"text": "x" * 990}) for place in range(280)})
    assert told(faults(large)) == [("", "too_large")]


@pytest.mark.parametrize("odd", [None, [], "x", 1, {}, {"nodes": {"a": None}}, {"nodes": 1}])
def test_what_is_no_flow_at_all_is_told_too(odd):
    """FLOW-9"""
    assert faults(odd)
    assert isinstance(warnings(odd), list)


def test_groups_in_groups_have_an_end():
    """FLOW-6"""
    deep = {"match": "all", "tests": [{"fact": "answer", "is": "filled"}]}
    for _ in range(2):
        deep = {"match": "any", "tests": [deep]}
    found = {"match": "all", "tests": [deep], "yes": None, "no": None}
    assert faults(document(a=("condition", found)))
    found["tests"] = deep["tests"]
    assert faults(document(a=("condition", found))) == []
    for _ in range(3000):
        deep = {"match": "any", "tests": [deep]}
    assert faults(document(a=("condition", {"match": "all", "tests": [deep]})))


def test_what_a_flow_makes_use_of():
    """FLOW-12"""
    assert references(read(EVERY, "f1", 1)) == {
        "tag": {"t1", "t2"},
        "field": {"email", "cor", "saldo", "foto"},
        "agent": {"ana", "bruno"},
        "department": {"vendas"},
        "flow": {"f2"},
        "template": {"boas_vindas/pt_BR"},
        "file": {"flow/abc.png", "flow/a.ogg", "flow/v.mp4", "flow/d.pdf"},
    }


# --- the schema says the same -----------------------------------------------------------------

VALIDATOR = jsonschema_rs.validator_for(schema())


def test_the_schema_takes_a_flow_with_everything():
    """FLOW-9"""
    VALIDATOR.validate(EVERY)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "other/1"),
        (["name"], ...),
        (["extra"], 1),
        ([N, "text", "type"], "dance"),
        ([N, "text", "next"], 5),
        ([N, "text", "txt"], "a"),
        ([N, "image", "file", "key"], "media/c1/secret.png"),
        ([N, "menu", "options"], []),
        ([N, "menu", "fallback", "tries"], 0),
        ([N, "book", "time"], "24:00"),
        ([N, "wait", "minutes"], ...),
        ([N, "condition", "tests", 6, "tests", 0, "is"], "late"),
        ([N, "Not An Id"], {"type": "close"}),
    ],
)
def test_what_the_schema_refuses_has_faults(path, value):
    """FLOW-9"""
    found = changed(path, value)
    assert not VALIDATOR.is_valid(found)
    assert faults(found)
