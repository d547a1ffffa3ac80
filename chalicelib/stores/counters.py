"""Numbers that are never given twice."""

from __future__ import annotations

from chalicelib.stores.tables import COUNTERS, PROTOCOL_COUNTER, CounterRow

FIRST_PROTOCOL = 100_000


def last_protocol() -> int:
    """The last number that was drawn; before the first, the one below it."""
    try:
        row = CounterRow.get(COUNTERS, PROTOCOL_COUNTER)
    except CounterRow.DoesNotExist:
        return FIRST_PROTOCOL
    return FIRST_PROTOCOL + int(row.value)


def next_protocol() -> str:
    """The next protocol: digits only, unique per agency, short enough to read aloud (CHAT-8).

    A plain atomic ADD before the transaction that uses it: inside, all openings would collide.
    A number drawn and not used leaves a gap.
    """
    counter = CounterRow(COUNTERS, PROTOCOL_COUNTER)
    counter.update(actions=[CounterRow.value.add(1)])
    return str(FIRST_PROTOCOL + int(counter.value))


def next_turn(node: str) -> int:
    """Whose turn it is at a node that gives chats in sequence, of as many as there are (FLOW-5).

    Drawn as a protocol is: fair under concurrency, and one that is not used is passed over.
    """
    counter = CounterRow(COUNTERS, f"TURN#{node}")
    counter.update(actions=[CounterRow.value.add(1)])
    return int(counter.value)
