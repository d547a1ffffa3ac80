"""Another system calls a webhook's copied address on the whole stack (FLOW-10), and the agency says
when it attends (FLOW-6).
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.e2e.test_new_chat import somebody
from tests.e2e.test_prepared import put_template
from tests.e2e.waiting import at_once, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack
    from tests.e2e.agent import Agent
    from tests.e2e.phones import Contact, Phones

Json = dict[str, Any]
SETTINGS_AGE = 5  # seconds after which every function has read the settings anew
GREETING = {
    "modelo": {
        "type": "send_template",
        "name": "pedido_recebido",
        "language": "pt_BR",
        "values": {"body.1": "{nome}", "body.2": "{email}"},
        "next": None,
    }
}
MAPPING = [
    {"path": "cliente.fone", "field": "telefone"},
    {"path": "cliente.nome", "field": "nome"},
    {"path": "cliente.email", "field": "email"},
]


@pytest.fixture(scope="module")
def flow_id(every_phone: Phones, ana: Agent) -> Iterator[str]:
    """A flow that greets by a template; the chatbot is on, with a main flow, while it is here."""
    before = ana.get("/settings")
    put_template(every_phone, "pedido_recebido", "Oi, {{1}}! Escreveremos para {{2}}.")

    def known() -> bool:
        return "pedido_recebido" in {one["name"] for one in ana.get("/templates")["templates"]}

    until(known, "the template is known")
    document = {
        "format": "atendente-flow/1",
        "name": "Pedidos",
        "category": None,
        "start": "modelo",
        "nodes": GREETING,
    }
    made = ana.ask("POST", "/flows", json={"name": "Pedidos", "document": document})
    version = {"version": made["version"]}
    flow_id = str(made["flow"]["flow_id"])
    ana.ask("POST", f"/flows/{flow_id}/publication", json=version)
    ana.ask("PUT", "/settings", json={"chatbot": True, "main_flow_id": flow_id})
    time.sleep(SETTINGS_AGE)
    yield flow_id
    ana.put_back_settings(before)
    time.sleep(SETTINGS_AGE)


@pytest.fixture
def shop(ana: Agent, stack: Stack, flow_id: str) -> Json:
    """A webhook in production, with its address as the page copies it."""
    wanted = {
        "name": f"Loja {secrets.token_hex(4)}",
        "production": True,
        "event_path": "pedido",
        "mapping": MAPPING,
        "flow_id": flow_id,
    }
    made: Json = ana.ask("POST", "/incoming-webhooks", json=wanted)
    return {**made, "url": f"{stack.web}{made['url']}"}


def told(contact: Contact, event: int = 1) -> Json:
    """What the shop posts of somebody."""
    customer = {"fone": contact.wa_id[2:], "nome": contact.name, "email": "bia@exemplo.com"}
    return {"pedido": event, "cliente": customer}


def call(shop: Json, body: Any) -> int:
    """Call the address as it is copied; the status of its answer."""
    answer = httpx.post(shop["url"], json=body, timeout=60)
    assert answer.text == "" or answer.status_code != 204
    return answer.status_code


def outcomes(ana: Agent, shop: Json) -> list[tuple[str, str | None]]:
    """What became of the calls, newest first, as the page shows it."""
    for one in ana.get("/incoming-webhooks")["webhooks"]:
        if one["webhook_id"] == shop["webhook_id"]:
            return [(each["outcome"], each["reason"]) for each in one["calls"]]
    raise AssertionError(shop["webhook_id"])


def test_a_call_makes_a_contact_and_its_flow_is_on_the_phone(
    phones: Phones, ana: Agent, shop: Json
) -> None:
    """FLOW-10 FLOW-3 SCH-2: the session is shut, so a template it is."""
    contact = somebody(phones)
    assert call(shop, told(contact)) == 204
    greeting = f"Oi, {contact.name}! Escreveremos para bia@exemplo.com."
    until(lambda: greeting in str(contact.thread()), "the flow's template is on the phone")
    chat_id = ana.chat_of(contact.name)
    row = ana.row(chat_id)
    assert (row["closed"], row["agent_id"]) == (True, None)
    assert ana.get(f"/contacts/{chat_id}")["system"]["email"] == "bia@exemplo.com"
    assert outcomes(ana, shop) == [("fired", None)]


def test_the_same_event_told_by_ten_at_once_is_one(phones: Phones, ana: Agent, shop: Json) -> None:
    """FLOW-10 INB-3"""
    contact = somebody(phones)
    assert at_once(lambda body: call(shop, body), [told(contact)] * 10, 10) == [204] * 10
    until(lambda: len(contact.thread()) == 1, "the flow's template is on the phone")
    phones.quiet()
    assert len(contact.thread()) == 1
    assert sorted(outcomes(ana, shop)) == [("fired", None), *[("repeated", None)] * 9]
    assert len(ana.chats_of(contact.name)) == 1
    assert call(shop, told(contact, event=2)) == 204
    until(lambda: len(contact.thread()) == 2, "another event fires again")


def test_a_call_that_cannot_be_is_refused_and_shown(ana: Agent, shop: Json) -> None:
    """FLOW-10: 400 and 404, through the gateway, whatever the caller says that it sends."""
    for kind in (
        "application/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
    ):
        answer = httpx.post(
            shop["url"], content=b"\xff", headers={"content-type": kind}, timeout=60
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert call(shop, {"cliente": {"fone": 12}}) == 400
    assert call(shop, {"cliente": "x" * 70_000}) == 400
    assert outcomes(ana, shop)[:2] == [("refused", "json_invalid"), ("refused", "phone_invalid")]
    gone = {"url": shop["url"].replace(shop["webhook_id"], secrets.token_hex(16))}
    assert call(gone, {}) == 404
    ana.ask("DELETE", f"/incoming-webhooks/{shop['webhook_id']}")
    assert call(shop, {}) == 404


def test_a_test_shows_what_arrived_until_it_is_switched_to_production(
    phones: Phones, ana: Agent, shop: Json
) -> None:
    """FLOW-10"""
    path = f"/incoming-webhooks/{shop['webhook_id']}"
    asked = {name: shop[name] for name in ("name", "event_path", "mapping", "flow_id", "version")}
    tested = ana.ask("PUT", path, json={**asked, "production": False})
    contact = somebody(phones)
    assert call(shop, told(contact)) == 204
    assert outcomes(ana, shop) == [("test", None)]
    ana.ask("PUT", path, json={**asked, "production": True}, expect=409)
    ana.ask("PUT", path, json={**asked, "production": True, "version": tested["version"]})
    assert call(shop, told(contact)) == 204
    until(lambda: len(contact.thread()) == 1, "now it is on the phone")
    assert outcomes(ana, shop) == [("fired", None), ("test", None)]


def test_what_a_webhook_fires_is_not_deleted(ana: Agent, shop: Json) -> None:
    """FLOW-10"""
    refused = ana.ask("DELETE", f"/flows/{shop['flow_id']}", expect=409)
    assert {"kind": "webhook", "name": shop["name"]} in refused["by"]


def test_the_agency_says_when_it_attends(ana: Agent) -> None:
    """FLOW-6 ADM-1"""
    before = ana.get("/business-hours")
    given = {"version": before["version"], "days": [[]] * 7, "holidays": []}
    shut = ana.ask("PUT", "/business-hours", json=given)
    assert (shut["open_now"], shut["version"]) == (False, before["version"] + 1)
    ana.ask("PUT", "/business-hours", json={**given, "days": before["days"]}, expect=409)
    again = {"version": shut["version"], "days": before["days"], "holidays": before["holidays"]}
    assert ana.ask("PUT", "/business-hours", json=again)["open_now"]
