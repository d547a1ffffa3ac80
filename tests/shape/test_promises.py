"""Every rule said to be done has a test that carries it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What the issues so far have delivered.
DONE = """
INB-1 INB-2 INB-3 INB-4 INB-5 INB-6 INB-7 INB-8 INB-9 INB-10 INB-11
SEND-1 SEND-2 SEND-3 SEND-4 SEND-5 SEND-6 SEND-7 SEND-8 SEND-9 SEND-10
SEND-11 SEND-12 SEND-13 SEND-14
CHAT-1 CHAT-2 CHAT-3 CHAT-4 CHAT-5 CHAT-6 CHAT-7 CHAT-8 CHAT-9
LIVE-1 LIVE-2 LIVE-3 LIVE-4 LIVE-5
TAB-1 TAB-2 TAB-3 TAB-4 TAB-5 TAB-6 TAB-7 TAB-8
FILT-1 SORT-1 SORT-2 SORT-3 SORT-4 FIND-1 FIND-2
NEW-1 NEW-2 NEW-3 NEW-4 NEW-5
ROW-1 ROW-2 ROW-3 ROW-4 ROW-6 ROW-7
READ-1 READ-2
SES-1 SES-2
ROUTE-1 ROUTE-2 ROUTE-3 ROUTE-4 ROUTE-5 ROUTE-6 ROUTE-7 ROUTE-8 ROUTE-9
INFO-1 INFO-2 INFO-3 INFO-4 INFO-5 INFO-7 INFO-9
CLOSE-1 CLOSE-4 CLOSE-6 CLOSE-7
BLOCK-1 BLOCK-2 BLOCK-3
PERM-1 PERM-2 PERM-3
CODE-1 CODE-2
ADM-3 ADM-4
OPS-1 OPS-3
"""


def every_test():
    """Every test's text: Python's, and the page's."""
    python = (ROOT / "tests").rglob("test_*.py")
    page = (ROOT / "web" / "src").rglob("*.test.ts*")
    here = Path(__file__)
    return "\n".join(file.read_text(encoding="utf-8") for file in [*python, *page] if file != here)


CARRIED = set(re.findall(r"\b[A-Z]+-[0-9]+\b", every_test()))


@pytest.mark.parametrize("rule", DONE.split())
def test_a_rule_that_is_done_is_carried_by_a_test(rule):
    assert rule in CARRIED
