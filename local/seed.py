"""The demonstration's rows: agents with and without permissions, departments, 300 contacts.

What contacts are marked and described by is in `marks`.

`python -m local.seed` writes them straight into the tables of the stack that the environment
names, through the product's own stores, and tells the simulator of Meta who these contacts are.
The same seed gives the same people; their times are counted back from now.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from chalicelib import settings
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import timer
from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.chat import Chat
from chalicelib.domain.contact import identities as identities_of
from chalicelib.domain.delivery import Status
from chalicelib.domain.flow_faults import faults
from chalicelib.domain.ids import AgentId, ChatId, DepartmentId
from chalicelib.domain.inbound import Arrival, Failure, Person
from chalicelib.domain.instants import to_ms
from chalicelib.domain.labels import same_name
from chalicelib.domain.message import Message, from_arrival, key_of
from chalicelib.domain.revision import revised
from chalicelib.gateways.files import Files
from chalicelib.stores import (
    channels,
    flows,
    labels,
    notes,
    people,
    profiles,
    quick_replies,
    tables,
    templates,
)
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.counters import FIRST_PROTOCOL
from chalicelib.stores.flow_details import directory
from chalicelib.stores.members import places, protocol_place, value_place
from chalicelib.stores.rows import from_attendance, from_chat, from_message
from chalicelib.world import world
from local.conversations import chat_name, conversations
from local.marks import (
    BINDINGS,
    CAMPAIGNS,
    FAREWELL,
    FIELDS,
    QUICK_REPLIES,
    TAGS,
    Marks,
    campaigns_of,
    closing,
    marks,
    tags_of,
)
from local.stories import FIRST_NAMES, LAST_NAMES, ODD_PEOPLE, ODD_TEXTS, QUESTIONS, REPLIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain import events
    from local.conversations import Put, Simulator

FLOWS = Path(__file__).parent / "flows"
CONTACTS = 300
ACCOUNT = "106540352242922"
PORTFOLIO = "102290129340398"
DISPLAY = "+55 11 4000-1234"
PAGE = "110200300400500"
PAGE_NAME = "Loja Demonstração"
INSTAGRAM = "17841400000000001"
INSTAGRAM_NAME = "@loja.demonstracao"

DEPARTMENTS = [
    ("vendas", "Vendas", True),
    ("suporte", "Suporte", True),
    ("financeiro", "Financeiro", True),
    ("pos-venda", "Pós-venda e relacionamento", True),
    ("parcerias", "Parcerias", False),
]
TABS = [
    Permission.TAB_ALL,
    Permission.TAB_OPEN,
    Permission.TAB_MINE,
    Permission.TAB_IN_SERVICE,
]

# e-mail: permissions, departments. Ana may do everything, Fábio nothing.
ROLES: dict[str, tuple[list[Permission], list[str]]] = {
    "ana@example.com": (list(Permission), ["vendas"]),
    "bruno@example.com": (TABS, ["suporte"]),
    "carla@example.com": (
        [Permission.TAB_OPEN, Permission.TAB_MINE],
        ["vendas", "financeiro"],
    ),
    "davi@example.com": ([Permission.TAB_MINE], []),
    "elisa@example.com": (
        [
            Permission.TAB_OPEN,
            Permission.TAB_MINE,
            Permission.TAB_IN_SERVICE,
            Permission.EVERY_DEPARTMENT,
        ],
        ["pos-venda"],
    ),
    "fabio@example.com": ([], ["suporte"]),
}
GONE = Agent(
    AgentId("gustavo"), "Gustavo Alves", "gustavo@example.com", False, frozenset(), frozenset()
)

PLACEMENTS = ["closed", "nobody", "department", "agent", "both"]
WEIGHTS = [30, 20, 20, 15, 15]


@dataclass
class Story:
    """One contact's thread as it is being told."""

    chat: Chat
    messages: list[Message]
    records: list[attendances.Attendance]
    person: Person
    last_inbound_at: datetime | None = None
    marks: Marks | None = None


