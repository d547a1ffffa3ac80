"""What is prepared to be sent, on the whole stack: templates that follow Meta, quick replies,
drafts, channels with their secrets, and a hit in a chat with its surroundings.
"""

import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.stack import CHANNEL, EVERY_CHANNEL, Stack
from tests.e2e.agent import Agent, client_key
from tests.e2e.phones import Json, Phones
from tests.e2e.test_new_chat import somebody, start, template_of
from tests.e2e.waiting import until

NUMBER = f"whatsapp-{CHANNEL['account']}"


def now() -> str:
    """As a page's corrected clock says it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def listed(agent: Agent, name: str) -> Json | None:
    """The template among all, whatever its status."""
    for one in agent.get("/template-list")["templates"]:
        if one["template"]["name"] == name:
            return dict(one["template"])
    return None


def names(agent: Agent) -> set[str]:
    """Those that may be sent."""
    return {one["name"] for one in agent.get("/templates")["templates"]}


def put_template(phones: Phones, name: str, text: str, **facts: Any) -> None:
    """Meta has it so from now on, and tells by webhook; `told=False`: it does not."""
    told = facts.pop("told", True)
    template = {
        "name": name,
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": text}],
        **facts,
    }
    phones.ask("POST", "/templates", json=template, params={} if told else {"told": "no"})


# --- templates --------------------------------------------------------------------------------


def test_a_new_template_is_there_on_demand_and_a_paused_one_goes_by_webhook(
    phones: Phones, ana: Agent
) -> None:
    """SEND-2 ADM-1"""
    name = f"aviso_{time.time_ns()}"
    put_template(phones, name, "Oi, {{1}}!", told=False)
    assert listed(ana, name) is None
    ana.ask("POST", "/template-syncs", json={})
    assert name in names(ana)
    with ana.socket() as socket:
        put_template(phones, name, "Oi, {{1}}!", status="PAUSED")
        socket.event(lambda one: one.get("part") == "templates")
        until(lambda: name not in names(ana), "a paused one is not offered")
    shown = listed(ana, name)
    assert shown is not None
    assert (shown["status"], shown["unsendable_because"]) == ("paused", "status")
    phones.ask("DELETE", "/templates", params={"name": name, "language": "pt_BR"})
    until(lambda: (listed(ana, name) or {})["status"] == "deleted", "a deleted one is shown so")


def test_one_that_meta_refuses_has_the_list_made_anew(phones: Phones, ana: Agent) -> None:
    """SEND-2 CHAT-5: Meta told nobody."""
    name = f"sumido_{time.time_ns()}"
    put_template(phones, name, "Oi!")
    until(lambda: name in names(ana), "it is mirrored")
    phones.ask("DELETE", "/templates", params={"name": name, "language": "pt_BR", "told": "no"})
    contact = somebody(phones)
    template = {"name": name, "language": "pt_BR", "values": {}}
    chat_id = start(ana, contact, template=template)["chat_id"]
    message = ana.until_status(chat_id, template_of(ana, chat_id)["key"], "failed")
    assert message["failure"]["code"] == 132001
    until(lambda: name not in names(ana), "the mirror is as Meta's list")


def test_a_template_with_a_picture_and_a_coupon_reaches_the_phone(
    phones: Phones, ana: Agent
) -> None:
    """SEND-2: its header's file was uploaded by the sender; its price is shown."""
    contact = somebody(phones)
    picture = {"content_type": "image/png", "size": len(PIXEL), "name": "a.png"}
    asked = {"channel": "whatsapp", **picture}
    upload = ana.ask("POST", "/uploads", json=asked)
    posted = httpx.post(
        upload["url"], data=upload["fields"], files={"file": ("a.png", PIXEL, "image/png")}
    )
    assert posted.status_code < 300, posted.text
    [shown] = [
        one
        for one in ana.get("/templates", phone=contact.wa_id)["templates"]
        if one["name"] == "boas_vindas"
    ]
    assert shown["price"]["amount"] == "0.0625"
    values = {"header.file": upload["key"], "body.1": "{nome}", "button.0": "BEMVINDO"}
    template = {"name": "boas_vindas", "language": "pt_BR", "values": values}
    chat_id = start(ana, contact, template=template)["chat_id"]
    message = template_of(ana, chat_id)
    ana.until_status(chat_id, message["key"], "delivered")
    read = message["details"]["template"]["body"]
    assert read.startswith(f"Que bom ter você aqui, {contact.name}")
    [seen] = contact.thread()
    assert contact.name in seen["rendered"]["body"]
    assert seen["rendered"]["header_media"]


