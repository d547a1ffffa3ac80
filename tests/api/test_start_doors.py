"""The doors of «Novo chat» and of the contacts page, as the page opens them."""

import pytest

from chalicelib.api import blueprint
from chalicelib.commands.sync_templates import sync
from chalicelib.domain.access import Permission
from chalicelib.stores import channels
from tests.api.gateway import ask
from tests.builders import ACCOUNT, PORTFOLIO, TABS, agent, chat, client_key, join, put

TEMPLATE = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "MARKETING",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Olá, {{1}}!"}],
}
WISH = {
    "client_key": client_key(),
    "name": "Caio",
    "phone": "11 97777-6666",
    "foreign": False,
    "open": True,
    "template": {"name": "retomar", "language": "pt_BR", "values": {"body.1": "Caio"}},
}


@pytest.fixture(autouse=True)
def _open(world, graph, monkeypatch):
    """Ana may see contacts and all chats, Bruno all chats, Clara contacts and no chat."""
    monkeypatch.setattr(blueprint, "world", lambda: world)
    join(
        agent("ana", permissions=TABS | {Permission.CONTACTS}),
        agent("bruno"),
        agent("clara", permissions=frozenset({Permission.CONTACTS})),
    )
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    graph.told = [TEMPLATE]
    sync(world, PORTFOLIO, 1)
    put(chat("c1", phone="5511987654321", name="Bia"))


def test_a_chat_is_begun_with_a_template_of_the_list():
    """NEW-1 NEW-3 SEND-2"""
    [listed] = ask("GET", "/templates", agent="bruno").body["templates"]
    assert (listed["category"], listed["variables"]) == ("marketing", ["body.1"])
    answer = ask("POST", "/chats", agent="bruno", body=WISH)
    assert answer.status == 200
    assert answer.body["chat"]["row"]["agent_id"] == "bruno"
    assert ask("POST", "/chats", agent="bruno", body=WISH).body == answer.body
    page = ask("GET", f"/chats/{answer.body['chat_id']}", agent="bruno").body["page"]
    assert "Olá, Caio!" in [one["text"] for one in page["messages"]]


@pytest.mark.parametrize(
    ("change", "status", "answer"),
    [
        (
            {"phone": "?"},
            400,
            {"code": "invalid", "fields": [{"path": "phone", "reason": "phone_invalid"}]},
        ),
        (
            {"phone": "11987654321"},
            409,
            {"code": "chat_exists", "chat_id": "c1", "name": "Bia"},
        ),
        (
            {"template": {"name": "sumiu", "language": "pt_BR"}},
            409,
            {"code": "template_gone"},
        ),
        (
            {"template": {"name": "retomar", "language": "pt_BR", "values": {}}},
            400,
            {"code": "invalid", "fields": [{"path": "values.body.1", "reason": "empty"}]},
        ),
        ({"account": "1"}, 404, {"code": "not_found"}),
    ],
)
def test_each_refusal_says_what_is_wrong(change, status, answer):
    """NEW-1 NEW-2"""
    found = ask("POST", "/chats", agent="ana", body=WISH | change)
    assert (found.status, found.body) == (status, answer)


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"name": "x" * 301}, {"client_key": "1"}, {"template": None}]
)
def test_a_misshapen_wish_is_invalid(change):
    assert ask("POST", "/chats", agent="ana", body=WISH | change).code == "invalid"


def test_a_token_that_is_dead_is_told():
    """INB-10"""
    channels.set_problem("whatsapp", ACCOUNT, "token_invalid")
    answer = ask("POST", "/chats", agent="bruno", body=WISH)
    assert answer.status == 409
    assert answer.body == {"code": "channel_unavailable", "problem": "token_invalid"}


def test_a_deep_link_finds_the_contact_for_who_may_read():
    """NEW-4"""
    found = {
        who: ask("GET", "/lookup?phone=%2B55%2011%208765-4321", agent=who).body
        for who in ("ana", "clara")
    }
    assert (found["ana"]["found"], found["ana"]["chat_id"]) == ("readable", "c1")
    assert (found["clara"]["found"], found["clara"]["name"]) == ("hidden", None)
    assert ask("GET", "/lookup?phone=+5511987654321", agent="ana").body["chat_id"] == "c1"


def test_the_contacts_page_is_for_its_permission():
    """PERM-1 ADM-3"""
    page = ask("GET", "/contacts", agent="clara").body
    assert [(one["name"], one["readable"]) for one in page["contacts"]] == [("Bia", False)]
    one = {"name": "Caio", "phone": "11 97777-6666"}
    lines = {"lines": [{"line": 1, **one}]}
    for method, url, body in (
        ("GET", "/contacts", None),
        ("POST", "/contacts", one),
        ("POST", "/contact-imports", lines),
    ):
        given = {} if body is None else {"body": body}
        assert ask(method, url, agent="bruno", **given).code == "forbidden"
    assert ask("POST", "/contacts", agent="clara", body=one).body["phone"] == "5511977776666"
    known = ask("POST", "/contacts", agent="clara", body=one)
    assert (known.status, known.body["code"], known.body["name"]) == (409, "chat_exists", "Caio")
    [line] = ask("POST", "/contact-imports", agent="clara", body=lines).body["lines"]
    assert line["outcome"] == "exists"


def test_a_line_that_is_far_too_long_is_only_that_lines_fault():
    """ADM-3"""
    lines = [
        {"line": 1, "name": "x" * 5000, "phone": "11977776666"},
        {"line": 2, "name": "Caio", "phone": "9" * 5000},
        {"line": 3, "name": "Caio", "phone": "11977776666"},
    ]
    answer = ask("POST", "/contact-imports", agent="ana", body={"lines": lines})
    outcomes = [one["outcome"] for one in answer.body["lines"]]
    assert outcomes == ["name_too_long", "phone_invalid", "added"]


@pytest.mark.parametrize("count", [0, 26])
def test_a_list_comes_in_parts_of_twenty_five(count):
    """ADM-3"""
    lines = [{"line": 1, "name": "Caio", "phone": "11977776666"}] * count
    answer = ask("POST", "/contact-imports", agent="ana", body={"lines": lines})
    assert (answer.status, answer.code) == (400, "invalid")
