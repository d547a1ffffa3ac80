"""Doors: what they are told, what they answer, and what they refuse to read."""

import json
import re
from urllib.parse import quote

import pytest

import app
from chalicelib.api.blueprint import DOORS, HTTP_STATUS, request_model
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from tests.api.gateway import ask
from tests.builders import NOON, agent, client_key, join, message

assert app.app, "the doors are listed once app.py is loaded"

FAILED = message("olá").key
HEARD = message("oi").key
ABSENT = "1795521600000-ffffffffffffffff"
NEW_TEXT = {"client_key": client_key(), "text": "olá"}
AGAIN = {"client_key": client_key()}
SEEN = {"up_to": HEARD}

FOR_AGENTS = [door for door in DOORS if door.may is not None]
WITH_BODY = [door for door in FOR_AGENTS if request_model(door.view, "body") is not None]


def name_of(door):
    return f"{door.method} {door.path}"


@pytest.fixture(autouse=True)
def _open(desk_open):
    """Every test here knocks at an open desk."""


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        (None, 401, "unauthenticated"),
        ({}, 401, "unauthenticated"),
        ({"sub": "ana"}, 401, "unauthenticated"),
        ({"sub": "ana", "token_use": "access"}, 401, "unauthenticated"),
        ({"token_use": "id"}, 401, "unauthenticated"),
        ({"sub": "", "token_use": "id"}, 401, "unauthenticated"),
        ({"sub": "nobody", "token_use": "id"}, 403, "agent_inactive"),
        ({"sub": "davi", "token_use": "id"}, 403, "agent_inactive"),
    ],
)
def test_without_an_active_agent_no_door_opens(claims, status, code):
    """PERM-2 PERM-3: tests/api/test_matrix.py has every door."""
    answer = ask("GET", "/chats/c1", claims=claims)
    assert (answer.status, answer.body) == (status, {"code": code})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"


def test_a_tab_that_one_has_is_listed():
    """TAB-7"""
    assert ask("GET", "/chats?tab=open", agent="bruno").body == {"chats": [], "cursor": None}
    (row,) = ask("GET", "/chats?tab=mine", agent="ana").body["chats"]
    assert (row["chat_id"], row["unread"]) == ("c1", 1)


def test_me_says_who_is_looking_and_nothing_secret():
    """PERM-1"""
    me = ask("GET", "/me", agent="bruno").body
    assert me["tabs"] == ["open"]
    assert me["agent"]["permissions"] == ["2"]
    assert me["server_now"] == "2026-11-24T12:00:00.000Z"
    assert {one["agent_id"]: one["active"] for one in me["agents"]}["davi"] is False
    assert "email" not in json.dumps(me["agents"])
    assert "token" not in json.dumps(me)


@pytest.mark.parametrize("chat_id", ["c9", "c1%0A", "c1 ", "..", "x" * 65, "ç", "c1#CHAT"])
def test_an_unknown_chat_is_not_found(chat_id):
    """PERM-2"""
    answer = ask("GET", f"/chats/{quote(chat_id)}", agent="ana")
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_message_is_not_found():
    """CHAT-6"""
    answer = ask("POST", f"/chats/c1/messages/{ABSENT}/retry", agent="ana", body=AGAIN)
    assert answer.status == 404


MESSAGES = "/chats/c1/messages"
KEY = client_key()
MISSHAPEN = "string_pattern_mismatch"


