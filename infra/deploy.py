"""Creates or upgrades one agency's stack, on AWS or embedded. `python -m infra.deploy`."""

import argparse
import base64
import hashlib
import json
import mimetypes
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec

from infra.administrator import write_agent
from infra.package import ROOT, Package, package
from infra.place import Place

TENANTS = Path(__file__).resolve().parent / "tenants"
WEB = ROOT / "web" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

Say = Callable[[str], None]


class DeployFailed(Exception):
    """The stack did not reach the state asked for. The message holds CloudFormation's reasons."""


def deploy(
    place: Place, name: str, parameters: Mapping[str, str], made: Package, say: Say
) -> dict[str, str]:
    """Create or update the stack `name` and give its outputs back.

    Nothing happens to a stack that already is what is asked for. Raises `DeployFailed`.
    """
    bucket = artifacts(place)
    template_url = upload(place, bucket, made)
    cloudformation = place.client("cloudformation")
    wanted = {
        "StackName": name,
        "TemplateURL": template_url,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    }
    state = status(cloudformation, name)
    if state == "ROLLBACK_COMPLETE":  # a creation that failed: it can only be deleted
        say(f"{name}: removing what a failed creation left")
        cloudformation.delete_stack(StackName=name)
        settled(cloudformation, name, say)
        state = None
    elif state and state.endswith("_IN_PROGRESS"):
        settled(cloudformation, name, say)
    try:
        if state is None:
            say(f"{name}: creating")
            cloudformation.create_stack(**wanted, OnFailure="ROLLBACK")
        else:
            say(f"{name}: updating")
            cloudformation.update_stack(**wanted)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployFailed(f"{name}: {error}") from error
        say(f"{name}: nothing to change")
        return outputs(place, name)
    reached = settled(cloudformation, name, say)
    if reached not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        reasons = "\n".join(failures(cloudformation, name))
        raise DeployFailed(f"{name} is {reached}\n{reasons}")
    say(f"{name}: {reached}")
    return outputs(place, name)


