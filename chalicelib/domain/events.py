"""What a screen is shown: rows, chats, messages, and the live events that change them.

These are the JSON shapes that doors answer and sockets push. Instants are ISO 8601 in UTC with
milliseconds («2026-11-23T14:32:00.000Z»). docs/openapi.json and docs/events.schema.json are
generated from this file.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

TabName = Literal["all", "open", "mine", "in_service"]
OrderName = Literal["newest", "oldest", "opened_newest", "opened_oldest"]
ChannelName = Literal["whatsapp", "instagram", "facebook"]
KindName = Literal[
    "text",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "contacts",
    "choice",
    "order",
    "reaction",
    "template",
    "system",
    "unsupported",
]
StatusName = Literal["queued", "sending", "sent", "delivered", "read", "failed", "unknown"]
SessionName = Literal["none", "open", "expiring", "expired"]
AuthorName = Literal["contact", "agent", "device", "system"]


class ChatRow(TypedDict):
    """A row of the list (ROW-1, ROW-2, ROW-4, ROW-7). Absent facts are null."""

    chat_id: str
    row_rev: int  # the chat revision at which this row last changed
    channel: ChannelName
    account: str  # the business number or page last written to
    name: str
    phone: str | None  # digits, country code first
    username: str | None
    preview: str  # at most 80 characters
    preview_kind: KindName | None
    preview_author: AuthorName | None
    last_activity_at: str | None  # last exchanged message
    opened_at: str | None  # latest opening, null when there never was one
    closed: bool
    agent_id: str | None
    department_id: str | None
    unread: int  # messages of the contact that no agent has seen
    blocked: bool
    tags: list[str]  # ids of stored tags (ROW-6)
    session_ends_at: str | None  # from 30 minutes before, «Expirando»; after, «Expirado» (ROW-3)


class Session(TypedDict):
    """Meta's customer-service window of the account last written to (SES-1, SES-2)."""

    state: SessionName
    ends_at: str | None


class Chat(TypedDict):
    """The open chat: its row, and what the conversation needs beside it."""

    row: ChatRow
    rev: int
    protocol: str | None  # of the open attendance
    session: Session
    unread_from: str | None  # key of the oldest unread message
    profile_rev: int  # grows when what the contact panel shows has changed: fetch it anew


class Failure(TypedDict):
    """Why a message failed: the provider's code and words (CHAT-5)."""

    code: int
    title: str
    details: str | None


LineName = Literal[
    "took",  # the first who answered holds it (ROUTE-4, ROUTE-5)
    "assigned_to_agent",
    "assigned_to_department",
    "closed",
    "blocked",
    "unblocked",
]


class SystemLine(TypedDict):
    """What happened to the chat, who did it, and to whom or what (CHAT-3). Agents only.

    Names are those of the moment. `by` is null when nobody did it by hand.
    """

    code: LineName
    by: str | None  # agent id
    by_name: str | None
    subject: str | None  # agent or department id, or the protocol that was closed
    subject_name: str | None


class Message(TypedDict):
    """One balloon (CHAT-1). `key` orders the messages of a chat and names this one."""

    key: str
    rev: int  # the chat revision at which this message last changed
    kind: KindName
    raw_kind: str | None  # the provider's own word, when kind is unsupported
    author: AuthorName
    agent_id: str | None
    author_name: str | None
    text: str
    at: str  # the provider's time, or when it was written here
    status: StatusName | None  # of what we sent; null for what came in
    failure: Failure | None
    retry_of: str | None  # key of the failed message that this one repeats
    retried_by: str | None
    client_key: str | None
    line: SystemLine | None  # of a system line; text is then empty


class ListPage(TypedDict):
    """A page of a list. `cursor` is null on the last page (SORT-4)."""

    chats: list[ChatRow]
    cursor: str | None


class Counts(TypedDict):
    """Chats per tab that the viewer has; 100 stands for «99+» (TAB-8). Absent tab = not theirs."""

    counts: dict[TabName, int]


class MessagePage(TypedDict):
    """Messages oldest first. `before` / `after` page on, null where there is no more."""

    messages: list[Message]
    before: str | None
    after: str | None


class OpenedChat(TypedDict):
    """What entering a chat loads: the chat and its newest messages."""

    chat: Chat
    page: MessagePage


class SearchHit(TypedDict):
    """A chat found by name, phone or protocol (FIND-1)."""

    row: ChatRow
    matched: Literal["name", "phone", "protocol"]
    protocol: str | None  # the number that was found


class SearchPage(TypedDict):
    """What was found; `more`: there is more than what is listed, the words are too few."""

    hits: list[SearchHit]
    more: bool


class Tag(TypedDict):
    """A stored tag (INFO-5)."""

    tag_id: str
    name: str
    color: str  # one of domain/labels.COLORS


FieldKind = Literal[
    "text", "long_text", "number", "yes_no", "date", "choice", "choices", "phone", "email", "url",
    "image",
]  # fmt: skip
AskedAtClosing = Literal["no", "optional", "required"]
FieldValue = str | bool | list[str]
"""Numbers as decimal text, dates as «2026-11-24», choices as lists, images as file keys."""


class Field(TypedDict):
    """A custom field of contacts. `slug` is fixed at creation: `{slug}` is its variable."""

    field_id: str
    slug: str
    name: str
    kind: FieldKind
    options: list[str]  # of choice and choices
    at_closing: AskedAtClosing  # CLOSE-6
    active: bool


