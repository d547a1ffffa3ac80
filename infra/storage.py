"""Where things are kept: the tables, the queues with their dead letters, the buckets."""

from infra.intrinsics import Properties, att, ref, sub, when

DAY = 24 * 3600

# pynamodb filters every query on its discriminator: an index without it answers nothing.
DISCRIMINATOR = "cls"

# name: (partition key, sort key, what else it carries; None stands for "what a row shows")
INDEXES: dict[str, tuple[str, str, list[str] | None]] = {
    "by_activity": ("feed", "activity", None),
    "by_opening": ("placement", "opening", [DISCRIMINATOR]),
    "agent_activity": ("held_by", "activity", None),
    "agent_opening": ("held_by", "opening", [DISCRIMINATOR]),
    "queue_activity": ("queue", "activity", None),
    "queue_opening": ("queue", "opening", [DISCRIMINATOR]),
    "by_provider_id": ("provider_id", "sk", [DISCRIMINATOR]),
    "by_due": ("due_kind", "due_at", [DISCRIMINATOR]),
}

# name: (fifo, visibility timeout in seconds, receives before the message is given up).
# The FIFO lanes hold a whole group while a failed message is invisible, so they are short;
# `outbound` backs off by visibility and must outlast a long outage of the provider.
QUEUES: dict[str, tuple[bool, int, int]] = {
    "Inbound": (True, 30, 20),
    "Statuses": (True, 30, 20),
    "Outbound": (True, 90, 100),
    "Due": (False, 180, 10),
    "Redo": (False, 180, 10),
    "Fetch": (False, 300, 9),
    "Notify": (False, 180, 10),
    "Push": (False, 180, 40),
}


def row_attributes() -> list[str]:
    """What an index of rows carries: the list beside the model that has to be read from it."""
    from chalicelib.stores.tables import ROW_ATTRIBUTES

    return list(ROW_ATTRIBUTES)


def tables() -> dict[str, Properties]:
    """`Desk` with its stream and indexes, and `Connections`, which needs neither."""
    shown = {*row_attributes(), DISCRIMINATOR}
    keys = {"pk", "sk"} | {key for *pair, _ in INDEXES.values() for key in pair}
    own = {"AttributeName": "expires_at", "Enabled": True}
    return {
        "Desk": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)
                ],
                "KeySchema": key_schema("pk", "sk"),
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": name,
                        "KeySchema": key_schema(hash_, range_),
                        "Projection": {
                            "ProjectionType": "INCLUDE",
                            "NonKeyAttributes": sorted(
                                set(shown if carried is None else carried)
                                - {"pk", "sk", hash_, range_}
                            ),
                        },
                    }
                    for name, (hash_, range_, carried) in INDEXES.items()
                ],
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "TimeToLiveSpecification": own,
                "SSESpecification": {"SSEEnabled": True},
                "DeletionProtectionEnabled": when("KeepsData", True, False),
            },
        },
        "Connections": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
                ],
                "KeySchema": key_schema("pk", "sk"),
                "TimeToLiveSpecification": own,
                "SSESpecification": {"SSEEnabled": True},
            },
        },
    }


def key_schema(hash_: str, range_: str) -> list[Properties]:
    """A partition and a sort key."""
    return [
        {"AttributeName": hash_, "KeyType": "HASH"},
        {"AttributeName": range_, "KeyType": "RANGE"},
    ]


def queues() -> dict[str, Properties]:
    """Every queue with the queue of its dead letters, and one for stream batches given up."""
    found: dict[str, Properties] = {"StreamFailures": queue({})}
    for name, (fifo, visibility, receives) in QUEUES.items():
        lanes = (
            {
                "FifoQueue": True,
                "ContentBasedDeduplication": False,
                "DeduplicationScope": "messageGroup",
                "FifoThroughputLimit": "perMessageGroupId",
            }
            if fifo
            else {}
        )
        found[f"{name}DeadLetters"] = queue(lanes)
        found[f"{name}Queue"] = queue(
            {
                **lanes,
                "VisibilityTimeout": visibility,
                "RedrivePolicy": {
                    "deadLetterTargetArn": att(f"{name}DeadLetters"),
                    "maxReceiveCount": receives,
                },
            }
        )
    return found


def queue(more: Properties) -> Properties:
    """An encrypted queue that keeps what it holds for the longest time SQS allows, 14 days."""
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "MessageRetentionPeriod": 14 * DAY,
            "SqsManagedSseEnabled": True,
            **more,
        },
    }


def buckets() -> dict[str, Properties]:
    """The contacts' files, and the page. Neither can be read without a signature or CloudFront."""
    closed = {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
    }
    return {
        "MediaBucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                **closed,
                "VersioningConfiguration": {"Status": "Enabled"},
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "forget-what-was-erased",
                            "Status": "Enabled",
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                            "ExpiredObjectDeleteMarker": True,
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                        },
                        {
                            # Events too large for their queue: three times as long as they may lie.
                            "Id": "waited-long-enough",
                            "Status": "Enabled",
                            "Prefix": "inbound/",
                            "ExpirationInDays": 45,
                        },
                        {
                            # What was uploaded and never sent.
                            "Id": "not-sent",
                            "Status": "Enabled",
                            "Prefix": "uploads/",
                            "ExpirationInDays": 2,
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                        },
                        {
                            "Id": "cheaper-when-old",
                            "Status": "Enabled",
                            "Transitions": [
                                {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 30}
                            ],
                        },
                    ]
                },
                # The page's own address when it has one of its own. CloudFront's generated name
                # cannot be told here: it is made from the doors, which name this bucket.
                "CorsConfiguration": {
                    "CorsRules": [
                        {
                            "AllowedOrigins": [
                                when("HasOrigin", ref("WebOrigin"), "https://*.cloudfront.net")
                            ],
                            "AllowedMethods": ["GET", "POST"],
                            "AllowedHeaders": ["*"],
                            "MaxAge": 3600,
                        }
                    ]
                },
            },
        },
        "MediaBucketPolicy": bucket_policy("MediaBucket", []),
        "WebBucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                **closed,
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "uploads-never-finished",
                            "Status": "Enabled",
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                        }
                    ]
                },
            },
        },
        "WebBucketPolicy": bucket_policy(
            "WebBucket",
            [
                {
                    "Sid": "PageThroughCloudFront",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "s3:GetObject",
                    "Resource": sub("${WebBucket.Arn}/*"),
                    "Condition": {
                        "StringEquals": {
                            "AWS:SourceArn": sub(
                                "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
                            )
                        }
                    },
                }
            ],
        ),
    }


def bucket_policy(bucket: str, statements: list[Properties]) -> Properties:
    """What the statements allow, and nothing at all without TLS (but on the embedded stack)."""
    refused = {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [att(bucket), sub(f"${{{bucket}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Condition": "OnAws",
        "Properties": {
            "Bucket": ref(bucket),
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [*statements, refused]},
        },
    }
