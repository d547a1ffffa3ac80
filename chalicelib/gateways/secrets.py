"""Tokens and secrets of the channels, in the parameter store: never logged, never shown (OPS-3)."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_AGE_SECONDS = 300
REFETCH_SECONDS = 10


@dataclass(frozen=True)
class ChannelSecrets:
    """One account's secrets; empty where none was set."""

    token: str = ""
    app_secret: str = ""
    verify_token: str = ""

    def __repr__(self) -> str:
        return "ChannelSecrets(…)"


SECRETS = tuple(field.name for field in fields(ChannelSecrets))


class Secrets:
    """Secrets by channel and account, kept for five minutes in this process."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._own: dict[str, str] = {}
        self._client: Any = None
        self._fetched: dict[str, tuple[float, dict[str, ChannelSecrets]]] = {}

    def of(self, channel: str, *, mismatch: bool = False) -> dict[str, ChannelSecrets]:
        """The secrets of every account of a channel.

        `mismatch` says that what was cached did not fit: it is fetched anew, at most every ten
        seconds, so that a wrong signature cannot make us hammer the store. Raises Unavailable when
        the store does not answer; the next call asks it again.
        """
        age = time.monotonic() - self._fetched[channel][0] if channel in self._fetched else None
        limit = REFETCH_SECONDS if mismatch else MAX_AGE_SECONDS
        if age is None or age > limit:
            self._fetched[channel] = (time.monotonic(), self._fetch(channel))
        return self._fetched[channel][1]

    def kept(self, channel: str, account: str) -> frozenset[str]:
        """The names of the secrets that an account has. Raises Unavailable."""
        its = self.of(channel, mismatch=True).get(account, ChannelSecrets())
        return frozenset(name for name in SECRETS if getattr(its, name))

    def write(self, channel: str, account: str, given: Mapping[str, str]) -> None:
        """Keep these secrets of an account, encrypted; the others stay as they are (OPS-3).

        `given` by their names in ChannelSecrets. Raises Unavailable when the store does not answer;
        writing them again is safe.
        """
        for name, value in given.items():
            self._ask(
                "put_parameter",
                Name=self._name(channel, account, name),
                Value=value,
                Type="SecureString",
                Overwrite=True,
            )
        self._fetched.pop(channel, None)

    def delete(self, channel: str, account: str) -> None:
        """Forget all secrets of an account; those that are not there are fine."""
        names = [self._name(channel, account, name) for name in SECRETS]
        self._ask("delete_parameters", Names=names)
        self._fetched.pop(channel, None)

    def _name(self, channel: str, account: str, name: str) -> str:
        return f"{self._prefix}/{channel}/{account}/{name}"

    def _ask(self, call: str, **given: Any) -> None:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError

        if self._client is None:
            self._client = boto3.client("ssm")
        try:
            getattr(self._client, call)(**given)
        except (BotoCoreError, ClientError):
            # Without its cause, whose words may hold what was to be written.
            raise errors.Unavailable from None

    def support(self) -> str:
        """What support codes are made of (CODE-2): fixed since the agency's first deployment.

        Raises Unavailable when the store does not answer.
        """
        return self._fixed("support/secret")

    def push_key(self) -> str:
        """What our pushes are signed with (NOTIF-4): fixed since the agency's first deployment.

        Raises Unavailable when the store does not answer.
        """
        return self._fixed("push/key")

    def _fixed(self, name: str) -> str:
        """A secret that is made at deployment and stays, kept in this process."""
        if name not in self._own:
            from aws_lambda_powertools.utilities import parameters

            try:
                found = parameters.get_parameter(f"{self._prefix}/{name}", decrypt=True)
            except parameters.GetParameterError as error:
                raise errors.Unavailable from error
            self._own[name] = str(found)
        return self._own[name]

    def _fetch(self, channel: str) -> dict[str, ChannelSecrets]:
        from aws_lambda_powertools.utilities import parameters

        path = f"{self._prefix}/{channel}/"
        try:
            stored: dict[str, Any] = parameters.get_parameters(
                path, recursive=True, decrypt=True, force_fetch=True
            )
        except parameters.GetParameterError as error:
            raise errors.Unavailable from error
        found: dict[str, dict[str, str]] = {}
        for name, value in stored.items():
            account, _, field = name.strip("/").partition("/")
            if field in SECRETS:
                found.setdefault(account, {})[field] = str(value)
        return {account: ChannelSecrets(**fields) for account, fields in found.items()}
