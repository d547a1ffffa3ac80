"""Every row of the table `Desk`, with its keys, and of the small table `Connections`.

Keys are made here and nowhere else. Rows are subclasses of one model, so that they share one
client: https://github.com/pynamodb/PynamoDB opens one for each model class otherwise.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    DiscriminatorAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

if TYPE_CHECKING:
    from datetime import datetime

READ_TIMEOUT_SECONDS = 3
CONNECT_TIMEOUT_SECONDS = 2

DISCRIMINATOR = "cls"

# What the activity indexes carry beside their keys: what a row shows, and not `rev` or ticks, so
# that a status rewrites no index. AWS allows 20 a index and 100 in all.
ROW_ATTRIBUTES = [
    DISCRIMINATOR,
    "placement",
    "row_rev",
    "channel",
    "account",
    "name",
    "phone",
    "username",
    "preview",
    "preview_kind",
    "preview_author",
    "opening",
    "held_by",
    "queue",
    "unread",
    "blocked",
    "tags",
    "campaigns",
    "session_ms",
    "waiting_ms",
]


def _index(name: str, hash_key: str, range_key: str, carried: list[str] | None) -> Any:
    """An index on two string attributes, sparse as every index of the desk."""

    class Meta:
        index_name = name
        projection = KeysOnlyProjection() if carried is None else IncludeProjection(carried)

    return type(
        name,
        (GlobalSecondaryIndex,),
        {
            "Meta": Meta,
            hash_key: UnicodeAttribute(hash_key=True),
            range_key: UnicodeAttribute(range_key=True),
        },
    )()


class Row(Model):
    """Any row of `Desk`. `cls` tells which."""

    class Meta:
        table_name = "bound-by-the-world"
        region: str | None = None
        host: str | None = None
        read_timeout_seconds = READ_TIMEOUT_SECONDS
        connect_timeout_seconds = CONNECT_TIMEOUT_SECONDS
        max_pool_connections = 32

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    cls = DiscriminatorAttribute(attr_name=DISCRIMINATOR)
    feed = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)
    placement = UnicodeAttribute(null=True)
    opening = UnicodeAttribute(null=True)
    held_by = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    # What must still be done about the row, in words; only such rows have it, and the stream's
    # filter asks for it: Lambda takes five filters at most, so that this one serves all.
    to_do = UnicodeAttribute(null=True)
    # Rows that promise something: what kind of row, and the first that is due. A sweep finds here
    # what no schedule brought, and pages what is to come.
    due_kind = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)

    by_activity = _index("by_activity", "feed", "activity", ROW_ATTRIBUTES)
    by_opening = _index("by_opening", "placement", "opening", [DISCRIMINATOR])
    agent_activity = _index("agent_activity", "held_by", "activity", ROW_ATTRIBUTES)
    agent_opening = _index("agent_opening", "held_by", "opening", [DISCRIMINATOR])
    queue_activity = _index("queue_activity", "queue", "activity", ROW_ATTRIBUTES)
    queue_opening = _index("queue_opening", "queue", "opening", [DISCRIMINATOR])
    by_provider_id = _index("by_provider_id", "provider_id", "sk", [DISCRIMINATOR])
    by_due = _index("by_due", "due_kind", "due_at", [DISCRIMINATOR])


class ChatRow(Row, discriminator="chat"):
    """`CHAT#id` / `CHAT`: the hot facts, typically under 1 KB."""

    rev = NumberAttribute()
    row_rev = NumberAttribute()
    touched: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    channel = UnicodeAttribute()
    account = UnicodeAttribute()
    portfolio = UnicodeAttribute()
    name = UnicodeAttribute()
    created_ms = NumberAttribute()
    given_name = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)
    username = UnicodeAttribute(null=True)
    learnt: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    preview = UnicodeAttribute(null=True)
    preview_kind = UnicodeAttribute(null=True)
    preview_author = UnicodeAttribute(null=True)
    preview_key = UnicodeAttribute(null=True)
    unread = NumberAttribute(default=0)
    unread_from = UnicodeAttribute(null=True)
    last_inbound = UnicodeAttribute(null=True)
    protocol = UnicodeAttribute(null=True)
    attendance_by = UnicodeAttribute(null=True)
    attendance_agents: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    attendance_departments: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    windows: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    blocked = BooleanAttribute(null=True)
    identities: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    merged_into = UnicodeAttribute(null=True)
    erasing = UnicodeAttribute(null=True)  # «yes»: text, for which the stream's filter can ask
    also: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    tags: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    campaigns: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    session_ms = NumberAttribute(null=True)  # when the session of `account` ends, for lists
    profile_rev = NumberAttribute(null=True)
    meta_block = UnicodeAttribute(null=True)
    meta_block_failure: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    receipt_for = UnicodeAttribute(null=True)
    awaited: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    marketing_stopped = BooleanAttribute(null=True)
    preference_ms = NumberAttribute(null=True)
    session_timer_ms = NumberAttribute(null=True)
    closing: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    flow: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    waiting_ms = NumberAttribute(null=True)  # since when a flow waits for the contact, for lists
    opened_by_template_ms = NumberAttribute(null=True)
    blocked_ms = NumberAttribute(null=True)
    unblocked_ms = NumberAttribute(null=True)
    holding = NumberAttribute(null=True)
    told = UnicodeAttribute(null=True)  # what of this revision agents are told of, in words


class MessageRow(Row, discriminator="message"):
    """`CHAT#id` / `MSG#key`."""

    rev = NumberAttribute()
    version = NumberAttribute()
    kind = UnicodeAttribute()
    author = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    at_ms = NumberAttribute()
    account = UnicodeAttribute()
    raw_kind = UnicodeAttribute(null=True)
    agent_id = UnicodeAttribute(null=True)
    author_name = UnicodeAttribute(null=True)
    quotes = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    failure_code = NumberAttribute(null=True)
    failure_title = UnicodeAttribute(null=True)
    failure_details = UnicodeAttribute(null=True)
    client_key = UnicodeAttribute(null=True)
    retry_of = UnicodeAttribute(null=True)
    retried_by = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    leased_until_ms = NumberAttribute(null=True)
    line: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    farewell_of = UnicodeAttribute(null=True)
    template = UnicodeAttribute(null=True)  # JSON: template.Filled
    files = UnicodeAttribute(null=True)  # JSON: media.File
    details = UnicodeAttribute(null=True)  # JSON: events.Details
    quote = UnicodeAttribute(null=True)  # JSON: message.Quote
    reactions = UnicodeAttribute(null=True)  # JSON: message.Reaction
    internal = BooleanAttribute(null=True)
    source = UnicodeAttribute(null=True)
    forwarded = BooleanAttribute(null=True)
    signature = UnicodeAttribute(null=True)
    wish = UnicodeAttribute(null=True)
    edited_ms = NumberAttribute(null=True)
    deleted_ms = NumberAttribute(null=True)
    doomed: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    failure_subcode = NumberAttribute(null=True)
    unknown_ms = NumberAttribute(null=True)


class ScheduleRow(Row, discriminator="schedule"):
    """`CHAT#id` / `SCHED#<client key>`: a message or a flow that goes out at a time."""

    version = NumberAttribute()
    kind = UnicodeAttribute()
    at_ms = NumberAttribute()  # when it is due
    name = UnicodeAttribute()
    language = UnicodeAttribute(null=True)
    values = UnicodeAttribute(null=True)  # JSON: variable to text
    files = UnicodeAttribute(null=True)  # JSON: media.File
    opens = BooleanAttribute(null=True)
    flow_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    lacks: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    look_ms = NumberAttribute(null=True)
    done_ms = NumberAttribute(null=True)
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    created_ms = NumberAttribute()
    wish = UnicodeAttribute(null=True)


class AppointmentRow(Row, discriminator="appointment"):
    """`CHAT#id` / `APPT#<client key>`: a date with the contact."""

    version = NumberAttribute()
    title = UnicodeAttribute()
    at_ms = NumberAttribute()
    agent_id = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    by_name = UnicodeAttribute(null=True)
    created_ms = NumberAttribute()
    reminded = BooleanAttribute(null=True)


class BellRow(Row, discriminator="bell"):
    """`AGENT#id` / `BELL#<ms>-<digest>`: what an agent is told of (NOTIF-2)."""

    kind = UnicodeAttribute()
    chat_id = UnicodeAttribute()
    subject = UnicodeAttribute()
    text = UnicodeAttribute(null=True)  # of notes and appointments; a message has its own
    at_ms = NumberAttribute()
    department_id = UnicodeAttribute(null=True)
    removed = BooleanAttribute(null=True)  # and goes in an hour, unless it is brought back


class DecisionRow(Row, discriminator="decision"):
    """`AGENT#id` / `WHY#<ms>-<digest>`: what an agent was told of, and why (NOTIF-7)."""

    kind = UnicodeAttribute()
    chat_id = UnicodeAttribute()
    subject = UnicodeAttribute()
    at_ms = NumberAttribute()
    decided_ms = NumberAttribute()
    department_id = UnicodeAttribute(null=True)
    bell = UnicodeAttribute()
    sound = UnicodeAttribute()
    push = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    sent_to = UnicodeSetAttribute(null=True)  # devices


class PushedRow(Row, discriminator="pushed"):
    """`AGENT#id` / `PUSHED#<chat>`: the last push about a contact (NOTIF-4)."""

    chat_id = UnicodeAttribute()
    holding = NumberAttribute()
    subject = UnicodeAttribute()
    answered = BooleanAttribute(null=True)
    version = NumberAttribute()


class AlertsRow(Row, discriminator="alerts"):
    """`AGENT#id` / `ALERTS`: an agent's sound, what they have seen of the bell, their devices."""

    muted = BooleanAttribute(null=True)
    seen = UnicodeAttribute(null=True)  # the newest entry of the bell that they looked at
    devices = UnicodeAttribute(null=True)  # JSON: domain.push.Device
    version = NumberAttribute()


