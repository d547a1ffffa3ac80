"""What happens at a desk, told in a few lines each, so that it can go wrong at every point of them.

A story has what was there before, which goes well, and what then happens. Its `calls` are those of
the functions that are killed in it, in their order: a test proves that there are no others.
More stories stand in modules `*_stories.py`, each with its `STORIES`; `told` collects them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.commands import send
from chalicelib.domain.delivery import Refused
from chalicelib.domain.ids import ChatId
from chalicelib.domain.inbound import Failure
from chalicelib.domain.listing import Tab
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import ACCOUNT, NOON, PORTFOLIO, chat
from tests.faults.desk import AGENTS, begin, continued
from tests.faults.service import Habits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.calls import Kill
    from tests.faults.desk import Begun, Desk

ANA, BETO, CAIO = AGENTS
PHONE = "5511987654321"
USER_ID = "BR.13491208655302741918"
SECONDS = int(NOON.timestamp()) - 600


@dataclass(frozen=True, eq=False)
class Story:
    """`before` returns what `then` needs to know of it."""

    name: str
    calls: dict[str, str]  # of each function, by AWS's names; «graph» is Meta's door
    before: Callable[[Desk], Any]
    then: Callable[[Desk, Any], None]

    def told(
        self,
        kill: Kill | None = None,
        habits: Habits = Habits(),  # noqa: B008  immutable
    ) -> AbstractContextManager[Desk]:
        """A desk on which what was before has been, for `go_on`."""
        return continued(begun(self.before), kill, habits)

    def go_on(self, desk: Desk) -> None:
        """What then happens, until nothing is left to do."""
        self.then(desk, desk.known)
        desk.until_quiet()


@cache
def begun(before: Callable[[Desk], Any]) -> Begun:
    """The beginning that stories share."""
    return begin(before)


# --- what Meta posts --------------------------------------------------------------------------


def text(
    body: str, second: int, *, phone: str | None = PHONE, user_id: str | None = None
) -> dict[str, Any]:
    """A contact's message, so many seconds after ten to noon."""
    ids = {"from": phone, "from_user_id": user_id}
    return {
        **{name: value for name, value in ids.items() if value is not None},
        "id": f"wamid.{body[:20]}",
        "timestamp": str(SECONDS + second),
        "type": "text",
        "text": {"body": body},
    }


def receipt(provider_id: str, status: str, callback: str | None = None, **more: Any) -> Any:
    """What became of something we sent."""
    found = {
        "id": provider_id,
        "status": status,
        "timestamp": str(SECONDS + 590),
        "recipient_id": PHONE,
        **more,
    }
    return found if callback is None else {**found, "biz_opaque_callback_data": callback}


def webhook(
    *messages: dict[str, Any],
    statuses: tuple[Any, ...] = (),
    others: tuple[Any, ...] = (),
) -> dict[str, Any]:
    """The body of a POST."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140001234", "phone_number_id": ACCOUNT},
    }
    people = {
        (one.get("from"), one.get("from_user_id")): {
            "profile": {"name": "Bia"},
            **({"wa_id": one["from"]} if "from" in one else {}),
            **({"user_id": one["from_user_id"]} if "from_user_id" in one else {}),
        }
        for one in messages
    }
    if messages:
        value |= {"contacts": list(people.values()), "messages": list(messages)}
    if statuses:
        value["statuses"] = list(statuses)
    changes = [{"field": "messages", "value": value}] if messages or statuses else []
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": PORTFOLIO, "changes": [*changes, *others]}],
    }


TEMPLATE_PAUSED = {
    "field": "message_template_status_update",
    "value": {"event": "PAUSED", "message_template_id": 1, "reason": "NONE"},
}


# --- stories ----------------------------------------------------------------------------------


def lists_are_open(desk: Desk) -> None:
    """Nobody has written yet."""
    desk.opens(ANA, Tab.OPEN)
    desk.opens(BETO, Tab.IN_SERVICE)


def bia_wrote(desk: Desk) -> str:
    """One chat, read by nobody yet; Ana has it open, Beto the list."""
    desk.meta_posts(webhook(text("oi", 1)))
    desk.until_quiet()
    chat_id = desk.chat_of(PHONE)
    desk.opens(ANA, Tab.OPEN, chat_id)
    desk.opens(BETO, Tab.IN_SERVICE)
    return chat_id


def ana_answered(desk: Desk) -> str:
    """Two answers have gone out."""
    chat_id = bia_wrote(desk)
    desk.answers(ANA, chat_id, "um")
    desk.answers(ANA, chat_id, "dois")
    return chat_id


def ana_failed(desk: Desk) -> tuple[str, Any]:
    """Her answer was refused."""
    chat_id = bia_wrote(desk)
    desk.graph.outcomes.append(Refused(Failure(131047, "no")))
    return chat_id, desk.answers(ANA, chat_id, "um")


def something_was_wrong(desk: Desk) -> str:
    """The channel's banner is up."""
    channels.set_problem("whatsapp", ACCOUNT, "token_invalid")
    return bia_wrote(desk)


