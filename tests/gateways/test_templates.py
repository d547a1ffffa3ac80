"""The templates of an account: asked for with the token of now, and refused in two ways."""

import pytest

from chalicelib.domain import errors
from chalicelib.domain.delivery import NotSent, Refused
from chalicelib.domain.inbound import Failure
from chalicelib.gateways.meta.templates import every
from chalicelib.gateways.secrets import ChannelSecrets
from tests.builders import ACCOUNT, PORTFOLIO

RETOMAR = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Oi"}],
}


class Kept:
    """Secrets of which this process keeps an old token."""

    def __init__(self, kept, now):
        self.kept, self.now = kept, now

    def of(self, channel, *, mismatch=False):
        assert channel == "whatsapp"
        token = self.now if mismatch else self.kept
        return {} if token is None else {ACCOUNT: ChannelSecrets(token)}


class Meta:
    """Which tokens it knows, and which it was shown."""

    def __init__(self, *good, failing=None):
        self.good, self.failing, self.shown = good, failing, []

    def __call__(self, token):
        self.shown.append(token)
        return self

    def templates(self, portfolio):
        assert portfolio == PORTFOLIO
        if self.failing is not None:
            raise self.failing
        if self.shown[-1] not in self.good:
            raise Refused(Failure(190, "no"))
        return [RETOMAR, {**RETOMAR, "status": "PAUSED"}]


def asked(secrets, meta):
    return [one["status"] for one in every(secrets, meta, ACCOUNT, PORTFOLIO)]


@pytest.mark.parametrize(
    ("kept", "now", "shown"),
    [
        ("good", "good", ["good"]),
        ("old", "good", ["old", "good"]),
        (None, "good", ["good"]),
        ("", "good", ["good"]),
    ],
)
def test_a_token_that_was_replaced_is_fetched_anew(kept, now, shown):
    """INB-10: whoever pasted a new one does not wait until the old one is forgotten."""
    meta = Meta("good")
    assert asked(Kept(kept, now), meta) == ["APPROVED", "PAUSED"]  # whatever their status
    assert meta.shown == shown


@pytest.mark.parametrize(("kept", "now"), [("old", "old"), ("old", "older"), (None, None)])
def test_a_dead_token_is_told(kept, now):
    """INB-10"""
    with pytest.raises(errors.ChannelUnavailable) as caught:
        asked(Kept(kept, now), Meta("good"))
    assert caught.value.fields == {"problem": "token_invalid"}


def test_what_is_not_the_tokens_fault_is_not_tried_again():
    meta = Meta("good", failing=NotSent("ConnectError"))
    with pytest.raises(errors.Unavailable):
        asked(Kept("good", "better"), meta)
    assert meta.shown == ["good"]
