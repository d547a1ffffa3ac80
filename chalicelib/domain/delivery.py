"""What becomes of a message we send: statuses that never go back, and what each refusal means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.inbound import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(StrEnum):
    """How far a message got (CHAT-4). `unknown`: it may have gone out, the answer was lost."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"


# Members stand in the order of what is known, each beating those before it. A failure beats `sent`
# (Meta accepts first and fails later) and is beaten by proof of arrival, so that the highest of a
# set of news is the answer, whatever their order (META.md §2.1, INB-4).
RANK = {status: rank for rank, status in enumerate(Status)}

PROVIDER_WORDS = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,
    "failed": Status.FAILED,
}


def advance(current: Status, incoming: Status) -> Status:
    """The status after this news; never one that says less than `current`."""
    return max(current, incoming, key=RANK.__getitem__)


def from_provider(word: str) -> Status | None:
    """The status that the provider's word stands for; None for words that change nothing."""
    return PROVIDER_WORDS.get(word)


# --- how a send can end badly -----------------------------------------------------------------


class Refused(Exception):
    """The provider said no, with a reason: nothing was sent.

    `retry_after`: how long it asked us to wait. `transient`: it said that this will pass.
    """

    def __init__(
        self, failure: Failure, retry_after: timedelta | None = None, *, transient: bool = False
    ) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.retry_after = retry_after
        self.transient = transient


class NotSent(Exception):
    """The request certainly never left: sending again cannot double anything."""


class AnswerLost(Exception):
    """The request may have arrived, and nobody knows what became of it: never send it again."""


# --- what to do about a refusal ---------------------------------------------------------------

ChannelProblem = Literal["token_invalid", "restricted", "billing", "permission"]
PATIENCE = timedelta(minutes=10)  # how long one message may hold its chat's lane


@dataclass(frozen=True)
class Policy:
    """What a code asks for: `retry` soon, `wait` longer, or `stop` and explain.

    `delays`: the pause after the first attempt, after the second, and so on; their sum stays within
    PATIENCE. `channel_problem`: what the refusal says about the whole account (INB-10).
    """

    action: Literal["retry", "wait", "stop"]
    delays: tuple[timedelta, ...] = ()
    channel_problem: ChannelProblem | None = None

    @property
    def attempts(self) -> int:
        """How often the message is tried in all."""
        return len(self.delays) + 1

    def delay(self, attempt: int) -> timedelta | None:
        """The pause after this attempt (the first is 1); None when it was the last."""
        place = max(attempt, 1) - 1
        return self.delays[place] if place < len(self.delays) else None


def _seconds(*seconds: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=one) for one in seconds)


EXPONENTIAL = Policy("retry", _seconds(1, 2, 4, 8, 16, 32, 64))
FEW = Policy("retry", _seconds(2, 8))
PAIR_LIMIT = Policy("retry", _seconds(1, 4, 16, 64, 256))  # 4^n, as Meta asks
WAIT = Policy("wait", _seconds(30, 60, 120, 180, 180))
STOP = Policy("stop")
TOKEN_INVALID = Policy("stop", channel_problem="token_invalid")
PERMISSION = Policy("stop", channel_problem="permission")
RESTRICTED = Policy("stop", channel_problem="restricted")
BILLING = Policy("stop", channel_problem="billing")
SPAM_LIMIT = Policy("wait", WAIT.delays, channel_problem="restricted")


def _table(*rows: tuple[Policy, Iterable[int]]) -> dict[int, Policy]:
    return {code: policy for policy, codes in rows for code in codes}


# META.md §10. Codes on which only a person can act are listed too, so that a provider's «this will
# pass» does not overrule what is known of them.
POLICIES = _table(
    (TOKEN_INVALID, [0, 190]),
    (FEW, [1, 131000, 139102, 139103]),
    (EXPONENTIAL, [2, 130429, 131016, 133004]),
    (PAIR_LIMIT, [131056]),
    (WAIT, [4, 17, 32, 341, 613, 80007, 131057, 131064, 132069, 133000, 133015, 133016]),
    (SPAM_LIMIT, [131048, 471]),
    (PERMISSION, [3, 10, 131005, *range(200, 300)]),
    (RESTRICTED, [368, 131031]),
    (BILLING, [131042]),
    (STOP, [33, 100, 470, 472]),
    (STOP, [130403, 130472, 130497, 131008, 131009, 131021, 131026, 131030, 131037, 131045]),
    (STOP, [131047, 131049, 131050, 131051, 131052, 131053, 131055, 131062, 131063]),
    (STOP, [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068]),
    (STOP, [133005, 133006, 133008, 133009, 133010, 134011, 135000, 137000, 139100, 139101]),
    (STOP, range(147001, 147006)),
    (STOP, [551, 2018300, 9000001]),  # Messenger's and Instagram's (META.md §8)
)