def bia_was_closed(desk: Desk) -> str:
    """A chat without an open attendance, whose contact wrote an hour ago."""
    phone = f"whatsapp#{ACCOUNT}#phone#{PHONE}"
    closed = chat("c10ced", open_=False, rev=1, row_rev=1, identities=(phone,))
    known = ((phone, None, ChatId("c10ced")),)
    store.commit(Change(before=None, after=closed, identities=known))
    desk.until_quiet()
    desk.opens(ANA, Tab.OPEN)
    return "c10ced"


def beto_left(desk: Desk) -> str:
    """His page is gone, and nobody was told."""
    chat_id = bia_wrote(desk)
    desk.loses(desk.screens[1])
    return chat_id


def beto_was_cut_off(desk: Desk) -> str:
    """His page is open, and he is an agent no longer."""
    chat_id = bia_wrote(desk)
    desk.cuts_off(BETO)
    return chat_id


def one_person_twice(desk: Desk) -> str:
    """Bia wrote by number, and later by her id: two chats, both with an open attendance."""
    desk.meta_posts(webhook(text("por número", 1)))
    desk.until_quiet()
    desk.clock.forward(seconds=1)
    desk.meta_posts(webhook(text("por id", 2, phone=None, user_id=USER_ID)))
    desk.until_quiet()
    chat_id = desk.chat_of(PHONE)
    desk.opens(ANA, Tab.OPEN, chat_id)
    desk.opens(BETO, Tab.IN_SERVICE)
    return chat_id


def _posts(*bodies: dict[str, Any]) -> Callable[[Desk, Any], None]:
    def then(desk: Desk, known: Any) -> None:
        for body in bodies:
            desk.meta_posts(body)

    return then


def _answers_twice(desk: Desk, chat_id: str) -> None:
    desk.answers(ANA, chat_id, "um")
    desk.answers(ANA, chat_id, "dois")


def _answers(desk: Desk, chat_id: str) -> None:
    desk.answers(ANA, chat_id, "um")


def _is_refused(code: int) -> Callable[[Desk, str], None]:
    def then(desk: Desk, chat_id: str) -> None:
        desk.graph.outcomes.append(Refused(Failure(code, "no")))
        desk.answers(ANA, chat_id, "um")

    return then


def a_file_is_there(desk: Desk) -> str:
    """Ana has put a picture where it is sent from."""
    desk.service.files[PICTURE] = b"a picture"
    desk.service.types[PICTURE] = "image/png"
    return bia_wrote(desk)


def _sends_it(desk: Desk, chat_id: str) -> None:
    wish = {"text": "um", "files": [{"key": PICTURE, "name": "a.png"}], "client_key": desk.key()}
    desk.do(lambda world: send.send(world, ANA, chat_id, wish), function="send")


def _caio_answers(desk: Desk, chat_id: str) -> None:
    desk.answers(CAIO, chat_id, "um")


def _retries(desk: Desk, known: tuple[str, Any]) -> None:
    desk.retries(ANA, *known)


def _reads(desk: Desk, chat_id: str) -> None:
    message = desk.screens[0].state()["messages"][-1]
    desk.reads(ANA, chat_id, message["key"])


def _is_received(desk: Desk, chat_id: str) -> None:
    """«um» is told by what we attached, «dois» by its id alone; two receipts in one item."""
    callback = desk.graph.sent[0]["callback"]
    desk.meta_posts(
        webhook(
            statuses=(
                receipt("wamid.out.um", "sent", callback),
                receipt("wamid.out.um", "delivered", callback),
                receipt("wamid.out.dois", "read"),
            )
        )
    )


def _fails_later(desk: Desk, chat_id: str) -> None:
    """Meta accepts first and fails later, for a reason that concerns the whole account."""
    callback = desk.graph.sent[0]["callback"]
    failure = [{"code": 131042, "title": "Business eligibility payment issue"}]
    desk.meta_posts(
        webhook(statuses=(receipt("wamid.out.um", "failed", callback, errors=failure),))
    )


def _pages_open(desk: Desk, chat_id: str) -> None:
    """A page opens, and Bia goes on writing."""
    desk.opens(ANA, Tab.MINE, chat_id)
    desk.meta_posts(webhook(text("tem alguém?", 2)))


PICTURE = "uploads/ana/00000000000000cc.png"
RECEIVED = "BatchGetItem GetItem TransactWriteItems"
RECEIVED_AGAIN = "GetItem TransactWriteItems"  # the ids are remembered
LEASED = "BatchGetItem PutItem graph"
LEASED_ANEW = "BatchGetItem GetParametersByPath PutItem graph"
MARKED = "BatchGetItem TransactWriteItems"
TOLD_ONE = "PostToConnection"
TOLD_TWO = "PostToConnection PostToConnection"

