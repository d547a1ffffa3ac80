"""The Lambda functions: what each is told, may do, costs and listens to. One role per function."""

import json
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.push import SERVICES
from infra.intrinsics import Properties, allow, arn, att, policy, ref, sub, when
from infra.storage import DAY

LOG_DAYS = 90

DESK = att("Desk")
DESK_INDEXES = sub("${Desk.Arn}/index/*")
CONNECTIONS = att("Connections")
CHANNELS = ("whatsapp", "instagram", "facebook")
PUSH_KEY = arn("ssm", "parameter/atendente/${Agency}/push/key")
SUPPORT_SECRET = arn("ssm", "parameter/atendente/${Agency}/support/secret")

READ = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]
WRITE = [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
]


def desk_read() -> list[Properties]:
    """Read rows, by key and by index."""
    return [allow(READ, DESK), allow(["dynamodb:Query"], DESK_INDEXES)]


def desk_write() -> list[Properties]:
    """Read rows and commit transactions, which need the actions of their parts."""
    return [allow([*READ, *WRITE], DESK), allow(["dynamodb:Query"], DESK_INDEXES)]


def connections(*actions: str) -> Properties:
    """Touch the table of sockets."""
    return allow([f"dynamodb:{action}" for action in actions], CONNECTIONS)


def send_to(*queues: str) -> Properties:
    """Put messages on queues."""
    return allow(["sqs:SendMessage"], *[att(f"{queue}Queue") for queue in queues])


def consume(queue: str) -> Properties:
    """What Lambda's poller does in the name of the function."""
    return allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], att(f"{queue}Queue")
    )


def follow() -> list[Properties]:
    """Read the table's stream, and leave the address of a batch that was given up."""
    return [
        allow(
            [
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            att("Desk", "StreamArn"),
        ),
        allow(["sqs:SendMessage"], att("StreamFailures")),
    ]


def arm() -> list[Properties]:
    """Make schedules in this stack's group, which reach their queue in the role of that."""
    return [
        allow(["scheduler:CreateSchedule"], arn("scheduler", "schedule/${Schedules}/*")),
        {
            **allow(["iam:PassRole"], att("SchedulesRole")),
            "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        },
    ]


def files(*actions: str) -> Properties:
    """Touch what came with webhooks, under its two prefixes."""
    return allow(
        [f"s3:{action}" for action in actions],
        sub("${MediaBucket.Arn}/kept/*"),
        sub("${MediaBucket.Arn}/inbound/*"),
    )


def pictures(*actions: str) -> Properties:
    """Sign for, look after and remove the pictures of contacts and users."""
    return allow([f"s3:{action}" for action in actions], sub("${MediaBucket.Arn}/pictures/*"))


def messages_files(*actions: str) -> Properties:
    """Touch the files of messages and of quick replies, and what was uploaded to be sent."""
    return allow(
        [f"s3:{action}" for action in actions],
        *[
            sub(f"${{MediaBucket.Arn}}/{prefix}/*")
            for prefix in ("media", "uploads", "quick", "flow")
        ],
    )


def secrets() -> Properties:
    """Read the channels' tokens and secrets."""
    return allow(
        ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        *[arn("ssm", f"parameter/atendente/${{Agency}}/{one}/*") for one in CHANNELS],
        *[arn("ssm", f"parameter/atendente/${{Agency}}/{one}") for one in CHANNELS],
    )


def write_secrets() -> Properties:
    """Write and delete them, from the channels page (OPS-3)."""
    return allow(
        ["ssm:PutParameter", "ssm:DeleteParameters"],
        *[arn("ssm", f"parameter/atendente/${{Agency}}/{one}/*") for one in CHANNELS],
    )


def logins() -> Properties:
    """Invite, open, shut and rename the agents' logins, in their own pool."""
    actions = [
        "AdminCreateUser",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminUpdateUserAttributes",
        "AdminUserGlobalSignOut",
        "ListUsers",
    ]
    return allow([f"cognito-idp:{action}" for action in actions], att("UserPool"))


def sockets(*verbs: str) -> Properties:
    """Write to sockets, or close them."""
    return allow(
        ["execute-api:ManageConnections"],
        *[arn("execute-api", f"${{WebsocketAPI}}/api/{verb}/@connections/*") for verb in verbs],
    )


def from_queue(queue: str, concurrency: int | None = None) -> Properties:
    """An SQS source whose batches may fail in part."""
    source: Properties = {
        "Queue": att(f"{queue}Queue"),
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    if concurrency:
        source["ScalingConfig"] = {"MaximumConcurrency": concurrency}
    return {"Properties": source}


def from_stream(
    *, retries: int, age: int, parallel: int, only: tuple[Properties, ...]
) -> Properties:
    """A stream source. Consumers raise, so the batch comes again; these limits are a second belt.

    `age` in seconds. With `parallel` over one, order still holds per partition key. `only` has the
    patterns of the records that the consumer acts on: for no others is it called.
    """
    return {
        "Properties": {
            "Stream": att("Desk", "StreamArn"),
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": retries,
            "MaximumRecordAgeInSeconds": age,
            "ParallelizationFactor": parallel,
            "DestinationConfig": {"OnFailure": {"Destination": att("StreamFailures")}},
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps(one)} for one in only]},
        }
    }