def main() -> None:
    """Write everything, once; the caller remembers that it was done."""
    here = settings.from_environment()
    tables.bind(here.desk_table, here.connections_table, region=here.region)
    logins = {one["email"]: one for one in json.loads(Path(os.environ["USERS_JSON"]).read_text())}
    channels.save("whatsapp", ACCOUNT, display=DISPLAY, portfolio=PORTFOLIO)
    channels.save("facebook", PAGE, display=PAGE_NAME, portfolio="")
    channels.save("instagram", INSTAGRAM, display=INSTAGRAM_NAME, portfolio="", page=PAGE)
    for department_id, name, active in DEPARTMENTS:
        commit_rows(
            *people.department_saved(
                None, department_id, name=name, active=active, to_last_agent=False
            )
        )
    for tag in TAGS:
        commit_rows(*labels.tag_saved(None, tag))
    for field in FIELDS:
        commit_rows(*labels.field_saved(None, field))
    for campaign in CAMPAIGNS:
        labels.save_campaign(campaign)
    agents = [
        Agent(
            agent_id=AgentId(login["sub"]),
            name=login["name"],
            email=email,
            active=True,
            permissions=frozenset(ROLES.get(email, (TABS, []))[0]),
            department_ids=frozenset(DepartmentId(one) for one in ROLES.get(email, (TABS, []))[1]),
            farewell=FAREWELL if email.startswith(("ana", "carla")) else "",
        )
        for email, login in logins.items()
    ]
    for agent in [*agents, GONE]:
        people.save_agent(agent)
    now = datetime.now(UTC)
    stories = list(_stories(agents, now, random.Random(20261124)))
    _tell_simulator(here.graph_url, stories)
    files = Files(here.media_bucket, here.region)
    with httpx.Client(base_url=here.graph_url, timeout=30) as simulator:
        put = files.put_file
        stories += _every_kind(simulator, put, agents, now, random.Random(20261126))
    _number(stories)
    _write(stories)
    _prepare()
    _publish_flows(now)


