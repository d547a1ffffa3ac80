"""Starts a whole stack on 127.0.0.1 and stops it again: `with running() as stack`."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.domain.push import SERVICES
from infra.deploy import (
    Say,
    deploy,
    login_of,
    make_user,
    outputs,
    page_configuration,
    push_key,
    set_channel_secrets,
    status,
    support_secret,
)
from infra.package import ROOT, Package, package
from infra.place import Place
from local.processes import Processes, StartFailed, choose_ports
from local.users import USERS

LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
PORT = 8400
REGION = "us-east-1"
AGENCY = "demo"
NAME = "atendente-demo"

# The emulator's root: these keys may do everything, with AUTH=true too.
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}

CHANNEL = {
    "channel": "whatsapp",
    "account": "106540352242922",
    "display": "+55 11 4000-1234",
    "waba_id": "102290129340398",
}
PAGE = {"channel": "facebook", "account": "110200300400500", "display": "Loja Demonstração"}
# Linked to the page: what goes out leaves by it, with its token (META.md §8).
INSTAGRAM = {
    "channel": "instagram",
    "account": "17841400000000001",
    "display": "@loja.demonstracao",
    "page": PAGE["account"],
}
EVERY_CHANNEL = [CHANNEL, INSTAGRAM, PAGE]


@dataclass
class Stack:
    """A running stack: where everything is, and the keys to it."""

    home: Path
    web: str
    api: str
    live: str
    simulator: str
    push: str
    emulator: str
    app_secret: str
    verify_token: str
    outputs: dict[str, str]
    users: list[dict[str, str]]
    processes: Processes
    place: Place
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A boto3 client with the emulator's root keys."""
        if service not in self.clients:
            self.clients[service] = self.place.client(service)
        return self.clients[service]

    def token(self, email: str, password: str | None = None) -> str:
        """An id token as the page would hold it, got without SRP by a client for tests alone."""
        cognito, pool = self.client("cognito-idp"), self.outputs["UserPoolId"]
        if "tests" not in self.clients:
            self.clients["tests"] = cognito.create_user_pool_client(
                UserPoolId=pool,
                ClientName="tests",
                ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            )["UserPoolClient"]["ClientId"]
        known = next((one["password"] for one in self.users if one["email"] == email), "")
        found: str = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=self.clients["tests"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password or known},
        )["AuthenticationResult"]["IdToken"]
        return found

    def environment(self) -> dict[str, str]:
        """The environment in which the product's own code works on this stack from outside."""
        return {
            **clean_environment(),
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": self.emulator,
            "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "DESK_TABLE": self.outputs["DeskTable"],
            "CONNECTIONS_TABLE": self.outputs["ConnectionsTable"],
            "INBOUND_QUEUE": self.outputs["InboundQueueUrl"],
            "STATUSES_QUEUE": self.outputs["StatusesQueueUrl"],
            "OUTBOUND_QUEUE": self.outputs["OutboundQueueUrl"],
            "REDO_QUEUE": self.outputs["RedoQueueUrl"],
            "DUE_QUEUE": self.outputs["DueQueueUrl"],
            "FETCH_QUEUE": self.outputs["FetchQueueUrl"],
            "NOTIFY_QUEUE": self.outputs["NotifyQueueUrl"],
            "PUSH_QUEUE": self.outputs["PushQueueUrl"],
            "MEDIA_BUCKET": self.outputs["MediaBucketName"],
            "PARAMETERS": self.outputs["SecretsPrefix"],
            "GRAPH_URL": self.simulator,
            "INSTAGRAM_URL": self.simulator,
            "GRAPH_VERSION": "v25.0",
            "PUSH_HOSTS": " ".join([self.push, *SERVICES]),
            "LIVE_ENDPOINT": self.live.replace("ws://", "http://"),
            "LIVE_URL": self.live,
            "WEB_ORIGIN": self.web,
            "AGENCY_NAME": AGENCY_NAME,
            "TIME_ZONE": TIME_ZONE,
            "LOG_LEVEL": "INFO",
            "POWERTOOLS_SERVICE_NAME": "atendente",
            "POWERTOOLS_METRICS_DISABLED": "true",
            "USER_POOL": self.outputs["UserPoolId"],
            "USERS_JSON": str(self.home / "state" / "users.json"),
        }

    def description(self) -> dict[str, Any]:
        """What .local/stack.json says."""
        return {
            "api": self.api,
            "live": self.live,
            "web": self.web,
            "simulator": self.simulator,
            "graph": self.simulator,
            "push": self.push,
            "emulator": self.emulator,
            "app_secret": self.app_secret,
            "verify_token": self.verify_token,
            "login": login_of(self.outputs, self.emulator),
            "users": [
                {key: one[key] for key in ("email", "password", "name")} for one in self.users
            ],
            "channels": EVERY_CHANNEL,
        }


