"""What doors take, checked: loaded by the first door that needs it, not at start-up."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chalicelib.domain.access import Permission
from chalicelib.domain.events import AskedAtClosing, ChannelName, FieldKind, FieldValue
from chalicelib.domain.listing import Order, Tab

MessageKeyText = Annotated[str, Field(pattern=r"^[0-9]{13}-[0-9a-f]{16}$")]
Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


def _text(longest: int, shortest: int = 1) -> object:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Name = Annotated[str, _text(300)]
ShortName = Annotated[str, _text(60)]
Email = Annotated[str, _text(254), Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Request(BaseModel):
    """Unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class ListQuery(Request):
    """Which page of which list: one value for each filter (FILT-1)."""

    tab: Tab
    order: Order = Order.NEWEST
    unread: bool = False
    tag: Id | None = None  # a stored tag, or the badge `expiring` or `expired`
    department: Id | None = None
    agent: Id | None = None
    campaign: Id | None = None
    channel: ChannelName | None = None
    cursor: Annotated[str, Field(max_length=100, pattern=r"^[0-9]{13}#[0-9a-f]+$")] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 30


class MessagesQuery(Request):
    """Messages before a key, after one or around one; with none, the newest."""

    before: MessageKeyText | None = None
    after: MessageKeyText | None = None
    around: MessageKeyText | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    @model_validator(mode="after")
    def one_way(self) -> MessagesQuery:
        """A page goes one way."""
        if sum(key is not None for key in (self.before, self.after, self.around)) > 1:
            raise ValueError("before, after and around exclude each other")
        return self


class MessageSearchQuery(Request):
    """Words or a phrase in the messages of one chat (FIND-2)."""

    q: Annotated[str, _text(100, 2)]
    cursor: MessageKeyText | None = None


UploadKey = Annotated[
    str, Field(pattern=r"^uploads/[0-9A-Za-z_-]{1,64}/[0-9a-f]{16}\.[0-9a-z]{1,8}$")
]


class FileToSend(Request):
    """A file that was uploaded, or that of a quick reply."""

    key: Annotated[
        str,
        Field(
            pattern=r"^(uploads|quick)/[0-9A-Za-z_-]{1,64}/[0-9a-f]{16}\.[0-9a-z]{1,8}$",
        ),
    ]
    name: Annotated[str, _text(240)]
    voice: bool = False  # a recorded voice note (SEND-8)
    # Of a picture, so that its balloon has its size before it is there.
    width: Annotated[int, Field(ge=1, le=100_000)] | None = None
    height: Annotated[int, Field(ge=1, le=100_000)] | None = None


class CardToSend(Request):
    """SEND-6: a name, and an e-mail or a phone."""

    name: Annotated[str, _text(100)]
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=254)] = ""


class TemplateToSend(Request):
    """Which template, and a value for each of its variables.

    Values may hold variables of the chat; that of `header.file` is an upload's key.
    """

    name: Annotated[str, _text(512)]
    language: Annotated[str, _text(20)]
    values: Annotated[dict[str, str], Field(max_length=100)] = {}


class SendMessage(Request):
    """An answer or an internal message: text, files, a card, or a template.

    The key makes a repeat the same messages (SEND-12). A card and a template go alone.
    """

    client_key: MessageKeyText
    text: Annotated[str, Field(max_length=10_000)] = ""
    internal: bool = False  # SEND-7
    quotes: MessageKeyText | None = None
    files: Annotated[list[FileToSend], Field(max_length=10)] = []
    card: CardToSend | None = None
    template: TemplateToSend | None = None

    @model_validator(mode="after")
    def something(self) -> SendMessage:
        """There is something to send, and only one kind of it."""
        alone = [one for one in (self.card, self.template) if one is not None]
        with_others = bool(self.text.strip() or self.files)
        if len(alone) + with_others != 1:
            raise ValueError("text and files, a card, or a template")
        return self


