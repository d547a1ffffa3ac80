"""Users, departments, tags and settings on the running stack: changed at a door, felt at once."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from infra.deploy import make_user
from infra.support_code import known
from local.stack import Stack
from local.users import PASSWORD
from tests.e2e.agent import Agent, Socket
from tests.e2e.phones import Phones
from tests.e2e.waiting import at_once

Json = dict[str, Any]
Hire = Callable[[int], list[Agent]]

AT_MOST = 5  # seconds until a changed permission is felt
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff56c72f0d0000000049454e44ae426082"
)


def user(ana: Agent, agent_id: str) -> Json:
    """The user as Ana's page lists them."""
    found: Json = next(one for one in ana.get("/users")["users"] if one["agent_id"] == agent_id)
    return found


def saved(by: Agent, agent_id: str, **facts: Any) -> Json:
    """The user with that change."""
    now = user(by, agent_id)
    kept = {name: now[name] for name in ("name", "active", "permissions", "department_ids")}
    answer: Json = by.ask("PUT", f"/users/{agent_id}", json={**kept, **facts})
    return answer


@pytest.fixture
def eva(hire: Hire) -> Agent:
    """Somebody with the four tabs, whom other tests do not know."""
    (one,) = hire(1)
    return one


def heard(socket: Socket, part: str) -> Json:
    """The event that says so."""
    return socket.event(lambda event: event == {"type": "directory", "part": part}, AT_MOST)


def test_a_permission_taken_away_is_felt_by_the_open_page(
    phones: Phones, ana: Agent, eva: Agent
) -> None:
    """PERM-2 LIVE-1: within five seconds, and what then happens is not told."""
    eva_id = eva.agent_id()
    contact = phones.somebody()
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)

    def says(text: str) -> Callable[[Json], bool]:
        return lambda event: event["type"] == "message" and event["message"]["text"] == text

    with eva.socket("all", chat_id) as page, ana.socket("all", chat_id) as other:
        contact.writes("ainda se vê")
        page.event(says("ainda se vê"))
        other.event(says("ainda se vê"))
        other.events.clear()
        began = time.monotonic()
        saved(ana, eva_id, permissions=["3"])
        heard(page, "me")
        assert time.monotonic() - began < AT_MOST
        page.events.clear()
        contact.writes("segredo")
        other.event(says("segredo"))
        assert page.listen(1) == []
        assert not any(event["type"] == "directory" for event in other.events), "no name changed"
        assert eva.get("/me")["tabs"] == ["mine"]
        eva.ask("GET", f"/chats/{chat_id}", expect=404)
        saved(ana, eva_id, permissions=["1"])
        heard(page, "me")
        contact.writes("de novo")
        page.event(says("de novo"))


def test_a_deactivated_user_is_cut_off_at_once(stack: Stack, ana: Agent, eva: Agent) -> None:
    """PERM-3: doors, sockets and the login; reactivated, all of it works again."""
    eva_id = eva.agent_id()
    email = user(ana, eva_id)["email"]
    with eva.socket("all") as page, ana.socket("all") as other:
        began = time.monotonic()
        saved(ana, eva_id, active=False)
        assert eva.ask("GET", "/me", expect=403) == {"code": "agent_inactive"}
        page.until_closed(AT_MOST)
        assert time.monotonic() - began < AT_MOST
        heard(other, "people")
    with pytest.raises(ClientError):
        stack.token(email, PASSWORD)
    saved(ana, eva_id, active=True)
    stack.token(email, PASSWORD)
    with eva.socket("all"):
        pass