# META.md §8: Messenger and Instagram tell the reasons of one code apart by a second one.
BY_SUBCODE = {
    (code, subcode): policy
    for policy, pairs in (
        (STOP, [(10, 2018278), (10, 2534022)]),  # outside of the window
        (STOP, [(10, 2018300), (100, 2534037)]),  # another app has the thread
        (STOP, [(551, 1545041), (200, 1545041)]),  # the person is not to be reached
        (STOP, [(100, 2018001), (100, 2534014)]),  # nobody goes by that id
        (STOP, [(100, 2018047), (100, 2018008), (100, 2018109), (100, 2018294)]),  # the file
        (RESTRICTED, [(10, 1893063)]),
        (PERMISSION, [(200, 2534041)]),  # the owner took the access away
        (WAIT, [(613, 2534040)]),
    )
    for code, subcode in pairs
}


def policy(code: int, subcode: int | None = None) -> Policy:
    """What a code asks for; a code that nobody told us of stops.

    A second code says more than the first, where it is one that we know.
    """
    if subcode is not None and (code, subcode) in BY_SUBCODE:
        return BY_SUBCODE[code, subcode]
    return POLICIES.get(code, STOP)


def policy_of(failure: Failure) -> Policy:
    """What a failure asks for."""
    return policy(failure.code, failure.subcode)


@dataclass(frozen=True)
class RetryIn:
    """Send the same message again after `delay`."""

    delay: timedelta


@dataclass(frozen=True)
class Fail:
    """Give up, and show why."""

    failure: Failure


UNREACHABLE = Failure(2, "Service unreachable")


def after_refusal(refused: Refused, attempt: int) -> RetryIn | Fail:
    """What to do after the `attempt`-th try (the first is 1) was refused.

    The table decides for codes it knows; for others, whether the provider called it transient. A
    wait that the provider asks for is kept, unless it would hold the chat for more than PATIENCE.
    """
    code = refused.failure.code
    known = code in POLICIES
    chosen = policy_of(refused.failure) if known or not refused.transient else EXPONENTIAL
    delay = chosen.delay(attempt)
    asked = refused.retry_after or timedelta(0)
    if delay is None or asked * max(attempt, 1) > PATIENCE:
        return Fail(refused.failure)
    return RetryIn(max(delay, asked))


def after_not_sent(attempt: int) -> RetryIn | Fail:
    """What to do after the `attempt`-th try (the first is 1) did not reach the provider."""
    delay = EXPONENTIAL.delay(attempt)
    return Fail(UNREACHABLE) if delay is None else RetryIn(delay)


# --- what we attach to a send -----------------------------------------------------------------

CALLBACK = re.compile(r"a1/([0-9A-Za-z._:-]{1,200})/([0-9A-Za-z._:-]{1,200})")


def callback_data(chat_id: str, message_key: str) -> str:
    """What a status must bring back to find its message; at most 512 characters.

    Raises ValueError for ids that would not come back whole.
    """
    attached = f"a1/{chat_id}/{message_key}"
    if CALLBACK.fullmatch(attached) is None:
        raise ValueError("an id does not fit in the callback data")
    return attached


REACTION = "r1/"  # what is said of a reaction is not said of its message


def reaction_callback(chat_id: str, message_key: str) -> str:
    """What a status must bring back to find the message that our reaction was put on."""
    return REACTION + callback_data(chat_id, message_key)


def read_reaction_callback(attached: str | None) -> tuple[str, str] | None:
    """As `read_callback`, of a reaction."""
    if attached is None or not attached.startswith(REACTION):
        return None
    return read_callback(attached.removeprefix(REACTION))


def read_callback(attached: str | None) -> tuple[str, str] | None:
    """Chat id and message key from what came back; None if it is not ours."""
    found = CALLBACK.fullmatch(attached or "")
    return None if found is None else (found[1], found[2])
