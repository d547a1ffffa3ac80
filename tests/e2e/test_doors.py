"""The doors: who may not pass, what may not be said, and what nobody thought of (PERM, STYLE)."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from infra.deploy import make_user
from infra.package import ROOT
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Phones

CONTRACT: dict[str, Any] = json.loads(Path(ROOT / "docs" / "openapi.json").read_text())
OPERATIONS = [
    (method.upper(), path)
    for path, operations in CONTRACT["paths"].items()
    for method in operations
]
DOORS = [one for one in OPERATIONS if not one[1].startswith(("/webhooks/", "/hooks/", "/push/"))]
UNKNOWN_KEY = "1700000000000-0123456789abcdef"


def opened(path: str, chat_id: str = "0000000000000000", key: str = UNKNOWN_KEY) -> str:
    """The path with a chat and a message in it."""
    return path.replace("{chat_id}", chat_id).replace("{key}", key)


def forged(token: str, **claims: Any) -> str:
    """The token with other claims under the old signature."""
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**told, **claims}).encode()).decode()
    return ".".join([head, changed.rstrip("="), signature])


def unsigned(token: str) -> str:
    """The token with its own claims and the algorithm «none»."""
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


def of_another_pool(stack: Stack) -> str:
    """A good token of people who have nothing to do with this desk."""
    cognito = stack.client("cognito-idp")
    policy = {"PasswordPolicy": {"MinimumLength": 8, "RequireSymbols": False}}
    pool = cognito.create_user_pool(PoolName="others", Policies=policy)["UserPool"]["Id"]
    make_user(stack.place, pool, "ana@example.com", "Outra Ana", PASSWORD)
    return signed_in(stack, pool, client_of(stack, pool))["IdToken"]


def client_of(stack: Stack, pool: str, **more: Any) -> str:
    """A client of a pool by which tests sign in."""
    made = stack.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool,
        ClientName="doors",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        **more,
    )
    return str(made["UserPoolClient"]["ClientId"])


def signed_in(stack: Stack, pool: str, client: str, email: str = "ana@example.com") -> Any:
    """The tokens of somebody who has just signed in."""
    return stack.client("cognito-idp").admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]


@pytest.fixture(scope="session")
def no_logins(stack: Stack) -> dict[str, dict[str, str]]:
    """Headers that are no login: each is to be refused everywhere."""
    pool = stack.outputs["UserPoolId"]
    good = stack.token("ana@example.com")
    brief = client_of(stack, pool, IdTokenValidity=1, TokenValidityUnits={"IdToken": "seconds"})
    expired = signed_in(stack, pool, brief)["IdToken"]
    time.sleep(2)
    tokens = {
        "a word": "x",
        "of another pool": of_another_pool(stack),
        "expired": expired,
        "an access token": signed_in(stack, pool, client_of(stack, pool))["AccessToken"],
        "somebody else's name": forged(good, sub="00000000-0000-0000-0000-000000000000"),
        "a longer life": forged(expired, exp=int(time.time()) + 3600),
        "unsigned": unsigned(good),
    }
    return {
        "nothing": {},
        "a password": {"authorization": "Basic YW5hOkF0ZW5kZW50ZTIwMjY="},
        **{name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()},
    }


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_door_opens_without_a_login(
    method: str, path: str, stack: Stack, no_logins: dict[str, dict[str, str]]
) -> None:
    """PERM-2"""
    for name, headers in no_logins.items():
        answer = httpx.request(
            method,
            f"{stack.api}{opened(path)}",
            headers=headers,
            json={} if method != "GET" else None,
            timeout=30,
        )
        assert answer.status_code == 401, (name, answer.status_code, answer.text)


def test_a_login_without_an_agent_is_told_so(stack: Stack) -> None:
    """PERM-3"""
    email = "estranho@example.com"
    make_user(stack.place, stack.outputs["UserPoolId"], email, "Estranho", PASSWORD)
    stranger = Agent(stack.api, stack.web, stack.token(email, PASSWORD))
    for method, path in DOORS:
        body = None if method == "GET" else {}
        refusal = stranger.ask(method, opened(path), expect=403, json=body)
        assert refusal == {"code": "agent_inactive"}


def test_a_chat_one_may_not_read_is_like_none(phones: Phones, ana: Agent, davi: Agent) -> None:
    """PERM-2, TAB-7: the same answer for both, at every door, and nothing happens."""
    contact = phones.somebody()
    contact.writes("segredo")
    chat_id = ana.chat_of(contact.name)
    [message] = ana.messages(chat_id)
    seen = {"agent_id": None, "department_id": None, "protocol": None}
    appointment = {"at": "2099-01-01T12:00:00Z", "title": "Visita"}
    bodies = {
        ("POST", "/chats/{chat_id}/messages"): {"client_key": client_key(), "text": "oi"},
        ("POST", "/chats/{chat_id}/messages/{key}/retry"): {"client_key": client_key()},
        ("PUT", "/chats/{chat_id}/messages/{key}/reaction"): {"emoji": "👍"},
        ("PUT", "/chats/{chat_id}/draft"): {
            "text": "oi",
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
        ("PUT", "/chats/{chat_id}/read"): {"up_to": message["key"]},
        ("PUT", "/chats/{chat_id}/agent"): {"agent_id": "0", "seen": seen},
        ("PUT", "/chats/{chat_id}/department"): {"department_id": "vendas", "seen": seen},
        ("POST", "/chats/{chat_id}/close"): {"protocol": ana.opened(chat_id)["chat"]["protocol"]},
        ("PUT", "/chats/{chat_id}/flow"): {
            "client_key": client_key(),
            "flow_id": "0",
            "seen": seen,
        },
        ("POST", "/chats/{chat_id}/appointments"): {**appointment, "client_key": client_key()},
        ("PUT", "/chats/{chat_id}/appointments/{appointment_id}"): {**appointment, "version": 1},
        ("PUT", "/contacts/{chat_id}"): {"name": "Outra"},
        ("POST", "/contacts/{chat_id}/pictures"): {"content_type": "image/png", "size": 1},
    }
    of_one_chat = [one for one in DOORS if "{chat_id}" in one[1]]
    assert set(bodies) <= set(of_one_chat)
    for method, path in of_one_chat:
        given: dict[str, Any] = {}
        if (method, path) in bodies:
            given = {"json": bodies[method, path]}
        elif path.endswith("/message-search"):
            given = {"params": {"q": "segredo"}}
        elif path.endswith("/files"):
            given = {"params": {"keys": message["key"]}}
        path = path.replace("{tag_id}", "cliente-vip").replace("{note_id}", UNKNOWN_KEY)
        unreadable = davi.http.request(method, opened(path, chat_id, message["key"]), **given)
        unknown = davi.http.request(method, opened(path), **given)
        assert unreadable.status_code == unknown.status_code, path
        assert unreadable.json() == unknown.json()
        # A door that needs a permission he lacks tells him so before it looks for the chat.
        assert unreadable.json()["code"] in ("not_found", "forbidden"), (method, path)
    assert ana.texts(chat_id) == ["segredo"]
    assert ana.row(chat_id)["unread"] == 1
    assert contact.attempts() == []


def test_a_tab_one_does_not_have_is_refused(davi: Agent) -> None:
    """TAB-7"""
    for tab in ("all", "open", "in_service"):
        assert davi.ask("GET", "/chats", params={"tab": tab}, expect=404)["code"] == "not_found"
    assert list(davi.get("/counts")["counts"]) == ["mine"]


WRONG_BODIES: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("not json", b"oi"),
    ("half", b'{"client_key":'),
    ("a list", b"[]"),
    ("a null", b"null"),
    ("a number", b"1e999"),
    ("no fields", b"{}"),
    ("no key", b'{"text":"oi"}'),
    ("no text", b'{"client_key":"KEY"}'),
    ("empty text", b'{"client_key":"KEY","text":""}'),
    ("white space", b'{"client_key":"KEY","text":" \\n\\t\\u00a0 "}'),
    ("a number as text", b'{"client_key":"KEY","text":5}'),
    ("a null as text", b'{"client_key":"KEY","text":null}'),
    ("an object as text", b'{"client_key":"KEY","text":{"body":"oi"}}'),
    ("a word as key", b'{"client_key":"x","text":"oi"}'),
    ("a key with a line after it", b'{"client_key":"KEY\\n","text":"oi"}'),
    ("one field more", b'{"client_key":"KEY","text":"oi","agent_id":"outro"}'),
    ("too long by one", b'{"client_key":"KEY","text":"' + b"x" * 10_001 + b'"}'),
    ("too long in emoji", b'{"client_key":"KEY","text":"' + "😀".encode() * 10_001 + b'"}'),
    ("a lone surrogate", b'{"client_key":"KEY","text":"\\ud800"}'),
    ("deep", b'{"client_key":"KEY","text":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
]


@pytest.mark.parametrize(("name", "body"), WRONG_BODIES, ids=[name for name, _ in WRONG_BODIES])
def test_a_body_of_the_wrong_shape_is_refused(
    name: str, body: bytes, ana: Agent, own_chat: str
) -> None:
    """A clear 400 with a code, and no message."""
    before = len(ana.messages(own_chat))
    answer = ana.http.post(
        f"/chats/{own_chat}/messages",
        content=body.replace(b"KEY", client_key().encode()),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400, (answer.status_code, answer.text)
    assert answer.json()["code"] == "invalid"
    assert len(ana.messages(own_chat)) == before


@pytest.fixture(scope="session")
def own_chat(every_phone: Phones, ana: Agent) -> str:
    """A chat that Ana may write to."""
    contact = every_phone.somebody()
    contact.writes("oi")
    return ana.chat_of(contact.name)


def test_the_longest_text_passes(ana: Agent, own_chat: str) -> None:
    """SEND-1: 4,096 characters, counted as people count them."""
    longest = "😀" * 4096
    message = ana.answer(own_chat, longest)
    assert ana.until_status(own_chat, message["key"], "delivered")["text"] == longest


@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_a_huge_body_is_refused(size: int, ana: Agent, own_chat: str) -> None:
    """413, whoever says it."""
    answer = ana.http.post(
        f"/chats/{own_chat}/messages", json={"client_key": client_key(), "text": "x" * size}
    )
    assert answer.status_code == 413, answer.text
    assert answer.json()["code"] == "too_large"


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", ""])
def test_another_content_type_is_refused(content_type: str, ana: Agent, own_chat: str) -> None:
    """Doors take JSON."""
    answer = ana.http.post(
        f"/chats/{own_chat}/messages",
        content=json.dumps({"client_key": client_key(), "text": "oi"}),
        headers={"content-type": content_type},
    )
    assert answer.status_code in (400, 415), answer.text


@pytest.mark.parametrize(
    ("shift", "code"), [(60_000, "clock_skew"), (-25 * 3600 * 1000, "client_key_expired")]
)
def test_a_key_of_another_time_is_refused(shift: int, code: str, ana: Agent, own_chat: str) -> None:
    """SEND-12"""
    key = f"{int(time.time() * 1000) + shift}-0123456789abcdef"
    refusal = ana.ask(
        "POST",
        f"/chats/{own_chat}/messages",
        json={"client_key": key, "text": "oi"},
        expect=409,
    )
    assert refusal["code"] == code
    assert ("server_now" in refusal) == (code == "clock_skew")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"tab": "x"},
        {"tab": "all", "order": "x"},
        {"tab": "all", "limit": "0"},
        {"tab": "all", "limit": "51"},
        {"tab": "all", "limit": "x"},
        {"tab": "all", "cursor": "x"},
        {"tab": "all", "cursor": "9" * 10_000},
        {"tab": "all", "unread": "perhaps"},
        {"tab": "all", "x": "1"},
    ],
)
def test_a_list_of_the_wrong_shape_is_refused(query: dict[str, str], ana: Agent) -> None:
    """A clear 400 that says which field."""
    refusal = ana.ask("GET", "/chats", params=query, expect=400)
    assert refusal["code"] == "invalid"
    assert refusal["fields"]


@pytest.mark.parametrize(
    "path",
    [
        "/chats/..%2f..%2fme",
        "/chats/%00",
        "/chats/CHAT%230000000000000000",
        "/chats/" + "a" * 2000,
        "/chats/%F0%9F%98%80",
        "/chats/0000000000000000/messages/x/retry",
        "/nowhere",
        "/webhooks/telegram",
    ],
)
def test_an_address_of_nothing_is_no_error_of_ours(path: str, ana: Agent) -> None:
    """4xx, whatever stands in the path."""
    answer = ana.http.get(path)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)


@pytest.fixture(scope="module")
def anybody(hire: Callable[..., list[Agent]]) -> Iterator[Agent]:
    """Somebody who may do everything, whose name may become anything. What they make of the desk's
    fields, settings, hours, channels and quick replies is undone for those who come after."""
    (hired,) = hire(1, everything=True)
    channels = {one["channel_id"] for one in hired.ask("GET", "/channels")["channels"]}
    replies = {one["quick_reply_id"] for one in hired.ask("GET", "/quick-replies")["quick_replies"]}
    fields = {one["field_id"] for one in hired.ask("GET", "/labels")["fields"]}
    kept = hired.ask("GET", "/settings")
    hours = hired.ask("GET", "/business-hours")
    yield hired
    hired.put_back_settings(kept)
    given = {name: hours[name] for name in ("days", "holidays")}
    version = hired.ask("GET", "/business-hours")["version"]
    hired.ask("PUT", "/business-hours", json={**given, "version": version})
    for one in hired.ask("GET", "/labels")["fields"]:
        if one["field_id"] not in fields:
            hired.ask("DELETE", f"/fields/{one['field_id']}")
    for one in hired.ask("GET", "/channels")["channels"]:
        if one["channel_id"] not in channels:
            hired.ask("DELETE", f"/channels/{one['channel_id']}")
    for one in hired.ask("GET", "/quick-replies")["quick_replies"]:
        if one["quick_reply_id"] not in replies:
            hired.ask("DELETE", f"/quick-replies/{one['quick_reply_id']}")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_makes_the_desk_stumble(
    method: str, path: str, mode: GenerationMode, stack: Stack, anybody: Agent, own_chat: str
) -> None:
    """Fuzzed from docs/openapi.json: no 5xx, nothing that the contract does not say."""
    operation = schemathesis.openapi.from_dict(CONTRACT)[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        if "chat_id" in (case.path_parameters or {}) and len(str(case.body)) % 2:
            case.path_parameters["chat_id"] = own_chat
        answer = case.call(
            base_url=stack.api, headers={"Authorization": anybody.http.headers["authorization"]}
        )
        checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
        case.validate_response(answer, checks=checks)

    ask()


EXAMPLES = 10
