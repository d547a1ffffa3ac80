"""A queued message goes to its channel: at most once, in the order of its chat (SEND)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands.settle import settle
from chalicelib.commands.sync_templates import OUTDATED, ask
from chalicelib.domain.delivery import (
    AnswerLost,
    NotSent,
    Refused,
    RetryIn,
    Status,
    advance,
    after_not_sent,
    after_refusal,
    callback_data,
    policy_of,
)
from chalicelib.domain.inbound import Failure, Person
from chalicelib.domain.instants import to_ms
from chalicelib.domain.media import BYTES
from chalicelib.domain.message import LEASE
from chalicelib.domain.outgoing import Way, typed_by_a_human, way
from chalicelib.gateways.meta import messenger, whatsapp
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Stale

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.media import File
    from chalicelib.domain.message import Message
    from chalicelib.domain.outgoing import Sender
    from chalicelib.world import World

TAKEN = timedelta(seconds=2)
NO_TOKEN = Failure(190, "Error validating access token")
BLOCKED = Failure(130403, "Business has blocked the user")
SWITCHED_OFF = Failure(900, "The channel is switched off")  # ours: no code of Meta's
FILE_GONE = Failure(131053, "Media upload error", "The file is no longer there")
KEPT_BY_META = timedelta(days=30)  # what is uploaded (META.md §5)
MARGIN = timedelta(hours=1)
LONG_UPLOAD = timedelta(seconds=4)


def deliver(world: World, chat_id: str, key: MessageKey) -> timedelta | None:
    """Send the message if it is still queued. Returns after how long to come back, or None.

    `queued → sending` is a lease: whoever dies between it and the answer leaves a message that
    may have gone out, which the next delivery finds and calls `unknown`. It is never sent again
    by itself. WhatsApp's files are uploaded before the lease, since to upload one twice harms
    nobody. An internal message is never queued, and is let go if it were (SEND-7).
    """
    chat, messages = store.load_with_messages(chat_id, [key])
    message = messages.get(key)
    if chat is not None and chat.merged_into is not None:
        chat = store.resolve(chat.merged_into)
    if chat is None or chat.erasing or message is None or message.status is None:
        return None
    if message.internal:
        return None
    if message.status is Status.SENDING:
        return _left_behind(world, message)
    if message.status is not Status.QUEUED:
        return None
    refusal = _refusal(world, chat, message)
    if refusal is not None:
        _fail(world, chat, message, refusal)
        return None
    return _Delivery(world, chat, world.sender(chat.channel, message.account)).deliver(message)


def _refusal(world: World, chat: Chat, message: Message) -> Failure | None:
    """Why it is not even tried: the contact is blocked (BLOCK-2), the channel unusable (INB-10)."""
    if chat.blocked:
        return BLOCKED
    if not world.sender(chat.channel, message.account).active:
        return SWITCHED_OFF
    return None if _token(world, chat, message.account) else NO_TOKEN


def _token(world: World, chat: Chat, account: str) -> str:
    """The account's token; without one, whether it was given since this process last looked."""
    for mismatch in (False, True):
        secrets = world.secrets.of(chat.channel, mismatch=mismatch).get(account)
        if secrets is not None and secrets.token:
            return secrets.token
    return ""