# What dispatch acts on: a row about which something must still be done: a message to be sent,
# files to be fetched, a name to be asked for (chalicelib/triggers.py, dispatch).
TO_DO: Properties = {"dynamodb": {"NewImage": {"to_do": {"S": [{"exists": True}]}}}}

# What a channel is told beside messages: a block, and what was read, while a row asks for it.
TO_TELL: tuple[Properties, ...] = (
    {"dynamodb": {"NewImage": {"meta_block": {"S": ["pending"]}}}},
    {"dynamodb": {"NewImage": {"receipt_for": {"S": [{"exists": True}]}, "unread": {"N": ["0"]}}}},
)

# And a contact just erased, of whom more is left than their chat's row.
ERASED: Properties = {
    "eventName": ["MODIFY"],
    "dynamodb": {"NewImage": {"erasing": {"S": ["yes"]}}},
}

# And what was known of a contact and is so no longer: pictures among it.
DESCRIBED_ANEW: Properties = {
    "eventName": ["MODIFY", "REMOVE"],
    "dynamodb": {"OldImage": {"cls": {"S": ["profile"]}}},
}

# What publish tells screens of: the kinds of row that one of them shows, and the names that go.
NAMES = [
    *("department", "tag", "field", "campaign", "quick_reply", "channel"),
    *("flow", "flow_category"),
]
FOLLOWED = ["template", "template_sync", "settings"]
OWN = ["bell", "alerts"]  # of one agent's screens alone
SHOWN: Properties = {
    "dynamodb": {"NewImage": {"cls": {"S": ["chat", "message", "agent", *NAMES, *FOLLOWED, *OWN]}}}
}
NO_MORE: Properties = {
    "eventName": ["REMOVE"],
    "dynamodb": {"OldImage": {"cls": {"S": [*NAMES, "bell"]}}},
}
HEARD: Properties = {
    "eventName": ["INSERT"],
    "dynamodb": {"NewImage": {"cls": {"S": ["decision"]}, "sound": {"S": ["told"]}}},
}


ON_AWS_OR_HERE = {
    "LIVE_URL": when(
        "OnAws",
        sub("wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"),
        sub("ws://${Gateway}/${WebsocketAPI}/api"),
    ),
    "LIVE_ENDPOINT": when(
        "OnAws",
        sub("https://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"),
        sub("http://${Gateway}/${WebsocketAPI}/api"),
    ),
    "WEB_ORIGIN": when("HasOrigin", ref("WebOrigin"), sub("https://${Distribution.DomainName}")),
}

VALUES: dict[str, Any] = {
    **ON_AWS_OR_HERE,
    "DESK_TABLE": ref("Desk"),
    "CONNECTIONS_TABLE": ref("Connections"),
    "INBOUND_QUEUE": ref("InboundQueue"),
    "STATUSES_QUEUE": ref("StatusesQueue"),
    "OUTBOUND_QUEUE": ref("OutboundQueue"),
    "REDO_QUEUE": ref("RedoQueue"),
    "DUE_QUEUE": ref("DueQueue"),
    "FETCH_QUEUE": ref("FetchQueue"),
    "NOTIFY_QUEUE": ref("NotifyQueue"),
    "PUSH_QUEUE": ref("PushQueue"),
    "PUSH_HOSTS": sub(" ".join(["${PushService}", *SERVICES])),
    "DUE_ARN": att("DueQueue"),
    "SCHEDULE_GROUP": ref("Schedules"),
    "SCHEDULE_ROLE": att("SchedulesRole"),
    "MEDIA_BUCKET": ref("MediaBucket"),
    "PARAMETERS": sub("/atendente/${Agency}"),
    "USER_POOL": ref("UserPool"),
    "GRAPH_URL": ref("GraphUrl"),
    "GRAPH_VERSION": ref("GraphVersion"),
    "INSTAGRAM_URL": ref("InstagramUrl"),
    "AGENCY_NAME": ref("AgencyName"),
    "TIME_ZONE": ref("TimeZone"),
    "LOG_LEVEL": ref("LogLevel"),
    "POWERTOOLS_SERVICE_NAME": "atendente",
}

EVERYWHERE = ("LOG_LEVEL", "POWERTOOLS_SERVICE_NAME")


