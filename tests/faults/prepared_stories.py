"""Templates, quick replies, drafts and channels are prepared, and whoever does it is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import channel, draft, quick_reply, template
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import errors
from chalicelib.domain.instants import iso
from chalicelib.domain.listing import Tab
from chalicelib.stores import templates
from tests.builders import ACCOUNT, NOON, PORTFOLIO
from tests.faults.desk import AGENTS
from tests.faults.start_stories import TEMPLATE
from tests.faults.stories import SECONDS, Story, bia_wrote, lists_are_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.world import World
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
PAGE = "110200300400500"
PRICES = "uploads/caio/00000000000000aa.pdf"
MAP = "uploads/caio/00000000000000bb.png"
PROMO = {**TEMPLATE, "name": "promo"}
NEWER = {**TEMPLATE, "components": [{"type": "BODY", "text": "Oi, {{1}} e {{2}}!"}]}
SECRETS = {"token": "EAAt", "app_secret": "s", "verify_token": "v"}
FACTS = {"display": "Loja", "portfolio": "", "page": "", "active": True, "human_agent": False}


# --- templates --------------------------------------------------------------------------------


def templates_are_known(desk: Desk) -> None:
    """Two of them, one of them bound; a page is open."""
    desk.graph.told = [TEMPLATE, PROMO]
    sync(desk.world, PORTFOLIO, 1)
    named = templates.template_id(PORTFOLIO, "retomar", "pt_BR")
    template.bind(desk.world, CAIO, named, {"body.1": "{nome}"})
    desk.opens(CAIO, Tab.ALL)


def _first_sync(desk: Desk, known: None) -> None:
    desk.graph.told = [TEMPLATE, PROMO]
    desk.do(lambda world: sync(world, PORTFOLIO, 1), function="sync")


def _next_sync(desk: Desk, known: None) -> None:
    """One changed, one is gone, and one is new."""
    desk.graph.told = [NEWER, {**TEMPLATE, "language": "en_US"}]
    desk.do(lambda world: sync(world, PORTFOLIO, 1), function="sync")


def _is_paused(desk: Desk, known: None) -> None:
    value = {
        "event": "PAUSED",
        "message_template_name": "retomar",
        "message_template_language": "pt_BR",
        "reason": "LOW_QUALITY",
    }
    change = {"field": "message_template_status_update", "value": value}
    entry = {"id": PORTFOLIO, "time": SECONDS + 700, "changes": [change]}
    desk.meta_posts({"object": "whatsapp_business_account", "entry": [entry]})


def _is_bound(desk: Desk, known: None) -> None:
    named = templates.template_id(PORTFOLIO, "promo", "pt_BR")
    wanted = {"body.1": "{nome}"}
    desk.do(lambda world: template.bind(world, CAIO, named, wanted), function="bind")


# --- quick replies ----------------------------------------------------------------------------


def files_are_uploaded(desk: Desk) -> None:
    """Two of Caio's, whose page is open."""
    desk.service.files |= {PRICES: b"pdf", MAP: b"png"}
    desk.service.types |= {PRICES: "application/pdf", MAP: "image/png"}
    desk.opens(CAIO, Tab.ALL)


def _reply(name: str, key: str | None) -> dict[str, Any]:
    file = None if key is None else {"key": key, "name": "a", "voice": False}
    return {"name": name, "text": "Segue, {nome}", "file": file}


def _makes_a_reply(desk: Desk, known: None) -> str:
    wanted = _reply("preços", PRICES)
    made = desk.do(lambda world: quick_reply.add(world, CAIO, wanted), function="add")
    return made["quick_reply_id"]


def _reply_comes(desk: Desk, known: None) -> None:
    _makes_a_reply(desk, known)


def _reply_comes_and_goes(desk: Desk, known: None) -> None:
    named = _makes_a_reply(desk, known)
    wanted = _reply("mapa", MAP)
    desk.do(lambda world: quick_reply.save(world, CAIO, named, wanted), function="save")
    desk.do(lambda world: quick_reply.remove(world, CAIO, named), function="remove")


# --- drafts -----------------------------------------------------------------------------------


