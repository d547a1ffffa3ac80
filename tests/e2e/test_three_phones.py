"""A text goes both ways on each channel, through the deployed stack and the simulator."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from local.stack import Stack
from tests.e2e.agent import Agent
from tests.e2e.conftest import screenshot
from tests.e2e.pages import PhonePage
from tests.e2e.phones import Phones
from tests.e2e.waiting import until

CHANNELS = ("whatsapp", "instagram", "facebook")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_text_goes_both_ways(channel: str, phones: Phones, ana: Agent) -> None:
    """INB-1 INB-8 SES-1"""
    contact = phones.somebody() if channel == "whatsapp" else phones.somebody_on(channel)
    contact.writes("bom dia 😀")
    chat_id = ana.chat_of(contact.name)  # elsewhere the name comes from the profile
    ana.answer(chat_id, "Olá! Como posso ajudar?")
    until(lambda: contact.received() == ["Olá! Como posso ajudar?"], "the answer on the phone")
    phones.quiet()
    sent = phones.sent(contact=contact.wa_id)
    assert [(one["channel"], one["accepted"]) for one in sent] == [(channel, True)]
    authors = [one["author"] for one in ana.messages(chat_id) if one["author"] != "system"]
    assert authors == ["contact", "agent"]  # its echo is the same message


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_webhook_knows_its_own_verify_token(channel: str, phones: Phones) -> None:
    """INB-11"""
    assert phones.ask("POST", "/verify", json={"channel": channel})["verified"] is True


@pytest.mark.parametrize("channel", ["instagram", "facebook"])
def test_a_signature_is_asked_for_on_every_channel(channel: str, phones: Phones) -> None:
    """INB-1"""
    body = {"object": "page" if channel == "facebook" else channel, "entry": []}
    assert phones.post(body, channel=channel).status_code == 200
    assert phones.post(body, channel=channel, sign="another").status_code == 401
    assert phones.post(body, channel=channel, sign=None).status_code == 401


def test_the_seeded_people_are_on_their_phones(
    stack: Stack, phones: Phones, new_page: Callable[[], Page]
) -> None:
    """INB-5"""
    named = {one["name"]: one["address"] for one in phones.ask("GET", "/contacts")}
    phone = PhonePage(new_page(), stack.simulator)
    for name in ("Clara Todos os Tipos", "Lia Stories", "Zeca Mensageiro"):
        phone.open(named[name])
    phone.page.wait_for_timeout(500)
    phone.page.screenshot(path=screenshot("three-phones"))
    assert phone.page.get_by_test_id("phone-message").count() > 30
