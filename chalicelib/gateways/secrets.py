"""Tokens and secrets of the channels: read from the parameter store, never logged, never shown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import errors

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


class Secrets:
    """Secrets by channel and account, kept for five minutes in this process."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._support: str | None = None
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

    def support(self) -> str:
        """What support codes are made of (CODE-2): fixed since the agency's first deployment.

        Raises Unavailable when the store does not answer.
        """
        if self._support is None:
            from aws_lambda_powertools.utilities import parameters

            try:
                name = f"{self._prefix}/support/secret"
                self._support = str(parameters.get_parameter(name, decrypt=True))
            except parameters.GetParameterError as error:
                raise errors.Unavailable from error
        return self._support

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
            if field in ChannelSecrets.__dataclass_fields__:
                found.setdefault(account, {})[field] = str(value)
        return {account: ChannelSecrets(**fields) for account, fields in found.items()}
