"""Bodies of everything that is not HTTP: queues, the table's stream, sockets.

Every one of them may run twice, late, or be killed half-way: a queue's item is acknowledged only
once it is committed, and a stream's batch comes again as a whole when one effect failed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_args

from chalicelib.commands import connect as sockets
from chalicelib.commands import deliver as delivering
from chalicelib.commands import dispatch as dispatching
from chalicelib.commands import echo
from chalicelib.commands import edit_contact as editing
from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import fetch_media as fetching
from chalicelib.commands import fetch_profile as naming
from chalicelib.commands import mark as marking
from chalicelib.commands import move as moving
from chalicelib.commands import notice as noticing
from chalicelib.commands import notify as notifying
from chalicelib.commands import prefer as preferring
from chalicelib.commands import publish as publishing
from chalicelib.commands import push as pushing
from chalicelib.commands import receive as receiving
from chalicelib.commands import run_due as due
from chalicelib.commands import settle as settling
from chalicelib.commands import sync_templates as syncing
from chalicelib.commands import tell_channel as telling
from chalicelib.domain import errors
from chalicelib.domain.access import Agent
from chalicelib.domain.chat import Chat
from chalicelib.domain.events import DeviceName, PageName
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.inbound import Arrival, Control, Mark, Moved, Preference
from chalicelib.domain.listing import Tab
from chalicelib.domain.live import (
    AgentChanged,
    BellChanged,
    ChannelChanged,
    ChatChanged,
    DirectoryChanged,
    Rang,
)
from chalicelib.domain.message import Message
from chalicelib.domain.notification import FRESH, Decision
from chalicelib.domain.profile import pictures_in
from chalicelib.gateways.meta import parse
from chalicelib.gateways.queues import Entry
from chalicelib.logs import logger
from chalicelib.stores import alerts, channels, chats, people, timers
from chalicelib.stores.profiles import to_profile
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import (
    AGENTS,
    CAMPAIGNS,
    CHAT_SK,
    DEPARTMENTS,
    FIELDS,
    FLOW_CATEGORIES,
    FLOWS,
    PROFILE_SK,
    QUICK_REPLIES,
    SETTINGS,
    TAGS,
    TEMPLATE_SYNCS,
    TEMPLATES,
    AgentRow,
    AlertsRow,
    BellRow,
    CampaignRow,
    ChannelRow,
    ChatRow,
    DecisionRow,
    DepartmentRow,
    FieldRow,
    FlowCategoryRow,
    FlowRow,
    MessageRow,
    ProfileRow,
    QuickReplyRow,
    Row,
    SettingsRow,
    TagRow,
    TemplateRow,
    TemplateSyncRow,
    alerts_pk,
    decision_sk,
)
from chalicelib.world import World, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from chalicelib.domain.events import PartName
    from chalicelib.domain.inbound import Inbound
    from chalicelib.domain.timer import Timer


TABS = {tab.value for tab in Tab}
ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
PAGES = get_args(PageName)
DEVICES = get_args(DeviceName)

# Rows of names, which screens fetch anew as a whole: where they lie, and what to fetch then.
LABELS = (TagRow, FieldRow, CampaignRow)
FETCHED_AS: dict[str, PartName] = {
    AGENTS: "me",
    DEPARTMENTS: "me",
    TAGS: "labels",
    FIELDS: "labels",
    CAMPAIGNS: "labels",
    QUICK_REPLIES: "quick_replies",
    TEMPLATES: "templates",
    TEMPLATE_SYNCS: "templates",
    SETTINGS: "people",
    FLOWS: "flows",
    FLOW_CATEGORIES: "flows",
}

SHOWN_TO_DISPATCH = ("chat", "message", "decision")
ALERTS = alerts_pk("")
DECISIONS = decision_sk("")
LONGEST_HOLD_SECONDS = 16  # of an echo: within half a minute a send has its answer, or none

BatchAnswer = dict[str, list[dict[str, str]]]

# What a row that cannot be read raises: our own fault, which coming again would not mend.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


# --- queues -----------------------------------------------------------------------------------


def receive(event: Any) -> BatchAnswer:
    """What happened at a channel, in the order of each contact; an early echo back to wait."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        try:
            for told in parse.inbound(_body(here, record), _arrived_at(record)):
                _heed(here, told)
        except echo.TooEarly:
            attempt = _attempt(record)
            seconds = min(2**attempt, LONGEST_HOLD_SECONDS)
            here.queues.hold(here.settings.inbound_queue, record["receiptHandle"], seconds)
            return False
        return True

    return _in_order(event, act)


