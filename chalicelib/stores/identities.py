"""Which chat an id of a person leads to (INB-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.ids import ChatId
from chalicelib.stores.tables import IdentityRow, Row, identity_pk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.contact import Identity


def find(identities: Sequence[Identity], *, consistent: bool = False) -> dict[str, ChatId]:
    """The chat of each id that is known, by the id's own form. One batch read."""
    keys = {identity_pk(str(one)): str(one) for one in identities}
    rows = Row.batch_get([(key, key) for key in keys], consistent_read=consistent)
    return {keys[row.pk]: ChatId(row.chat_id) for row in rows if isinstance(row, IdentityRow)}