def test_a_binding_is_offered_to_whoever_sends(ana: Agent) -> None:
    """SEND-3"""
    template = listed(ana, "retomar_atendimento")
    assert template is not None
    path = f"/template-list/{template['template_id']}/bindings"
    ana.ask("PUT", path, json={"bindings": {"body.1": "{nome}", "body.2": "{protocolo}"}})
    [offered] = [
        one for one in ana.get("/templates")["templates"] if one["name"] == "retomar_atendimento"
    ]
    assert offered["bindings"] == {"body.1": "{nome}", "body.2": "{protocolo}"}


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "6060f80f00010401007fc2d0e40000000049454e44ae426082"
)


# --- quick replies and drafts -----------------------------------------------------------------


def test_a_quick_reply_with_a_file_is_everybodys_and_goes_with_it(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """SEND-9 ADM-1"""
    asked = {"content_type": "image/png", "size": len(PIXEL), "name": "mapa.png"}
    upload = ana.ask("POST", "/uploads", json=asked)
    httpx.post(
        upload["url"], data=upload["fields"], files={"file": ("mapa.png", PIXEL, "image/png")}
    ).raise_for_status()
    name = f"mapa{time.time_ns()}"
    wanted = {
        "name": name,
        "text": "Estamos aqui, {nome}",
        "file": {"key": upload["key"], "name": "mapa.png"},
    }
    with bruno.socket() as socket:
        made = ana.ask("POST", "/quick-replies", json=wanted)
        socket.event(lambda one: one.get("part") == "quick_replies")
    [seen] = [one for one in bruno.get("/quick-replies")["quick_replies"] if one["name"] == name]
    assert httpx.get(seen["file"]["url"]).content == PIXEL
    contact = somebody(phones)
    contact.writes("Onde fica?")
    chat_id = bruno.chat_of(contact.name)
    answer = {
        "client_key": client_key(),
        "text": seen["text"],
        "files": [{"key": seen["file"]["key"], "name": "mapa.png"}],
    }
    sent = bruno.ask("POST", f"/chats/{chat_id}/messages", json=answer)["messages"]
    bruno.until_status(chat_id, sent[-1]["key"], "delivered")
    assert sent[0]["text"] == f"Estamos aqui, {contact.name}"
    ana.ask("DELETE", f"/quick-replies/{made['quick_reply_id']}")
    assert name not in {one["name"] for one in ana.get("/quick-replies")["quick_replies"]}


def test_a_draft_is_there_on_another_device_and_gone_on_both(
    phones: Phones, ana: Agent, bruno: Agent
) -> None:
    """What an agent typed is theirs alone."""
    contact = somebody(phones)
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)

    def drafts(agent: Agent) -> dict[str, str]:
        return {one["chat_id"]: one["text"] for one in agent.get("/drafts")["drafts"]}

    first, second = now(), ""
    ana.ask("PUT", f"/chats/{chat_id}/draft", json={"text": "Bom d", "at": first})
    time.sleep(0.05)
    second = now()
    other_device = Agent(str(ana.http.base_url), ana.origin, "", "ana")
    other_device.http.headers.update(ana.http.headers)
    other_device.ask("PUT", f"/chats/{chat_id}/draft", json={"text": "Bom dia", "at": second})
    ana.ask("PUT", f"/chats/{chat_id}/draft", json={"text": "Bom di", "at": first})
    assert drafts(ana)[chat_id] == "Bom dia"
    assert chat_id not in drafts(bruno)
    ana.ask("PUT", f"/chats/{chat_id}/draft", json={"text": "", "at": now()})
    assert chat_id not in drafts(other_device)