class DeviceRow(Row, discriminator="device"):
    """`DEVICE#<id>`, both keys: whose device takes pushes; one browser, one agent."""

    agent_id = UnicodeAttribute()


class MarkRow(Row, discriminator="mark"):
    """`CHAT#id` / `MARK#<hash of the message's provider id>#<what>#<author>`: a mark that came

    before its message; kept in words of `inbound.Mark` until that comes (INB-4).
    """

    what = UnicodeAttribute()
    target = UnicodeAttribute()
    at_ms = NumberAttribute()
    echo = BooleanAttribute(null=True)
    emoji = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)


class AttendanceRow(Row, discriminator="attendance"):
    """`CHAT#id` / `ATT#<protocol, zero-padded>`."""

    protocol = UnicodeAttribute()
    opened_ms = NumberAttribute()
    opened_by = UnicodeAttribute(null=True)
    agent_ids: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    department_ids: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    closed_ms = NumberAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    farewell = UnicodeAttribute(null=True)
    farewell_fate = UnicodeAttribute(null=True)  # what became of it: events.Closed
    farewell_lacks: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    values = UnicodeAttribute(null=True)  # JSON: events.ClosingValue, as they were at closing


class ClosingRow(Row, discriminator="closing"):
    """`CHAT#id` / `CLOSING#<protocol>`: what a scheduled closing closes with."""

    farewell = UnicodeAttribute(null=True)
    fields = UnicodeAttribute(null=True)  # JSON: field id to value


