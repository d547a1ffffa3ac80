"""Checks the code that an agency tells the reseller. `python -m infra.support_code CODE …`."""

import argparse
import json
import sys
from datetime import UTC, datetime

import boto3

from chalicelib.domain.support_code import accepted
from infra.deploy import outputs
from infra.place import Place


def known(place: Place, prefix: str, code: str, now: datetime) -> bool:
    """Whether it is the agency's code, or was until five minutes ago (CODE-2)."""
    name = f"{prefix}/support/secret"
    found = place.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return accepted(code, found["Parameter"]["Value"], now)


def on_this_machine(port: int) -> tuple[Place, str]:
    """The stack that runs here on that port: where it is, and its name."""
    from local.stack import CREDENTIALS, NAME, REGION, home_of

    told = home_of(port) / "stack.json"
    if not told.is_file():
        sys.exit(f"no stack runs on port {port}")
    return Place(REGION, json.loads(told.read_text())["emulator"], CREDENTIALS), NAME


def main() -> None:
    """Say whether the code is good; the exit status says it too."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("code")
    of = options.add_mutually_exclusive_group(required=True)
    of.add_argument("--agency")
    of.add_argument("--port", type=int, help="of a stack that runs on this machine")
    options.add_argument("--region", default=boto3.session.Session().region_name or "sa-east-1")
    given = options.parse_args()
    if given.agency:
        place, name = Place(given.region), f"atendente-{given.agency}"
    else:
        place, name = on_this_machine(given.port)
    prefix = outputs(place, name)["SecretsPrefix"]
    if not known(place, prefix, given.code, datetime.now(UTC)):
        sys.exit("not the agency's code")
    sys.stdout.write("the agency's code\n")


if __name__ == "__main__":
    main()