def _publish_flows(now: datetime) -> None:
    """The example flows run, in their folders; the chatbot is off until somebody wants it."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FLOWS.iterdir())]
    folders: dict[str, str] = {}
    for number, name in enumerate(
        sorted({one["category"] for one in documents if one["category"]})
    ):
        folders[name] = f"folder{number}"
        folder: events.FlowCategory = {"category_id": folders[name], "name": name}
        commit_rows(*flows.category_saved(None, folder))
    for document in documents:
        kept = flows.Kept(
            flow_id=f"example-{same_name(document['name']).replace(' ', '-')}",
            name=document["name"],
            category_id=folders.get(document["category"]),
            published=1,
            changed=False,
            faults=len(faults(document, directory())),
            nodes=len(document["nodes"]),
            updated_at=now,
            updated_by=None,
        )
        commit_rows(*flows.saved(None, kept, document))
        commit_rows(*flows.publishes(replace(kept, version=1), kept, 1, document))


def _prepare() -> None:
    """What is prepared to be sent: quick replies, and the templates that the simulator has."""
    for reply in QUICK_REPLIES:
        commit_rows(*quick_replies.saved(None, reply))
    sync(world(), None, 1)
    for row in templates.every(consistent=True):
        if row.name in BINDINGS:
            commit_rows(*templates.bound(row, BINDINGS[row.name]))


def _stories(agents: list[Agent], now: datetime, chance: random.Random) -> Iterator[Story]:
    marking = random.Random(20261125)  # of its own, so that who says what stays as it was
    for number in range(CONTACTS):
        placement = chance.choices(PLACEMENTS, WEIGHTS)[0]
        story = _begun(number, now, chance)
        story = _talk(story, agents, placement, now, chance)
        _mark(story, agents, marking)
        yield story


def _every_kind(
    simulator: Simulator, put: Put, agents: list[Agent], now: datetime, chance: random.Random
) -> Iterator[Story]:
    """Whoever sent more than texts, on three channels; the phones show the same."""
    for channel, told in conversations(simulator, put, now, chance):
        first = next(turn[0] for turn in told.turns if not isinstance(turn, str))
        ids = identities_of(channel, first.account, first.portfolio, told.person)
        chat_id = ChatId(chat_name(channel, told.number))
        chat = chats.begin(chat_id, first, ids, first.at)
        story = Story(chat, [], [], told.person)
        holder = agents[told.number % len(agents)]
        for turn, at in zip(told.turns, told.times, strict=True):
            _continue(story, turn, at, holder, len(story.messages), chance)
        placement = chance.choices(PLACEMENTS, WEIGHTS)[0] if told.number else "nobody"
        story = _placed(story, holder, placement, told.times[-1], now, chance)
        _mark(story, agents, chance)
        yield story


def _continue(
    story: Story,
    turn: tuple[Arrival, Message] | str,
    at: datetime,
    holder: Agent,
    number: int,
    chance: random.Random,
) -> None:
    """One turn of a conversation: what came, or what the desk answered."""
    chat = story.chat
    if isinstance(turn, str):
        written = _reply(chat, holder, at, number, chance)
        before = story.messages[-1].provider_id
        reply = replace(
            written, text=turn, status=Status.READ, failure=None, provider_id=f"{before}.out"
        )
        story.chat = revised(chat, chats.exchanged(chats.read(chat, "9"), reply), [reply.key])
        story.messages.append(replace(reply, rev=story.chat.rev))
        return
    arrival, message = turn
    if arrival.from_contact:
        story.last_inbound_at = at
        if chat.attendance is None and message.kind != "story_mention":
            chat = attendances.opened(chat, "", at)
        after = chats.heard(chat, message)
    else:
        after = chats.exchanged(chat, message)
    story.chat = revised(chat, chats.know(after, arrival, ()), [message.key])
    story.messages.append(replace(message, rev=story.chat.rev))


def _mark(story: Story, agents: list[Agent], chance: random.Random) -> None:
    marked = replace(story.chat, tags=tags_of(chance), campaigns=campaigns_of(chance))
    story.chat = revised(story.chat, marked)
    made = marks(story.chat, agents, story.messages[0].at, chance)
    story.marks = made
    story.records.extend(made.past)


def _number(stories: list[Story]) -> None:
    """Give every attendance its protocol, in the order in which they were opened (CHAT-8)."""
    opened = sorted(
        (record.opened_at, place, record)
        for place, story in enumerate(stories)
        for record in story.records
    )
    for number, (_, place, record) in enumerate(opened, FIRST_PROTOCOL + 1):
        story = stories[place]
        numbered = replace(record, protocol=str(number))
        story.records[story.records.index(record)] = numbered
        if record.closed_at is None and story.chat.attendance is not None:
            served = replace(story.chat.attendance, protocol=numbered.protocol)
            story.chat = replace(story.chat, attendance=served)


def _begun(number: int, now: datetime, chance: random.Random) -> Story:
    person = _person(number, chance)
    silence = timedelta(minutes=chance.choice([1, 4, 9, 25, 50, 110, 200, 400, 800, 1380, 1425]))
    if number % 4 == 3:
        silence = timedelta(hours=chance.randint(25, 24 * 40))
    last_at = now - silence - timedelta(seconds=chance.randint(0, 59))
    first = _arrival(person, "", last_at - timedelta(days=chance.randint(0, 90)), number, 0)
    ids = identities_of("whatsapp", ACCOUNT, PORTFOLIO, person)
    chat = chats.begin(ChatId(f"{number:016x}"), first, ids, first.at)
    return Story(chat, [], [], person, last_at)


def _person(number: int, chance: random.Random) -> Person:
    if number < len(ODD_PEOPLE):
        return replace(
            Person(phone=f"55119{80000000 + number}", user_id=f"BR.{10**15 + number}"),
            name=ODD_PEOPLE[number],
        )
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    if number % 25 == 24:  # known by username alone
        username = name.lower().replace(" ", ".")
        return Person(user_id=f"BR.{10**15 + number}", username=username, name=name)
    area = chance.choice(["11", "21", "31", "41", "51", "61", "71", "81", "85", "19"])
    return Person(
        phone=f"55{area}9{chance.randint(60000000, 99999999)}",
        user_id=f"BR.{10**15 + number}",
        name=name,
    )


def _talk(
    story: Story,
    agents: list[Agent],
    placement: str,
    now: datetime,
    chance: random.Random,
) -> Story:
    """Tell the thread from its first message to its last, by the rules of the desk."""
    chat, number = story.chat, int(story.chat.chat_id, 16)
    turns = 260 if number == 5 else chance.choice([1, 2, 3, 5, 8, 14])
    assert story.last_inbound_at is not None
    at = story.last_inbound_at - timedelta(minutes=7 * turns)
    holder = agents[number % len(agents)]
    ends_with_contact = chance.random() < 0.6
    for turn in range(turns):
        at = story.last_inbound_at - timedelta(minutes=7 * (turns - 1 - turn))
        text = _text(number, turn, chance)
        arrival = _arrival(story.person, text, at, number, turn)
        message = from_arrival(arrival, chat.chat_id, chat.rev + 1)
        if chat.attendance is None:
            chat = attendances.opened(chat, "", at)
        chat = revised(chat, chats.heard(chat, message), [message.key])
        story.messages.append(message)
        if turn < turns - 1 or not ends_with_contact:
            reply = _reply(chat, holder, at + timedelta(seconds=45), number + turn, chance)
            chat = revised(chat, chats.exchanged(chats.read(chat, "9"), reply), [reply.key])
            story.messages.append(replace(reply, rev=chat.rev))
    story.chat = chat
    story = _placed(story, holder, placement, at, now, chance)
    if number == 42:
        story.chat = replace(story.chat, blocked=True)
    return story


def _placed(
    story: Story,
    holder: Agent,
    placement: str,
    at: datetime,
    now: datetime,
    chance: random.Random,
) -> Story:
    """Who has the chat in the end, and whether its attendance is over."""
    chat = story.chat
    if chance.random() < 0.4:
        chat = revised(chat, chats.read(chat, "9"))
    department = DepartmentId(chance.choice(["vendas", "suporte", "financeiro", "pos-venda"]))
    if placement in ("department", "both"):
        chat = attendances.given_to_department(chat, department, at)
    if placement in ("agent", "both", "closed"):
        chat = attendances.answered(chat, holder.agent_id)
    records = attendances.record(chat)
    if placement == "closed":
        closed_at = min(at + timedelta(hours=1), now)
        records = (attendances.ended(chat, closed_at, holder.agent_id, values=closing(chance)),)
        chat = attendances.closed(chat)
    story.chat = revised(chat, chat)
    to_come = any(one.at > now for one in timer.of_chat(story.chat))
    # Agents are told of nothing that lies in the past.
    story.chat = replace(story.chat, row_rev=story.chat.rev, arming=to_come, occasions=())
    story.records.extend(records)
    return story


def _text(number: int, turn: int, chance: random.Random) -> str:
    if turn == 0 and number < len(ODD_TEXTS):
        return ODD_TEXTS[number]
    return chance.choice(QUESTIONS)


def _arrival(person: Person, text: str, at: datetime, number: int, turn: int) -> Arrival:
    whole = at.replace(microsecond=0)
    return Arrival(
        channel="whatsapp",
        account=ACCOUNT,
        portfolio=PORTFOLIO,
        provider_id=f"wamid.seed.{number}.{turn}",
        at=whole,
        person=person,
        kind="text",
        raw_kind=None,
        text=text,
        echo=False,
        from_contact=True,
        quotes=None,
    )


def _reply(chat: Chat, holder: Agent, at: datetime, number: int, chance: random.Random) -> Message:
    status = chance.choices(
        [Status.READ, Status.DELIVERED, Status.SENT, Status.FAILED, Status.UNKNOWN],
        [60, 25, 8, 5, 2],
    )[0]
    failure = Failure(131026, "Message undeliverable", "Message Undeliverable.")
    return Message(
        chat_id=chat.chat_id,
        key=key_of(at, "seed", chat.chat_id, str(number)),
        rev=chat.rev + 1,
        kind="text",
        author="agent",
        text=chance.choice(REPLIES),
        at=at,
        account=chat.account,
        agent_id=holder.agent_id,
        author_name=holder.name,
        provider_id=f"wamid.seed.out.{chat.chat_id}.{number}",
        status=status,
        failure=failure if status is Status.FAILED else None,
    )


def _write(stories: list[Story]) -> None:
    numbers = sum(len(story.records) for story in stories)
    with tables.Row.batch_write() as batch:
        batch.save(tables.CounterRow(tables.COUNTERS, tables.PROTOCOL_COUNTER, value=numbers))
        for story in stories:
            for row in _rows(story):
                batch.save(row)


def _rows(story: Story) -> Iterator[tables.Row]:
    chat = story.chat
    yield from_chat(chat)
    for message in {one.key: one for one in story.messages}.values():
        yield from_message(message)
    for record in story.records:
        place = protocol_place(record.protocol)
        opened_ms = to_ms(record.opened_at)
        yield from_attendance(record)
        yield tables.MemberRow(*place, chat_id=chat.chat_id, opened_ms=opened_ms)
    for identity in chat.identities:
        key = tables.identity_pk(identity)
        yield tables.IdentityRow(key, key, chat_id=chat.chat_id)
    for place in places(chat):
        yield tables.MemberRow(*place, chat_id=chat.chat_id)
    if story.marks is None:
        return
    profile = story.marks.profile
    if profile is not None:
        yield profiles.from_profile(profile, 1)
        for field_id in profile.values:
            yield tables.MemberRow(*value_place(field_id, chat.chat_id), chat_id=chat.chat_id)
    for note in story.marks.notes:
        yield notes.from_note(note)


def _tell_simulator(url: str, stories: list[Story]) -> None:
    """Who these people are on WhatsApp, and when they last wrote: it opens their window there."""
    with httpx.Client(base_url=url, timeout=30) as simulator:
        for story in stories:
            person = story.person
            contact: dict[str, Any] = {
                "name": person.name,
                "wa_id": person.phone,
                "username": person.username,
                "user_id": person.user_id,
                "last_inbound_at": story.last_inbound_at and story.last_inbound_at.isoformat(),
            }
            given = {name: value for name, value in contact.items() if value is not None}
            simulator.post("/contacts", json=given).raise_for_status()


if __name__ == "__main__":
    main()