AGENCY_NAME = "Agência Demonstração"
TIME_ZONE = "America/Sao_Paulo"


def home_of(port: int) -> Path:
    """The folder of the stack on that port: .local itself for the default one."""
    return LOCAL if port == PORT else LOCAL / str(port)


@contextlib.contextmanager
def running(
    *,
    port: int = 0,
    home: Path | None = None,
    reset: bool = False,
    auth: bool = False,
    seed: bool = True,
    say: Say = lambda _: None,
) -> Iterator[Stack]:
    """A stack that runs as long as the block does.

    Without `port` and `home` it is a fresh one, on free ports, in a folder that is removed in the
    end. `reset` forgets what a kept one holds. With `auth` the emulator enforces the functions'
    roles. With `seed` the agents' rows and the demonstration's chats are written, once.
    Raises `StartFailed` or `DeployFailed` with the reason; nothing is left running then.
    """
    with contextlib.ExitStack() as after:
        if home is None and port:
            home = home_of(port)
        elif home is None:
            home = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="atendente-")))
        after.enter_context(locked(home))
        told = home / "stack.json"
        told.unlink(missing_ok=True)
        after.callback(told.unlink, missing_ok=True)
        if reset:
            shutil.rmtree(home / "state", ignore_errors=True)
        (home / "state").mkdir(parents=True, exist_ok=True)
        # What the emulator unpacked of each function goes with it.
        after.callback(shutil.rmtree, home / "state" / "scratch", ignore_errors=True)
        processes = Processes(home / "log")
        after.callback(processes.stop_all)
        stack = start(home, port, processes, auth=auth, seed=seed, say=say)
        written(told, stack.description())
        yield stack


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder, so that no two stacks write one state. Raises `StartFailed`."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = home / "stack.json"
            where = json.loads(told.read_text())["web"] if told.is_file() else "not ready"
            raise StartFailed(f"A stack already runs from {home}: {where}") from None
        yield


def start(
    home: Path, port: int, processes: Processes, *, auth: bool, seed: bool, say: Say
) -> Stack:
    """Start every process in the order in which they need each other."""
    state = home / "state"
    keys = new_keys() | remembered(state / "keys.json", new_keys)
    written(state / "keys.json", keys)
    before = known_ports(state / "ports.json")
    ports = choose_ports(
        {"web": port, "simulator": port and port + 1, "emulator": port and port + 2, "push": 0},
        before,
    )
    move_emulator(state / "emulator", before.get("emulator"), ports["emulator"])
    written(state / "ports.json", ports)
    web, simulator, emulator, push = (
        f"http://127.0.0.1:{ports[name]}" for name in ("web", "simulator", "emulator", "push")
    )

    say("emulator: starting")
    start_emulator(processes, state, ports["emulator"], auth)
    start_simulator(processes, state, ports["simulator"], f"{web}/api/webhooks/whatsapp", keys)
    start_push(processes, state, ports["push"])
    made = package(LOCAL / "package")
    processes.wait_for("emulator", f"{emulator}/_ministack/health")

    place = Place(REGION, emulator, CREDENTIALS)
    stack = deployed(
        place,
        made,
        {
            "Agency": AGENCY,
            "AgencyName": AGENCY_NAME,
            "TimeZone": TIME_ZONE,
            "GraphUrl": simulator,
            "InstagramUrl": simulator,
            "PushService": push,
            "WebOrigin": web,
            "Gateway": f"{emulator.removeprefix('http://')}/_aws/execute-api",
            "KeepData": "no",
        },
        say,
    )
    if auth:
        say_it_for_the_emulator(place)
    for channel, token in TOKENS.items():
        set_channel_secrets(
            place.client("ssm"),
            stack["SecretsPrefix"],
            next(one["account"] for one in EVERY_CHANNEL if one["channel"] == channel),
            keys[token],
            keys["app_secret"],
            keys["verify_token"],
            channel=channel,
        )
    support_secret(place.client("ssm"), stack["SecretsPrefix"])
    push_key(place.client("ssm"), stack["SecretsPrefix"])
    users = make_users(place, stack["UserPoolId"])
    written(state / "users.json", users)

    found = Stack(
        home=home,
        web=web,
        api=f"{web}/api",
        live=stack["LiveUrl"],
        simulator=simulator,
        push=push,
        emulator=emulator,
        app_secret=keys["app_secret"],
        verify_token=keys["verify_token"],
        outputs=stack,
        users=users,
        processes=processes,
        place=place,
    )
    processes.wait_for("simulator", f"{simulator}/health")
    processes.wait_for("push", f"{push}/health")
    if seed and not is_seeded(found):
        write_seed(found, say)
        # The seed's rows are no news: a restart empties the stream, and nobody wades through it.
        processes.stop("emulator")
        start_emulator(processes, state, ports["emulator"], auth)
        processes.wait_for("emulator", f"{emulator}/_ministack/health")
    follow_streams(place, True)
    threading.Thread(target=warm, args=(place,), daemon=True).start()
    configuration = state / "config.json"
    written(configuration, page_configuration(stack, AGENCY_NAME, TIME_ZONE, emulator))
    processes.start(
        "web",
        [
            *(sys.executable, "-m", "local.web", "--port", str(ports["web"])),
            *("--page", str(ROOT / "web" / "dist"), "--config", str(configuration)),
            *("--doors", f"{emulator}/_aws/execute-api/{stack['RestAPIId']}/api"),
            *(
                "--connect",
                emulator,
                emulator.replace("http", "ws"),
                "--media",
                emulator,
                simulator,
            ),
            *("--linked", simulator),
        ],
        {**clean_environment(), "PYTHONPATH": str(ROOT)},
    )
    processes.wait_for("web", f"{web}/config.json")
    return found


