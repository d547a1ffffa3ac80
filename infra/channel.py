"""Connects a WhatsApp number to an agency's stack. `python -m infra.channel --agency x …`."""

import argparse
import getpass
import sys
from collections.abc import Mapping

import boto3

from infra.deploy import outputs, set_channel_secrets
from infra.place import Place


def connect(
    place: Place,
    stack: Mapping[str, str],
    *,
    account: str,
    display: str,
    portfolio: str,
    secrets: Mapping[str, str],
) -> None:
    """Write the number's row and its secrets: token, app_secret and verify_token. Repeatable."""
    from chalicelib.stores import channels, tables

    set_channel_secrets(place.client("ssm"), stack["SecretsPrefix"], account, **secrets)
    tables.bind(stack["DeskTable"], stack["ConnectionsTable"], region=place.region)
    channels.save("whatsapp", account, display=display, portfolio=portfolio)


def main() -> None:
    """Ask for the secrets, which never stand on a command line, and connect the number."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--agency", required=True)
    options.add_argument("--region", default=boto3.session.Session().region_name or "sa-east-1")
    options.add_argument("--account", required=True, help="phone_number_id")
    options.add_argument("--display", required=True, help="the number as people write it")
    options.add_argument(
        "--portfolio", required=True, help="id of the WhatsApp Business account (WABA)"
    )
    given = options.parse_args()
    place = Place(given.region)
    stack = outputs(place, f"atendente-{given.agency}")
    secrets = {
        name: getpass.getpass(f"{name}: ") for name in ("token", "app_secret", "verify_token")
    }
    connect(
        place,
        stack,
        account=given.account,
        display=given.display,
        portfolio=given.portfolio,
        secrets=secrets,
    )
    sys.stdout.write(f"Callback URL for Meta: {stack['ApiUrl']}/webhooks/whatsapp\n")


if __name__ == "__main__":
    main()
