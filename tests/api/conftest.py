"""The doors, open on a desk with one chat."""

import pytest

from chalicelib.api import blueprint
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status
from tests.builders import ACCOUNT, NOON, agent, chat, join, message, put


@pytest.fixture
def desk_open(world, monkeypatch):
    """Ana reads all, Bruno what is open, Carla nothing; Davi was cut off. Chat c1 is Ana's."""
    monkeypatch.setattr(blueprint, "world", lambda: world)
    join(
        agent("ana"),
        agent("bruno", permissions=frozenset({Permission.TAB_OPEN})),
        agent("carla", permissions=frozenset()),
        agent("davi", active=False),
    )
    failed = message("olá", status=Status.FAILED)
    heard = message("oi", author="contact", agent_id=None, status=None)
    one = chat(
        agent_id="ana",
        unread=1,
        last_inbound=heard.key,
        unread_from=heard.key,
        last_inbound_at={ACCOUNT: NOON},
        preview="oi",
    )
    put(one, failed, heard)
    return world