@pytest.mark.parametrize(
    ("method", "url", "body", "path", "reason"),
    [
        ("POST", MESSAGES, {}, "client_key", "missing"),
        ("POST", MESSAGES, {**NEW_TEXT, "text": ""}, "", "value_error"),
        ("POST", MESSAGES, {**NEW_TEXT, "text": " \n "}, "", "value_error"),
        ("POST", MESSAGES, {**NEW_TEXT, "text": "a" * 10_001}, "text", "string_too_long"),
        ("POST", MESSAGES, {**NEW_TEXT, "text": 7}, "text", "string_type"),
        ("POST", MESSAGES, {**NEW_TEXT, "text": None}, "text", "string_type"),
        (
            "POST",
            MESSAGES,
            {**NEW_TEXT, "client_key": "7"},
            "client_key",
            MISSHAPEN,
        ),
        (
            "POST",
            MESSAGES,
            {**NEW_TEXT, "client_key": client_key() + "\n"},
            "client_key",
            MISSHAPEN,
        ),
        ("POST", MESSAGES, {**NEW_TEXT, "agent_id": "bruno"}, "agent_id", "extra_forbidden"),
        ("POST", MESSAGES, [], "", "model_type"),
        ("POST", MESSAGES, None, "", "model_type"),
        ("POST", MESSAGES, "text", "", "model_type"),
        ("PUT", "/chats/c1/read", {"up_to": "now"}, "up_to", MISSHAPEN),
        ("GET", "/chats", None, "tab", "missing"),
        ("GET", "/chats?tab=every", None, "tab", "enum"),
        ("GET", "/chats?tab=all&order=up", None, "order", "enum"),
        ("GET", "/chats?tab=all&limit=0", None, "limit", "greater_than_equal"),
        ("GET", "/chats?tab=all&limit=51", None, "limit", "less_than_equal"),
        ("GET", "/chats?tab=all&cursor=x", None, "cursor", MISSHAPEN),
        ("GET", "/chats?tab=all&departament=x", None, "departament", "extra_forbidden"),
        ("GET", f"{MESSAGES}?limit=101", None, "limit", "less_than_equal"),
        ("GET", f"{MESSAGES}?before={HEARD}&after={HEARD}", None, "", "value_error"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(method, url, body, path, reason):
    """SEND-12"""
    given = {} if method == "GET" else {"body": body}
    answer = ask(method, url, agent="ana", **given)
    assert (answer.status, answer.code) == (400, "invalid")
    assert {"path": path, "reason": reason} in answer.body["fields"]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "not json",
        "[" * 10_000,
        '{"text": "\\ud800"}',
        "\u0000",
        b"\xff\xfe",
        "NaN",
        "1e999",
    ],
)
def test_what_is_no_json_is_refused(raw):
    """SEND-12"""
    answer = ask("POST", MESSAGES, agent="ana", raw=raw)
    assert (answer.status, answer.code) == (400, "invalid")


WITH_A_FLOW = {"POST /flows", "PUT /flows/{flow_id}", "POST /flow-checks"}


@pytest.mark.parametrize("door", WITH_BODY, ids=name_of)
def test_an_endless_body_is_refused_before_it_is_read(door):
    """SEND-12: flows are larger than anything else that is typed (FLOW-9)."""
    join(agent("ana", permissions=frozenset(Permission)))
    limit = 400_000 if name_of(door) in WITH_A_FLOW else 64_000
    endless = "[" * (limit + 1)
    answer = ask(door.method, re.sub(r"\{\w+\}", "c1", door.path), agent="ana", raw=endless)
    assert (answer.status, answer.body) == (413, {"code": "too_large", "limit": limit})


def test_the_longest_text_fits_its_door():
    """SEND-1"""
    longest = {"client_key": client_key(), "text": "😀" * 4096}
    assert ask("POST", MESSAGES, agent="ana", body=longest).status == 200


def test_a_bodys_bytes_are_undone_from_the_gateways_base64():
    """SEND-1"""
    text = {"client_key": client_key(), "text": "olá 😀"}
    answer = ask("POST", MESSAGES, agent="ana", raw=json.dumps(text, ensure_ascii=False).encode())
    assert answer.body["messages"][0]["text"] == "olá 😀"


def test_the_same_key_twice_is_the_same_answer():
    """SEND-12"""
    first, second = (ask("POST", MESSAGES, agent="ana", body=NEW_TEXT) for _ in range(2))
    assert first.body == second.body
    other = ask("POST", MESSAGES, agent="ana", body={**NEW_TEXT, "text": "outro"})
    assert (other.status, other.code) == (409, "client_key_reused")


def test_a_clock_that_runs_ahead_is_told_the_time(desk_open):
    """SEND-12"""
    ahead = {**NEW_TEXT, "client_key": client_key(NOON.replace(minute=1))}
    answer = ask("POST", MESSAGES, agent="ana", body=ahead)
    assert (answer.status, answer.code) == (409, "clock_skew")
    assert answer.body["server_now"] == "2026-11-24T12:00:00.000Z"


def test_a_shut_session_says_so(desk_open, clock):
    """SEND-1"""
    clock.forward(hours=24)
    late = {**NEW_TEXT, "client_key": client_key(clock())}
    answer = ask("POST", MESSAGES, agent="ana", body=late)
    assert (answer.status, answer.body) == (409, {"code": "session_closed"})


def test_reading_answers_what_is_left_unread():
    """READ-1"""
    assert ask("PUT", "/chats/c1/read", agent="ana", body=SEEN).body == {"unread": 0, "rev": 2}


def test_every_refusal_has_a_status():
    assert set(HTTP_STATUS) == set(errors.Refusal.__subclasses__())
    assert len(errors.every_code()) == len(HTTP_STATUS), "no two refusals share a code"
    assert all(400 <= status < 600 for status in HTTP_STATUS.values())
