"""General settings."""

import json

from chalicelib.commands import settings
from chalicelib.queries import administration
from chalicelib.stores.tables import AuditRow
from tests.builders import agent


def test_what_was_never_set_stands_at_its_default(world):
    """READ-1"""
    assert administration.settings() == {"read_receipts": False}


def test_a_change_is_kept_and_audited_once(world):
    """READ-1"""
    for _ in range(2):
        assert settings.save(world, agent("ana"), {"read_receipts": True}) == {
            "read_receipts": True
        }
    assert administration.settings() == {"read_receipts": True}
    (row,) = AuditRow.query("AUDIT#2026-11")
    assert (row.what, row.by, json.loads(row.details)) == (
        "settings_changed",
        "ana",
        {"read_receipts": True},
    )
    settings.save(world, agent("ana"), {"read_receipts": False})
    assert administration.settings() == {"read_receipts": False}


def test_two_who_change_it_at_once_are_audited_as_it_happened(world, monkeypatch):
    """READ-1"""
    commit = settings.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(settings, "commit_rows", commit)
        settings.save(world, agent("beto"), {"read_receipts": True})
        commit(*writes)

    monkeypatch.setattr(settings, "commit_rows", commit_after_the_other)
    settings.save(world, agent("ana"), {"read_receipts": True})
    assert [row.by for row in AuditRow.query("AUDIT#2026-11")] == ["beto"]
