"""Graph errors: their codes, texts and body (META.md 10)."""

from dataclasses import dataclass

from .identifiers import new_trace_id
from .wire import Json

HREF = (
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"
)


@dataclass(frozen=True)
class Known:
    """What Meta says for a code: HTTP status, title, usual details."""

    http: int
    title: str
    details: str = ""
    transient: bool = False


KNOWN: dict[int, Known] = {
    0: Known(401, "AuthException", "We were unable to authenticate the app user."),
    1: Known(400, "API Unknown", "An unknown error occurred.", transient=True),
    2: Known(503, "API Service", "Service temporarily unavailable.", transient=True),
    3: Known(500, "API Method", "Capability or permissions issue."),
    4: Known(400, "API Too Many Calls", "The app has reached its API call rate limit."),
    10: Known(403, "Permission Denied", "Permission is either not granted or has been removed."),
    33: Known(400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: Known(400, "Invalid parameter"),
    190: Known(401, "Access token has expired", "The access token has expired."),
    230: Known(403, "User consent is required to access user profile"),
    551: Known(400, "This person isn't available right now."),
    613: Known(400, "Calls to this api have exceeded the rate limit.", transient=True),
    368: Known(403, "Temporarily blocked for policies violations", "The account is restricted."),
    80007: Known(400, "Rate limit issues", "The WhatsApp Business Account reached its rate limit."),
    130403: Known(
        400,
        "Business has blocked the user",
        "Unable to deliver the message. This business has blocked the end user on WhatsApp",
    ),
    130429: Known(400, "Rate limit hit", "Cloud API message throughput has been reached."),
    130472: Known(400, "User's number is part of an experiment", "Message was not sent."),
    130497: Known(403, "Business account is restricted from messaging users in this country"),
    131000: Known(500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: Known(403, "Access denied", "Permission is either not granted or has been removed."),
    131008: Known(400, "Required parameter is missing"),
    131009: Known(400, "Parameter value is not valid"),
    131016: Known(500, "Service unavailable", "A service is temporarily unavailable."),
    131021: Known(400, "Recipient cannot be sender", "Sender and recipient number is the same."),
    131026: Known(400, "Message undeliverable", "Message Undeliverable."),
    131030: Known(400, "Recipient phone number not in allowed list"),
    131031: Known(403, "Account has been locked", "The account was restricted or disabled."),
    131037: Known(400, "WhatsApp provided number needs display name approval before sending"),
    131042: Known(
        400, "Business eligibility payment issue", "There was an error with the payment method."
    ),
    131045: Known(500, "Incorrect certificate", "Phone number registration error."),
    131047: Known(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last"
        " replied to this number.",
    ),
    131048: Known(400, "Spam rate limit hit", "Too many messages were blocked or flagged as spam."),
    131049: Known(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "Per-user marketing limit.",
    ),
    131050: Known(
        400, "User has stopped marketing messages", "The user opted out of marketing messages."
    ),
    131051: Known(400, "Unsupported message type", "Message type is not currently supported."),
    131052: Known(400, "Media download error", "Failed to download the media from the sender."),
    131053: Known(400, "Media upload error", "Failed to process the media used in the message."),
    131055: Known(400, "Method not allowed"),
    131056: Known(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number"
        " to the same phone number in a short period of time.",
    ),
    131057: Known(500, "Account in maintenance mode", "The account is in maintenance mode."),
    131062: Known(400, "Recipient is not allowed for this message", "Use a phone number."),
    131063: Known(400, "Marketing messages are disabled on Cloud API for this account"),
    131064: Known(400, "Limited because of template misclassification"),
    132000: Known(400, "Number of parameters does not match the expected number of params"),
    132001: Known(404, "Template name does not exist in the translation"),
    132005: Known(400, "Translated text too long"),
    132007: Known(400, "Template format character policy violated"),
    132008: Known(400, "Template parameter is not valid"),
    132012: Known(400, "Parameter format does not match format in the created template"),
    132015: Known(400, "Template is paused", "Template is paused due to low quality."),
    132016: Known(400, "Template is disabled", "Template was paused too many times."),
    133004: Known(503, "Server temporarily unavailable", "Server is temporarily unavailable."),
    133010: Known(400, "Phone number not registered", "The account is not registered."),
    134011: Known(400, "WhatsApp Payments terms of service have not been accepted"),
    135000: Known(400, "Generic user error", "Message failed to send because of a user error."),
    137000: Known(400, "Identity key hash mismatch"),
    139100: Known(400, "Failed to block/unblock users", "Failed to block some users."),
    139101: Known(400, "Blocklist limit reached"),
    139102: Known(400, "Blocklist concurrent update"),
    139103: Known(500, "Internal error"),
}


class GraphError(Exception):
    """A refusal. `message` and `http` override what is known of the code."""

    def __init__(
        self,
        code: int,
        details: str | None = None,
        *,
        message: str | None = None,
        http: int | None = None,
        subcode: int | None = None,
        kind: str = "OAuthException",
        extra: Json | None = None,
        product: str = "whatsapp",
    ) -> None:
        known = KNOWN.get(code, Known(400, "Unknown error"))
        self.code = code
        self.title = known.title
        self.http = http or known.http
        self.message = message or f"(#{code}) {known.title}"
        self.details = known.details if details is None else details
        self.subcode = subcode
        self.kind = kind
        self.transient = known.transient
        self.extra = extra or {}
        self.product = product
        super().__init__(self.message)

    def body(self) -> Json:
        """The HTTP body, in the order in which Graph writes it."""
        error: Json = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details and self.product == "whatsapp":
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = new_trace_id()
        return self.extra | {"error": error}

    def in_status(self) -> Json:
        """The element of `statuses[].errors`."""
        shown: Json = {"code": self.code, "title": self.title, "message": self.title}
        if self.details:
            shown["error_data"] = {"details": self.details}
        return shown | {"href": HREF}


def missing_object(object_id: str, method: str) -> GraphError:
    """Graph's answer for an id that does not exist or that the token may not see."""
    verb = {"GET": "get", "DELETE": "delete"}.get(method, "post")
    return GraphError(
        100,
        "",
        message=f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot"
        " be loaded due to missing permissions, or does not support this operation. Please read"
        " the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )
