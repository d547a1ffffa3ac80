"""General settings."""

import json

import pytest

from chalicelib.commands import settings
from chalicelib.queries import administration
from chalicelib.queries.me import me
from chalicelib.stores import preferences
from chalicelib.stores.tables import AuditRow
from tests.builders import agent, join

DEFAULTS = {
    "read_receipts": False,
    "audio_confirmation": False,
    "name_prefix": False,
    "human_agent": False,
    "chatbot": False,
    "main_flow_id": None,
    "closing_flow_id": None,
    "auto_close": False,
    "session_farewell": "",
    "chatbot_since": None,
}
ON_PAGES = ("audio_confirmation", "name_prefix", "human_agent")


def test_what_was_never_set_stands_at_its_default(world):
    """READ-1 SEND-8 SEND-10 SEND-14"""
    assert administration.settings() == DEFAULTS


def test_a_change_is_kept_and_audited_once(world):
    """READ-1"""
    wanted = {**DEFAULTS, "read_receipts": True}
    for _ in range(2):
        assert settings.save(world, agent("ana"), wanted) == wanted
    assert administration.settings() == wanted
    (row,) = AuditRow.query("AUDIT#2026-11")
    assert (row.what, row.by, json.loads(row.details)) == (
        "settings_changed",
        "ana",
        {"read_receipts": True},
    )
    settings.save(world, agent("ana"), DEFAULTS)
    assert administration.settings() == DEFAULTS


@pytest.mark.parametrize("name", ON_PAGES)
def test_every_page_follows_what_concerns_it(world, stream, name):
    """SEND-8 SEND-10 SEND-14: `/me` says so, and is fetched anew."""
    ana = join(agent("ana"))
    stream.records()
    settings.save(world, ana, {**DEFAULTS, name: True})
    kinds = [record["dynamodb"]["NewImage"]["cls"]["S"] for record in stream.records()]
    assert "settings" in kinds
    expected = {one: one == name for one in ON_PAGES} | {"chatbot_since": None}
    assert me(world, ana)["settings"] == expected
    assert preferences.load() == {**DEFAULTS, name: True}


def test_two_who_change_it_at_once_are_audited_as_it_happened(world, monkeypatch):
    """READ-1"""
    commit = settings.commit_rows
    wanted = {**DEFAULTS, "read_receipts": True}

    def commit_after_the_other(*writes):
        monkeypatch.setattr(settings, "commit_rows", commit)
        settings.save(world, agent("beto"), wanted)
        commit(*writes)

    monkeypatch.setattr(settings, "commit_rows", commit_after_the_other)
    settings.save(world, agent("ana"), wanted)
    assert [row.by for row in AuditRow.query("AUDIT#2026-11")] == ["beto"]


def test_who_changes_one_setting_leaves_another_to_who_changes_that(world, monkeypatch):
    """ADM-1: at the same instant, too."""
    commit = settings.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(settings, "commit_rows", commit)
        settings.save(world, agent("beto"), {"name_prefix": True})
        commit(*writes)

    monkeypatch.setattr(settings, "commit_rows", commit_after_the_other)
    both = {**DEFAULTS, "name_prefix": True, "read_receipts": True}
    assert settings.save(world, agent("ana"), {"read_receipts": True}) == both
    assert administration.settings() == both
    changed = [json.loads(row.details) for row in AuditRow.query("AUDIT#2026-11")]
    assert changed == [{"name_prefix": True}, {"read_receipts": True}]
