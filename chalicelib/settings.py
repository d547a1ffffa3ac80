"""What the stack tells its functions: the only reader of the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The environment of one function. Absent names are empty: each function has what it needs."""

    desk_table: str
    connections_table: str
    inbound_queue: str
    statuses_queue: str
    outbound_queue: str
    redo_queue: str
    due_queue: str
    fetch_queue: str
    notify_queue: str
    push_queue: str
    push_hosts: str
    due_arn: str
    schedule_group: str
    schedule_role: str
    media_bucket: str
    parameters: str
    user_pool: str
    graph_url: str
    graph_version: str
    instagram_url: str
    live_endpoint: str
    live_url: str
    web_origin: str
    agency_name: str
    time_zone: str
    region: str


def from_environment() -> Settings:
    """Read the environment now; never at import, since the package is built by importing app."""

    def named(name: str, default: str = "") -> str:
        return os.environ.get(name, default)

    return Settings(
        desk_table=named("DESK_TABLE"),
        connections_table=named("CONNECTIONS_TABLE"),
        inbound_queue=named("INBOUND_QUEUE"),
        statuses_queue=named("STATUSES_QUEUE"),
        outbound_queue=named("OUTBOUND_QUEUE"),
        redo_queue=named("REDO_QUEUE"),
        due_queue=named("DUE_QUEUE"),
        fetch_queue=named("FETCH_QUEUE"),
        notify_queue=named("NOTIFY_QUEUE"),
        push_queue=named("PUSH_QUEUE"),
        push_hosts=named("PUSH_HOSTS"),
        due_arn=named("DUE_ARN"),
        schedule_group=named("SCHEDULE_GROUP"),
        schedule_role=named("SCHEDULE_ROLE"),
        media_bucket=named("MEDIA_BUCKET"),
        parameters=named("PARAMETERS"),
        user_pool=named("USER_POOL"),
        graph_url=named("GRAPH_URL", "https://graph.facebook.com"),
        graph_version=named("GRAPH_VERSION", "v25.0"),
        instagram_url=named("INSTAGRAM_URL", "https://graph.instagram.com"),
        live_endpoint=named("LIVE_ENDPOINT"),
        live_url=named("LIVE_URL"),
        web_origin=named("WEB_ORIGIN"),
        agency_name=named("AGENCY_NAME"),
        time_zone=named("TIME_ZONE", "America/Sao_Paulo"),
        region=named("AWS_REGION", named("AWS_DEFAULT_REGION", "us-east-1")),
    )