# --- channels ---------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", EVERY_CHANNEL, ids=lambda one: one["channel"])
def test_a_channel_is_tested_with_its_token(ana: Agent, channel: Json) -> None:
    """ADM-1 OPS-3: of all three channels."""
    named = f"{channel['channel']}-{channel['account']}"
    tested = ana.ask("POST", f"/channels/{named}/test", json={})
    assert (tested["ok"], tested["failure"]) == (True, None)
    assert tested["channel"]["name"]
    assert tested["channel"]["checked_at"]
    assert all(tested["channel"][f"has_{one}"] for one in ("token", "app_secret", "verify_token"))


def test_a_dead_token_is_told_and_a_new_one_sends_at_once(
    phones: Phones, ana: Agent, stack: Stack
) -> None:
    """INB-10 CHAT-5 OPS-3: the same token that the stack began with is pasted again."""
    account = next(one for one in ana.get("/channels")["channels"] if one["channel_id"] == NUMBER)
    kept = {name: account[name] for name in ("display", "portfolio", "page", "human_agent")}
    name = f"{stack.outputs['SecretsPrefix']}/whatsapp/{CHANNEL['account']}/token"
    found = stack.client("ssm").get_parameter(Name=name, WithDecryption=True)
    good = found["Parameter"]["Value"]
    contact = somebody(phones)
    contact.writes("oi")
    chat_id = ana.chat_of(contact.name)
    with ana.socket() as socket:
        ana.ask("PUT", f"/channels/{NUMBER}", json={**kept, "token": "EAAdead"})
        assert not ana.ask("POST", f"/channels/{NUMBER}/test", json={})["ok"]
        socket.event(lambda one: (one.get("channel") or {}).get("problem") == "token_invalid")
    contact.writes("ainda aí?")  # inbound goes on
    until(lambda: "ainda aí?" in ana.texts(chat_id), "what the contact writes")
    shown = ana.ask("PUT", f"/channels/{NUMBER}", json={**kept, "token": good})
    assert shown["problem"] is None
    assert ana.ask("POST", f"/channels/{NUMBER}/test", json={})["ok"]
    answered = ana.answer(chat_id, "Sim!")
    ana.until_status(chat_id, answered["key"], "sent", "delivered", "read")


# --- the search in a chat ---------------------------------------------------------------------


def test_a_hit_far_up_is_found_and_opened_with_its_surroundings(phones: Phones, ana: Agent) -> None:
    """FIND-2"""
    contact = somebody(phones)
    contact.wrote(*[f"linha {number}" for number in range(70)])
    chat_id = ana.chat_of(contact.name)
    until(lambda: len(ana.texts(chat_id)) >= 70, "all of it", seconds=60)
    body = {"client_key": client_key(), "text": "Anotação: LINHA especial", "internal": True}
    ana.ask("POST", f"/chats/{chat_id}/messages", json=body)
    found = ana.get(f"/chats/{chat_id}/message-search", q="anotacao")
    assert [(hit["text"], hit["internal"]) for hit in found["hits"]] == [
        ("Anotação: LINHA especial", True)
    ]
    found = ana.get(f"/chats/{chat_id}/message-search", q="Linha 7")
    assert [hit["text"] for hit in found["hits"]] == ["linha 7"]
    [hit] = found["hits"]
    page = ana.get(f"/chats/{chat_id}/messages", around=hit["key"], limit=10)
    texts = [one["text"] for one in page["messages"]]
    assert texts == [f"linha {number}" for number in range(2, 12)]
    assert page["after"] is not None
    assert (found["cursor"], found["reached_at"] is not None) == (None, True)
