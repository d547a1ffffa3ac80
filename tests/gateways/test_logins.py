"""The user pool: made, shut and opened, on moto's Cognito with the template's own properties."""

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.gateways.logins import Logins
from infra.resources import login as described
from tests.fakes import REGION, aws

GIVEN = ("UsernameAttributes", "UsernameConfiguration", "AutoVerifiedAttributes", "Policies")
PASSWORD = "Atendente2026"


@pytest.fixture
def pool(monkeypatch):
    """The id of an empty pool."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        properties = described()["UserPool"]["Properties"]
        given = {name: properties[name] for name in (*GIVEN, "AdminCreateUserConfig")}
        yield aws("cognito-idp").create_user_pool(PoolName="agents", **given)["UserPool"]["Id"]


@pytest.fixture
def logins(pool):
    """Its gateway."""
    return Logins(pool, REGION)


def enters(pool, email):
    """They chose a password."""
    aws("cognito-idp").admin_set_user_password(
        UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True
    )


def test_an_invitation_makes_a_login(logins, pool):
    """ADM-1 PERM-3"""
    made = logins.invite("ana@example.com", "Ana")
    assert (made.invited, made.enabled) == (True, True)
    assert logins.find("ana@example.com") == made
    told = aws("cognito-idp").admin_get_user(UserPoolId=pool, Username="ana@example.com")
    attributes = {one["Name"]: one["Value"] for one in told["UserAttributes"]}
    assert attributes["sub"] == made.sub
    assert (attributes["name"], attributes["email_verified"]) == ("Ana", "true")
    enters(pool, "ana@example.com")
    assert not logins.find("ana@example.com").invited


def test_a_login_that_is_there_is_found(logins, pool):
    """ADM-1: an invitation that broke off is finished."""
    made = logins.invite("ana@example.com", "Ana")
    assert logins.invite("ana@example.com", "Outra") == made


def test_every_login_is_listed_page_by_page(logins, pool, monkeypatch):
    """ADM-1"""
    monkeypatch.setattr("chalicelib.gateways.logins.PAGE", 2)
    made = [logins.invite(f"a{number}@example.com", "A") for number in range(5)]
    enters(pool, "a3@example.com")
    listed = logins.every()
    assert listed.keys() == {one.sub for one in made}
    assert [listed[one.sub].invited for one in made] == [True, True, True, False, True]


def test_a_login_is_shut_and_opened_twice(logins, pool):
    """PERM-3"""
    logins.invite("ana@example.com", "Ana")
    for _ in range(2):
        logins.shut("ana@example.com")
        assert not logins.find("ana@example.com").enabled
    for _ in range(2):
        logins.open("ana@example.com")
        assert logins.find("ana@example.com").enabled


def test_a_login_is_renamed(logins, pool):
    """ADM-4"""
    logins.invite("ana@example.com", "Ana")
    logins.rename("ana@example.com", "Ana Souza")
    told = aws("cognito-idp").admin_get_user(UserPoolId=pool, Username="ana@example.com")
    assert {"Name": "name", "Value": "Ana Souza"} in told["UserAttributes"]


def test_what_is_not_there_is_an_error(logins):
    """PERM-3: never taken for somebody who has entered."""
    with pytest.raises(ClientError):
        logins.find("nobody@example.com")
    with pytest.raises(ClientError):
        logins.shut("nobody@example.com")
