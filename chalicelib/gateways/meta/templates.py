"""The templates of an account, asked of Meta with the token that its settings page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain import template as templates
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.gateways.secrets import ChannelSecrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.template import Template
    from chalicelib.gateways.meta.graph import Graph
    from chalicelib.gateways.secrets import Secrets

DEAD = "token_invalid"


def sendable(
    secrets: Secrets,
    graph: Callable[[str], Graph],
    account: str,
    portfolio: str,
    name: str | None = None,
) -> list[Template]:
    """What may be sent from a WhatsApp account now, or of it what is called so (SEND-2).

    A token that Meta refuses may be an old one that this process kept: it is fetched anew, once.
    Raises ChannelUnavailable when Meta does not let us use the account, Unavailable when it does
    not answer; asking again is safe.
    """
    refusal: errors.Refusal = errors.ChannelUnavailable(problem=DEAD)
    tried = ""
    for mismatch in (False, True):
        token = secrets.of("whatsapp", mismatch=mismatch).get(account, ChannelSecrets()).token
        if token == tried:
            continue
        tried = token
        try:
            told = graph(token).templates(portfolio, name)
        except (Refused, NotSent, AnswerLost) as error:
            refusal = _refusal(error)
            if refusal.fields.get("problem") != DEAD:
                raise refusal from error
        else:
            return [one for one in map(templates.listed, told) if one is not None]
    raise refusal


def _refusal(error: Refused | NotSent | AnswerLost) -> errors.Refusal:
    """Whether the account is at fault, or it may pass."""
    if not isinstance(error, Refused):
        return errors.Unavailable()
    found = policy(error.failure.code)
    if found.channel_problem is None and (found.action != "stop" or error.transient):
        return errors.Unavailable()
    return errors.ChannelUnavailable(problem=found.channel_problem or "permission")
