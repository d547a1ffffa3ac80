"""What a screen is shown: rows, chats, messages, and the live events that change them.

These are the JSON shapes that doors answer and sockets push. Instants are ISO 8601 in UTC with
milliseconds («2026-11-23T14:32:00.000Z»). docs/openapi.json and docs/events.schema.json are
generated from this file.
"""

from __future__ import annotations

from typing import Literal, NotRequired

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
    "story_mention",
    "share",
    "referral",
    "template",
    "menu",
    "system",
    "unsupported",
]
FileKind = Literal["image", "audio", "video", "document", "sticker"]
FileState = Literal["pending", "ready", "linked", "failed", "expired"]
FileReason = Literal["too_large", "mismatch", "gone", "unreachable", "refused", "unreadable"]
StatusName = Literal["queued", "sending", "sent", "delivered", "read", "failed", "unknown"]
SessionName = Literal["none", "open", "expiring", "expired"]
AuthorName = Literal["contact", "agent", "device", "system"]
PreviewAuthorName = Literal["contact", "agent", "device", "system", "flow"]
SourceName = Literal["flow", "schedule", "session"]
OccasionName = Literal["message", "assignment"]
BellKind = Literal["message", "assignment", "note", "appointment"]
PageName = Literal["chat", "other"]
DeviceName = Literal["browser", "pwa"]
Reason = Literal[
    "told",
    "chat_page_open",
    "chat_page_visible",
    "no_page_open",
    "muted",
    "not_a_message",
    "agent_has_it",
    "no_device",
    "pwa_visible",
    "pushed_already",
]
PushOutcome = Literal["sent", "withdrawn", "no_device", "failed"]


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
    preview_author: PreviewAuthorName | None
    last_activity_at: str | None  # last exchanged message
    opened_at: str | None  # latest opening, null when there never was one
    closed: bool
    agent_id: str | None
    department_id: str | None
    unread: int  # messages of the contact that no agent has seen
    blocked: bool
    tags: list[str]  # ids of stored tags (ROW-6)
    campaigns: list[str]  # ids of every campaign the contact received (FILT-1)
    session_ends_at: str | None  # from 30 minutes before, «Expirando»; after, «Expirado» (ROW-3)
    waiting_since: str | None  # since when a flow waits for the contact (ROW-5, FLOW-13)


class Session(TypedDict):
    """Meta's customer-service window of the account last written to (SES-1, SES-2)."""

    state: SessionName
    ends_at: str | None
    human_until: str | None  # SEND-14: what a human types may be sent until then; null: it may not


class Failure(TypedDict):
    """Why a message failed: the provider's code and words (CHAT-5)."""

    code: int
    subcode: NotRequired[int]  # Messenger and Instagram tell reasons of one code apart by it
    title: str
    details: str | None


class MetaBlock(TypedDict):
    """The call that tells Meta of a block or its end, while it is not done (BLOCK-1, BLOCK-3)."""

    state: Literal["pending", "failed"]
    failure: Failure | None  # of the last try


class Chat(TypedDict):
    """The open chat: its row, and what the conversation needs beside it."""

    row: ChatRow
    rev: int
    protocol: str | None  # of the open attendance
    session: Session
    unread_from: str | None  # key of the oldest unread message
    profile_rev: int  # grows when what the contact panel shows has changed: fetch it anew
    blockable_until: str | None  # BLOCK-1: 24 hours from the contact's last message, any account
    meta_block: MetaBlock | None  # null: Meta knows what is asked of it
    closing: ScheduledClosing | None  # CLOSE-2: of the open attendance
    opened_by_template: str | None  # SES-1: when a template went to a contact without a session


OnReply = Literal["keep", "cancel"]  # «Caso o usuário responda»: «Não cancelar», «Cancelar»


class ScheduledClosing(TypedDict):
    """CLOSE-2, CLOSE-8: when the open attendance closes by itself, and what a reply does to it."""

    at: str
    on_reply: OnReply
    by: str  # agent id
    by_name: str


