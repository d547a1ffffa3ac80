"""The support code: RFC 6238 in steps of four hours, and both sides of every boundary."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from chalicelib.domain.support_code import GRACE, STEP, accepted, changes_at, code, truncated

SECRET = "one agency's own"
BOUNDARY = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, 46119246),
        (1111111109, 68084774),
        (1111111111, 67062674),
        (1234567890, 91819424),
        (2000000000, 90698825),
        (20000000000, 77737706),
    ],
)
def test_it_is_the_algorithm_of_the_rfc(seconds, expected):
    """CODE-2: RFC 6238, appendix B, the rows of SHA256."""
    secret = b"12345678901234567890123456789012"
    digest = hmac.digest(secret, (seconds // 30).to_bytes(8), sha256)
    assert truncated(digest) % 10**8 == expected


@pytest.mark.parametrize("hour", range(0, 24, 4))
def test_a_code_lasts_four_hours_from_midnight_utc(hour):
    """CODE-1"""
    begins = BOUNDARY.replace(hour=hour)
    ends = begins + STEP
    assert code(SECRET, begins) == code(SECRET, ends - MOMENT)
    assert code(SECRET, begins - MOMENT) != code(SECRET, begins)
    assert code(SECRET, ends - MOMENT) != code(SECRET, ends)
    assert changes_at(begins) == changes_at(ends - MOMENT) == ends


@pytest.mark.parametrize(
    ("after", "old", "new"),
    [
        (-MOMENT, True, False),
        (timedelta(0), True, True),
        (GRACE - MOMENT, True, True),
        (GRACE, False, True),
        (STEP - MOMENT, False, True),
        (STEP, False, True),
        (STEP + GRACE, False, False),
    ],
)
def test_the_previous_code_is_accepted_for_five_minutes(after, old, new):
    """CODE-2"""
    previous, current = code(SECRET, BOUNDARY - MOMENT), code(SECRET, BOUNDARY)
    now = BOUNDARY + after
    assert (accepted(previous, SECRET, now), accepted(current, SECRET, now)) == (old, new)


def test_a_year_of_codes_is_six_digits_each_and_of_one_agency_alone():
    """CODE-1 OPS-2"""
    at = [BOUNDARY + STEP * number for number in range(6 * 365)]
    codes = [code(SECRET, now) for now in at]
    assert all(len(one) == 6 and one.isdigit() for one in codes)
    assert len(set(codes)) > len(codes) * 0.99
    assert sum(accepted(one, "another's", now) for one, now in zip(codes, at, strict=True)) < 3


@pytest.mark.parametrize("given", ["", "12345", "١٢٣٤٥٦", "😀", "x" * 1000])
def test_what_is_no_code_is_not_accepted(given):
    """CODE-2"""
    assert not accepted(given, SECRET, BOUNDARY)