def start_emulator(processes: Processes, state: Path, port: int, auth: bool) -> None:
    """Start MiniStack on what it kept, if it kept anything."""
    if not (TOOLS / "bin" / "ministack").is_file():
        raise StartFailed(f"MiniStack is not installed in {TOOLS}: run `make {TOOLS.name}`")
    kept = state / "emulator"
    forget_stream_positions(kept / "lambda.json")
    scratch = state / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    processes.start(
        "emulator",
        [str(TOOLS / "bin" / "python"), str(ROOT / "local" / "emulator.py")],
        {
            # Functions inherit this environment: nothing of ours may leak into it.
            **clean_environment(),
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(kept),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(kept / "s3"),
            "LAMBDA_WARM_TTL_SECONDS": "86400",
            "AUTH": "true" if auth else "false",
            "LOG_LEVEL": "INFO",
        },
    )


def forget_stream_positions(file: Path) -> None:
    """Let the consumers of the table's stream begin at its beginning after a restart.

    MiniStack keeps how far each consumer had read but not the stream, which is empty again: every
    consumer would wait for as many changes as it had once seen before it saw another.
    """
    if not file.is_file():
        return
    kept = json.loads(file.read_text())
    if kept.get("payload", kept).pop("dynamodb_stream_positions", None) is not None:
        written(file, kept)


def move_emulator(kept: Path, before: int | None, now: int) -> None:
    """Let what the emulator kept live on at another port.

    MiniStack knows its queues by address, port included: at a new port it finds none of them.
    """
    if before in (None, now):
        return
    for file in kept.glob("*.json"):
        text = file.read_text()
        moved = text.replace(f"127.0.0.1:{before}", f"127.0.0.1:{now}")
        if moved != text:
            file.write_text(moved)


def start_simulator(
    processes: Processes, state: Path, port: int, webhook: str, keys: Mapping[str, str]
) -> None:
    """Start the simulator of Meta on what it kept."""
    processes.start(
        "simulator",
        [
            *(sys.executable, "-m", "local.simulator", "--host", "127.0.0.1", "--port", str(port)),
            *("--webhook", webhook, "--app-secret", keys["app_secret"]),
            *("--verify-token", keys["verify_token"], "--token", keys["token"]),
            *("--phone-number-id", CHANNEL["account"], "--display", CHANNEL["display"]),
            *("--waba-id", CHANNEL["waba_id"], "--state", str(state / "simulator")),
            *("--page-id", PAGE["account"], "--page-name", PAGE["display"]),
            *("--page-token", keys["page_token"], "--instagram-token", keys["instagram_token"]),
            *("--instagram-id", INSTAGRAM["account"]),
            *("--instagram-username", INSTAGRAM["display"].removeprefix("@")),
        ],
        {**clean_environment(), "PYTHONPATH": str(ROOT)},
    )


def start_push(processes: Processes, state: Path, port: int) -> None:
    """Start the stand-in for push services and devices on what it kept."""
    processes.start(
        "push",
        [
            *(sys.executable, "-m", "local.push", "--host", "127.0.0.1", "--port", str(port)),
            *("--state", str(state / "push")),
        ],
        {**clean_environment(), "PYTHONPATH": str(ROOT)},
    )


