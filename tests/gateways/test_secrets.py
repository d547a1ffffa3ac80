"""Secrets in the parameter store: encrypted, written by name, and never in what is raised."""

import traceback

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.domain import errors
from chalicelib.gateways.secrets import ChannelSecrets, Secrets
from tests.conftest import empty_tables
from tests.fakes import aws

PREFIX = "/atendente/test"
HIDDEN = "EAAhidden"


@pytest.fixture
def secrets():
    with empty_tables(), mock_aws():
        yield Secrets(PREFIX)


def test_what_was_written_is_read_at_once_and_the_rest_stays(secrets):
    """OPS-3"""
    secrets.write("whatsapp", "1", {"token": "t1", "app_secret": "a1", "verify_token": "v1"})
    secrets.write("facebook", "2", {"token": "t2"})
    assert secrets.of("whatsapp") == {"1": ChannelSecrets("t1", "a1", "v1")}
    secrets.write("whatsapp", "1", {"token": "t9"})
    assert secrets.of("whatsapp") == {"1": ChannelSecrets("t9", "a1", "v1")}
    assert secrets.kept("facebook", "2") == {"token"}
    assert secrets.kept("facebook", "3") == frozenset()


def test_it_is_encrypted_where_it_lies(secrets):
    """OPS-3"""
    secrets.write("instagram", "1", {"token": "t1"})
    found = aws("ssm").describe_parameters()["Parameters"]
    assert [(one["Name"], one["Type"]) for one in found] == [
        (f"{PREFIX}/instagram/1/token", "SecureString")
    ]


def test_what_is_deleted_is_gone_and_twice_is_fine(secrets):
    secrets.write("whatsapp", "1", {"token": "t1"})
    secrets.write("whatsapp", "2", {"token": "t2"})
    for _ in range(2):
        secrets.delete("whatsapp", "1")
    assert secrets.of("whatsapp") == {"2": ChannelSecrets("t2")}


def test_a_store_that_does_not_answer_says_nothing_of_what_was_written(secrets, monkeypatch):
    """OPS-3"""

    class Refusing:
        def put_parameter(self, **given):
            told = {"Error": {"Code": "ValidationException", "Message": str(given)}}
            raise ClientError(told, "PutParameter")

    monkeypatch.setattr(secrets, "_client", Refusing())
    with pytest.raises(errors.Unavailable) as caught:
        secrets.write("whatsapp", "1", {"token": HIDDEN})
    said = "".join(traceback.format_exception(caught.value))
    assert HIDDEN not in said
