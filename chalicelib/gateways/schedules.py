"""The clock that keeps promises: one-time schedules of EventBridge Scheduler (SCH-7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from chalicelib.domain.timer import Timer


class Schedules:
    """One stack's group of schedules, each of which puts its promise on the queue `due`."""

    def __init__(self, group: str, role: str, target: str, region: str) -> None:
        self._group = group
        self._role = role
        self._target = target
        self._region = region
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The Scheduler client of this process, opened at the first use."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.client(
                "scheduler",
                region_name=self._region,
                config=Config(read_timeout=10, connect_timeout=2),
            )
        return self._client

    def arm(self, timer: Timer) -> None:
        """Have the promise brought to the queue `due` at its time; once armed, again is the same.

        The schedule is rounded up to a whole second, and is gone once it has fired.
        """
        try:
            self.client.create_schedule(
                Name=timer.name,
                GroupName=self._group,
                ScheduleExpression=f"at({_whole(timer):%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._target,
                    "RoleArn": self._role,
                    "Input": json.dumps(timer.told()),
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise


def _whole(timer: Timer) -> Any:
    from datetime import timedelta

    at = timer.at
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)
