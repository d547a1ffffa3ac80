"""What WhatsApp says about one message, mark, person or status (META.md §2 and §3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.inbound import (
    Arrival,
    Attachment,
    Failure,
    Mark,
    Moved,
    Person,
    Preference,
    Receipt,
)
from chalicelib.gateways.meta.content import (
    MOST_CARDS,
    MOST_LINES,
    Content,
    bounded,
    card,
    unsupported,
)
from chalicelib.gateways.meta.persons import ids_of, person_of, subject_of
from chalicelib.gateways.meta.values import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORD,
    NUMBER,
    address,
    clean,
    coordinate,
    decimal,
    first,
    identifier,
    instant,
    list_of,
    named,
    object_of,
    objects_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.events import Details, FileKind
    from chalicelib.gateways.meta.source import Source

    Json = Mapping[str, Any]

UNKNOWN_FAILURE = 131000
UNSUPPORTED = 131051  # says no more than that the kind is unknown
NOT_WRITTEN = frozenset({"reaction", "edit", "revoke", "system", "request_welcome"})
MEDIA = frozenset({"image", "audio", "video", "document", "sticker"})
NUMBER_CHANGES = frozenset({"user_changed_number", "customer_changed_number"})
ID_CHANGES = frozenset({"user_changed_user_id"})
LONGEST_PAYLOAD = 1000
MOST_ANSWERS = 20  # of a form
NO_ANSWER = frozenset({"flow_token"})


# --- one message ------------------------------------------------------------------------------


def message(source: Source, body: Json) -> Arrival | Mark | Moved:
    """A message, an echo, or what was written before the number came to the Cloud API.

    Reactions, edits and deletions are marks on an earlier message; a changed number or user id
    leads to the same person.
    """
    received = object_of(body.get("received"))
    kind = body.get("kind")
    echo = kind == "echo" or (kind == "history" and body.get("echo") is True)
    told_at = instant(received.get("timestamp"), source.received_at)
    at = told_at or source.received_at
    person = person_of(received, body.get("contact"), echo=echo)
    word = received.get("type")
    if word == "system":
        change = _system_change(received, person)
        if change is not None:
            return Moved(source.channel, source.account, source.portfolio, *change, at)
    elif isinstance(word, str) and word in MARKS:
        mark = MARKS[word](object_of(received.get(word)))
        if mark is not None:
            return Mark(
                source.channel, source.account, source.portfolio, person, at=at, echo=echo, **mark
            )
    content = _content(received)
    context = object_of(received.get("context"))
    return Arrival(
        channel=source.channel,
        account=source.account,
        portfolio=source.portfolio,
        provider_id=identifier(received.get("id")) or "",
        at=at,
        person=person,
        kind=content.kind,
        raw_kind=content.raw_kind,
        text=content.text,
        echo=echo,
        from_contact=content.from_contact and kind == "message",
        quotes=identifier(context.get("id")),
        dated=told_at is not None,
        files=content.files,
        details=_details(received, context, content) or None,
        forwarded=context.get("forwarded") is True or context.get("frequently_forwarded") is True,
        failed_with=_failed_with(received),
    )


def _details(received: Json, context: Json, content: Content) -> Details:
    details = content.details
    referral = _referral(received, context)
    return {**details, "referral": referral} if referral else details


def _referral(received: Json, context: Json) -> events.Referral | None:
    """The advertisement that led here, or the product that is asked about."""
    found = object_of(received.get("referral"))
    if found:
        return {
            "source": named(found, "source_type", longest=LONGEST_WORD),
            "headline": named(found, "headline"),
            "body": named(found, "body", longest=LONGEST_PAYLOAD),
            "url": address(found.get("source_url")),
        }
    product = identifier(
        object_of(context.get("referred_product")).get("product_retailer_id"), LONGEST_NAME
    )
    if product:
        return {"source": "product", "headline": product, "body": None, "url": None}
    return None


def _failed_with(received: Json) -> int | None:
    if "errors" not in received:
        return None
    failure = _failure(received.get("errors"))
    return None if failure is None or failure.code == UNSUPPORTED else failure.code


def _content(received: Json) -> Content:
    word = received.get("type")
    if not isinstance(word, str):
        return unsupported(None)
    reader = READERS.get(word)
    found = None if reader is None else reader(word, received.get(word))
    if found is None and word in MEDIA and list_of(received.get("errors")):
        kind = cast("FileKind", word)
        return Content(kind, files=(Attachment(kind),))  # it was there, and could not be had
    return found or unsupported(word, from_contact=word not in NOT_WRITTEN)


def _text(_: str, found: object) -> Content | None:
    body = object_of(found).get("body")
    return Content("text", clean(body, LONGEST_TEXT)) if isinstance(body, str) else None


def _media(word: str, found: object) -> Content | None:
    if not isinstance(found, dict):
        return None
    kind = cast("FileKind", word)
    provider_id = identifier(found.get("id"))
    size = decimal(found.get("file_size"))
    attachment = Attachment(
        kind=kind,
        mime_type=named(found, "mime_type", longest=LONGEST_NAME),
        name=named(found, "filename"),
        provider_id=provider_id,
        url=address(found.get("url")) if provider_id is None else None,
        sha256=named(found, "sha256", longest=LONGEST_NAME),
        size=int(size) if size and size.isdigit() else None,
        voice=found.get("voice") is True,
        animated=found.get("animated") is True,
    )
    return Content(kind, first(found, "caption"), files=(attachment,))


def _location(_: str, found: object) -> Content | None:
    place = object_of(found)
    names = [words for key in ("name", "address") if (words := first(place, key))]
    latitude = coordinate(place.get("latitude"), 90)
    longitude = coordinate(place.get("longitude"), 180)
    details: Details = {}
    if latitude is not None and longitude is not None:
        details["location"] = {
            "latitude": latitude,
            "longitude": longitude,
            "name": named(place, "name"),
            "address": named(place, "address"),
        }
    elif not names:
        return None
    if link := address(place.get("url")):
        details["link"] = link
    text = "\n".join(names) or f"{latitude}, {longitude}"
    return Content("location", clean(text, LONGEST_TEXT), details=details)


def _cards(_: str, found: object) -> Content | None:
    cards = [one for one in list_of(found) if isinstance(one, dict)]
    if not cards:
        return None
    names = [name for one in cards[:MOST_LINES] if (name := _card_name(one))]
    told = bounded((card(one, _card_name(one)) for one in cards), MOST_CARDS)
    return Content("contacts", clean(", ".join(names), LONGEST_TEXT), details={"cards": told})


def _card_name(found: Json) -> str:
    name = object_of(found.get("name"))
    parts = (first(name, "first_name"), first(name, "last_name"))
    phone = next(iter(objects_of(found.get("phones"))), {})
    words = (
        first(name, "formatted_name")
        or " ".join(part for part in parts if part)
        or first(object_of(found.get("org")), "company")
        or first(phone, "phone", "wa_id")
    )
    return clean(words, LONGEST_NAME)


def _interactive(_: str, found: object) -> Content | None:
    answer = object_of(found)
    word = answer.get("type")
    if not isinstance(word, str):
        return None
    chosen = answer.get(word)
    if word in ("button_reply", "list_reply", "nfm_reply") and isinstance(chosen, dict):
        if word == "nfm_reply":
            return _form(chosen)
        return _choice(
            first(chosen, "title", "id"),
            named(chosen, "description", longest=LONGEST_PAYLOAD),
            identifier(chosen.get("id"), LONGEST_PAYLOAD),
        )
    return unsupported(word or "interactive")


def _form(chosen: Json) -> Content:
    """The answers of a form («flow»), line by line."""
    written = first(chosen, "response_json")
    try:
        answers = object_of(json.loads(written)) if written else {}
    except (ValueError, RecursionError):
        answers = {}
    lines = [
        f"{clean(key, LONGEST_WORD)}: {clean(value, LONGEST_NAME) or decimal(value) or '…'}"
        for key, value in list(answers.items())[:MOST_ANSWERS]
        if key not in NO_ANSWER
    ]
    return _choice(
        first(chosen, "body", "name"),
        clean("\n".join(lines), LONGEST_TEXT) or None,
        clean(written, LONGEST_PAYLOAD) or None,
    )


def _button(_: str, found: object) -> Content | None:
    if not isinstance(found, dict):
        return None
    payload = named(found, "payload", longest=LONGEST_PAYLOAD)
    return _choice(first(found, "text", "payload"), None, payload)


def _choice(title: str, description: str | None, payload: str | None) -> Content:
    choice: events.Choice = {
        "title": clean(title, LONGEST_PAYLOAD),
        "description": description,
        "payload": payload,
    }
    return Content("choice", title, details={"choice": choice})


def _order(_: str, found: object) -> Content | None:
    if not isinstance(found, dict):
        return None
    lines = [first(found, "text")]
    ordered: list[events.OrderLine] = []
    for product in objects_of(found.get("product_items")):
        name = identifier(product.get("product_retailer_id"), LONGEST_NAME)
        quantity = decimal(product.get("quantity"))
        if name is None:
            continue
        if len(lines) <= MOST_LINES:
            lines.append(f"{quantity} × {name}" if quantity else name)
        ordered.append(
            {
                "product": name,
                "quantity": quantity,
                "price": decimal(product.get("item_price")),
                "currency": named(product, "currency", longest=LONGEST_WORD),
            }
        )
    text = clean("\n".join(line for line in lines if line), LONGEST_TEXT)
    return Content("order", text, details={"order": bounded(ordered, len(ordered))})


def _system(_: str, found: object) -> Content:
    return Content("system", first(object_of(found), "body"), from_contact=False)


def _unsupported(_: str, found: object) -> Content:
    word = clean(object_of(found).get("type"), LONGEST_WORD) or "unsupported"
    return unsupported(word, from_contact=word not in NOT_WRITTEN)


READERS: dict[str, Callable[[str, object], Content | None]] = {
    "text": _text,
    **dict.fromkeys(sorted(MEDIA), _media),
    "location": _location,
    "contacts": _cards,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
}


# --- what is done to an earlier one -----------------------------------------------------------


def _reaction(found: Json) -> Json | None:
    target = identifier(found.get("message_id"))
    if target is None:
        return None
    emoji = clean(found.get("emoji"), LONGEST_WORD)  # absent or empty: taken back
    return {"what": "reaction", "target": target, "emoji": emoji}


def _edit(found: Json) -> Json | None:
    target = identifier(found.get("original_message_id"))
    content = _content(object_of(found.get("message")))
    if target is None or content.kind == "unsupported":
        return None
    return {"what": "edit", "target": target, "text": content.text}


def _deletion(found: Json) -> Json | None:
    target = identifier(found.get("original_message_id"))
    return None if target is None else {"what": "deletion", "target": target}


MARKS: dict[str, Callable[[Json], Json | None]] = {
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _deletion,
}


# --- what becomes of persons ------------------------------------------------------------------


def _system_change(received: Json, person: Person) -> tuple[Person, Person] | None:
    """By which ids a person went and goes, if a system message tells of both (META.md §2)."""
    told = object_of(received.get("system"))
    word = told.get("type")
    known = isinstance(word, str) and word in NUMBER_CHANGES | ID_CHANGES
    if not known:
        return None
    phone, user_id = ids_of(
        (received.get("from"), told.get("customer")),
        (received.get("from_user_id"), told.get("previous_user_id")),
    )
    new_phone, new_user_id = ids_of(
        (told.get("new_wa_id"), told.get("wa_id")), (told.get("user_id"),)
    )
    before = Person(phone, user_id)
    after = Person(new_phone, new_user_id, person.username, person.name)
    if not (phone or user_id) or not (new_phone or new_user_id):
        return None
    news = new_phone not in (None, phone) or new_user_id not in (None, user_id)
    return (before, after) if news else None


def moved(source: Source, body: Json) -> Moved:
    """A person's user id became another, told apart from any message (META.md §3)."""
    received = object_of(body.get("received"))
    contact = object_of(body.get("contact"))
    ids = object_of(received.get("user_id"))
    known = subject_of({"wa_id": received.get("wa_id"), "user_id": ids.get("current")}, contact)
    phone, before = ids_of((received.get("wa_id"), contact.get("wa_id")), (ids.get("previous"),))
    return Moved(
        channel=source.channel,
        account=source.account,
        portfolio=source.portfolio,
        before=Person(user_id=before) if before else Person(phone=phone),
        after=known,
        at=instant(received.get("timestamp"), source.received_at) or source.received_at,
    )


