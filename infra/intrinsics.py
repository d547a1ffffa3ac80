"""CloudFormation's functions as Python ones, so that resources read as sentences."""

from typing import Any

Properties = dict[str, Any]


def ref(name: str) -> Properties:
    """The physical id of a resource, or the value of a parameter."""
    return {"Ref": name}


def att(name: str, attribute: str = "Arn") -> Properties:
    """An attribute of a resource, its ARN unless another is named."""
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str) -> Properties:
    """`text` with every `${Name}` or `${Name.Attribute}` filled in."""
    return {"Fn::Sub": text}


def when(condition: str, then: Any, otherwise: Any) -> Properties:
    """`then` where the condition holds, `otherwise` where it does not."""
    return {"Fn::If": [condition, then, otherwise]}


NOTHING = ref("AWS::NoValue")


def arn(service: str, resource: str) -> Properties:
    """An ARN of this account and region: `arn("ssm", "parameter/x")`."""
    return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")


def allow(actions: list[str], *resources: Any) -> Properties:
    """One statement of a role: these actions on these resources, both named."""
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def role(service: str, name: str, statements: list[Properties]) -> Properties:
    """A role that one AWS service may take on, able to do what the statements say."""
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": service},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
                    }
                ],
            },
            "Policies": [policy(name, statements)],
        },
    }


def policy(name: str, statements: list[Properties]) -> Properties:
    """An inline policy as a role holds it."""
    return {
        "PolicyName": name,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
    }
