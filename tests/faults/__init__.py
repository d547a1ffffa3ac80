"""Killed at every call, told twice, told in another order: the desk ends as if nothing happened."""