class IdentityRow(Row, discriminator="identity"):
    """`IDENT#channel#account#kind#value`, both keys: to whose chat an id leads."""

    chat_id = UnicodeAttribute()


class MemberRow(Row, discriminator="member"):
    """A chat under a word of its name, its phone, a protocol, a tag: `stores/members` has the keys.

    `WORD#<letter>` / `<word>#<chat>`, `PHONE#<last 4>` / `<digits reversed>#<chat>`,
    `PROTO#<number>` / same, `TAG#<tag>`, `CAMPAIGN#<campaign>`, `VALUE#<field>` / `CHAT#<chat>`,
    `CONTACT` and `BLOCKED` / `<created ms>#<chat>`.
    """

    chat_id = UnicodeAttribute()
    opened_ms = NumberAttribute(null=True)  # of a protocol


class ProfileRow(Row, discriminator="profile"):
    """`CHAT#id` / `PROFILE`: what the panel edits. `values` is JSON."""

    version = NumberAttribute()
    system: MapAttribute[Any, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    values = UnicodeAttribute(null=True)  # JSON: field id to value
    broadcasts = BooleanAttribute(null=True)
    session_farewell = UnicodeAttribute(null=True)


class FlowRunRow(Row, discriminator="flow_run"):
    """`CHAT#id` / `FLOW`: what a flow that waits remembers; its place is on the chat's row."""

    run = UnicodeAttribute()
    answer = UnicodeAttribute(null=True)


class FlowRow(Row, discriminator="flow"):
    """`FLOW` / id: a flow as lists have it."""

    name = UnicodeAttribute()
    category_id = UnicodeAttribute(null=True)
    published = NumberAttribute(null=True)  # the version that runs
    changed = BooleanAttribute(null=True)
    faults = NumberAttribute(null=True)
    nodes = NumberAttribute(null=True)
    updated_ms = NumberAttribute()
    updated_by = UnicodeAttribute(null=True)
    version = NumberAttribute()


class FlowDocumentRow(Row, discriminator="flow_document"):
    """`FLOW#<id>` / `DRAFT`, or a version's number: docs/flow.schema.json. At most 256 KB."""

    document = UnicodeAttribute()  # JSON


class FlowCategoryRow(Row, discriminator="flow_category"):
    """`FLOW_CATEGORY` / id: a folder of flows."""

    name = UnicodeAttribute()


class BusinessHoursRow(Row, discriminator="business_hours"):
    """`BUSINESS_HOURS` / same."""

    hours = UnicodeAttribute()  # JSON: api.requests.SaveBusinessHours
    version = NumberAttribute()


class HookRow(Row, discriminator="hook"):
    """`HOOK` / id: an incoming webhook."""

    name = UnicodeAttribute()
    production = BooleanAttribute(null=True)
    account = UnicodeAttribute(null=True)
    foreign = BooleanAttribute(null=True)
    event_path = UnicodeAttribute(null=True)
    mapping = UnicodeAttribute()  # JSON: pairs of path and field
    flow_id = UnicodeAttribute(null=True)
    updated_by = UnicodeAttribute(null=True)
    version = NumberAttribute()


class HookCallRow(Row, discriminator="hook_call"):
    """`HOOK#<id>` / `CALL#<ms>-<name>`: what arrived, for some days."""

    test = BooleanAttribute(null=True)
    outcome = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    skipped: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    body = UnicodeAttribute(null=True)


class HookEventRow(Row, discriminator="hook_event"):
    """`HOOK#<id>` / `EVENT#<digest>`: an event that was acted on; `expires_at` ends its meaning."""


class NoteRow(Row, discriminator="note"):
    """`CHAT#id` / `NOTE#<client key>`."""

    version = NumberAttribute()
    text = UnicodeAttribute()
    date = UnicodeAttribute(null=True)
    to_agent_id = UnicodeAttribute(null=True)
    by = UnicodeAttribute()
    by_name = UnicodeAttribute()
    created_ms = NumberAttribute()
    edited_ms = NumberAttribute(null=True)
    remind_ms = NumberAttribute(null=True)


class TagRow(Row, discriminator="tag"):
    """`TAG` / id."""

    name = UnicodeAttribute()
    color = UnicodeAttribute()


class FieldRow(Row, discriminator="field"):
    """`FIELD` / id: a custom field."""

    slug = UnicodeAttribute()
    name = UnicodeAttribute()
    kind = UnicodeAttribute()
    options: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, default=list)
    at_closing = UnicodeAttribute()
    active = BooleanAttribute()