STORIES = [
    Story(
        "new_contact",
        {
            "accept": "GetParametersByPath SendMessageBatch PutItem",
            "receive": f"BatchGetItem GetItem UpdateItem TransactWriteItems {RECEIVED_AGAIN}"
            " SendMessageBatch",  # Meta is asked for its templates
            "publish": f"Query Query {TOLD_ONE} Query {TOLD_TWO}",
        },
        lists_are_open,
        _posts(webhook(text("oi", 1), text("tudo bem?", 2), others=(TEMPLATE_PAUSED,))),
    ),
    Story(
        "known_contact",
        {"receive": f"{RECEIVED} {RECEIVED_AGAIN}", "publish": f"Query Query {TOLD_TWO}"},
        ana_answered,
        _posts(webhook(text("obrigada", 3), text("até logo", 4))),
    ),
    Story(
        "known_contact_of_a_closed_chat",
        {"receive": "BatchGetItem GetItem GetItem UpdateItem TransactWriteItems"},
        bia_was_closed,
        _posts(webhook(text("voltei", 3))),
    ),
    Story(
        "large_message",
        {
            "accept": "GetParametersByPath PutObject SendMessageBatch PutItem",
            "receive": "GetObject BatchGetItem GetItem UpdateItem TransactWriteItems",
        },
        lists_are_open,
        _posts(webhook({**text("enorme", 1), "unknown": "x" * 210_000})),
    ),
    Story(
        "merge",
        {
            "receive": "BatchGetItem GetItem GetItem TransactWriteItems"
            " BatchGetItem GetItem BatchGetItem TransactWriteItems",
            "publish": f"Query Query {TOLD_ONE}",
        },
        one_person_twice,
        _posts(webhook(text("sou a mesma", 3, user_id=USER_ID))),
    ),
    Story(
        "reply",
        {
            "send": "GetItem BatchGetItem TransactWriteItems GetItem TransactWriteItems",
            "dispatch": "SendMessageBatch",
            "publish": f"Query Query {TOLD_TWO} Query {TOLD_ONE} Query {TOLD_ONE}",
        },
        bia_wrote,
        _answers_twice,
    ),
    Story(
        "opening_reply",
        {"send": "GetItem BatchGetItem UpdateItem TransactWriteItems"},
        bia_was_closed,
        _caio_answers,
    ),
    Story(
        "retry",
        {"send": "GetItem GetItem BatchGetItem TransactWriteItems", "dispatch": "SendMessageBatch"},
        ana_failed,
        _retries,
    ),
    Story(
        "mark_read",
        {"mark_read": "GetItem GetItem PutItem", "publish": f"Query Query {TOLD_ONE}"},
        bia_wrote,
        _reads,
    ),
    Story(
        "receipts",
        {
            "accept": "GetParametersByPath SendMessageBatch PutItem",
            "receive_statuses": "Query GetItem BatchGetItem TransactWriteItems",
            "publish": f"Query Query {TOLD_ONE}",
        },
        ana_answered,
        _is_received,
    ),
    Story(
        "late_failure",
        {"receive_statuses": "BatchGetItem TransactWriteItems UpdateItem"},
        ana_answered,
        _fails_later,
    ),
    Story(
        "pages_open",
        {"connect": "GetItem DeleteItem GetItem PutItem", "hear": "UpdateItem PostToConnection"},
        bia_wrote,
        _pages_open,
    ),
    Story(
        "page_gone",
        {"publish": f"Query Query {TOLD_TWO} DeleteItem Query {TOLD_ONE}"},
        beto_left,
        _answers,
    ),
    Story(
        "agent_cut_off",
        {"publish": f"Query Query {TOLD_ONE}"},  # the record cut his page
        beto_was_cut_off,
        _posts(webhook(text("tem alguém?", 2))),
    ),
]

# Killed between its lease and its answer, `deliver` ends otherwise than undisturbed: see there.
DELIVERIES = [
    Story(
        "delivered",
        {"deliver": f"{LEASED_ANEW} GetItem {MARKED} {LEASED} GetItem {MARKED}"},
        bia_wrote,
        _answers_twice,
    ),
    Story("refused", {"deliver": f"{LEASED_ANEW} {MARKED}"}, bia_wrote, _is_refused(131047)),
    Story(
        "refused_for_the_channel",
        {"deliver": f"{LEASED_ANEW} UpdateItem {MARKED}"},
        bia_wrote,
        _is_refused(190),
    ),
    Story(
        "refused_for_now",
        {"deliver": f"{LEASED_ANEW} PutItem ChangeMessageVisibility {LEASED} GetItem {MARKED}"},
        bia_wrote,
        _is_refused(131056),
    ),
    Story(
        "delivered_file",
        {
            "deliver": "BatchGetItem GetParametersByPath HeadObject GetObject upload PutItem"
            f" PutItem graph GetItem {MARKED}"
        },
        a_file_is_there,
        _sends_it,
    ),
    Story(
        "delivered_after_a_problem",
        {"deliver": f"{LEASED_ANEW} GetItem UpdateItem {MARKED}"},
        something_was_wrong,
        _answers,
    ),
]
