"""The agents' logins, in the user pool: made, shut and opened by administrators (PERM-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PAGE = 60  # the most that Cognito lists at once
NOT_ENTERED = "FORCE_CHANGE_PASSWORD"


@dataclass(frozen=True)
class Login:
    """A login. `sub` is the agent's id; `invited`: no password was chosen yet."""

    sub: str
    invited: bool
    enabled: bool


class Logins:
    """Cognito's administration of one pool, with the client opened at the first use."""

    def __init__(self, pool: str, region: str) -> None:
        self._pool = pool
        self._region = region
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The Cognito client of this process."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "cognito-idp",
                region_name=self._region,
                config=Config(read_timeout=8, connect_timeout=2),
            )
        return self._client

    def invite(self, email: str, name: str) -> Login:
        """Make a login, whose owner gets a mail with a first password.

        One that is there already is given back as it is, and nothing is mailed.
        """
        attributes = {"email": email, "email_verified": "true", "name": name}
        try:
            made = self.client.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                UserAttributes=[
                    {"Name": attribute, "Value": value} for attribute, value in attributes.items()
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )["User"]
        except self.client.exceptions.UsernameExistsException:
            return self.find(email)
        return _login(made, made["Attributes"])

    def invite_again(self, email: str) -> None:
        """Mail a new first password to who has not entered yet."""
        self.client.admin_create_user(
            UserPoolId=self._pool,
            Username=email,
            MessageAction="RESEND",
            DesiredDeliveryMediums=["EMAIL"],
        )

    def find(self, email: str) -> Login:
        """The login with that address, which must be there."""
        found = self.client.admin_get_user(UserPoolId=self._pool, Username=email)
        return _login(found, found["UserAttributes"])

    def every(self) -> dict[str, Login]:
        """All logins by `sub`, sixty a call."""
        found: dict[str, Login] = {}
        more: dict[str, str] = {}
        while True:
            page = self.client.list_users(UserPoolId=self._pool, Limit=PAGE, **more)
            for user in page["Users"]:
                login = _login(user, user["Attributes"])
                found[login.sub] = login
            if not page.get("PaginationToken"):
                return found
            more = {"PaginationToken": page["PaginationToken"]}

    def open(self, email: str) -> None:
        """Let them log in again; harmless when they could."""
        self.client.admin_enable_user(UserPoolId=self._pool, Username=email)

    def shut(self, email: str) -> None:
        """Let nobody log in by it, and make worthless what was given out; harmless twice."""
        self.client.admin_disable_user(UserPoolId=self._pool, Username=email)
        self.client.admin_user_global_sign_out(UserPoolId=self._pool, Username=email)

    def rename(self, email: str, name: str) -> None:
        """What mails call them by."""
        self.client.admin_update_user_attributes(
            UserPoolId=self._pool,
            Username=email,
            UserAttributes=[{"Name": "name", "Value": name}],
        )


def _login(user: dict[str, Any], attributes: list[dict[str, str]]) -> Login:
    sub = next(one["Value"] for one in attributes if one["Name"] == "sub")
    return Login(sub=sub, invited=user["UserStatus"] == NOT_ENTERED, enabled=bool(user["Enabled"]))
