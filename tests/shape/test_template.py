"""What the deployed template promises: names, dead letters, least privilege, one origin."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.message import LEASE
from infra import storage
from infra.functions import FUNCTIONS
from infra.package import Package, package

FUNCTION_NAMES = {
    "APIHandler",
    "Receive",
    "ReceiveStatuses",
    "Dispatch",
    "Publish",
    "Deliver",
    "Redo",
    "RunDue",
    "Fetch",
    "Notify",
    "Push",
    "WebsocketConnect",
    "WebsocketMessage",
    "WebsocketDisconnect",
}

# Seconds. Files go up and down in these: a hundred megabytes, at worst.
LONG = {"Deliver": 60, "Fetch": 120}

# X-Ray knows no resources. Nothing else may be allowed on everything.
ON_EVERYTHING = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}

# Names that must be given; each carries the stack's own.
NAMED_AFTER_THE_STACK = {"PageAccess", "PageFinder", "PageHeaders"}

NAMES = [
    "AlarmName",
    "BucketName",
    "ClientName",
    "FunctionName",
    "GroupName",
    "LogGroupName",
    "QueueName",
    "RoleName",
    "TableName",
    "TopicName",
    "UserPoolName",
]

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def made() -> Package:
    """The package, as it is deployed."""
    return package()


@pytest.fixture(scope="session")
def template(made: Package) -> dict[str, Any]:
    """The template, as it is deployed."""
    found: dict[str, Any] = json.loads(made.template.read_text())
    return found


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> Resources:
    """Its resources by logical id."""
    found: Resources = template["Resources"]
    return found


def of(resources: Resources, kind: str) -> Resources:
    """The properties of all resources of a type."""
    return {
        name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind
    }


def functions(resources: Resources) -> Resources:
    """The properties of all functions."""
    return of(resources, "AWS::Serverless::Function")


def sources(resources: Resources, kind: str) -> Resources:
    """Event sources of a kind by function."""
    return {
        name: event["Properties"]
        for name, one in functions(resources).items()
        for event in one.get("Events", {}).values()
        if event["Type"] == kind
    }


def statements(resources: Resources) -> list[tuple[str, dict[str, Any]]]:
    """Every statement of every role."""
    return [
        (name, statement)
        for name, role in of(resources, "AWS::IAM::Role").items()
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_the_deployed_functions_are_these(resources: Resources) -> None:
    """OPS-1: a handler that moves or is forgotten would deploy under another name."""
    assert functions(resources).keys() == FUNCTION_NAMES == FUNCTIONS.keys()
    for name, one in functions(resources).items():
        assert one["Handler"].startswith("app."), name


def test_every_function_has_an_end_to_its_logs_and_its_own_role(resources: Resources) -> None:
    """OPS-1"""
    groups = of(resources, "AWS::Logs::LogGroup")
    roles = [json.dumps(one["Role"]) for one in functions(resources).values()]
    assert len(set(roles)) == len(FUNCTION_NAMES)
    for name, one in functions(resources).items():
        assert groups[one["LoggingConfig"]["LogGroup"]["Ref"]]["RetentionInDays"] > 0, name
        assert one["Tracing"] == "Active", name
        assert one["MemorySize"] >= 512, name
        assert one["Timeout"] <= LONG.get(name, 30), name


def test_every_queue_has_dead_letters_and_every_dead_letter_an_alarm(resources: Resources) -> None:
    """OPS-4"""
    queues = of(resources, "AWS::SQS::Queue")
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 0
        for dimension in alarm["Dimensions"]
    }
    last = {name for name, one in queues.items() if "RedrivePolicy" not in one}
    assert last == watched
    for name, one in queues.items():
        assert one["SqsManagedSseEnabled"] is True
        assert one["MessageRetentionPeriod"] == 14 * 24 * 3600
        if name not in last:
            kept = queues[one["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
            assert kept.get("FifoQueue") == one.get("FifoQueue"), name
            assert name.removesuffix("Queue") in storage.QUEUES


def test_queue_consumers_report_partial_failures_in_time(resources: Resources) -> None:
    """INB-3: a batch that fails in part must not come back whole, nor while still being worked."""
    queues = of(resources, "AWS::SQS::Queue")
    found = sources(resources, "SQS")
    assert found.keys() == {
        *("Receive", "ReceiveStatuses", "Deliver", "Redo", "RunDue", "Fetch"),
        *("Notify", "Push"),
    }
    for name, source in found.items():
        queue = queues[source["Queue"]["Fn::GetAtt"][0]]
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        assert functions(resources)[name]["Timeout"] < queue["VisibilityTimeout"], name
    assert found["Deliver"]["ScalingConfig"] == {"MaximumConcurrency": 20}
    # Whoever finds a message that somebody else is sending knows by then that they are gone.
    assert timedelta(seconds=functions(resources)["Deliver"]["Timeout"]) < LEASE
    assert timedelta(seconds=queues["OutboundQueue"]["VisibilityTimeout"]) > LEASE
    assert found["Deliver"]["BatchSize"] == 1


def test_the_stream_has_two_consumers_that_stumble_over_nothing(resources: Resources) -> None:
    """LIVE-1: more than two consumers of one shard throttle each other."""
    found = sources(resources, "DynamoDB")
    assert found.keys() == {"Dispatch", "Publish"}
    for name, source in found.items():
        assert source["StartingPosition"] == "TRIM_HORIZON", name
        assert source["BisectBatchOnFunctionError"] is True, name
        assert source["DestinationConfig"]["OnFailure"]["Destination"] == {
            "Fn::GetAtt": ["StreamFailures", "Arn"]
        }
        assert 0 < source["MaximumRetryAttempts"] <= 10_000, name
        assert 60 <= source["MaximumRecordAgeInSeconds"] <= 24 * 3600, name
        assert len(source["FilterCriteria"]["Filters"]) <= 5, name  # AWS: of one source
        # Consumers raise. A partial answer would be lost on the embedded stack.
        assert "FunctionResponseTypes" not in source, name


def test_no_role_may_do_everything_or_on_everything(resources: Resources) -> None:
    """OPS-2"""
    for name, statement in statements(resources):
        actions, on = statement["Action"], statement["Resource"]
        assert all(not action.endswith("*") for action in actions), (name, actions)
        if "*" in on:
            assert set(actions) <= ON_EVERYTHING, (name, actions)


def test_only_who_arms_timers_may_pass_the_scheduler_its_role(resources: Resources) -> None:
    """OPS-2: and that role can reach the queues that timers are for alone."""
    passing = [
        (name, one) for name, one in statements(resources) if "iam:PassRole" in one["Action"]
    ]
    assert [name for name, _ in passing] == ["DispatchRole", "RedoRole"]
    for _, one in passing:
        assert one["Resource"] == [{"Fn::GetAtt": ["SchedulesRole", "Arn"]}]
    assert [one for name, one in statements(resources) if name == "SchedulesRole"] == [
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": [
                {"Fn::GetAtt": ["DueQueue", "Arn"]},
                {"Fn::GetAtt": ["FetchQueue", "Arn"]},
            ],
        }
    ]


def test_only_who_needs_them_reads_the_channels_secrets(resources: Resources) -> None:
    """OPS-3"""
    readers = {
        name
        for name, one in statements(resources)
        if any(action.startswith("ssm:") for action in one["Action"])
    }
    assert readers == {"ApiHandlerRole", "DeliverRole", "FetchRole", "PushRole"}
    (own,) = [
        one
        for name, one in statements(resources)
        if name == "PushRole" and "ssm:GetParameter" in one["Action"]
    ]
    assert own["Action"] == ["ssm:GetParameter"]
    assert json.dumps(own["Resource"]).count("/push/key") == 1


def test_only_the_doors_write_the_channels_secrets(resources: Resources) -> None:
    """OPS-3: and never what support codes are made of."""
    writing = [
        (name, one)
        for name, one in statements(resources)
        if any(action.startswith(("ssm:Put", "ssm:Delete")) for action in one["Action"])
    ]
    assert [name for name, _ in writing] == ["ApiHandlerRole"]
    assert all("/support/" not in json.dumps(one["Resource"]) for _, one in writing)


def test_the_worker_that_downloads_writes_files_of_messages_alone(resources: Resources) -> None:
    """INB-6 OPS-2: what the world sends in cannot overwrite the page or somebody's picture."""
    touched = {
        on["Fn::Sub"]
        for name, one in statements(resources)
        if name == "FetchRole" and any(action.startswith("s3:") for action in one["Action"])
        for on in one["Resource"]
    }
    assert touched == {"${MediaBucket.Arn}/media/*"}