LineName = Literal[
    "took",  # the first who answered holds it (ROUTE-4, ROUTE-5)
    "assigned_to_agent",
    "assigned_to_department",
    "closed",
    "blocked",
    "unblocked",
    "number_changed",  # subject_name: the new number, or empty
    "marketing_stopped",  # the contact wants no marketing messages
    "marketing_resumed",
    "control_lost",  # another app owns the thread (subject_name: its id)
    "control_gained",
    "closed_on_time",  # by a scheduled closing; by: who scheduled it
    "closed_with_session",  # SES-4
    "closed_by_flow",
    "closing_scheduled",  # subject: the instant; subject_name: keep or cancel
    "closing_cancelled",  # by null: the contact's reply (CLOSE-2)
    "message_scheduled",  # subject: the instant; subject_name: the template
    "flow_scheduled",  # subject: the instant; subject_name: the flow
    "schedule_changed",  # subject: the new instant; subject_name: the template or flow
    "schedule_removed",  # subject: the instant that it was for; subject_name: the template or flow
    "schedule_restored",
    "schedule_not_sent",  # subject: a ScheduleReason; subject_name: the template or flow
    "session_farewell_not_sent",  # SES-4; subject_name: the variables that were empty
    "send_unknown",  # a send without news for long; subject: the message's key
    "flow_started",  # subject: flow id; subject_name: its name
    "flow_template_gone",  # FLOW-8
    "flow_session_closed",  # SCH-2
    "flow_variable_empty",  # subject_name: the variable
    "flow_loop",  # FLOW-12
    "flow_gone",  # FLOW-12; subject_name: what it named
    "flow_unanswered",  # FLOW-7: tried often enough, or waited long enough
    "appointment_booked",  # subject: the instant; subject_name: the title
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


class File(TypedDict):
    """A file of a message; where it is fetched from is asked for apart (FileAddress)."""

    kind: FileKind
    state: FileState  # linked: not stored, shown from its channel's own address (INB-6)
    reason: FileReason | None  # why it failed
    name: str | None
    mime_type: str | None
    size: int | None  # bytes
    voice: bool  # a recorded voice note
    width: int | None  # of a picture, in pixels
    height: int | None


class Quote(TypedDict):
    """What a message answers, as it read then (CHAT-7)."""

    key: str | None  # null: it is not among what this desk has
    author: AuthorName | None
    author_name: str | None
    kind: KindName | None
    text: str  # at most 200 characters; empty once the quoted message was deleted
    internal: bool
    source: SourceName | None


class Reaction(TypedDict):
    """An emoji on a message. `state` of ours: until Meta has it, and when it refused."""

    author: AuthorName
    agent_id: str | None
    emoji: str
    at: str
    state: Literal["pending", "sent", "failed"] | None
    failure: Failure | None


class Location(TypedDict):
    """A place on the map."""

    latitude: float
    longitude: float
    name: str | None
    address: str | None


class CardPhone(TypedDict):
    """A number of a contact card, as it was written."""

    phone: str
    label: str | None


class Card(TypedDict):
    """A contact card (SEND-6)."""

    name: str
    phones: list[CardPhone]
    emails: list[str]
    company: str | None


class OrderLine(TypedDict):
    """One product of an order. Prices as decimal text."""

    product: str
    quantity: str | None
    price: str | None
    currency: str | None


class Choice(TypedDict):
    """What was chosen of a menu, a template's buttons or a form."""

    title: str
    description: str | None
    payload: str | None


class MenuOption(TypedDict):
    """What may be tapped; `payload` comes back as the choice's (FLOW-4)."""

    payload: str
    title: str
    description: str | None


class Menu(TypedDict):
    """1 to 10 options below the message's text; `button` opens them where they are a list."""

    button: str | None
    options: list[MenuOption]


class Referral(TypedDict):
    """What led the contact to write: an advertisement, a post, a link."""

    source: str | None  # the provider's word: ad, post, SHORTLINK…
    headline: str | None
    body: str | None
    url: str | None  # http or https


class Story(TypedDict):
    """The story that mentions us, or that the contact answers."""

    what: Literal["mention", "reply"]
    url: str | None  # where the channel shows it, for a while


class TemplateParts(TypedDict):
    """A template as it was sent: the texts with their values in place."""

    name: str
    header: str
    body: str
    footer: str
    buttons: list[str]


class Details(TypedDict, total=False):
    """What a message holds beside text and files, by its kind."""

    location: Location
    cards: list[Card]
    order: list[OrderLine]
    choice: Choice
    referral: Referral
    story: Story
    link: str  # of what was shared: http or https
    template: TemplateParts
    menu: Menu


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
    files: list[File]
    details: Details | None
    quote: Quote | None
    reactions: list[Reaction]
    internal: bool  # SEND-7: never leaves the desk
    source: SourceName | None  # what sent it by itself; null: a person, or it came in
    forwarded: bool
    edited_at: str | None
    deleted_at: str | None  # then text, files and details are empty


class FileAddress(TypedDict):
    """Where a browser fetches one file of a message, for some minutes."""

    key: str  # of the message
    index: int  # which of its files
    url: str  # shown in the page, only where its type is safe for that
    thumbnail: str | None
    download: str  # saved under the file's name


class FileAddresses(TypedDict):
    """The addresses of what was asked for and is there; `expires_at` of all of them."""

    files: list[FileAddress]
    expires_at: str


class MessageHit(TypedDict):
    """A message in which the words occur (FIND-2)."""

    key: str
    at: str
    author: AuthorName
    author_name: str | None
    kind: KindName
    text: str  # where the words stand: at most 160 characters
    internal: bool
    source: SourceName | None


class MessageHits(TypedDict):
    """Part of a search in one chat, newest first. What one request looks at is bounded."""

    hits: list[MessageHit]
    cursor: str | None  # null: all of the chat was looked at
    looked_at: int  # messages
    reached_at: str | None  # the time of the oldest message looked at


class Variable(TypedDict):
    """What `{name}` stands for in one chat (INFO-9)."""

    name: str
    kind: Literal["text", "image"]
    label: str | None  # of a custom field
    value: str | None  # null: empty; of an image, its address
    hidden: bool  # it has a value that this viewer may not see, nor send


class Variables(TypedDict):
    """Every variable, in the order in which they are offered."""

    variables: list[Variable]


class Draft(TypedDict):
    """What an agent typed in a chat and did not send."""

    chat_id: str
    text: str
    internal: bool
    quotes: str | None  # key of the message it answers
    at: str  # when it was typed, by the browser's corrected clock


class Drafts(TypedDict):
    """All drafts of the viewer."""

    drafts: list[Draft]


class QuickReply(TypedDict):
    """A quick reply (SEND-9)."""

    quick_reply_id: str
    name: str  # what is typed after «/»
    text: str
    file: QuickReplyFile | None


class QuickReplyFile(TypedDict):
    """The attachment of a quick reply."""

    key: str
    name: str
    mime_type: str
    size: int
    url: str


class QuickReplies(TypedDict):
    """All of them, by name."""

    quick_replies: list[QuickReply]


class ListPage(TypedDict):
    """A page of a list. `cursor` is null on the last page (SORT-4).

    A filtered page may hold fewer rows than asked for, even none, and have a cursor: what one
    request reads is bounded, and the cursor is where it ended.
    """

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


class Lookup(TypedDict):
    """What the deep link finds (NEW-4). `hidden`: known, and not for this viewer to read."""

    found: Literal["none", "readable", "hidden"]
    phone: str  # digits, country code first, «+» before another country's; else as it was asked
    chat_id: str | None  # only of what is readable
    name: str | None


class Tag(TypedDict):
    """A stored tag (INFO-5)."""

    tag_id: str
    name: str
    color: str  # one of domain/labels.COLORS


class Campaign(TypedDict):
    """A campaign, as filters name it (FILT-1)."""

    campaign_id: str
    name: str


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


class Labels(TypedDict):
    """What contacts are marked and described by; fetched anew after a `labels` event."""

    tags: list[Tag]
    fields: list[Field]
    campaigns: list[Campaign]


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
    pictures: dict[str, str]  # by file key: an address to show it from, good for an hour
    tags: list[str]
    blocked: bool
    broadcasts: bool  # INFO-3
    session_farewell: str | None  # SES-4: this contact's closing message; null: the general one
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
    closed_by: str | None  # agent id, or «merge», «session», «flow»
    agent_ids: list[str]
    department_ids: list[str]
    farewell: str | None
    fields: list[ClosingValue]
    pictures: dict[str, str]  # by file key, of the values: an address to show it from


class ClosingValue(TypedDict):
    """A field's value as it was when the attendance closed; its name as it was called then."""

    field_id: str
    name: str
    value: FieldValue | None


class AttendancePage(TypedDict):
    """Attendances, newest first."""

    attendances: list[AttendanceView]
    cursor: str | None


class CsvPage(TypedDict):
    """Part of a file of comma-separated values; the first part has the heading."""

    csv: str
    cursor: str | None


class Changed(TypedDict):
    """The chat as a command left it; null when its maker may not read it any more (TAB-7)."""

    chat: Chat | None


class Done(TypedDict):
    """It is so now; saying it twice is fine."""

    done: bool


class Closed(TypedDict):
    """The chat after closing, and what became of the farewell (CLOSE-4, SEND-3)."""

    chat: Chat | None
    farewell: Literal[
        "none", "queued", "session_closed", "contact_blocked", "variable_empty", "too_long"
    ]
    farewell_lacks: list[str]  # the variables for which it was not sent, without their braces


class Tagged(TypedDict):
    """The stored tags of a contact, in the order in which they were added."""

    tags: list[str]


class Upload(TypedDict):
    """Where the browser sends a file: a form POST of `fields` and then `file` to `url`."""

    url: str
    fields: dict[str, str]
    key: str  # what to save once it is there
    limit: int  # bytes


class ContactSummary(TypedDict):
    """A contact on the contacts page: the record, never a message or preview (PERM-1)."""

    chat_id: str
    name: str
    channel: ChannelName
    account: str
    phone: str | None
    username: str | None
    created_at: str
    blocked: bool  # «Bloqueado?» (BLOCK-2)
    tags: list[str]
    readable: bool  # whether the viewer may open the chat


class ContactPage(TypedDict):
    """Contacts, newest first; of a search, the best ones, without a cursor."""

    contacts: list[ContactSummary]
    cursor: str | None
    more: bool  # a search found more than it lists


class ImportedLine(TypedDict):
    """What became of one line of a list of contacts (ADM-3)."""

    line: int
    outcome: Literal["added", "exists", "repeated", "phone_invalid", "name_empty", "name_too_long"]
    chat_id: str | None


class ImportOutcome(TypedDict):
    """What became of each line."""

    lines: list[ImportedLine]


class ContactExport(TypedDict):
    """Part of everything that is kept of a contact (LGPD): attendances, and then messages."""

    contact: Contact | None  # in the first part
    attendances: list[AttendanceView]
    messages: list[Message]  # none of a chat that the viewer may not read
    cursor: str | None


class Price(TypedDict):
    """What a send is expected to cost, from a dated table."""

    amount: str  # decimal text
    currency: str
    country: str  # ISO 3166, two letters
    since: str  # the day from which the table holds
    read: str  # the day on which its source was read
    source: str  # an address: Meta's own, or who copied its table


TemplateStatus = Literal["approved", "pending", "rejected", "paused", "disabled", "deleted"]
HeaderKind = Literal["none", "text", "image", "video", "document"]


class TemplateButton(TypedDict):
    """A button of a template. `variable`: what it needs filled, or null."""

    kind: str  # Meta's word, in lower case: quick_reply, url, phone_number, copy_code…
    text: str
    variable: str | None


class Template(TypedDict):
    """A template (SEND-2). Texts hold «{{1}}» or «{{name}}»."""

    template_id: str
    name: str
    language: str
    category: Literal["utility", "marketing", "authentication"]
    status: TemplateStatus
    sendable: bool
    unsendable_because: Literal["status", "authentication", "unsupported"] | None
    reason: str | None  # Meta's, of a rejection or a pause
    quality: str | None
    header_kind: HeaderKind
    header: str
    body: str
    footer: str
    buttons: list[TemplateButton]
    variables: list[str]  # «header.1», «body.name», «button.0», «header.file»: each needs a value
    bindings: dict[str, str]  # what a variable is filled with unless something else is typed
    price: Price | None


class Templates(TypedDict):
    """What may be sent from one account."""

    account: str
    templates: list[Template]


class TemplateList(TypedDict):
    """Every template of the agency, as of the last synchronisation with Meta."""

    templates: list[PortfolioTemplate]
    synced_at: str | None
    problem: str | None  # why the last synchronisation failed: an error's code


class PortfolioTemplate(TypedDict):
    """A template, and the WhatsApp Business account that it is of."""

    portfolio: str
    accounts: list[str]
    template: Template


class Started(TypedDict):
    """The chat that «Novo chat» began (NEW-1, NEW-3); null when its maker may not read it."""

    chat_id: str
    chat: Chat | None


class AgentName(TypedDict):
    """An agent as other agents see them."""

    agent_id: str
    name: str
    active: bool
    picture: str | None  # an address to show it from


class Department(TypedDict):
    """A department as its name shows it."""

    department_id: str
    name: str
    active: bool


ProblemName = Literal["token_invalid", "restricted", "billing", "permission", "disabled"]


class Channel(TypedDict):
    """A channel account, and what is wrong with it (INB-10): null when nothing is."""

    channel: ChannelName
    account: str
    display: str
    problem: ProblemName | None


class ChannelDetails(TypedDict):
    """A channel account as the channels page shows it (ADM-1); never a secret (OPS-3)."""

    channel_id: str
    channel: ChannelName
    account: str
    display: str
    portfolio: str
    page: str  # of Instagram through a linked page: that page's id; else empty
    active: bool
    problem: ProblemName | None
    has_token: bool
    has_app_secret: bool
    has_verify_token: bool
    name: str | None  # as Meta has verified it
    quality: str | None  # Meta's word: GREEN, YELLOW, RED
    throughput: str | None
    checked_at: str | None
    last_webhook_at: str | None
    human_agent: bool  # Meta gave the permission Human Agent (SEND-14)
    webhook_url: str  # what to enter at Meta


class ChannelList(TypedDict):
    """Every channel account."""

    channels: list[ChannelDetails]


class ChannelTest(TypedDict):
    """What Meta said when asked about an account with its token."""

    ok: bool
    failure: Failure | None
    channel: ChannelDetails


class FileRule(TypedDict):
    """What a channel takes as one kind of file."""

    kind: FileKind
    types: list[str]  # «image/jpeg»; empty: any
    limit: int  # bytes


class ChannelRules(TypedDict):
    """What may be sent on a channel: the page and the doors ask the same table."""

    text_limit: int
    text_unit: Literal["characters", "bytes"]
    caption_limit: int | None  # null: files have no captions, text goes as a message of its own
    files: list[FileRule]  # the first that fits is what a file is sent as
    voice_types: list[str]  # what a recorded voice note may be, the best first
    templates: bool
    cards: bool  # else a card is sent as text
    replies: bool
    reactions: bool
    signature: str | None  # SEND-10, «{name}» in it; null: no name is put before messages


class DeskSettings(TypedDict):
    """General settings that every agent's page follows."""

    audio_confirmation: bool
    name_prefix: bool
    human_agent: bool
    chatbot_since: str | None  # FLOW-13: null: off. A flow waits still if it began to wait since


class AgentSelf(TypedDict):
    """The viewer."""

    agent_id: str
    name: str
    email: str
    permissions: list[str]
    department_ids: list[str]
    farewell: str  # «Mensagem de encerramento»; empty: none (ADM-4)
    picture: str | None


class User(TypedDict):
    """A user as the users page shows them (ADM-1)."""

    agent_id: str
    name: str
    email: str
    active: bool
    permissions: list[str]
    department_ids: list[str]
    invited: bool  # has not chosen a password yet
    holds: int  # chats assigned to them, 100 stands for more (PERM-3)


class Users(TypedDict):
    """Every user of the agency."""

    users: list[User]


class DepartmentDetails(TypedDict):
    """A department as the departments page shows it (ADM-1)."""

    department_id: str
    name: str
    active: bool
    to_last_agent: bool  # «Abrir para último agente?»
    agents: int  # users of it
    chats: int  # open chats in it, 100 stands for more


class Departments(TypedDict):
    """Every department of the agency."""

    departments: list[DepartmentDetails]


class Settings(TypedDict):
    """General settings."""

    read_receipts: bool  # READ-1: tell the contact that the message was read
    audio_confirmation: bool  # SEND-8 «Mostrar confirmação de envio de áudio»
    name_prefix: bool  # SEND-10
    human_agent: bool  # SEND-14
    chatbot: bool  # FLOW-13: on; without a main flow it is off all the same
    main_flow_id: str | None
    closing_flow_id: str | None  # CLOSE-5
    auto_close: bool  # SES-4 «Fechar atendimento automaticamente ao encerrar a sessão»
    session_farewell: str  # SES-4: sent with ten minutes left; empty: none
    chatbot_since: str | None  # since when it is on, with a main flow; null: off


class SupportCode(TypedDict):
    """CODE-1: the agency's code, and when the next one comes."""

    code: str
    valid_until: str


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
    rules: dict[ChannelName, ChannelRules]
    settings: DeskSettings
    server_now: str


class Sent(TypedDict):
    """What was written, and the chat revision it made.

    Several messages where one wish makes several: pictures, or a file and text (SEND-4).
    """

    messages: list[Message]
    rev: int


class ReadMark(TypedDict):
    """What is left unread after marking."""

    unread: int
    rev: int


class BellEntry(TypedDict):
    """Something that the viewer was told of (NOTIF-2).

    `text` is the message's preview, the note or the appointment's title, at most 80 characters, and
    empty for assignments; `text_kind` the message's kind, null once it is deleted. `department_id`:
    to which department the chat was given; null: to the viewer.
    """

    id: str
    kind: BellKind
    chat_id: str
    name: str
    channel: ChannelName
    text: str
    text_kind: KindName | None
    department_id: str | None
    at: str
    seen: bool


class Notifications(TypedDict):
    """The bell: at most the newest hundred of thirty days, what happened last first.

    `newest` is the entry that came last, up to which all are seen or cleared; null: there is none.
    """

    entries: list[BellEntry]
    newest: str | None
    muted: bool


class Removed(TypedDict):
    """Entries that were removed; for an hour they can be brought back."""

    ids: list[str]


class Told(TypedDict):
    """Whether something was told, and why (not)."""

    told: bool
    because: Reason


class ToldByPush(TypedDict):
    """The same of the phone; `outcome` is what became of it, null while that is not known."""

    told: bool
    because: Reason
    outcome: PushOutcome | None


class Decision(TypedDict):
    """Why the viewer was told of something, or not (NOTIF-7)."""

    id: str
    kind: OccasionName
    chat_id: str
    name: str
    channel: ChannelName
    department_id: str | None
    at: str
    bell: Told
    sound: Told
    push: ToldByPush


class Decisions(TypedDict):
    """A page of them, newest first; those of chats that the viewer may not read are left out."""

    decisions: list[Decision]
    cursor: str | None


class PushDevice(TypedDict):
    """A device of the viewer's that takes pushes."""

    device_id: str
    label: str
    since: str


class PushDevices(TypedDict):
    """The key that browsers subscribe with (VAPID, base64url), and the viewer's devices."""

    public_key: str
    devices: list[PushDevice]


class Device(TypedDict):
    """What a device is called from now on."""

    device_id: str


class Ticket(TypedDict):
    """A single-use ticket for the socket at `url`: `url?ticket=...`, before `expires_at`."""

    ticket: str
    url: str
    expires_at: str


# --- time -------------------------------------------------------------------------------------

ScheduleKind = Literal["message", "flow"]
ScheduleState = Literal["pending", "held", "done", "not_sent", "removed"]
ScheduleReason = Literal[
    "contact_blocked",
    "template_gone",
    "variable_empty",
    "values_invalid",
    "token_invalid",
    "channel_disabled",
    "marketing_stopped",
    "session_closed",
    "flow_gone",
    "chatbot_off",
    "contact_gone",
]


class Schedule(TypedDict):
    """A message or a flow that goes out at a time (SCH)."""

    schedule_id: str
    version: int
    chat_id: str
    contact_name: str
    channel: ChannelName
    kind: ScheduleKind
    due_at: str
    name: str  # of the template, or of the flow
    language: str | None  # of the template
    values: dict[str, str]  # the template's
    opens: bool  # «Abrir atendimento?» (SCH-1)
    flow_id: str | None
    state: ScheduleState  # held: the contact was blocked when it was due (SCH-4)
    reason: ScheduleReason | None  # of what was not sent
    lacks: list[str]  # the variables that were empty
    by: str
    by_name: str
    created_at: str
    done_at: str | None


class Schedules(TypedDict):
    """What is scheduled for one contact, the next first; then what became of the latest others."""

    schedules: list[Schedule]


class SchedulePage(TypedDict):
    """Part of what is scheduled, by when it is due (SCH-6)."""

    schedules: list[Schedule]
    cursor: str | None


class RemovedFlows(TypedDict):
    """«Remover fluxos»: which were removed, for the undo (SCH-3)."""

    schedule_ids: list[str]


class Appointment(TypedDict):
    """A date with a contact (INFO-8)."""

    appointment_id: str
    version: int
    chat_id: str
    contact_name: str
    title: str
    at: str
    agent_id: str | None
    by: str | None  # null: a flow booked it
    by_name: str | None
    created_at: str
    readable: bool  # whether the viewer may open the chat


class Appointments(TypedDict):
    """Those of one contact, or of some days, by time."""

    appointments: list[Appointment]


class OpenHours(TypedDict):
    """From when to when, on one day: «08:00», «18:00»; «24:00» is the day's end."""

    start: str
    end: str


class Holiday(TypedDict):
    """A day on which nobody attends."""

    date: str  # «2026-12-25»
    name: str
    yearly: bool


class BusinessHours(TypedDict):
    """When the agency attends, in its zone: seven days from Monday on; no hours: closed."""

    version: int  # for saving; 0: never said, and always open
    days: list[list[OpenHours]]
    holidays: list[Holiday]
    open_now: bool


# --- flows ------------------------------------------------------------------------------------


class FlowCategory(TypedDict):
    """A folder of flows (FLOW-9)."""

    category_id: str
    name: str


class FlowSummary(TypedDict):
    """A flow as lists and choosers show it."""

    flow_id: str
    name: str
    category_id: str | None
    published: int | None  # the version that runs; null: none yet
    changed: bool  # the draft is not what was published
    faults: int  # of the draft
    nodes: int
    updated_at: str
    updated_by: str | None


class Flows(TypedDict):
    """Every flow and folder, by name."""

    flows: list[FlowSummary]
    categories: list[FlowCategory]
    main_flow_id: str | None
    closing_flow_id: str | None
    chatbot: bool


class FlowFault(TypedDict):
    """What is wrong with a flow, and where: «nodes.menu.options[1].next»."""

    path: str
    reason: str
    name: NotRequired[str]  # what is named, or the limit


class FlowDetails(TypedDict):
    """One flow, with its draft."""

    flow: FlowSummary
    version: int  # of the draft, for saving
    document: dict[str, object]  # docs/flow.schema.json
    faults: list[FlowFault]


class FlowCheck(TypedDict):
    """Whether a document could be published."""

    faults: list[FlowFault]


class FlowFile(TypedDict):
    """A file for a flow's node, as its JSON names it."""

    key: str
    name: str
    mime_type: str
    size: int


class HookMapping(TypedDict):
    """From where in the JSON, «cliente.telefone» or «itens.0.nome», into which field."""

    path: str
    field: str  # «nome», «telefone», a system field's variable or a custom slug (INFO-9)


# `saved`: no flow is chosen, or it could not begin; the values are kept all the same.
HookOutcome = Literal["test", "fired", "saved", "repeated", "refused"]
HookReason = Literal[
    "json_invalid",
    "phone_missing",
    "phone_invalid",
    "contact_blocked",
    "channel_unavailable",
    "chatbot_off",
    "flow_gone",
    "file_gone",
]


class HookCall(TypedDict):
    """What arrived at a webhook, and what became of it."""

    call_id: str
    at: str
    test: bool
    outcome: HookOutcome
    reason: HookReason | None
    skipped: list[str]  # fields that could not keep what was told of them
    body: str  # as it came, at most 8,000 characters of it


class IncomingWebhook(TypedDict):
    """FLOW-10. `url` is all that a caller needs to know: it is unguessable."""

    webhook_id: str
    name: str
    url: str  # a path, which begins with a slash: the page's own origin stands before it
    production: bool  # blue; else grey: test
    account: str | None  # of which WhatsApp number new contacts are
    foreign: bool  # numbers come with the country
    event_path: str  # what names one event, so that a repeat changes nothing; empty: nothing does
    mapping: list[HookMapping]
    flow_id: str | None
    version: int
    calls: list[HookCall]  # the latest, newest first


class IncomingWebhooks(TypedDict):
    """All of them, by name."""

    webhooks: list[IncomingWebhook]


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


PartName = Literal["me", "people", "labels", "quick_replies", "templates", "flows"]


class DirectoryEvent(TypedDict):
    """Names, settings or permissions changed: what is to be fetched anew.

    `people`: `/me`; `labels`: `/labels`; `quick_replies`, `templates`, `flows`: those; `me`: `/me`
    and then everything on screen, since what this viewer may see has changed (PERM-2).
    """

    type: Literal["directory"]
    part: PartName


class BellEvent(TypedDict):
    """The viewer's bell, its sound or what they have seen of it changed: `/me/notifications`."""

    type: Literal["bell"]


class SoundEvent(TypedDict):
    """Something happened that the viewer is to hear of, once for each id (NOTIF-1).

    `at` is when it was decided, by the server's clock: what comes a minute later is no news.
    """

    type: Literal["sound"]
    id: str
    at: str


class RefetchEvent(TypedDict):
    """Too much changed for one frame: fetch the list, or only this chat."""

    type: Literal["refetch"]
    chat_id: str | None


Event = (
    RowEvent
    | CountsEvent
    | ChatEvent
    | MessageEvent
    | ChannelEvent
    | DirectoryEvent
    | BellEvent
    | SoundEvent
    | RefetchEvent
)


class EventsFrame(TypedDict):
    """What a socket carries; frames stay under 32 KB."""

    type: Literal["events"]
    events: list[Event]


class ReadyFrame(TypedDict):
    """The answer to `hello`: events of this tab and chat follow; now fetch."""

    type: Literal["ready"]
    tab: TabName | None
    chat_id: str | None


class PongFrame(TypedDict):
    """The answer to `ping`."""

    type: Literal["pong"]


Frame = EventsFrame | ReadyFrame | PongFrame


class Hello(TypedDict):
    """What the browser says first, and again at each change of tab or chat.

    Pages other than the chat list nothing: no `tab`. What it says of itself decides what its agent
    is told of, and how (NOTIF); left out: a visible chat page in a browser.
    """

    action: Literal["hello"]
    tab: TabName | None
    chat_id: str | None
    page: NotRequired[PageName]
    visible: NotRequired[bool]
    device: NotRequired[DeviceName]


class Ping(TypedDict):
    """Every minute while the page is visible, else every four: the gateway cuts a socket idle for

    ten. And at once when that changes.
    """

    action: Literal["ping"]
    visible: NotRequired[bool]