class CampaignRow(Row, discriminator="campaign"):
    """`CAMPAIGN` / id."""

    name = UnicodeAttribute()


class SettingsRow(Row, discriminator="settings"):
    """`SETTINGS` / same: the general settings. An absent one stands at its default."""

    read_receipts = BooleanAttribute(null=True)
    audio_confirmation = BooleanAttribute(null=True)
    name_prefix = BooleanAttribute(null=True)
    human_agent = BooleanAttribute(null=True)
    chatbot = BooleanAttribute(null=True)
    main_flow_id = UnicodeAttribute(null=True)
    closing_flow_id = UnicodeAttribute(null=True)
    auto_close = BooleanAttribute(null=True)
    session_farewell = UnicodeAttribute(null=True)
    chatbot_since = UnicodeAttribute(null=True)


class AuditRow(Row, discriminator="audit"):
    """`AUDIT#<yyyy-mm>` / `<ms>-<id>`: who did what to whom, and never with what was written."""

    what = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    by_name = UnicodeAttribute(null=True)
    subject = UnicodeAttribute(null=True)
    details = UnicodeAttribute(null=True)  # JSON


class CounterRow(Row, discriminator="counter"):
    """`COUNTER` / name: numbers drawn by a plain atomic ADD; gaps are fine."""

    value = NumberAttribute()


