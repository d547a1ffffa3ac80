"""What doors take, checked: loaded by the first door that needs it, not at start-up."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chalicelib.domain.listing import Order, Tab

MessageKeyText = Annotated[str, Field(pattern=r"^[0-9]{13}-[0-9a-f]{16}$")]


class Request(BaseModel):
    """Unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class ListQuery(Request):
    """Which page of which list."""

    tab: Tab
    order: Order = Order.NEWEST
    unread: bool = False
    cursor: Annotated[str, Field(max_length=100, pattern=r"^[0-9]{13}#[0-9a-f]+$")] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 30


class MessagesQuery(Request):
    """Messages before a key or after one; with neither, the newest."""

    before: MessageKeyText | None = None
    after: MessageKeyText | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    @model_validator(mode="after")
    def one_way(self) -> MessagesQuery:
        """A page goes one way."""
        if self.before is not None and self.after is not None:
            raise ValueError("before and after exclude each other")
        return self


class SendMessage(Request):
    """Free text. The key makes a repeat the same message (SEND-12)."""

    client_key: MessageKeyText
    text: Annotated[str, Field(min_length=1, max_length=4096)]


class RetryMessage(Request):
    """A new attempt has a key of its own."""

    client_key: MessageKeyText


class MarkRead(Request):
    """The newest message that the reader has on screen."""

    up_to: MessageKeyText