def _heed(here: World, told: Inbound) -> None:
    if isinstance(told, Arrival):
        receiving.receive(here, told)
    elif isinstance(told, Mark):
        marking.mark(here, told)
    elif isinstance(told, Moved):
        moving.move(here, told)
    elif isinstance(told, Preference):
        preferring.prefer(here, told)
    elif isinstance(told, Control):
        noticing.control(here, told)
    else:
        noticing.notice(here, told)


def receive_statuses(event: Any) -> BatchAnswer:
    """Receipts: those of one item at once; an item with an early one comes back whole."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        told = parse.receipts(_body(here, record), _arrived_at(record))
        return not settling.settle_receipts(here, told)

    return _in_order(event, act)


def deliver(event: Any) -> BatchAnswer:
    """One queued message, or other call, to its channel; back to the lane to wait."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        body = json.loads(record["body"])
        attempt = _attempt(record)
        wait: timedelta | None
        match body:
            case {"chat_id": chat_id, "call": "block"}:
                wait = telling.tell_block(here, chat_id, attempt)
            case {"chat_id": chat_id, "call": "read", "key": key}:
                wait = telling.tell_read(here, chat_id, key, attempt)
            case {"chat_id": chat_id, "call": "react", "key": key}:
                wait = telling.tell_reaction(here, chat_id, MessageKey(key), attempt)
            case _:
                wait = delivering.deliver(here, body["chat_id"], MessageKey(body["key"]))
        return _finished(here, here.settings.outbound_queue, record, wait)

    return _in_order(event, act)


def redo(event: Any) -> BatchAnswer:
    """A stream record that could not be handled: its effects, derived from the row as it is."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        body = json.loads(record["body"])
        if body["pk"] in FETCHED_AS:
            publishing.ask_to_fetch_names(here, FETCHED_AS[body["pk"]])
            return True
        if body["pk"].startswith(ALERTS):
            _tell_again(here, body["pk"].removeprefix(ALERTS), body["sk"])
            return True
        chat_id, _, key = body["pk"].removeprefix("CHAT#"), None, body["sk"]
        if key.startswith("MSG#"):
            message = chats.load_message(chat_id, key.removeprefix("MSG#"))
            if message is not None and message.to_do is not None:
                dispatching.dispatch(here, [dispatching.Written(None, message)])
        elif key == CHAT_SK:
            chat = chats.load(chat_id)
            if chat is not None and chat.erasing:
                erasing.begin(here, [chat_id])
            elif chat is not None:
                dispatching.dispatch(here, [], [ChatChanged(None, chat)])
        dispatching.arm(here, timers.of(timers.load(body["pk"], body["sk"])))
        publishing.ask_to_refetch(here, chat_id)
        return True

    return _in_order(event, act)


def _tell_again(here: World, agent_id: str, key: str) -> None:
    """What follows from a row of an agent's alerts as it is."""
    decided = alerts.decision(agent_id, key.removeprefix(DECISIONS))
    if key.startswith(DECISIONS) and decided is not None and decided.to_push:
        dispatching.dispatch(here, [], pushes=[decided])
    publishing.publish(here, [BellChanged(agent_id)])


