"""A thousand promises for one minute: each is kept, once, and can be seen (SCH-7, CLOSE-2)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from infra.package import ROOT
from tests.e2e.test_new_chat import somebody
from tests.e2e.test_prepared import put_template
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from local.stack import Stack
    from tests.e2e.agent import Agent
    from tests.e2e.phones import Phones

PROMISES = 1_000  # closings; of some chats a template, too
TEMPLATES = 40
AHEAD = 75  # seconds: beyond a minute, so that each has a schedule at EventBridge
PATIENCE = 240


def crowd(stack: Stack, **asked: Any) -> Any:
    """What the module of that name does, in the product's own environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.crowd"],
        cwd=ROOT,
        env=stack.environment(),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout or "null")


def test_a_thousand_promises_for_one_minute_are_kept_once_each(
    stack: Stack, phones: Phones, ana: Agent
) -> None:
    """SCH-5 SCH-7 CLOSE-2 CLOSE-8"""
    put_template(phones, "multidao", "Até já.")

    def known() -> bool:
        return "multidao" in {one["name"] for one in ana.get("/templates")["templates"]}

    until(known, "the template is known")
    contacts = [somebody(phones) for _ in range(TEMPLATES)]
    began = time.time()
    crowd(
        stack,
        do="gather",
        at=int((began + AHEAD) * 1000),
        agent=ana.agent_id(),
        template="multidao",
        phones=[one.wa_id for one in contacts],
        count=PROMISES,
    )
    time.sleep(max(0.0, began + AHEAD - time.time()))

    def kept() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = crowd(stack, do="look", count=PROMISES)
        left = sum(one["open"] or "pending" in one["schedules"] for one in found)
        assert left == 0, f"{left} are not kept yet"
        return found

    found = until(kept, "every promise is kept", PATIENCE)
    for one in found:
        assert (one["open"], one["lines"]) == (False, {"closed_on_time": 1})
    assert [one["schedules"] for one in found[:TEMPLATES]] == [["done"]] * TEMPLATES
    assert [one["sent"] for one in found] == [1] * TEMPLATES + [0] * (PROMISES - TEMPLATES)
    phones.quiet()
    assert [one.received() for one in contacts] == [["Até já."]] * TEMPLATES