def artifacts(place: Place) -> str:
    """The bucket, one per account and region, that holds packages."""
    account = place.client("sts").get_caller_identity()["Account"]
    bucket = f"atendente-artifacts-{account}-{place.region}"
    s3 = place.client("s3")
    try:
        s3.head_bucket(Bucket=bucket)
        return bucket
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
    where = (
        {}
        if place.region == "us-east-1"
        else {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
    )
    s3.create_bucket(Bucket=bucket, **where)
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    return bucket


def upload(place: Place, bucket: str, made: Package) -> str:
    """Put zip and template under names made of their content; give the template's address back."""
    s3 = place.client("s3")
    archive = made.archive.read_bytes()
    archive_key = f"{hashlib.sha256(archive).hexdigest()}.zip"
    document = json.loads(made.template.read_text())
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{bucket}/{archive_key}"
    template = json.dumps(document).encode()
    template_key = f"{hashlib.sha256(template).hexdigest()}.json"
    for key, body in ((archive_key, archive), (template_key, template)):
        try:
            s3.head_object(Bucket=bucket, Key=key)
        except ClientError:
            s3.put_object(Bucket=bucket, Key=key, Body=body)
    if place.endpoint:
        return f"{place.endpoint}/{bucket}/{template_key}"
    return f"https://{bucket}.s3.{place.region}.amazonaws.com/{template_key}"


def status(cloudformation: BaseClient, name: str) -> str | None:
    """The stack's state, or None where there is none."""
    try:
        found: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if found == "DELETE_COMPLETE" else found


def settled(cloudformation: BaseClient, name: str, say: Say) -> str | None:
    """Wait until the stack stops changing; tell of each state once."""
    told, wait = None, 0.1
    while (now := status(cloudformation, name)) and now.endswith("_IN_PROGRESS"):
        if now != told:
            say(f"{name}: {now}")
        told = now
        time.sleep(wait)
        wait = min(wait * 2, 5)
    return now


def failures(cloudformation: BaseClient, name: str) -> Iterator[str]:
    """The reasons of the last change's failures, first cause first, without their echoes."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    current = []
    for event in events:  # the newest first
        current.append(event)
        if event["LogicalResourceId"] == name and event["ResourceStatus"] in (
            "CREATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
        ):
            break
    for event in reversed(current):
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
            yield f"  {event['LogicalResourceId']} ({event.get('ResourceType')}): {reason}"


def outputs(place: Place, name: str) -> dict[str, str]:
    """What the stack tells of itself."""
    found = place.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def page_configuration(
    stack: Mapping[str, str], agency: str, time_zone: str, endpoint: str | None = None
) -> dict[str, Any]:
    """What the page reads from /config.json on its own origin."""
    return {
        "live": stack["LiveUrl"],
        "login": login_of(stack, endpoint),
        "agency": agency,
        "time_zone": time_zone,
    }


def login_of(stack: Mapping[str, str], endpoint: str | None) -> dict[str, Any]:
    """Where the page logs in. Without an endpoint that is Cognito's own in the region."""
    return {
        "endpoint": endpoint,
        "region": stack["Region"],
        "user_pool_id": stack["UserPoolId"],
        "client_id": stack["ClientId"],
    }


def upload_page(
    place: Place, stack: Mapping[str, str], configuration: Mapping[str, Any], say: Say
) -> None:
    """Put the built page into its bucket and let CloudFront forget the old one.

    Files under assets/ carry a hash in their names and are kept for ever, so that a page opened
    before the upgrade still finds its own; everything else is asked for each time.
    """
    s3, bucket = place.client("s3"), stack["WebBucketName"]
    files = page_files(WEB)
    if not files:
        raise DeployFailed("web/dist is empty: run `npm run build` in web/ first")

    def put(key: str, body: bytes) -> None:
        kept = key.startswith("assets/")
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentType=content_type(key),
            CacheControl=FOR_EVER if kept else ASK_FIRST,
        )

    put("config.json", json.dumps(configuration).encode())
    for path in files:
        put(path.relative_to(WEB).as_posix(), path.read_bytes())
    place.client("cloudfront").create_invalidation(
        DistributionId=stack["DistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": str(time.time_ns()),
        },
    )
    say(f"page: {len(files)} files in {bucket}")


# Who sees one of these finds all that it names: a worker keeps the page as it is at that moment.
LAST = ["index.html", "sw.js"]


def page_files(web: Path) -> list[Path]:
    """The files of a built page, in the order in which they are to be put into its bucket."""
    order = {web / name: place for place, name in enumerate(LAST, start=1)}
    found = (path for path in web.rglob("*") if path.is_file())
    return sorted(found, key=lambda path: (order.get(path, 0), path))


def content_type(name: str) -> str:
    """The type to serve a file of the page as."""
    known = {
        ".js": "text/javascript",
        ".webmanifest": "application/manifest+json",
        ".woff2": "font/woff2",
        ".wasm": "application/wasm",
    }
    found = known.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    if found and (found.startswith("text/") or found.endswith("json")):
        return f"{found}; charset=utf-8"
    return found or "application/octet-stream"


def make_user(place: Place, pool: str, email: str, name: str, password: str | None = None) -> str:
    """The `sub` of the user with that e-mail, made if there is none.

    Without a password Cognito mails an invitation; with one nothing is mailed and it is final.
    """
    cognito = place.client("cognito-idp")
    attributes = {"email": email, "email_verified": "true", "name": name}
    told = {"MessageAction": "SUPPRESS"} if password else {"DesiredDeliveryMediums": ["EMAIL"]}
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            **told,
        )["User"]["Attributes"]
        if password:
            cognito.admin_set_user_password(
                UserPoolId=pool, Username=email, Password=password, Permanent=True
            )
    except cognito.exceptions.UsernameExistsException:
        user = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
    return str(next(one["Value"] for one in user if one["Name"] == "sub"))