class AgentRow(Row, discriminator="agent"):
    """`AGENT` / id: a user of the desk."""

    name = UnicodeAttribute()
    email = UnicodeAttribute()
    active = BooleanAttribute()
    permissions = UnicodeSetAttribute(null=True)
    department_ids = UnicodeSetAttribute(null=True)
    farewell = UnicodeAttribute(null=True)
    picture = UnicodeAttribute(null=True)  # a file key
    version = NumberAttribute(null=True)


class DepartmentRow(Row, discriminator="department"):
    """`DEPARTMENT` / id."""

    name = UnicodeAttribute()
    active = BooleanAttribute()
    to_last_agent = BooleanAttribute(null=True)


class NameRow(Row, discriminator="name"):
    """`NAME#<kind>` / the name without case and accents: whose it is, so that no two have it."""

    subject = UnicodeAttribute()


class ChannelRow(Row, discriminator="channel"):
    """`CHANNEL` / channel#account. Its secrets are in the parameter store."""

    channel = UnicodeAttribute()
    account = UnicodeAttribute()
    display = UnicodeAttribute()
    portfolio = UnicodeAttribute()
    problem = UnicodeAttribute(null=True)
    page = UnicodeAttribute(null=True)  # of Instagram through a linked page: that page
    inactive = BooleanAttribute(null=True)  # switched off: nothing goes out
    human_agent = BooleanAttribute(null=True)
    verified_name = UnicodeAttribute(null=True)
    quality = UnicodeAttribute(null=True)
    throughput = UnicodeAttribute(null=True)
    checked_ms = NumberAttribute(null=True)
    told_ms = NumberAttribute(null=True)  # of the newest notice of its health
    version = NumberAttribute(null=True)


class ChannelHeardRow(Row, discriminator="channel_heard"):
    """`CHANNEL_HEARD` / channel#account: when its last webhook came, to the minute."""

    at_ms = NumberAttribute()


class TemplateRow(Row, discriminator="template"):
    """`TEMPLATE` / portfolio#name#language: a template as Meta last told of it."""

    template_id = UnicodeAttribute()
    portfolio = UnicodeAttribute()
    name = UnicodeAttribute()
    language = UnicodeAttribute()
    status = UnicodeAttribute()
    definition = UnicodeAttribute()  # JSON, as Meta told it
    reason = UnicodeAttribute(null=True)
    quality = UnicodeAttribute(null=True)
    told_ms = NumberAttribute()  # of the newest news of it
    bindings = UnicodeAttribute(null=True)  # JSON: variable to text


class TemplateSyncRow(Row, discriminator="template_sync"):
    """`TEMPLATE_SYNC` / portfolio: how the last synchronisation went."""

    at_ms = NumberAttribute()
    problem = UnicodeAttribute(null=True)


class QuickReplyRow(Row, discriminator="quick_reply"):
    """`QUICK_REPLY` / id."""

    name = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    file = UnicodeAttribute(null=True)  # JSON: key, name, mime_type, size
    version = NumberAttribute()


class DraftRow(Row, discriminator="draft"):
    """`DRAFT#<agent id>` / chat id: what an agent typed and did not send."""

    text = UnicodeAttribute()
    internal = BooleanAttribute(null=True)
    quotes = UnicodeAttribute(null=True)
    at_ms = NumberAttribute()


class Connection(Model):
    """`Connections`: `LIVE` / connection id for sockets, `TICKET` / ticket for those to come."""

    class Meta:
        table_name = "bound-by-the-world"
        region: str | None = None
        host: str | None = None
        read_timeout_seconds = READ_TIMEOUT_SECONDS
        connect_timeout_seconds = CONNECT_TIMEOUT_SECONDS

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    agent_id = UnicodeAttribute()
    agent_version = NumberAttribute(null=True)  # the agent's row that publish must know
    expires_at = NumberAttribute()
    ready = BooleanAttribute(null=True)
    tab = UnicodeAttribute(null=True)
    chat_id = UnicodeAttribute(null=True)
    page = UnicodeAttribute(null=True)
    visible = BooleanAttribute(null=True)
    device = UnicodeAttribute(null=True)
    seen_ms = NumberAttribute(null=True)  # when it last said that it is there
    failures = NumberAttribute(null=True)


