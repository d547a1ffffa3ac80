"""The door at which other systems call (FLOW-10)."""

import json

import pytest

from chalicelib.commands import hook
from chalicelib.stores import channels, hooks
from tests.api.gateway import ask
from tests.builders import ACCOUNT, PORTFOLIO, agent
from tests.commands.flow_fixtures import chatbot, publish

TOLD = {"fone": "11 98765-4321"}


@pytest.fixture
def url(desk_open):
    """Where the shop calls; its flow says something."""
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    publish("f1", {"oi": {"type": "text", "text": "oi", "next": None}})
    chatbot(desk_open)
    wanted = {
        "version": 0,
        "name": "Loja",
        "production": True,
        "account": None,
        "foreign": False,
        "event_path": "",
        "mapping": [{"path": "fone", "field": "telefone"}],
        "flow_id": "f1",
    }
    made = hook.add(desk_open, agent("ana"), wanted)
    return made["url"].partition("/api")[2]


def test_what_is_done_is_answered_by_nothing(url):
    """FLOW-10: 204, whatever the caller says that it sends."""
    for kind in ("application/json; charset=utf-8", "application/vnd.shop+json", "text/plain"):
        answer = ask("POST", url, raw=json.dumps(TOLD).encode(), headers={"Content-Type": kind})
        assert (answer.status, answer.text) == (204, "")
    outcomes = [one.outcome for one in hooks.calls(url.rpartition("/")[2])]
    assert sorted(outcomes) == ["fired", "repeated", "repeated"]


@pytest.mark.parametrize("raw", [b"", b"oi", b"\xff", b"{}", b'{"fone": "12"}', b"[1]"])
def test_what_cannot_be_done_is_the_callers_fault(url, raw):
    """FLOW-10: 400"""
    answer = ask("POST", url, raw=raw)
    assert (answer.status, answer.code) == (400, "invalid")


@pytest.mark.parametrize("end", ["nothing", "%20", "a" * 65])
def test_an_address_that_is_not_there_answers_as_any_other(url, end):
    """FLOW-10: 404"""
    assert ask("POST", f"/hooks/{end}", raw=b"{}").status == 404
