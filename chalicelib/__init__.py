"""Atendente's server: what ships to Lambda."""