def bind(
    desk: str, connections: str, *, region: str | None = None, host: str | None = None
) -> None:
    """Point the models at this stack's tables. Clients open at the first call, not here."""
    for model, name in ((Row, desk), (Connection, connections)):
        if (model.Meta.table_name, model.Meta.host) != (name, host):
            for bound in (model, *model.__subclasses__()):
                bound._connection = None
        model.Meta.table_name = name
        model.Meta.region = region
        model.Meta.host = host


def chat_pk(chat_id: str) -> str:
    """The partition of everything that belongs to one chat."""
    return f"CHAT#{chat_id}"


CHAT_SK = "CHAT"


def message_sk(key: str) -> str:
    """A message's place in its chat's partition."""
    return f"MSG#{key}"


def attendance_sk(protocol: str) -> str:
    """An attendance's place in its chat's partition."""
    return f"ATT#{protocol:0>12}"  # so that they sort as numbers


def closing_sk(protocol: str) -> str:
    """The place of what an attendance's scheduled closing closes with."""
    return f"CLOSING#{protocol}"


def flow_pk(flow_id: str) -> str:
    """The documents of one flow."""
    return f"FLOW#{flow_id}"


def flow_version_sk(number: int) -> str:
    """The place of a published version."""
    return f"{number:06d}"


def hook_pk(webhook_id: str) -> str:
    """What came to one webhook."""
    return f"HOOK#{webhook_id}"


def mark_sk(target: str, what: str, author: str) -> str:
    """A mark's place in its chat's partition: the last of each kind and side stands."""
    return f"MARK#{sha256(target.encode()).hexdigest()[:16]}#{what}#{author}"


def draft_pk(agent_id: str) -> str:
    """The drafts of one agent."""
    return f"DRAFT#{agent_id}"


def note_sk(note_id: str) -> str:
    """A note's place in its chat's partition."""
    return f"NOTE#{note_id}"


def schedule_sk(schedule_id: str) -> str:
    """A schedule's place in its chat's partition."""
    return f"SCHED#{schedule_id}"


def appointment_sk(appointment_id: str) -> str:
    """An appointment's place in its chat's partition."""
    return f"APPT#{appointment_id}"


def alerts_pk(agent_id: str) -> str:
    """What one agent is told of, and how."""
    return f"AGENT#{agent_id}"


def bell_sk(bell_id: str) -> str:
    """An entry of the bell."""
    return f"BELL#{bell_id}"


def decision_sk(decision_id: str) -> str:
    """Why an agent was told of something, or not."""
    return f"WHY#{decision_id}"


def pushed_sk(chat_id: str) -> str:
    """The last push about a contact."""
    return f"PUSHED#{chat_id}"


def device_pk(device_id: str) -> str:
    """A device that takes pushes, both keys."""
    return f"DEVICE#{device_id}"


ALERTS_SK = "ALERTS"


def audit_pk(at: datetime) -> str:
    """The month in which something was done."""
    return f"AUDIT#{at:%Y-%m}"


def name_pk(kind: str) -> str:
    """The names that are taken among one kind of things."""
    return f"NAME#{kind}"


def identity_pk(identity: str) -> str:
    """The row that leads from an id to a chat."""
    return f"IDENT#{identity}"


PROFILE_SK = "PROFILE"
FLOW_SK = "FLOW"
FLOWS = "FLOW"
HOOKS = "HOOK"
FLOW_DRAFT = "DRAFT"
FLOW_CATEGORIES = "FLOW_CATEGORY"
BUSINESS_HOURS = "BUSINESS_HOURS"
AGENTS = "AGENT"
TAGS = "TAG"
FIELDS = "FIELD"
CAMPAIGNS = "CAMPAIGN"
SETTINGS = "SETTINGS"
DEPARTMENTS = "DEPARTMENT"
CHANNELS = "CHANNEL"
CHANNELS_HEARD = "CHANNEL_HEARD"
TEMPLATES = "TEMPLATE"
TEMPLATE_SYNCS = "TEMPLATE_SYNC"
QUICK_REPLIES = "QUICK_REPLY"
COUNTERS = "COUNTER"
PROTOCOL_COUNTER = "PROTOCOL"
LIVE = "LIVE"
TICKET = "TICKET"
