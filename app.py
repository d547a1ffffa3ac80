"""Every way into Atendente, one line each."""

from chalice import Chalice

from chalicelib import triggers
from chalicelib.api import chats, live, me, webhooks

app = Chalice(app_name="atendente")
app.experimental_feature_flags.update(["WEBSOCKETS"])

for doors in (me, chats, live, webhooks):
    app.register_blueprint(doors.api)


@app.on_ws_connect()
def websocket_connect(event):
    return triggers.connect(event)


@app.on_ws_message()
def websocket_message(event):
    return triggers.hear(event)


@app.on_ws_disconnect()
def websocket_disconnect(event):
    return triggers.disconnect(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def receive(event):
    return triggers.receive(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def receive_statuses(event):
    return triggers.receive_statuses(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=1)
def deliver(event):
    return triggers.deliver(event)


@app.on_dynamodb_record(
    stream_arn="set-by-the-template", batch_size=25, starting_position="TRIM_HORIZON"
)
def dispatch(event):
    return triggers.dispatch(event)


@app.on_dynamodb_record(
    stream_arn="set-by-the-template", batch_size=25, starting_position="TRIM_HORIZON"
)
def publish(event):
    return triggers.publish(event)


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def redo(event):
    return triggers.redo(event)