class Note(TypedDict):
    """An internal note about the contact (INFO-4)."""

    note_id: str
    text: str
    date: str | None  # «2026-11-24», in the agency's zone
    to_agent_id: str | None
    by: str
    by_name: str
    created_at: str
    edited_at: str | None


class SystemFields(TypedDict):
    """INFO-2. CPF as eleven digits, date as «1990-12-31»; null has no value.

    `cpf` and `rg` are masked («•••.•••.•••-09») without the contacts permission.
    """

    birth_date: str | None
    cpf: str | None
    rg: str | None
    customer_code: str | None
    email: str | None


class Contact(TypedDict):
    """What the contact panel shows of the person (INFO)."""

    chat_id: str
    name: str
    given_name: str | None  # as the app's profile has it now
    phone: str | None
    username: str | None
    channel: ChannelName
    account: str
    system: SystemFields
    masked: bool  # CPF and RG are masked, and cannot be edited by this viewer
    fields: dict[str, FieldValue]  # by field id
    broadcasts: bool  # INFO-3
    notes: list[Note] | None  # newest first; null without the permission
    profile_rev: int


class AttendanceView(TypedDict):
    """One attendance of a chat (CLOSE-7)."""

    protocol: str
    chat_id: str
    contact_name: str
    opened_at: str
    opened_by: str | None  # agent id; null: the contact's message
    closed_at: str | None
    closed_by: str | None  # agent id, or «merge»
    agent_ids: list[str]
    department_ids: list[str]
    farewell: str | None
    fields: list[ClosingValue]


class ClosingValue(TypedDict):
    """A field's value as it was when the attendance closed; its name as it was called then."""

    field_id: str
    name: str
    value: FieldValue | None


class AttendancePage(TypedDict):
    """Attendances, newest first."""

    attendances: list[AttendanceView]
    cursor: str | None


class Closed(TypedDict):
    """The chat after closing, and what became of the farewell (CLOSE-4)."""

    chat: Chat
    farewell: Literal["none", "queued", "session_closed", "contact_blocked"]


class AgentName(TypedDict):
    """An agent as other agents see them."""

    agent_id: str
    name: str
    active: bool


class Department(TypedDict):
    """A department as its name shows it."""

    department_id: str
    name: str
    active: bool


class Channel(TypedDict):
    """A channel account, and what is wrong with it (INB-10): null when nothing is."""

    channel: ChannelName
    account: str
    display: str
    problem: Literal["token_invalid", "restricted", "billing", "permission", "disabled"] | None


class AgentSelf(TypedDict):
    """The viewer."""

    agent_id: str
    name: str
    email: str
    permissions: list[str]
    department_ids: list[str]


class Agency(TypedDict):
    """Whose desk it is."""

    name: str
    time_zone: str  # IANA name


class Me(TypedDict):
    """Who is looking, and the names behind the ids that rows and messages carry."""

    agent: AgentSelf
    tabs: list[TabName]
    agency: Agency
    agents: list[AgentName]
    departments: list[Department]
    channels: list[Channel]
    tags: list[Tag]
    fields: list[Field]
    server_now: str


class Sent(TypedDict):
    """The message as it was queued, and the chat revision it made."""

    message: Message
    rev: int


class ReadMark(TypedDict):
    """What is left unread after marking."""

    unread: int
    rev: int


class Ticket(TypedDict):
    """A single-use ticket for the socket at `url`: `url?ticket=...`, before `expires_at`."""

    ticket: str
    url: str
    expires_at: str


# --- live -------------------------------------------------------------------------------------


class RowEvent(TypedDict):
    """A row that this viewer's list shows, or showed, changed. `row` null: no longer theirs."""

    type: Literal["row"]
    chat_id: str
    row_rev: int
    tabs: list[TabName]  # the viewer's tabs that hold it now
    row: ChatRow | None


class CountsEvent(TypedDict):
    """A chat entered or left some of the viewer's tabs (TAB-8)."""

    type: Literal["counts"]
    chat_id: str
    row_rev: int
    before: list[TabName]
    after: list[TabName]


class ChatEvent(TypedDict):
    """The open chat reached revision `rev`, and `touched` names the messages it changed."""

    type: Literal["chat"]
    chat_id: str
    rev: int
    touched: list[str]
    chat: Chat | None  # null: no longer readable by this viewer


class MessageEvent(TypedDict):
    """A message of the open chat is new or changed: an upsert when its `rev` is newer."""

    type: Literal["message"]
    chat_id: str
    message: Message


class ChannelEvent(TypedDict):
    """A channel's health changed (INB-10)."""

    type: Literal["channel"]
    channel: Channel


class RefetchEvent(TypedDict):
    """Too much changed for one frame: fetch the list, or only this chat."""

    type: Literal["refetch"]
    chat_id: str | None


Event = RowEvent | CountsEvent | ChatEvent | MessageEvent | ChannelEvent | RefetchEvent


class EventsFrame(TypedDict):
    """What a socket carries; frames stay under 32 KB."""

    type: Literal["events"]
    events: list[Event]


class ReadyFrame(TypedDict):
    """The answer to `hello`: events of this tab and chat follow; now fetch."""

    type: Literal["ready"]
    tab: TabName
    chat_id: str | None


class PongFrame(TypedDict):
    """The answer to `ping`."""

    type: Literal["pong"]


Frame = EventsFrame | ReadyFrame | PongFrame


class Hello(TypedDict):
    """What the browser says first, and again at each change of tab or chat."""

    action: Literal["hello"]
    tab: TabName
    chat_id: str | None


class Ping(TypedDict):
    """Every four minutes, since the gateway cuts a socket idle for ten."""

    action: Literal["ping"]