class React(Request):
    """An emoji; null takes it back."""

    emoji: Annotated[str, Field(min_length=1, max_length=32)] | None


class AskUpload(Request):
    """A file to be sent, or shown in a quick reply or a template's header.

    With a channel, its limits hold; without, those of internal messages.
    """

    channel: ChannelName | None = None
    content_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]
    size: Annotated[int, Field(ge=1)]
    name: Annotated[str, _text(240)]


class FilesQuery(Request):
    """Which messages' files: up to fifty keys, with commas between them."""

    keys: Annotated[str, Field(pattern=r"^[0-9]{13}-[0-9a-f]{16}(,[0-9]{13}-[0-9a-f]{16}){0,49}$")]


class SaveDraft(Request):
    """What is typed now; an empty text removes the draft. The later `at` wins."""

    text: Annotated[str, Field(max_length=10_000)]
    internal: bool = False
    quotes: MessageKeyText | None = None
    at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class RetryMessage(Request):
    """A new attempt has a key of its own."""

    client_key: MessageKeyText


class MarkRead(Request):
    """The newest message that the reader has on screen."""

    up_to: MessageKeyText


class SearchQuery(Request):
    """Words of a name, a phone in any form, or a whole protocol (FIND-1)."""

    q: Annotated[str, _text(100)]


# --- routing ----------------------------------------------------------------------------------


class Seen(Request):
    """What the asker's screen showed: another one is answered by `moved_on`, nothing changed."""

    agent_id: Id | None
    department_id: Id | None
    protocol: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")] | None


class AssignAgent(Request):
    """«Encaminhar para agente»."""

    agent_id: Id
    seen: Seen


class AssignDepartment(Request):
    """«Encaminhar para departamento»."""

    department_id: Id
    seen: Seen


class CloseAttendance(Request):
    """«Encerrar atendimento». A field that is absent stays as it is; null removes its value.

    `protocol` is the attendance that the asker's screen showed. With `minutes` it closes by itself
    after so many (CLOSE-2); `on_reply` says whether a message of the contact cancels that.
    """

    protocol: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    farewell: Annotated[str, Field(max_length=4096)] = ""
    fields: Annotated[dict[Id, FieldValue | None], Field(max_length=100)] = {}
    minutes: Annotated[int, Field(ge=1, le=43_200)] | None = None
    on_reply: Literal["keep", "cancel"] = "keep"


class AssignFlow(Request):
    """«Encaminhar para fluxo» (FLOW-2). The key makes a repeat the same firing."""

    client_key: MessageKeyText
    flow_id: Id
    seen: Seen


# --- time -------------------------------------------------------------------------------------

Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$")]


class AddSchedule(Request):
    """«Agendar nova mensagem», «Agendar novo fluxo» (SCH-1, SCH-2). One of the two.

    The key makes a repeat the same schedule.
    """

    client_key: MessageKeyText
    due_at: Instant
    template: TemplateToSend | None = None
    opens: bool = False
    flow_id: Id | None = None

    @model_validator(mode="after")
    def one_thing(self) -> AddSchedule:
        """A template or a flow, and only a template can open an attendance."""
        if (self.template is None) == (self.flow_id is None):
            raise ValueError("a template or a flow")
        if self.opens and self.template is None:
            raise ValueError("only a template opens an attendance")
        return self


class EditSchedule(Request):
    """A schedule as it should be, until it is due (SCH-5). `version`: what the screen showed."""

    version: Annotated[int, Field(ge=1)]
    due_at: Instant
    template: TemplateToSend | None = None
    opens: bool = False
    flow_id: Id | None = None


class RestoreFlows(Request):
    """The undo of «Remover fluxos» (SCH-3): what it answered."""

    schedule_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class SchedulesQuery(Request):
    """Which schedules of the agency: those to come, the next first; or the others, last first."""

    when: Literal["to_come", "done"] = "to_come"
    kind: Literal["message", "flow"] | None = None
    by: Id | None = None  # who scheduled it
    since: Day | None = None
    until: Day | None = None
    cursor: Annotated[str, Field(max_length=200)] | None = None


