"""The log: structured, with a correlation id, and never a text, a phone or a document number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

NAMESPACE = "Atendente"

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The process's logger; its level and service name are the stack's."""
    from aws_lambda_powertools import Logger

    return Logger(service="atendente")


def count(name: str) -> None:
    """One more of what is counted under this name, in CloudWatch, by way of the log."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="service", value="atendente")
