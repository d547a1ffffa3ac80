"""The log: structured, with a correlation id, and never a text, a phone or a document number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The process's logger; its level and service name are the stack's."""
    from aws_lambda_powertools import Logger

    return Logger(service="atendente")
