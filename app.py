"""Every way into Atendente, one line each."""

from typing import Any

from chalice.app import Chalice

from chalicelib import triggers
from chalicelib.api import (
    administration,
    channels,
    chats,
    contacts,
    flows,
    hooks,
    live,
    me,
    messages,
    notifications,
    routing,
    schedules,
    start,
    templates,
    webhooks,
)

app = Chalice(app_name="atendente")
app.experimental_feature_flags.update(["WEBSOCKETS"])

for doors in (
    *(
        me,
        chats,
        messages,
        notifications,
        routing,
        schedules,
        contacts,
        flows,
        hooks,
        start,
        templates,
        administration,
        channels,
        live,
    ),
    webhooks,
):
    app.register_blueprint(doors.api)


@app.on_ws_connect()
def websocket_connect(event: Any) -> Any:
    return triggers.connect(event)


@app.on_ws_message()
def websocket_message(event: Any) -> Any:
    return triggers.hear(event)


@app.on_ws_disconnect()
def websocket_disconnect(event: Any) -> Any:
    return triggers.disconnect(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def receive(event: Any) -> Any:
    return triggers.receive(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def receive_statuses(event: Any) -> Any:
    return triggers.receive_statuses(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=1)
def fetch(event: Any) -> Any:
    return triggers.fetch(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=1)
def deliver(event: Any) -> Any:
    return triggers.deliver(event)


@app.on_dynamodb_record(
    stream_arn="set-by-the-template", batch_size=25, starting_position="TRIM_HORIZON"
)
def dispatch(event: Any) -> Any:
    return triggers.dispatch(event)


@app.on_dynamodb_record(
    stream_arn="set-by-the-template", batch_size=25, starting_position="TRIM_HORIZON"
)
def publish(event: Any) -> Any:
    return triggers.publish(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def redo(event: Any) -> Any:
    return triggers.redo(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def notify(event: Any) -> Any:
    return triggers.notify(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=1)
def push(event: Any) -> Any:
    return triggers.push(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=5)
def run_due(event: Any) -> Any:
    return triggers.run_due(event)