def test_only_the_doors_read_what_support_codes_are_made_of(resources: Resources) -> None:
    """CODE-2: and no role writes it, or reads all of the agency's secrets."""
    able = [
        (name, one["Action"])
        for name, one in statements(resources)
        if any(action.startswith("ssm:") for action in one["Action"])
        and any("/support/" in json.dumps(on) for on in one["Resource"])
    ]
    assert able == [("ApiHandlerRole", ["ssm:GetParameter"])]
    told = [name for name, one in statements(resources) if "${Agency}/*" in json.dumps(one)]
    assert told == []


def test_only_the_doors_administer_logins_and_only_of_their_pool(resources: Resources) -> None:
    """PERM-3: nobody deletes a login, sets a password or changes the pool itself."""
    able = [
        (name, one)
        for name, one in statements(resources)
        if any(action.startswith("cognito-idp:") for action in one["Action"])
    ]
    ((name, one),) = able
    assert name == "ApiHandlerRole"
    assert one["Resource"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]
    assert {action.partition(":")[2] for action in one["Action"]} == {
        "AdminCreateUser",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminUpdateUserAttributes",
        "AdminUserGlobalSignOut",
        "ListUsers",
    }


def test_publish_hears_of_every_kind_of_row_that_a_screen_shows(resources: Resources) -> None:
    """LIVE-1: and of no other, which would cost a call each; of names also when they go."""
    source = sources(resources, "DynamoDB")["Publish"]
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    assert len(patterns) <= 5  # AWS: of one source
    names = {"department", "tag", "field", "campaign"}
    new = {one for pattern in patterns for one in kinds(pattern, "NewImage")}
    gone = {one for pattern in patterns for one in kinds(pattern, "OldImage")}
    assert new >= {"chat", "message", "channel", "agent", *names}
    assert gone >= names
    assert new.isdisjoint({"audit", "counter", "member", "name", "identity", "profile", "note"})