def fetch(event: Any) -> BatchAnswer:
    """What Meta is asked for outside of a send: files, names, templates; back to wait, too."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        body = json.loads(record["body"])
        attempt = _attempt(record)
        wait: timedelta | None
        match body:
            case {"what": "media", "chat_id": chat_id, "key": key}:
                wait = fetching.fetch(here, chat_id, MessageKey(key), attempt)
            case {"what": "profile", "chat_id": chat_id}:
                wait = naming.fetch(here, chat_id, attempt)
            case {"what": "templates"}:
                wait = syncing.sync(here, body.get("portfolio"), attempt)
            case _:
                raise ValueError(f"nothing is known of {body.get('what')!r}")
        return _finished(here, here.settings.fetch_queue, record, wait)

    return _in_order(event, act)


def notify(event: Any) -> BatchAnswer:
    """What agents are told of: decided for each of them."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        notifying.tell(here, json.loads(record["body"]))
        return True

    return _in_order(event, act)


def push(event: Any) -> BatchAnswer:
    """What goes to an agent's phones; back to wait while a push service is down."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        attempt = _attempt(record)
        wait = pushing.send(here, json.loads(record["body"]), attempt)
        return _finished(here, here.settings.push_queue, record, wait)

    return _in_order(event, act)


def run_due(event: Any) -> BatchAnswer:
    """What is due: the next step of each long job, and what was put off."""
    here = world()

    def act(record: dict[str, Any]) -> bool:
        due.run(here, json.loads(record["body"]))
        return True

    return _in_order(event, act)


def _in_order(event: Any, act: Callable[[dict[str, Any]], bool]) -> BatchAnswer:
    """Handle each record; after a failure, leave the rest of its group for the next time.

    `act` answers False for what should come again, without being an error.
    """
    failed: list[dict[str, str]] = []
    held: set[str] = set()
    for record in event.to_dict()["Records"]:
        group = (record.get("attributes") or {}).get("MessageGroupId", record["messageId"])
        if group not in held and _done(record, act):
            continue
        held.add(group)
        failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _attempt(record: dict[str, Any]) -> int:
    """How often the record has come, with this time."""
    return int((record.get("attributes") or {}).get("ApproximateReceiveCount", 1))


def _finished(here: World, queue: str, record: dict[str, Any], wait: timedelta | None) -> bool:
    """Whether the record needs to come no more; else it comes again after so long."""
    if wait is None:
        return True
    here.queues.hold(queue, record["receiptHandle"], max(1, round(wait.total_seconds())))
    return False


def _done(record: dict[str, Any], act: Callable[[dict[str, Any]], bool]) -> bool:
    """Whether the record needs to come no more. Whatever went wrong, its neighbours go on."""
    try:
        return act(record)
    except errors.Contended:
        return False
    except Exception:
        logger().exception("a record failed", extra={"message_id": record["messageId"]})
        return False


def _body(here: World, record: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(record["body"])
    pointer = body.get("pointer")
    return json.loads(here.files.get(pointer)) if pointer else body


def _arrived_at(record: dict[str, Any]) -> Any:
    from chalicelib.domain.instants import from_ms

    return from_ms(int((record.get("attributes") or {}).get("SentTimestamp", 0)))


# --- the table's stream -----------------------------------------------------------------------


def dispatch(event: Any) -> None:
    """Queue what was decided to be sent, told or erased. Raises: the whole batch comes again."""
    here = world()
    written: list[dispatching.Written] = []
    changed: list[ChatChanged] = []
    pushes: list[Decision] = []
    erased: list[str] = []
    promised: set[Timer] = set()
    for record in _records(event):
        promised |= _promised(here, record)
        after = _shown(here, record, "NewImage")
        if isinstance(after, Message):
            before = _shown(here, record, "OldImage")
            known = before if isinstance(before, Message) else None
            written.append(dispatching.Written(known, after))
        elif isinstance(after, Chat) and after.erasing:
            erased.append(after.chat_id)
        elif isinstance(after, Chat):
            before = _shown(here, record, "OldImage")
            changed.append(ChatChanged(before if isinstance(before, Chat) else None, after))
        elif isinstance(after, Decision) and after.to_push:
            pushes.append(after)
    dispatching.dispatch(here, written, changed, pushes)
    dispatching.arm(here, promised)
    erasing.begin(here, erased)
    editing.look_through(here, _replaced_pictures(_records(event)))


def _promised(here: World, record: dict[str, Any]) -> frozenset[Timer]:
    """What the row promises that it did not promise before."""
    images = (record["dynamodb"].get(name) for name in ("NewImage", "OldImage"))
    try:
        after, before = (timers.of(Row.from_raw_data(raw) if raw else None) for raw in images)
    except UNREADABLE:
        if _kind(record) not in SHOWN_TO_DISPATCH:  # those are put aside when they are looked at
            _to_redo(here, record)
        return frozenset()
    return after - before


def _kind(record: dict[str, Any]) -> str | None:
    kind: str | None = record["dynamodb"].get("NewImage", {}).get("cls", {}).get("S")
    return kind


def _replaced_pictures(records: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """By contact, the pictures that their profile's row had and has no longer."""
    found: dict[str, set[str]] = {}
    for record in records:
        keys = record["dynamodb"]["Keys"]
        if keys["sk"]["S"] == PROFILE_SK:
            had, has = (_pictures(record, image) for image in ("OldImage", "NewImage"))
            chat_id = keys["pk"]["S"].removeprefix("CHAT#")
            found[chat_id] = found.get(chat_id, set()) | (had - has)
    return {chat_id: replaced for chat_id, replaced in found.items() if replaced}