def test_an_invited_user_is_listed_until_they_enter(stack: Stack, ana: Agent) -> None:
    """ADM-1: and one invitation that broke off is finished by the next."""
    email = f"nova-{secrets.token_hex(4)}@example.com"
    body = {"name": "Nova", "email": email, "permissions": ["1"], "department_ids": []}
    with ana.socket("all") as page:
        made = ana.ask("POST", "/users", json=body)
        assert made["invited"] is True
        heard(page, "people")
    refused = ana.ask("POST", "/users", expect=400, json={**body, "email": email.upper()})
    assert refused["fields"] == [{"path": "email", "reason": "email_taken"}]
    assert ana.ask("POST", f"/users/{made['agent_id']}/invitation", json={}) == {"done": True}
    cognito = stack.client("cognito-idp")
    cognito.admin_set_user_password(
        UserPoolId=stack.outputs["UserPoolId"], Username=email, Password=PASSWORD, Permanent=True
    )
    (listed,) = [one for one in ana.get("/users")["users"] if one["email"] == email]
    assert listed == {**made, "invited": False}
    ana.ask("POST", f"/users/{made['agent_id']}/invitation", expect=400, json={})
    nova = Agent(stack.api, stack.web, stack.token(email, PASSWORD), email)
    assert nova.get("/me")["tabs"] == ["all"]
    broken = f"meia-{secrets.token_hex(4)}@example.com"
    sub = make_user(stack.place, stack.outputs["UserPoolId"], broken, "Meia", PASSWORD)
    finished = ana.ask("POST", "/users", json={**body, "email": broken})
    assert finished["agent_id"] == sub


def test_two_administrators_who_depose_each_other_leave_one(ana: Agent, hire: Hire) -> None:
    """ADM-1: whoever is later is refused."""
    first, second = hire(2)
    ids = {one: one.agent_id() for one in (first, second, ana)}
    for one in (first, second):
        saved(ana, ids[one], permissions=["1", "users"])
    everything = user(ana, ids[ana])["permissions"]
    for other in ana.get("/users")["users"]:  # whom other tests may have left
        if "users" in other["permissions"] and other["agent_id"] not in ids.values():
            saved(ana, other["agent_id"], permissions=["1"])
    saved(first, ids[ana], permissions=[one for one in everything if one != "users"])

    def deposes(pair: tuple[Agent, Agent]) -> int:
        by, whom = pair
        body = {"name": whom.name, "active": True, "permissions": ["1"], "department_ids": []}
        return by.http.put(f"/users/{ids[whom]}", json=body).status_code

    answers = at_once(deposes, [(first, second), (second, first)], 2)
    left = first if "users" in first.get("/me")["agent"]["permissions"] else second
    saved(left, ids[ana], permissions=everything)
    for one in (first, second):
        saved(ana, ids[one], permissions=["1"])
    assert sorted(answers) in ([200, 403], [200, 409])


def test_a_name_taken_ten_times_at_once_is_one_departments(ana: Agent) -> None:
    """ADM-1: everybody hears of it, and of its end."""
    name = f"Setor {secrets.token_hex(4)}"
    body = {"name": name, "active": True, "to_last_agent": False}

    def make(number: int) -> int:
        given = {**body, "name": name.upper() if number % 2 else name}
        return ana.http.post("/departments", json=given).status_code

    with ana.socket("all") as page:
        answers = at_once(make, list(range(10)), 10)
        assert sorted(answers) == [200] + [409] * 9
        heard(page, "people")
        (made,) = [
            one
            for one in ana.get("/departments")["departments"]
            if one["name"].casefold() == name.casefold()
        ]
        page.events.clear()
        ana.ask("DELETE", f"/departments/{made['department_id']}")
        heard(page, "people")
    assert ana.ask("DELETE", f"/departments/{made['department_id']}") == {"done": True}


def test_a_department_in_use_is_not_deleted(ana: Agent, eva: Agent) -> None:
    """ADM-1"""
    body = {"name": f"Uso {secrets.token_hex(4)}", "active": True, "to_last_agent": True}
    made = ana.ask("POST", "/departments", json=body)
    path = f"/departments/{made['department_id']}"
    eva_id = eva.agent_id()
    saved(ana, eva_id, department_ids=[made["department_id"]])
    refused = ana.ask("DELETE", path, expect=409)
    assert refused == {"code": "in_use", "by": [{"kind": "agents", "count": 1}]}
    saved(ana, eva_id, department_ids=[])
    ana.ask("DELETE", path)