def kinds(pattern: dict[str, Any], image: str) -> list[str]:
    """The kinds of row that a filter lets through by that image."""
    found: list[str] = pattern["dynamodb"].get(image, {}).get("cls", {}).get("S", [])
    return found


def test_functions_name_neither_themselves_nor_the_gateway_that_calls_them(
    resources: Resources,
) -> None:
    """OPS-1: CloudFormation would find a circle, and cfn-lint does not see every one."""
    for name, one in functions(resources).items():
        role = one["Role"]["Fn::GetAtt"][0]
        told = json.dumps([one["Environment"], resources[role]])
        for forbidden in ("RestAPI", name):
            assert f'"Ref": "{forbidden}"' not in told, name
            assert f"${{{forbidden}}}" not in told, name
            assert f"${{{forbidden}." not in told, name


def test_nothing_has_a_name_of_its_own(resources: Resources) -> None:
    """OPS-2: stacks of several agencies live side by side in one account."""
    for name, one in resources.items():
        given = one.get("Properties", {})
        assert not [key for key in NAMES if isinstance(given.get(key), str)], name
        if one["Type"].startswith("AWS::CloudFront::") and name != "Distribution":
            assert name in NAMED_AFTER_THE_STACK
            assert "${AWS::StackName}-page" in json.dumps(given), name


