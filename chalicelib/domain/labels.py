"""What tags look like: colours by name, so that each theme can show them legibly (INFO-5)."""

from __future__ import annotations

COLORS = ("red", "orange", "yellow", "green", "teal", "blue", "violet", "gray")
