"""Connects a channel account to an agency's stack. `python -m infra.channel --agency x …`.

The channels page does the same; this is for the first one, or without a page.
"""

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
    channel: str = "whatsapp",
    page: str = "",
) -> None:
    """Write the account's row and its secrets: token, app_secret and verify_token. Repeatable."""
    from chalicelib.stores import channels, tables

    ssm, prefix = place.client("ssm"), stack["SecretsPrefix"]
    set_channel_secrets(ssm, prefix, account, channel=channel, **secrets)
    tables.bind(stack["DeskTable"], stack["ConnectionsTable"], region=place.region)
    channels.save(channel, account, display=display, portfolio=portfolio, page=page)


def main() -> None:
    """Ask for the secrets, which never stand on a command line, and connect the account."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--agency", required=True)
    options.add_argument("--region", default=boto3.session.Session().region_name or "sa-east-1")
    options.add_argument(
        "--channel", default="whatsapp", choices=["whatsapp", "instagram", "facebook"]
    )
    options.add_argument(
        "--account",
        required=True,
        help="what webhooks name: phone_number_id, page id, Instagram account id",
    )
    options.add_argument("--display", required=True, help="the account as people know it")
    options.add_argument(
        "--portfolio", default="", help="of WhatsApp: id of the Business account (WABA)"
    )
    options.add_argument(
        "--page", default="", help="of Instagram through a linked page: that page's id"
    )
    given = options.parse_args()
    if given.channel == "whatsapp" and not given.portfolio:
        options.error("--portfolio is needed for WhatsApp")
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
        channel=given.channel,
        page=given.page,
    )
    sys.stdout.write(f"Callback URL for Meta: {stack['ApiUrl']}/webhooks/{given.channel}\n")


if __name__ == "__main__":
    main()