def test_page_and_doors_share_one_origin(resources: Resources) -> None:
    """OPS-1: so that doors need no CORS."""
    distribution = resources["Distribution"]["Properties"]["DistributionConfig"]
    assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == "page"
    (doors,) = distribution["CacheBehaviors"]
    assert (doors["PathPattern"], doors["TargetOriginId"]) == ("/api/*", "doors")
    assert set(doors["AllowedMethods"]) >= {"GET", "PUT", "POST", "PATCH", "DELETE"}
    # An error page would turn a door's 404 into html.
    assert "CustomErrorResponses" not in distribution
    assert "FunctionAssociations" not in doors
    assert resources["RestAPI"]["Properties"]["StageName"] == "api"
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == {"Type": "REGIONAL"}


def test_the_page_runs_no_script_but_its_own(resources: Resources) -> None:
    """DESIGN 9"""
    headers = resources["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    rules = dict(rule.partition(" ")[::2] for rule in policy.split("; "))
    # The voice encoder is WebAssembly (SEND-8); that word allows no other kind of eval.
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["default-src"] == rules["frame-ancestors"] == rules["object-src"] == "'none'"
    for shown in ("img-src", "media-src"):  # Instagram's files are linked (INB-6)
        assert "https://*.fbsbx.com https://*.cdninstagram.com" in rules[shown]
    assert "fbsbx" not in rules["connect-src"]
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] > 31_000_000


def test_only_an_administrator_makes_users(resources: Resources) -> None:
    """OPS-1: sign-up is otherwise open to anyone who knows the client's id."""
    pool = resources["UserPool"]["Properties"]
    client = resources["Client"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["WriteAttributes"] == ["locale"]
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert client["IdTokenValidity"] == 15


def test_buckets_are_closed(resources: Resources) -> None:
    """DESIGN 9"""
    for name, bucket in of(resources, "AWS::S3::Bucket").items():
        assert all(bucket["PublicAccessBlockConfiguration"].values()), name
        assert bucket["BucketEncryption"], name


def test_what_people_wrote_outlives_the_stack(resources: Resources) -> None:
    """OPS-2"""
    for name in ("Desk", "MediaBucket", "UserPool"):
        assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate", name
        assert resources[name]["UpdateReplacePolicy"] == "Retain", name


def test_the_tables_indexes_are_those_of_the_models(resources: Resources) -> None:
    """CHAT-1: an index that lacks what the model asks for answers nothing, without an error."""
    from chalicelib.stores.tables import ROW_ATTRIBUTES

    declared = {
        one["IndexName"]: one for one in resources["Desk"]["Properties"]["GlobalSecondaryIndexes"]
    }
    assert declared.keys() == storage.INDEXES.keys()
    total = 0
    for name, (hash_, range_, carried) in storage.INDEXES.items():
        keys = [key["AttributeName"] for key in declared[name]["KeySchema"]]
        others = declared[name]["Projection"]["NonKeyAttributes"]
        assert keys == [hash_, range_]
        assert set(ROW_ATTRIBUTES if carried is None else carried) <= {*others, *keys, "pk", "sk"}
        assert storage.DISCRIMINATOR in others
        assert len(others) <= 20, name  # AWS: of one index
        total += len(others)
    assert total <= 100  # AWS: of all indexes of a table


def test_the_package_holds_the_product_alone_and_imports_by_itself(
    made: Package, tmp_path: Path
) -> None:
    """OPS-1: what a developer has installed must not hide what the zip lacks."""
    with zipfile.ZipFile(made.archive) as archive:
        first = {name.split("/")[0] for name in archive.namelist()}
        archive.extractall(tmp_path)
    assert not first & {"tests", "local", "infra", "bench", "web", "docs", "pip", "setuptools"}
    found = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c"),
            f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import app; "
            "from chalicelib import triggers, world; import boto3, httpx, phonenumbers; "
            "from PIL import Image, ImageOps, WebPImagePlugin; "
            "[boto3.client(one, region_name='us-east-1') for one in "
            "('dynamodb', 'sqs', 's3', 'ssm', 'scheduler', 'apigatewaymanagementapi')]; "
            "print(sorted({module.__file__ for module in list(sys.modules.values()) "
            "if 'site-packages' in (getattr(module, '__file__', '') or '')}))",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "[]"