def _pictures(record: dict[str, Any], image: str) -> set[str]:
    raw = record["dynamodb"].get(image)
    row = Row.from_raw_data(raw) if raw else None
    return pictures_in(to_profile(row)) if isinstance(row, ProfileRow) else set()


def publish(event: Any) -> None:
    """Tell open screens. Raises, so that the whole batch comes again."""
    here = world()
    changes: list[publishing.Told] = []
    for record in _records(event):
        after = _shown(here, record, "NewImage")
        if after is None:  # a name that is no more
            after = _shown(here, record, "OldImage")
            if isinstance(after, DirectoryChanged | BellChanged):
                changes.append(after)
            elif isinstance(after, ChannelChanged):
                changes.append(DirectoryChanged("people"))  # `/me` has the accounts
        elif isinstance(after, ChannelChanged | DirectoryChanged | BellChanged):
            changes.append(after)
        elif isinstance(after, Decision):
            if "OldImage" not in record["dynamodb"] and _to_be_heard(here, after):
                changes.append(Rang(after.agent_id, after.decision_id, after.decided_at))
        else:
            before = _shown(here, record, "OldImage")
            if isinstance(after, Chat):
                changes.append(ChatChanged(before if isinstance(before, Chat) else None, after))
            elif isinstance(after, Agent):
                changes.append(AgentChanged(before if isinstance(before, Agent) else None, after))
            elif not isinstance(before, Message) or before.rev != after.rev:  # not just a lease
                changes.append(after)
    if changes:
        publishing.publish(here, changes)


def _to_be_heard(here: World, decision: Decision) -> bool:
    """NOTIF-1: a sound is for what is new."""
    return decision.sound == "told" and here.now() - decision.decided_at <= FRESH


def _records(event: Any) -> Iterable[dict[str, Any]]:
    records: list[dict[str, Any]] = event.to_dict()["Records"]
    return records


