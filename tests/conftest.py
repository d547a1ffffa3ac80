"""The tables on moto, and a world with a clock that stands still."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from chalicelib.settings import Settings
from chalicelib.stores import tables
from chalicelib.world import World, recent_agents
from infra.storage import tables as described_tables
from tests.fakes import Clock, FakeFiles, FakeGraph, FakeQueues, FakeRealtime, FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "us-east-1"
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
        media_bucket="media",
        parameters="/atendente/test",
        graph_url="http://graph.invalid",
        graph_version="v25.0",
        live_endpoint="http://live.invalid",
        live_url="ws://live.invalid",
        web_origin="http://desk.invalid",
        agency_name="Agência Teste",
        time_zone="America/Sao_Paulo",
        region=REGION,
    )


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two tables of the template, empty, on moto."""
    monkeypatch.setattr(
        os,
        "environ",
        {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
        },
    )
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        for name, resource in described_tables().items():
            properties = resource["Properties"]
            client.create_table(
                TableName=name, **{key: properties[key] for key in CREATED if key in properties}
            )
        for model in (tables.Row, tables.Connection):
            model.Meta.table_name = "another"
        tables.bind("Desk", "Connections", region=REGION)
        yield


@pytest.fixture
def clock() -> Clock:
    """Noon, until the test says otherwise."""
    return Clock()


@pytest.fixture
def world(desk: None, clock: Clock) -> World:
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
        agents=recent_agents(clock),
    )
