"""Every DynamoDB call that is made, with what AWS would charge for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient

READ_UNIT_BYTES = 4096
NAMES = re.compile(r"[#:]\w+")

Item = Mapping[str, Mapping[str, Any]]


@dataclass
class Bill:
    """Calls by name, in order, and their write and read units."""

    calls: list[str] = field(default_factory=list)
    write_units: float = 0
    read_units: float = 0


@contextmanager
def metered() -> Iterator[Bill]:
    """What is asked of DynamoDB inside the block, by whichever client: pynamodb has its own.

    Write units are what the service reports: it counts each index by the entries that change there,
    and a transaction's table rows twice but its index entries once, as AWS does. Read units are
    computed from the bytes read, because the emulator reports a flat one: a row that a filter drops
    is read all the same, so a query that left out or cut down rows is asked again, uncounted and
    without its filter, for the bytes of what it scanned.
    """
    bill = Bill()
    untouched = BaseClient._make_api_call

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name != "dynamodb":
            return untouched(client, operation, parameters)
        bill.calls.append(operation)
        answer = untouched(client, operation, {**parameters, "ReturnConsumedCapacity": "INDEXES"})
        if operation == "GetItem":
            bill.read_units += read_units(
                size(answer.get("Item", {})), consistent=parameters.get("ConsistentRead")
            )
        elif operation == "BatchGetItem":
            bill.read_units += batch_read_units(parameters, answer)
        elif operation in ("Query", "Scan"):
            whole = answer["Count"] == answer["ScannedCount"] and not (
                {"ProjectionExpression", "Select"} & parameters.keys()
            )
            scanned = (
                answer if whole else untouched(client, operation, unfiltered(parameters, answer))
            )
            bill.read_units += read_units(
                sum(map(size, scanned["Items"])), consistent=parameters.get("ConsistentRead")
            )
        else:
            bill.write_units += reported(answer["ConsumedCapacity"])
        return answer

    BaseClient._make_api_call = call
    try:
        yield bill
    finally:
        BaseClient._make_api_call = untouched


def reported(consumed: Any) -> float:
    """The units of all tables of one answer, their indexes included."""
    entries = consumed if isinstance(consumed, list) else [consumed]
    return float(sum(entry["CapacityUnits"] for entry in entries))


def read_units(read_bytes: int, *, consistent: bool | None) -> float:
    """Started units of 4 KB, half price for eventually consistent; nothing found costs one too."""
    return max(1, math.ceil(read_bytes / READ_UNIT_BYTES)) * (1.0 if consistent else 0.5)


def batch_read_units(parameters: dict[str, Any], answer: dict[str, Any]) -> float:
    """Every asked row rounds up by itself."""
    total = 0.0
    for table, asked in parameters["RequestItems"].items():
        found = answer["Responses"].get(table, [])
        sizes = [*map(size, found), *[0] * (len(asked["Keys"]) - len(found))]
        total += sum(read_units(one, consistent=asked.get("ConsistentRead")) for one in sizes)
    return total


def unfiltered(parameters: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The same query for all that it scanned: no filter, no projection, no mere count."""
    dropped = ("FilterExpression", "ProjectionExpression", "Select", "ReturnConsumedCapacity")
    asked = {name: value for name, value in parameters.items() if name not in dropped}
    if "LastEvaluatedKey" in answer:
        asked["Limit"] = answer["ScannedCount"]
    used = set(NAMES.findall(asked.get("KeyConditionExpression", "")))
    for names in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        kept = {name: value for name, value in asked.pop(names, {}).items() if name in used}
        if kept:
            asked[names] = kept
    return asked


def size(item: Item) -> int:
    """The bytes of a row as DynamoDB counts them: names and values.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """The bytes of one typed value."""
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return len(held.strip("-0.").replace(".", "")) // 2 + 2
    if kind == "B":
        return len(held)
    if kind == "SS":
        return sum(len(one.encode()) for one in held)
    if kind == "L":
        return 3 + sum(1 + value_size(one) for one in held)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_size(one) for name, one in held.items())
    return 1  # BOOL, NULL
