"""What wakes an operator. docs/operating.md has a page for each alarm, under its name."""

from typing import Any

from infra.functions import FUNCTIONS
from infra.intrinsics import Properties, att, ref, sub
from infra.storage import QUEUES

MINUTE = 60


def alarm(
    meaning: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, Any],
    *,
    over: float = 0,
    statistic: str = "Maximum",
    period: int = 5 * MINUTE,
    times: int = 1,
) -> Properties:
    """An alarm that rings when the metric is over a limit `times` periods (seconds) in a row."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": sub(f"${{Agency}}: {meaning} (docs/operating.md)"),
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": statistic,
            "Period": period,
            "EvaluationPeriods": times,
            "Threshold": over,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [ref("Alarms")],
            "OKActions": [ref("Alarms")],
        },
    }


def alarms() -> dict[str, Properties]:
    """Dead letters, errors, lateness, and the topic that tells of them."""
    found: dict[str, Properties] = {
        "Alarms": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"DisplayName": sub("Atendente ${Agency}")},
        },
        "AlarmsByEmail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "HasAlarmEmail",
            "Properties": {
                "TopicArn": ref("Alarms"),
                "Protocol": "email",
                "Endpoint": ref("AlarmEmail"),
            },
        },
        "StreamFailuresAlarm": queue_alarm(
            "StreamFailures", "changes of the table were given up by dispatch or publish"
        ),
        "SchedulesAlarm": alarm(
            "a timer could not be put on its queue",
            "AWS/Scheduler",
            "InvocationDroppedCount",
            {"ScheduleGroup": ref("Schedules")},
            statistic="Sum",
        ),
        "DoorsFailingAlarm": alarm(
            "doors answer 5xx",
            "AWS/ApiGateway",
            "5XXError",
            {"ApiName": ref("AWS::StackName"), "Stage": "api"},
            over=5,
            statistic="Sum",
        ),
    }
    for name in QUEUES:
        found[f"{name}DeadLettersAlarm"] = queue_alarm(
            f"{name}DeadLetters", f"messages of the queue {name} were given up"
        )
    for name in ("Inbound", "Outbound"):
        found[f"{name}LateAlarm"] = alarm(
            f"messages wait on the queue {name}",
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            {"QueueName": att(f"{name}Queue", "QueueName")},
            over=15 * MINUTE,
        )
    for name, function in FUNCTIONS.items():
        found[f"{name}ErrorsAlarm"] = alarm(
            f"the function {name} raises",
            "AWS/Lambda",
            "Errors",
            {"FunctionName": ref(name)},
            statistic="Sum",
            times=2,
        )
        if function.source and "Stream" in function.source["Properties"]:
            found[f"{name}LateAlarm"] = alarm(
                f"{name} is behind the table",
                "AWS/Lambda",
                "IteratorAge",
                {"FunctionName": ref(name)},
                over=MINUTE * 1000,
                period=MINUTE,
                times=3,
            )
    return found


def queue_alarm(queue: str, meaning: str) -> Properties:
    """Rings as soon as anything lies on a queue that should be empty."""
    return alarm(
        meaning,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": att(queue, "QueueName")},
        period=MINUTE,
    )
