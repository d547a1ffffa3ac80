"""Webhook, queue, one put, stream, one socket, and nothing else: what the pipeline itself costs.

Every handler makes the one call without which there is no pipeline; `publish` also has to find the
socket, since a function remembers nobody.
"""

import hashlib
import json
import os
from functools import cache

import boto3
from chalice import Chalice

app = Chalice(app_name="floor")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.websocket_api.session = boto3.session.Session()


@cache
def client(service, endpoint=None):
    """Opened once, as the product's are."""
    return boto3.client(service, endpoint_url=endpoint)


def put(pk, sk, body):
    """One row, of a kind that the product's stream source lets through."""
    client("dynamodb").put_item(
        TableName=os.environ["TABLE"],
        Item={
            "pk": {"S": pk},
            "sk": {"S": sk},
            "cls": {"S": "message"},
            "body": {"S": body},
        },
    )


def is_message(image):
    """Whether a change of the table is news."""
    return bool(image) and image["pk"]["S"] == "message"


@app.route("/webhook", methods=["POST"])
def webhook():
    """Queue the body as it came."""
    body = app.current_request.raw_body.decode()
    client("sqs").send_message(
        QueueUrl=os.environ["QUEUE"],
        MessageBody=body,
        MessageGroupId="one",
        MessageDeduplicationId=hashlib.sha256(body.encode()).hexdigest(),
    )
    return {}


@app.on_sqs_message(queue_arn="set-by-the-template", batch_size=10)
def receive(event):
    """Put the body."""
    for record in event:
        put("message", json.loads(record.body)["id"], record.body)


@app.on_dynamodb_record(
    stream_arn="set-by-the-template", batch_size=25, starting_position="TRIM_HORIZON"
)
def publish(event):
    """Post what was put to the socket."""
    written = [record.new_image["sk"]["S"] for record in event if is_message(record.new_image)]
    if not written:
        return
    (socket,) = client("dynamodb").query(
        TableName=os.environ["TABLE"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "socket"}},
        ConsistentRead=True,
    )["Items"]
    client("apigatewaymanagementapi", os.environ["LIVE_ENDPOINT"]).post_to_connection(
        ConnectionId=socket["sk"]["S"], Data=json.dumps({"ids": written}).encode()
    )


@app.on_ws_connect()
def websocket_connect(event):
    """The one socket."""
    put("socket", event.connection_id, "")


@app.on_ws_message()
def websocket_message(event):
    """Nothing is said."""


@app.on_ws_disconnect()
def websocket_disconnect(event):
    """Nothing is kept."""
