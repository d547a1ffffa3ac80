"""A template as the mirror has it is filled for one chat, ready to be sent (SEND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors, variables
from chalicelib.domain import template as templates
from chalicelib.domain.media import RULES
from chalicelib.domain.outgoing import Part
from chalicelib.stores import templates as mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.variables import Value


def fill(
    chat: Chat,
    name: str,
    language: str,
    values: Mapping[str, str],
    known: Callable[[Iterable[str]], Mapping[str, Value]],
) -> Part:
    """The part of a message that is this template, its values' variables filled.

    `known` finds what the variables of some texts stand for. Raises NotOnThisChannel, TemplateGone,
    MarketingStopped, VariablesEmpty or Invalid.
    """
    if not RULES[chat.channel]["templates"]:
        raise errors.NotOnThisChannel()
    found = mirror.sendable(chat.portfolio, name, language)
    if chat.marketing_stopped and found.category == "marketing":
        raise errors.MarketingStopped()
    texts = {key: text for key, text in values.items() if key != templates.HEADER_FILE}
    told = known(texts.values())
    variables.check(texts.values(), told, pictures=False)
    expanded = {key: variables.expanded(text, told) for key, text in texts.items()}
    filled = templates.fill(found, {**values, **expanded})
    return Part(
        "template",
        templates.text_of(found, filled),
        details={"template": templates.parts(found, filled)},
        template=filled,
    )
