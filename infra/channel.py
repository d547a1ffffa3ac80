"""Connects a WhatsApp number to an agency's stack: its row, and its secrets. `make channel`.

`python -m infra.channel --agency x --account 1234 --display "+55 11 4000-1234" --portfolio 5678`
asks for the token, the app secret and the verify token, so that they stand in no history and no
process list. Run again, it replaces them.
"""

from __future__ import annotations

import argparse
import getpass
import sys

import boto3

from chalicelib.stores import channels, tables
from infra.deploy import Place, outputs, set_channel_secrets


def main() -> None:
    """Ask, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agency", required=True)
    parser.add_argument("--region", default=boto3.session.Session().region_name or "sa-east-1")
    parser.add_argument("--account", required=True, help="the number's phone_number_id")
    parser.add_argument("--display", required=True, help="the number as people write it")
    parser.add_argument("--portfolio", required=True, help="the WhatsApp Business Account's id")
    chosen = parser.parse_args()
    place = Place(chosen.region)
    stack = outputs(place, f"atendente-{chosen.agency}")
    secrets = [
        getpass.getpass(f"{name}: ").strip() for name in ("token", "app secret", "verify token")
    ]
    if not all(secrets):
        sys.exit("all three are needed: without them nothing comes in or goes out")
    set_channel_secrets(place.client("ssm"), stack["SecretsPrefix"], chosen.account, *secrets)
    tables.bind(stack["DeskTable"], stack["ConnectionsTable"], region=place.region)
    channels.save("whatsapp", chosen.account, display=chosen.display, portfolio=chosen.portfolio)
    sys.stdout.write(f"whatsapp {chosen.display} is connected\n")


if __name__ == "__main__":
    main()