def preference(source: Source, body: Json) -> Preference:
    """Whether a person wants marketing messages (META.md §2.2)."""
    received = object_of(body.get("received"))
    return Preference(
        channel=source.channel,
        account=source.account,
        portfolio=source.portfolio,
        person=subject_of(received, body.get("contact")),
        marketing=received.get("value") == "resume",
        at=instant(received.get("timestamp"), source.received_at) or source.received_at,
    )


# --- what became of what we sent --------------------------------------------------------------


def receipts(source: Source, body: Json) -> list[Receipt]:
    """Every status of an item."""
    found = []
    for status in objects_of(body.get("received")):
        provider_id = identifier(status.get("id"))
        word = status.get("status")
        if provider_id is None or not isinstance(word, str):
            continue
        callback = status.get("biz_opaque_callback_data")
        found.append(
            Receipt(
                channel=source.channel,
                account=source.account,
                provider_id=provider_id,
                status=clean(word, LONGEST_WORD),
                at=instant(status.get("timestamp"), source.received_at) or source.received_at,
                callback=callback if isinstance(callback, str) else None,
                failure=_failure(status.get("errors")) if word == "failed" else None,
            )
        )
    return found


def _failure(errors: object) -> Failure | None:
    error = next((one for one in list_of(errors) if isinstance(one, dict)), None)
    if error is None:
        return None
    code = identifier(error.get("code")) or ""
    return Failure(
        code=int(code) if NUMBER.fullmatch(code) else UNKNOWN_FAILURE,
        title=clean(first(error, "title", "message"), LONGEST_NAME),
        details=clean(first(object_of(error.get("error_data")), "details"), LONGEST_NAME) or None,
    )
