"""What pushes are signed with is made once for each agency."""

import re

import pytest
from moto import mock_aws

from chalicelib.gateways.push import Push
from infra.deploy import push_key
from infra.place import Place
from tests.fakes import REGION

PREFIX = "/atendente/exemplo"


@pytest.fixture
def ssm(monkeypatch):
    """The parameters of an account in which nothing is."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Place(REGION).client("ssm")


def test_a_deployment_makes_it_and_the_next_one_keeps_it(ssm):
    """NOTIF-4 OPS-2"""
    first = push_key(ssm, PREFIX)
    assert push_key(ssm, PREFIX) == first
    assert push_key(ssm, "/atendente/outra") != first
    told = ssm.get_parameter(Name=f"{PREFIX}/push/key")["Parameter"]
    assert told["Type"] == "SecureString"


def test_of_two_deployments_at_once_the_first_ones_counts(ssm, monkeypatch):
    """OPS-2"""
    missing = ssm.exceptions.ParameterNotFound({"Error": {}}, "GetParameter")
    look, looks = ssm.get_parameter, iter([missing])

    def late(**asked):
        """Nothing is there at the first look, though the other one has just put it."""
        if (failure := next(looks, None)) is not None:
            ssm.put_parameter(Name=asked["Name"], Value="the other's", Type="SecureString")
            raise failure
        return look(**asked)

    monkeypatch.setattr(ssm, "get_parameter", late)
    assert push_key(ssm, PREFIX) == "the other's"


def test_browsers_can_subscribe_with_it(ssm):
    """NOTIF-4"""
    key = push_key(ssm, PREFIX)
    assert re.fullmatch(r"B[A-Za-z0-9_-]{86}", Push(lambda: key, "", "").public_key())
