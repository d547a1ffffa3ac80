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


class MovedOn(Refusal):
    """The chat is no longer as the asker's screen showed it; nothing was changed. `chat`: as it is.

    Who holds it, its department or its attendance have changed since.
    """

    code = "moved_on"


class AgentUnavailable(Refusal):
    """No chat can be given to this agent: unknown, or deactivated (PERM-3)."""

    code = "agent_unavailable"


class EditedMeanwhile(Refusal):
    """Somebody changed it since the asker's screen showed it. `by`: their name, or null."""

    code = "edited_meanwhile"


class ChatbotOff(Refusal):
    """No flow fires while the chatbot is off, as it is without a main flow (FLOW-13)."""

    code = "chatbot_off"


class DepartmentUnavailable(Refusal):
    """No chat can be given to this department: unknown, or deactivated."""

    code = "department_unavailable"


class InUse(Refusal):
    """It cannot be deleted while something uses it. `by`: list of {kind, name or count}."""

    code = "in_use"


class NameTaken(Refusal):
    """Another one of its kind is already called so."""

    code = "name_taken"


class NothingHeardLately(Refusal):
    """Blocking needs a message of the contact in the last 24 hours (BLOCK-1)."""

    code = "nothing_heard_lately"


class TooMany(Refusal):
    """No more of these fit. `limit`: how many do."""

    code = "too_many"


class LastAdministrator(Refusal):
    """Nobody would be left who may manage users."""

    code = "last_administrator"


class ChatExists(Refusal):
    """«Conversa já existente» (NEW-2). `chat_id` and `name`: null unless the asker may read it."""

    code = "chat_exists"


class TemplateGone(Refusal):
    """The template is no longer approved, or no longer there; nothing was sent."""

    code = "template_gone"


class ChannelUnavailable(Refusal):
    """Nothing can be sent from the account. `problem`: events.Channel's, or `missing` for none.

    `disabled`: the agency switched it off.
    """

    code = "channel_unavailable"


class VariablesEmpty(Refusal):
    """SEND-3: variables that stand for nothing here. `variables`: list of {name, reason}.

    Reasons: `unknown`, `empty`, `hidden` (its value is not for this agent), `not_here` (a picture,
    where only text may stand).
    """

    code = "variables_empty"


class TextTooLong(Refusal):
    """Longer than the channel takes. `limit`, `unit` (characters or bytes), `length`."""

    code = "text_too_long"


class FileRefused(Refusal):
    """The channel takes no such file. `reason`: type, too_large, missing, caption_too_long.

    With `limit` in bytes and `kind` where its size is the reason.
    """

    code = "file_refused"


class NotOnThisChannel(Refusal):
    """The channel has no such thing: a template, a reaction, a card."""

    code = "not_on_this_channel"


class QuoteUnavailable(Refusal):
    """What should be quoted is gone, not of this chat, or internal where the answer is not."""

    code = "quote_unavailable"


class MarketingStopped(Refusal):
    """The contact asked Meta for no more marketing messages."""

    code = "marketing_stopped"


class ChannelExists(Refusal):
    """The account is connected already."""

    code = "channel_exists"


class TooLarge(Refusal):
    """The body is larger than the door takes."""

    code = "too_large"


class Unavailable(Refusal):
    """A part of the desk did not answer; asking again is safe."""

    code = "unavailable"


def every_code() -> set[str]:
    """All codes that a door can answer; a test proves that each has its sentence."""
    return {refusal.code for refusal in Refusal.__subclasses__()}
