"""What support codes are made of is made once for each agency, and known to the operator."""

import pytest
from moto import mock_aws

from chalicelib.domain.support_code import code
from infra.deploy import support_secret
from infra.place import Place
from infra.support_code import known
from tests.builders import NOON
from tests.fakes import REGION

PREFIX = "/atendente/exemplo"


@pytest.fixture
def place(monkeypatch):
    """An account in which nothing is."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Place(REGION)


def test_a_deployment_makes_it_and_the_next_one_keeps_it(place):
    """CODE-2 OPS-2"""
    ssm = place.client("ssm")
    first = support_secret(ssm, PREFIX)
    assert support_secret(ssm, PREFIX) == first
    assert len(first) == 64
    assert support_secret(ssm, "/atendente/outra") != first
    told = ssm.get_parameter(Name=f"{PREFIX}/support/secret")["Parameter"]
    assert told["Type"] == "SecureString"


def test_the_operator_knows_a_code_by_it(place):
    """CODE-2"""
    secret = support_secret(place.client("ssm"), PREFIX)
    support_secret(place.client("ssm"), "/atendente/outra")
    given = code(secret, NOON)
    assert known(place, PREFIX, given, NOON)
    assert not known(place, "/atendente/outra", given, NOON)