class _Delivery:
    """One message on its way to its channel."""

    def __init__(self, world: World, chat: Chat, sender: Sender) -> None:
        self.world = world
        self.chat = chat
        self.sender = sender
        self.person = Person(phone=chat.phone, user_id=chat.user_id)
        self.token = _token(world, chat, sender.account)
        self.graph = messenger.graph_of(world, sender, self.token)

    def deliver(self, message: Message) -> timedelta | None:
        """Upload what has to be, lease and send."""
        began_at = self.world.now()
        try:
            ready = self._uploaded(message)
        except (Refused, NotSent, AnswerLost) as no:
            return self._put_off(message, no)
        except Stale:
            return TAKEN
        if self.world.now() - began_at > LONG_UPLOAD:
            return TAKEN  # what is left of this function's life may be too short for the rest
        try:
            leased = _lease(self.world, ready)
        except Stale:
            return TAKEN
        return self._send(leased)

    def _uploaded(self, message: Message) -> Message:
        """The message with what WhatsApp calls its files, kept for further tries."""
        if self.chat.channel != "whatsapp" or not message.files:
            return message
        good_until = to_ms(self.world.now() + MARGIN)
        if all(
            file.remote_id and (file.remote_until_ms or 0) > good_until for file in message.files
        ):
            return message
        files = tuple(self._upload(file) for file in message.files)
        ready = replace(message, files=files, version=message.version + 1)
        store.save_message(ready)
        return ready

    def _upload(self, file: File) -> File:
        facts = None if file.key is None else self.world.files.facts(file.key)
        if file.key is None or facts is None:
            raise Refused(FILE_GONE)
        remote_id = self.graph.upload(
            self.sender.account,
            self.world.files.open(file.key),
            size=facts.size,
            mime_type=whatsapp.upload_type(file),
        )
        until = to_ms(self.world.now() + KEPT_BY_META)
        return replace(file, remote_id=remote_id, remote_until_ms=until)

    def _put_off(self, message: Message, no: Refused | NotSent | AnswerLost) -> timedelta | None:
        """An upload failed: nothing went out, so that it is tried again, or given up visibly."""
        if self._token_was_replaced(no):
            return TAKEN
        tried = replace(message, attempts=message.attempts + 1)
        verdict = (
            after_refusal(no, tried.attempts)
            if isinstance(no, Refused)
            else after_not_sent(tried.attempts)
        )
        if isinstance(verdict, RetryIn):
            return _release(tried, verdict)
        _fail(self.world, self.chat, message, verdict.failure)
        return None

    def _send(self, message: Message) -> timedelta | None:
        try:
            sent = self.graph.send(messenger.place(self.sender), self._content(message))
        except (Refused, NotSent) as no:
            if self._token_was_replaced(no):
                return _release(message, RetryIn(TAKEN))
            verdict = (
                after_refusal(no, message.attempts)
                if isinstance(no, Refused)
                else after_not_sent(message.attempts)
            )
            if isinstance(verdict, RetryIn):
                return _release(message, verdict)
            _fail(self.world, self.chat, message, verdict.failure)
            return None
        except AnswerLost:
            _mark(self.world, message, Status.UNKNOWN)
            return None
        # Before the mark: a message that is settled is not looked at again.
        if channels.problem(self.chat.channel, message.account) is not None:
            channels.set_problem(self.chat.channel, message.account, None)
        _mark(self.world, message, Status.SENT, provider_id=sent.provider_id)
        return None

    def _token_was_replaced(self, no: Refused | NotSent | AnswerLost) -> bool:
        """Whether Meta refused a token in whose place another was given meanwhile (INB-10)."""
        if not isinstance(no, Refused):
            return False
        if policy_of(no.failure).channel_problem != "token_invalid":
            return False
        told = self.world.secrets.of(self.chat.channel, mismatch=True)
        now = told.get(self.sender.account)
        return now is not None and bool(now.token) and now.token != self.token

    def _content(self, message: Message) -> dict[str, Any]:
        """The body of the request. Raises Refused when there is nobody to send to."""
        callback = callback_data(message.chat_id, message.key)
        if self.chat.channel == "whatsapp":
            return whatsapp.message(self.person, message, callback)
        address = None
        if message.files:
            file = message.files[0]
            if file.key is None:
                raise Refused(FILE_GONE)
            address = self.world.files.for_meta(file.key, file.mime_type or BYTES)
        return messenger.message(
            self.sender,
            self.person,
            message,
            way=self._way(message),
            callback=callback,
            address=address,
        )

    def _way(self, message: Message) -> Way:
        """SEND-14, decided now: the session may have ended since it was typed.

        Outside of every window it goes as it is, for Meta to say that it is too late.
        """
        human = typed_by_a_human(message) and self.world.may_answer_as_human(self.chat)
        return way(self.chat, self.world.now(), human=human) or Way.FREE


def _lease(world: World, message: Message) -> Message:
    leased = replace(
        message,
        status=Status.SENDING,
        attempts=message.attempts + 1,
        leased_until=world.now() + LEASE,
        version=message.version + 1,
    )
    store.save_message(leased)
    return leased


def _left_behind(world: World, message: Message) -> timedelta | None:
    """Somebody took the lease: wait while it lasts; after that, what they did is unknown."""
    left = (message.leased_until or world.now()) - world.now()
    if left > timedelta(0):
        return left
    _mark(world, message, Status.UNKNOWN)
    return None


def _release(message: Message, verdict: RetryIn) -> timedelta | None:
    """Back to `queued`, which the screen shows like `sending`: no revision is owed."""
    try:
        store.save_message(
            replace(message, status=Status.QUEUED, leased_until=None, version=message.version + 1)
        )
    except Stale:
        return None  # a receipt was faster: it did go out
    return verdict.delay


def _fail(world: World, chat: Chat, message: Message, failure: Failure) -> None:
    if message.template is not None and failure.code in OUTDATED:
        ask(world, chat.portfolio)  # what is known of templates is old
    problem = policy_of(failure).channel_problem
    if problem is not None:  # before the mark, for the same reason
        channels.set_problem(chat.channel, message.account, problem)
    _mark(world, message, Status.FAILED, failure=failure)


def _mark(
    world: World,
    message: Message,
    status: Status,
    *,
    failure: Failure | None = None,
    provider_id: str | None = None,
) -> None:
    def verdict(now: Message) -> Message:
        if now.status is None:
            return now
        reached = advance(now.status, status)
        if reached is now.status and (provider_id is None or now.provider_id == provider_id):
            return now
        after = now.advanced(reached, failure=failure or now.failure, provider_id=provider_id)
        # Nobody may hear of it again: if so, the chat says it after a while.
        return replace(after, unknown_at=world.now()) if reached is Status.UNKNOWN else after

    settle(world, message.chat_id, {message.key: verdict})