def test_tags_and_fields_are_told_as_labels(ana: Agent, bruno: Agent) -> None:
    """ADM-1 LIVE-1"""
    slug = f"x{secrets.token_hex(4)}"
    field = {"name": "Campo", "slug": slug, "kind": "text"}
    with bruno.socket("mine") as page:
        tag = ana.ask("POST", "/tags", json={"name": slug, "color": "teal"})
        heard(page, "labels")
        page.events.clear()
        made = ana.ask("POST", "/fields", json=field)
        heard(page, "labels")
        assert tag in bruno.get("/labels")["tags"]
        assert made in bruno.get("/labels")["fields"]
        page.events.clear()
        ana.ask("DELETE", f"/tags/{tag['tag_id']}")
        ana.ask("DELETE", f"/fields/{made['field_id']}")
        heard(page, "labels")
    assert ana.ask("POST", "/fields", expect=400, json={**field, "slug": "cpf"})["fields"] == [
        {"path": "slug", "reason": "reserved"}
    ]


def test_the_reseller_knows_the_code_that_the_page_shows(
    stack: Stack, ana: Agent, bruno: Agent
) -> None:
    """CODE-1 CODE-2"""
    code = ana.get("/support-code")["code"]
    prefix = stack.outputs["SecretsPrefix"]
    assert known(stack.place, prefix, code, datetime.now(UTC))
    assert not known(stack.place, prefix, f"{(int(code) + 1) % 10**6:06}", datetime.now(UTC))
    bruno.ask("GET", "/support-code", expect=403)


def test_a_picture_of_ones_own_is_shown_to_everybody(ana: Agent, eva: Agent) -> None:
    """ADM-4"""
    with ana.socket("all") as page:
        told = eva.ask("POST", "/me/picture", json={"content_type": "image/png", "size": len(PNG)})
        missing = eva.ask("PUT", "/me/picture", expect=400, json={"key": told["key"]})
        assert missing["fields"] == [{"path": "key", "reason": "not_there"}]
        sent = httpx.post(told["url"], data=told["fields"], files={"file": PNG}, timeout=30)
        assert sent.status_code < 300, sent.text
        shown = eva.ask("PUT", "/me/picture", json={"key": told["key"]})
        heard(page, "people")
    assert httpx.get(shown["picture"], timeout=30).content == PNG
    mine = eva.agent_id()
    (seen,) = [one for one in ana.get("/me")["agents"] if one["agent_id"] == mine]
    assert httpx.get(seen["picture"], timeout=30).headers["content-type"] == "image/png"
    ana.ask("PUT", "/me/picture", expect=400, json={"key": told["key"]})
    assert eva.ask("PUT", "/me/picture", json={"key": None})["picture"] is None
    assert httpx.get(shown["picture"], timeout=30).status_code in (403, 404)


def test_name_and_farewell_are_kept(ana: Agent, eva: Agent) -> None:
    """ADM-4: and a new name is everybody's to see."""
    with ana.socket("all") as page:
        shown = eva.ask("PUT", "/me", json={"name": "Eva Reis", "farewell": " Até logo! "})
        assert (shown["name"], shown["farewell"]) == ("Eva Reis", "Até logo!")
        heard(page, "people")
    assert eva.get("/me")["agent"] == shown


def test_settings_are_kept(ana: Agent) -> None:
    """READ-1"""
    before = ana.get("/settings")
    for value in (True, False):
        wanted = {**before, "read_receipts": value}
        assert ana.ask("PUT", "/settings", json={"read_receipts": value}) == wanted
        assert ana.get("/settings") == wanted
