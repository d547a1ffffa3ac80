"""How many nodes of a flow one core runs in a second (FLOW)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bench.figures import Figure
from chalicelib.domain.chat import Chat
from chalicelib.domain.flow import START, Department, Facts, Input
from chalicelib.domain.flow_format import read
from chalicelib.domain.flow_step import step
from chalicelib.domain.ids import ChatId
from chalicelib.domain.instants import from_ms
from infra.package import ROOT
from local.marks import TAGS

EXAMPLE = ROOT / "local" / "flows" / "boas-vindas.json"
CONTACTS = 500
ROUNDS = 7
LEAST = 20_000  # nodes per second and core
LEAST_READ = 2000  # documents per second and core
NOW = from_ms(1_795_521_600_000)
ACCOUNT = "106540352242922"


def measure() -> list[Figure]:
    """The example of a welcome, from its first text to the open chat: the best of some rounds."""
    flow = read(document(), "boas-vindas", 1)
    facts = [known(number) for number in range(CONTACTS)]

    def talk() -> int:
        nodes = 0
        for one in facts:
            began = step(flow, None, one, START, NOW)
            tapped = Input("message", "o que vocês têm?")
            again = step(flow, began.position, one, tapped, NOW)
            chosen = step(flow, again.position, one, Input("message", "2"), NOW)
            done = step(flow, chosen.position, one, Input("message", "está atrasado"), NOW)
            if done.outcome != "ended":
                raise AssertionError(done)
            # An answer is taken by the node that waited for it.
            nodes += began.nodes_run + 1 + chosen.nodes_run + 1 + done.nodes_run + 1
        return nodes

    return [
        Figure("Nodes of a welcome", rate(talk), "per second", budget=LEAST, at_least=True),
        Figure("Documents read", rate(reading), "per second", budget=LEAST_READ, at_least=True),
    ]


def rate(work: Callable[[], int]) -> float:
    """How many per second of this core, at best: other work only slows it."""
    found = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        done = work()
        found = max(found, done / (time.process_time() - began))
    return found


def reading() -> int:
    """As a function does that has not kept the flow."""
    told = document()
    for number in range(100):
        read(told, "boas-vindas", number)
    return 100


def document(path: Path = EXAMPLE) -> dict[str, object]:
    """The JSON of an example."""
    found: dict[str, object] = json.loads(path.read_text())
    return found


def known(number: int) -> Facts:
    """A contact who has just written, and all that the flow asks."""
    chat = Chat(
        chat_id=ChatId(f"{number:016x}"),
        channel="whatsapp",
        account=ACCOUNT,
        portfolio="102290129340398",
        name=f"Contato Nº {number}",
        created_at=NOW,
        phone=f"55119{80_000_000 + number}",
        last_inbound_at=MappingProxyType({ACCOUNT: NOW}),
    )
    return Facts(
        chat,
        ZoneInfo("America/Sao_Paulo"),
        found=MappingProxyType(
            {
                ("business_hours", ""): True,
                ("tags", ""): frozenset(one["tag_id"] for one in TAGS),
                ("departments", ""): (Department("pos-venda", "Pós-venda"),),
                ("protocol", ""): str(100_000 + number),
            }
        ),
    )