def _types(desk: Desk, chat_id: Any) -> None:
    """In one page, then in another whose earlier words come later."""
    named = desk.chat_of("5511987654321")
    for function, text, second in (("first", "Bo", 1), ("third", "Bom d", 3), ("second", "Bom", 2)):
        at = iso(NOON.replace(hour=11, second=second))
        typed = {"text": text, "internal": False, "quotes": None, "at": at}
        desk.do(lambda world, typed=typed: draft.save(world, CAIO, named, typed), function=function)


# --- channels ---------------------------------------------------------------------------------


def _channel(**facts: Any) -> dict[str, Any]:
    return {**FACTS, **dict.fromkeys(SECRETS), **facts}


def _asked(act: Callable[[World], Any]) -> Callable[[World], None]:
    """Whoever died after it was done learns on asking again that it was."""

    def ask(world: World) -> None:
        try:
            act(world)
        except errors.NotFound:
            return

    return ask


def _channel_comes_and_goes(desk: Desk, known: None) -> None:
    """Connected, given a new token, tested, and removed."""
    named = f"facebook-{PAGE}"
    given = _channel(channel="facebook", account=PAGE, **SECRETS)
    desk.graph.facts["me"] = {"id": PAGE, "name": "Loja"}
    desk.do(lambda world: channel.add(world, CAIO, given), function="add")
    token = _channel(token="EAAnew", display="Loja nova")
    desk.do(lambda world: channel.save(world, CAIO, named, token), function="save")
    assert desk.service.secrets[f"/atendente/test/facebook/{PAGE}/token"] == "EAAnew"
    tested = desk.do(lambda world: channel.test(world, CAIO, named), function="test")
    assert tested["ok"]
    desk.do(_asked(lambda world: channel.remove(world, CAIO, named)), function="remove")
    assert not [name for name in desk.service.secrets if PAGE in name]


def _number_is_switched_off(desk: Desk, known: None) -> None:
    """Every page is told."""
    off = _channel(portfolio=PORTFOLIO, active=False)
    desk.do(lambda world: channel.save(world, CAIO, f"whatsapp-{ACCOUNT}", off), function="save")


LOOKED_THROUGH = " ".join(["Query"] * 11)  # the lists of chats, and the newest contacts
MIRRORED = "Query GetParametersByPath graph Query"  # the accounts, the token, Meta, what is known

STORIES = [
    Story(
        "templates_first",
        {"sync": f"{MIRRORED} PutItem PutItem PutItem"},
        lists_are_open,
        _first_sync,
    ),
    Story(
        "templates_again",
        {"sync": f"{MIRRORED} PutItem PutItem UpdateItem PutItem"},
        templates_are_known,
        _next_sync,
    ),
    Story(
        "template_paused",
        {"receive": "GetItem GetItem UpdateItem"},
        templates_are_known,
        _is_paused,
    ),
    Story(
        "template_bound",
        {"bind": "Query TransactWriteItems Query"},
        templates_are_known,
        _is_bound,
    ),
    Story(
        "quick_reply_made",
        {"add": "Query HeadObject CopyObject TransactWriteItems"},
        files_are_uploaded,
        _reply_comes,
    ),
    Story(
        "quick_reply_comes_and_goes",
        {
            "save": "Query HeadObject CopyObject DeleteObjects TransactWriteItems",
            "remove": "GetItem DeleteObjects TransactWriteItems",
        },
        files_are_uploaded,
        _reply_comes_and_goes,
    ),
    Story(
        "draft",
        {
            "first": "GetItem PutItem Query PutItem",
            "third": "GetItem PutItem",
            "second": "GetItem PutItem Query",
        },
        bia_wrote,
        _types,
    ),
    Story(
        "channel_comes_and_goes",
        {
            "add": "GetItem TransactWriteItems PutParameter PutParameter PutParameter"
            " GetItem Query GetParametersByPath",
            "save": "GetItem TransactWriteItems PutItem PutParameter"
            " GetItem Query GetParametersByPath",
            "test": "GetItem graph UpdateItem GetItem Query",
            "remove": f"GetItem {LOOKED_THROUGH} TransactWriteItems DeleteParameters",
        },
        lists_are_open,
        _channel_comes_and_goes,
    ),
    Story(
        "channel_switched_off",
        {"save": "GetItem TransactWriteItems GetItem Query GetParametersByPath"},
        lists_are_open,
        _number_is_switched_off,
    ),
]