def _shown(
    here: World, record: dict[str, Any], image: str
) -> Chat | Message | Agent | Decision | ChannelChanged | DirectoryChanged | BellChanged | None:
    """What an image says, if it is of something that screens show.

    A row that cannot be read goes to `redo`, and the stream goes on.
    """
    raw = record["dynamodb"].get(image)
    if not raw:
        return None
    try:
        row = Row.from_raw_data(raw)
        if isinstance(row, ChatRow):
            return to_chat(row)
        if isinstance(row, MessageRow):
            return to_message(row)
        if isinstance(row, ChannelRow):
            return ChannelChanged(channels.to_channel(row))
        if isinstance(row, AgentRow):
            return people.to_agent(row)
        if isinstance(row, DepartmentRow):
            return DirectoryChanged("people")
        if isinstance(row, LABELS):
            return DirectoryChanged("labels")
        if isinstance(row, QuickReplyRow):
            return DirectoryChanged("quick_replies")
        if isinstance(row, FlowRow | FlowCategoryRow):
            return DirectoryChanged("flows")
        if isinstance(row, TemplateRow | TemplateSyncRow):
            return DirectoryChanged("templates")
        if isinstance(row, SettingsRow):
            return DirectoryChanged("people")
        if isinstance(row, DecisionRow):
            return alerts.to_decision(row)
        if isinstance(row, BellRow | AlertsRow):
            return BellChanged(row.pk.removeprefix(ALERTS))
    except UNREADABLE:
        _to_redo(here, record)
    return None


def _to_redo(here: World, record: dict[str, Any]) -> None:
    keys = record["dynamodb"]["Keys"]
    logger().exception("a stream record cannot be read")
    here.queues.send(
        here.settings.redo_queue,
        [Entry(json.dumps({"pk": keys["pk"]["S"], "sk": keys["sk"]["S"]}))],
    )


# --- sockets ----------------------------------------------------------------------------------


def connect(event: Any) -> dict[str, Any]:
    """Open the socket for a valid ticket from our own page; refuse it otherwise."""
    raw = event.to_dict()
    ticket = (raw.get("queryStringParameters") or {}).get("ticket", "")
    given = {name.lower(): value for name, value in (raw.get("headers") or {}).items()}
    try:
        sockets.connect(world(), event.connection_id, ticket, given.get("origin", ""))
    except errors.AgentInactive:
        return {"statusCode": 403}
    except errors.Forbidden:
        return {"statusCode": 403}
    except errors.Unauthenticated:
        return {"statusCode": 401}
    return {"statusCode": 200}


def hear(event: Any) -> dict[str, Any]:
    """`hello` and `ping`; anything else is answered by nothing."""
    here = world()
    said = _said(event.body)
    if said.get("action") == "ping":
        if isinstance(said.get("visible"), bool):
            sockets.ping(here, event.connection_id, visible=said["visible"])
        _answer(here, event.connection_id, {"type": "pong"})
    elif said.get("action") == "hello" and _is_hello(said):
        tab, chat_id = said.get("tab"), said.get("chat_id")
        known = sockets.hello(
            here,
            event.connection_id,
            None if tab is None else Tab(tab),
            chat_id,
            page=said.get("page", "chat"),
            visible=said.get("visible", True),
            device=said.get("device", "browser"),
        )
        if known:
            _answer(here, event.connection_id, {"type": "ready", "tab": tab, "chat_id": chat_id})
        else:
            here.realtime.close(event.connection_id)
    return {"statusCode": 200}


def _is_hello(said: dict[str, Any]) -> bool:
    """Whether it is one of `events.Hello`: a page of the chat lists a tab, the others none."""
    tab, chat_id, page = said.get("tab"), said.get("chat_id"), said.get("page", "chat")
    lists = isinstance(tab, str) and tab in TABS and (chat_id is None or _is_id(chat_id))
    return (
        (lists if page == "chat" else tab is None and chat_id is None)
        and page in PAGES
        and said.get("device", "browser") in DEVICES
        and isinstance(said.get("visible", True), bool)
    )


def disconnect(event: Any) -> dict[str, Any]:
    """The socket closed."""
    sockets.disconnect(world(), event.connection_id)
    return {"statusCode": 200}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _said(body: Any) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, TypeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _answer(here: World, connection_id: str, frame: dict[str, Any]) -> None:
    publishing.send(here, {connection_id: [json.dumps(frame)]})