class AddAppointment(Request):
    """INFO-8. The key makes a repeat the same appointment."""

    client_key: MessageKeyText
    at: Instant
    title: Annotated[str, _text(120)]
    agent_id: Id | None = None


class EditAppointment(Request):
    """An appointment as it should be. `version`: what the screen showed."""

    version: Annotated[int, Field(ge=1)]
    at: Instant
    title: Annotated[str, _text(120)]
    agent_id: Id | None = None


class AppointmentsQuery(Request):
    """The appointments of some days of the agency, both included, at most 62; of one agent."""

    since: Day
    until: Day
    agent: Id | None = None


Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class OpenHoursAsked(Request):
    """From when to when."""

    start: Clock
    end: Clock


class HolidayAsked(Request):
    """A day on which nobody attends."""

    date: Day
    name: Annotated[str, _text(60)]
    yearly: bool = False


class SaveBusinessHours(Request):
    """Seven days from Monday on, and holidays. `version`: what the screen showed."""

    version: Annotated[int, Field(ge=0)]
    days: Annotated[
        list[Annotated[list[OpenHoursAsked], Field(max_length=6)]],
        Field(min_length=7, max_length=7),
    ]
    holidays: Annotated[list[HolidayAsked], Field(max_length=200)] = []


# --- flows ------------------------------------------------------------------------------------


FLOW_LIMIT = 400_000  # bytes of a body: a document has at most 256 KB, and letters grow in JSON


class SaveFlowCategory(Request):
    """«Adicionar categoria» (FLOW-9)."""

    name: ShortName


class AddFlow(Request):
    """A new flow, or one from a file (FLOW-9). Without a document, an empty one."""

    body_limit: ClassVar[int] = FLOW_LIMIT

    name: Annotated[str, _text(80)]
    category_id: Id | None = None
    document: dict[str, object] | None = None


class SaveFlow(Request):
    """«Atualizar fluxo»: its draft as it should be. `version`: what the screen showed."""

    body_limit: ClassVar[int] = FLOW_LIMIT

    version: Annotated[int, Field(ge=1)]
    name: Annotated[str, _text(80)]
    category_id: Id | None = None
    document: dict[str, object] | None = None  # absent: stays as it is


class PublishFlow(Request):
    """The draft's version that the screen showed becomes what runs."""

    version: Annotated[int, Field(ge=1)]


class CheckFlow(Request):
    """A document that is only to be looked at."""

    body_limit: ClassVar[int] = FLOW_LIMIT

    document: dict[str, object]


class AddFlowFile(Request):
    """An upload that a flow's node is to send."""

    file: FileToSend


class HookMappingAsked(Request):
    """From where in the JSON, into which field."""

    path: Annotated[str, Field(pattern=r"^[^\s.]{1,80}(\.[^\s.]{1,80}){0,9}$")]
    field: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]


class SaveIncomingWebhook(Request):
    """FLOW-10. `version`: what the screen showed; 0 for a new one."""

    version: Annotated[int, Field(ge=0)] = 0
    name: ShortName
    production: bool = False
    account: Id | None = None
    foreign: bool = False
    event_path: Annotated[str, Field(pattern=r"^$|^[^\s.]{1,80}(\.[^\s.]{1,80}){0,9}$")] = ""
    mapping: Annotated[list[HookMappingAsked], Field(max_length=50)] = []
    flow_id: Id | None = None


