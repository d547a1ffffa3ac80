"""The tables on moto, and a world with a clock that stands still."""

from __future__ import annotations

import itertools
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from moto import mock_aws

from chalicelib.settings import Settings
from chalicelib.stores import flows, tables
from chalicelib.world import RecentAgents, World
from infra.storage import tables as described_tables
from tests.fakes import (
    REGION,
    Clock,
    FakeFiles,
    FakeGraph,
    FakeLogins,
    FakePush,
    FakeQueues,
    FakeRealtime,
    FakeSchedules,
    FakeSecrets,
    TableStream,
    aws,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CREATED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def settings() -> Settings:
    """A function's environment, with queues named after themselves."""
    return Settings(
        desk_table="Desk",
        connections_table="Connections",
        inbound_queue="inbound",
        statuses_queue="statuses",
        outbound_queue="outbound",
        redo_queue="redo",
        due_queue="due",
        fetch_queue="fetch",
        notify_queue="notify",
        push_queue="push",
        push_hosts="push.example",
        due_arn="due",
        schedule_group="group",
        schedule_role="role",
        media_bucket="media",
        parameters="/atendente/test",
        user_pool="pool",
        graph_url="http://graph.invalid",
        graph_version="v25.0",
        instagram_url="http://instagram.invalid",
        live_endpoint="http://live.invalid",
        live_url="ws://live.invalid",
        web_origin="http://desk.invalid",
        agency_name="Agência Teste",
        time_zone="America/Sao_Paulo",
        region=REGION,
    )


@contextmanager
def empty_tables() -> Iterator[None]:
    """The two tables of the template, empty, on moto; the process's environment aside."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    with mock.patch.dict(os.environ, environment, clear=True), mock_aws():
        client = aws("dynamodb")
        for name, resource in described_tables().items():
            properties = resource["Properties"]
            given = {key: properties[key] for key in CREATED if key in properties}
            if "StreamSpecification" in properties:
                stream = {"StreamEnabled": True, **properties["StreamSpecification"]}
                given["StreamSpecification"] = stream
            client.create_table(TableName=name, **given)
        tables.bind("Desk", "Connections", region=REGION)
        flows.version.cache_clear()
        yield


def world_of_fakes(clock: Clock) -> World:
    """A world of fakes around the tables on moto."""
    numbers = itertools.count(1)
    graph = FakeGraph()
    return World(
        settings=settings(),
        now=clock,
        new_id=lambda: f"{next(numbers):016x}",
        pause=lambda seconds: None,
        queues=FakeQueues(),  # type: ignore[arg-type]
        secrets=FakeSecrets(),  # type: ignore[arg-type]
        files=FakeFiles(),  # type: ignore[arg-type]
        realtime=FakeRealtime(),  # type: ignore[arg-type]
        graph=lambda token: graph,  # type: ignore[arg-type,return-value]
        agents=RecentAgents(clock),
        logins=FakeLogins(),  # type: ignore[arg-type]
        schedules=FakeSchedules(),  # type: ignore[arg-type]
        push=FakePush(),  # type: ignore[arg-type]
    )


@pytest.fixture
def desk() -> Iterator[None]:
    """The two tables, for one test."""
    with empty_tables():
        yield


@pytest.fixture
def clock() -> Clock:
    """Noon, until the test says otherwise."""
    return Clock()


@pytest.fixture
def world(desk: None, clock: Clock) -> World:
    """A world of fakes for one test."""
    return world_of_fakes(clock)


@pytest.fixture
def stream(desk: None) -> TableStream:
    """What the table's stream tells from now on."""
    return TableStream()


@pytest.fixture
def graph(world: World) -> FakeGraph:
    """Meta's send door of this world."""
    return world.graph("token")  # type: ignore[return-value]
