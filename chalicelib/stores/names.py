"""Names that only one may have: a row for each, written with what is called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.chats import Write
from chalicelib.stores.tables import NameRow, name_pk

if TYPE_CHECKING:
    from collections.abc import Iterable


def moved(kind: str, subject: str, *, before: str | None, after: str | None) -> Iterable[Write]:
    """The writes by which `subject` lets go of one name and takes another, in one form each.

    Who was faster in taking it makes the transaction Stale.
    """
    if before == after:
        return
    if before is not None:
        yield Write(NameRow(name_pk(kind), before, subject=subject), delete=True)
    if after is not None:
        free = NameRow.pk.does_not_exist() | (NameRow.subject == subject)
        yield Write(NameRow(name_pk(kind), after, subject=subject), free)