def deployed(
    place: Place, made: Package, parameters: Mapping[str, str], say: Say
) -> dict[str, str]:
    """Deploy, unless the emulator kept a stack of this very package and parameters."""
    cloudformation = place.client("cloudformation")
    if status(cloudformation, NAME) in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        kept = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["Parameters"]
        same = parameters.items() <= {(one["ParameterKey"], one["ParameterValue"]) for one in kept}
        found = outputs(place, NAME)
        if same and found.get("Package") == made.digest:
            say(f"{NAME}: as it was")
            return found
    return deploy(place, NAME, parameters, made, say)


def say_it_for_the_emulator(place: Place) -> None:
    """Repeat what the roles may do in the emulator's own words, where they are not AWS's.

    MiniStack 1.5.33 asks for ssm:GetParametersByPath on `*` instead of on the path, for
    ssm:DeleteParameters on `*` instead of on each name, and for an
    sqs:SendMessageBatch where AWS asks for sqs:SendMessage (core/iam_actions.py).
    """
    iam = place.client("iam")
    for role in iam.list_roles()["Roles"]:
        name, said = role["RoleName"], []
        if not name.startswith(NAME):
            continue
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                for action in ("ssm:GetParametersByPath", "ssm:DeleteParameters"):
                    if action in statement["Action"]:
                        said.append({**statement, "Action": action, "Resource": "*"})
                if "sqs:SendMessage" in statement["Action"]:
                    said.append({**statement, "Action": "sqs:SendMessageBatch"})
        if said:
            iam.put_role_policy(
                RoleName=name,
                PolicyName="in-the-words-of-the-emulator",
                PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": said}),
            )


SECRETS = ("token", "app_secret", "verify_token", "page_token", "instagram_token")
# By which of them each channel sends; Instagram's own is for an account without a linked page.
TOKENS = {"whatsapp": "token", "instagram": "page_token", "facebook": "page_token"}


def new_keys() -> dict[str, str]:
    """Secrets of the demonstration's channels, made up for this stack."""
    return {name: secrets.token_hex(24) for name in SECRETS}


def make_users(place: Place, pool: str) -> list[dict[str, str]]:
    """The logins, each with the `sub` by which the desk knows its agent."""
    return [
        {
            "sub": make_user(place, pool, one.email, one.name, one.password),
            "email": one.email,
            "name": one.name,
            "password": one.password,
        }
        for one in USERS
    ]


def is_seeded(stack: Stack) -> bool:
    """Whether this very stack holds the demonstration's rows; another pool is another stack."""
    done = stack.home / "state" / "seeded"
    return done.is_file() and done.read_text() == stack.outputs["UserPoolId"]


def write_seed(stack: Stack, say: Say) -> None:
    """Write the demonstration's rows. Raises `StartFailed` with what the seed said."""
    say("seed: writing")
    began = time.monotonic()
    follow_streams(stack.place, False)
    found = subprocess.run(
        [sys.executable, "-m", "local.seed"],
        cwd=ROOT,
        env=stack.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    (stack.home / "log" / "seed.log").write_text(found.stdout + found.stderr)
    if found.returncode:
        raise StartFailed(f"The seed ended with {found.returncode}\n{stack.processes.tail('seed')}")
    (stack.home / "state" / "seeded").write_text(stack.outputs["UserPoolId"])
    say(f"seed: written in {time.monotonic() - began:.1f} s")


def follow_streams(place: Place, on: bool) -> None:
    """Let the consumers of the table's stream work, or wait."""
    client = place.client("lambda")
    for source in client.list_event_source_mappings()["EventSourceMappings"]:
        if ":dynamodb:" in source["EventSourceArn"] and (source["State"] == "Enabled") is not on:
            client.update_event_source_mapping(UUID=source["UUID"], Enabled=on)


def warm(place: Place) -> None:
    """Call each queue's and stream's function with no records, so that its process stands ready."""
    client = place.client("lambda")
    for one in client.list_functions()["Functions"]:
        function = one["FunctionName"]
        if function.startswith(NAME) and "Websocket" not in function and "API" not in function:
            with contextlib.suppress(Exception):
                client.invoke(FunctionName=function, Payload=b'{"Records": []}')


def known_ports(file: Path) -> dict[str, int]:
    """The ports of the last start."""
    found: dict[str, int] = json.loads(file.read_text()) if file.is_file() else {}
    return found


def remembered(file: Path, make: Any) -> Any:
    """What the file holds, made and written first if there is none."""
    if not file.is_file():
        written(file, make())
    return json.loads(file.read_text())


def written(file: Path, content: Any) -> None:
    """Write JSON so that nobody ever reads half of it."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    part.replace(file)


def clean_environment() -> dict[str, str]:
    """The little of our environment that a child may know."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