@dataclass(frozen=True)
class Function:
    """One deployed function: what it is told, what it may do, where its events come from."""

    told: tuple[str, ...]
    may: list[Properties]
    source: Properties | None = None
    source_name: str = ""
    role: str = ""


FUNCTIONS: dict[str, Function] = {
    "APIHandler": Function(
        role="ApiHandlerRole",
        told=(
            "DESK_TABLE",
            "CONNECTIONS_TABLE",
            "INBOUND_QUEUE",
            "STATUSES_QUEUE",
            "MEDIA_BUCKET",
            "PARAMETERS",
            "FETCH_QUEUE",
            "GRAPH_URL",
            "GRAPH_VERSION",
            "INSTAGRAM_URL",
            "LIVE_URL",
            "USER_POOL",
            "AGENCY_NAME",
            "TIME_ZONE",
            "PUSH_HOSTS",
        ),
        may=[
            *desk_write(),
            connections("PutItem"),
            send_to("Inbound", "Statuses", "Fetch"),
            files("PutObject"),
            pictures("PutObject", "GetObject", "DeleteObject"),
            messages_files("PutObject", "GetObject", "DeleteObject"),
            secrets(),
            write_secrets(),
            allow(["ssm:GetParameter"], SUPPORT_SECRET, PUSH_KEY),
            logins(),
        ],
    ),
    "Receive": Function(
        told=("DESK_TABLE", "MEDIA_BUCKET", "INBOUND_QUEUE", "FETCH_QUEUE", "TIME_ZONE"),
        may=[
            *desk_write(),
            # What flows send has its files copied to where those of messages are kept.
            pictures("GetObject"),
            messages_files("GetObject", "PutObject"),
            consume("Inbound"),
            # An echo that came before the answer to its send waits a moment.
            allow(["sqs:ChangeMessageVisibility"], att("InboundQueue")),
            send_to("Fetch"),
            files("GetObject", "PutObject"),
        ],
        source_name="ReceiveSqsEventSource",
        source=from_queue("Inbound"),
    ),
    "ReceiveStatuses": Function(
        told=("DESK_TABLE", "MEDIA_BUCKET"),
        may=[*desk_write(), consume("Statuses"), files("GetObject", "PutObject")],
        source_name="ReceiveStatusesSqsEventSource",
        source=from_queue("Statuses"),
    ),
    "Dispatch": Function(
        told=(
            "OUTBOUND_QUEUE",
            "REDO_QUEUE",
            "DUE_QUEUE",
            "FETCH_QUEUE",
            "NOTIFY_QUEUE",
            "PUSH_QUEUE",
            "DUE_ARN",
            "SCHEDULE_GROUP",
            "SCHEDULE_ROLE",
        ),
        may=[
            *follow(),
            send_to("Outbound", "Due", "Fetch", "Notify", "Push", "Redo"),
            *arm(),
        ],
        source_name="DispatchDynamodbEventSource",
        # What it derives is never made up for by anyone else: it tries for half the stream's life.
        source=from_stream(
            retries=10_000,
            age=DAY // 2,
            parallel=4,
            only=(TO_DO, *TO_TELL, ERASED, DESCRIBED_ANEW),
        ),
    ),
    "Publish": Function(
        told=("DESK_TABLE", "CONNECTIONS_TABLE", "LIVE_ENDPOINT", "REDO_QUEUE"),
        may=[
            *follow(),
            *desk_read(),
            connections("Query", "GetItem", "UpdateItem", "DeleteItem"),
            sockets("POST", "DELETE"),
            send_to("Redo"),
        ],
        source_name="PublishDynamodbEventSource",
        # A live event an hour old helps nobody: pages that missed it have resynced.
        source=from_stream(retries=1_000, age=3600, parallel=4, only=(SHOWN, NO_MORE, HEARD)),
    ),
    "Deliver": Function(
        told=(
            "DESK_TABLE",
            "OUTBOUND_QUEUE",
            "FETCH_QUEUE",
            "MEDIA_BUCKET",
            "PARAMETERS",
            "GRAPH_URL",
            "GRAPH_VERSION",
            "INSTAGRAM_URL",
        ),
        may=[
            *desk_write(),
            consume("Outbound"),
            send_to("Fetch"),
            allow(["sqs:ChangeMessageVisibility"], att("OutboundQueue")),
            secrets(),
            messages_files("GetObject"),
        ],
        source_name="DeliverSqsEventSource",
        # About 80 sends a second at a quarter of a second each: Meta's limit for one number.
        source=from_queue("Outbound", concurrency=20),
    ),
    "Redo": Function(
        told=(
            "DESK_TABLE",
            "CONNECTIONS_TABLE",
            "LIVE_ENDPOINT",
            "OUTBOUND_QUEUE",
            "DUE_QUEUE",
            "FETCH_QUEUE",
            "NOTIFY_QUEUE",
            "PUSH_QUEUE",
            "DUE_ARN",
            "SCHEDULE_GROUP",
            "SCHEDULE_ROLE",
        ),
        may=[
            *desk_read(),
            *arm(),
            consume("Redo"),
            send_to("Outbound", "Due", "Fetch", "Notify", "Push"),
            connections("Query", "GetItem", "UpdateItem", "DeleteItem"),
            sockets("POST", "DELETE"),
        ],
        source_name="RedoSqsEventSource",
        source=from_queue("Redo", concurrency=5),
    ),
    "Notify": Function(
        told=("DESK_TABLE", "CONNECTIONS_TABLE"),
        may=[*desk_write(), connections("Query"), consume("Notify")],
        source_name="NotifySqsEventSource",
        source=from_queue("Notify", concurrency=20),
    ),
    "Push": Function(
        told=("DESK_TABLE", "PUSH_QUEUE", "PUSH_HOSTS", "PARAMETERS", "WEB_ORIGIN"),
        may=[
            *desk_write(),
            consume("Push"),
            send_to("Push"),
            # A push service that is down is tried again.
            allow(["sqs:ChangeMessageVisibility"], att("PushQueue")),
            allow(["ssm:GetParameter"], PUSH_KEY),
        ],
        source_name="PushSqsEventSource",
        source=from_queue("Push", concurrency=20),
    ),
    "RunDue": Function(
        told=("DESK_TABLE", "DUE_QUEUE", "MEDIA_BUCKET", "TIME_ZONE"),
        may=[
            *desk_write(),
            allow(["dynamodb:BatchWriteItem"], DESK),
            consume("Due"),
            send_to("Due"),
            # What goes out on time has its files copied to where those of messages are kept.
            pictures("GetObject"),
            messages_files("GetObject", "PutObject"),
            # Beside those of erased contacts, those that were replaced.
            pictures("DeleteObject", "DeleteObjectVersion"),
            # And those of messages.
            messages_files("DeleteObject", "DeleteObjectVersion"),
            # S3 lists the versions of a bucket, and below which prefix is a condition of it.
            {
                **allow(["s3:ListBucketVersions"], att("MediaBucket")),
                "Condition": {"StringLike": {"s3:prefix": ["pictures/contact/*", "media/*"]}},
            },
        ],
        source_name="RunDueSqsEventSource",
        source=from_queue("Due", concurrency=5),
    ),
    "Fetch": Function(
        told=(
            "DESK_TABLE",
            "FETCH_QUEUE",
            "MEDIA_BUCKET",
            "PARAMETERS",
            "GRAPH_URL",
            "GRAPH_VERSION",
            "INSTAGRAM_URL",
        ),
        may=[
            *desk_write(),
            consume("Fetch"),
            allow(["sqs:ChangeMessageVisibility"], att("FetchQueue")),
            secrets(),
            allow(["s3:PutObject", "s3:DeleteObject"], sub("${MediaBucket.Arn}/media/*")),
        ],
        source_name="FetchSqsEventSource",
        source=from_queue("Fetch", concurrency=10),
    ),
    "WebsocketConnect": Function(
        told=("DESK_TABLE", "CONNECTIONS_TABLE", "WEB_ORIGIN"),
        may=[
            allow(["dynamodb:GetItem"], DESK),
            connections("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        ],
    ),
    "WebsocketMessage": Function(
        told=("DESK_TABLE", "CONNECTIONS_TABLE", "LIVE_ENDPOINT"),
        may=[
            allow(["dynamodb:GetItem"], DESK),
            connections("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
            sockets("POST", "DELETE"),
        ],
    ),
    "WebsocketDisconnect": Function(
        told=("CONNECTIONS_TABLE",),
        may=[connections("DeleteItem")],
    ),
}


def functions() -> dict[str, Properties]:
    """What is laid over Chalice's functions and roles, and the log group of each."""
    found: dict[str, Properties] = {}
    for name, function in FUNCTIONS.items():
        logs = f"{name}Logs"
        properties: Properties = {
            "Environment": {
                "Variables": {key: VALUES[key] for key in (*function.told, *EVERYWHERE)}
            },
            "LoggingConfig": {"LogGroup": ref(logs)},
        }
        if function.source:
            properties["Events"] = {function.source_name: function.source}
        found[name] = {"Properties": properties}
        found[function.role or f"{name}Role"] = {
            "Properties": {
                "Policies": [
                    policy(
                        name,
                        [
                            *function.may,
                            allow(["logs:CreateLogStream", "logs:PutLogEvents"], att(logs)),
                            # X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
                            allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
                        ],
                    )
                ]
            }
        }
        found[logs] = {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"RetentionInDays": LOG_DAYS},
        }
    return found
