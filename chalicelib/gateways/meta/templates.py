"""The templates of an account, asked of Meta with the token that its settings page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, policy
from chalicelib.gateways.secrets import ChannelSecrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.gateways.meta.graph import Graph
    from chalicelib.gateways.secrets import Secrets

DEAD = "token_invalid"


def every(
    secrets: Secrets, graph: Callable[[str], Graph], account: str, portfolio: str
) -> list[dict[str, Any]]:
    """All templates of a portfolio, as Meta tells them, asked for as one of its WhatsApp accounts.

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
            return graph(token).templates(portfolio)
        except (Refused, NotSent, AnswerLost) as error:
            refusal = refusal_of(error)
            if refusal.fields.get("problem") != DEAD:
                raise refusal from error
    raise refusal


def refusal_of(error: Refused | NotSent | AnswerLost) -> errors.Refusal:
    """Whether the account is at fault, or it may pass."""
    if not isinstance(error, Refused):
        return errors.Unavailable()
    found = policy(error.failure.code)
    if found.channel_problem is None and (found.action != "stop" or error.transient):
        return errors.Unavailable()
    return errors.ChannelUnavailable(problem=found.channel_problem or "permission")