class AttendancesQuery(Request):
    """Which attendances of the agency, newest first. Days are the agency's, both included."""

    since: Day | None = None
    until: Day | None = None
    agent: Id | None = None
    department: Id | None = None
    state: Literal["open", "closed"] | None = None
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,20}(#[0-9A-Za-z_-]{1,64})?$")] | None = None


class PageQuery(Request):
    """The page after this cursor; without one, the first."""

    cursor: Annotated[str, Field(max_length=200)] | None = None


# --- contacts ---------------------------------------------------------------------------------


class SystemValues(Request):
    """INFO-2. Absent: stays as it is. Null or empty: removed. Dates «1990-12-31»."""

    birth_date: str | None = None
    cpf: Annotated[str, Field(max_length=20)] | None = None
    rg: Annotated[str, Field(max_length=20)] | None = None
    customer_code: Annotated[str, Field(max_length=60)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None


class EditContact(Request):
    """What is absent stays as it is. In `fields`, by field id, null removes the value."""

    name: Name | None = None
    system: SystemValues | None = None
    fields: Annotated[dict[Id, FieldValue | None], Field(max_length=100)] | None = None
    broadcasts: bool | None = None
    session_farewell: Annotated[str, Field(max_length=4096)] | None = None  # empty: the general one


class UploadPicture(Request):
    """A picture for a field of type image, or of a user."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    size: Annotated[int, Field(ge=1, le=5_000_000)]


class AddNote(Request):
    """INFO-4. The key makes a repeat the same note."""

    client_key: MessageKeyText
    text: Annotated[str, _text(4000)]
    date: Day | None = None
    to_agent_id: Id | None = None


class EditNote(Request):
    """INFO-7: the note as it should read."""

    text: Annotated[str, _text(4000)]
    date: Day | None = None
    to_agent_id: Id | None = None


class ContactsQuery(Request):
    """Which contacts: those that a search finds, or all, newest first."""

    q: Annotated[str, Field(max_length=100)] = ""
    blocked: bool = False
    cursor: Annotated[str, Field(max_length=100)] | None = None


class AddContact(Request):
    """ADM-3: one contact, by NEW-1's number rules. Without `account`, the agency's first number."""

    name: Name
    phone: Annotated[str, _text(40)]
    foreign: bool = False
    account: Id | None = None


class ContactLine(Request):
    """One line of a list. Whatever is wrong with it is its outcome, not the request's."""

    line: int
    name: str
    phone: str


class ImportContacts(Request):
    """ADM-3: a part of a list; numbers without a country are Brazil's."""

    lines: Annotated[list[ContactLine], Field(min_length=1, max_length=25)]
    account: Id | None = None


# --- new chat ---------------------------------------------------------------------------------


class TemplatesQuery(Request):
    """Of which account; without one, that of the chat, or the agency's first WhatsApp number.

    Prices are those of the chat's country, or of the phone's, or of Brazil.
    """

    account: Id | None = None
    chat_id: Id | None = None
    phone: Annotated[str, _text(40)] | None = None


class SaveBindings(Request):
    """What each variable of a template is filled with unless something else is typed."""

    bindings: Annotated[dict[str, Annotated[str, Field(max_length=1024)]], Field(max_length=100)]


class StartChat(Request):
    """«Novo chat» (NEW-1). The key makes a repeat the same chat."""

    client_key: MessageKeyText
    name: Name
    phone: Annotated[str, _text(40)]
    foreign: bool
    open: bool
    template: TemplateToSend
    account: Id | None = None


class LookupQuery(Request):
    """A number as a deep link gives it (NEW-4)."""

    phone: Annotated[str, _text(40)]


# --- administration ---------------------------------------------------------------------------


class SaveUser(Request):
    """A user as they should be."""

    name: Annotated[str, _text(100)]
    active: bool = True
    permissions: list[Permission]
    department_ids: Annotated[list[Id], Field(max_length=300)]


class InviteUser(Request):
    """A new user: an invitation goes to the address."""

    name: Annotated[str, _text(100)]
    email: Email
    permissions: list[Permission]
    department_ids: Annotated[list[Id], Field(max_length=300)]


class SaveDepartment(Request):
    """«Nome do Departamento», «Status», «Abrir para último agente?»."""

    name: ShortName
    active: bool = True
    to_last_agent: bool = False


class SaveTag(Request):
    """A stored tag."""

    name: ShortName
    color: Annotated[str, _text(20)]


class AddField(Request):
    """A custom field. Its slug and kind are fixed from now on."""

    name: ShortName
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: FieldKind
    options: Annotated[list[Annotated[str, _text(80)]], Field(max_length=100)] = []
    at_closing: AskedAtClosing = "no"


class SaveField(Request):
    """What may change of a custom field."""

    name: ShortName
    options: Annotated[list[Annotated[str, _text(80)]], Field(max_length=100)] = []
    at_closing: AskedAtClosing
    active: bool


class SaveSettings(Request):
    """General settings as they should be; what is not named stays as it is."""

    read_receipts: bool | None = None
    audio_confirmation: bool | None = None
    name_prefix: bool | None = None
    human_agent: bool | None = None
    chatbot: bool | None = None
    main_flow_id: Id | Literal[""] | None = None  # empty: none
    closing_flow_id: Id | Literal[""] | None = None  # empty: none
    auto_close: bool | None = None
    session_farewell: Annotated[str, Field(max_length=4096)] | None = None


class SaveQuickReply(Request):
    """SEND-9. `file`: an upload's key, or the reply's own to keep it; null removes it."""

    name: Annotated[str, Field(pattern=r"^[^\s/]{1,40}$")]
    text: Annotated[str, Field(max_length=4096)] = ""
    file: FileToSend | None = None


Secret = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[!-~]+$")]


class SaveChannel(Request):
    """What may change of an account. A secret that is absent or null stays as it is (OPS-3)."""

    display: Annotated[str, _text(60)]
    portfolio: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = ""
    page: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = ""
    active: bool = True
    human_agent: bool = False
    token: Secret | None = None
    app_secret: Secret | None = None
    verify_token: Secret | None = None


class AddChannel(SaveChannel):
    """A number, page or Instagram account that the agency answers from."""

    channel: ChannelName
    account: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,50}$")]


class EditProfile(Request):
    """ADM-4: what every user changes of themselves. A blank farewell: none."""

    name: Annotated[str, _text(100)]
    farewell: Annotated[str, Field(max_length=4096)] = ""


class SavePicture(Request):
    """The key of an uploaded picture; null removes it."""

    key: Annotated[str, Field(max_length=200)] | None


BellId = Annotated[str, Field(pattern=r"^[0-9]{13}-[0-9a-f]{16}$")]
Endpoint = Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=1_000)]
DeviceId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
PublicKey = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{87}$")]  # 65 bytes in base64url
Auth = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{22}$")]  # 16 bytes


class BellThrough(Request):
    """All entries up to this one, which was the newest on the screen."""

    through: BellId


class BellEntries(Request):
    """Which entries of the bell."""

    ids: Annotated[list[BellId], Field(max_length=100)]


class Sound(Request):
    """Whether sounds are off."""

    muted: bool


class DecisionsQuery(Request):
    """Which page of the decisions: those before one."""

    cursor: BellId | None = None


class Subscribed(Request):
    """What a browser's push subscription says of itself (RFC 8030, RFC 8291)."""

    endpoint: Endpoint
    p256dh: PublicKey
    auth: Auth


class SubscribeDevice(Subscribed):
    """A device, and how its agent tells it from others."""

    label: ShortName


class RemoveDevice(Request):
    """Which device."""

    device_id: DeviceId


class SeenOnDevice(Request):
    """Which device says so, its secret, and of which chat the notification was."""

    endpoint: Endpoint
    auth: Auth
    chat_id: Id


class RenewDevice(Request):
    """Which device says so, its secret, and what it subscribed with now."""

    endpoint: Endpoint
    auth: Auth
    subscription: Subscribed