def first_administrator(
    place: Place,
    stack: Mapping[str, str],
    email: str,
    name: str,
    write_agent: Callable[[str, str, str], None],
) -> str:
    """Make the agency's first administrator: a login, and the row that says what they may do.

    `write_agent(sub, email, name)` writes an agent's row with every permission. Safe to repeat.
    """
    sub = make_user(place, stack["UserPoolId"], email, name)
    write_agent(sub, email, name)
    return sub


def set_channel_secrets(
    ssm: BaseClient,
    prefix: str,
    account: str,
    token: str,
    app_secret: str,
    verify_token: str,
    *,
    channel: str = "whatsapp",
) -> None:
    """Write one account's secrets where the functions read them.

    `prefix` is the stack's output SecretsPrefix, `account` what the channel's webhooks name: of
    WhatsApp the number's phone_number_id.
    """
    given = {"token": token, "app_secret": app_secret, "verify_token": verify_token}
    for name, value in given.items():
        ssm.put_parameter(
            Name=f"{prefix}/{channel}/{account}/{name}",
            Value=value,
            Type="SecureString",
            Overwrite=True,
        )


SUPPORT_SECRET_BYTES = 32


def support_secret(ssm: BaseClient, prefix: str) -> str:
    """What the agency's support codes are made of: made once, and never shown (CODE-2)."""
    name = f"{prefix}/support/secret"
    try:
        found: str = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        found = secrets.token_hex(SUPPORT_SECRET_BYTES)
        try:
            ssm.put_parameter(Name=name, Value=found, Type="SecureString", Overwrite=False)
        except ssm.exceptions.ParameterAlreadyExists:  # two deployments at once: the first one's
            return support_secret(ssm, prefix)
    return found


def push_key(ssm: BaseClient, prefix: str) -> str:
    """What the agency signs its pushes with: made once, for browsers subscribe to its other half.

    A private key of P-256, its number of 32 bytes in base64url without padding.
    """
    name = f"{prefix}/push/key"
    try:
        found: str = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        found = base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
        try:
            ssm.put_parameter(Name=name, Value=found, Type="SecureString", Overwrite=False)
        except ssm.exceptions.ParameterAlreadyExists:  # two deployments at once: the first one's
            return push_key(ssm, prefix)
    return found


def tenant(agency: str) -> dict[str, str]:
    """The agency's parameters: infra/tenants/<agency>.json over the template's defaults."""
    file = TENANTS / f"{agency}.json"
    given: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    if given.get("Domain") and not given.get("WebOrigin"):
        given["WebOrigin"] = f"https://{given['Domain']}"
    return {"AgencyName": agency, "TimeZone": "America/Sao_Paulo", **given, "Agency": agency}


def main() -> None:
    """`make deploy AGENCY=… [REGION=…] [ADMIN_EMAIL=…]`."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--agency", required=True)
    options.add_argument("--region", default=boto3.session.Session().region_name or "sa-east-1")
    options.add_argument("--admin-email")
    chosen = options.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    place = Place(chosen.region)
    parameters = tenant(chosen.agency)
    try:
        stack = deploy(place, f"atendente-{chosen.agency}", parameters, package(), say)
        support_secret(place.client("ssm"), stack["SecretsPrefix"])
        push_key(place.client("ssm"), stack["SecretsPrefix"])
        configuration = page_configuration(stack, parameters["AgencyName"], parameters["TimeZone"])
        upload_page(place, stack, configuration, say)
    except (DeployFailed, RuntimeError) as error:
        sys.exit(str(error))
    if chosen.admin_email:
        first_administrator(
            place, stack, chosen.admin_email, "Administrador", write_agent(place, stack)
        )
        say(f"administrator: {chosen.admin_email}")
    for key, value in sorted(stack.items()):
        say(f"{key} = {value}")


if __name__ == "__main__":
    main()
