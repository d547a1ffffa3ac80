"""Refusals: a code and fields for machines; the web owns the sentences."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """The desk refuses, for a reason that the asker can act on. Nothing was changed."""

    code: ClassVar[str]

    def __init__(self, **fields: Any) -> None:
        super().__init__(self.code)
        self.fields = fields


class NotFound(Refusal):
    """It does not exist, or this viewer may not see it: the two are not told apart (PERM-2)."""

    code = "not_found"


class Forbidden(Refusal):
    """The viewer lacks the permission that the door names."""

    code = "forbidden"


class AgentInactive(Refusal):
    """The login is valid, but there is no active agent behind it (PERM-3)."""

    code = "agent_inactive"


class Unauthenticated(Refusal):
    """No usable identity: not an id token, a wrong signature, a used ticket."""

    code = "unauthenticated"


class Invalid(Refusal):
    """The request has the wrong shape. `fields`: list of {path, reason}."""

    code = "invalid"


class SessionClosed(Refusal):
    """Free text needs a valid session (SEND-1)."""

    code = "session_closed"


class ContactBlocked(Refusal):
    """Nothing goes out to a blocked contact (BLOCK-2)."""

    code = "contact_blocked"


class ClientKeyReused(Refusal):
    """The idempotency key already names another message (SEND-12)."""

    code = "client_key_reused"


class ClockSkew(Refusal):
    """The key's time lies in the server's future. `server_now`: the server's clock."""

    code = "clock_skew"


class ClientKeyExpired(Refusal):
    """The key is older than a message may wait on a device (SEND-12)."""

    code = "client_key_expired"


class NotFailed(Refusal):
    """Only a failed or unknown message can be sent again (CHAT-6)."""

    code = "not_failed"


class Contended(Refusal):
    """Too many changed the same chat at once; asking again with the same key is safe."""

    code = "contended"


class TooLarge(Refusal):
    """The body is larger than the door takes."""

    code = "too_large"


class Unavailable(Refusal):
    """A part of the desk did not answer; asking again is safe."""

    code = "unavailable"


def every_code() -> set[str]:
    """All codes that a door can answer; a test proves that each has its sentence."""
    return {refusal.code for refusal in Refusal.__subclasses__()}
