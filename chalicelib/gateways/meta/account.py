"""An account asked about itself, with its own token: whether the two belong together (ADM-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.delivery import Refused
from chalicelib.domain.inbound import Failure
from chalicelib.gateways.meta.messenger import graph_of

if TYPE_CHECKING:
    from chalicelib.domain.outgoing import Sender
    from chalicelib.gateways.meta.messenger import Graphs

NUMBER_FIELDS = "id,display_phone_number,verified_name,quality_rating,throughput"
PAGE_FIELDS = "id,name"
LINKED_FIELDS = "id,name,instagram_business_account"
INSTAGRAM_FIELDS = "user_id,username,name"
# As if Meta had said it: what the token sees is not what was entered.
ANOTHER = Failure(100, "The token belongs to another account")
ANOTHERS_NUMBER = Failure(100, "The number belongs to another WhatsApp Business account")


@dataclass(frozen=True)
class Answer:
    """What Meta says of an account. `quality` and `throughput` are Meta's words."""

    name: str | None = None
    quality: str | None = None
    throughput: str | None = None


def examine(graphs: Graphs, sender: Sender, token: str) -> Answer:
    """Ask about the account with its token.

    Raises Refused, also for a token that is of another account, NotSent or AnswerLost.
    """
    graph = graph_of(graphs, sender, token)
    if sender.channel == "whatsapp":
        told = graph.request("GET", quote(sender.account, safe=""), query={"fields": NUMBER_FIELDS})
        _check(told.get("id") == sender.account)
        numbers = graph.request(
            "GET", f"{quote(sender.portfolio, safe='')}/phone_numbers", query={"fields": "id"}
        )
        _check(sender.account in _ids(numbers), ANOTHERS_NUMBER)
        throughput = told.get("throughput")
        level = throughput.get("level") if isinstance(throughput, dict) else None
        return Answer(_text(told, "verified_name"), _text(told, "quality_rating"), _word(level))
    if sender.by_instagram_login:
        told = graph.request("GET", "me", query={"fields": INSTAGRAM_FIELDS})
        _check(sender.account in (told.get("user_id"), told.get("id")))
        return Answer(_text(told, "name") or _text(told, "username"))
    if sender.channel == "instagram":
        told = graph.request("GET", "me", query={"fields": LINKED_FIELDS})
        linked = told.get("instagram_business_account")
        linked = linked if isinstance(linked, dict) else {}
        _check(told.get("id") == sender.page and linked.get("id") == sender.account)
        return Answer(_text(linked, "username") or _text(told, "name"))
    told = graph.request("GET", "me", query={"fields": PAGE_FIELDS})
    _check(told.get("id") == sender.account)
    return Answer(_text(told, "name"))


def _check(same: bool, otherwise: Failure = ANOTHER) -> None:
    if not same:
        raise Refused(otherwise)


def _ids(answer: dict[str, Any]) -> set[str]:
    listed = answer.get("data")
    return {
        one["id"]
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }


def _text(told: dict[str, Any], name: str) -> str | None:
    return _word(told.get(name))


def _word(value: object) -> str | None:
    return value[:100] if isinstance(value, str) and value and value != "UNKNOWN" else None
